"""Projected stock: when it runs out, how likely, and by when the next order must be placed.

Nothing is drawn at random. A SKU's demand follows one quantile of its cumulative distribution through time, so
running out by day t means that some day before t was too much already; open orders arrive at 16 evenly spread
quantiles of their remaining time, shifted from order to order so that they do not all come early together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.cover import Pipeline
from planning.distributions import Array, Distribution
from planning.forecast import DemandForecast
from planning.lead_time_demand import lead_time_atoms

_SCENARIOS = 16
_STEPS = 32  # points in time per SKU
_CHUNK = 2_000
_GOLDEN = 0.618033988749895
LOOK_AHEAD_DAYS = 730.0
"""Nothing is projected further than this."""


@dataclass(frozen=True)
class Projection:
    """Stock of n SKUs if nothing more is ordered.

    Attributes
    ----------
    step : array (n,), days between two points in time
    risk : array (n, T + 1), probability of a stockout within 0, step, 2·step … days
    """

    step: Array
    risk: Array

    @property
    def reach(self) -> Array:
        """Days that are looked ahead, shape (n,)."""
        return np.asarray(self.step * (self.risk.shape[1] - 1))

    def risk_within(self, days: Array) -> Array:
        """Probability of a stockout within `days` (n, K), linear between points and constant past the last."""
        last = self.risk.shape[1] - 1
        position = np.clip(days / self.step[:, None], 0, last)
        lower = np.minimum(position.astype(np.intp), last - 1)
        low, high = np.take_along_axis(self.risk, lower, 1), np.take_along_axis(self.risk, lower + 1, 1)
        return np.asarray(low + (position - lower) * (high - low))

    def risk_before(self, lead_time: Distribution, wait: Array | float = 0.0) -> Array:
        """Probability (n,) of a stockout before an order placed `wait` days from now (n,) arrives."""
        return self._risk_before(*lead_time_atoms(lead_time), np.broadcast_to(wait, len(lead_time)))

    def _risk_before(self, days: Array, weights: Array, wait: Array) -> Array:
        return np.asarray(np.einsum("ij,j->i", self.risk_within(days + wait[:, None]), weights))

    def last_safe_wait(self, lead_time: Distribution, bound: Array) -> Array:
        """Days (n,) an order can wait with its stockout risk at most `bound` (n,); 0 when already too late.

        Infinite where the risk stays in bounds as far as is looked ahead.
        """
        days, weights = lead_time_atoms(lead_time)
        low, high = np.zeros(len(bound)), self.reach
        safe_always = self._risk_before(days, weights, high) <= bound
        for _ in range(16):  # two years to a quarter of an hour
            middle = (low + high) / 2
            safe = self._risk_before(days, weights, middle) <= bound
            low, high = np.where(safe, middle, low), np.where(safe, high, middle)
        return np.where(safe_always, np.inf, low)

    def first_day(self, probability: float) -> Array:
        """Days (n,) until the stockout probability reaches `probability`; infinite where it does not."""
        reached = self.risk >= probability
        at = reached.argmax(axis=1)
        rows = np.arange(len(at))
        before = np.maximum(at - 1, 0)
        low, high = self.risk[rows, before], self.risk[rows, at]
        gap = np.where(high > low, high - low, 1.0)
        share = np.where(at > 0, np.clip((probability - low) / gap, 0, 1), 0.0)
        return np.where(reached.any(axis=1), (before + share) * self.step, np.inf)


def project(
    forecast: DemandForecast, on_hand: Array, pipeline: Pipeline, *, reach: Array, elapsed: float
) -> Projection:
    """Project n SKUs with `on_hand` (n,) units (less backorders) and their open orders over `reach` (n,) days."""
    n = len(forecast)
    step = np.maximum(reach, 1.0) / _STEPS
    days = step[:, None] * np.arange(_STEPS + 1)
    risk = np.empty((n, _STEPS + 1))
    counts = np.bincount(pipeline.sku, minlength=n)
    for group, scenarios in ((counts == 0, 1), (counts > 0, _SCENARIOS)):
        rows = np.flatnonzero(group)
        for start in range(0, len(rows), _CHUNK):
            some = rows[start : start + _CHUNK]
            supply = on_hand[some, None, None] + _arrived(pipeline, some, days[some], scenarios)
            risk[some] = _risk(forecast, some, days[some], supply, elapsed)
    return Projection(step, risk)


def _risk(
    forecast: DemandForecast, rows: NDArray[np.intp], days: Array, supply: Array, elapsed: float
) -> Array:
    """P(out of stock by each time): demand paths are quantile paths, so it is the running maximum of P(D > supply)."""
    n, times, scenarios = supply.shape
    quantiles, _ = forecast.window(days, elapsed=elapsed, rows=rows)
    demand = Distribution(forecast.levels, quantiles.reshape(n * times, -1))
    # a hair of slack, so that stock that covers a certain demand exactly is not read as short of it
    missed = 1 - demand.cdf(supply.reshape(n * times, scenarios) + 1e-9)
    risk = np.where(supply < 0, 1.0, missed.reshape(n, times, scenarios))
    return np.asarray(np.maximum.accumulate(risk, axis=1).mean(axis=2))


def _arrived(pipeline: Pipeline, rows: NDArray[np.intp], days: Array, scenarios: int) -> Array:
    """Units of each SKU arrived by each of its `days` in each scenario, shape (n, T, M)."""
    arrived = np.zeros((*days.shape, scenarios))
    local = np.full(int(max(pipeline.sku.max(initial=-1), rows.max(initial=-1))) + 1, -1)
    local[rows] = np.arange(len(rows))
    mine = np.flatnonzero(local[pipeline.sku] >= 0) if len(pipeline) else np.empty(0, dtype=np.intp)
    if not len(mine):
        return arrived
    at = local[pipeline.sku[mine]]
    # evenly spread quantiles; each order starts elsewhere in the round, so that orders do not move together
    spread = (np.arange(scenarios) + 0.5) / scenarios
    chance = (spread[None, :] + _GOLDEN * np.arange(len(mine))[:, None]) % 1.0
    times = pipeline.remaining[mine].quantile(chance)
    # a delivery between two points counts from the nearer one
    half = days[at][:, 1] / 2
    came = (times[:, None, :] <= (days[at] - half[:, None] * (days[at] > 0))[:, :, None]) * pipeline.quantity[
        mine
    ][:, None, None]
    first = np.flatnonzero(np.diff(at, prepend=-1))
    arrived[at[first]] = np.add.reduceat(came, first, axis=0)
    return arrived
