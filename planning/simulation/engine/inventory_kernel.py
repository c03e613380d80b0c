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
_OPEN, _NEW, _NEVER = 0, 1, 2
"""Kinds of orders on their way: open from the start, placed since then, and such as never come."""
_FAR = 1 << 40
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
    """Play n lanes in M scenarios: counts (n, M, COUNTED), mean units ordered at each review (n, V), lows, and money.

    The lows (n, M, K) are the lowest net stock of each cycle, from delivery to delivery, on days with demand, with
    what was lost in it below zero; NaN where there are fewer cycles. Money (n, M, P) is spent at the first P reviews.

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
    settings : int array (5,): days between reviews, days that are counted, longest lead time of all orders, K, P
    """
    batches, owed_first, first_order, first_line, line_units, line_days, line_counts = opening
    n, m = len(rows), demand.shape[1]
    review, counted = settings[0], settings[1]
    result = np.zeros((n, m, COUNTED))
    ordered_at = np.zeros((n, levels.shape[1]))
    lows = np.full((n, m, settings[3]), np.nan, np.float32)
    spent_at = np.zeros((n, m, settings[4]), np.float32)
    ahead = levels.shape[1] + len(line_units)
    due_day, due_units, due_kind = np.zeros(ahead, np.int64), np.zeros(ahead), np.zeros(ahead, np.int64)
    room = demand.shape[2] + batches.shape[1] + 1
    batch_quantity, batch_end = np.zeros(room), np.zeros(room, np.int64)
    for i in range(n):
        moq, multiple, maximum = lanes[i, 0], lanes[i, 1], lanes[i, 2]
        shelf, reject = int(lanes[i, 3]), lanes[i, 4]
        whole, waits = lanes[i, 5] > 0, lanes[i, 8]
        warm_up = int(lanes[i, 9])
        days = warm_up + counted
        starts, prices = brackets[i, :, 0], brackets[i, :, 1]
        first_open, last_open = first_line[i], first_line[i + 1]
        for j in range(m):
            path = demand[rows[i], j]
            first, last, outstanding, due = 0, 0, 0, _FAR
            stock, owed, on_order, on_way = 0.0, owed_first[i], 0.0, 0.0
            for a in range(batches.shape[1]):
                if batches[i, a, 0] > 0:
                    stock += batches[i, a, 0]
                    if shelf > 0:
                        batch_quantity[last], batch_end[last] = batches[i, a, 0], int(batches[i, a, 1])
                        last += 1
            for line in range(first_open, last_open):
                if line_days[line, j] >= 0:
                    due_day[outstanding], due_units[outstanding] = line_days[line, j], line_units[line]
                    due_kind[outstanding] = _OPEN
                    outstanding, due = outstanding + 1, min(due, line_days[line, j])
                    on_way += line_units[line]
            short, sums, v = False, result[i, j], 0
            sums[FIRST_DAY] = -1.0
            low, lost, cycle = np.inf, 0.0, 0
            carried = (0.5 + j * _GOLDEN) % 1.0
            asked, unmet, stock_days, owed_days, way_days = 0.0, 0.0, 0.0, 0.0, 0.0
            t, reviewed = 0, 0
            while t < days:
                counts = t >= warm_up
                if t == warm_up:
                    asked, unmet, stock_days, owed_days, way_days = 0.0, 0.0, 0.0, 0.0, 0.0
                if shelf > 0:
                    while first < last and batch_end[first] <= t:
                        stock -= batch_quantity[first]
                        if counts:
                            sums[WASTED] += batch_quantity[first]
                        first += 1
                if t == reviewed:
                    position = stock + on_order - owed
                    for line in range(first_open, last_open):
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
                        lead = int(lead_days[i, v, j])
                        on_order += quantity
                        ordered_at[i, v] += quantity / m
                        money = quantity * bracket_price(quantity, starts, prices)
                        if v < settings[4]:
                            spent_at[i, j, v] = money
                        due_day[outstanding], due_units[outstanding] = t + abs(lead), quantity
                        due_kind[outstanding] = _NEW if lead >= 0 else _NEVER
                        outstanding, due = outstanding + 1, min(due, t + abs(lead))
                        if lead >= 0:
                            on_way += quantity
                        if sums[FIRST_DAY] < 0:
                            sums[FIRST_DAY] = t
                        if counts:
                            sums[ORDERS] += 1
                            sums[ORDERED] += quantity
                            sums[SPENT] += money
                    v, reviewed = v + 1, t + review
                if t == due:
                    arrived, old, gone, waiting, due = 0.0, 0.0, 0.0, 0, _FAR
                    for order in range(outstanding):
                        if due_day[order] > t:
                            due_day[waiting], due_units[waiting] = due_day[order], due_units[order]
                            due_kind[waiting] = due_kind[order]
                            waiting, due = waiting + 1, min(due, due_day[order])
                        elif due_kind[order] == _NEVER:
                            gone += due_units[order]
                        else:
                            arrived += due_units[order]
                            old += due_units[order] if due_kind[order] == _OPEN else 0.0
                    outstanding = waiting
                    on_order -= gone
                    if arrived > 0:
                        on_way -= arrived
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
                        from_stock = min(owed, good)
                        owed -= from_stock
                        kept = good - from_stock
                        stock += kept
                        if shelf > 0 and kept > 0:
                            batch_quantity[last], batch_end[last] = kept, t + shelf
                            last += 1
                # nothing happens but demand until the next review, arrival or end of a shelf life
                end = min(days, reviewed, due)
                if t < warm_up:
                    end = min(end, warm_up)
                if first < last:
                    end = min(end, max(batch_end[first], t + 1))
                net, before = stock, owed + lost
                for day in range(t, end):
                    wanted = float(path[day])
                    net -= wanted
                    asked += wanted
                    stock_days += max(net, 0.0)
                    owed_days += owed + waits * max(-net, 0.0)
                    way_days += on_way
                if net < stock:
                    low = min(low, net - before)
                missed = max(-net, 0.0)
                unmet += missed
                short |= missed > _FRACTION
                owed += waits * missed
                lost += (1.0 - waits) * missed
                left, stock = stock - max(net, 0.0), max(net, 0.0)
                while left > _NOTHING and first < last:
                    taken = min(left, batch_quantity[first])
                    batch_quantity[first] -= taken
                    left -= taken
                    if batch_quantity[first] <= _NOTHING:
                        first += 1
                t = end
            sums[LEFT] = stock + on_way - owed
            sums[DEMAND], sums[MISSED], sums[STOCK_DAYS] = asked, unmet, stock_days
            sums[BACKORDER_DAYS], sums[PIPELINE_DAYS] = owed_days, way_days
    return result, ordered_at, lows, spent_at
