"""Bend calibrated distributions toward boosted quantiles, as far as backtests bear it out."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.levels import DEMAND_LEVELS
from distributions.pinball import pinball_loss
from features.demand.demand_class import CLASSES
from features.demand.panel import Array
from models.demand.distributions.calibration import SpreadInputs
from models.demand.distributions.quantile_boosting import KNOTS, Single

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PRIOR = 0.4
"""Share of the way that is gone where backtests say nothing."""

ENOUGH = 2_000.0
"""Forecasts at which the best share of a class weighs as much as that of all, and that of all as much as `PRIOR`."""

ROWS = 200_000
"""Forecasts that the share is chosen on; beyond, every second, third, … is enough."""


def blended(quantiles: Array, knots: Array | Single, share: float | Array, whole: NDArray[np.bool_]) -> Array:
    """Quantiles (n, h, Q) at `DEMAND_LEVELS` moved by `share` (of all, or (n,)) toward `knots` (n, h, A).

    Distances count on the scale of √y.

    The move at the knots is interpolated in the normal score of the level and goes on unchanged beyond the outer
    ones, so that tails keep their shape. Rows without knots (NaN) stay as they are.
    """
    offset = np.where(whole, 0.5, 0.0)[:, None, None]  # the centre of a whole unit
    root = np.sqrt(quantiles + offset)
    at = np.searchsorted(DEMAND_LEVELS, KNOTS)
    move = np.nan_to_num(np.sqrt(knots + offset) - root[:, :, at])
    moved = np.maximum(root + np.reshape(share, (-1, 1, 1)) * (move @ _INTERPOLATION), 0.0) ** 2
    result = np.maximum.accumulate(np.where(whole[:, None, None], np.floor(moved), moved), axis=2)
    silent = np.isnan(knots[:, :, 0])
    result[silent] = quantiles[silent]
    return np.asarray(result, np.float32)


def best_shares(
    quantiles: Array, knots: Array, y: Array, spread_inputs: SpreadInputs, scale: Array
) -> dict[str, float]:
    """Share of each demand class with the least pinball loss on past forecasts.

    That of a class is mixed with that of all SKUs, and this with `PRIOR`, by the number of forecasts behind it.

    Parameters
    ----------
    quantiles, knots : arrays (N, h, Q), (N, h, A), out of sample
    y : array (N, h), NaN where not known
    spread_inputs : of the N forecasts
    scale : array (N,), unit of the losses
    """
    stride = max(1, -(-y.size // ROWS))
    quantiles, knots, y, scale = (values[::stride] for values in (quantiles, knots, y, scale))
    demand_class, whole = spread_inputs.demand_class[::stride], spread_inputs.whole[::stride]
    usable = ~np.isnan(y) & ~np.isnan(knots[:, :, 0])
    known = np.nan_to_num(y)

    def summed(share: float) -> Array:
        loss = pinball_loss(known, blended(quantiles, knots, share, whole), DEMAND_LEVELS)
        return np.asarray(np.where(usable, loss / scale[:, None], 0.0).sum(axis=1))

    losses = np.stack([summed(share) for share in SHARES])
    count = usable.sum(axis=1)
    common = _mixed(losses, count, PRIOR)
    return {
        name: round(_mixed(losses[:, demand_class == name], count[demand_class == name], common), 4)
        for name in CLASSES
    }


def _mixed(losses: Array, count: NDArray[np.int64], otherwise: float) -> float:
    """Best share by the summed losses (S, N) of `count` (N,) forecasts, mixed with `otherwise`."""
    n = float(count.sum())
    best = SHARES[int(np.argmin(losses.sum(axis=1)))] if n else otherwise
    return (n * best + ENOUGH * otherwise) / (n + ENOUGH)


def _interpolation() -> Array:
    """Weights (A, Q) of the moves at the knots in the move at each level."""
    z = ndtri(DEMAND_LEVELS)
    return np.stack([np.interp(z, ndtri(KNOTS), row) for row in np.eye(len(KNOTS))]).astype(np.float32)


_INTERPOLATION = _interpolation()
