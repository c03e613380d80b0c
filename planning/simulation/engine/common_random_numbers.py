"""Common random numbers: probability levels of each SKU, supplier and order, the same whatever else is played.

Each is keyed by names, never by a row: a SKU meets the same demand and the same order the same delay whoever stands
beside it, so that two ways of acting differ by what they do and not by luck.
"""

from enum import IntEnum
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array

_SEED = 20261128  # any fixed number
_STEP = np.uint64(0x9E3779B97F4A7C15)  # of Steele's splitmix64, as the next two
_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def name_keys(*names: NDArray[np.object_]) -> NDArray[np.uint64]:
    """Keys (n,) of random numbers, from one or more names each, such as SKU and supplier."""
    keys = np.zeros(len(names[0]), np.uint64)
    for each in names:
        keys = _mixed(keys + pd.util.hash_array(np.asarray(each, object), categorize=True) + _STEP)
    return keys


class Luck(IntEnum):
    """What random numbers are for: each has its own, independent of the others'."""

    DEMAND = 0
    LEVEL = 1
    ORDER = 2
    SUPPLIER = 3
    OPEN_ORDER = 4
    SUPPLIER_BEFORE = 5


def stratified_levels(
    keys: NDArray[np.uint64], dimensions: int, scenarios: int, luck: Luck
) -> NDArray[np.float32]:
    """Probability levels (n, d, M) in (0, 1): every key and dimension has one in each of M equal slices.

    A Latin hypercube that is the same for all, each dimension of it turned by what the key says (Cranley & Patterson
    1976). More dimensions leave the first ones as they are.
    """
    numbers = np.arange(1, dimensions + 1, dtype=np.uint64) + np.uint64(luck << 32)
    turns = _uniform(keys[:, None] + _STEP * numbers).astype(np.float32)
    levels = turns[:, :, None] + _hypercube(dimensions, scenarios, luck)
    levels -= np.floor(levels)
    return np.asarray(np.clip(levels, 0.5e-6, 1 - 0.5e-6))


def level_in_dimension(
    keys: NDArray[np.uint64], dimension: NDArray[np.int64], scenarios: int, luck: Luck
) -> NDArray[np.float32]:
    """Probability levels (n, M) of each key in one `dimension` (n,) of `stratified_levels`.

    In one dimension the levels of two keys are the same but for a turn, so what must be independent needs two.
    """
    number = dimension.astype(np.uint64) + np.uint64(1 + (luck << 32))
    turns = _uniform(keys + _STEP * number).astype(np.float32)
    levels = turns[:, None] + _hypercube(int(dimension.max(initial=0)) + 1, scenarios, luck)[dimension]
    levels -= np.floor(levels)
    return np.asarray(np.clip(levels, 0.5e-6, 1 - 0.5e-6))


@lru_cache(maxsize=16)
def _hypercube(dimensions: int, scenarios: int, luck: Luck) -> NDArray[np.float32]:
    """Common Latin hypercube (d, M): in each dimension the middles of M slices, in an order of its own."""
    rng = np.random.default_rng([_SEED, luck])
    order = np.stack([rng.permutation(scenarios) for _ in range(dimensions)])
    return np.asarray((order + 0.5) / scenarios, np.float32)


def _uniform(numbers: NDArray[np.uint64]) -> Array:
    """Random numbers in [0, 1) from keys."""
    return np.asarray((_mixed(numbers) >> np.uint64(11)) * 2.0**-53)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keys whose bits are mixed (splitmix64), so that neighbours have nothing in common."""
    z = (numbers ^ (numbers >> np.uint64(30))) * _MIX[0]
    z = (z ^ (z >> np.uint64(27))) * _MIX[1]
    return np.asarray(z ^ (z >> np.uint64(31)))
