"""Service targets met in play: the lowest reorder point at which a played year keeps the lane's target.

The closed form takes every review for an order and orders for arriving in the order they were placed. Where lots last
longer than a review, most of a year's demand falls on days on which stock cannot run out; where orders overtake each
other, less is missing than the formula says. Either way the reorder point can be lower.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.parallel import map_in_threads, row_chunks
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.played_year.played_terms import (
    LANES_AT_A_TIME,
    SCENARIOS,
    played_terms,
    service_kept,
    with_played_terms,
)
from planning.played_year.year_play import YearPlay
from planning.policy.targets import CYCLE, FILL, Targets
from planning.simulation.engine.lane_play import PlayResult

_SHIFTS, _STEPS, _HALVINGS = 2, 8, 12
_SELDOM = 24
"""Orders a year below which a lane is judged by more scenarios: some 1,500 cycles in all."""

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
    years = _years(terms)
    chunks = [
        (scenarios, rows)
        for scenarios in np.unique(years[played]).tolist()
        for rows in row_chunks(
            np.flatnonzero(played & (years == scenarios)), LANES_AT_A_TIME * SCENARIOS // scenarios
        )
    ]

    def found(some: LaneTerms, scenarios: int) -> LaneTerms:
        year = YearPlay.of(some, forecast, items, setting, scenarios=scenarios)
        point, kept = _lowest_reorder_point(some, year)
        level = point + (some.order_up_to - some.reorder_point)
        return played_terms(some, year, kept, reorder_point=point, order_up_to=level)

    result = terms
    parts = map_in_threads(lambda chunk: found(terms.select(chunk[1]), chunk[0]), chunks)
    for (_, rows), part in zip(chunks, parts, strict=True):
        result = with_played_terms(result, rows, part)
    return result


def _years(terms: LaneTerms) -> NDArray[np.intp]:
    """Years (n,) that each lane is judged by: twice or four times as many where they have few cycles.

    Of many reorder points the lowest that seems to keep the target is a lucky one, the more so the fewer cycles.
    """
    lot = np.maximum(terms.order_up_to - terms.reorder_point, terms.limits.smallest)
    cycles = np.divide(terms.demand.yearly, lot, out=np.full(len(lot), np.inf), where=lot > 0)
    return SCENARIOS * np.select([cycles < _SELDOM / 2, cycles < _SELDOM], [4, 2], 1)


def worth_playing(terms: LaneTerms, setting: PlanSetting) -> NDArray[np.bool_]:
    """Lanes (n,) of SKUs for which holding some lane's reorder point costs at least `policy.played_from` a year.

    All lanes of a SKU are played or none, so that they can be compared; without a known cost they are played.
    """
    held = terms.costs.holding * terms.reorder_point
    sku = terms.lanes["row"].to_numpy(np.intp)
    return np.isin(sku, sku[~(held < setting.policy.played_from)])


def _lowest_reorder_point(terms: LaneTerms, year: YearPlay) -> tuple[Array, PlayResult]:
    """Lowest reorder point (n,) whose played year keeps the lane's target, and that year; in whole units where counted.

    The one it has where none does, as with goods that perish too soon or a maximum that is too small.
    """
    whole = terms.lanes["whole"].to_numpy(bool)
    a_week = np.maximum(terms.demand.a_cycle, terms.demand.yearly / 52)  # out of season nothing may sell
    unit = np.where(whole, 1.0, _FINE * a_week)
    most = np.ceil((_MOST * terms.reorder_point + terms.demand.a_cycle) / unit) * unit
    lot = terms.order_up_to - terms.reorder_point
    point, kept = _shifted(terms, year, unit, most)

    def keeps(point: Array, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        nonlocal kept
        played = year.play(point, point + lot[rows], rows)
        enough = _is_kept(terms.targets.select(rows), played)
        kept = kept.with_lanes(rows[enough], played.select(np.flatnonzero(enough)))
        return enough

    # around the shifted point in steps that double, then halved
    enough = _is_kept(terms.targets, kept)
    low, high = np.where(enough, -unit, point), np.where(enough, point, np.inf)
    step = unit.copy()
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
    never = np.flatnonzero(~np.isfinite(high))
    if len(never):
        high[never] = terms.reorder_point[never]
        kept = kept.with_lanes(never, year.play(high[never], (high + lot)[never], never))
    return high, kept


def _is_kept(targets: Targets, played: PlayResult) -> NDArray[np.bool_]:
    """Whether lanes (n,) keep their targets in play; those without demand or a cycle do."""
    served = service_kept(targets, played)
    return np.asarray(np.isnan(served) | (served >= targets.level))


def _shifted(terms: LaneTerms, year: YearPlay, unit: Array, most: Array) -> tuple[Array, PlayResult]:
    """Reorder points (n,) shifted by what the lowest net stock of the cycles is off what the target needs; their year.

    A reorder point that is higher by a unit makes the net stock higher by a unit, on every day, whatever the lots: one
    play tells it all where unmet demand waits, and the demand has no season.
    """
    lot, whole = terms.order_up_to - terms.reorder_point, terms.lanes["whole"].to_numpy(bool)
    point, rows = terms.reorder_point.copy(), np.arange(len(lot))
    played = year.play(point, point + lot, lows=True)
    for _ in range(_SHIFTS):
        lows = np.sort(played.cycle_lows[rows], axis=1)  # NaN last
        cycles = (~np.isnan(lows)).sum(axis=1)
        allowed = np.floor((1 - terms.targets.level[rows]) * cycles + 1e-9).astype(np.intp)
        lowest = np.take_along_axis(lows, np.minimum(allowed, lows.shape[1] - 1)[:, None], 1)[:, 0]
        moves = (cycles > 0) & np.isfinite(lowest) & (terms.targets.kind[rows] == CYCLE)
        shifted = np.maximum(point[rows] - np.where(moves, lowest, 0.0), 0.0)
        shifted = np.minimum(np.ceil(shifted / unit[rows] - 1e-6) * unit[rows], most[rows])
        shifted = np.where(whole[rows], np.round(shifted), shifted)
        moved = shifted != point[rows]
        rows, shifted = rows[moved], shifted[moved]
        if not len(rows):
            break
        point[rows] = shifted
        played = played.with_lanes(rows, year.play(shifted, shifted + lot[rows], rows, lows=True))
    return point, replace(played, cycle_lows=played.cycle_lows[:, :0])
