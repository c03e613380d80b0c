"""Ensemble weights of the members: the best mixture over the rolling origins, shrunk toward equal weights.

A member that learns from all SKUs together has the less of an equal weight the fewer there are to learn from.
"""

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import CLASSES
from features.demand.panel import Array
from features.demand.typical_level import without_outliers

EQUAL_WEIGHTS_RIDGE = 0.03
"""Ridge toward equal weights, as a share of the members' mean squared error."""

GLOBAL, GLOBAL_SKUS = frozenset({"boosting"}), 20.0
"""Members that learn from all SKUs together, and the SKUs from which they have half the equal weight of others."""

POOLING_ERRORS = 3000.0
"""Errors a class must have for its ridge to be only twice that."""

LARGEST_ERROR = 20.0
"""Scaled errors beyond this count as this."""


def member_weights(
    y: Array, members: dict[str, Array], demand_class: NDArray[np.object_], scale: Array
) -> dict[str, Array]:
    """Ensemble weights of the M members per demand class, each (M,), ≥ 0 and summing to 1.

    They minimise the mean squared error of period and cumulative forecasts (the latter over √k), each SKU in
    units of its own `scale` (O, n), so that a bias, which adds up over the steps, costs more than noise. Where members
    all say the same, as of SKUs that always sell as much, nothing is learned of them.

    Parameters
    ----------
    y : array (O, n, h), NaN where unknown
    members : name → array (O, n, h), NaN where a member has no forecast
    demand_class : array (O, n)
    """
    running = {name: running_errors(y, m, scale) for name, m in members.items()}
    names, differ = list(members), _differ(members)
    usual = np.array([y.shape[1] / (y.shape[1] + GLOBAL_SKUS) if m in GLOBAL else 1.0 for m in names])
    result = {}
    for c in CLASSES:
        inside = (demand_class == c)[:, :, None] & ~np.isnan(y) & differ
        active = [m for m in names if (inside & ~np.isnan(members[m])).any()] or names
        known = inside & np.all([~np.isnan(members[m]) for m in active], axis=0)
        weights, at = np.zeros(len(names)), [names.index(m) for m in active]
        weights[at] = _class_weights([running[m] for m in active], known, usual[at] / usual[at].sum())
        result[c] = weights
    return result


def _differ(members: dict[str, Array]) -> NDArray[np.bool_]:
    """Which forecasts (O, n, h) the members differ in."""
    values = np.stack(list(members.values()))
    some = ~np.isnan(values)
    highest = np.where(some, values, -np.inf).max(axis=0)
    lowest = np.where(some, values, np.inf).min(axis=0)
    return np.asarray((some.sum(axis=0) == 1) | (highest > lowest))


def error_scale(level: Array) -> Array:
    """Scale of a SKU's errors, (O, n): its forecast `level` (O, n), at least a twentieth of the typical level."""
    typical = float(without_outliers(level.ravel()).mean()) if level.size else 0.0
    return np.asarray(np.maximum(level, 0.05 * max(typical, 1e-9)))


def summed_losses(y: Array, mean: Array, scale: Array) -> tuple[Array, Array]:
    """Loss that members are weighted by, summed over steps, and number of errors: (O, n) each.

    e_k² + (Σ_{j≤k} e_j / √k)² of the errors e of `mean` against y (O, n, h), in units of `scale` (O, n).
    """
    known = ~np.isnan(y) & ~np.isnan(mean)
    squares = (running_errors(y, mean, scale) ** 2).sum(axis=0)
    return (squares * known).sum(axis=2), known.sum(axis=2).astype(float)


def running_errors(y: Array, mean: Array, scale: Array) -> Array:
    """Errors that the ensemble weights keep small: e_k of periods and Σ_{j≤k} e_j / √k of running sums, (2, O, n, h).

    0 where one side is unknown.

    Parameters
    ----------
    y, mean : arrays (O, n, h), NaN where unknown
    scale : array (O, n), the unit of each SKU's errors
    """
    known = ~np.isnan(y) & ~np.isnan(mean)
    error = np.clip(np.where(known, mean - y, 0.0) / scale[:, :, None], -LARGEST_ERROR, LARGEST_ERROR)
    return np.stack([error, np.cumsum(error, axis=-1) / np.sqrt(np.maximum(known.cumsum(axis=-1), 1))])


def _class_weights(errors: list[Array], known: NDArray[np.bool_], usual: Array) -> Array:
    """Ensemble weights (M,) of members with forecasts in one class, from their running errors where all have one.

    `usual` (M,): what they are drawn to.
    """
    count = int(known.sum())
    if len(errors) == 1 or not count:
        return usual
    of_class = np.stack([e[:, known] for e in errors])
    gram = np.einsum("mbe,nbe->mn", of_class, of_class) / count
    return simplex_minimum(gram, EQUAL_WEIGHTS_RIDGE * (1 + POOLING_ERRORS / count), usual)


def simplex_minimum(gram: Array, ridge: float, usual: Array, rounds: int = 3000) -> Array:
    """Ensemble weights w (M,) on the simplex with least w'Gw + ridge · tr(G)/M · |w − u|², by projected gradients.

    G (M, M) is the mean product of the members' errors, u (M,) the `usual` weights.
    """
    count = len(gram)
    penalty = ridge * np.trace(gram) / count
    G = gram + penalty * np.eye(count)
    step = 1 / max(float(np.linalg.eigvalsh(G)[-1]), 1e-12)
    w = np.full(count, 1 / count)
    for _ in range(rounds):
        w = _on_simplex(w - step * (G @ w - penalty * usual))
    return np.asarray(np.round(w, 6) / np.round(w, 6).sum())


def _on_simplex(v: Array) -> Array:
    """Ensemble weights nearest to v (M,) that are ≥ 0 and sum to 1: v on the simplex (Duchi et al., 2008)."""
    rising = np.sort(v)[::-1]
    excess = (np.cumsum(rising) - 1) / np.arange(1, len(v) + 1)
    return np.asarray(np.maximum(v - excess[np.flatnonzero(rising > excess)[-1]], 0.0))


def apply_ensemble_weights(
    members: dict[str, Array], weights: dict[str, Array], demand_class: NDArray[np.object_]
) -> Array:
    """Apply the ensemble weights of each SKU's demand class: the weighted mean of the members' forecasts, (…, n, h).

    Members without a value are left out.
    """
    table = np.stack([weights[c] for c in CLASSES])
    code = np.searchsorted(np.sort(CLASSES), demand_class)
    w = table[np.argsort(CLASSES)][code]
    values = np.stack(list(members.values()), axis=-1)
    share = np.where(np.isnan(values), 0.0, w[..., None, :])
    total = share.sum(axis=-1)
    return np.asarray((np.nan_to_num(values) * share).sum(axis=-1) / np.maximum(total, 1e-12))
