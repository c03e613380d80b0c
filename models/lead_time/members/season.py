"""A supplier's own season: what of its lead times comes back every year."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

PHASES = 26  # fortnights
_YEAR_DAYS = 365.25
_ERRORS = 3.0  # standard errors above nothing: there are many suppliers, and few have a season
_LEAST_ORDERS, _LEAST_YEARS = 26, 2
_PRIOR_ORDERS = 1.0  # per fortnight


def phase_of(ordered_at: pd.Series) -> NDArray[np.int64]:
    """Fortnight of the year of each day (n,), 0 … 25; 0 where the day is not known."""
    day = np.nan_to_num(ordered_at.dt.dayofyear.to_numpy(float), nan=1.0)
    return np.asarray((day - 1) / 366 * PHASES, np.int64)


def own_seasons(value: Array, supplier: NDArray[np.int64], ordered_at: pd.Series, groups: int) -> Array:
    """Log factor of each supplier and fortnight, (G, 26); zeros where no year foretells the others.

    m_y(p), the mean in fortnight p of year y less that of the year, is regressed on the same fortnights of the
    supplier's other years, smoothed: m_y(p) = b·o_y(p). Only where b is more than three standard errors above
    nothing is there a season, b times the mean over all years. A supplier that erodes has no year like the last.

    Parameters
    ----------
    value : (n,), log lead times of closed orders less what the regression says
    supplier : (n,), 0 … G − 1
    """
    year = ((ordered_at.max() - ordered_at) / pd.Timedelta(days=1) // _YEAR_DAYS).to_numpy(np.int64)
    years = int(year.max(initial=0)) + 1
    profile = np.zeros((groups, PHASES))
    if years < _LEAST_YEARS:
        return profile
    shape = (groups, years, PHASES)
    cell = np.ravel_multi_index((supplier, year, phase_of(ordered_at)), shape)
    count = np.bincount(cell, minlength=groups * years * PHASES).reshape(shape).astype(float)
    total = np.bincount(cell, value, groups * years * PHASES).reshape(shape)
    per_year = count.sum(axis=2, keepdims=True)
    total = total - count * total.sum(axis=2, keepdims=True) / np.maximum(per_year, 1)
    mean = total / np.maximum(count, 1)
    smooth_total, smooth_count = _smooth(total), _smooth(count)
    others = smooth_total.sum(axis=1, keepdims=True) - smooth_total
    others = others / (smooth_count.sum(axis=1, keepdims=True) - smooth_count + _PRIOR_ORDERS)
    square = (count * others**2).sum(axis=(1, 2))
    b = (count * mean * others).sum(axis=(1, 2)) / np.maximum(square, 1e-12)
    error = (count * (mean - b[:, None, None] * others) ** 2).sum(axis=(1, 2))
    error = np.sqrt(error / np.maximum((count > 0).sum(axis=(1, 2)) - 1, 1) / np.maximum(square, 1e-12))
    enough = (per_year[:, :, 0] >= _LEAST_ORDERS).sum(axis=1) >= _LEAST_YEARS
    found = enough & (b > _ERRORS * error)
    mean_year = smooth_total.sum(axis=1) / (smooth_count.sum(axis=1) + _PRIOR_ORDERS)
    profile[found] = np.clip(b[found], 0, 1)[:, None] * mean_year[found]
    return profile


def _smooth(table: Array) -> Array:
    """Each fortnight with a quarter of each of its neighbours', around the year."""
    return np.asarray((np.roll(table, 1, axis=-1) + 2 * table + np.roll(table, -1, axis=-1)) / 4)
