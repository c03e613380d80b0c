"""Quantile blend: calibrated distributions moved toward boosted quantiles, as far as backtests bear it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.levels import DEMAND_LEVELS
from distributions.pinball import pinball_loss
from features.demand.demand_class import CLASSES
from features.demand.panel import Array
from models.demand.distributions.quantile_boosting import BOOSTED_LEVELS, Float32Array

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Blend shares tried: 0 keeps the calibrated quantiles, 1 takes the boosted ones."""

DEFAULT_SHARE = 0.4
"""Blend share where there are no backtest forecasts to choose it on."""

POOLING_FORECASTS = 2_000.0
"""Forecasts at which a class's best share weighs as much as that of all, and that of all as much as the default."""

MOST_FORECASTS = 200_000
"""Forecasts that the share is chosen on; beyond, every second, third, … is enough."""


@dataclass(frozen=True)
class BlendedSkus:
    """SKUs of N forecasts with a blend share, (N,) each: class, step of demand (0: continuous), unit of losses."""

    demand_class: NDArray[np.object_]
    step: Array
    scale: Array

    def every(self, stride: int) -> Self:
        """Every `stride`-th of the forecasts."""
        return type(self)(self.demand_class[::stride], self.step[::stride], self.scale[::stride])


def blend_quantiles(
    quantiles: Array, boosted: Array | Float32Array, share: float | Array, step: Array
) -> Array:
    """Blend calibrated quantiles (n, h, Q) with boosted ones (n, h, A) by `share` (of all, or (n,)): (n, h, Q).

    0 leaves them as they are, 1 moves them to the boosted ones at `BOOSTED_LEVELS`. Distances count on the scale of
    √y; moves are interpolated in the normal score of the level and go on unchanged beyond the outer levels, so that
    tails keep their shape. Rows without boosted quantiles (NaN) stay as they are. Demand comes in steps of `step`
    (n,), 0 where it is continuous.
    """
    steps = step[:, None, None]
    offset = steps / 2  # the centre of a whole unit
    root = np.sqrt(quantiles + offset)
    at = np.searchsorted(DEMAND_LEVELS, BOOSTED_LEVELS)
    move = np.nan_to_num(np.sqrt(boosted + offset) - root[:, :, at])
    moved = np.maximum(root + np.reshape(share, (-1, 1, 1)) * (move @ _INTERPOLATION), 0.0) ** 2
    whole = np.floor(moved / np.where(steps > 0, steps, 1.0)) * steps
    result = np.maximum.accumulate(np.where(steps > 0, whole, moved), axis=2)
    missing = np.isnan(boosted[:, :, 0])
    result[missing] = quantiles[missing]
    return np.asarray(result, np.float32)


def blend_by_class(
    quantiles: Array,
    boosted: Array | Float32Array,
    shares: Mapping[str, float],
    *,
    demand_class: NDArray[np.object_],
    step: Array,
    sums: bool,
) -> Array:
    """Blend quantiles (n, h, Q) with boosted ones, by the share of each SKU's class; those of sums rise with k."""
    share = np.array([shares[c] for c in demand_class])
    result = blend_quantiles(quantiles, boosted, share, step)
    return np.asarray(np.maximum.accumulate(result, axis=1)) if sums else result


def best_blend_shares(
    quantiles: Array,
    boosted: Array | Float32Array,
    *,
    y: Array,
    skus: BlendedSkus,
    default: float = DEFAULT_SHARE,
) -> dict[str, float]:
    """Blend share of each demand class with the least pinball loss on past forecasts.

    That of a class is mixed with that of all SKUs, and this with the default, by the number of forecasts behind it.

    Parameters
    ----------
    quantiles, boosted : arrays (N, h, Q), (N, h, A), out of sample
    y : array (N, h), NaN where not known
    skus : of the N forecasts
    default : share without any
    """
    stride = max(1, -(-y.size // MOST_FORECASTS))
    quantiles, y, boosted = quantiles[::stride], y[::stride], boosted[::stride]
    some = skus.every(stride)
    demand_class, step, scale = some.demand_class, some.step, some.scale
    usable = ~np.isnan(y) & ~np.isnan(boosted[:, :, 0])
    known = np.nan_to_num(y)

    def summed_loss(share: float) -> Array:
        loss = pinball_loss(known, blend_quantiles(quantiles, boosted, share, step), DEMAND_LEVELS)
        return np.asarray(np.where(usable, loss / scale[:, None], 0.0).sum(axis=1))

    losses = np.stack([summed_loss(share) for share in SHARES])
    count = usable.sum(axis=1)
    overall = _pooled_share(losses, count, default)
    shares = {}
    for name in CLASSES:
        of_class = demand_class == name
        shares[name] = round(_pooled_share(losses[:, of_class], count[of_class], overall), 4)
    return shares


def _pooled_share(losses: Array, count: NDArray[np.int64], otherwise: float) -> float:
    """Best blend share by the summed losses (S, N) of `count` (N,) forecasts, pooled with `otherwise`."""
    n = float(count.sum())
    best = SHARES[int(np.argmin(losses.sum(axis=1)))] if n else otherwise
    return (n * best + POOLING_FORECASTS * otherwise) / (n + POOLING_FORECASTS)


def _interpolation() -> Array:
    """Weights (A, Q) of the moves at the boosted levels in the move at each demand level."""
    z = ndtri(DEMAND_LEVELS)
    eye = np.eye(len(BOOSTED_LEVELS))
    return np.stack([np.interp(z, ndtri(BOOSTED_LEVELS), row) for row in eye]).astype(np.float32)


_INTERPOLATION = _interpolation()
