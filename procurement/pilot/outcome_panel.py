"""The outcome of a pilot by unit and period, and each unit's mean over a window where periods may be missing."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.contract.tables import DataError

LEAST_SHARE = 0.5
"""Share of a window's periods that must be known of a unit, for the unit to count."""
_PASSES = 8
"""Passes by which unit means and the periods' profile are fitted to each other."""
_COLUMNS = ("unit", "ds", "y")

COUNTED = ""
NOT_BEFORE, NOT_AFTER, TOO_FEW = "no record before the start", "no record after the start", "too few periods"


@dataclass(frozen=True)
class OutcomePanel:
    """Outcome y (N, T) of units (N,) in periods ds (T,), both ascending; NaN where the panel has no row."""

    units: NDArray[Any]
    ds: NDArray[np.datetime64]
    y: Array

    def of(self, units: NDArray[Any]) -> Array:
        """Outcome (len(units), T) of the named units; NaN throughout where one is not in the panel."""
        at = pd.Index(self.units).get_indexer(pd.Index(units))
        found = np.full((len(units), len(self.ds)), np.nan)
        found[at >= 0] = self.y[at[at >= 0]]
        return found


def outcome_panel(frame: pd.DataFrame) -> OutcomePanel:
    """Lay the rows `unit`, `ds`, `y` out as a matrix; the order of the rows does not matter.

    Raises
    ------
    DataError
        a column is missing, a unit has a period twice, an outcome is infinite
    """
    absent = [name for name in _COLUMNS if name not in frame]
    if absent:
        raise DataError(f"outcome panel: no column {absent[0]}; give unit, ds and y")
    if frame[["unit", "ds"]].isna().any(axis=None):
        raise DataError("outcome panel: a row without unit or ds; remove it, or fill it")
    y = frame["y"].to_numpy(float)
    if np.isinf(y).any():
        row = frame.iloc[int(np.isinf(y).argmax())]
        raise DataError(
            f"outcome panel: y of {row['unit']} at {row['ds']} is infinite; leave it empty instead"
        )
    unit, units = pd.factorize(frame["unit"].astype(str).to_numpy(object), sort=True)
    period, ds = pd.factorize(pd.DatetimeIndex(frame["ds"]), sort=True)
    twice = pd.Series(unit * len(ds) + period).duplicated().to_numpy()
    if twice.any():
        row = frame.iloc[int(twice.argmax())]
        raise DataError(f"outcome panel: {row['unit']} has two rows at {row['ds']}; add them up to one")
    laid = np.full((len(units), len(ds)), np.nan)
    laid[unit, period] = y
    return OutcomePanel(np.asarray(units, object), np.asarray(ds, "datetime64[ns]"), laid)


def window_means(y: Array) -> Array:
    """Mean (N,) of each unit over a window (N, T) as if no period were missing; NaN where all are.

    A unit that was not seen in high season would seem low: its mean is taken against the profile that all units have in
    common over the window, in proportion where no outcome is negative, else by difference. Without missing periods it
    is the plain mean.
    """
    seen = ~np.isnan(y)
    counts = seen.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = np.where(seen, y, 0.0).sum(axis=1)
        means = sums / counts
        if seen.all() or not seen.any():
            return np.asarray(means, float)
        used, by_period = seen[counts > 0], np.where(seen, y, 0.0)[counts > 0]
        if (by_period >= 0).all() and by_period.any():
            means[counts > 0] = _in_proportion(used, by_period)
        else:
            means[counts > 0] = _by_difference(used, by_period)
    return np.asarray(means, float)


def _in_proportion(seen: NDArray[np.bool_], y: Array) -> Array:
    """Unit means m of the model y = m · profile, profile of mean one over the periods anybody has."""
    means = y.sum(axis=1) / seen.sum(axis=1)
    known = seen.any(axis=0)
    for _ in range(_PASSES):
        base = means @ seen
        profile = np.where(base > 0, y.sum(axis=0) / base, 0.0)
        profile = profile / profile[known].mean()
        base = seen @ profile
        means = np.where(base > 0, y.sum(axis=1) / base, 0.0)
    return np.asarray(means, float)


def _by_difference(seen: NDArray[np.bool_], y: Array) -> Array:
    """Unit means m of the model y = m + profile, profile of mean zero over the periods anybody has."""
    means = y.sum(axis=1) / seen.sum(axis=1)
    known = seen.any(axis=0)
    for _ in range(_PASSES):
        profile = np.where(known, (y.sum(axis=0) - means @ seen) / seen.sum(axis=0), 0.0)
        profile = profile - profile[known].mean()
        means = (y.sum(axis=1) - seen @ profile) / seen.sum(axis=1)
    return np.asarray(means, float)


def why_left_out(before: Array, after: Array) -> NDArray[Any]:
    """Why units (N,) do not count, by their windows (N, T0) and (N, T1); empty text where they do."""
    shares = [(~np.isnan(window)).mean(axis=1) for window in (before, after)]
    return np.select(
        [shares[0] == 0, shares[1] == 0, np.minimum(*shares) < LEAST_SHARE],
        [NOT_BEFORE, NOT_AFTER, TOO_FEW],
        COUNTED,
    ).astype(object)
