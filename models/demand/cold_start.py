"""Cold start: SKUs with little or no past borrow their level from their category, weighted by credibility."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from features.demand.demand_class import SHORT
from features.demand.demand_unit import DemandUnits
from features.demand.lifecycle.relaunch import last_relaunch
from features.demand.panel import Array, Panel
from features.demand.sku_groups import category_codes
from features.demand.typical_level import without_outliers

RECENT_PERIODS = 13
"""Periods that make up a SKU's recent level."""

POOLING_SKUS = 5
"""SKUs that the mean over all categories weighs as much as, within a category."""

DEFAULT_CREDIBILITY, DEFAULT_SKUS = 1.0, 50.0
"""Periods of own demand that weigh as much as the category by default, and the SKUs this default is worth."""

SHOWN, HIDDEN = 4, 8
"""Periods shown, and periods after them to be forecast, when credibility is learned from SKUs with a past."""

LOWEST_WEIGHT, HIGHEST_WEIGHT = 0.3, 0.98
"""Bounds of the weight of `SHOWN` own periods."""


@dataclass(frozen=True)
class LevelPrior:
    """The level that SKUs with little past are shrunk toward.

    Attributes
    ----------
    root, variance : arrays (n,), mean of √level in the SKU's category, and what the mean level is above its square
    deviation : array (n,), standard deviation of √level within the category
    periods : periods of own demand that weigh as much as the prior
    """

    root: Array
    variance: Array
    deviation: Array
    periods: float

    def own_weight(self, panel: Panel) -> Array:
        """Credibility weight of each SKU's own forecast on the scale of √level, (n,); 1 from `SHORT` known periods.

        What is borrowed moves √level no further than to the end of its own 95 % confidence interval, and leaves it no
        more uncertain than that (limited translation, Efron & Morris, 1972): the level of SKUs a thousand times as
        large says nothing of one that has sold the same for half a year.
        """
        count = (~np.isnan(panel.known_demand)).sum(axis=1)
        weight = np.where(count < SHORT, count / (count + self.periods), 1.0)
        own = _own_levels(panel)
        far = np.maximum(np.abs(self.root - own.root), self.deviation)
        most = own.half_width / np.maximum(far, 1e-12)
        most = np.minimum(most, own.half_width**2 / np.maximum(self.variance, 1e-12))
        return np.where(count < 2, weight, np.maximum(weight, 1 - most))

    def level_uncertainty(self, own_weight: Array) -> Array:
        """Uncertain level of a cold start: standard deviation of √level that remains unknown, shape (n,).

        That of the levels within the category, as far as a SKU leans on them: its own forecast has weight `own_weight`
        (n,).
        """
        return np.asarray(self.deviation * (1 - own_weight))


@dataclass(frozen=True)
class _OwnLevels:
    """√level of SKUs by their own known periods, and half of its 95 % confidence interval, (n,); infinite of one."""

    root: Array
    half_width: Array


