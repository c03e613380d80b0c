"""Order lines of the supplier scorecard: what each contributes to the rates, NaN where it says nothing."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.orders.order_history import arrived_at
from features.quality.warnings.order_warnings import overwritten_promises

_DAY = pd.Timedelta(days=1)
_YEAR = 365.25 * _DAY
_PRICE_SLACK = 1.005  # a price within half a percent of the contract's is the contract's
_REWRITTEN = 0.95
_OWN_MONEY = {"currency", "exchange_rate"}


def first_promises_lost(orders: pd.DataFrame, purchase_orders: pd.DataFrame) -> bool:
    """Whether the scorecard's order lines lost their first promises: these, or later ones, equal the day of receipt."""
    closed = orders[orders["lead_time"].notna()]
    closed = closed.assign(received_at=arrived_at(closed))
    if next(overwritten_promises(closed), None) is not None:
        return True
    repromised = purchase_orders[
        purchase_orders["repromised_at"].notna() & purchase_orders["received_at"].notna()
    ]
    first = purchase_orders["promised_at"].notna() & purchase_orders["received_at"].notna()
    # a later promise on every line is a column that the receipt fills in, first promises along with it
    filled_in = len(repromised) >= 20 and len(repromised) >= _REWRITTEN * first.sum()
    return bool(filled_in and (repromised["repromised_at"] == repromised["received_at"]).mean() >= _REWRITTEN)


def scorecard_lines(
    orders: pd.DataFrame, purchase_orders: pd.DataFrame, offers: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Order lines with the numerators and denominators of the scorecard's rates.

    Columns added: days, on_time, in_contract, received of ordered, rejected of inspected, spend, price, age, …
    """
    extra = [
        *({"quantity_received"} - set(orders.columns)),  # the history's knows of receipts, too
        "quantity_rejected",
        "expedited",
        *sorted(_OWN_MONEY & set(purchase_orders.columns)),
    ]
    receipts = purchase_orders.drop_duplicates(["order_id", "line"])[["order_id", "line", *extra]]
    lines = orders.drop(columns=extra, errors="ignore").merge(receipts, on=["order_id", "line"], how="left")
    closed = ~lines["is_open"].astype(bool)
    days, age = lines["duration"].where(closed), (as_of - lines["ordered_at"]) / _DAY
    never_came = lines.get("never_came", pd.Series(0.0, lines.index))
    cancelled = never_came == 1  # by whom is not known: it says nothing of the supplier
    usable = lines["duration"].notna()
    arrived = arrived_at(lines)
    to_receipt = np.fmin(days, (arrived - lines["ordered_at"]) / _DAY)
    promise, contract = lines["promised_at"], lines["contract_days"]
    received = lines["quantity_received"].where(closed & ~cancelled)
    rejected = lines["quantity_rejected"].where(closed)
    return lines.assign(
        days=days,
        arrived=arrived,
        # judged once due, come or not: those received alone would be the quick ones
        on_time=(arrived <= promise).astype(float).where((promise <= as_of) & ~cancelled),
        in_contract=(to_receipt <= contract).astype(float).where(usable & (contract <= age)),
        promised_days=(promise - lines["ordered_at"]) / _DAY,
        promise_error=_promise_errors(lines.assign(arrived=arrived), as_of),
        late_open=~closed & arrived.isna() & (promise < as_of),
        cancelled=cancelled,
        # what one line brought too much does not fill another
        received=np.minimum(received, lines["quantity_ordered"]),
        ordered=lines["quantity_ordered"].where(received.notna()),
        rejected=rejected,
        inspected=received.where(rejected.notna()),
        expedited=lines["expedited"].fillna(value=False).astype(bool),
        spend=lines["quantity_ordered"] * (1 - never_came) * lines["unit_price"],
        years=(lines["ordered_at"] - as_of) / _YEAR,
        price=_relative_price(lines),
        compliant=_price_compliance(lines, offers, as_of),
        age=age,
    )


def _promise_errors(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Days from the first promise of each order line to its receipt, NaN where one is not known.

    Nor is it of lines promised so lately that slow ones may still be open: those received would be the quick. That is
    later than 95 of 100 of the supplier's lines missed their promise by.
    """
    error = (lines["arrived"] - lines["promised_at"]) / _DAY
    slow = error.groupby(lines["supplier_id"]).quantile(0.95).reindex(lines["supplier_id"]).clip(lower=0)
    due = (as_of - lines["promised_at"]) / _DAY
    return error.where(due.to_numpy() >= slow.to_numpy())


def _relative_price(lines: pd.DataFrame) -> pd.Series:
    """Unit price of each order line relative to its SKU's mean at the supplier: a change of mix is no price change."""
    mean_price = lines.groupby(["supplier_id", "unique_id"])["unit_price"].transform("mean")
    return (lines["unit_price"] / mean_price).replace([np.inf, -np.inf], np.nan)


def _price_compliance(lines: pd.DataFrame, offers: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """1 where a line's price is at most its contract's, 0 where above, NaN where no contract is in force."""
    known = offers[offers["unit_price"].notna()]
    started = known["valid_from"].isna() | (known["valid_from"] <= as_of)
    not_ended = known["valid_to"].isna() | (known["valid_to"] >= as_of)
    prices = known[started & not_ended].groupby(["supplier_id", "unique_id"])
    price, start = prices["unit_price"].max(), prices["valid_from"].max()
    pairs = pd.MultiIndex.from_frame(lines[["supplier_id", "unique_id"]])
    contract_price = price.reindex(pairs).to_numpy(float) * _rate_then(
        lines, known[started & not_ended], pairs
    )
    valid_from = pd.Series(start.reindex(pairs).to_numpy(), index=lines.index)
    covered = (
        ~np.isnan(contract_price)
        & lines["unit_price"].notna()
        & (valid_from.isna() | (lines["ordered_at"] >= valid_from))
    )
    return (lines["unit_price"] <= contract_price * _PRICE_SLACK).astype(float).where(covered)


def _rate_then(lines: pd.DataFrame, offers: pd.DataFrame, pairs: pd.MultiIndex) -> Array:
    """Exchange rate of each order line's day over today's (n,), where line and offer are in the same currency, else 1.

    A contract kept in dollars is kept, whatever a dollar was worth on the day of the order.
    """
    if not (set(lines.columns) >= _OWN_MONEY and set(offers.columns) >= _OWN_MONEY):
        return np.ones(len(lines))
    today = offers.drop_duplicates(["supplier_id", "unique_id"], keep="last")
    today = today.set_index(["supplier_id", "unique_id"])[["currency", "exchange_rate"]].reindex(pairs)
    same = today["currency"].to_numpy(object) == lines["currency"].to_numpy(object)
    return np.where(
        same, lines["exchange_rate"].to_numpy(float) / today["exchange_rate"].to_numpy(float), 1.0
    )
