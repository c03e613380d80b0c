"""A supplier's own season: the part of its lead times that comes back every year."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.evidence import gain_lower_bound

FORTNIGHTS = 26
_YEAR_DAYS = 365.25
_STANDARD_ERRORS = 3.0
"""Three, for every supplier is tried and few have a season: two would find one in every fortieth by chance."""
_LEAST_ORDERS, _LEAST_YEARS = 26, 2
_PRIOR_ORDERS = 1.0  # per fortnight
_NOTHING = 1e-12


def fortnight_of(ordered_at: pd.Series) -> NDArray[np.int64]:
    """Fortnight of the year of each order date (n,), 0 … 25; 0 where the date is missing."""
    day = np.nan_to_num(ordered_at.dt.dayofyear.to_numpy(float), nan=1.0)
    return np.asarray((day - 1) / 366 * FORTNIGHTS, np.int64)


def supplier_seasons(value: Array, supplier: NDArray[np.int64], ordered_at: pd.Series, groups: int) -> Array:
    """Seasonal log factor of each supplier and fortnight, (G, 26); zeros where no year predicts the others.

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
    season = np.zeros((groups, FORTNIGHTS))
    if years < _LEAST_YEARS:
        return season
    cell = np.ravel_multi_index((supplier, year, fortnight_of(ordered_at)), (groups, years, FORTNIGHTS))
    table = _YearTable.of(value, cell, (groups, years, FORTNIGHTS))
    slope, standard_error = table.regression_on_other_years()
    found = table.long_enough() & (gain_lower_bound(slope, standard_error, k=_STANDARD_ERRORS) > 0)
    season[found] = np.clip(slope[found], 0, 1)[:, None] * table.mean_year()[found]
    return season


@dataclass(frozen=True)
class _YearTable:
    """Orders and centred sums of log lead times by supplier, year and fortnight, (G, Y, 26) each."""

    count: Array
    total: Array

    @classmethod
    def of(cls, value: Array, cell: NDArray[np.int64], shape: tuple[int, int, int]) -> Self:
        """Season table of `value` (n,) by flat `cell` (n,), less the mean of the supplier's year."""
        count = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).astype(float)
        total = np.bincount(cell, value, int(np.prod(shape))).reshape(shape)
        per_year = count.sum(axis=2, keepdims=True)
        total = total - count * total.sum(axis=2, keepdims=True) / np.maximum(per_year, 1)
        return cls(count, total)

    def regression_on_other_years(self) -> tuple[Array, Array]:
        """Slope b (G,) of each year's fortnights on those of the supplier's other years, and its standard error."""
        mean = self.total / np.maximum(self.count, 1)
        smooth_total, smooth_count = _smooth(self.total), _smooth(self.count)
        others = smooth_total.sum(axis=1, keepdims=True) - smooth_total
        others = others / (smooth_count.sum(axis=1, keepdims=True) - smooth_count + _PRIOR_ORDERS)
        square = (self.count * others**2).sum(axis=(1, 2))
        slope = (self.count * mean * others).sum(axis=(1, 2)) / np.maximum(square, _NOTHING)
        error = (self.count * (mean - slope[:, None, None] * others) ** 2).sum(axis=(1, 2))
        cells = np.maximum((self.count > 0).sum(axis=(1, 2)) - 1, 1)
        return slope, np.sqrt(error / cells / np.maximum(square, _NOTHING))

    def long_enough(self) -> NDArray[np.bool_]:
        """Suppliers (G,) with enough orders in enough years to look for a season."""
        return np.asarray((self.count.sum(axis=2) >= _LEAST_ORDERS).sum(axis=1) >= _LEAST_YEARS)

    def mean_year(self) -> Array:
        """Seasonal mean over all years by supplier and fortnight, smoothed, (G, 26)."""
        return np.asarray(_smooth(self.total).sum(axis=1) / (_smooth(self.count).sum(axis=1) + _PRIOR_ORDERS))


def _smooth(table: Array) -> Array:
    """Each fortnight with a quarter of each of its neighbours', around the year."""
    return np.asarray((np.roll(table, 1, axis=-1) + 2 * table + np.roll(table, -1, axis=-1)) / 4)
