"""The dual-source kernel: one SKU bought from two suppliers by a dual-index policy, day by day, compiled.

At a review the surge supplier, the quick one, is asked first: by what is on hand and will be here within its lead time
(the expedited position). Then the base supplier, by all that is on hand and on order (Veeraraghavan and Scheller-Wolf
2008). What else happens in a day is as in `inventory_kernel`, whose functions it shares; with one of the two reorder
points at minus infinity it plays the other supplier alone, exactly. `tests/support/reference_dual.py` is the slow and
obvious simulator that it has to agree with.
"""

from typing import Any

import numpy as np
from numba import njit

from planning.simulation.engine.inventory_kernel import (
    allowed_quantity,
    bracket_price,
    outdating,
    raised_to_break,
)

BASE, SURGE = 0, 1
"""The two suppliers, in the order of the kernel's arrays."""
DEMAND, MISSED, STOCK_DAYS, WASTED, CYCLES, SHORT_CYCLES = 0, 1, 2, 3, 4, 5
COUNTED = 6
"""Columns of what is counted of the SKU: units, unit-days, deliveries."""
ORDERS, ORDERED, SPENT, PIPELINE_DAYS, RECEIVED, REJECTED = 0, 1, 2, 3, 4, 5
BOUGHT = 6
"""Columns of what is counted of each supplier; `RECEIVED` is what arrived before rejects."""

_NOTHING = 1e-9
_FRACTION = 1e-6
_FAR = 1 << 40
_GOLDEN = 0.5 * (5.0**0.5 - 1.0)


