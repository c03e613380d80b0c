"""Probability levels of the scenarios that stock is projected in, and the points in time they are read at.

The levels are Sobol points, evenly spread, and the same for every SKU and every run. Common numbers make plans
comparable: a SKU whose stock, orders and forecast have not moved keeps its risk to the last digit, and two ways of
acting differ by what they do and not by luck.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from distributions.distribution import Array

Float32Array = NDArray[np.float32]
"""What scenarios are played in: single precision takes half the memory and is good for a ten-millionth."""

SCENARIOS = 128
STEPS = 32
ORDERS_A_SKU = 24
"""Open orders of one SKU that have levels of their own; the next ones begin again with the first's."""

TIME_GRID: Array = (np.arange(STEPS + 1) / STEPS) ** 1.5
"""Points in time as shares of the horizon, (STEPS + 1,): closer together where decisions are near."""

_SEED = 20240415  # any fixed number: the same points for every SKU and every run
_FIRST = 2  # directions of demand that matter most, which get the most even of the points


@dataclass(frozen=True)
class ScenarioLevels:
    """Probability levels of demand and arrivals in M = SCENARIOS scenarios, each row evenly spread over M slices.

    Attributes
    ----------
    demand : array (STEPS, M), of cumulative demand at each point in time after the first; along time they hang
        together like sums of independent increments: scores of D(s) and D(t) correlate by √(s/t)
    arrival : array (ORDERS_A_SKU, M), of the days until an open order arrives, as far as its delay is its own
    """

    demand: Array
    arrival: Array


@lru_cache(maxsize=1)
def scenario_levels() -> ScenarioLevels:
    """Probability levels of cumulative demand along `TIME_GRID` and of arrivals, made once a process."""
    points = uniform_points(STEPS + ORDERS_A_SKU, SCENARIOS)
    arrival = points[_FIRST : _FIRST + ORDERS_A_SKU]
    free = ndtri(np.concatenate([points[:_FIRST], points[_FIRST + ORDERS_A_SKU :]]))
    # principal directions, the largest first: Sobol's first dimensions are its most even ones
    days = TIME_GRID[1:]
    correlation = np.sqrt(np.minimum.outer(days, days) / np.maximum.outer(days, days))
    variance, direction = np.linalg.eigh(correlation)
    scores = np.zeros((STEPS, SCENARIOS))
    for place, k in enumerate(reversed(range(STEPS))):
        # which way a direction points is the library's choice: its first entry is made positive
        turned = direction[:, k] * np.copysign(np.sqrt(max(variance[k], 0.0)), direction[0, k])
        scores += turned[:, None] * free[place]
    return ScenarioLevels(even_levels(scores), arrival)


def uniform_points(dimensions: int, count: int) -> Array:
    """Sobol points of the unit cube, shape (dimensions, count): each row has one point in the middle of each slice.

    Sobol points alone may lie anywhere in the outermost slice, and one of them then stands for the whole tail.
    """
    from scipy.stats import qmc  # a second, and few commands need it

    return even_levels(qmc.Sobol(dimensions, rng=_SEED).random(count).T)


def even_levels(points: Array) -> Array:
    """Probability levels of M scenarios by the ranks of each row's points (d, M): the middles of M slices of (0, 1)."""
    return np.asarray((points.argsort(axis=1).argsort(axis=1) + 0.5) / points.shape[1])
