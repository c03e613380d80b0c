"""Ensemble weights from rolling origins: what would have been the best mixture, pulled toward equal shares."""

import numpy as np
from numpy.typing import NDArray

from features.demand_class import CLASSES
from features.panel import Array

EQUAL_PULL = 0.03
"""Ridge toward equal weights, as a share of the members' mean squared error."""

POOLING = 3000.0
"""Errors a class must have to count as much as all classes together."""


def member_weights(
    y: Array, members: dict[str, Array], demand_class: NDArray[np.object_], scale: Array
) -> dict[str, Array]:
    """Weights per class, each (M,), ≥ 0 and summing to 1.

    They minimise the mean squared error of period and cumulative forecasts (the latter over √k), each SKU in
    units of its own `scale` (O, n), so that a bias, which adds up over the steps, costs more than noise.

    Parameters
    ----------
    y : array (O, n, h), NaN where unknown
    members : name → array (O, n, h), NaN where a member has no forecast
    demand_class : array (O, n)
    """
    count = len(members)
    equal = {name: np.full(count, 1 / count) for name in CLASSES}
    known = ~np.isnan(y) & np.all([~np.isnan(m) for m in members.values()], axis=0)
    if count == 1 or not known.any():
        return equal
    errors = np.stack([(m - y) / scale[:, :, None] for m in members.values()])
    errors = np.clip(np.where(known, errors, 0.0), -20, 20)
    running = np.cumsum(errors, axis=-1) / np.sqrt(np.maximum(known.cumsum(axis=-1), 1))
    both = np.stack([errors, np.where(known, running, 0.0)])
    per_class = {c: _gram(both, known & (demand_class == c)[:, :, None]) for c in CLASSES}
    total = sum(g for g, _ in per_class.values())
    size = sum(n for _, n in per_class.values())
    return {
        c: simplex_minimum((gram + total / size * POOLING) / (n + POOLING))
        for c, (gram, n) in per_class.items()
    }


def _gram(errors: Array, where: NDArray[np.bool_]) -> tuple[Array, float]:
    picked = errors[:, :, where]
    return np.einsum("bme,bne->mn", picked, picked), float(where.sum())


def simplex_minimum(gram: Array, rounds: int = 3000) -> Array:
    """Minimise w'Gw + pull · |w − 1/M|² over the simplex by projected gradient steps."""
    count = len(gram)
    ridge = EQUAL_PULL * np.trace(gram) / count
    G = gram + ridge * np.eye(count)
    step = 1 / max(float(np.linalg.eigvalsh(G)[-1]), 1e-12)
    w = np.full(count, 1 / count)
    for _ in range(rounds):
        w = _on_simplex(w - step * (G @ w - ridge / count))
    return np.round(w, 6) / np.round(w, 6).sum()


def _on_simplex(v: Array) -> Array:
    """Nearest point with parts ≥ 0 that sum to 1 (Duchi et al., 2008)."""
    rising = np.sort(v)[::-1]
    excess = (np.cumsum(rising) - 1) / np.arange(1, len(v) + 1)
    return np.maximum(v - excess[np.flatnonzero(rising > excess)[-1]], 0.0)


def combined(
    members: dict[str, Array], weights: dict[str, Array], demand_class: NDArray[np.object_]
) -> Array:
    """Weighted mean of the members' forecasts, members without a value left out; shape (…, n, h)."""
    table = np.stack([weights[c] for c in CLASSES])
    code = np.searchsorted(np.sort(CLASSES), demand_class)
    w = table[np.argsort(CLASSES)][code]
    values = np.stack(list(members.values()), axis=-1)
    share = np.where(np.isnan(values), 0.0, w[..., None, :])
    total = share.sum(axis=-1)
    return np.asarray((np.nan_to_num(values) * share).sum(axis=-1) / np.maximum(total, 1e-12))
