"""The periods in a row: of each the forecast made last, its errors with the lead and the shared past taken out."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.contract.calendar import base
from models.monitoring.scores import SUMS

_WEEK = 7
_MOST_CORRELATED = 0.9


def whole_weeks(scores: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Add days up to weeks, others as they are: days of one week differ by weekday and share their fate.

    A week counts for a cutoff that forecast all its days, as many as a week of `scores` ever has; `k` is then the lead
    in weeks.
    """
    if base(freq) not in ("D", "B"):
        return scores
    monday = scores["ds"] - pd.to_timedelta(scores["ds"].dt.dayofweek, unit="D")
    rows = scores.assign(week=monday)
    days = rows.groupby(["cutoff", "week"])["ds"].transform("nunique")
    rows = rows[days == days.max()]
    grouped = rows.groupby(["cutoff", "week", "demand_class"], as_index=False)
    weeks = grouped.agg({"k": "max", **dict.fromkeys(SUMS, "sum")}).rename(columns={"week": "ds"})
    return weeks.assign(k=-(-weeks["k"] // _WEEK))


def freshest(scores: pd.DataFrame) -> pd.DataFrame:
    """Of several forecasts of a period keep the one made last: one row per period and class."""
    last = scores.groupby("ds")["cutoff"].transform("max")
    return scores[scores["cutoff"] == last].sort_values(["ds", "demand_class"], ignore_index=True)


def totals(scores: pd.DataFrame) -> pd.DataFrame:
    """Sum the classes: cutoff, ds, k, the sums, and what the charts watch, in order of cutoff and period.

    level: log of demand over forecast; loss: log of the mean scaled pinball loss. NaN where not defined.
    """
    rows = scores.groupby(["cutoff", "ds", "k"], as_index=False)[SUMS].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.log(rows["demand"].to_numpy() / rows["forecast"].to_numpy())
        loss = np.log(rows["scaled_pinball"].to_numpy() / rows["scaled_n"].to_numpy())
    rows = rows.assign(level=np.where(np.isfinite(level), level, np.nan))
    return rows.assign(loss=np.where(np.isfinite(loss), loss, np.nan))


@dataclass(frozen=True)
class Lens:
    """Makes the errors of different leads comparable, and those of neighbouring periods independent.

    The errors e_k at lead k of one quantity have mean a + b log k and variance c + d k (noise, and a level that
    wanders). Errors of neighbouring periods are correlated, more so when one forecast made both: each is replaced by
    what the one before it does not explain, (z_t − φ z_{t−1}) / √(1 − φ²).

    Attributes
    ----------
    mean, variance : (a, b) and (c, d)
    within, across : φ of neighbours forecast at one cutoff, and at two
    """

    mean: tuple[float, float]
    variance: tuple[float, float]
    within: float
    across: float

    @classmethod
    def of(cls, paths: pd.DataFrame, column: str) -> Self:
        """Learn from the backtest's `totals`, all its cutoffs; without any, errors pass as they are."""
        rows = paths.dropna(subset=[column])
        k, e = rows["k"].to_numpy(float), rows[column].to_numpy(float)
        mean = _line(np.log(k), e)
        off = e - mean[0] - mean[1] * np.log(k)
        noise, drift = _line(k, off**2)
        variance = (
            (noise, drift) if drift > 0 and noise > 0 else (float((off**2).mean()) if len(e) else 1.0, 0.0)
        )
        plain = cls(mean, variance, 0.0, 0.0)
        z = rows.assign(z=plain._standard(rows, column))
        return cls(mean, variance, *(_correlation(z, same=same) for same in (True, False)))

    def _standard(self, rows: pd.DataFrame, column: str) -> Array:
        k = rows["k"].to_numpy(float)
        spread = np.sqrt(np.maximum(self.variance[0] + self.variance[1] * k, 1e-12))
        return np.asarray((rows[column].to_numpy(float) - self.expected(k)) / spread)

    def expected(self, k: Array) -> Array:
        """Mean error at lead k."""
        return np.asarray(self.mean[0] + self.mean[1] * np.log(k))

    def look(self, rows: pd.DataFrame, column: str) -> Array:
        """Independent errors of successive periods, (T,), from freshest `totals` in order; NaN where unknown."""
        z = self._standard(rows, column)
        same = rows["cutoff"].to_numpy()[1:] == rows["cutoff"].to_numpy()[:-1]
        phi = np.where(same, self.within, self.across)
        before = np.nan_to_num(z[:-1])
        z[1:] = (z[1:] - phi * before) / np.sqrt(1 - phi**2)
        return z


def _line(x: Array, y: Array) -> tuple[float, float]:
    """Intercept and slope of the least-squares line; level without slope where all x are one."""
    if not len(x):
        return 0.0, 0.0
    dx = x - x.mean()
    slope = float((dx * y).sum() / (dx**2).sum()) if np.ptp(x) > 0 else 0.0
    return float(y.mean() - slope * x.mean()), slope


def _correlation(z: pd.DataFrame, *, same: bool) -> float:
    """Correlation of neighbouring periods, of one cutoff or of the freshest forecasts of two.

    One standard error is added: too little of it raises false alarms, too much only takes longer to find a change.
    """
    ordered = z.sort_values(["cutoff", "ds"])
    if not same:
        ordered = z.sort_values(["ds", "cutoff"]).drop_duplicates("ds", keep="last")
    cutoff, values = ordered["cutoff"].to_numpy(), ordered["z"].to_numpy()
    pairs = (cutoff[1:] == cutoff[:-1]) == same
    first, second = values[:-1][pairs], values[1:][pairs]
    power = np.sqrt((first**2).sum() * (second**2).sum())
    if len(first) < 2 or power == 0:
        return 0.0
    estimate = (first * second).sum() / power + 1 / np.sqrt(len(first))
    return float(np.clip(estimate, 0.0, _MOST_CORRELATED))
