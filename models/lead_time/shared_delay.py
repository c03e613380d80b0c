"""How far orders of one supplier are late together: congestion, a strike, a container that waits for the next ship."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.evaluation.spread import Judged
from planning.projection.arrival_scenarios import INDEPENDENT, SharedDelay

_LIVES = (7.0, 14.0, 28.0, 56.0)  # days
_APART = (
    1,
    2,
    4,
    8,
    16,
    32,
    64,
)  # places in the supplier's sequence of orders: near ones and far ones
_FEWEST = 10  # suppliers in a window; their number is what the standard error rests on
_ERRORS = 3.0  # standard errors that the correlation must be above nothing, four lives having been tried
_FARTHEST = 2.5  # normal scores are cut there: a law's far tail is hardly known
_MOST = 0.9


def learn_shared_delay(windows: Sequence[Judged]) -> SharedDelay:
    """The correlation ρ·exp(−g/τ) of orders placed g days apart at one supplier, none where none is certain.

    Out of sample, an order's probability in its own forecast becomes a normal score z. Products of two scores of a
    supplier and window are fitted by least squares as a + ρ·exp(−g/τ): what all orders of a supplier share
    however far apart, a, is an error in the forecast of its level, and left to that. Orders of a supplier and window
    share their fate, so together they count as one observation. ρ is shrunk by ρ² / (ρ² + its squared error).
    """
    parts = [_scores(window).assign(window=k) for k, window in enumerate(windows)]
    if not parts:
        return INDEPENDENT
    scores = pd.concat(parts, ignore_index=True)
    product, gap, group = _pairs(scores.sort_values(["window", "supplier_id", "ordered_at", "order_id"]))
    if len(np.unique(group)) < _FEWEST:
        return INDEPENDENT
    fits = [(*_fit(product, np.exp(-gap / life), group), life) for life in _LIVES]
    _, strength, error, life = min(fits)
    if not strength > _ERRORS * error:
        return INDEPENDENT
    return SharedDelay(float(min(strength**3 / (strength**2 + error**2), _MOST)), life)


def _scores(window: Judged) -> pd.DataFrame:
    """supplier_id, ordered_at, order_id and the normal score z of the closed orders of a window."""
    closed = ~window.orders["is_open"].to_numpy(bool)
    orders = window.orders[closed]
    days = orders["duration"].to_numpy(float)
    law = Distribution(LEAD_TIME_LEVELS, window.values[closed])
    # whole days: the middle of the day's probability
    chance = (law.cdf(np.maximum(days - 0.5, 0.0)) + law.cdf(days + 0.5)) / 2
    score = np.clip(ndtri(np.clip(chance, 1e-6, 1 - 1e-6)), -_FARTHEST, _FARTHEST)
    order_id = orders["order_id"] if "order_id" in orders else np.arange(len(orders)).astype(str)
    return orders[["supplier_id", "ordered_at"]].assign(order_id=order_id, z=score)


def _pairs(scores: pd.DataFrame) -> tuple[Array, Array, NDArray[np.int64]]:
    """Product of two orders' standardised scores, days between them, and number of their supplier and window.

    Lines of one order are no pair: whether they come together is seen in them directly.
    """
    z = scores["z"].to_numpy(float)
    z = (z - z.mean()) / max(float(z.std()), 1e-9)
    day = (scores["ordered_at"] - scores["ordered_at"].min()).to_numpy() / np.timedelta64(1, "D")
    group = scores.groupby(["window", "supplier_id"], sort=False).ngroup().to_numpy(np.int64)
    order = pd.factorize(scores["order_id"])[0]
    found = []
    for lag in _APART:
        first = np.flatnonzero((group[lag:] == group[:-lag]) & (order[lag:] != order[:-lag]))
        found.append((z[first] * z[first + lag], day[first + lag] - day[first], group[first]))
    product, gap, of = (np.concatenate(part) for part in zip(*found, strict=True))
    return product, gap, of


def _fit(product: Array, near: Array, group: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean squared error, ρ and its standard error by groups, of product = a + ρ·near."""
    spread = near - near.mean()
    total = float((spread**2).sum())
    if total <= 0:
        return np.inf, 0.0, np.inf
    strength = float((spread * product).sum()) / total
    left = product - product.mean() - strength * spread
    error = float(np.sqrt((np.bincount(group, spread * left) ** 2).sum())) / total
    return float((left**2).mean()), strength, error
