"""Supplier scorecards: punctuality, lead times, fill and defect rates, prices and rank, each with how sure it is."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.lead_time.changes.detect import detect_changes
from suppliers.confidence_intervals import (
    effective_count,
    linear_trend,
    mean_interval,
    shrunk_share,
    yearly_trend,
)
from suppliers.recent_rates import recent_rates
from suppliers.scorecard_lines import first_promises_lost, scorecard_lines

SCORECARD_COLUMNS = [
    "supplier_id", "name", "region", "rank", "score",
    "orders", "order_count", "open_orders", "late_open_orders", "cancelled_lines",
    "promised", "on_time_rate", "on_time_shrunk", "on_time_low", "on_time_high",
    "promise_error", "promise_error_low", "promise_error_high", "promise_error_sd",
    "promise_error_trend", "promise_error_trend_low", "promise_error_trend_high",
    "contracted", "contract_rate", "contract_shrunk", "contract_low", "contract_high",
    "lead_time_mean", "lead_time_mean_low", "lead_time_mean_high", "lead_time_sd", "lead_time_p50", "lead_time_p90",
    "lead_time_trend", "lead_time_trend_low", "lead_time_trend_high", "state", "since", "flagged_at", "shift",
    "spread",
    "promised_days", "fill_rate", "fill_rate_shrunk", "fill_rate_low", "fill_rate_high",
    "defect_rate", "defect_rate_shrunk", "defect_rate_low", "defect_rate_high",
    "expedites", "expedite_response", "deliveries_a_month",
    "price_trend", "price_trend_low", "price_trend_high", "priced", "price_compliance",
    "spend", "average_order_value", "average_order_quantity", "last_ordered_at",
]  # fmt: skip
"""Of the scorecard; see `docs/files.md` for what each says."""

_COUNTS = ["orders", "order_count", "open_orders", "cancelled_lines", "promised", "contracted", "priced"]
_MONTH = 365.25 / 12
_PROMISE_MEASURES = (
    "on_time_rate",
    "late_open_orders",
    "promised_days",
    "promise_error",
    "promise_error_sd",
    "promise_error_trend",
)
_NEEDS = {
    "promised_at": _PROMISE_MEASURES,
    "quantity_received": ("fill_rate",),
    "quantity_rejected": ("defect_rate",),
    "expedited": ("expedites", "expedite_response"),
    "unit_price": ("spend", "average_order_value", "price_trend", "price_compliance"),
}


@dataclass(frozen=True)
class Scorecard:
    """Scorecards of all suppliers.

    Attributes
    ----------
    table : a row a supplier, `SCORECARD_COLUMNS`, the one with the largest spend first; NaN is "not known"
    flags : a row each time a supplier was flagged as changed, as `models.lead_time.changes.detect.HISTORY_COLUMNS`
    recent : by supplier_id the rates of the last months beside those of before, as `recent_rates`
    not_measured : measure → why no supplier has it
    """

    table: pd.DataFrame
    flags: pd.DataFrame
    recent: pd.DataFrame
    not_measured: dict[str, str] = field(default_factory=dict)


def scorecard(
    orders: pd.DataFrame,
    purchase_orders: pd.DataFrame,
    suppliers: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> Scorecard:
    """Scorecard of every supplier that is in `suppliers` or was ordered from, as of `as_of`.

    Parameters
    ----------
    orders : frame of `features.orders.order_history.order_history` at `as_of`
    purchase_orders, suppliers, offers : tables of the data contract
    """
    unmeasured = _not_measured(orders, purchase_orders, offers)
    lines = scorecard_lines(orders, purchase_orders, offers, as_of)
    card = _sums(lines)
    card = card.join(_rates(lines, card)).join(_trends(lines, card)).join(_deliveries_and_sizes(lines))
    changes = detect_changes(orders)
    card = card.join(
        changes.now.set_index("supplier_id")[["state", "since", "flagged_at", "shift", "spread"]]
    )
    facts = suppliers.drop_duplicates("supplier_id").set_index("supplier_id")
    card = card.reindex(card.index.union(facts.index))
    card[_COUNTS] = card[_COUNTS].fillna(0.0)
    money = ["spend", "expedites", "late_open_orders"]
    card[money] = card[money].astype(float).fillna(0.0)
    card["state"] = card["state"].fillna("")
    card["name"], card["region"] = (facts[c].reindex(card.index).fillna("") for c in ("name", "region"))
    for measure in unmeasured:
        _blank_measure(card, measure)
    card = _score_and_rank(card)
    card = card.rename_axis("supplier_id").reset_index()
    card = card.sort_values(["spend", "supplier_id"], ascending=[False, True], ignore_index=True)
    recent = recent_rates(lines, promises_lost=first_promises_lost(orders, purchase_orders))
    return Scorecard(card[SCORECARD_COLUMNS], changes.history, recent, unmeasured)


def _not_measured(
    orders: pd.DataFrame, purchase_orders: pd.DataFrame, offers: pd.DataFrame
) -> dict[str, str]:
    """Scorecard measure → why no supplier has it: what the tables lack, or what in them cannot be believed."""
    reasons = {
        measure: f"purchase_orders has no {column}"
        for column, measures in _NEEDS.items()
        if not _given(column, orders, purchase_orders)
        for measure in measures
    }
    if "on_time_rate" not in reasons and first_promises_lost(orders, purchase_orders):
        why = "promise dates were overwritten when goods arrived (see `purvey check`)"
        reasons |= dict.fromkeys(_PROMISE_MEASURES, why)
    if not orders["contract_days"].notna().any():
        reasons["contract_rate"] = "offers has no lead_time_days for what was ordered"
    if not offers["unit_price"].notna().any():
        reasons["price_compliance"] = "offers has no unit_price"
    return reasons


def _given(column: str, orders: pd.DataFrame, purchase_orders: pd.DataFrame) -> bool:
    """Whether a column of the scorecard's order lines has values; quantities received may be those of receipts."""
    receipts = column == "quantity_received" and column in orders
    return bool(purchase_orders[column].notna().any() or (receipts and orders[column].gt(0).any()))


