"""The random numbers of the stock projection, the same for every SKU and every run.

Common numbers make plans comparable: a SKU whose stock, orders and forecast have not moved keeps its risk to the
last digit, and two ways of acting differ by what they do and not by luck.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from planning.distributions import Array
from planning.scenarios import SCENARIOS, evened, uniform_points

__all__ = ["GRID", "ORDERS", "SCENARIOS", "STEPS", "Draws", "draws"]

STEPS = 32
ORDERS = 24

GRID: Array = (np.arange(STEPS + 1) / STEPS) ** 1.5
"""Points in time as shares of the days looked ahead, (STEPS + 1,): closer together where decisions are near."""

_FIRST = 2  # directions of demand that matter most, which get the most even of the points


@dataclass(frozen=True)
class Draws:
    """Probability levels, each row evenly spread over M = SCENARIOS slices.

    Attributes
    ----------
    demand : array (STEPS, M), of cumulative demand at each point in time after the first; along time they hang
        together like sums of independent increments: scores of D(s) and D(t) correlate by √(s/t)
    arrival : array (ORDERS, M), of the days until an open order arrives, orders being independent
    """

    demand: Array
    arrival: Array


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
