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
COUNTED = 12
"""Columns of what the kernel counts: units, orders, money and unit-days, as `PlayResult` names them."""

_NOTHING = 1e-9
_FRACTION = 1e-6
"""Smallest part of a unit that counts as demand, stock or an order: what rounding leaves is less."""


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
    quantity: float, limits: Any, starts: Any, prices: Any, yearly: float, holding: float
) -> float:
    """Order `quantity`, raised to the next cheaper price bracket where that pays: as `policy.order_size`.

    `limits` (3,): MOQ, multiple and maximum; `yearly` units a year; `holding` money a unit and year.
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
    if target < raised - _NOTHING:
        return quantity
    saved = target * (price - bracket_price(target, starts, prices))
    held = holding * (target**2 - quantity**2) / (2.0 * yearly)
    return target if saved > held else quantity


@njit(cache=True, nogil=True)
def spread_over_days(units: Any, calendar: Any, bridges: Any, dispersion: Any, whole: Any) -> Any:
    """Demand of each day (m, M, T), float32, from the units of each period (m, K, M).

    A period's units come evenly over its days, but for a Brownian bridge with the variance that independent days have:
    half a week has √½ of the week's spread, as in `DemandForecast.window`. Whole units come on one day.

    Parameters
    ----------
    calendar : int array (T, 3), of each day its period, its number in it from 0 on, and the days of the period
    bridges : array (C, G + 1), Brownian bridges on a grid from 0 to 1; one of them holds in each period and scenario
    dispersion : array (m,), variance of a period's demand over its mean
    whole : flags (m,), counted in whole units
    """
    n, scenarios, days = units.shape[0], units.shape[2], len(calendar)
    kinds, grid = bridges.shape[0], bridges.shape[1] - 1
    result = np.zeros((n, scenarios, days), np.float32)
    for i in range(n):
        for j in range(scenarios):
            asked = 0.0
            for t in range(days):
                k, d, length = calendar[t, 0], calendar[t, 1], calendar[t, 2]
                total = float(units[i, k, j])
                if d == 0 or t == 0:
                    asked = total * d / length
                if total == 0.0:
                    continue
                share = (d + 1) / length
                bridge = bridges[(k * 7 + j * 13) % kinds, int(share * grid + 0.5)]
                until = total * share + np.sqrt(dispersion[i] * total) * bridge
                until = max(asked, min(max(until, 0.0), total))
                if whole[i]:
                    phase = ((k * 5 + j * 3) % 16 + 0.5) / 16
                    result[i, j, t] = np.floor(until + phase) - np.floor(asked + phase)
                else:
                    result[i, j, t] = until - asked
                asked = until
    return result


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
    """Play n lanes in M scenarios, and return what was counted, array (n, M, COUNTED).

    Parameters
    ----------
    rows : int array (n,), row of each lane's SKU in `demand`
    demand : array (m, M, T), units of each day
    lead_days : int array (n, V, M), days that an order placed at a review takes; negative: it never comes and is
        given up after so many days
    levels : array (n, V, 2), reorder point and order-up-to level at each review
    lanes : array (n, 10): MOQ, multiple, maximum, shelf life in days (0: keeps), reject share, counted in whole units,
        units a year, holding cost a unit and year, backorders (1) or lost sales (0), days before anything is counted
    brackets : array (n, B, 2), starts and prices of the offers' price brackets
    opening : array (n,), units on hand at the beginning
    settings : int array (3,): days between reviews, days that are counted, longest lead time
    """
    n, m = len(rows), demand.shape[1]
    review, counted, slots = settings[0], settings[1], settings[2] + 1
    result = np.zeros((n, m, COUNTED))
    arriving, given_up = np.zeros(slots), np.zeros(slots)
    batch_quantity, batch_end = np.zeros(demand.shape[2] + 1), np.zeros(demand.shape[2] + 1, np.int64)
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
            stock, owed, on_order, on_way = opening[i], 0.0, 0.0, 0.0
            if shelf > 0 and stock > 0:
                batch_quantity[0], batch_end[0], last = stock, shelf, 1
            short, sums, slot, v, wait = False, result[i, j], -1, -1, 0
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
                    if position < levels[i, v, 0] - _FRACTION:
                        quantity = allowed_quantity(levels[i, v, 1] - position, moq, multiple, maximum)
                        quantity = raised_to_break(
                            quantity, lanes[i, :3], starts, prices, lanes[i, 6], lanes[i, 7]
                        )
                        if quantity > _FRACTION:
                            lead = lead_days[i, v, j]
                            on_order += quantity
                            if lead >= 0:
                                arriving[(t + lead) % slots] += quantity
                                on_way += quantity
                            else:
                                given_up[(t - lead) % slots] += quantity
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
                    on_order -= arrived
                    on_way -= arrived
                    rejected = np.floor(arrived * reject + 0.5) if whole else arrived * reject
                    good = arrived - rejected
                    if counts:
                        sums[REJECTED] += rejected
                        sums[CYCLES] += 1
                        sums[SHORT_CYCLES] += short
                    short = False
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
                if missed > _FRACTION:
                    short = True
                if counts:
                    sums[DEMAND] += wanted
                    sums[MISSED] += missed
                    sums[STOCK_DAYS] += stock
                    sums[BACKORDER_DAYS] += owed
                    sums[PIPELINE_DAYS] += on_way
    return result
