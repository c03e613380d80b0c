"""Cross-checks, rules that need more than one row: calendar, units of measure, receipts and orders, successions."""

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract import frequency
from features.contract.tables import KEYS
from features.demand.lifecycle.succession import in_cycle, replaced_ids
from features.quality.table_check import TableCheck
from features.quality.unit_of_measure import demand_spikes, price_jumps

_FAR = pd.Timedelta(days=3 * 366)
"""A gap in the dates of all SKUs beyond which the few rows on its far side are typing errors."""


def check_isolated_dates(demand: TableCheck) -> None:
    """Reject at most one row of demand in a hundred that lies years away from all others: `ds` has a wrong year.

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
    demand.reject(
        (codes >= 0) & ((codes < first) | (codes > last)),
        "ds lies near the other dates",
        lambda row: (
            f"ds is {ds.iloc[row]:%Y-%m-%d}, years away from all other rows "
            f"({days[first]:%Y-%m-%d} to {days[last]:%Y-%m-%d}); correct the year"
        ),
    )


def check_units(checks: dict[str, TableCheck]) -> None:
    """Reject rows that beyond doubt count in another unit of measure than their neighbours.

    Demand: a single row ×1000 its steady neighbours (×100 happens: a deep price cut did that to orange juice).
    Orders: quantity and unit price moved in opposite directions by the same ×10, ×12, …
    What only looks like it becomes a warning.
    """
    _check_demand_units(checks["demand"])
    if "purchase_orders" in checks:
        _check_order_units(checks["purchase_orders"])


def _check_demand_units(demand: TableCheck) -> None:
    """Reject single rows of demand that are ×1000 their steady neighbours."""
    rows = np.flatnonzero(demand.good)
    rows = rows[np.argsort(demand.key[rows], kind="stable")]
    factor = np.full(len(demand.frame), np.nan)
    factor[rows] = demand_spikes(demand.frame[["unique_id", "y"]].iloc[rows])
    demand.reject(
        factor >= 1000,
        "y is in the unit of its neighbours",
        lambda row: (
            f"y is {demand.value(row, 'y')}, about ×{factor[row]:g} the rows around it; convert the unit"
        ),
    )


def _check_order_units(orders: TableCheck) -> None:
    """Reject order lines whose quantity and unit price are off by the same factor in opposite directions."""
    if not {"unit_price", "quantity_ordered"} <= set(orders.raw.frame.columns):
        return
    good = np.flatnonzero(orders.good)
    needed = ["supplier_id", "unique_id", "unit_price", "quantity_ordered"]
    times, both = price_jumps(orders.frame[needed].iloc[good].reset_index(drop=True))
    jump = np.full(len(orders.frame), np.nan)
    jump[good[both]] = times[both]
    orders.reject(
        ~np.isnan(jump),
        "quantity and price are in the unit of the other orders",
        lambda row: (
            f"quantity_ordered is {orders.value(row, 'quantity_ordered')} at {orders.value(row, 'unit_price')}, off "
            f"the other orders by ×{jump[row]:g} in opposite directions; convert both to the SKU's own unit"
        ),
    )


def check_calendar(demand: TableCheck, data: DataConfig) -> str:
    """Settle the frequency of the demand periods, and reject rows of demand off their calendar.

    Raises
    ------
    DataError
        When the dates follow no calendar.
    """
    check_isolated_dates(demand)
    ds = demand.frame["ds"]
    freq = data.freq or frequency.infer_freq(ds[demand.good & demand.frame["y"].notna().to_numpy()])
    expected = frequency.describe_start(freq)
    off = ~frequency.starts_period(ds, freq) & ds.notna().to_numpy()
    demand.reject(
        off,
        f"ds starts a period of {freq}",
        lambda row: f"ds is {ds.iloc[row]:%Y-%m-%d}, a {ds.iloc[row]:%A}, expected {expected}",
    )
    return freq


def check_receipts(checks: dict[str, TableCheck]) -> None:
    """Reject receipts that do not belong to a good order line, or precede it."""
    receipts, orders = checks["receipts"], checks.get("purchase_orders")
    if orders is None:
        return
    key = list(KEYS["purchase_orders"])
    lines = orders.frame.assign(
        good=orders.good | orders.unseen, source_line=orders.raw.source_line
    ).drop_duplicates(key)
    matched = receipts.frame[key].merge(lines[[*key, "ordered_at", "good", "source_line"]], "left", on=key)
    _check_order_line(receipts, orders, matched)
    receipts.reject(
        (receipts.frame["received_at"].to_numpy() < matched["ordered_at"].to_numpy()),
        "received_at is not before ordered_at",
        lambda row: (
            f"received_at is {receipts.frame['received_at'].iloc[row]:%Y-%m-%d}, before ordered_at "
            f"{matched['ordered_at'].iloc[row]:%Y-%m-%d}; correct one of the two"
        ),
    )


def _check_order_line(receipts: TableCheck, orders: TableCheck, matched: pd.DataFrame) -> None:
    """Reject receipts whose order line does not exist or is in quarantine; `matched` has the line of each receipt."""
    key = receipts.frame[list(KEYS["purchase_orders"])]
    complete = key.notna().all(axis=1).to_numpy()
    receipts.reject(
        matched["source_line"].isna().to_numpy() & complete,
        "the receipt's order line exists",
        lambda row: f"no order_id {key.iloc[row, 0]} line {key.iloc[row, 1]} in {orders.raw.origin}; add it",
    )
    receipts.reject(
        (matched["good"] == False).to_numpy() & complete,  # noqa: E712 - NaN where unmatched
        "the receipt's order line is good",
        lambda row: (
            f"its order is in quarantine ({orders.raw.origin} row {int(matched['source_line'].iloc[row])}); "
            "correct it there"
        ),
    )


def check_replaces(checks: dict[str, TableCheck]) -> None:
    """Reject items that replace SKUs which do not exist, or through others themselves."""
    items = checks["items"]
    if "replaces" not in items.raw.frame.columns:
        return
    known = {*items.frame["unique_id"].dropna(), *checks["demand"].frame["unique_id"].dropna()}
    replaced = pd.Series(replaced_ids(items.frame["replaces"], known))
    unknown = replaced.map(lambda ids: [name for name in ids if name not in known])
    items.reject(
        unknown.map(bool).to_numpy(bool),
        "replaces names a SKU of items or demand",
        lambda row: (
            f"replaces is {items.value(row, 'replaces')}, but no SKU {unknown[row][0]} is in items or demand; "
            "correct the id, or leave replaces empty"
        ),
    )
    _check_cycles(items, replaced)


def _check_cycles(items: TableCheck, replaced: pd.Series) -> None:
    """Reject items that replace themselves through others; `replaced` has the ids that each row replaces."""
    frame = items.frame
    pairs = pd.DataFrame({"old": replaced, "new": frame["unique_id"]}).explode("old").dropna()
    codes, _ = pd.factorize(pd.concat([pairs["old"], pairs["new"]]))
    cycle = in_cycle(codes[: len(pairs)], codes[len(pairs) :])
    items.reject(
        np.isin(np.arange(len(frame)), pairs.index[cycle]),
        "replaces leads to no circle",
        lambda row: (
            f"replaces is {items.value(row, 'replaces')}, through which {frame['unique_id'].iloc[row]} replaces "
            "itself; leave replaces empty in the row of the older SKU"
        ),
    )
