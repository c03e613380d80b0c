"""Mixtures of lead-time distributions: the weights, and the quantiles of the mixture."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np

from distributions.distribution import Array
from distributions.levels import LEAD_TIME_LEVELS

_ATOMS = 200  # a weight counts in steps of 1/200
_CHUNK = 2048  # rows at a time: 3 MB of atoms, which stay in the cache
_LAST_STEP = np.log((1 - LEAD_TIME_LEVELS[-2]) / (1 - LEAD_TIME_LEVELS[-1]))
_LEAST_TAIL = 0.1
_TRUST = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
_MIN_WINDOWS = 3  # a standard error needs that many windows to be judged by


@dataclass(frozen=True)
class Window:
    """A backtest window: F of each member (M, n, K), what came (n, K), what is known (n, K), days (K,)."""

    cdf: Array
    come: Array
    known: Array
    days: Array

    def loss(self, weights: Array) -> float:
        """Mean censored CRPS of the mixture, days."""
        mixture = np.tensordot(weights, self.cdf, axes=1)
        return float((((mixture - self.come) ** 2 * self.known) @ self.days).mean())

    def moments(self) -> tuple[Array, Array]:
        """B (M, M) and a (M,) of the loss w'Bw − 2a'w + const, summed over the rows."""
        flat = self.cdf.reshape(len(self.cdf), -1)
        mass = (self.known * self.days).ravel()
        weighted = flat * mass
        return weighted @ flat.T, weighted @ self.come.ravel()


@dataclass(frozen=True)
class Choice:
    """Weights of the members, and how far they were moved off where they started (0 … 1)."""

    weights: Array
    trust: float

    @classmethod
    def start(cls, votes: Sequence[float]) -> Self:
        """Weights in proportion to `votes`."""
        return cls(np.array(votes, float) / np.sum(votes), 0.0)


def choose_weights(windows: Sequence[Window], votes: Sequence[float]) -> Choice:
    """Weights between those of `votes` and the best of the past, as far as that has paid.

    The best weights of the windows before each window are judged on it, at several distances from the start. The
    distance with the least mean loss plus one standard error (relative to the start) is taken: where windows
    disagree, as when lead times drift, the mixture stays as it was, which no later window can punish hard. A member
    without a vote has to earn all its weight.
    """
    start = Choice.start(votes)
    if len(votes) == 1 or len(windows) <= _MIN_WINDOWS:
        return start
    ratios = []
    for count in range(1, len(windows)):
        best, judge = best_weights(windows[:count]), windows[count]
        losses = np.array([judge.loss(t * best + (1 - t) * start.weights) for t in _TRUST])
        ratios.append(losses / max(losses[0], 1e-12))
    table = np.array(ratios)
    bound = table.mean(axis=0) + table.std(axis=0, ddof=1) / np.sqrt(len(table))
    trust = float(_TRUST[int(bound.argmin())])
    return Choice(np.round(trust * best_weights(windows) + (1 - trust) * start.weights, 6), trust)


def best_weights(windows: Sequence[Window]) -> Array:
    """Weights on the simplex with the least censored CRPS: a quadratic programme, solved over all supports."""
    squares, products = zip(*(window.moments() for window in windows), strict=True)
    B, a = np.sum(squares, axis=0), np.sum(products, axis=0)
    B = B + 1e-9 * np.trace(B) * np.eye(len(B))
    best, weights = np.inf, np.full(len(a), 1 / len(a))
    for size in range(1, len(a) + 1):
        for chosen in combinations(range(len(a)), size):
            candidate = np.zeros(len(a))
            candidate[list(chosen)] = _stationary(B[np.ix_(chosen, chosen)], a[list(chosen)])
            value = float(candidate @ B @ candidate - 2 * a @ candidate)
            if (candidate >= -1e-9).all() and value < best:
                best, weights = value, np.maximum(candidate, 0)
    return np.asarray(weights / weights.sum())


def _stationary(B: Array, a: Array) -> Array:
    """The w that minimises w'Bw − 2a'w with Σ w = 1."""
    inverse = np.linalg.solve(B, np.column_stack([a, np.ones(len(a))]))
    return np.asarray(inverse[:, 0] + inverse[:, 1] * (1 - inverse[:, 0].sum()) / inverse[:, 1].sum())


def mixture_quantiles(members: Sequence[Array], weights: Array) -> Array:
    """Quantiles (n, Q) of the mixture of members given by quantiles (n, Q), all at `LEAD_TIME_LEVELS`.

    Each member sends atoms of equal mass, as many as its weight is worth, and the atoms are sorted.
    """
    counts = np.round(weights * _ATOMS).astype(int)
    if (counts > 0).sum() == 1:
        return members[int(counts.argmax())]
    parts = []
    for start in range(0, len(members[0]), _CHUNK):
        rows = slice(start, start + _CHUNK)
        atoms = [_at(m[rows], (np.arange(c) + 0.5) / c) for m, c in zip(members, counts, strict=True) if c]
        merged = np.sort(np.concatenate(atoms, axis=1), axis=1)
        place = np.clip(LEAD_TIME_LEVELS * merged.shape[1] - 0.5, 0, merged.shape[1] - 1)
        parts.append(_between(merged, place))
    return np.concatenate(parts) if parts else members[0]


def with_tail(values: Array) -> Array:
    """Quantiles (n, Q) whose tail runs on by a tenth of the median at least.

    Where the slowest orders seen all took the same time, the tail has no slope, and an open order older than
    that would be expected this very minute, every day anew.
    """
    least = _LEAST_TAIL * values[:, values.shape[1] // 2] * _LAST_STEP
    last = np.maximum(values[:, -1], values[:, -2] + least)
    return np.column_stack([values[:, :-1], last])


def _at(values: Array, p: Array) -> Array:
    """Quantiles at `p` (m,) of rows of quantiles (n, Q): linear between levels, exponential beyond the last."""
    inside = _between(values, np.interp(p, LEAD_TIME_LEVELS, np.arange(len(LEAD_TIME_LEVELS))))
    scale = (values[:, -1:] - values[:, -2:-1]) / _LAST_STEP
    return np.asarray(inside + scale * np.log(np.maximum((1 - LEAD_TIME_LEVELS[-1]) / (1 - p), 1.0)))


def _between(values: Array, place: Array) -> Array:
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, values.shape[1] - 1)
    return np.asarray(values[:, low] + (values[:, high] - values[:, low]) * (place - low))
