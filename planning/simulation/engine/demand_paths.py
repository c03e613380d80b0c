"""Demand paths of a year: periods with the forecast's distributions, hanging together so that their sums have theirs.

Within the horizon a period has its own calibrated distribution; later ones have that of the period within it whose
expected demand is nearest, larger or smaller by what the season makes of it. Their normal scores are √ρ·F + √(1−ρ)·ε:
ε is a period's own, F the level's, which drifts away within about a horizon, as it does for a buyer who reads a new
forecast at each review. ρ is what makes the variance of the running sums that of the forecast's. Where periods and sums
disagree about the mean, both calibrated each by itself, the sums' holds: stock stands on them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks
from planning.simulation.engine.common_random_numbers import Luck, name_keys, stratified_levels
from planning.simulation.engine.daily_demand import spread_over_days
from planning.simulation.engine.period_draws import period_draws

_MOST_SHARED = 0.95
_MOST_SCALED = 2.0
"""Most that the sums' mean is believed over the periods', as a ratio."""
_GOLDEN = 0.6180339887498949
_CHUNK = 64  # SKUs whose demand is drawn at once
_BRIDGES, _GRID = 61, 32
"""Brownian bridges that spread a period's demand over its days, and the points of their grid."""


@dataclass(frozen=True)
class DemandPaths:
    """Demand of m SKUs over K periods in M scenarios.

    Attributes
    ----------
    units : array (m, K, M) float32, units of each period
    by_day : array (m, M, T) float32, units of each day
    mean : array (m, K), expected units
    calendar : int array (T, 3), of each day from the day of planning on its period, its number in it and the period's
        days
    """

    units: NDArray[np.float32]
    by_day: NDArray[np.float32]
    mean: Array
    calendar: NDArray[np.int64]

    def mean_between(self, start: Array, end: Array, *, rows: NDArray[np.intp]) -> Array:
        """Expected units (k, V) of SKUs `rows` (k,) from `start` to `end`, arrays (k, V) of days from planning on."""
        period, length = self.calendar[:, 0], self.calendar[:, 2]
        mean = self.mean[rows]
        running = np.cumsum(mean[:, period] / length, axis=1)
        running = np.concatenate([np.zeros((len(running), 1)), running], axis=1)

        def until(days: Array) -> Array:
            inside = np.clip(days, 0.0, len(period))
            low = np.minimum(inside.astype(np.intp), len(period) - 1)
            below = np.take_along_axis(running, low, 1)
            value = below + (inside - low) * (np.take_along_axis(running, low + 1, 1) - below)
            return np.asarray(value + (days - inside) * mean[:, -1:] / length[-1])

        return np.asarray(until(end) - until(start))


def demand_paths(forecast: DemandForecast, *, days: int, elapsed: float, scenarios: int) -> DemandPaths:
    """Demand paths of the SKUs of a forecast for `days` days, from `elapsed` days after its start on."""
    calendar = _calendar(forecast, days, round(elapsed))
    periods, h = int(calendar[-1, 0]) + 1, forecast.horizon
    mean = _period_means(forecast, calendar, periods)
    n, Q = len(forecast), len(forecast.levels)
    spread = Distribution(forecast.levels, forecast.quantiles.reshape(n * h, Q))
    std, own_mean = spread.std().reshape(n, h), spread.mean().reshape(n, h)
    sums = Distribution(forecast.levels, forecast.cumulative.reshape(n * h, Q))
    scale = _scale(sums.mean().reshape(n, h), own_mean)
    shared = _shared_level(sums.std().reshape(n, h), std * scale[:, None])
    units = np.empty((n, periods, scenarios), np.float32)
    by_day = np.empty((n, scenarios, len(calendar)), np.float32)
    whole, bridges = forecast.whole_units, brownian_bridges()
    dispersion = scale * (std**2).mean(axis=1) / np.maximum(own_mean.mean(axis=1), 1e-9)
    expected = np.diff(forecast.cumulative_mean, axis=1, prepend=0.0)
    turn = (np.arange(scenarios) * _GOLDEN + np.arange(periods)[:, None] * _GOLDEN**2) % 1

    def chunk(rows: NDArray[np.intp]) -> None:
        like = _like(expected[rows], mean[rows])
        level = level_scores(forecast.unique_ids[rows], horizon=h, periods=periods, scenarios=scenarios)
        scores = _scores(forecast.unique_ids[rows], shared[rows], level)
        drawn = _drawn(forecast, rows, like, scores)
        around = np.take_along_axis(own_mean[rows], like[:, h:], axis=1)
        ratio = _ratio(mean[rows, h:], np.take_along_axis(expected[rows], like[:, h:], axis=1))
        drawn[:, h:] = _moved(drawn[:, h:], around, around * ratio)
        drawn *= scale[rows, None, None]
        units[rows] = np.where(whole[rows, None, None], np.floor(drawn + turn), drawn)
        by_day[rows] = spread_over_days(units[rows], calendar, bridges, dispersion[rows], whole[rows])

    for _ in map_in_threads(chunk, row_chunks(np.arange(n), _CHUNK)):
        pass  # each writes its rows
    return DemandPaths(units, by_day, mean, calendar)


def level_scores(
    unique_ids: NDArray[np.object_], *, horizon: int, periods: int, scenarios: int
) -> NDArray[np.float32]:
    """Normal scores F (m, K, M) of the level of demand in each period, which drifts away within about a `horizon`."""
    drift = ndtri(stratified_levels(name_keys(unique_ids), periods, scenarios, Luck.LEVEL)).astype(np.float32)
    kept = _kept(horizon)
    for k in range(1, periods):
        drift[:, k] = kept * drift[:, k - 1] + np.float32(np.sqrt(1 - kept**2)) * drift[:, k]
    return drift


