"""Cross-checks, rules that need more than one row: calendar, unique keys, receipts and orders, successions."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract import frequency
from features.contract.tables import KEYS
from features.demand.lifecycle.succession import in_cycle, replaced_ids
from features.quality.table_check import Mask, TableCheck

_FAR = pd.Timedelta(days=3 * 366)
"""A gap in the dates of all SKUs beyond which the few rows on its far side are typing errors."""


def check_isolated_dates(demand: TableCheck) -> None:
    """Cross-check dates of demand: reject one row in a hundred at most, years away from all others by a wrong year.

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


def check_calendar(demand: TableCheck, data: DataConfig) -> str:
    """Cross-check the dates of demand: settle the frequency that they have in common, and reject rows off its calendar.

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


def check_duplicates(check: TableCheck) -> None:
    """Cross-check keys: reject a second good row with the key of an earlier one, and name the row of that."""
    if check.name not in KEYS:
        return
    rows = np.flatnonzero(check.good)
    key = check.key[rows]
    repeated = is_repeated(key)
    original = ~repeated & np.isin(key, key[repeated])
    first = dict(zip(key[original], rows[original], strict=True))
    mask = np.zeros(len(check.frame), bool)
    mask[rows[repeated]] = True
    columns = ", ".join(KEYS[check.name])
    check.reject(
        mask,
        f"{columns} is unique",
        lambda row: (
            f"same {columns} as row {check.raw.source_line[first[check.key[row]]]}; "
            "keep one row, or add the two up"
        ),
    )


def is_repeated(key: NDArray[np.int64]) -> Mask:
    """Cross-check keys: whether each row's key stood in an earlier row already, (rows,)."""
    if (np.diff(key) > 0).all():  # most sources are sorted, and this is ten times quicker than hashing
        return np.zeros(len(key), bool)
    return np.asarray(pd.Series(key).duplicated())


def check_receipts(checks: dict[str, TableCheck]) -> None:
    """Cross-check receipts and orders: reject receipts that do not belong to a good order line, or precede it."""
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
    """Cross-check receipts: reject those whose line in `matched` does not exist or is in quarantine."""
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
    """Cross-check successions: reject items that replace SKUs which do not exist, or through others themselves."""
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
    """Cross-check successions: reject items that replace themselves; `replaced` has the ids that each row replaces."""
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
