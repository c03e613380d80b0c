"""Service targets met in play: the lowest reorder point at which a played year keeps the lane's target.

The closed form takes every review for an order and orders for arriving in the order they were placed. Where lots last
longer than a review, most of a year's demand falls on days on which stock cannot run out; where orders overtake each
other, less is missing than the formula says. Either way the reorder point can be lower.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.parallel import row_chunks
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.played_year.played_terms import LANES_AT_A_TIME, SCENARIOS, service_kept, with_played_terms
from planning.played_year.year_play import YearPlay
from planning.policy.targets import CYCLE, FILL

_SHIFTS, _STEPS, _HALVINGS = 2, 8, 12
_SELDOM, _MORE = 24, 4
"""Orders a year below which a lane is judged by more scenarios, and by how many times as many."""

_MOST = 2.0
"""Times the closed form's reorder point that is tried: where more were needed, something else is wrong."""

_FINE = 0.01
"""Share of a week's demand to which a reorder point is found, where units are not counted whole."""


def with_played_targets(
    terms: LaneTerms, forecast: DemandForecast, items: pd.DataFrame, setting: PlanSetting
) -> LaneTerms:
    """The terms with the reorder points of lanes that have a service to keep as play has them."""
    by_service = np.isin(terms.targets.kind.astype(str), (CYCLE, FILL))
    played = by_service & terms.bought & ~terms.limits.impossible & worth_playing(terms, setting)
    seldom = _ordered_seldom(terms)
    for scenarios, lanes in ((SCENARIOS, ~seldom), (_MORE * SCENARIOS, seldom)):
        for rows in row_chunks(np.flatnonzero(played & lanes), LANES_AT_A_TIME * SCENARIOS // scenarios):
            some = terms.select(rows)
            year = YearPlay.of(some, forecast, items, setting, scenarios=scenarios)
            point = _lowest_reorder_point(some, year)
            level = point + (some.order_up_to - some.reorder_point)
            terms = with_played_terms(terms, rows, year, reorder_point=point, order_up_to=level)
    return terms


def _ordered_seldom(terms: LaneTerms) -> NDArray[np.bool_]:
    """Lanes (n,) with few cycles a year.

    Of many reorder points the lowest that seems to keep the target is a lucky one, so these are judged by more years.
    """
    lot = np.maximum(terms.order_up_to - terms.reorder_point, terms.limits.smallest)
    return np.asarray(terms.demand.yearly < _SELDOM * lot)


def worth_playing(terms: LaneTerms, setting: PlanSetting) -> NDArray[np.bool_]:
    """Lanes (n,) of SKUs for which holding some lane's reorder point costs at least `policy.played_from` a year.

    All lanes of a SKU are played or none, so that they can be compared; without a known cost they are played.
    """
    held = terms.costs.holding * terms.reorder_point
    sku = terms.lanes["row"].to_numpy(np.intp)
    return np.isin(sku, sku[~(held < setting.policy.played_from)])


def _lowest_reorder_point(terms: LaneTerms, year: YearPlay) -> Array:
    """Lowest reorder point (n,) whose played year keeps the lane's target, in whole units where it is counted so.

    The one it has where none does, as with goods that perish too soon or a maximum that is too small.
    """
    whole = terms.lanes["whole"].to_numpy(bool)
    a_week = np.maximum(terms.demand.a_cycle, terms.demand.yearly / 52)  # out of season nothing may sell
    unit = np.where(whole, 1.0, _FINE * a_week)
    most = np.ceil((_MOST * terms.reorder_point + terms.demand.a_cycle) / unit) * unit
    point = np.minimum(_shifted(terms, year, unit), most)
    lot = terms.order_up_to - terms.reorder_point

    def keeps(point: Array, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        served = service_kept(terms.targets.select(rows), year.play(point, point + lot[rows], rows))
        return np.asarray(np.isnan(served) | (served >= terms.targets.level[rows]))

    # around the shifted point in steps that double, then halved
    every = np.arange(len(point))
    enough = keeps(point, every)
    low, high = np.where(enough, -unit, point), np.where(enough, point, np.inf)
    step, rows = unit.copy(), every
    for _ in range(_STEPS):
        rows = np.flatnonzero(np.where(np.isfinite(high), (low < 0) & (high > 0), low < most))
        if not len(rows):
            break
        up = ~np.isfinite(high[rows])
        tried = np.where(
            up, np.minimum(low[rows] + step[rows], most[rows]), np.maximum(high[rows] - step[rows], 0.0)
        )
        enough = keeps(tried, rows)
        high[rows[enough]], low[rows[~enough]] = tried[enough], tried[~enough]
        step[rows] *= 2
    for _ in range(_HALVINGS):
        rows = np.flatnonzero(np.isfinite(high) & (high - low > 1.001 * unit) & (high > 0))
        if not len(rows):
            break
        middle = np.maximum((low[rows] + high[rows]) / 2, 0.0)
        middle = np.where(whole[rows], np.floor(middle), middle)
        enough = keeps(middle, rows)
        high[rows[enough]], low[rows[~enough]] = middle[enough], middle[~enough]
    return np.where(np.isfinite(high), high, terms.reorder_point)


def _shifted(terms: LaneTerms, year: YearPlay, unit: Array) -> Array:
    """Reorder points (n,) shifted by what the lowest net stock of the cycles is above or below what the target needs.

    A reorder point that is higher by a unit makes the net stock higher by a unit, on every day, whatever the lots: one
    play tells it all where unmet demand waits, and the demand has no season.
    """
    point, lot = terms.reorder_point, terms.order_up_to - terms.reorder_point
    for _ in range(_SHIFTS):
        lows = np.sort(year.play(point, point + lot, lows=True).cycle_lows, axis=1)  # NaN last
        cycles = (~np.isnan(lows)).sum(axis=1)
        allowed = np.floor((1 - terms.targets.level) * cycles + 1e-9).astype(np.intp)
        lowest = np.take_along_axis(lows, np.minimum(allowed, lows.shape[1] - 1)[:, None], 1)[:, 0]
        moves = (cycles > 0) & np.isfinite(lowest) & (terms.targets.kind == CYCLE)
        shifted = np.maximum(point - np.where(moves, lowest, 0.0), 0.0)
        point = np.ceil(shifted / unit - 1e-6) * unit
    return np.where(terms.lanes["whole"].to_numpy(bool), np.round(point), point)
