"""Smaller orders, more often: reviews twice as often with a supplier, the orders and freight that takes counted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, number, signed_number
from distributions.distribution import Array
from planning.actions.played_worth import PlayedYears
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.orders_a_year import lines_a_year
from planning.levers.rhythm.order_costs import OrderCosts, order_costs
from planning.levers.supplier_talk import Talk, by_supplier, of_most_at_stake, talk_result

_HOPE = 0.3
"""Part of safety stock, shortages and waste that twice as many reviews may save, for them to be played."""
_PARTS = ("ordering", "stock", "pipeline", "shortage", "spoilage")


@dataclass(frozen=True)
class Rhythm:
    """Some SKUs (k,) of one supplier ordered at reviews so many days apart.

    Attributes
    ----------
    days : between reviews
    years : as they were played
    orders : joint orders of the year
    """

    days: float
    years: PlayedYears
    orders: OrderCosts


def frequent_deliveries(plays: LeverPlays) -> LeverResult:
    """Propose to order from a supplier at twice as many reviews: less stock, shortages and waste for more orders.

    Worth: what the played years of its SKUs cost less, with the reorder points that the shorter rhythm allows, less
    what orders and freight cost more. With a supplier whose lead time is unsteady it gains less, in play.
    """
    assessment, effort = plays.assessment, plays.effort("frequent_deliveries")
    review = cycle_days(assessment.setting.policy)
    shorter = max(round(review / 2 - 0.25), 1)
    if shorter >= review:
        return LeverResult()
    terms = assessment.chosen_terms
    cost = terms.total_cost
    at_risk = _HOPE * (np.maximum(cost.safety_stock, 0.0) + cost.shortage + cost.spoilage)
    stake = np.nan_to_num(at_risk) - _by_goods(assessment, review)
    skus = of_most_at_stake(assessment, stake, effort)
    talks = []
    for at in by_supplier(assessment, skus) if len(skus) else []:
        now, then = (played_rhythm(plays, skus[at], length) for length in (review, float(shorter)))
        saved = now.years.total - then.years.total
        says = [f"every {days(shorter)}"] * len(at)
        besides = now.orders.yearly - then.orders.yearly
        talks.append(Talk(skus[at], saved, says, _facts(now, then), besides=besides))
    return talk_result(plays, "frequent_deliveries", talks, _describe)


def played_rhythm(plays: LeverPlays, skus: NDArray[np.intp], review: float) -> Rhythm:
    """A year of the chosen lanes of some SKUs (k,) of one supplier at reviews so many days apart."""
    assessment = plays.assessment
    if review == cycle_days(assessment.setting.policy):
        years = plays.now(skus)
    else:
        ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
        years = plays.then(lever_lines(ids, lanes, review_days=review))
    terms = assessment.chosen_terms.select(skus)
    # where a line costs nothing, each review orders what it needs, or the smallest lot
    free = terms.demand.yearly / np.maximum(terms.demand.yearly * review / DAYS_A_YEAR, terms.limits.smallest)
    known = terms.costs.ordering > 0
    lines = np.divide(years.parts["ordering"], terms.costs.ordering, out=free, where=known)
    return Rhythm(review, years, order_costs(assessment, skus, lines, review))


def _by_goods(assessment: Assessment, review: float) -> Array:
    """What a year's joint orders of the suppliers cost, shared by their SKUs' (n,) goods, money."""
    terms = assessment.chosen_terms
    suppliers = terms.lanes["supplier_id"].fillna("").to_numpy(object)
    lines, goods = lines_a_year(terms), np.nan_to_num(terms.demand.yearly * terms.costs.unit)
    cost = pd.Series(0.0, np.unique(suppliers))
    for name in cost.index:
        rows = np.flatnonzero((suppliers == name) & (goods > 0))
        if len(rows):
            cost[name] = order_costs(assessment, rows, lines[rows], review).yearly
    whole = pd.Series(goods).groupby(suppliers).transform("sum").to_numpy()
    shared = np.divide(goods, whole, out=np.zeros(len(goods)), where=whole > 0)
    return np.asarray(cost.reindex(suppliers).to_numpy() * shared)


def _facts(now: Rhythm, then: Rhythm) -> dict[str, Any]:
    """Numbers behind the evidence of another rhythm."""
    changes = {
        f"change_{name}": float((then.years.parts[name] - now.years.parts[name]).sum()) for name in _PARTS
    }
    return {
        "review_days_now": now.days,
        "review_days": then.days,
        "orders_now": now.orders.orders,
        "orders_then": then.orders.orders,
        "an_order_now": now.orders.an_order,
        "an_order_then": then.orders.an_order,
        "change_joint_orders": then.orders.yearly - now.orders.yearly,
        **changes,
    }


def _changes(a: Any) -> str:
    """What another rhythm changes a year, in words."""
    names = {"change_joint_orders": "orders and freight", "change_ordering": "order lines"}
    names |= {f"change_{name}": name for name in _PARTS[1:]}
    parts = [(text, getattr(a, name)) for name, text in names.items()]
    return ", ".join(f"{text} {signed_number(value)}" for text, value in parts if abs(value) >= 0.5)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of more orders, from the action's row."""
    evidence = (
        f"An order costs {money(a.an_order_now, currency)} beside its lines, with freight, and about "
        f"{number(a.orders_now)} go out a year at reviews every {days(a.review_days_now)}. Every "
        f"{days(a.review_days)} it would be {number(a.orders_then)}, at {money(a.an_order_then, currency)} each. Costs "
        f"a year change by: {_changes(a)}; {money(a.worth, currency)} less in all, in 80 of 100 years between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}."
    )
    return f"Order from {a.supplier} every {days(a.review_days)}", evidence