def _kept(horizon: int) -> float:
    """How much of the level's score is kept from one period to the next."""
    return float(np.exp(-1 / horizon))


def brownian_bridges() -> Array:
    """Brownian bridges (C, G + 1) from 0 to 0 on an even grid, balanced: with each its mirror image."""
    rng = np.random.default_rng(20261128)
    steps = rng.standard_normal((_BRIDGES // 2, _GRID)) / np.sqrt(_GRID)
    walk = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
    bridge = walk - walk[:, -1:] * np.linspace(0, 1, _GRID + 1)
    return np.concatenate([bridge, -bridge, np.zeros((1, _GRID + 1))])


def _calendar(forecast: DemandForecast, days: int, elapsed: int) -> NDArray[np.int64]:
    """Period, number in it and days of the period for each of the path's `days`, (T, 3)."""
    lengths = np.maximum(np.round(np.diff(np.concatenate([[0.0], forecast.ends_days]))), 1).astype(np.int64)
    more = int(np.ceil((elapsed + days) / lengths[-1])) + 1
    every = np.concatenate([lengths, np.full(more, lengths[-1])])
    period = np.repeat(np.arange(len(every)), every)
    number = np.concatenate([np.arange(length) for length in every])
    table = np.stack([period, number, np.repeat(every, every)], axis=1)
    return np.asarray(table[elapsed : elapsed + days])


def _period_means(forecast: DemandForecast, calendar: NDArray[np.int64], periods: int) -> Array:
    """Expected units (m, K) of each period, from the forecast's mean of windows."""
    lengths = np.zeros(periods)
    lengths[calendar[:, 0]] = calendar[:, 2]
    known = np.diff(np.concatenate([[0.0], forecast.ends_days]))
    lengths[: len(known)] = known[:periods]
    lengths[lengths == 0] = known[-1]
    ends = np.cumsum(lengths)
    running = forecast.mean_until(np.broadcast_to(ends, (len(forecast), periods)))
    return np.asarray(np.diff(running, axis=1, prepend=0.0))


def _scale(sums: Array, own: Array) -> Array:
    """Factors (n,) that bring the periods' own means (n, h) to the sums' (n, h).

    Periods and sums are calibrated each by itself, and stock stands on the sums.
    """
    total = own.sum(axis=1)
    scale = np.divide(sums[:, -1], total, out=np.ones_like(total), where=(total > 0) & (sums[:, -1] > 0))
    return np.asarray(np.clip(scale, 1 / _MOST_SCALED, _MOST_SCALED))


def _shared_level(sums: Array, std: Array) -> Array:
    """Share ρ (m,) of the variance of a period's demand that is the level's.

    By least squares of the variances of the sums of the first k periods, all k together; `sums`, `std` (m, h) are the
    standard deviations of sums and periods.
    """
    h = std.shape[1]
    kept = _kept(h)
    together, common = np.zeros(std.shape), np.zeros(len(std))
    for k in range(1, h):
        ahead = std[:, :k] * kept ** np.arange(k, 0, -1)
        common = common + 2 * std[:, k] * ahead.sum(axis=1)
        together[:, k] = common
    beyond = sums**2 - np.cumsum(std**2, axis=1)
    share = (beyond * together).sum(axis=1) / np.maximum((together**2).sum(axis=1), 1e-12)
    return np.asarray(np.clip(share, 0.0, _MOST_SHARED))


def _scores(
    unique_ids: NDArray[np.object_], shared: Array, level: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Normal scores (m, K, M) of the periods' demand, whose levels have the scores `level` (m, K, M)."""
    _, periods, scenarios = level.shape
    keys = name_keys(unique_ids)
    scores = ndtri(stratified_levels(keys, periods, scenarios, Luck.DEMAND)).astype(np.float32)
    for k in range(periods):
        scores[:, k] = np.sqrt(shared)[:, None] * level[:, k] + np.sqrt(1 - shared)[:, None] * scores[:, k]
    return scores


def _like(expected: Array, mean: Array) -> NDArray[np.intp]:
    """Period of the forecast, (m, K), whose distribution a path's period has: its own, or that of the nearest mean."""
    h = expected.shape[1]
    own = np.arange(min(h, mean.shape[1]))
    inside = np.broadcast_to(own, (len(mean), len(own)))
    later = np.abs(expected[:, None, :] - mean[:, h:, None]).argmin(axis=2)
    return np.concatenate([inside, later], axis=1)


def _drawn(
    forecast: DemandForecast, rows: NDArray[np.intp], like: NDArray[np.intp], scores: NDArray[np.float32]
) -> Array:
    """Demand (m, K, M) at the normal `scores` (m, K, M), by the distributions of the forecast's periods `like`."""
    quantiles = forecast.quantiles[rows].reshape(len(rows) * forecast.horizon, -1)
    return period_draws(Distribution(forecast.levels, quantiles), like, ndtr(scores))


def _moved(drawn: Array, mean: Array, target: Array) -> Array:
    """Demand (m, K, M) drawn around `mean` (m, K), moved to `target` (m, K): its spread on the scale of √ grows by ∜.

    Between counts, whose √ keep their spread, and shares, whose √ grow with it.
    """
    growth = _ratio(target, mean)[..., None] ** 0.25
    root = np.sqrt(target)[..., None] + (np.sqrt(drawn) - np.sqrt(mean)[..., None]) * growth
    moved = np.maximum(root, 0.0) ** 2
    return np.asarray(moved * _ratio(target[..., None], moved.mean(axis=-1, keepdims=True)))


def _ratio(value: Array, to: Array) -> Array:
    """Value divided by what it is compared `to`, 0 where that is none."""
    return np.divide(value, to, out=np.zeros(np.broadcast_shapes(value.shape, to.shape)), where=to > 0)
