"""Nested Kaplan–Meier estimates of censored durations: each group's distribution is shrunk to its parent group's.

A group's distribution gets a Dirichlet process prior around its parent's with strength κ, counted in orders:
with nothing censored its posterior mean is (n·F̂ + κ·F_parent) / (n + κ), so three orders of its own
count as three against κ. Under right-censoring the same prior is a beta process, and the hazard of bin j becomes

    h(j) = (d(j) + κ·S_parent(j)·h_parent(j)) / (r(j) + κ·S_parent(j))

with d the weight of the orders that end in j, r of those still at risk there (Susarla & Van Ryzin 1976,
Hjort 1990). With κ = 0 this is the Kaplan–Meier estimate, so the outermost group is Kaplan–Meier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.levels import LEAD_TIME_LEVELS

Codes = NDArray[np.int64]
_BINS = 256
_CHUNK = 4096  # groups at a time: bounds the working arrays to some 10 MB each
_NOTHING = 1e-12
_TIE = 1e-9  # a level that F reaches but for rounding is reached


@dataclass(frozen=True)
class Durations:
    """Weighted right-censored durations: n values (days, log days, ratios), whether each ended, and weights."""

    values: Array
    closed: NDArray[np.bool_]
    weights: Array

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, rows: Codes | slice) -> Self:
        return type(self)(self.values[rows], self.closed[rows], self.weights[rows])

    def joined(self, more: Self) -> Self:
        """Durations of these and `more`, in that order."""
        return type(self)(
            np.concatenate([self.values, more.values]),
            np.concatenate([self.closed, more.closed]),
            np.concatenate([self.weights, more.weights]),
        )

    def bin_edges(self) -> Array:
        """Upper ends of the hazard's bins: every value at which a duration ended, or 256 of them spread by rank."""
        ended = np.unique(self.values[self.closed])
        if len(ended) <= _BINS:
            return ended
        ranks = np.quantile(self.values[self.closed], np.linspace(0, 1, _BINS), method="higher")
        return np.unique(ranks)


@dataclass(frozen=True)
class Hazards:
    """Discrete hazards of G groups: survival up to each of B bins and hazard in it, both (G, B)."""

    survival: Array
    hazard: Array

    def __getitem__(self, rows: Codes) -> Self:
        return type(self)(self.survival[rows], self.hazard[rows])

    def cdf(self) -> Array:
        """Distribution function F at the bins' upper ends, (G, B)."""
        return np.asarray(1 - self.survival * (1 - self.hazard))


def nested_quantiles(
    durations: Durations,
    nested: Sequence[Codes],
    strengths: Sequence[float],
    *,
    prior: Durations,
    levels: Array = LEAD_TIME_LEVELS,
) -> list[Array]:
    """Quantiles of every nested group at every depth, each Kaplan–Meier estimate shrunk to its parent's.

    Parameters
    ----------
    durations : n durations
    nested : per depth below "all", the group of each duration, codes 0 … G−1, each inside one parent group
    strengths : κ per depth, in orders
    prior : what the distribution of all orders is shrunk to, as closed pseudo-orders of small weight
    levels : (Q,)

    Returns
    -------
    list of arrays (G, Q)
        First the one of all orders together, (1, Q), then one array a depth.
    """
    everything = durations.joined(prior)
    edges = everything.bin_edges()
    scale = tail_scale(everything)
    parent = _posterior(everything, np.zeros(len(everything), np.int64), edges, None, 0.0)
    quantiles = [_quantiles(parent.cdf(), edges, levels, scale)]
    parent_codes = np.zeros(len(durations), np.int64)
    for codes, strength in zip(nested, strengths, strict=True):
        parent_of = np.zeros(int(codes.max()) + 1, np.int64)
        parent_of[codes] = parent_codes
        if codes is not nested[-1]:
            inner = _posterior(durations, codes, edges, parent[parent_of], strength)
            quantiles.append(_quantiles(inner.cdf(), edges, levels, scale))
            parent, parent_codes = inner, codes
            continue
        parts = []  # nothing hangs below the last depth, so its groups, often many, need not be kept
        for part, own, at in _chunks(durations, codes, len(parent_of)):
            finest = _posterior(part, own, edges, parent[parent_of[at]], strength)
            parts.append(_quantiles(finest.cdf(), edges, levels, scale))
        quantiles.append(np.concatenate(parts))
    return quantiles


