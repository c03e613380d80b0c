"""Mean, variance and autocorrelation of forecast errors by step ahead, to turn an error series into independent draws.

The errors e_k at step k of one quantity have mean a + b log k and variance c + d k (noise, and a level that
wanders). Errors of neighbouring periods are correlated, more so when one forecast made both: each standardised error
z_t is replaced by what the one before it does not explain, (z_t − φ z_{t−1}) / √(1 − φ²).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from distributions.distribution import Array

_MAX_AUTOCORRELATION = 0.9


@dataclass(frozen=True)
class ErrorModel:
    """Mean, variance and autocorrelation of forecast errors, by step ahead k.

    Attributes
    ----------
    mean : (a, b) of a + b log k
    variance : (c, d) of c + d k
    within, across : φ of neighbouring periods forecast at one cutoff, and at two
    """

    mean: tuple[float, float]
    variance: tuple[float, float]
    within: float
    across: float

    @classmethod
    def of(cls, errors: pd.DataFrame, column: str) -> Self:
        """Learn from the backtest's errors in `column`, at all its cutoffs; without any, errors pass as they are.

        Parameters
        ----------
        errors : as `error_series.period_errors`
        """
        rows = errors.dropna(subset=[column])
        k, e = rows["k"].to_numpy(float), rows[column].to_numpy(float)
        mean = _least_squares_line(np.log(k), e)
        off = e - mean[0] - mean[1] * np.log(k)
        noise, drift = _least_squares_line(k, off**2)
        variance = (
            (noise, drift) if drift > 0 and noise > 0 else (float((off**2).mean()) if len(e) else 1.0, 0.0)
        )
        uncorrelated = cls(mean, variance, 0.0, 0.0)
        z = rows.assign(z=uncorrelated._standardised(rows, column))
        within, across = (_autocorrelation(z, same_cutoff=same) for same in (True, False))
        return cls(mean, variance, within, across)

    def expected(self, k: Array) -> Array:
        """Mean error at step k: a + b log k."""
        return np.asarray(self.mean[0] + self.mean[1] * np.log(k))

    def _standardised(self, rows: pd.DataFrame, column: str) -> Array:
        """Errors less their mean, in standard deviations, both those of their step ahead."""
        k = rows["k"].to_numpy(float)
        spread = np.sqrt(np.maximum(self.variance[0] + self.variance[1] * k, 1e-12))
        return np.asarray((rows[column].to_numpy(float) - self.expected(k)) / spread)

    def independent_errors(self, rows: pd.DataFrame, column: str) -> Array:
        """Independent standardised errors (T,) of successive periods; NaN where unknown.

        Parameters
        ----------
        rows : `error_series.period_errors` of the latest forecasts, in order of ds
        """
        z = self._standardised(rows, column)
        same_cutoff = rows["cutoff"].to_numpy()[1:] == rows["cutoff"].to_numpy()[:-1]
        phi = np.where(same_cutoff, self.within, self.across)
        previous = np.nan_to_num(z[:-1])
        z[1:] = (z[1:] - phi * previous) / np.sqrt(1 - phi**2)
        return z


def _least_squares_line(x: Array, y: Array) -> tuple[float, float]:
    """Error model's line over steps ahead: least-squares intercept and slope; the mean alone where all x are one."""
    if not len(x):
        return 0.0, 0.0
    dx = x - x.mean()
    slope = float((dx * y).sum() / (dx**2).sum()) if np.ptp(x) > 0 else 0.0
    return float(y.mean() - slope * x.mean()), slope


def _autocorrelation(z: pd.DataFrame, *, same_cutoff: bool) -> float:
    """Correlation of standardised errors of neighbouring periods, of one cutoff or of the latest forecasts of two.

    One standard error is added: too little of it raises false alarms, too much only takes longer to find a change.

    Parameters
    ----------
    z : cutoff, ds and z
    """
    ordered = z.sort_values(["cutoff", "ds"])
    if not same_cutoff:
        ordered = z.sort_values(["ds", "cutoff"]).drop_duplicates("ds", keep="last")
    cutoff, values = ordered["cutoff"].to_numpy(), ordered["z"].to_numpy()
    pairs = (cutoff[1:] == cutoff[:-1]) == same_cutoff
    first, second = values[:-1][pairs], values[1:][pairs]
    power = np.sqrt((first**2).sum() * (second**2).sum())
    if len(first) < 2 or power == 0:
        return 0.0
    estimate = (first * second).sum() / power + 1 / np.sqrt(len(first))
    return float(np.clip(estimate, 0.0, _MAX_AUTOCORRELATION))
