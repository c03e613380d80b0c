"""Order lines of the supplier scorecard: what each contributes to the rates, NaN where it says nothing."""

import numpy as np
import pandas as pd

from features.quality.warnings.order_warnings import overwritten_promises

_DAY = pd.Timedelta(days=1)
_YEAR = 365.25 * _DAY
_PRICE_SLACK = 1.005  # a price within half a percent of the contract's is the contract's
_REWRITTEN = 0.95


def first_promises_lost(orders: pd.DataFrame, purchase_orders: pd.DataFrame) -> bool:
    """Whether the scorecard's order lines lost their first promises: these, or later ones, equal the day of receipt."""
    closed = orders[orders["lead_time"].notna()]
    closed = closed.assign(received_at=closed["ordered_at"] + pd.to_timedelta(closed["lead_time"], "D"))
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
    extra = ["quantity_received", "quantity_rejected", "expedited"]
    receipts = purchase_orders.drop_duplicates(["order_id", "line"])[["order_id", "line", *extra]]
    lines = orders.drop(columns=extra, errors="ignore").merge(receipts, on=["order_id", "line"], how="left")
    closed = ~lines["is_open"].astype(bool)
    days, age = lines["duration"].where(closed), (as_of - lines["ordered_at"]) / _DAY
    usable = lines["duration"].notna()
    arrived = lines["ordered_at"] + pd.to_timedelta(lines["lead_time"], unit="D")
    promise, contract = lines["promised_at"], lines["contract_days"]
    received, rejected = lines["quantity_received"].where(closed), lines["quantity_rejected"].where(closed)
    return lines.assign(
        days=days,
        arrived=arrived.where(closed),
        # judged once due, come or not: those received alone would be the quick ones
        on_time=(arrived <= promise).astype(float).where(promise <= as_of),
        in_contract=(days <= contract).astype(float).where(usable & (contract <= age)),
        promised_days=(promise - lines["ordered_at"]) / _DAY,
        late_open=~closed & (promise < as_of),
        received=received,
        ordered=lines["quantity_ordered"].where(received.notna()),
        rejected=rejected,
        inspected=received.where(rejected.notna()),
        expedited=lines["expedited"].fillna(value=False).astype(bool),
        spend=lines["quantity_ordered"] * lines["unit_price"],
        years=(lines["ordered_at"] - as_of) / _YEAR,
        price=_relative_price(lines),
        compliant=_price_compliance(lines, offers, as_of),
        age=age,
    )


def _relative_price(lines: pd.DataFrame) -> pd.Series:
    """Unit price of each order line relative to its SKU's mean at the supplier: a change of mix is no price change."""
    mean_price = lines.groupby(["supplier_id", "unique_id"])["unit_price"].transform("mean")
    return (lines["unit_price"] / mean_price).replace([np.inf, -np.inf], np.nan)


def _price_compliance(lines: pd.DataFrame, offers: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """1 where a line's price is at most its contract's, 0 where above, NaN where no contract is in force."""
    known = offers[offers["unit_price"].notna()]
    started = known["valid_from"].isna() | (known["valid_from"] <= as_of)
    not_ended = known["valid_to"].isna() | (known["valid_to"] >= as_of)
    price = known[started & not_ended].groupby(["supplier_id", "unique_id"])["unit_price"].max()
    start = known[started & not_ended].groupby(["supplier_id", "unique_id"])["valid_from"].max()
    pairs = pd.MultiIndex.from_frame(lines[["supplier_id", "unique_id"]])
    contract_price = price.reindex(pairs).to_numpy(float)
    valid_from = pd.Series(start.reindex(pairs).to_numpy(), index=lines.index)
    covered = (
        ~np.isnan(contract_price)
        & lines["unit_price"].notna()
        & (valid_from.isna() | (lines["ordered_at"] >= valid_from))
    )
    return (lines["unit_price"] <= contract_price * _PRICE_SLACK).astype(float).where(covered)