def _sums(lines: pd.DataFrame) -> pd.DataFrame:
    """Counts, rates, lead times and spend by supplier, from the scorecard's order lines."""
    return lines.groupby("supplier_id").agg(
        orders=("order_id", "size"),
        order_count=("order_id", "nunique"),
        open_orders=("is_open", "sum"),
        late_open_orders=("late_open", "sum"),
        cancelled_lines=("cancelled", "sum"),
        promised=("on_time", "count"),
        on_time_rate=("on_time", "mean"),
        on_time_count=("on_time", "sum"),
        contracted=("in_contract", "count"),
        contract_rate=("in_contract", "mean"),
        in_contract_count=("in_contract", "sum"),
        lead_time_mean=("days", "mean"),
        lead_time_sd=("days", "std"),
        lead_time_p50=("days", "median"),
        lead_time_p90=("days", lambda days: days.quantile(0.9)),
        closed=("days", "count"),
        promised_days=("promised_days", "median"),
        promise_error=("promise_error", "mean"),
        promise_error_sd=("promise_error", "std"),
        judged=("promise_error", "count"),
        expedites=("expedited", "sum"),
        priced=("compliant", "count"),
        price_compliance=("compliant", "mean"),
        spend=("spend", "sum"),
        units=("quantity_ordered", "sum"),
        last_ordered_at=("ordered_at", "max"),
    )


