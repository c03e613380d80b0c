"""The mixture of lead-time distributions: weights of its members learned on backtests, and its quantiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.evidence import mean_gain_lower_bound

_ATOMS = 200  # a weight counts in steps of 1/200
_CHUNK = 2048  # rows at a time: 3 MB of atoms, which stay in the cache
_LAST_STEP = np.log((1 - LEAD_TIME_LEVELS[-2]) / (1 - LEAD_TIME_LEVELS[-1]))
_LEAST_TAIL = 0.1
_LEARNED_SHARES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
_MIN_WINDOWS = 3  # a standard error needs that many windows to be judged by
_STANDARD_ERRORS = 1.0
"""One, for equal weights are no safer than learned ones a little off, and the steps between are small."""


@dataclass(frozen=True)
class MemberWindow:
    """The members in one backtest window, K points in time.

    Attributes
    ----------
    cdf : (M, n, K), distribution function of each member for each order
    arrived, known : (n, K), outcomes as of `crps.outcomes_on_grid`
    days : (K,), that each point in time stands for
    """

    cdf: Array
    arrived: Array
    known: Array
    days: Array

    def part(self, members: Sequence[int], rows: NDArray[np.bool_]) -> Self:
        """The window of some members and orders."""
        return type(self)(self.cdf[members][:, rows], self.arrived[rows], self.known[rows], self.days)

    def loss(self, weights: Array) -> float:
        """Mean censored CRPS, days, of the mixture with `weights` (M,)."""
        mixture = np.tensordot(weights, self.cdf, axes=1)
        return float((((mixture - self.arrived) ** 2 * self.known) @ self.days).mean())

    def moments(self) -> tuple[Array, Array]:
        """B (M, M) and a (M,) of the mixture's loss w'Bw − 2a'w + const, summed over the orders."""
        flat = self.cdf.reshape(len(self.cdf), -1)
        mass = (self.known * self.days).ravel()
        weighted = flat * mass
        return weighted @ flat.T, weighted @ self.arrived.ravel()


@dataclass(frozen=True)
class MixtureWeights:
    """Weights (M,) of the mixture's members, and how far they lie between the prior (0) and the learned ones (1)."""

    weights: Array
    learned_share: float

    @classmethod
    def prior(cls, weights: Sequence[float]) -> Self:
        """Mixture weights before any backtest, in proportion to `weights`."""
        return cls(np.array(weights, float) / np.sum(weights), 0.0)


def choose_weights(windows: Sequence[MemberWindow], prior_weights: Sequence[float]) -> MixtureWeights:
    """Mixture weights between the prior and those best in the past, as far as moving has paid beyond chance.

    The best weights of the windows before each window are judged on it, at several distances from the prior. The
    distance with the least mean loss plus one standard error (relative to the prior) is taken: where windows
    disagree, as when lead times drift, the mixture stays as it was, which no later window can punish hard. A member
    without prior weight has to earn all its weight.
    """
    prior = MixtureWeights.prior(prior_weights)
    if len(prior_weights) == 1 or len(windows) <= _MIN_WINDOWS:
        return prior
    ratios = []
    for count in range(1, len(windows)):
        best, judge = best_weights(windows[:count]), windows[count]
        losses = np.array([judge.loss(t * best + (1 - t) * prior.weights) for t in _LEARNED_SHARES])
        ratios.append(losses / max(losses[0], 1e-12))
    bound = mean_gain_lower_bound(-np.array(ratios), k=_STANDARD_ERRORS)
    share = float(_LEARNED_SHARES[int(bound.argmax())])
    return MixtureWeights(np.round(share * best_weights(windows) + (1 - share) * prior.weights, 6), share)


def best_weights(windows: Sequence[MemberWindow]) -> Array:
    """Mixture weights (M,) with the least censored CRPS: a quadratic programme on the simplex, over all supports."""
    squares, products = zip(*(window.moments() for window in windows), strict=True)
    B, a = np.sum(squares, axis=0), np.sum(products, axis=0)
    B = B + 1e-9 * np.trace(B) * np.eye(len(B))
    least, weights = np.inf, np.full(len(a), 1 / len(a))
    for size in range(1, len(a) + 1):
        for support in combinations(range(len(a)), size):
            trial = np.zeros(len(a))
            trial[list(support)] = _stationary(B[np.ix_(support, support)], a[list(support)])
            value = float(trial @ B @ trial - 2 * a @ trial)
            if (trial >= -1e-9).all() and value < least:
                least, weights = value, np.maximum(trial, 0)
    return np.asarray(weights / weights.sum())


def _stationary(B: Array, a: Array) -> Array:
    """The mixture weights w (M,) that minimise w'Bw − 2a'w with Σ w = 1."""
    inverse = np.linalg.solve(B, np.column_stack([a, np.ones(len(a))]))
    return np.asarray(inverse[:, 0] + inverse[:, 1] * (1 - inverse[:, 0].sum()) / inverse[:, 1].sum())


def mixture_quantiles(members: Sequence[Array], weights: Array) -> Array:
    """Quantiles (n, Q) of the mixture of members given by quantiles (n, Q), all at `LEAD_TIME_LEVELS`.

    Each member sends atoms of equal mass, as many as its weight is worth, and the atoms are sorted. Rows that repeat
    the one before them, as lines of one SKU and supplier do, have its result.
    """
    counts = np.round(weights * _ATOMS).astype(int)
    if (counts > 0).sum() == 1:
        return members[int(counts.argmax())]
    fresh = np.ones(len(members[0]), bool)
    fresh[1:] = np.any([(m[1:] != m[:-1]).any(axis=1) for m in members], axis=0)
    distinct, parts = np.flatnonzero(fresh), []
    for start in range(0, len(distinct), _CHUNK):
        rows = distinct[start : start + _CHUNK]
        atoms = [
            _member_atoms(m[rows], (np.arange(c) + 0.5) / c)
            for m, c in zip(members, counts, strict=True)
            if c
        ]
        merged = np.sort(np.concatenate(atoms, axis=1), axis=1)
        place = np.clip(LEAD_TIME_LEVELS * merged.shape[1] - 0.5, 0, merged.shape[1] - 1)
        parts.append(_interpolated(merged, place))
    return np.concatenate(parts)[np.cumsum(fresh) - 1] if parts else members[0]


def with_tail(values: Array) -> Array:
    """Quantiles (n, Q) of the mixture whose tail runs on by a tenth of the median at least.

    Where the slowest orders seen all took the same time, the tail has no slope, and an open order older than
    that would be expected this very minute, every day anew.
    """
    least = _LEAST_TAIL * values[:, values.shape[1] // 2] * _LAST_STEP
    last = np.maximum(values[:, -1], values[:, -2] + least)
    return np.column_stack([values[:, :-1], last])


def _member_atoms(values: Array, p: Array) -> Array:
    """Atoms (n, m) of a member of the mixture: its quantiles (n, Q) read at `p` (m,), exponential beyond the last."""
    inside = _interpolated(values, np.interp(p, LEAD_TIME_LEVELS, np.arange(len(LEAD_TIME_LEVELS))))
    scale = (values[:, -1:] - values[:, -2:-1]) / _LAST_STEP
    return np.asarray(inside + scale * np.log(np.maximum((1 - LEAD_TIME_LEVELS[-1]) / (1 - p), 1.0)))


def _interpolated(values: Array, place: Array) -> Array:
    """Atoms or quantiles (n, m) of the mixture: columns of `values` (n, Q) at fractional `place` (m,), linear."""
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, values.shape[1] - 1)
    return np.asarray(values[:, low] + (values[:, high] - values[:, low]) * (place - low))
