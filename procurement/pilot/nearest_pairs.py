"""Pairs of units that are alike: Mahalanobis distance on ranks, the nearest first, then swapped while that helps.

Ranks, so that one unit a thousand times as large does not decide what is far; tied ranks are spread as if they were
not tied, so that a rare trait does not either (Rosenbaum, Design of Observational Studies, 2010, section 8.3).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.linalg import pinvh
from scipy.spatial import KDTree

from distributions.distribution import Array

_APART = 1e-9
"""Distance by which units that are the same are put apart, so that the nearest is always one."""
_NEAR = 9
"""Rows, itself among them, to which a row may be moved."""
_LEAST_GAIN = 1e-6
_ROUNDS = 100


def scaled_ranks(values: Array) -> Array:
    """Ranks (N, K) between 0 and 1; a missing value is in the middle, and whether one misses is a further column."""
    missing = np.isnan(values)
    known = (~missing).sum(axis=0)
    ranks = np.full(values.shape, 0.5)
    for column in range(values.shape[1]):
        seen = ~missing[:, column]
        ranks[seen, column] = stats.rankdata(values[seen, column]) / (known[column] + 1)
    some = missing.any(axis=0) & (known > 0)
    return np.column_stack([ranks, missing[:, some].astype(float)])


def mahalanobis_coordinates(values: Array) -> Array:
    """Coordinates (N, K) whose Euclidean distance is the Mahalanobis distance of the ranks of `values` (N, K)."""
    varied = (values != values[:1]).any(axis=0) if len(values) else np.zeros(values.shape[1], bool)
    if len(values) < 2 or not varied.any():
        return np.zeros((len(values), 1))
    ranks = stats.rankdata(values[:, varied], axis=0)
    untied = np.sqrt((len(values) ** 2 - 1) / 12)
    correlation = np.atleast_2d(np.corrcoef(ranks, rowvar=False))
    eigenvalues, vectors = np.linalg.eigh(pinvh(correlation))
    return np.asarray(ranks / untied @ (vectors * np.sqrt(np.maximum(eigenvalues, 0.0))), float)


def nearest_pairs(points: Array, seed: int = 0) -> tuple[NDArray[np.intp], Array]:
    """Pairs (M, 2) of rows of `points` (N, K), each row in at most one, and their distances (M,).

    First the nearest two of all, then the nearest two of the rest, and so on; then two pairs swap partners wherever
    that makes their squared distances less, until none does. Of an odd number of rows one is left.
    """
    jitter = np.random.default_rng(seed).normal(0, _APART, points.shape)
    pairs = _swapped(points + jitter, _greedy(points + jitter))
    pairs = np.sort(pairs, axis=1)
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return pairs, np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)


def _greedy(points: Array) -> NDArray[np.intp]:
    """Pairs (M, 2), the nearest first; two that are each other's nearest are taken a whole round of them at once."""
    left = np.arange(len(points))
    found = [np.zeros((0, 2), np.intp)]
    while len(left) > 1:
        distance, near = (np.asarray(each) for each in KDTree(points[left]).query(points[left], k=2))
        nearest, here = near[:, 1].astype(np.intp), np.arange(len(left))
        first = np.flatnonzero((nearest[nearest] == here) & (here < nearest))
        if not len(first):  # only rounding can make nobody's nearest mutual
            first = np.array([distance[:, 1].argmin()])
        found.append(np.column_stack([left[first], left[nearest[first]]]))
        left = np.delete(left, np.concatenate([first, nearest[first]]))
    return np.concatenate(found)


def _swapped(points: Array, pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Pairs after swaps: row i goes with a near row j, and their partners with each other, if that is less."""
    if len(pairs) < 2:
        return pairs
    rows, count = pairs.ravel(), min(_NEAR, 2 * len(pairs))
    near = np.asarray(KDTree(points[rows]).query(points[rows], k=count)[1], np.intp)[:, 1:]
    i, j = np.repeat(rows, count - 1), rows[near.ravel()]
    partner, pair = np.full((2, len(points)), -1)
    looked_at = np.arange(len(i))
    for _ in range(_ROUNDS):
        partner[pairs[:, 0]], partner[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
        pair[pairs] = np.arange(len(pairs))[:, None]
        better = looked_at[_gain(points, partner, i[looked_at], j[looked_at]) > _LEAST_GAIN]
        if not len(better):
            break
        better = better[np.argsort(-_gain(points, partner, i[better], j[better]), kind="stable")]
        first = _first_of_both(pair[i[better]], pair[j[better]], len(pairs))
        one, other = i[better[first]], j[better[first]]
        new = np.column_stack([partner[one], partner[other]])
        pairs[pair[one]], pairs[pair[other]] = np.column_stack([one, other]), new
        changed = np.zeros(len(points), bool)
        changed[pairs[pair[one]]], changed[new] = True, True
        again = changed[i] | changed[j]
        again[better[~first]] = True
        looked_at = np.flatnonzero(again)
    return pairs


def _gain(points: Array, partner: NDArray[np.intp], i: NDArray[np.intp], j: NDArray[np.intp]) -> Array:
    """Squared distance saved where i goes with j and their partners with each other; 0 where they are partners."""
    before = _apart(points, i, partner[i]) + _apart(points, j, partner[j])
    saved = before - _apart(points, i, j) - _apart(points, partner[i], partner[j])
    return np.where(partner[i] == j, 0.0, saved)


def _first_of_both(one: NDArray[np.intp], other: NDArray[np.intp], pairs: int) -> NDArray[np.bool_]:
    """Which swaps of pairs `one` and `other`, the best first, come first for both of their pairs."""
    place, first = np.arange(len(one)), np.full(pairs, len(one))
    np.minimum.at(first, one, place)
    np.minimum.at(first, other, place)
    return np.asarray((first[one] == place) & (first[other] == place), bool)


def _apart(points: Array, one: NDArray[np.intp], other: NDArray[np.intp]) -> Array:
    """Squared distance of rows."""
    return np.asarray(((points[one] - points[other]) ** 2).sum(axis=1), float)
