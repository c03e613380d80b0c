"""Terms of lanes that cost decides: the reorder point that costs least in play, and what such a year comes to.

A service level asks for stock that a short shelf life turns into waste, and the newsvendor's fractile takes every
review for an order, so with lots that last longer it holds too much. Of such lanes the reorder point is taken, up to
the target's, at which goods, orders, stock, shortages and waste together cost least, each order's age followed.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.cancellation import current_token
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.parallel import row_chunks
from planning.inputs import numbers_by_sku
from planning.lanes.lane_terms import LaneTerms, PlanSetting
from planning.played_year.played_targets import worth_playing
from planning.played_year.played_terms import (
    LANES_AT_A_TIME,
    SCENARIOS,
    placed,
    played_terms,
    with_played_terms,
)
from planning.played_year.year_play import YearPlay
from planning.policy.targets import COST

_SHARES = np.array([0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0])
"""Shares of the target's reorder point that are tried first; then those halfway to the neighbours of the best."""


_LONG = 1.5
"""Review cycles that a lot has to last for a cost target to be played: within one, the newsvendor's fractile holds."""

_TRIFLE = 0.02
"""Share of all but the goods' price that is not worth a lower service: the target is given up for more than this."""


def with_cheapest_reorder_points(
    terms: LaneTerms, forecast: DemandForecast, items: pd.DataFrame, setting: PlanSetting
) -> LaneTerms:
    """The terms with the reorder point, order-up-to level and costs of lanes that cost decides as play has them.

    Those are lanes of goods that may perish, and of a cost target with lots that last longer than a review. Others,
    and those whose costs are not known, stay as they are.
    """
    played = worth_playing(terms, setting) & _long_lots(terms)
    rows = np.flatnonzero((_may_perish(terms, forecast, items, setting) | played) & _priced(terms))
    for some in row_chunks(rows, LANES_AT_A_TIME):
        current_token().check()
        terms = _with_cheapest(terms, some, forecast, items, setting)
    return terms


def _with_cheapest(
    terms: LaneTerms,
    rows: NDArray[np.intp],
    forecast: DemandForecast,
    items: pd.DataFrame,
    setting: PlanSetting,
) -> LaneTerms:
    """The terms with what is cheapest in play for the lanes `rows` (k,)."""
    some = terms.select(rows)
    year = YearPlay.of(some, forecast, items, setting, scenarios=SCENARIOS)
    point, level = _cheapest(some, year)
    found = played_terms(some, year, year.play(point, level), reorder_point=point, order_up_to=level)
    terms = with_played_terms(terms, rows, found)
    at_target = year.cost(year.play(some.reorder_point, some.order_up_to)).frame()
    by_service = some.targets.kind != COST
    premium = np.where(by_service, at_target["total"].to_numpy() - terms.total_cost.total[rows], 0.0)
    waste = np.where(by_service, at_target["spoilage"].to_numpy() - terms.total_cost.spoilage[rows], 0.0)
    return replace(
        terms,
        target_premium=placed(terms.target_premium, rows, np.maximum(premium, 0.0)),
        target_waste=placed(terms.target_waste, rows, np.maximum(waste, 0.0)),
    )


def _may_perish(
    terms: LaneTerms, forecast: DemandForecast, items: pd.DataFrame, setting: PlanSetting
) -> NDArray[np.bool_]:
    """Lanes (n,) of SKUs whose goods may pass their shelf life.

    They hardly may where with 99.5 % all that is ever there, the order-up-to level and a smallest order, sells within
    its shelf life. All lanes of a SKU are played or none, so that they can be compared.
    """
    shelf_life = numbers_by_sku(items, "shelf_life_days", terms.lanes["unique_id"].to_numpy(object))
    rows = np.flatnonzero(~np.isnan(shelf_life) & _priced(terms))
    sku = terms.lanes["row"].to_numpy(np.intp)[rows]
    sold = forecast.demand_until(np.maximum(shelf_life[rows], 1.0), elapsed=setting.elapsed, rows=sku)
    highest = terms.order_up_to[rows] + terms.limits.smallest[rows]
    perishing = np.isin(sku, sku[sold.quantile(0.005) < highest])
    result = np.zeros(len(shelf_life), bool)
    result[rows[perishing]] = True
    return result


def _long_lots(terms: LaneTerms) -> NDArray[np.bool_]:
    """Lanes (n,) with a cost target whose orders last longer than a review."""
    lot = np.maximum(terms.order_up_to - terms.reorder_point, terms.limits.smallest)
    return np.asarray((terms.targets.kind == COST) & (lot > _LONG * terms.demand.a_cycle))


def _priced(terms: LaneTerms) -> NDArray[np.bool_]:
    """Lanes (n,) that are bought, and all whose costs are known."""
    return np.asarray(terms.costs.known & terms.bought & ~terms.limits.impossible)


def _cheapest(terms: LaneTerms, year: YearPlay) -> tuple[Array, Array]:
    """Reorder points and order-up-to levels (n,) of least cost a year in play, up to those of the target.

    Not of the pipeline: it is the same at all of them but for what perishes, and when goods are paid for is no reason
    to hold others.
    """
    target, lot = terms.reorder_point, terms.order_up_to - terms.reorder_point
    whole = terms.lanes["whole"].to_numpy(bool)

    def point_at(share: Array) -> Array:
        point = share * target
        return np.where(whole, np.round(point), point)

    def cost_at(share: Array) -> tuple[Array, Array]:
        point = point_at(share)
        cost = year.cost(year.play(point, point + lot))
        return (cost.total - cost.pipeline).mean(axis=1), cost.price.mean(axis=1)

    shares = np.repeat(_SHARES[:, None], len(target), axis=1)
    costs, goods = (np.stack(each) for each in zip(*(cost_at(share) for share in shares), strict=True))
    best = costs.argmin(axis=0)
    for side in (-1, 1):
        between = (_SHARES[best] + _SHARES[np.clip(best + side, 0, len(_SHARES) - 1)]) / 2
        cost, _ = cost_at(between)
        shares, costs = np.vstack([shares, between]), np.vstack([costs, cost])
    least = costs.min(axis=0)
    trifle = np.where(terms.targets.kind == COST, 0.0, _TRIFLE)
    enough = costs <= least + trifle * np.maximum(least - goods.min(axis=0), 0.0)
    share = np.where(enough, shares, 0.0).max(axis=0)
    point = point_at(share)
    return point, point + lot
