"""Intervals of shares and means, vectorised over suppliers: three orders of three on time are not 100 %.

Special functions, not `scipy.stats`, which takes a second to import.
"""

import numpy as np
import pandas as pd
from scipy.special import betaincinv, stdtrit

from distributions.distribution import Array

PRIOR_ORDERS = 5.0
"""Orders that the mean of all suppliers counts for beside a supplier's own."""
TAIL = 0.05
"""Chance left out on either side of an interval."""


def shrunk_share(good: pd.Series, count: pd.Series) -> pd.DataFrame:
    """Shares `good / count` shrunk to the one of all, with the 5 % and 95 % points: columns shrunk, low, high.

    The posterior Beta(k + κp, n − k + κ(1 − p)) with p the share of all suppliers together and κ `PRIOR_ORDERS`.
    NaN where n is 0.
    """
    n = count.to_numpy(float)
    k = np.minimum(good.to_numpy(float), n)
    overall = np.clip(k.sum() / max(n.sum(), 1e-12), 0.01, 0.99)
    a, b = k + PRIOR_ORDERS * overall, n - k + PRIOR_ORDERS * (1 - overall)
    known = n > 0
    columns = {"shrunk": a / (a + b), "low": betaincinv(a, b, TAIL), "high": betaincinv(a, b, 1 - TAIL)}
    return pd.DataFrame({name: np.where(known, v, np.nan) for name, v in columns.items()}, index=count.index)


def effective_count(top: pd.Series, bottom: pd.Series, supplier: pd.Series) -> pd.Series:
    """Number of independent trials that the share Σtop / Σbottom of each supplier is worth.

    n = r(1 − r) / var(r) with the variance of a ratio over lines, Σ(x − ry)² / (Σy)² · m / (m − 1), because units of
    one line share their fate; the number of lines where the share is 0 or 1 or there is one line only.
    """
    rows = pd.DataFrame({"x": top, "y": bottom, "s": supplier}).dropna()
    rows = rows[rows["y"] > 0]
    grouped = rows.groupby("s")
    total, lines = grouped[["x", "y"]].sum(), grouped.size()
    ratio = total["x"] / total["y"]
    off = (rows["x"] - rows["s"].map(ratio) * rows["y"]) ** 2
    variance = off.groupby(rows["s"]).sum() / total["y"] ** 2 * lines / (lines - 1).clip(lower=1)
    worth = (ratio * (1 - ratio)) / variance.where(variance > 0)
    return worth.fillna(lines).clip(lower=1.0).where(lines > 1, lines).astype(float)


def mean_interval(mean: pd.Series, sd: pd.Series, count: pd.Series) -> tuple[Array, Array]:
    """Student's interval of a mean, 5 % and 95 %; NaN with fewer than two values."""
    n = count.to_numpy(float)
    half = stdtrit(np.maximum(n - 1, 1), 1 - TAIL) * sd.to_numpy(float) / np.sqrt(np.maximum(n, 1))
    half = np.where(n >= 2, half, np.nan)
    return mean.to_numpy(float) - half, mean.to_numpy(float) + half


def yearly_trend(value: pd.Series, years: pd.Series, supplier: pd.Series) -> pd.DataFrame:
    """Growth a year of positive values, by supplier: columns trend, low, high as shares (0.1: a tenth more a year).

    Least squares of log value on time, with Student's interval. NaN with fewer than ten values or a quarter of a year.
    """
    rows = pd.DataFrame({"y": np.log(value.where(value > 0)), "t": years, "s": supplier}).dropna()
    grouped = rows.groupby("s")
    rows[["y", "t"]] -= grouped[["y", "t"]].transform("mean")
    sums = pd.DataFrame(
        {"tt": rows["t"] ** 2, "ty": rows["t"] * rows["y"], "yy": rows["y"] ** 2}
    ).groupby(rows["s"]).sum()  # fmt: skip
    n = grouped.size()
    enough = (n >= 10) & ((grouped["t"].max() - grouped["t"].min()) >= 0.25)
    slope = (sums["ty"] / sums["tt"].where(sums["tt"] > 0)).where(enough)
    left = (sums["yy"] - slope * sums["ty"]).clip(lower=0) / (n - 2).clip(lower=1)
    half = stdtrit((n - 2).clip(lower=1), 1 - TAIL) * np.sqrt(left / sums["tt"])
    table = {"trend": slope, "low": slope - half, "high": slope + half}
    return pd.DataFrame({name: np.expm1(values.clip(-5, 5)) for name, values in table.items()})
