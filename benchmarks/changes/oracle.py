"""The oracle of the change benchmark: CUSUMs that know the lead-time distributions before and after a change exactly.

A CUSUM of log-likelihood ratios finds a change soonest among all procedures with as many false alarms
(Moustakides 1986, Annals of Statistics 14). What it misses nobody finds, however long a supplier's past.
"""

from collections.abc import Callable

import numpy as np

from distributions.distribution import Array

DAYS: Array = np.arange(1.0, 601.0)
LIMITS = np.linspace(0.5, 9.0, 35)
Cdf = Callable[[Array], Array]
_LEAST = 1e-12  # chance of what cannot be: one such day is an alarm


def whole_days(cdf: Cdf, before: Callable[[Array], Array]) -> Array:
    """Probabilities P(L = l) of the whole days `DAYS`, of lead times that took before(l) without the change."""
    edges = cdf(before(DAYS[:-1] + 0.5))
    return np.diff(np.concatenate([[0.0], edges, [1.0]]))


def draw(pmf: Array, rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Lead times in whole days drawn from the probabilities `pmf` of `DAYS`."""
    return np.asarray(1.0 + np.searchsorted(np.cumsum(pmf)[:-1], rng.random(shape), side="right"))


def orders_between_alarms(stable: Array, changed: Array, rng: np.random.Generator) -> Array:
    """Orders between two false alarms of the oracle's CUSUM at each of `LIMITS`, simulated."""
    steps = _log_likelihood_ratio(stable, changed)[draw(stable, rng, (300, 1500)).astype(int) - 1]
    alarms = np.zeros(len(LIMITS))
    height = np.zeros((len(steps), len(LIMITS)))
    for step in steps.T:
        height = np.maximum(height + step[:, None], 0.0)
        hit = height >= LIMITS
        height[hit] = 0.0
        alarms += hit.sum(axis=0)
    return np.asarray(steps.size / np.maximum(alarms, 0.5))


def oracle_finds(
    stable: Array, changed: Array, limit: float, *, within: int, rng: np.random.Generator
) -> float:
    """Share of 2,000 suppliers that change for which the CUSUM is at its limit at one of `within` orders."""
    lead = np.concatenate([draw(stable, rng, (2000, 60)), draw(changed, rng, (2000, within))], axis=1)
    steps = _log_likelihood_ratio(stable, changed)[lead.astype(int) - 1]
    height, found = np.zeros(len(steps)), np.zeros(len(steps), bool)
    for number, step in enumerate(steps.T):
        height = np.maximum(height + step, 0.0)
        hit = height >= limit
        height[hit] = 0.0
        found |= hit & (number >= 60)
    return float(found.mean())


def _log_likelihood_ratio(stable: Array, changed: Array) -> Array:
    """Log-likelihood ratio of each whole day, changed against stable, same shape as `DAYS`."""
    return np.asarray(np.log(np.maximum(changed, _LEAST)) - np.log(np.maximum(stable, _LEAST)))
