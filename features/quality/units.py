"""Unit-of-measure jumps: quantities or prices that are ×10, ×12, ×100 … what their neighbours are."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
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


def nearest_factor(log_ratio: Array, tolerance: float) -> Array:
    """The factor that each log ratio comes near to, its sign dropped; NaN where none is within `tolerance`."""
    distance = np.abs(np.abs(log_ratio)[:, None] - _LOGS)
    nearest = distance.argmin(axis=1)
    near = distance[np.arange(len(nearest)), nearest] <= tolerance
    return np.where(near, np.asarray(FACTORS)[nearest], np.nan)


def demand_spikes(demand: pd.DataFrame) -> Array:
    """Factor of each row that alone is ×10, ×12, … its four positive neighbours on either side, else NaN; (n,).

    Neighbours must be steady: a series that jumps anyway proves nothing. `demand` is sorted by unique_id and ds.
    """
    found = np.full(len(demand), np.nan)
    rows, codes, logs = _positive(demand)
    w = _SPIKE_WINDOW
    if len(rows) < 2 * w + 1:
        return found
    sums = _running(logs)
    around = (sums[2 * w + 1 :] - sums[: -2 * w - 1] - logs[w:-w]) / (2 * w)
    ratio = logs[w:-w] - around
    middle = w + np.flatnonzero(ratio > np.where(around >= _ENOUGH, _LEAST, np.log(500.0)))
    middle = middle[codes[middle - w] == codes[middle + w]]
    neighbours = np.concatenate([_window(logs, middle - w, w), _window(logs, middle + 1, w)], axis=1)
    middle = middle[neighbours.std(axis=1) <= _STEADY]
    found[rows[middle]] = nearest_factor(ratio[middle - w], 0.12)
    return found


def level_shifts(demand: pd.DataFrame) -> pd.DataFrame:
    """SKUs whose level jumps for good by ×10, ×12, … : columns unique_id, ds (first period after), factor, up.

    Compares the eight positive periods before with the eight after; both must be steady.
    """
    rows, codes, logs = _positive(demand)
    w = _SHIFT_WINDOW
    none = pd.DataFrame({"unique_id": [], "ds": [], "factor": [], "up": []})
    if len(rows) < 2 * w:
        return none
    sums = _running(logs)
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
    place = demand.iloc[rows[at[jumps]]]
    return pd.DataFrame(
        {
            "unique_id": place["unique_id"].to_numpy(),
            "ds": place["ds"].to_numpy(),
            "factor": factor[jumps],
            "up": ratio[jumps] > 0,
        }
    ).drop_duplicates("unique_id", ignore_index=True)


def price_jumps(orders: pd.DataFrame) -> tuple[Array, Mask]:
    """Factor of each order line whose unit price is ×10, ×12, … or ÷10, ÷12, … the pair's usual one, else NaN.

    The second array (n,) says whether the quantity moved the other way by as much: then two witnesses tell that
    the line counts in another unit.
    """
    price = np.log(orders["unit_price"].where(orders["unit_price"] > 0))
    quantity = np.log(orders["quantity_ordered"].where(orders["quantity_ordered"] > 0))
    pair = [orders["supplier_id"].to_numpy(), orders["unique_id"].to_numpy()]
    usual = price.groupby(pair).transform("median")
    steady = (price - usual).abs().le(np.log(1.3)).groupby(pair).transform("mean") >= 0.6
    known = price.groupby(pair).transform("count") >= 4
    ratio = (price - usual).where(steady & known).fillna(0.0).to_numpy(float)
    other = (quantity - quantity.groupby(pair).transform("median")).to_numpy(float)
    factor = nearest_factor(ratio, 0.08)
    with np.errstate(invalid="ignore"):
        both = ~np.isnan(factor) & (np.abs(ratio + other) < np.log(2))
    return factor, both


def _positive(demand: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Rows with demand, their SKU's code and the logarithm of their quantity."""
    y = demand["y"].to_numpy(float)
    ids = demand["unique_id"].to_numpy()
    codes = np.cumsum(np.append(False, ids[1:] != ids[:-1])) if len(ids) else np.empty(0, np.int64)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(y > 0)
    return rows, codes[rows], np.log(y[rows])


def _window(values: Array, starts: NDArray[np.int64], length: int) -> Array:
    """`length` values from each start on, shape (len(starts), length)."""
    return np.asarray(values[starts[:, None] + np.arange(length)])


def _running(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])
