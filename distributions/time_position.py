"""Positions of times among period ends, beyond the last of them in proportion or by the year that comes again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array


@dataclass(frozen=True)
class TimePosition:
    """Positions of times among K + 1 period ends, the first of them 0; arrays of any one shape.

    Attributes
    ----------
    upper : the period, counted from 0, that each time falls into
    share : how much of it has passed
    stretch : time as a multiple of the last end where it lies beyond and no year comes again, else 1
    years : whole years to be added to it
    """

    upper: NDArray[np.intp]
    share: Array
    stretch: Array
    years: Array


def time_position(ends: Array, days: Array, *, year_from: int | None = None) -> TimePosition:
    """Positions of times `days` among period ends (K + 1,).

    Parameters
    ----------
    year_from : from this end to the last one is a year that comes again; none: what lies beyond is stretched
    """
    years, stretch = np.zeros_like(days), np.maximum(days / ends[-1], 1.0)
    if year_from is not None:
        year = ends[-1] - ends[year_from]
        years, stretch = np.maximum(np.ceil((days - ends[-1]) / year), 0.0), np.ones_like(days)
        days = days - years * year
    upper = np.clip(np.searchsorted(ends, days, side="left"), 1, len(ends) - 1)
    share = np.clip((days - ends[upper - 1]) / (ends[upper] - ends[upper - 1]), 0, 1)
    return TimePosition(upper - 1, share, stretch, years)


def days_to_reach(ends: Array, curve: Array, used: Array, *, year_from: int | None = None) -> Array:
    """Times (n,) at which each row of `curve` (n, K + 1), units until each period's end, passes `used` (n,).

    The inverse of `time_position`, infinite where the curve never gets there.
    """
    total, years = curve[:, -1], np.zeros_like(used)
    if year_from is not None:
        a_year = total - curve[:, year_from]
        missing = np.maximum(used - total, 0.0)
        years = np.ceil(np.divide(missing, a_year, out=np.zeros_like(used), where=a_year > 0))
        used = np.where(years > 0, np.clip(used - years * a_year, curve[:, year_from], total), used)
    upper = np.clip((curve < used[:, None]).sum(axis=1), 1, len(ends) - 1)
    at = np.arange(len(curve))
    low, high = curve[at, upper - 1], curve[at, upper]
    share = np.divide(used - low, high - low, out=np.zeros_like(used), where=high > low)
    inside = ends[upper - 1] + np.clip(share, 0, 1) * (ends[upper] - ends[upper - 1])
    if year_from is None:
        beyond = ends[-1] * np.divide(used, total, out=np.full_like(used, np.inf), where=total > 0)
    else:
        inside, beyond = inside + years * (ends[-1] - ends[year_from]), np.full_like(used, np.inf)
    nothing = np.where(total > 0, 0.0, np.inf)
    return np.where(used <= 0, nothing, np.where(used > total, beyond, inside))
