"""Terms of lanes as they were played: reorder point, order-up-to level, steady state and total cost put in place."""

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.cost.total_cost import SteadyState, TotalCost
from planning.lanes.lane_terms import LaneTerms
from planning.played_year.year_play import YearPlay
from planning.policy.targets import FILL, Targets
from planning.simulation.engine.lane_play import PlayResult

SCENARIOS = 64
"""Years that a reorder point is judged by, all the same for each that is tried."""

LANES_AT_A_TIME = 1_000
"""Lanes that are played at a time: their days in all scenarios are 120 MB."""

Parts = TypeVar("Parts", SteadyState, TotalCost)


def played_terms(
    terms: LaneTerms, year: YearPlay, played: PlayResult, *, reorder_point: Array, order_up_to: Array
) -> LaneTerms:
    """The terms with s and S (n,) in place, and what the `year` comes to that was `played` under them."""
    state = _steady_state(terms, played, reorder_point)
    return replace(
        terms,
        played=np.ones(len(reorder_point), bool),
        played_service=service_kept(terms.targets, played),
        reorder_point=reorder_point,
        order_up_to=order_up_to,
        steady_state=state,
        total_cost=_total_cost(terms, year, played, state),
    )


def with_played_terms(terms: LaneTerms, rows: NDArray[np.intp], played: LaneTerms) -> LaneTerms:
    """The terms with what a play decides of the lanes `rows` (k,) as it is in the terms `played` (k,)."""
    return replace(
        terms,
        played=placed(terms.played, rows, played.played),
        played_service=placed(terms.played_service, rows, played.played_service),
        reorder_point=placed(terms.reorder_point, rows, played.reorder_point),
        order_up_to=placed(terms.order_up_to, rows, played.order_up_to),
        steady_state=_merged(terms.steady_state, rows, played.steady_state),
        total_cost=_merged(terms.total_cost, rows, played.total_cost),
    )


def service_kept(targets: Targets, played: PlayResult) -> Array:
    """Service (n,) that lanes kept in play as their targets count it: share of demand met, else of cycles."""
    return np.where(targets.kind == FILL, played.fill_rate, played.cycle_service)


def placed(values: Any, rows: NDArray[np.intp], new: Any) -> Any:
    """Values of the lanes' terms with those of the `rows` that were played replaced."""
    result = values.copy()
    result[rows] = new
    return result


def _steady_state(terms: LaneTerms, played: PlayResult, reorder_point: Array) -> SteadyState:
    """Steady state of lanes from their played year."""
    a_year = DAYS_A_YEAR / played.days
    orders = played.orders.mean(axis=1) * a_year
    cycles = np.maximum(np.minimum(orders, DAYS_A_YEAR / terms.steady_state.cycle_days), 1e-9)
    return replace(
        terms.steady_state,
        safety_stock=reorder_point - terms.demand.expected,
        shortage=played.missed.mean(axis=1) * a_year / cycles,
        spoiled=played.wasted.mean(axis=1) * a_year,
    )


def _total_cost(terms: LaneTerms, year: YearPlay, played: PlayResult, state: SteadyState) -> TotalCost:
    """Total cost of lanes from their played year; of the stock that is held, safety stock counts as it is set."""
    cost = {name: values.to_numpy() for name, values in year.cost(played).frame().items()}
    safety = terms.costs.holding * state.safety_stock
    return TotalCost(
        price=cost["price"],
        ordering=cost["ordering"],
        cycle_stock=cost["stock"] - safety,
        safety_stock=safety,
        pipeline=cost["pipeline"],
        shortage=cost["shortage"],
        spoilage=cost["spoilage"],
    )


def _merged(whole: Parts, rows: NDArray[np.intp], part: Parts) -> Parts:
    """Steady state or total cost of all lanes with that of the played ones, `rows`, in its place."""
    changed: dict[str, Any] = {
        name: placed(value, rows, getattr(part, name))
        for name, value in vars(whole).items()
        if np.ndim(value)
    }
    return replace(whole, **changed)
