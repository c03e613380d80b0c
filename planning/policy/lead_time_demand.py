"""Demand over a random lead time plus the review period: the mixture P(D(L+R) ≤ x) = Σ_l P(L=l)·F_{l+R}(x).

Lead-time variance enters raw: orders are taken not to overtake each other. With many orders outstanding at once
that overstates the risk a little (order crossover), which is the safe side.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks

ATOM_EDGES: Array = np.array(
    [0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 1]
)
"""Lead-time distributions are split here into atoms, each at its slice's mean: finer where late deliveries hurt."""

_TAIL_LEVELS: Array = np.array([0.998, 0.9995])
_CHUNK = 500  # rows at a time: keeps the work arrays of a chunk within the processor's cache


def mixture_cdf(
    x: ArrayLike, lead_times: Array, probabilities: Array, demand_cdf: Callable[[Array, Array], Array]
) -> Array:
    """Distribution function of lead-time demand, P(D(L+R) ≤ x), for any distribution of demand.

    Parameters
    ----------
    x : quantities, shape (m,) or a number
    lead_times : array (K,), days l (+ the review period, where there is one)
    probabilities : array (K,), P(L = l), summing to one
    demand_cdf : F_t(x) as a function of (t, x), broadcasting

    Returns
    -------
    array (m,)
    """
    quantities = np.atleast_1d(np.asarray(x, float))
    return np.asarray(probabilities @ demand_cdf(lead_times[:, None], quantities[None, :]))


def mixture_quantile(
    p: float,
    lead_times: Array,
    probabilities: Array,
    demand_cdf: Callable[[Array, Array], Array],
    *,
    upper: float,
    whole: bool = False,
) -> float:
    """Quantile of lead-time demand: smallest x in [0, `upper`] with P(D(L+R) ≤ x) ≥ p; a whole number with `whole`.

    By bisection; the other arguments are those of `mixture_cdf`.
    """
    low, high = -1.0 if whole else 0.0, upper
    for _ in range(200):
        middle = np.floor((low + high) / 2) if whole else (low + high) / 2
        if (whole and high - low <= 1) or middle in {low, high}:
            break
        if mixture_cdf(middle, lead_times, probabilities, demand_cdf)[0] >= p:
            high = float(middle)
        else:
            low = float(middle)
    return high


def lead_time_atoms(lead_time: Distribution) -> tuple[Array, Array]:
    """Split lead-time distributions into a few atoms with the same mean: days (n, K) and their probabilities (K,).

    An atom is the integral of the quantile function over its slice, divided by the slice's width.
    """
    levels, values = lead_time.knots
    edges = ATOM_EDGES[:-1]
    grid = np.union1d(levels, edges)
    basis = np.array([np.interp(grid, levels, unit) for unit in np.eye(len(levels))]).T
    area = np.zeros_like(basis)
    area[1:] = np.cumsum((basis[1:] + basis[:-1]) / 2 * np.diff(grid)[:, None], axis=0)
    at = np.append(np.searchsorted(grid, edges), len(grid) - 1)
    weights = np.diff(ATOM_EDGES)
    days = np.einsum("ij,kj->ik", values, np.diff(area[at], axis=0) / weights[:, None])
    tail = (1 - levels[-1]) * (values[:, -1] + lead_time.tail_scale)
    days[:, -1] += tail / weights[-1]
    return days, weights


def expected_lead_time_demand(
    forecast: DemandForecast,
    lead_time: Distribution,
    *,
    review: float = 0.0,
    elapsed: float = 0.0,
    rows: NDArray[np.intp] | None = None,
) -> Array:
    """Expected lead-time demand E[D(L+R)], units (n,): the forecast's mean, averaged over the lead time."""
    days, weights = lead_time_atoms(lead_time)
    mean = forecast.mean_until(days + review, elapsed=elapsed, rows=rows)
    return np.asarray(np.einsum("ij,j->i", mean, weights))


def lead_time_demand(
    forecast: DemandForecast,
    lead_time: Distribution,
    *,
    review: float = 0.0,
    elapsed: float = 0.0,
    rows: NDArray[np.intp] | None = None,
) -> Distribution:
    """Lead-time demand D(L+R) of n rows, as a distribution on the forecast's levels: the exact mixture.

    Parameters
    ----------
    forecast : demand
    lead_time : n lead-time distributions, in days
    review : days R added to every lead time; 0 gives D(L)
    elapsed : days between the start of the forecast's first period and the moment of ordering
    rows : array (n,), the forecast's row of each, repeats allowed; without it they go together one by one

    Notes
    -----
    Every F_t is piecewise linear between the forecast's levels, so the mixture is too: its density changes only
    at the pooled knots. Sorting those and summing the density twice gives the mixture's distribution function
    exactly (given the atoms of the lead time), without sampling and without a grid.
    """
    sku = np.arange(len(forecast)) if rows is None else rows
    values = np.empty((len(sku), len(forecast.levels)))
    certain = lead_time.values[:, -1] - lead_time.values[:, 0] <= 0
    plain = np.flatnonzero(certain)
    if len(plain):
        days = lead_time.values[plain, 0] + review
        values[plain] = forecast.demand_until(days, elapsed=elapsed, rows=sku[plain]).values

    def mixture(some: NDArray[np.intp]) -> Array:
        days, weights = lead_time_atoms(lead_time[some])
        quantiles, _ = forecast.window(days + review, elapsed=elapsed, rows=sku[some])
        return mixture_quantiles(forecast.levels, quantiles, weights)

    chunks = row_chunks(np.flatnonzero(~certain), _CHUNK)
    for some, found in zip(chunks, map_in_threads(mixture, chunks), strict=True):
        values[some] = found
    return Distribution(forecast.levels, values)


