"""Rules that need more than one row: the calendar, units of measure, receipts and their orders."""

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract import calendar
from features.contract.tables import KEYS
from features.demand.succession import in_circle, named
from features.quality.rules import Draft
from features.quality.units import demand_spikes, price_jumps

_FAR = pd.Timedelta(days=3 * 366)
"""A gap in the dates of all SKUs beyond which the few rows on its far side are typing errors."""


def check_isolated_dates(demand: Draft) -> None:
    """At most one row in a hundred, years away from all others: `ds` has a wrong year.

    Left in, one such row would stretch every series over the gap.
    """
    ds = demand.frame["ds"]
    codes, days = pd.factorize(ds, sort=True)
    if len(days) < 2:
        return
    below = np.cumsum(np.bincount(codes[codes >= 0], minlength=len(days)))
    few = 0.01 * below[-1]
    far = np.flatnonzero(np.diff(days) > _FAR.to_timedelta64())
    first = max((int(i) + 1 for i in far if below[i] <= few), default=0)
    last = min((int(i) for i in far if below[-1] - below[i] <= few), default=len(days) - 1)
    demand.add(
        (codes >= 0) & ((codes < first) | (codes > last)),
        "ds lies near the other dates",
        lambda row: (
            f"ds is {ds.iloc[row]:%Y-%m-%d}, years away from all other rows "
            f"({days[first]:%Y-%m-%d} to {days[last]:%Y-%m-%d}); correct the year"
        ),
    )


def check_units(drafts: dict[str, Draft]) -> None:
    """Rows that beyond doubt count in another unit of measure than their neighbours.

    Demand: a single row ×1000 its steady neighbours (×100 happens: a deep price cut did that to orange juice).
    Orders: quantity and unit price moved in opposite directions by the same ×10, ×12, …
    What only looks like it becomes a trust warning.
    """
    demand = drafts["demand"]
    rows = np.flatnonzero(demand.good)
    rows = rows[np.argsort(demand.key[rows], kind="stable")]
    factor = np.full(len(demand.frame), np.nan)
    factor[rows] = demand_spikes(demand.frame[["unique_id", "y"]].iloc[rows])
    demand.add(
        factor >= 1000,
        "y is in the unit of its neighbours",
        lambda row: (
            f"y is {demand.value(row, 'y')}, about ×{factor[row]:g} the rows around it; convert the unit"
        ),
    )
    orders = drafts.get("purchase_orders")
    if orders is None or not {"unit_price", "quantity_ordered"} <= set(orders.raw.frame.columns):
        return
    good = np.flatnonzero(orders.good)
    needed = ["supplier_id", "unique_id", "unit_price", "quantity_ordered"]
    times, both = price_jumps(orders.frame[needed].iloc[good].reset_index(drop=True))
    jump = np.full(len(orders.frame), np.nan)
    jump[good[both]] = times[both]
    orders.add(
        ~np.isnan(jump),
        "quantity and price are in the unit of the other orders",
        lambda row: (
            f"quantity_ordered is {orders.value(row, 'quantity_ordered')} at {orders.value(row, 'unit_price')}, off "
            f"the other orders by ×{jump[row]:g} in opposite directions; convert both to the SKU's own unit"
        ),
    )


def check_calendar(demand: Draft, data: DataConfig) -> str:
    """Frequency of the demand periods; rows off the calendar are noted.

    Raises
    ------
    DataError
        When the dates follow no calendar.
    """
    check_isolated_dates(demand)
    ds = demand.frame["ds"]
    freq = data.freq or calendar.infer_freq(ds[demand.good & demand.frame["y"].notna().to_numpy()])
    expected = calendar.start_name(freq)
    off = ~calendar.starts_period(ds, freq) & ds.notna().to_numpy()
    demand.add(
        off,
        f"ds starts a period of {freq}",
        lambda row: f"ds is {ds.iloc[row]:%Y-%m-%d}, a {ds.iloc[row]:%A}, expected {expected}",
    )
    return freq


def check_receipts(drafts: dict[str, Draft]) -> None:
    """A receipt belongs to a good order line and does not precede it."""
    receipts = drafts["receipts"]
    key = list(KEYS["purchase_orders"])
    orders = drafts.get("purchase_orders")
    if orders is None:
        return
    rows = receipts.frame[key]
    known = orders.frame.assign(
        good=orders.good | orders.unseen, source_line=orders.raw.source_line
    ).drop_duplicates(key)
    matched = rows.merge(known[[*key, "ordered_at", "good", "source_line"]], "left", on=key)
    named = rows.notna().all(axis=1).to_numpy()
    receipts.add(
        matched["source_line"].isna().to_numpy() & named,
        "the receipt's order line exists",
        lambda row: (
            f"no order_id {rows.iloc[row, 0]} line {rows.iloc[row, 1]} in {orders.raw.origin}; add it"
        ),
    )
    receipts.add(
        (matched["good"] == False).to_numpy() & named,  # noqa: E712 - NaN where unmatched
        "the receipt's order line is good",
        lambda row: (
            f"its order is in quarantine ({orders.raw.origin} row {int(matched['source_line'].iloc[row])}); "
            "correct it there"
        ),
    )
    receipts.add(
        (receipts.frame["received_at"].to_numpy() < matched["ordered_at"].to_numpy()),
        "received_at is not before ordered_at",
        lambda row: (
            f"received_at is {receipts.frame['received_at'].iloc[row]:%Y-%m-%d}, before ordered_at "
            f"{matched['ordered_at'].iloc[row]:%Y-%m-%d}; correct one of the two"
        ),
    )


def check_replaces(drafts: dict[str, Draft]) -> None:
    """An item replaces other SKUs that exist, and through them never itself."""
    items = drafts["items"]
    if "replaces" not in items.raw.frame.columns:
        return
    frame = items.frame
    known = {*frame["unique_id"].dropna(), *drafts["demand"].frame["unique_id"].dropna()}
    old = pd.Series(named(frame["replaces"], known))
    strangers = old.map(lambda ids: [name for name in ids if name not in known])
    items.add(
        strangers.map(bool).to_numpy(bool),
        "replaces names a SKU of items or demand",
        lambda row: (
            f"replaces is {items.value(row, 'replaces')}, but no SKU {strangers[row][0]} is in items or demand; "
            "correct the id, or leave replaces empty"
        ),
    )
    pairs = pd.DataFrame({"old": old, "new": frame["unique_id"]}).explode("old").dropna()
    codes, _ = pd.factorize(pd.concat([pairs["old"], pairs["new"]]))
    circle = in_circle(codes[: len(pairs)], codes[len(pairs) :])
    inside = np.isin(np.arange(len(frame)), pairs.index[circle])
    items.add(
        inside,
        "replaces leads to no circle",
        lambda row: (
            f"replaces is {items.value(row, 'replaces')}, through which {frame['unique_id'].iloc[row]} replaces "
            "itself; leave replaces empty in the row of the older SKU"
        ),
    )
