"""Fill rates met in play: the lowest reorder point at which a played year serves the target's share of demand.

The closed form takes every review for an order. Where lots last longer than a review, most of a year's demand falls on
days on which stock cannot run out, and the reorder point can be much lower.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.parallel import row_chunks
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.played_year.played_terms import LANES_AT_A_TIME, SCENARIOS, with_played_terms
from planning.played_year.year_play import YearPlay
from planning.policy.targets import FILL

_RISES, _HALVINGS = 4, 9


def with_played_fill_rates(
    terms: LaneTerms, forecast: DemandForecast, items: pd.DataFrame, setting: PlanSetting
) -> LaneTerms:
    """The terms with the reorder points of lanes that have a fill rate to keep as play has them."""
    rows = np.flatnonzero((terms.targets.kind == FILL) & terms.bought & ~terms.limits.impossible)
    for some in row_chunks(rows, LANES_AT_A_TIME):
        lanes = terms.select(some)
        year = YearPlay.of(lanes, forecast, items, setting, scenarios=SCENARIOS)
        point = _lowest_reorder_point(lanes, year)
        level = point + (lanes.order_up_to - lanes.reorder_point)
        terms = with_played_terms(terms, some, year, reorder_point=point, order_up_to=level)
    return terms


def _lowest_reorder_point(terms: LaneTerms, year: YearPlay) -> Array:
    """Lowest reorder point (n,) whose played year keeps the lane's fill rate, in whole units where it is counted so."""
    whole = terms.lanes["whole"].to_numpy(bool)
    lot = terms.order_up_to - terms.reorder_point

    def keeps(point: Array) -> NDArray[np.bool_]:
        fill = year.play(point, point + lot).fill_rate
        return np.asarray(np.isnan(fill) | (fill >= terms.targets.level))

    unit = np.where(whole, 1.0, 0.01 * terms.demand.a_cycle)
    low, high = -unit, np.maximum(terms.reorder_point, unit)
    for _ in range(_RISES):
        short = ~keeps(high)
        low, high = np.where(short, high, low), np.where(short, 1.5 * high + unit, high)
    high = np.where(whole, np.ceil(high), high)
    for _ in range(_HALVINGS):
        middle = np.maximum((low + high) / 2, 0.0)
        middle = np.where(whole, np.floor(middle), middle)
        enough = keeps(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high
