"""Shared delay: how far orders of one supplier are late together, as in a strike or a congested port."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.evaluation.spread_calibration import BacktestForecasts
from models.lead_time.evidence import gain_lower_bound
from planning.protocols import INDEPENDENT_DELAYS, SharedDelay

_DECAY_DAYS = (7.0, 14.0, 28.0, 56.0)
_LAGS = (1, 2, 4, 8, 16, 32, 64)  # places in the supplier's sequence of orders: near ones and far ones
_FEWEST = 10  # suppliers in a window; their number is what the standard error rests on
_STANDARD_ERRORS = 3.0
"""Three, for the best of four decays is taken, and a shared delay that is not there makes every plan dearer."""
_LARGEST_SCORE = 2.5  # normal scores are cut there: a distribution's far tail is hardly known
_LARGEST_CORRELATION = 0.9


def learn_shared_delay(windows: Sequence[BacktestForecasts]) -> SharedDelay:
    """Shared delay of one supplier's orders: correlation ρ·exp(−g/τ) at g days apart, none where it may be chance.

    Out of sample, an order's probability in its own forecast becomes a normal score z. Products of two scores of a
    supplier and window are fitted by least squares as a + ρ·exp(−g/τ): what all orders of a supplier share
    however far apart, a, is an error in the forecast of its level, and left to that. Orders of a supplier and window
    are not independent, so together they count as one observation. ρ is shrunk by ρ² / (ρ² + its squared error).
    """
    parts = [_scores(window).assign(window=k) for k, window in enumerate(windows)]
    if not parts:
        return INDEPENDENT_DELAYS
    scores = pd.concat(parts, ignore_index=True)
    if scores.empty:
        return INDEPENDENT_DELAYS
    product, gap, group = _pairs(scores.sort_values(["window", "supplier_id", "ordered_at", "order_id"]))
    if len(np.unique(group)) < _FEWEST:
        return INDEPENDENT_DELAYS
    fits = [(*_fit(product, np.exp(-gap / days), group), days) for days in _DECAY_DAYS]
    _, strength, error, days = min(fits)
    if not gain_lower_bound(strength, error, k=_STANDARD_ERRORS) > 0:
        return INDEPENDENT_DELAYS
    return SharedDelay(float(min(strength**3 / (strength**2 + error**2), _LARGEST_CORRELATION)), days)


def _scores(window: BacktestForecasts) -> pd.DataFrame:
    """Normal score `z` of each closed order of a backtest window, with supplier_id, ordered_at and order_id."""
    closed = ~window.orders["is_open"].to_numpy(bool)
    orders = window.orders[closed]
    days = orders["duration"].to_numpy(float)
    forecast = Distribution(LEAD_TIME_LEVELS, window.values[closed])
    # whole days: the middle of the day's probability
    probability = (forecast.cdf(np.maximum(days - 0.5, 0.0)) + forecast.cdf(days + 0.5)) / 2
    score = np.clip(ndtri(np.clip(probability, 1e-6, 1 - 1e-6)), -_LARGEST_SCORE, _LARGEST_SCORE)
    order_id = orders["order_id"] if "order_id" in orders else np.arange(len(orders)).astype(str)
    return orders[["supplier_id", "ordered_at"]].assign(order_id=order_id, z=score)


def _pairs(scores: pd.DataFrame) -> tuple[Array, Array, NDArray[np.int64]]:
    """Pairs of orders: product of their standardised scores, days between them, number of their supplier and window.

    Lines of one order are no pair: that they come together says nothing of other orders.
    """
    z = scores["z"].to_numpy(float)
    z = (z - z.mean()) / max(float(z.std()), 1e-9)
    day = (scores["ordered_at"] - scores["ordered_at"].min()).to_numpy() / np.timedelta64(1, "D")
    group = scores.groupby(["window", "supplier_id"], sort=False).ngroup().to_numpy(np.int64)
    order = pd.factorize(scores["order_id"])[0]
    pairs = []
    for lag in _LAGS:
        first = np.flatnonzero((group[lag:] == group[:-lag]) & (order[lag:] != order[:-lag]))
        pairs.append((z[first] * z[first + lag], day[first + lag] - day[first], group[first]))
    product, gap, pair_group = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return product, gap, pair_group


def _fit(product: Array, decay: Array, group: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean squared error, ρ and its standard error by groups, of product = a + ρ·decay by least squares."""
    spread = decay - decay.mean()
    total = float((spread**2).sum())
    if total <= 0:
        return np.inf, 0.0, np.inf
    strength = float((spread * product).sum()) / total
    residual = product - product.mean() - strength * spread
    error = float(np.sqrt((np.bincount(group, spread * residual) ** 2).sum())) / total
    return float((residual**2).mean()), strength, error
