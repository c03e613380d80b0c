"""Jumps in the unit of measure: quantities or prices ×10, ×12, ×100 … those around them, found and rejected."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.quality.table_check import Mask, TableCheck

Array = NDArray[np.float64]

FACTORS = (10.0, 12.0, 24.0, 100.0, 1000.0)
_LOGS = np.log(FACTORS)
_LEAST = np.log(8.0)
_STEADY = 0.35
"""Standard deviation of log quantities up to which neighbours count as steady (about ±35 %)."""
_ENOUGH = np.log(5.0)
"""Logarithm of the level from which ×10 or ×12 is telling: a SKU that sells one a week sells twelve at times."""
_SHIFT_WINDOW = 8
_SPIKE_WINDOW = 4


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
    """Reject single rows of demand whose unit of measure is off: ×1000 their steady neighbours."""
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
    """Reject order lines whose unit of measure is off: quantity and price by the same factor in opposite directions."""
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


def nearest_factor(log_ratio: Array, tolerance: float) -> Array:
    """Unit factor (10, 12, 24, 100, 1000) within `tolerance` of each log ratio, its sign dropped; NaN without one."""
    distance = np.abs(np.abs(log_ratio)[:, None] - _LOGS)
    nearest = distance.argmin(axis=1)
    near = distance[np.arange(len(nearest)), nearest] <= tolerance
    return np.where(near, np.asarray(FACTORS)[nearest], np.nan)


def demand_spikes(demand: pd.DataFrame) -> Array:
    """Unit factor of each row of demand that alone is ×10, ×12, … its four positive neighbours on either side, (n,).

    NaN for all others. Neighbours must be steady: a series that jumps anyway proves nothing. `demand` is sorted by
    unique_id and ds.
    """
    found = np.full(len(demand), np.nan)
    rows, codes, logs = _positive(demand)
    w = _SPIKE_WINDOW
    if len(rows) < 2 * w + 1:
        return found
    sums = _running_sums(logs)
    around = (sums[2 * w + 1 :] - sums[: -2 * w - 1] - logs[w:-w]) / (2 * w)
    ratio = logs[w:-w] - around
    middle = w + np.flatnonzero(ratio > np.where(around >= _ENOUGH, _LEAST, np.log(500.0)))
    middle = middle[codes[middle - w] == codes[middle + w]]
    neighbours = np.concatenate([_window(logs, middle - w, w), _window(logs, middle + 1, w)], axis=1)
    middle = middle[neighbours.std(axis=1) <= _STEADY]
    found[rows[middle]] = nearest_factor(ratio[middle - w], 0.12)
    return found


def level_shifts(demand: pd.DataFrame) -> pd.DataFrame:
    """SKUs whose level of demand jumps for good by a unit factor ×10, ×12, …, or by its inverse.

    Compares the eight positive periods before with the eight after; both must be steady. Columns: unique_id,
    ds (first period after), factor, up.
    """
    rows, codes, logs = _positive(demand)
    w = _SHIFT_WINDOW
    none = pd.DataFrame({"unique_id": [], "ds": [], "factor": [], "up": []})
    if len(rows) < 2 * w:
        return none
    sums = _running_sums(logs)
    means = (sums[w:] - sums[:-w]) / w
    before, after = means[:-w], means[w:]
    at = w + np.flatnonzero((np.abs(after - before) > _LEAST) & (np.minimum(before, after) >= _ENOUGH))
    at = at[codes[at - w] == codes[at + w - 1]]
    spread = np.maximum(_window(logs, at - w, w).std(axis=1), _window(logs, at, w).std(axis=1))
    at = at[spread <= _STEADY]
    ratio = (after - before)[at - w]
    factor = nearest_factor(ratio, 0.15)
    jumps = np.flatnonzero(~np.isnan(factor))
    if not len(jumps):
        return none
    shifts = demand[["unique_id", "ds"]].iloc[rows[at[jumps]]].reset_index(drop=True)
    shifts = shifts.assign(factor=factor[jumps], up=ratio[jumps] > 0)
    return shifts.drop_duplicates("unique_id", ignore_index=True)


def price_jumps(orders: pd.DataFrame) -> tuple[Array, Mask]:
    """Unit factor of each order line whose price is ×10, ×12, … or ÷10, ÷12, … the lane's usual one, else NaN; (n,).

    The second array (n,) says whether the quantity moved the other way by as much: then price and quantity agree that
    the line counts in another unit.
    """
    price = np.log(orders["unit_price"].where(orders["unit_price"] > 0))
    quantity = np.log(orders["quantity_ordered"].where(orders["quantity_ordered"] > 0))
    lane = [orders["supplier_id"].to_numpy(), orders["unique_id"].to_numpy()]
    usual = price.groupby(lane).transform("median")
    steady = (price - usual).abs().le(np.log(1.3)).groupby(lane).transform("mean") >= 0.6
    known = price.groupby(lane).transform("count") >= 4
    ratio = (price - usual).where(steady & known).fillna(0.0).to_numpy(float)
    other = (quantity - quantity.groupby(lane).transform("median")).to_numpy(float)
    factor = nearest_factor(ratio, 0.08)
    with np.errstate(invalid="ignore"):
        both = ~np.isnan(factor) & (np.abs(ratio + other) < np.log(2))
    return factor, both


def _positive(demand: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Rows in which a unit jump can show, with demand > 0: their positions, SKU codes and logarithms of quantity."""
    y = demand["y"].to_numpy(float)
    ids = demand["unique_id"].to_numpy()
    codes = np.cumsum(np.append(False, ids[1:] != ids[:-1])) if len(ids) else np.empty(0, np.int64)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(y > 0)
    return rows, codes[rows], np.log(y[rows])


def _window(values: Array, starts: NDArray[np.int64], length: int) -> Array:
    """Neighbours to judge a unit jump by: `length` values from each start on, shape (len(starts), length)."""
    return np.asarray(values[starts[:, None] + np.arange(length)])


def _running_sums(values: Array) -> Array:
    """Running sums for the mean level around a unit jump: of the values before each position, shape (n + 1,)."""
    return np.concatenate([[0.0], np.cumsum(values)])
