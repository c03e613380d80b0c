"""The random numbers of the stock projection, the same for every SKU and every run.

Common numbers make plans comparable: a SKU whose stock, orders and forecast have not moved keeps its risk to the
last digit, and two ways of acting differ by what they do and not by luck.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array
from planning.projection.demand_scenarios import SCENARIOS, evened, uniform_points

__all__ = [
    "GRID",
    "INDEPENDENT",
    "SCENARIOS",
    "STEPS",
    "Draws",
    "SharedDelay",
    "arrival_places",
    "draws",
    "places",
]

STEPS = 32
ORDERS = 24

GRID: Array = (np.arange(STEPS + 1) / STEPS) ** 1.5
"""Points in time as shares of the days looked ahead, (STEPS + 1,): closer together where decisions are near."""

_SUPPLIERS = 3  # of one SKU that have a factor of their own
_BINS, _BINS_A_LIFE = 20, 3  # spans of time in which orders share all of the factor; how many in `days`
_FIRST = 2  # directions of demand that matter most, which get the most even of the points


@dataclass(frozen=True)
class SharedDelay:
    """How far orders of one supplier are late together.

    Attributes
    ----------
    strength : correlation, 0 ≤ ρ < 1, of the normal scores of two orders placed on one day
    days : τ > 0; orders placed g days apart have ρ·exp(−g/τ)
    """

    strength: float = 0.0
    days: float = 28.0


INDEPENDENT = SharedDelay()
"""Every order comes on a day of its own."""


@dataclass(frozen=True)
class Draws:
    """Probability levels, each row evenly spread over M = SCENARIOS slices.

    Attributes
    ----------
    demand : array (STEPS, M), of cumulative demand at each point in time after the first; along time they hang
        together like sums of independent increments: scores of D(s) and D(t) correlate by √(s/t)
    arrival : array (ORDERS, M), of the days until an open order arrives, as far as that is its own affair
    """

    demand: Array
    arrival: Array


def places(
    turn: NDArray[np.int64], supplier: NDArray[np.int64], age: Array, shared: SharedDelay
) -> NDArray[np.int64]:
    """Row (m,) of `arrival_places` for each open order.

    Parameters
    ----------
    turn : array (m,), number of the order among its SKU's
    supplier : array (m,), number of its supplier among its SKU's
    age : array (m,), days since it was placed
    """
    if not shared.strength:
        return np.asarray(turn % ORDERS, np.int64)
    # round and round: what is six lives apart shares next to nothing, and what is older begins anew
    span = np.maximum(age * (_BINS_A_LIFE / shared.days), 0.0).astype(np.int64) % _BINS
    return np.asarray(((supplier % _SUPPLIERS) * _BINS + span) * ORDERS + turn % ORDERS, np.int64)


@lru_cache(maxsize=1)
def arrival_places(shared: SharedDelay) -> NDArray[np.int64]:
    """Place of each scenario among the M slices of an order's arrival law, (rows, M): every row has each place once.

    A one-factor Gaussian copula per supplier, z = √ρ·W + √(1−ρ)·ε: ε is the order's own score, W its supplier's,
    which drifts with the day of the order and forgets by exp(−g/τ). Ranks take the place of scores, so that every
    order keeps its own law to the last digit.
    """
    own = draws().arrival
    if not shared.strength:
        return np.asarray(own * SCENARIOS, np.int64)
    taken = ndtri(np.concatenate([draws().demand, own]))
    fresh = ndtri(uniform_points(len(taken) + _SUPPLIERS * _BINS, SCENARIOS)[len(taken) :])
    # made orthogonal: by chance alone two rows of 128 would correlate by a tenth
    apart = np.linalg.qr(np.concatenate([taken, fresh]).T)[0][:, len(taken) :].T * np.sqrt(SCENARIOS)
    factor = apart.reshape(_SUPPLIERS, _BINS, SCENARIOS)
    kept = np.exp(-1 / _BINS_A_LIFE)
    for span in range(1, _BINS):
        factor[:, span] = kept * factor[:, span - 1] + np.sqrt(1 - kept**2) * factor[:, span]
    common = np.sqrt(shared.strength) * factor.reshape(-1, 1, SCENARIOS)
    scores = common + np.sqrt(1 - shared.strength) * ndtri(own)
    return np.asarray(evened(scores.reshape(-1, SCENARIOS)) * SCENARIOS, np.int64)


@lru_cache(maxsize=1)
def draws() -> Draws:
    """Return the draws."""
    points = uniform_points(STEPS + ORDERS, SCENARIOS)
    arrival = points[_FIRST : _FIRST + ORDERS]
    free = ndtri(np.concatenate([points[:_FIRST], points[_FIRST + ORDERS :]]))
    # principal directions, the largest first: Sobol's first dimensions are its most even ones
    days = GRID[1:]
    correlation = np.sqrt(np.minimum.outer(days, days) / np.maximum.outer(days, days))
    variance, direction = np.linalg.eigh(correlation)
    scores = np.zeros((STEPS, SCENARIOS))
    for place, k in enumerate(reversed(range(STEPS))):
        # which way a direction points is the library's choice: its first entry is made positive
        turned = direction[:, k] * np.copysign(np.sqrt(max(variance[k], 0.0)), direction[0, k])
        scores += turned[:, None] * free[place]
    return Draws(evened(scores), arrival)
