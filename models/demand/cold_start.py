"""SKUs with little or no past: they borrow from their category, and say so."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from features.contract.calendar import season_length
from features.demand.demand_class import SHORT, known_demand, silent
from features.demand.groups import category_codes
from features.demand.lifecycle import relaunches
from features.demand.panel import Array, Panel

RECENT = 13
"""Periods that make up a category's recent level."""

USUAL, ENOUGH = 1.0, 50.0
"""Periods of own demand that weigh as much as the category where nothing is known, and the SKUs that would tell."""

SHOWN, HIDDEN = 4, 8
"""Periods from which, to learn how much own demand is worth, the mean of the periods after them is guessed."""

LEAST, MOST = 0.3, 0.98
"""Weight of `SHOWN` own periods at least and at most."""


@dataclass(frozen=True)
class Prior:
    """What a SKU with little past is pulled toward.

    Attributes
    ----------
    root, variance : arrays (n,), mean of √level among its like, and what the mean level is above its square
    deviation : array (n,), standard deviation of √level within the category
    periods : own periods that weigh as much
    """

    root: Array
    variance: Array
    deviation: Array
    periods: float

    def own_share(self, panel: Panel) -> Array:
        """Weight of each SKU's own forecast on the scale of √level, (n,); 1 from `SHORT` known periods on."""
        known = (~np.isnan(known_demand(panel))).sum(axis=1)
        return np.where(known < SHORT, known / (known + self.periods), 1.0)


def recent_levels(panel: Panel) -> Array:
    """Mean of each SKU's last 13 known periods, shape (n,), NaN where nothing is known."""
    y = panel.learned
    known = ~np.isnan(y)
    late = known & (np.cumsum(known[:, ::-1], axis=1)[:, ::-1] <= RECENT)
    count = late.sum(axis=1)
    total = np.where(late, np.nan_to_num(y), 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def category_levels(panel: Panel) -> tuple[Array, Array, Array]:
    """What a SKU of each SKU's category sells a period: mean, and mean and standard deviation of √level, each (n,).

    Few SKUs in a category lean on all SKUs (five of them weigh as much).
    """
    levels, codes = recent_levels(panel), category_codes(panel)
    usable = np.isfinite(levels)
    if not usable.any():
        return np.zeros(len(panel)), np.zeros(len(panel)), np.zeros(len(panel))
    known, groups = levels[usable], codes[usable]
    count = np.bincount(groups, minlength=int(codes.max()) + 1)
    mean = (np.bincount(groups, known, len(count)) + 5 * known.mean()) / (count + 5)
    root = np.sqrt(known)
    root_mean = (np.bincount(groups, root, len(count)) + 5 * root.mean()) / (count + 5)
    off = (root - root_mean[groups]) ** 2
    variance = (np.bincount(groups, off, len(count)) + 5 * root.var()) / (count + 5)
    return mean[codes], root_mean[codes], np.sqrt(variance)[codes]


def credibility(panel: Panel, root: Array) -> float:
    """Periods of own demand that weigh as much as the category, whose √level is `root` (n,), as SKUs with a past show.

    The mean of their last periods is guessed on the scale of √level from the few before them and their category; of
    the weight w of the few with the least squared error follows k in w = t / (t + k). Where SKUs of a category
    differ by orders of magnitude and sell steadily a period says much (k = 0.3), where they are alike and promoted
    little (k = 4 and more).
    """
    y = panel.learned
    shown, hidden = y[:, -SHOWN - HIDDEN : -HIDDEN], y[:, -HIDDEN:]
    usable = (~np.isnan(shown)).all(axis=1) & ((~np.isnan(hidden)).sum(axis=1) >= SHOWN)
    usable &= panel.periods >= SHOWN + HIDDEN
    n = int(usable.sum())
    if not n:
        return USUAL
    center = root[usable]
    own = np.sqrt(shown[usable].mean(axis=1)) - center
    came = np.sqrt(np.nanmean(hidden[usable], axis=1)) - center
    weight = np.clip((own @ came) / max(own @ own, 1e-12), LEAST, MOST)
    return float((n * SHOWN * (1 - weight) / weight + ENOUGH * USUAL) / (n + ENOUGH))


def priors(panel: Panel, seen: Panel) -> Prior:
    """What each SKU's like sell: its category, after a relaunch the SKU itself before.

    Parameters
    ----------
    seen : `living` of the panel: without what was before a relaunch
    """
    start = relaunches(panel)
    mean, root, deviation = category_levels(seen)
    worth = credibility(seen, root)
    variance = np.minimum(deviation**2, np.maximum(mean - root**2, 0.0))
    if (start > 0).any():
        sold = np.nan_to_num(panel.learned) > 0
        earlier = np.arange(panel.periods)[None, :] < start[:, None]
        selling = earlier & (np.cumsum((sold & earlier)[:, ::-1], axis=1)[:, ::-1] > 0)
        before = recent_levels(replace(panel, y=np.where(selling, panel.y, np.nan), succession=None))
        known = np.isfinite(before)
        root, variance = np.where(known, np.sqrt(before), root), np.where(known, 0.0, variance)
    return Prior(root, variance, deviation, worth)


def blended(mean: Array, share: Array, prior: Prior) -> Array:
    """Forecasts (n, h) as means of a level whose square root is known with weight `share` (n,), the rest by `prior`."""
    own, rest = share[:, None], (1 - share)[:, None]
    root = own * np.sqrt(np.maximum(mean, 0.0)) + rest * prior.root[:, None]
    return np.asarray(root**2 + rest * prior.variance[:, None])


def reasons(panel: Panel, demand_class: NDArray[np.object_]) -> NDArray[np.object_]:
    """Reason code of each SKU, shape (n,): "" where the forecast rests on the SKU's own past alone.

    From the weakest to the strongest: `short_history`, or without any past `new_from_category` and
    `unknown_category`; `silent`, not sold for longer than ever before and than its rhythm explains; `dead`;
    `relaunched`; `carried_over` from a replaced SKU; `replaced` by another.
    """
    known = (~np.isnan(known_demand(panel))).sum(axis=1)
    named = (
        panel.static["category"].notna().to_numpy()
        if "category" in panel.static
        else np.zeros(len(panel), bool)
    )
    new = np.where(named, "new_from_category", "unknown_category")
    short = np.where(known == 0, new, "short_history")
    result = np.where(demand_class == "short", short, np.where(silent(panel), "silent", ""))
    result = np.where(demand_class == "dead", "dead", result)
    start = relaunches(panel)
    before = np.arange(panel.periods)[None, :] < start[:, None]
    again = ((np.nan_to_num(panel.y) > 0) & before).any(axis=1)
    recent = panel.periods - start <= season_length(panel.freq)
    result = np.where(again & recent, "relaunched", result).astype(object)
    if panel.succession is not None and len(panel.succession):
        final = panel.succession.final()
        result[final.new], result[final.old] = "carried_over", "replaced"
    return result