@njit(cache=True, nogil=True)
def play_pairs(
    rows: Any, demand: Any, lead_days: Any, levels: Any, pairs: Any, lanes: Any, brackets: Any, settings: Any
) -> Any:
    """Play n SKUs in M scenarios: what was counted of the SKU (n, M, COUNTED) and of its suppliers (n, M, 2, BOUGHT).

    It begins with the base supplier's order-up-to level in stock, or the surge supplier's where that is higher.

    Parameters
    ----------
    rows : int array (n,), row of each SKU in `demand`
    demand : array (m, M, T), units of each day
    lead_days : int array (n, 2, V, M), days that an order placed at a review takes
    levels : array (n, 2, V, 3), reorder point, order-up-to level, units expected a day at each review
    pairs : array (n, 5): shelf life in days (0: keeps), counted in whole units, backorders (1) or lost sales (0), days
        before anything is counted, and age in days from which a base order counts for the surge supplier
    lanes : array (n, 2, 8): MOQ, multiple, maximum, reject share, units a year, holding cost a unit and year, units
        that sell before they perish, days of the protection interval
    brackets : array (n, 2, B, 2), starts and prices of the offers' price brackets
    settings : int array (2,): days between reviews, days that are counted
    """
    n, m = len(rows), demand.shape[1]
    review, counted = settings[0], settings[1]
    result, bought = np.zeros((n, m, COUNTED)), np.zeros((n, m, 2, BOUGHT))
    ahead, room = 2 * levels.shape[2], demand.shape[2] + 2
    due_day, due_units = np.zeros(ahead, np.int64), np.zeros(ahead)
    due_from, placed = np.zeros(ahead, np.int64), np.zeros(ahead, np.int64)
    batch_quantity, batch_end = np.zeros(room), np.zeros(room, np.int64)
    carried, arrived, on_way = np.zeros(2), np.zeros(2), np.zeros(2)
    for i in range(n):
        shelf, whole, waits = int(pairs[i, 0]), pairs[i, 1] > 0, pairs[i, 2]
        warm_up, counts_from = int(pairs[i, 3]), pairs[i, 4]
        days = warm_up + counted
        for j in range(m):
            path, sums, each = demand[rows[i], j], result[i, j], bought[i, j]
            first, last, outstanding, due = 0, 0, 0, _FAR
            stock, owed, short = max(levels[i, 0, 0, 1], levels[i, 1, 0, 1]), 0.0, False
            if shelf > 0 and stock > 0:
                batch_quantity[0], batch_end[0], last = stock, shelf, 1
            on_way[:] = 0.0
            carried[:] = (0.5 + j * _GOLDEN) % 1.0
            v, reviewed = 0, 0
            for t in range(days):
                counts = t >= warm_up
                if shelf > 0:
                    while first < last and batch_end[first] <= t:
                        stock -= batch_quantity[first]
                        if counts:
                            sums[WASTED] += batch_quantity[first]
                        first += 1
                if t == reviewed:
                    for step in range(2):
                        k = 1 - step  # the surge supplier first
                        position = stock - owed
                        for order in range(outstanding):
                            old = t - placed[order] >= counts_from
                            if k == BASE or due_from[order] == SURGE or old:
                                position += due_units[order]
                        if shelf > 0:
                            ends = batch_end[first:last]
                            rate = levels[i, k, v, 2]
                            position -= outdating(batch_quantity[first:last], ends, t, rate, lanes[i, k, 7])
                        if position >= levels[i, k, v, 0] - _FRACTION:
                            continue
                        starts, prices = brackets[i, k, :, 0], brackets[i, k, :, 1]
                        limits = lanes[i, k, :3]
                        need = levels[i, k, v, 1] - position
                        quantity = allowed_quantity(need, limits[0], limits[1], limits[2])
                        quantity = raised_to_break(
                            quantity, limits, starts, prices, lanes[i, k, 4], lanes[i, k, 5], lanes[i, k, 6]
                        )
                        if quantity > _FRACTION:
                            due_day[outstanding] = t + int(lead_days[i, k, v, j])
                            due_units[outstanding], due_from[outstanding] = quantity, k
                            placed[outstanding] = t
                            due = min(due, due_day[outstanding])
                            outstanding += 1
                            on_way[k] += quantity
                            if counts:
                                each[k, ORDERS] += 1
                                each[k, ORDERED] += quantity
                                each[k, SPENT] += quantity * bracket_price(quantity, starts, prices)
                    v, reviewed = v + 1, t + review
                if t == due:
                    waiting, due = 0, _FAR
                    arrived[:] = 0.0
                    for order in range(outstanding):
                        if due_day[order] > t:
                            due_day[waiting], due_units[waiting] = due_day[order], due_units[order]
                            due_from[waiting], placed[waiting] = due_from[order], placed[order]
                            waiting, due = waiting + 1, min(due, due_day[order])
                        else:
                            arrived[due_from[order]] += due_units[order]
                    outstanding = waiting
                    good = 0.0
                    for k in range(2):
                        if arrived[k] > 0:
                            on_way[k] -= arrived[k]
                            rejected = arrived[k] * lanes[i, k, 3]
                            if whole:
                                carried[k] += rejected
                                rejected = np.floor(carried[k])
                                carried[k] -= rejected
                            good += arrived[k] - rejected
                            if counts:
                                each[k, RECEIVED] += arrived[k]
                                each[k, REJECTED] += rejected
                    if counts:
                        sums[CYCLES] += 1
                        sums[SHORT_CYCLES] += short
                    short = False
                    from_stock = min(owed, good)
                    owed -= from_stock
                    kept = good - from_stock
                    stock += kept
                    if shelf > 0 and kept > 0:
                        batch_quantity[last], batch_end[last] = kept, t + shelf
                        last += 1
                wanted = float(path[t])
                served = min(stock, wanted)
                missed, left = wanted - served, served
                stock -= served
                short |= missed > _FRACTION
                owed += waits * missed
                while left > _NOTHING and first < last:
                    taken = min(left, batch_quantity[first])
                    batch_quantity[first] -= taken
                    left -= taken
                    if batch_quantity[first] <= _NOTHING:
                        first += 1
                if counts:
                    sums[DEMAND] += wanted
                    sums[MISSED] += missed
                    sums[STOCK_DAYS] += stock
                    each[BASE, PIPELINE_DAYS] += on_way[BASE]
                    each[SURGE, PIPELINE_DAYS] += on_way[SURGE]
    return result, bought