def _own_levels(panel: Panel) -> _OwnLevels:
    """√level of each SKU by itself, (n,): its noise is that of √demand, of pieces at least that of Poisson counts."""
    known = ~np.isnan(panel.known_demand)
    count = known.sum(axis=1)
    root = np.where(known, np.sqrt(np.maximum(np.nan_to_num(panel.known_demand), 0.0)), 0.0)
    mean = root.sum(axis=1) / np.maximum(count, 1)
    square = np.where(known, (root - mean[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(count - 1, 1)
    poisson = DemandUnits.of(panel.y).step / 4
    error = np.sqrt(np.maximum(square, poisson) / np.maximum(count, 1))
    half_width = np.where(count < 2, np.inf, stdtrit(np.maximum(count - 1, 1), 0.975) * error)
    return _OwnLevels(mean, half_width)


@dataclass(frozen=True)
class CategoryLevels:
    """Demand per period of a SKU of each SKU's category: its mean, and mean and deviation of √level, (n,) each."""

    mean: Array
    root: Array
    deviation: Array


def recent_levels(panel: Panel) -> Array:
    """Recent level of each SKU, which cold starts borrow: mean of its last 13 known periods, (n,), NaN without any."""
    y = panel.uncensored
    known = ~np.isnan(y)
    late = known & (np.cumsum(known[:, ::-1], axis=1)[:, ::-1] <= RECENT_PERIODS)
    count = late.sum(axis=1)
    total = np.where(late, np.nan_to_num(y), 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def category_levels(panel: Panel) -> CategoryLevels:
    """Mean and spread of the recent levels of each SKU's category, from which a new SKU borrows.

    Categories with few SKUs are shrunk to the mean of all SKUs (which five SKUs weigh as much as).
    """
    levels, codes = recent_levels(panel), category_codes(panel)
    usable = np.isfinite(levels)
    if not usable.any():
        return CategoryLevels(np.zeros(len(panel)), np.zeros(len(panel)), np.zeros(len(panel)))
    known, groups = without_outliers(levels[usable]), codes[usable]
    count = np.bincount(groups, minlength=int(codes.max()) + 1)
    mean = _shrunk_means(known, groups, count, float(known.mean()))
    root = np.sqrt(known)
    root_mean = _shrunk_means(root, groups, count, float(root.mean()))
    variance = _shrunk_means((root - root_mean[groups]) ** 2, groups, count, float(root.var()))
    return CategoryLevels(mean[codes], root_mean[codes], np.sqrt(variance)[codes])


def _shrunk_means(
    values: Array, groups: NDArray[np.int64], count: NDArray[np.int64], overall: float
) -> Array:
    """Mean level of SKUs by category, for cold starts, shrunk to `overall` by the weight of `POOLING_SKUS` SKUs."""
    sums = np.bincount(groups, values, len(count))
    return np.asarray((sums + POOLING_SKUS * overall) / (count + POOLING_SKUS))


def credibility(panel: Panel, root: Array) -> float:
    """Credibility in cold starts: the periods k of own demand that weigh as much as the category's √level `root` (n,).

    Learned from SKUs with a past: the mean of their last periods is forecast, on the scale of √level, from the few
    periods before them and their category. The weight w of the few with the least squared error gives k in
    w = t / (t + k) (Bühlmann). Where SKUs of a category differ by orders of magnitude and sell steadily, one period
    says much (k = 0.3); where they are alike and promoted, little (k = 4 and more).
    """
    y = panel.uncensored
    shown, hidden = y[:, -SHOWN - HIDDEN : -HIDDEN], y[:, -HIDDEN:]
    usable = (~np.isnan(shown)).all(axis=1) & ((~np.isnan(hidden)).sum(axis=1) >= SHOWN)
    usable &= panel.periods >= SHOWN + HIDDEN
    n = int(usable.sum())
    if not n:
        return DEFAULT_CREDIBILITY
    center = root[usable]
    own = np.sqrt(shown[usable].mean(axis=1)) - center
    actual = np.sqrt(np.nanmean(hidden[usable], axis=1)) - center
    weight = np.clip((own @ actual) / max(own @ own, 1e-12), LOWEST_WEIGHT, HIGHEST_WEIGHT)
    total = n * SHOWN * (1 - weight) / weight + DEFAULT_SKUS * DEFAULT_CREDIBILITY
    return float(total / (n + DEFAULT_SKUS))


def level_prior(panel: Panel, history: Panel) -> LevelPrior:
    """Prior level of each SKU for a cold start: that of its category, after a relaunch its own level before it.

    Parameters
    ----------
    history : `apply_lifecycle` of the panel: without the demand before a relaunch
    """
    start = last_relaunch(panel)
    category = category_levels(history)
    root, deviation = category.root, category.deviation
    periods = credibility(history, root)
    variance = np.minimum(deviation**2, np.maximum(category.mean - root**2, 0.0))
    if (start > 0).any():
        before = _levels_before_relaunch(panel, start)
        known = np.isfinite(before)
        root, variance = np.where(known, np.sqrt(before), root), np.where(known, 0.0, variance)
    return LevelPrior(root, variance, deviation, periods)


def _levels_before_relaunch(panel: Panel, start: NDArray[np.int64]) -> Array:
    """Recent level of each SKU before its relaunch in period `start` (n,), up to its last sale; NaN without one."""
    sold = np.nan_to_num(panel.uncensored) > 0
    earlier = np.arange(panel.periods)[None, :] < start[:, None]
    selling = earlier & (np.cumsum((sold & earlier)[:, ::-1], axis=1)[:, ::-1] > 0)
    return recent_levels(replace(panel, y=np.where(selling, panel.y, np.nan), succession=None))


def shrink_to_prior(mean: Array, own_weight: Array, prior: LevelPrior) -> Array:
    """Shrink forecasts (n, h) to the prior level of their SKU: a cold start's borrowing from its category.

    The square root of the level is `own_weight` (n,) times that of the SKU's own forecast, the rest the prior's.
    """
    own, rest = own_weight[:, None], (1 - own_weight)[:, None]
    root = own * np.sqrt(np.maximum(mean, 0.0)) + rest * prior.root[:, None]
    return np.asarray(root**2 + rest * prior.variance[:, None])
