"""A panel as the ensemble sees it at its end: what members forecast, and how uncertain each SKU is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import demand_classes, known_demand
from features.demand.lifecycle import handover, living
from features.demand.panel import Array, Panel
from models.demand.cold_start import Prior, blended, priors
from models.demand.distributions.calibration import SpreadInputs
from models.demand.distributions.quantile_boosting import QuantileBoosting, Single
from models.demand.members.registry import Member
from models.demand.members.seasonal_level import SeasonalLevel

MEMORY = 52
"""PastCycles periods whose errors make up a SKU's volatility."""

PRIOR = 8.0
"""Periods of the typical error of SKUs of this size that are added to a SKU's own."""


@dataclass(frozen=True)
class Fitted:
    """Members by name and the boosted quantiles, all fitted on one panel."""

    members: dict[str, Member]
    quantiles: QuantileBoosting


@dataclass(frozen=True)
class View:
    """What is known of n SKUs at a panel's end.

    Attributes
    ----------
    members : name → forecasts (n, h)
    demand_class, volatility, doubt, whole : arrays (n,), as in `SpreadInputs`
    knots, sum_knots : boosted quantiles of periods and of sums, (n, h, A) at `KNOTS`; NaN: no opinion
    """

    members: dict[str, Array]
    demand_class: NDArray[np.object_]
    volatility: Array
    doubt: Array
    whole: NDArray[np.bool_]
    knots: Single
    sum_knots: Single

    def spread_inputs(self, mean: Array, *, sums: bool = False) -> SpreadInputs:
        """What the distributions around `mean` (n, h) depend on, of periods or of the sums of the first k."""
        steps = np.arange(1, mean.shape[1] + 1, dtype=float)
        doubt = spread_doubt(self.doubt, steps, sums=sums)
        return SpreadInputs(mean, steps, self.volatility, self.demand_class, self.whole, doubt)


def look(panel: Panel, fitted: Fitted, h: int, season: int) -> View:
    """Ask every member for the h periods after the panel's end, of which replaced SKUs keep what they still sell."""
    seen = living(panel)
    prior = priors(panel, seen)
    share = prior.own_share(seen)
    forecasts = {name: blended(member.mean(seen, h), share, prior) for name, member in fitted.members.items()}
    whole = np.all(np.isnan(panel.y) | (panel.y == np.round(panel.y)), axis=1)
    classes, doubt = demand_classes(seen), level_doubt(prior, share)
    volatility = own_volatility(seen, season)
    change = handover(panel, h)
    if change is not None:
        forecasts = {name: change.apply(forecast) for name, forecast in forecasts.items()}
        classes[change.old], volatility[change.old] = classes[change.new], volatility[change.new]
        doubt[change.old] = doubt[change.new]
        np.logical_and.at(whole, change.new, whole[change.old])
    # levels borrowed whole or handed over are not what the boosting was shown
    apart = (classes == "dead") | (np.isnan(known_demand(seen)).all(axis=1))
    if change is not None:
        apart[change.old] = apart[change.new] = True
    knots, sum_knots = fitted.quantiles.quantiles(seen, h)
    knots[apart] = sum_knots[apart] = np.nan
    return View(forecasts, classes, volatility, doubt, whole, knots, sum_knots)


def level_doubt(prior: Prior, share: Array) -> Array:
    """Standard deviation of √level that is left in doubt, shape (n,).

    That of the levels within the category, as far as a SKU leans on them: its own forecast counts by `share` (n,).
    """
    return np.asarray(prior.deviation * (1 - share))


def spread_doubt(doubt: Array, steps: Array, *, sums: bool) -> Array:
    """Doubt (n,) about √level as doubt about √demand, (n, K): for a sum of k periods √k times as much.

    All its periods are off by the same level, so that it does not average out as noise does.
    """
    return doubt[:, None] * (np.sqrt(steps) if sums else np.ones_like(steps))


def own_volatility(panel: Panel, season: int) -> Array:
    """Mean |√y − √forecast| of one-step forecasts over the last 52 known periods, shape (n,).

    Shrunk to what SKUs of the same level usually have.
    """
    y = known_demand(panel)[:, -MEMORY:]
    before = SeasonalLevel(season).one_step(panel)[:, -MEMORY:]
    known = ~np.isnan(y)
    error = np.abs(np.sqrt(np.nan_to_num(y) + 0.25) - np.sqrt(np.maximum(before, 0) + 0.25)) * known
    count, total = known.sum(axis=1), error.sum(axis=1)
    level = np.where(known, np.nan_to_num(y), 0.0).sum(axis=1) / np.maximum(count, 1)
    typical = _typical(level, total / np.maximum(count, 1), count)
    return np.asarray((total + PRIOR * typical) / (count + PRIOR))


def _typical(level: Array, error: Array, count: NDArray[np.int64]) -> Array:
    """Error of SKUs of about this level: means over ten equal bins of the level, shape (n,)."""
    rank = np.searchsorted(np.sort(level), level, side="right") / len(level)
    bins = np.minimum((rank * 10).astype(int), 9)
    weight = np.bincount(bins, count, minlength=10)
    overall = (error * count).sum() / max(count.sum(), 1)
    return np.asarray(((np.bincount(bins, error * count, minlength=10) + 20 * overall) / (weight + 20))[bins])
