"""The oracle of the change benchmark: CUSUMs that know the lead-time distributions before and after a change exactly.

A CUSUM of log-likelihood ratios finds a change soonest among all procedures with as many false alarms
(Moustakides 1986, Annals of Statistics 14). What it misses nobody finds, however long a supplier's past.
"""

import numpy as np

from benchmarks.changes.simulated_suppliers import CHANGES, draw
from distributions.distribution import Array
from models.lead_time.changes.cusum_limits import FALSE_ALARM_YEARS

LIMITS = np.linspace(0.5, 9.0, 35)
_LEAST = 1e-12  # chance of what cannot be: one such day is an alarm


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
    """Share of 2,000 suppliers that change for which the oracle's CUSUM is at its limit at one of `within` orders."""
    lead = np.concatenate([draw(stable, rng, (2000, 60)), draw(changed, rng, (2000, within))], axis=1)
    steps = _log_likelihood_ratio(stable, changed)[lead.astype(int) - 1]
    height, found = np.zeros(len(steps)), np.zeros(len(steps), bool)
    for number, step in enumerate(steps.T):
        height = np.maximum(height + step, 0.0)
        hit = height >= limit
        height[hit] = 0.0
        found |= hit & (number >= 60)
    return float(found.mean())


def oracle_cells(
    stable: Array, changed: Array, between: Array, frequency: int, *, within: int, rng: np.random.Generator
) -> str:
    """Table cells of the changes the oracle finds: with all its false alarms for this change, and a share of them."""
    allowed = FALSE_ALARM_YEARS * frequency * np.array([1, len(CHANGES)])
    limits = np.interp(np.log(allowed), np.log(between), LIMITS)
    return "".join(
        f"{oracle_finds(stable, changed, limit, within=within, rng=rng):>5.0%}" for limit in limits
    )


def _log_likelihood_ratio(stable: Array, changed: Array) -> Array:
    """The oracle's log-likelihood ratio of each whole day, changed against stable, same shape as `DAYS`."""
    return np.asarray(np.log(np.maximum(changed, _LEAST)) - np.log(np.maximum(stable, _LEAST)))
