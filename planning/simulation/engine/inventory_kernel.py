"""The inventory kernel: one lane in one scenario, day by day, compiled; every play runs through it.

A day goes: what has passed its shelf life is thrown away; at a review an order is placed; orders arrive, backorders
first served; demand is met, oldest goods first; stock is counted. `tests/planning/simulation/engine` holds a slow and
obvious simulator beside it that has to agree.
"""

from typing import Any

import numpy as np
from numba import njit

DEMAND, MISSED, STOCK_DAYS, BACKORDER_DAYS = 0, 1, 2, 3
ORDERS, ORDERED, SPENT, PIPELINE_DAYS = 4, 5, 6, 7
WASTED, REJECTED, CYCLES, SHORT_CYCLES = 8, 9, 10, 11
FIRST_DAY, LEFT = 12, 13
COUNTED = 14
"""Columns of what the kernel counts: units, orders, money and unit-days, as `PlayResult` names them."""

_NOTHING = 1e-9
_FRACTION = 1e-6
"""Smallest part of a unit that counts as demand, stock or an order: what rounding leaves is less."""
_GOLDEN = 0.5 * (5.0**0.5 - 1.0)
"""Step between the scenarios' first parts of a unit to reject: spread evenly, so that on average the share is exact."""


@njit(cache=True, nogil=True)
def allowed_quantity(need: float, moq: float, multiple: float, maximum: float) -> float:
    """Smallest quantity within an offer's limits that covers the `need`, or the largest: as `OrderLimits.allowed`."""
    if need <= 0.0:
        return 0.0
    quantity = max(need, moq, multiple)
    if multiple > 0.0:
        quantity = np.ceil(quantity / multiple - _NOTHING) * multiple
        largest = np.floor(maximum / multiple + _NOTHING) * multiple if np.isfinite(maximum) else maximum
    else:
        largest = maximum
    smallest = max(moq, multiple)
    if multiple > 0.0:
        smallest = np.ceil(smallest / multiple - _NOTHING) * multiple
    if smallest > largest or largest <= 0.0:
        return 0.0
    return min(quantity, largest)


@njit(cache=True, nogil=True)
def bracket_price(quantity: float, starts: Any, prices: Any) -> float:
    """Unit price of an order of `quantity`, from the starts and prices (B,) of the offer's price brackets."""
    bracket = 0
    for b in range(1, len(starts)):
        if starts[b] <= quantity:
            bracket = b
    return float(prices[bracket])


@njit(cache=True, nogil=True)
def raised_to_break(
    quantity: float, limits: Any, starts: Any, prices: Any, yearly: float, holding: float, sellable: float
) -> float:
    """Order `quantity`, raised to the next cheaper price bracket where that pays: as `policy.order_size`.

    `limits` (3,): MOQ, multiple and maximum; `yearly` units a year; `holding` money a unit and year;
    `sellable` units before they perish, beyond which it is not raised.
    """
    if quantity <= 0.0 or len(starts) < 2 or yearly <= 0.0:
        return quantity
    price = bracket_price(quantity, starts, prices)
    raised = np.inf
    for b in range(1, len(starts)):
        if starts[b] > quantity and prices[b] < price and starts[b] < raised:
            raised = starts[b]
    if not np.isfinite(raised):
        return quantity
    target = allowed_quantity(raised, limits[0], limits[1], limits[2])
    if target < raised - _NOTHING or target > sellable:
        return quantity
    saved = target * (price - bracket_price(target, starts, prices))
    held = holding * (target**2 - quantity**2) / (2.0 * yearly)
    return target if saved > held else quantity


@njit(cache=True, nogil=True)
def outdating(units: Any, ends: Any, today: int, rate: float, days: float) -> float:
    """Units on the shelf that are expected to perish within the next `days`, first in, first out.

    What of a batch and those before it does not sell by its end, at `rate` units a day, perishes (the estimate of
    Broekmeulen and van Donselaar 2009).

    Parameters
    ----------
    units, ends : arrays (A,), units of each batch and the day on which it perishes, oldest first
    """
    ahead, gone = 0.0, 0.0
    for b in range(len(units)):
        left = ends[b] - today
        if left > days:
            break
        ahead += units[b]
        gone = max(gone, ahead - rate * left)
    return gone


