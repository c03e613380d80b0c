# mypy: disallow-untyped-decorators=False
"""The costing kernel: the movements of each SKU in time order, taken from and put on cost layers, compiled."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FIFO, LIFO, AVERAGE = 0, 1, 2
"""How an issue is costed: by the oldest layers, by the newest, or at the moving average."""

OPENING, RECEIPT, RETURN, SALE, WRITE_OFF = 0, 1, 2, 3, 4
"""Kinds of movements, in the order in which those of one day are played."""

OPENED, PURCHASED, RETURNED, WRITTEN_OFF, UNCOSTED_COST, UNCOSTED, LAST_COST = 0, 1, 2, 3, 4, 5, 6
SUMS = 7
"""Columns of what is summed up of a SKU: money, but for the units `UNCOSTED` and the unit cost `LAST_COST`."""

_HEAD, _TAIL, _UNITS, _MEAN, _LAST, _SHORT, _SHORT_COST = 0, 1, 2, 3, 4, 5, 6
"""State of a SKU: first layer and the one after the last, units, average cost, last known cost, and what was issued
beyond what was there, in units and money."""

_NOTHING = 1e-9
"""Share of a quantity that counts as none: what rounding leaves is less."""


class Moves(NamedTuple):
    """Movements of n SKUs, sorted by SKU and by the order in which they are played.

    Attributes
    ----------
    first : array (n + 1,), the first movement of each SKU
    kind, day, bucket : arrays (m,), kind of movement, day since 1970, and between which boundaries it lies
    units, cost : arrays (m,), units ≥ 0 and what a unit of a receipt costs; NaN: not known
    fallback : array (n,), unit cost as long as none is known
    """

    first: NDArray[np.int64]
    kind: NDArray[np.int8]
    day: NDArray[np.int64]
    bucket: NDArray[np.int64]
    units: NDArray[np.float64]
    cost: NDArray[np.float64]
    fallback: NDArray[np.float64]


class Layers(NamedTuple):
    """Room for the layers of n SKUs, the oldest first; units are 0 where there is none.

    Attributes
    ----------
    first : array (n,), the first place of each SKU
    units, cost, day : arrays (k,), of each layer
    """

    first: NDArray[np.int64]
    units: NDArray[np.float64]
    cost: NDArray[np.float64]
    day: NDArray[np.int64]


@njit(cache=True, nogil=True)
def play_movements(moves: Any, layers: Any, method: int, buckets: int) -> Any:
    """Cost of goods sold in and stock value after each bucket, (n, buckets) each, and sums (n, `SUMS`).

    Fills in `layers`, those that are left; with the moving average at the average, the oldest units sold first.
    """
    n = len(moves.fallback)
    cogs, value, sums = np.zeros((n, buckets)), np.zeros((n, buckets)), np.zeros((n, SUMS))
    state = np.zeros(7)
    for i in range(n):
        state[:] = 0.0
        state[_LAST] = moves.fallback[i]
        first, bucket, ledger = layers.first[i], 0, (state, cogs[i], sums[i])
        for m in range(moves.first[i], moves.first[i + 1]):
            if moves.bucket[m] > bucket:
                value[i, bucket : moves.bucket[m]] = _value(state, layers, first, method)
                bucket = moves.bucket[m]
            _play(m, moves, layers, first, method, ledger)
        value[i, bucket:] = _value(state, layers, first, method)
        sums[i, UNCOSTED], sums[i, UNCOSTED_COST] = state[_SHORT], state[_SHORT_COST]
        sums[i, LAST_COST] = state[_LAST]
        if method == AVERAGE:
            layers.cost[first + int(state[_HEAD]) : first + int(state[_TAIL])] = state[_MEAN]
    return cogs, value, sums


@njit(cache=True, nogil=True)
def _play(m: int, moves: Any, layers: Any, first: int, method: int, ledger: Any) -> None:
    """Movement m of one SKU, entered in its `ledger`: state, cost of goods sold by bucket, and sums."""
    state, cogs, sums = ledger
    kind, units = moves.kind[m], moves.units[m]
    if kind <= RECEIPT:
        if not np.isnan(moves.cost[m]):
            state[_LAST] = moves.cost[m]
        sums[OPENED if kind == OPENING else PURCHASED] += units * state[_LAST] if units > 0 else 0.0
        cogs[moves.bucket[m]] += _receive(state, layers, first, units, moves.day[m])
        return
    newest = method == LIFO or kind == RETURN
    cost = _issue(state, layers, first, units, method, newest)
    if kind == SALE:
        cogs[moves.bucket[m]] += cost
    else:
        sums[RETURNED if kind == RETURN else WRITTEN_OFF] += cost


@njit(cache=True, nogil=True)
def _receive(state: Any, layers: Any, first: int, units: float, day: int) -> float:
    """Put a receipt at the last known cost on the layers; what was issued before it came is taken from it.

    Returns what these units cost more than they were costed at when they were issued.
    """
    cost, more = state[_LAST], 0.0
    if state[_SHORT] > 0.0 and units > 0.0:
        covered = min(units, state[_SHORT])
        costed = state[_SHORT_COST] * (covered / state[_SHORT])
        more = covered * cost - costed
        units -= covered
        state[_SHORT] -= covered
        state[_SHORT_COST] -= costed
        if state[_SHORT] <= _NOTHING * covered:
            state[_SHORT], state[_SHORT_COST] = 0.0, 0.0
        if units <= _NOTHING * covered:
            units = 0.0
    if units > 0.0:
        place = first + int(state[_TAIL])
        layers.units[place], layers.cost[place], layers.day[place] = units, cost, day
        state[_TAIL] += 1
        before = state[_UNITS]
        state[_MEAN] = (before * state[_MEAN] + units * cost) / (before + units) if before > 0.0 else cost
        state[_UNITS] = before + units
    return more


@njit(cache=True, nogil=True)
def _issue(state: Any, layers: Any, first: int, units: float, method: int, newest: bool) -> float:
    """Take an issue off the layers, the newest or the oldest first; what is not there costs the last known cost."""
    left, cost = units, 0.0
    while left > 0.0 and state[_HEAD] < state[_TAIL]:
        place = first + int(state[_TAIL] - 1 if newest else state[_HEAD])
        taken = min(left, layers.units[place])
        cost += taken * layers.cost[place]
        layers.units[place] -= taken
        left -= taken
        if layers.units[place] <= _NOTHING * taken:
            layers.units[place] = 0.0
            state[_TAIL if newest else _HEAD] += -1 if newest else 1
        if left <= _NOTHING * units:
            left = 0.0
    if method == AVERAGE:
        cost = (units - left) * state[_MEAN] if units > left else 0.0
    state[_UNITS] = state[_UNITS] - (units - left) if state[_HEAD] < state[_TAIL] else 0.0
    if left > 0.0:
        cost += left * state[_LAST]
        state[_SHORT] += left
        state[_SHORT_COST] += left * state[_LAST]
    return cost


@njit(cache=True, nogil=True)
def _value(state: Any, layers: Any, first: int, method: int) -> float:
    """What the stock of one SKU is worth now."""
    if state[_HEAD] >= state[_TAIL]:
        return 0.0
    if method == AVERAGE:
        return float(state[_UNITS] * state[_MEAN])
    total = 0.0
    for place in range(first + int(state[_HEAD]), first + int(state[_TAIL])):
        total += layers.units[place] * layers.cost[place]
    return total
