"""The assessment as the tables that other programs read."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS, quantile_columns
from planning.assessment import Assessment
from planning.inputs import numbers
from planning.tables.reasons import CODES, reason_codes, reasons

QUANTILES = tuple(quantile_columns())


def plan_frame(assessment: Assessment) -> pd.DataFrame:
    """One row a SKU, those without an answer at the end with empty numbers and the reason why.

    Returns
    -------
    DataFrame
        unique_id, supplier_id, as_of, on_hand, on_order, cover (units of on_order that are likely to come in
        time), inventory_position, expected_lead_time_demand, safety_stock, reorder_point, order_up_to,
        order_quantity, order_by (last safe day to order, NaT where none is foreseen), stockout_probability
        (before an order placed now can arrive), expected_shortage (units of demand that find no stock until
        then), stockout_date (likelier than not by then, if nothing is ordered),
        expected_cost (holding and shortage, in money, of the review period this order decides), unit_price,
        reason, codes
    """
    terms, decision, as_of = assessment.terms, assessment.decision, assessment.setting.as_of
    codes = plan_codes(assessment)
    likely_out = np.where(decision.known, decision.projection.first_day(0.5), np.inf)
    frame = pd.DataFrame(
        {
            "unique_id": assessment.forecast.unique_ids,
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object),
            "as_of": as_of,
            "on_hand": decision.on_hand,
            "on_order": decision.on_order,
            "cover": decision.cover,
            "inventory_position": decision.inventory_position,
            "expected_lead_time_demand": terms.expected,
            "safety_stock": terms.safety_stock,
            "reorder_point": terms.reorder_point,
            "order_up_to": terms.order_up_to,
            "order_quantity": decision.quantity,
            "order_by": dates(as_of, decision.wait),
            "stockout_probability": decision.risk,
            "expected_shortage": decision.short,
            "stockout_date": dates(as_of, likely_out),
            "expected_cost": decision.cost,
            "unit_price": terms.costs.prices.price(np.nan_to_num(decision.quantity)),
            "reason": np.array(reasons(terms, decision, codes, assessment.setting), dtype=object),
            "codes": codes,
        }
    )
    return pd.concat([frame, _without_answer(assessment, frame)], ignore_index=True)


def day_texts(as_of: pd.Timestamp, days: Array) -> NDArray[np.object_]:
    """Days from `as_of` (n,) as texts such as 2026-03-09; `NaT` where infinite or unknown."""
    return np.datetime_as_string(dates(as_of, days), unit="D").astype(object)


def _without_answer(assessment: Assessment, like: pd.DataFrame) -> pd.DataFrame:
    missing = assessment.unanswered
    rows = like.iloc[:0].reindex(range(len(missing)))
    told = ("No plan: " + missing["reason"].map(CODES) + ".").to_numpy(object)
    return rows.assign(
        unique_id=missing["unique_id"].to_numpy(object), as_of=assessment.setting.as_of, reason=told,
        codes=missing["reason"].to_numpy(object),
    ).astype(like.dtypes)  # fmt: skip


def plan_codes(assessment: Assessment) -> NDArray[np.object_]:
    """Reason codes of each SKU, joined by `;`."""
    terms, decision, setting = assessment.terms, assessment.decision, assessment.setting
    quantity = np.nan_to_num(decision.quantity)
    need = np.where(quantity > 0, terms.order_up_to - decision.counted_position, 0.0)
    wanted = terms.limits.allowed(need)
    shelf = numbers(assessment.inputs.items, "shelf_life_days", assessment.forecast.unique_ids)
    sells = assessment.forecast.mean_until(
        terms.lead_time.mean() + np.nan_to_num(shelf), elapsed=setting.elapsed
    )
    overdue = np.bincount(assessment.pipeline.sku, assessment.pipeline.overdue, len(assessment.forecast)) > 0
    origin = {
        str(code): assessment.forecast.reason == code
        for code in np.unique(assessment.forecast.reason)
        if code
    }
    return reason_codes(
        {
            "late": decision.late,
            "no_stock": ~decision.known,
            "no_demand": terms.yearly_demand <= 0,
            "no_offer": ~terms.lanes["has_offer"].to_numpy(bool),
            "offer_impossible": terms.limits.impossible,
            "moq_binds": (quantity > 0) & (wanted > need + 1) & (wanted <= terms.limits.smallest),
            "maximum_binds": (quantity > 0) & (wanted < need - 1e-6),
            "price_break": quantity > wanted,
            "shelf_life_exceeded": (quantity > 0)
            & (decision.counted_position + quantity > sells)
            & (shelf > 0),
            "no_unit_cost": np.isnan(terms.costs.unit),
            "cost_target_unpriced": ~terms.targets.priced,
            "shortage_cost_implied": terms.costs.shortage_source == "implied",
            "overdue_order": overdue,
            **origin,
        }
    )


def lead_time_frame(assessment: Assessment) -> pd.DataFrame:
    """One row a lane: supplier_id, unique_id, chosen, mean, std, q0.05 … q0.95, source, n_orders."""
    terms = assessment.lanes
    levels = np.broadcast_to(BACKTEST_LEVELS, (len(terms.lanes), len(BACKTEST_LEVELS)))
    quantiles = pd.DataFrame(terms.lead_time.quantile(levels), columns=list(QUANTILES))
    chosen = np.zeros(len(terms.lanes), dtype=bool)
    chosen[assessment.chosen] = True
    head = terms.lanes[["supplier_id", "unique_id"]].assign(
        chosen=chosen, mean=terms.lead_time.mean(), std=terms.lead_time.std()
    )
    return pd.concat([head, quantiles, assessment.lane_sources[["source", "n_orders"]]], axis=1)


def dates(as_of: pd.Timestamp, days: Array) -> NDArray[np.datetime64]:
    """The day `days` (n,) after `as_of`, NaT where infinite or unknown."""
    whole = np.floor(np.where(np.isfinite(days), days, 0.0) + 1e-6).astype("timedelta64[D]")
    there = as_of.normalize().to_datetime64() + whole.astype("timedelta64[ns]")
    return np.where(np.isfinite(days), there, np.datetime64("NaT", "ns"))
