"""Confidence intervals of rates, means and trends of suppliers: three orders of three on time are not 100 %.

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
    """Rates `good / count` of suppliers shrunk to the rate of all, with 90 % intervals: columns shrunk, low, high.

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
    """Effective number of independent trials behind each supplier's rate Σtop / Σbottom.

    n = r(1 − r) / var(r) with the variance of a ratio over lines, Σ(x − ry)² / (Σy)² · m / (m − 1), because units of
    one line share their fate; the number of lines where the share is 0 or 1 or there is one line only.
    """
    rows = pd.DataFrame({"x": top, "y": bottom, "s": supplier}).dropna()
    rows = rows[rows["y"] > 0]
    grouped = rows.groupby("s")
    total, lines = grouped[["x", "y"]].sum(), grouped.size()
    ratio = total["x"] / total["y"]
    squared_error = (rows["x"] - rows["s"].map(ratio) * rows["y"]) ** 2
    variance = squared_error.groupby(rows["s"]).sum() / total["y"] ** 2 * lines / (lines - 1).clip(lower=1)
    trials = (ratio * (1 - ratio)) / variance.where(variance > 0)
    return trials.fillna(lines).clip(lower=1.0).where(lines > 1, lines).astype(float)


def mean_interval(mean: pd.Series, sd: pd.Series, count: pd.Series) -> tuple[Array, Array]:
    """Student's 90 % confidence interval of a mean, (n,) each end; NaN with fewer than two values."""
    n = count.to_numpy(float)
    half = stdtrit(np.maximum(n - 1, 1), 1 - TAIL) * sd.to_numpy(float) / np.sqrt(np.maximum(n, 1))
    half = np.where(n >= 2, half, np.nan)
    return mean.to_numpy(float) - half, mean.to_numpy(float) + half


def yearly_trend(value: pd.Series, years: pd.Series, supplier: pd.Series) -> pd.DataFrame:
    """Trend of positive values by supplier with its 90 % interval: columns trend, low, high, growth a year as a share.

    `linear_trend` of their logarithms; 0.1 is a tenth more a year.
    """
    table = linear_trend(np.log(value.where(value > 0)), years, supplier)
    return pd.DataFrame({name: np.expm1(values.clip(-5, 5)) for name, values in table.items()})


def linear_trend(value: pd.Series, years: pd.Series, supplier: pd.Series) -> pd.DataFrame:
    """Trend of values by supplier with its 90 % interval: columns trend, low, high, growth a year in their unit.

    Least squares on time, with Student's interval. NaN with fewer than ten values or a quarter of a year.
    """
    rows = pd.DataFrame({"y": value, "t": years, "s": supplier}).dropna()
    grouped = rows.groupby("s")
    rows[["y", "t"]] -= grouped[["y", "t"]].transform("mean")
    products = pd.DataFrame({"tt": rows["t"] ** 2, "ty": rows["t"] * rows["y"], "yy": rows["y"] ** 2})
    sums = products.groupby(rows["s"]).sum()
    n = grouped.size()
    enough = (n >= 10) & ((grouped["t"].max() - grouped["t"].min()) >= 0.25)
    slope = (sums["ty"] / sums["tt"].where(sums["tt"] > 0)).where(enough)
    residual = (sums["yy"] - slope * sums["ty"]).clip(lower=0) / (n - 2).clip(lower=1)
    half = stdtrit((n - 2).clip(lower=1), 1 - TAIL) * np.sqrt(residual / sums["tt"])
    return pd.DataFrame({"trend": slope, "low": slope - half, "high": slope + half})
