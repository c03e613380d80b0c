"""A SKU's own season beside the one that it borrows: kept as far as its demand and that of the others bear it out."""

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array

SPREADS = np.array([0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0])
"""Variances of a season around the borrowed one that are considered, in units of the noise's of one period."""

SCATTERED = 0.3
"""How much smaller these are of SKUs with a variance of demand relative to the level of 1, whose noise is no measure of
their season any more."""

NOISE_PERIODS = 4.0
"""Periods that the noise from one period to the next counts as, beside the noise from one season to the next."""

PRIOR_SKUS = 2.0
"""SKUs that a prior of equally likely spreads counts as, beside those of the panel."""

LEAST = 0.1
"""Least factor: demand is divided by it, and what is sold off season would be taken for a level a hundred times it."""

ROUNDS = 60
"""Rounds of the prior's estimation; it moves little after twenty."""


def own_season(demand: Array, level: Array, position: NDArray[np.int64], borrowed: Array) -> Array:
    """Season of each SKU as a factor of its level, (n, season), ≥ `LEAST`: the mean of what its own may be.

    A one-way model with random effects. Demand is level × (borrowed + d_p) + noise at position p, d_p with variance
    ρσ², the noise with σ², which is not known either. The noise is what a position differs by from one season to the
    next; ρ has a prior that is estimated on all SKUs (nonparametric empirical Bayes: Kiefer & Wolfowitz, 1956), so
    that a panel of strong and steady seasons trusts them, and one in which they are chance does not.

    Parameters
    ----------
    demand, level : arrays (n, T), in units of each SKU's mean level, NaN where unknown
    position : array (T,) of 0 … season − 1
    borrowed : array (n, season), what a season is expected to be before its own demand is looked at
    """
    season = borrowed.shape[1]
    behind = by_position(np.nan_to_num(level), position, season)
    seen = behind > 1e-9
    deviation = demand - level * borrowed[:, position]
    own = by_position(np.nan_to_num(deviation), position, season) / np.where(seen, behind, 1.0)
    # of the mean of a position, in units of the noise's
    variance = np.where(seen, 1 / np.where(seen, behind, 1.0), 1.0)
    from_period_to_period = scatter(deviation)
    squares, degrees = _noise(deviation, season, from_period_to_period)
    likelihood = np.empty((len(own), len(SPREADS)))
    spreads = SPREADS / (1 + SCATTERED * from_period_to_period[:, None])
    for j, spread in enumerate(spreads.T[:, :, None]):
        total = squares + (own**2 / (spread + variance)).sum(axis=1)
        width = np.where(seen, np.log(spread + variance), 0.0).sum(axis=1)
        likelihood[:, j] = -(width + (degrees + seen.sum(axis=1)) * np.log(total)) / 2
    likely = _posterior(likelihood)
    share = np.zeros_like(own)
    for j, spread in enumerate(spreads.T[:, :, None]):
        share += likely[:, [j]] * spread / (spread + variance)
    return np.asarray(np.maximum(borrowed + np.where(seen, share * own, 0.0), LEAST))


def scatter(deviation: Array) -> Array:
    """Variance of demand relative to its level from period to period, (n,), a slow season not counted: von Neumann's.

    Half the mean square of successive differences of `deviation` (n, T), NaN where unknown.
    """
    squares, count = _squared_steps(deviation, 1)
    return np.asarray(squares / np.maximum(count, 1))


def by_position(values: Array, position: NDArray[np.int64], season: int) -> Array:
    """Sums of values (n, T) by position in the season, shape (n, season)."""
    result = np.zeros((season, values.shape[0]))
    np.add.at(result, position, values.T)
    return result.T


def _noise(deviation: Array, season: int, from_period_to_period: Array) -> tuple[Array, Array]:
    """Sum of squares and degrees of freedom of the noise, (n,) each.

    From differences of a season's length, in which its own season cancels, and a few from period to period, which
    hold it, for pasts of hardly more than a season.
    """
    squares, count = _squared_steps(deviation, season)
    return squares + NOISE_PERIODS * from_period_to_period + 1e-9, np.asarray(count + NOISE_PERIODS, float)


def _squared_steps(deviation: Array, apart: int) -> tuple[Array, NDArray[np.int64]]:
    """Sum and number of half the squared differences of periods so far apart, (n,) each, where both are known."""
    if deviation.shape[1] <= apart:
        return np.zeros(len(deviation)), np.zeros(len(deviation), np.int64)
    step = deviation[:, apart:] - deviation[:, :-apart]
    known = ~np.isnan(step)
    return (np.where(known, step, 0.0) ** 2).sum(axis=1) / 2, known.sum(axis=1)


def _posterior(log_likelihood: Array) -> Array:
    """Probability of each spread for each SKU, (n, G), by its log-likelihood and the prior of the panel."""
    count = log_likelihood.shape[1]
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    prior = np.ones(count)
    for _ in range(ROUNDS):
        joint = likelihood * prior
        likely = joint / joint.sum(axis=1, keepdims=True)
        prior = likely.sum(axis=0) + PRIOR_SKUS / count
    joint = likelihood * prior
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))
