"""The pinball loss of quantile forecasts (Koenker and Bassett 1978): the one that all scores here are made of."""

import numpy as np

from distributions.distribution import Array
from distributions.levels import BACKTEST_LEVELS, Levels


def pinball_loss(y: Array, quantiles: Array, levels: Levels = BACKTEST_LEVELS) -> Array:
    """Mean over the Q levels of max(τ·(y − q), (τ − 1)·(y − q)), units of y; NaN where y is.

    Parameters
    ----------
    y : array of any shape
    quantiles : array (*y.shape, Q)
    levels : array (Q,), τ
    """
    gap = y[..., None] - quantiles
    return np.asarray(np.maximum(levels * gap, (levels - 1) * gap).mean(axis=-1))