@njit(cache=True, nogil=True)
def play_lanes(
    rows: Any,
    demand: Any,
    lead_days: Any,
    levels: Any,
    lanes: Any,
    brackets: Any,
    opening: Any,
    settings: Any,
) -> Any:
    """Play n lanes in M scenarios: what was counted (n, M, COUNTED), mean units ordered at each review (n, V), lows.

    The lows (n, M, K) are the lowest net stock of each cycle, from delivery to delivery, on days with demand, with
    what was lost in it below zero; NaN where there are fewer cycles.

    Parameters
    ----------
    rows : int array (n,), row of each lane's SKU in `demand`
    demand : array (m, M, T), units of each day
    lead_days : int array (n, V, M), days that an order placed at a review takes; negative: it never comes and is
        given up after so many days
    levels : array (n, V, 3), reorder point, order-up-to level, and units expected a day at each review
    lanes : array (n, 12): MOQ, multiple, maximum, shelf life in days (0: keeps), reject share, counted in whole units,
        units a year, holding cost a unit and year, backorders (1) or lost sales (0), days before anything is counted,
        units that sell before they perish, days of the protection interval
    brackets : array (n, B, 2), starts and prices of the offers' price brackets
    opening : as `lane_play.Opening`, arrays: batches (n, A, 2) of units on hand and the day they perish, oldest first;
        owed (n,); first (n,), the order of the first review, NaN where the policy says; first_line (n + 1,), where the
        open orders of a lane begin; line_units (k,); line_days (k, M), day of arrival, negative: never; line_counts
        (k, V), units of each that the policy counts at a review while it is open
    settings : int array (4,): days between reviews, days that are counted, longest lead time of all orders, and K
    """
    batches, owed_first, first_order, first_line, line_units, line_days, line_counts = opening
    n, m = len(rows), demand.shape[1]
    review, counted, slots = settings[0], settings[1], settings[2] + 1
    result = np.zeros((n, m, COUNTED))
    ordered_at = np.zeros((n, levels.shape[1]))
    lows = np.full((n, m, settings[3]), np.nan, np.float32)
    arriving, given_up = np.zeros(slots), np.zeros(slots)
    room = demand.shape[2] + batches.shape[1] + 1
    batch_quantity, batch_end = np.zeros(room), np.zeros(room, np.int64)
    for i in range(n):
        moq, multiple, maximum = lanes[i, 0], lanes[i, 1], lanes[i, 2]
        shelf, reject = int(lanes[i, 3]), lanes[i, 4]
        whole, backorders = lanes[i, 5] > 0, lanes[i, 8] > 0
        warm_up = int(lanes[i, 9])
        days = warm_up + counted
        starts, prices = brackets[i, :, 0], brackets[i, :, 1]
        for j in range(m):
            arriving[:], given_up[:] = 0.0, 0.0
            first, last = 0, 0
            stock, owed, on_order, on_way = 0.0, owed_first[i], 0.0, 0.0
            for a in range(batches.shape[1]):
                if batches[i, a, 0] > 0:
                    stock += batches[i, a, 0]
                    if shelf > 0:
                        batch_quantity[last], batch_end[last] = batches[i, a, 0], int(batches[i, a, 1])
                        last += 1
            for line in range(first_line[i], first_line[i + 1]):
                if line_days[line, j] >= 0:
                    arriving[line_days[line, j] % slots] += line_units[line]
                    on_way += line_units[line]
            short, sums, slot, v, wait = False, result[i, j], -1, -1, 0
            sums[FIRST_DAY] = -1.0
            low, lost, cycle = np.inf, 0.0, 0
            carried = (0.5 + j * _GOLDEN) % 1.0
            for t in range(days):
                counts = t >= warm_up
                slot = slot + 1 if slot + 1 < slots else 0
                if shelf > 0:
                    while first < last and batch_end[first] <= t:
                        stock -= batch_quantity[first]
                        if counts:
                            sums[WASTED] += batch_quantity[first]
                        first += 1
                wait -= 1
                if wait < 0:
                    v, wait = v + 1, review - 1
                    position = stock + on_order - owed
                    for line in range(first_line[i], first_line[i + 1]):
                        if line_days[line, j] >= t or line_days[line, j] < 0:
                            position += line_counts[line, v]
                    if shelf > 0:
                        position -= outdating(
                            batch_quantity[first:last],
                            batch_end[first:last],
                            t,
                            levels[i, v, 2],
                            lanes[i, 11],
                        )
                    quantity = 0.0
                    if v == 0 and not np.isnan(first_order[i]):
                        quantity = first_order[i]
                    elif position < levels[i, v, 0] - _FRACTION:
                        quantity = allowed_quantity(levels[i, v, 1] - position, moq, multiple, maximum)
                        quantity = raised_to_break(
                            quantity, lanes[i, :3], starts, prices, lanes[i, 6], lanes[i, 7], lanes[i, 10]
                        )
                    if quantity > _FRACTION:
                        lead = lead_days[i, v, j]
                        on_order += quantity
                        ordered_at[i, v] += quantity / m
                        if lead >= 0:
                            arriving[(t + lead) % slots] += quantity
                            on_way += quantity
                        else:
                            given_up[(t - lead) % slots] += quantity
                        if sums[FIRST_DAY] < 0:
                            sums[FIRST_DAY] = t
                        if counts:
                            sums[ORDERS] += 1
                            sums[ORDERED] += quantity
                            sums[SPENT] += quantity * bracket_price(quantity, starts, prices)
                if given_up[slot] > 0:
                    on_order -= given_up[slot]
                    given_up[slot] = 0.0
                if arriving[slot] > 0:
                    arrived = arriving[slot]
                    arriving[slot] = 0.0
                    on_way -= arrived
                    old = 0.0
                    for line in range(first_line[i], first_line[i + 1]):
                        if line_days[line, j] == t:
                            old += line_units[line]
                    on_order -= arrived - old
                    rejected = arrived * reject
                    if whole:  # what is less than a unit is carried on to the next delivery
                        carried += rejected
                        rejected = np.floor(carried)
                        carried -= rejected
                    good = arrived - rejected
                    if counts:
                        sums[REJECTED] += rejected
                        sums[CYCLES] += 1
                        sums[SHORT_CYCLES] += short
                        if cycle < settings[3]:
                            lows[i, j, cycle] = low
                            cycle += 1
                    short, low, lost = False, np.inf, 0.0
                    served = min(owed, good)
                    owed -= served
                    kept = good - served
                    stock += kept
                    if shelf > 0 and kept > 0:
                        batch_quantity[last], batch_end[last] = kept, t + shelf
                        last += 1
                wanted = float(demand[rows[i], j, t])
                met = min(stock, wanted)
                stock -= met
                missed = wanted - met
                if shelf > 0:
                    left = met
                    while left > _NOTHING and first < last:
                        taken = min(left, batch_quantity[first])
                        batch_quantity[first] -= taken
                        left -= taken
                        if batch_quantity[first] <= _NOTHING:
                            first += 1
                if backorders:
                    owed += missed
                else:
                    lost += missed
                if wanted > 0:
                    low = min(low, stock - owed - lost)
                if missed > _FRACTION:
                    short = True
                if counts:
                    sums[DEMAND] += wanted
                    sums[MISSED] += missed
                    sums[STOCK_DAYS] += stock
                    sums[BACKORDER_DAYS] += owed
                    sums[PIPELINE_DAYS] += on_way
            sums[LEFT] = stock + on_way - owed
    return result, ordered_at, lows