def _rates(lines: pd.DataFrame, card: pd.DataFrame) -> pd.DataFrame:
    """Rates by supplier, shrunk and with their confidence intervals."""
    low, high = mean_interval(card["lead_time_mean"], card["lead_time_sd"], card["closed"])
    columns = pd.DataFrame(
        {"lead_time_mean_low": np.maximum(low, 0), "lead_time_mean_high": high}, card.index
    )
    low, high = mean_interval(card["promise_error"], card["promise_error_sd"], card["judged"])
    columns = columns.assign(promise_error_low=low, promise_error_high=high)
    for name, good, count in (
        ("on_time", "on_time_count", "promised"),
        ("contract", "in_contract_count", "contracted"),
    ):
        columns = columns.join(shrunk_share(card[good], card[count]).add_prefix(f"{name}_"))
    for name, top, bottom in (("fill_rate", "received", "ordered"), ("defect_rate", "rejected", "inspected")):
        sums = lines.groupby("supplier_id")[[top, bottom]].sum()
        rate = sums[top] / sums[bottom].where(sums[bottom] > 0)
        trials = effective_count(lines[top], lines[bottom], lines["supplier_id"])
        trials = trials.reindex(rate.index).fillna(0.0)
        share = shrunk_share((rate.clip(0, 1) * trials).fillna(0.0), trials).add_prefix(f"{name}_")
        columns = columns.join(share).assign(**{name: rate})
    return columns


def _trends(lines: pd.DataFrame, card: pd.DataFrame) -> pd.DataFrame:
    """Growth a year of lead times and prices, as shares, and of promises' errors, in days, by supplier.

    Lead times of orders young enough that slow ones are still open are left out: those received would be the quick.
    """
    slow = lines.groupby("supplier_id")["days"].quantile(0.95).reindex(lines["supplier_id"]).to_numpy()
    days = lines["days"].where(lines["age"].to_numpy() > slow)
    errors = lines["promise_error"]
    parts = {
        "lead_time_trend": yearly_trend(days, lines["years"], lines["supplier_id"]),
        "price_trend": yearly_trend(lines["price"], lines["years"], lines["supplier_id"]),
        "promise_error_trend": linear_trend(errors, lines["years"], lines["supplier_id"]),
    }
    columns = pd.DataFrame(index=card.index)
    for name, trend in parts.items():
        ends = {"trend": name, "low": f"{name}_low", "high": f"{name}_high"}
        columns = columns.join(trend.rename(columns=ends))
    return columns


def _deliveries_and_sizes(lines: pd.DataFrame) -> pd.DataFrame:
    """By supplier: deliveries_a_month, expedite_response (share of its time an expedited line saves), order sizes."""
    grouped = lines.groupby("supplier_id")
    arrived = lines.assign(day=lines["arrived"].dt.normalize()).groupby("supplier_id")["day"]
    span = (arrived.max() - arrived.min()) / pd.Timedelta(days=1)
    days = arrived.nunique()
    means = (
        lines.groupby(["supplier_id", "expedited"])["days"].mean().unstack().reindex(columns=[False, True])
    )
    sums = grouped[["spend", "quantity_ordered"]].sum()
    count = grouped["order_id"].nunique()
    return pd.DataFrame(
        {
            "deliveries_a_month": ((days - 1) / span.where(span > 0) * _MONTH).where(days >= 3),
            "expedite_response": 1 - means[True] / means[False],
            "average_order_value": (sums["spend"] / count).where(sums["spend"] > 0),
            "average_order_quantity": sums["quantity_ordered"] / count,
        }
    )


def _blank_measure(card: pd.DataFrame, measure: str) -> None:
    """Make a measure of the scorecard unknown, with its interval: a zero would be a claim."""
    stem = measure.removesuffix("_rate") if measure in ("on_time_rate", "contract_rate") else measure
    for name in (measure, *(f"{stem}_{end}" for end in ("shrunk", "low", "high"))):
        if name in card:
            card[name] = np.nan
    if measure in _PROMISE_MEASURES[:1]:
        card["promised"] = 0.0


def _score_and_rank(card: pd.DataFrame) -> pd.DataFrame:
    """The scorecard with `score` and `rank` by it: what suppliers have shown with 95 % certainty, not by three orders.

    The perfect order rate, 0 … 100: punctual (by first promise, where that is not known by contract) × complete ×
    without defects, each at the worse end of its interval; a part that is not known is left out. NaN where
    punctuality is not known.
    """
    punctual = card["on_time_low"].fillna(card["contract_low"])
    complete, sound = card["fill_rate_low"].fillna(1.0), 1 - card["defect_rate_high"].fillna(0.0)
    score = 100 * punctual * complete * sound
    return card.assign(score=score, rank=score.rank(ascending=False, method="min"))
