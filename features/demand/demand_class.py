"""Demand classes (smooth, erratic, intermittent, lumpy, short, dead) by how often a SKU sells and how sizes vary."""

import numpy as np
from numpy.typing import NDArray

from features.contract.frequency import season_length
from features.demand.panel import Array, Panel

CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "short", "dead")

ADI_LIMIT, CV2_LIMIT = 1.32, 0.49
"""Bounds of the average demand interval and of the squared variation: Syntetos, Boylan & Croston (2005)."""

SHORT = 10
"""Fewer known periods than this say too little to be classed."""

SILENT, CHANCE = 4, 1e-3
"""Periods without a sale, and the chance of so long a pause by the SKU's own rhythm, from which it counts as silent."""


def periods_since_sale(y: Array) -> NDArray[np.int64]:
    """Known periods since each SKU's last sale, (n,), by which its class is dead; all where nothing was sold."""
    known, sold = ~np.isnan(y), np.nan_to_num(y) > 0
    after_last = np.cumsum(sold[:, ::-1], axis=1)[:, ::-1] == 0
    return np.asarray((known & after_last).sum(axis=1))


def intermittency(y: Array) -> tuple[Array, Array]:
    """What demand classes rest on, each (n,): average demand interval (ADI, known periods per sale), CV² of sizes sold.

    (inf, 0) where nothing was sold.
    """
    known, sold = (~np.isnan(y)).sum(axis=1), np.nan_to_num(y) > 0
    sales = sold.sum(axis=1)
    sizes = np.where(sold, np.nan_to_num(y), 0.0)
    mean = sizes.sum(axis=1) / np.maximum(sales, 1)
    variance = (np.where(sold, sizes - mean[:, None], 0.0) ** 2).sum(axis=1) / np.maximum(sales - 1, 1)
    adi = np.where(sales > 0, known / np.maximum(sales, 1), np.inf)
    return adi, np.asarray(variance / np.maximum(mean, 1e-12) ** 2)


def demand_classes(panel: Panel) -> NDArray[np.object_]:
    """Demand class of each SKU as of the panel's end, shape (n,).

    smooth ADI < 1.32, CV² < .49 · erratic ADI < 1.32 · intermittent CV² < .49 · lumpy the rest · short fewer
    than 10 known periods · dead: no sale for a season, and for so long that its own rhythm makes it a 1 in 1000
    chance (a Christmas article is not dead in July).
    """
    y = panel.known_demand
    adi, cv2 = intermittency(y)
    known = (~np.isnan(y)).sum(axis=1)
    regular = adi < ADI_LIMIT
    result = np.select(
        [regular & (cv2 < CV2_LIMIT), regular, cv2 < CV2_LIMIT],
        ["smooth", "erratic", "intermittent"],
        "lumpy",
    ).astype(object)
    result[known < SHORT] = "short"
    result[_dead(y, adi, known, season_length(panel.freq))] = "dead"
    return result


def steady_skus(panel: Panel) -> NDArray[np.bool_]:
    """Whether a SKU's demand was the same in all of its `SHORT` or more known periods, (n,); none at all, for example.

    Where nothing ever varied there is nothing to learn a distribution from: the forecast is that demand.
    """
    known = ~np.isnan(panel.known_demand)
    y = np.nan_to_num(panel.y)
    highest, lowest = y.max(axis=1, initial=0.0), np.where(known, y, np.inf).min(axis=1, initial=np.inf)
    return np.asarray((known.sum(axis=1) >= SHORT) & (highest == lowest))


def silent_skus(panel: Panel) -> NDArray[np.bool_]:
    """Whether each SKU is silent, perhaps discontinued, (n,): no sale for longer than ever, and than chance explains.

    A seasonal article pauses as long every year; one that is sold out without being marked so counts as silent too.
    """
    y = panel.known_demand
    adi, _ = intermittency(y)
    idle = periods_since_sale(y)
    unlikely = _pause_chance(adi, idle) < CHANCE
    return np.asarray(np.isfinite(adi) & (idle > _longest_pause(y)) & (idle >= SILENT) & unlikely)


def _pause_chance(adi: Array, idle: NDArray[np.int64]) -> Array:
    """Chance of `idle` periods without a sale at one in `adi` periods, (n,): a SKU is dead or silent by it.

    (1 − 1/ADI)^idle, 1 where nothing was ever sold.
    """
    return np.asarray(np.where(np.isfinite(adi), 1 - 1 / np.maximum(adi, 1.0), 1.0) ** idle)


def _longest_pause(y: Array) -> NDArray[np.int64]:
    """Longest pause between two sales in known periods, (n,); that of a silent SKU is longer still."""
    known, sold = ~np.isnan(y), np.nan_to_num(y) > 0
    zeros = np.cumsum(known & ~sold, axis=1)
    at_sale = np.where(sold, zeros, -1)
    before = np.maximum.accumulate(at_sale, axis=1)
    previous = np.concatenate([np.full((len(y), 1), -1), before[:, :-1]], axis=1)
    pauses = np.where(sold & (previous >= 0), zeros - previous, 0)
    return np.asarray(pauses.max(axis=1, initial=0))


def _dead(y: Array, adi: Array, known: NDArray[np.int64], season: int) -> NDArray[np.bool_]:
    """Whether each SKU is of class dead, (n,): never sold, or not for a season and longer than its rhythm explains."""
    idle = periods_since_sale(y)
    enough = max(season, SHORT)
    never = ~np.isfinite(adi) & (known >= SHORT)
    return np.asarray(never | ((idle >= enough) & (_pause_chance(adi, idle) < CHANCE)))
