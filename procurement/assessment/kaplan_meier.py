"""Kaplan–Meier mean, spread and median of lead times by group, with open order lines as censored."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array


def censored_moments(group: "pd.Series[str]", days: Array, is_open: NDArray[np.bool_]) -> pd.DataFrame:
    """Moments of the Kaplan–Meier distribution of lead times of each group.

    S(t) = Π (1 − d_i / n_i) over the days t_i ≤ t on which d_i of the n_i lines still out came. What is left beyond the
    longest line known, where the last ones are open, is put on that day, as Efron (1967) does: the mean is a lower
    bound then.

    Parameters
    ----------
    group : of each line (m,); lines without one, or without days, are left out
    days : lead time, or the age of an open line (m,)
    is_open : whether the line is still out, so that `days` is only a lower bound (m,)

    Returns
    -------
    DataFrame
        By group, sorted: lines, closed, mean, std, median (days; NaN without a closed line)
    """
    known = group.notna().to_numpy() & ~np.isnan(days)
    code, names = pd.factorize(group[known], sort=True)
    at, came = days[known], ~np.asarray(is_open, bool)[known]
    # of one day those that came go first: who was still out that day was there to come
    order = np.lexsort((~came, at, code))
    code, at, came = code[order], at[order], came[order]
    first = np.searchsorted(code, np.arange(len(names)))
    lines = np.bincount(code, minlength=len(names))
    out = first[code] + lines[code] - np.arange(len(code)) if len(code) else np.zeros(0)
    ends = came & (out == 1)
    with np.errstate(divide="ignore"):
        step = np.where(came & ~ends, np.log1p(-1.0 / np.maximum(out, 1)), 0.0)
    running = np.cumsum(step)
    before = running - step - (running - step)[first[code]] if len(code) else step
    left = np.exp(before)  # share still out just before each line
    mass = np.where(came, left / np.maximum(out, 1), 0.0)
    if len(code):
        last = first + lines - 1
        mass[last] += np.where(came[last], 0.0, left[last])
    mean = np.bincount(code, mass * at, len(names))
    variance = np.bincount(code, mass * (at - mean[code]) ** 2, len(names))
    total = np.cumsum(mass)
    past = total - (total - mass)[first[code]] if len(code) else mass
    half = pd.Series(np.where(past >= 0.5 - 1e-12, at, np.inf)).groupby(code).min()
    closed = np.bincount(code, came, len(names)).astype(int)
    some = closed > 0
    return pd.DataFrame(
        {
            "lines": lines,
            "closed": closed,
            "mean": np.where(some, mean, np.nan),
            "std": np.where(some, np.sqrt(np.maximum(variance, 0.0)), np.nan),
            "median": np.where(some, half.to_numpy(float), np.nan),
        },
        index=pd.Index(names, name="group"),
    )