def tail_scale(durations: Durations) -> float:
    """Slope of the exponential tail of durations: their mean excess over the median, open ones as censored."""
    values, weights = durations.values, durations.weights
    ended = values[durations.closed]
    middle = float(np.median(ended))
    over = values > middle
    excess = float((weights[over] * (values[over] - middle)).sum())
    events = float(weights[over & durations.closed].sum())
    return excess / max(events, _NOTHING)


def _quantiles(cdf: Array, edges: Array, levels: Array, scale: float) -> Array:
    """Smallest bin edge with F ≥ level, (G, Q); beyond the last edge an exponential tail of slope `scale`."""
    groups, bins = cdf.shape
    # every row's [0, 1] is moved into a range of its own, so that one search serves all
    rows = np.arange(groups)[:, None] * 2.0
    at = np.searchsorted((cdf + rows).ravel(), (levels - _TIE + rows).ravel()).reshape(groups, -1)
    at -= np.arange(groups)[:, None] * bins
    left = np.maximum(1 - cdf[:, -1:], _NOTHING)
    beyond = edges[-1] + scale * np.log(np.maximum(left / (1 - levels), 1.0))
    return np.asarray(np.where(at < bins, edges[np.minimum(at, bins - 1)], beyond))


def _posterior(
    durations: Durations, codes: Codes, edges: Array, parent: Hazards | None, strength: float
) -> Hazards:
    """Posterior hazards of each group given its parent's, by the formula above; no parent: Kaplan–Meier."""
    ended, at_risk = _counts(durations, codes, edges, int(codes.max()) + 1)
    if parent is None:
        hazard = ended / np.maximum(at_risk, _NOTHING)
    else:
        prior = strength * parent.survival
        hazard = (ended + prior * parent.hazard) / np.maximum(at_risk + prior, _NOTHING)
    survival = np.cumprod(1 - np.clip(hazard, 0, 1), axis=1)
    return Hazards(np.column_stack([np.ones(len(survival)), survival[:, :-1]]), np.clip(hazard, 0, 1))


def _counts(durations: Durations, codes: Codes, edges: Array, groups: int) -> tuple[Array, Array]:
    """Weight of the durations that end in each bin, and weight at risk there, both (G, B)."""
    bins = len(edges)
    closed, weights = durations.closed, durations.weights
    inside = np.searchsorted(edges, durations.values[closed], side="left")
    ended = _table(codes[closed] * bins + inside, weights[closed], groups, bins)
    survived = np.searchsorted(edges, durations.values[~closed], side="right")  # bins
    dropped = _table(codes[~closed] * (bins + 1) + survived, weights[~closed], groups, bins + 1)
    at_risk = ended[:, ::-1].cumsum(axis=1)[:, ::-1] + dropped[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return ended, at_risk


def _table(cells: Codes, weights: Array, groups: int, bins: int) -> Array:
    """Sum of the weights in each cell, (G, B), from flat cell numbers (n,)."""
    counts = np.bincount(cells, weights, minlength=groups * bins)
    return np.asarray(counts, float).reshape(groups, bins)


def _chunks(durations: Durations, codes: Codes, groups: int) -> list[tuple[Durations, Codes, slice]]:
    """Durations by chunks of groups: theirs, their codes from 0 on, and the groups of the chunk."""
    order = np.argsort(codes, kind="stable")
    ranked = codes[order]
    starts = range(0, groups, _CHUNK)
    parts = []
    for start in starts:
        stop = min(start + _CHUNK, groups)
        rows = order[np.searchsorted(ranked, start) : np.searchsorted(ranked, stop)]
        parts.append((durations[rows], codes[rows] - start, slice(start, stop)))
    return parts