def mixture_quantiles(levels: Array, quantiles: Array, weights: Array) -> Array:
    """Quantiles (n, Q) of lead-time demand, mixtures of K demand distributions (n, K, Q) with weights (K,)."""
    n = len(quantiles)
    knots, knot_levels = _with_ends(levels, quantiles)
    scale = np.maximum(knots[:, -1, -1], 1e-9)
    # a segment without width is an atom; a hair of width keeps its density finite and moves no quantile
    width = np.maximum(knots[:, :, 1:] - knots[:, :, :-1], 1e-9 * scale[:, None, None])
    density = weights[:, None] * np.diff(knot_levels) / width
    change = np.empty_like(knots)
    change[:, :, 0], change[:, :, -1] = density[:, :, 0], -density[:, :, -1]
    np.subtract(density[:, :, 1:], density[:, :, :-1], out=change[:, :, 1:-1])
    np.cumsum(width, axis=2, out=knots[:, :, 1:])
    knots[:, :, 1:] += knots[:, :, :1]
    events = knots.reshape(n, -1)
    order = np.argsort(events, axis=1)
    order += (np.arange(n) * events.shape[1])[:, None]
    at, slope = events.ravel().take(order), change.ravel().take(order)
    np.cumsum(slope, axis=1, out=slope)
    reached = np.zeros_like(at)
    np.multiply(slope[:, :-1], at[:, 1:] - at[:, :-1], out=reached[:, 1:])
    np.cumsum(reached, axis=1, out=reached)
    # atoms moved by hairs come back to where they were: whole units stay whole, no demand stays none
    digits = 10.0 ** (6 - np.floor(np.log10(scale)))[:, None]
    return np.asarray(np.round(_invert(levels, reached, at) * digits) / digits)


def _with_ends(levels: Array, quantiles: Array) -> tuple[Array, Array]:
    """Knots of demand over each lead-time atom (n, K, Q), with its bottom and points of its tail, and levels."""
    n, components, count = quantiles.shape
    flat = Distribution(levels, quantiles.reshape(-1, count))
    knots = np.empty((n, components, count + 1 + len(_TAIL_LEVELS)))
    knots[:, :, 0] = flat.bottom.reshape(n, components)
    knots[:, :, 1 : count + 1] = quantiles
    beyond = np.log((1 - levels[-1]) / (1 - _TAIL_LEVELS))
    knots[:, :, count + 1 :] = quantiles[:, :, -1:] + flat.tail_scale.reshape(n, components, 1) * beyond
    return knots, np.concatenate([[0.0], levels, _TAIL_LEVELS[:-1], [1.0]])


def _invert(levels: Array, reached: Array, at: Array) -> Array:
    """Quantiles of the mixture: where each row of `reached`, probability at the quantities `at`, passes the levels."""
    n, events = reached.shape
    # shifting row i by 2i makes all rows one rising array, so that one search serves them all
    shift = 2.0 * np.arange(n)[:, None]
    rising = np.maximum.accumulate((reached + shift).ravel())
    # where the probability stands still on a level, as between two modes, the lower end is the quantile; atoms a
    # hair wide have densities up to 1e9, whose sums are off by some 1e-7
    sought = (levels - 1e-6 + shift).ravel()
    upper = np.searchsorted(rising, sought, side="left").reshape(n, -1)
    first = (np.arange(n) * events)[:, None]
    upper = np.clip(upper, first + 1, first + events - 1)
    flat_p, flat_at = reached.ravel(), at.ravel()
    low_p, high_p = flat_p.take(upper - 1), flat_p.take(upper)
    low, high = flat_at.take(upper - 1), flat_at.take(upper)
    gap = np.where(high_p > low_p, high_p - low_p, 1.0)
    share = np.clip(np.where(high_p > low_p, (levels - low_p) / gap, 1.0), 0, 1)
    return np.asarray(np.maximum.accumulate(low + share * (high - low), axis=1))
