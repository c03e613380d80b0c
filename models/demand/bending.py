"""Bend calibrated distributions toward boosted quantiles, as far as backtests bear it out."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from features.panel import Array
from models.demand.quantile_boosting import KNOTS, Single
from planning.distributions import DEMAND_LEVELS

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8)
PRIOR = 0.4
"""Share of the way that is gone where backtests say nothing; the best share is averaged with it."""

ROWS = 200_000
"""Forecasts that the share is chosen on; beyond, every second, third, … is enough."""


def bent(quantiles: Array, knots: Array | Single, share: float, whole: NDArray[np.bool_]) -> Array:
    """Quantiles (n, h, Q) at `DEMAND_LEVELS` moved by `share` toward `knots` (n, h, A), on the scale of √y.

    The move at the knots is interpolated in the normal score of the level and goes on unchanged beyond the outer
    ones, so that tails keep their shape. Rows without knots (NaN) stay as they are.
    """
    if not share:
        return quantiles
    offset = np.where(whole, 0.5, 0.0)[:, None, None]  # the centre of a whole unit
    root = np.sqrt(quantiles + offset)
    at = np.searchsorted(DEMAND_LEVELS, KNOTS)
    move = np.nan_to_num(np.sqrt(knots + offset) - root[:, :, at])
    moved = np.maximum(root + share * (move @ _INTERPOLATION), 0.0) ** 2
    result = np.maximum.accumulate(np.where(whole[:, None, None], np.floor(moved), moved), axis=2)
    silent = np.isnan(knots[:, :, 0])
    result[silent] = quantiles[silent]
    return np.asarray(result, np.float32)


def best_share(
    quantiles: Array,
    knots: Array,
    y: Array,
    whole: NDArray[np.bool_],
    scale: Array,
) -> float:
    """Share with the least pinball loss on past forecasts, averaged with `PRIOR`; 0 without knots.

    Parameters
    ----------
    quantiles, knots : arrays (N, h, Q), (N, h, A), out of sample
    y : array (N, h), NaN where not known
    whole, scale : arrays (N,); losses count in units of `scale`
    """
    stride = max(1, -(-y.size // ROWS))
    quantiles, knots, y = quantiles[::stride], knots[::stride], y[::stride]
    whole, scale = whole[::stride], scale[::stride]
    usable = ~np.isnan(y) & ~np.isnan(knots[:, :, 0])
    if not usable.any():
        return PRIOR if np.isfinite(knots).any() else 0.0
    losses = [
        float((_pinball(bent(quantiles, knots, share, whole), y) / scale[:, None])[usable].mean())
        for share in SHARES
    ]
    return round((SHARES[int(np.argmin(losses))] + PRIOR) / 2, 4)


def _pinball(quantiles: Array, y: Array) -> Array:
    gap = np.nan_to_num(y)[:, :, None] - quantiles
    return np.asarray(np.maximum(DEMAND_LEVELS * gap, (DEMAND_LEVELS - 1) * gap).mean(axis=2))


def _interpolation() -> Array:
    """Weights (A, Q) of the moves at the knots in the move at each level."""
    z = ndtri(DEMAND_LEVELS)
    return np.stack([np.interp(z, ndtri(KNOTS), row) for row in np.eye(len(KNOTS))]).astype(np.float32)


_INTERPOLATION = _interpolation()
