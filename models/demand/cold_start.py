"""SKUs with little or no past: they borrow from their category, and say so."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from features.calendar import season_length
from features.demand_class import SHORT, known_demand, silent
from features.groups import category_codes
from features.lifecycle import living, relaunches
from features.panel import Array, Panel

RECENT = 13
"""Periods that make up a category's recent level."""

PRIOR = 2.0
"""Periods of own demand that weigh as much as the category."""


def recent_levels(panel: Panel) -> Array:
    """Mean of each SKU's last 13 known periods, shape (n,), NaN where nothing is known."""
    y = panel.learned
    known = ~np.isnan(y)
    late = known & (np.cumsum(known[:, ::-1], axis=1)[:, ::-1] <= RECENT)
    count = late.sum(axis=1)
    total = np.where(late, np.nan_to_num(y), 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def category_levels(panel: Panel) -> tuple[Array, Array]:
    """What a SKU of each SKU's category sells a period: mean and standard deviation of √level, each (n,).

    Few SKUs in a category lean on all SKUs (five of them weigh as much).
    """
    levels, codes = recent_levels(panel), category_codes(panel)
    usable = np.isfinite(levels)
    if not usable.any():
        return np.zeros(len(panel)), np.zeros(len(panel))
    known, groups = levels[usable], codes[usable]
    count = np.bincount(groups, minlength=int(codes.max()) + 1)
    mean = (np.bincount(groups, known, len(count)) + 5 * known.mean()) / (count + 5)
    root = np.sqrt(known)
    root_mean = (np.bincount(groups, root, len(count)) + 5 * root.mean()) / (count + 5)
    off = (root - root_mean[groups]) ** 2
    variance = (np.bincount(groups, off, len(count)) + 5 * root.var()) / (count + 5)
    return mean[codes], np.sqrt(variance)[codes]


def fallback_levels(panel: Panel) -> Array:
    """What a SKU with little past is pulled toward, (n,): its category's level, after a relaunch its own before."""
    category, start = category_levels(living(panel))[0], relaunches(panel)
    if not (start > 0).any():
        return category
    sold = np.nan_to_num(panel.learned) > 0
    earlier = np.arange(panel.periods)[None, :] < start[:, None]
    selling = earlier & (np.cumsum((sold & earlier)[:, ::-1], axis=1)[:, ::-1] > 0)
    before = recent_levels(replace(panel, y=np.where(selling, panel.y, np.nan), succession=None))
    return np.where(np.isfinite(before), before, category)


def blended(mean: Array, panel: Panel, prior: Array) -> Array:
    """Forecasts (n, h) with those of short SKUs pulled toward the level `prior` (n,)."""
    known = (~np.isnan(known_demand(panel))).sum(axis=1)
    own = np.where(known < SHORT, known / (known + PRIOR), 1.0)[:, None]
    return np.asarray(own * mean + (1 - own) * prior[:, None])


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
