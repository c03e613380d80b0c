"""Price breaks within reach: ordering up to the next one, or asking for it to begin at what is ordered anyway."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, price, quantity
from distributions.distribution import Array
from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.actions.played_worth import PlayedWorth, most_promising
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.cost.price_breaks import breaks_from
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.supplier_talk import LIKELY, playable_skus

_HOPE = 0.25
"""Share of the effort that a closed form has to find for a break to be played."""
_NEAR = 1.5
"""Times the usual order at which a break begins that a supplier may be asked to move."""
_BY_PRICE = 0.5
"""Part of the worth that the lower price of the year's goods has to be."""
_MOST = 300


def reach_price_break(plays: LeverPlays) -> LeverResult:
    """Propose to order up to the next price break where that pays in play and the policy does not do it by itself.

    The policy raises an order to a break where the closed form pays: not beyond what surely sells in the shelf life,
    and by the cost of holding alone. Played is a year in which no order is smaller than the break; what it saves has to
    come from the price for the most part.
    """
    assessment = plays.assessment
    terms, start = assessment.chosen_terms, _next_start(assessment)
    lot = np.maximum(terms.order_size, terms.demand.a_cycle)
    target = terms.limits.allowed(np.where(np.isfinite(start), start, 0.0))
    saved = terms.demand.yearly * _discount(assessment, start)
    orders = np.divide(terms.demand.yearly, lot, out=np.zeros(len(lot)), where=lot > 0)
    fewer = orders - np.divide(terms.demand.yearly, target, out=orders.copy(), where=target > lot)
    hope = saved + terms.costs.ordering * fewer - terms.costs.holding * (target - lot) / 2
    reached = np.isfinite(start) & (start <= terms.limits.largest)

    def lines(skus: NDArray[np.intp]) -> dict[str, object]:
        return {"moq": target[skus]}

    return _result(plays, "reach_price_break", np.where(reached, hope, 0.0), lines, _describe_reach)


def lower_price_break(plays: LeverPlays) -> LeverResult:
    """Propose to ask that a price break begins at what every order has, if it is at most half above the usual one."""
    assessment = plays.assessment
    terms, start = assessment.chosen_terms, _next_start(assessment)
    lot = np.maximum(terms.order_size, 1.0)
    near = np.isfinite(start) & (start <= _NEAR * lot) & (terms.order_size > 0)
    hope = np.where(near, terms.demand.yearly * _discount(assessment, start), 0.0)
    texts, least = terms.lanes["price_breaks"].to_numpy(object), _least_order(assessment)

    def lines(skus: NDArray[np.intp]) -> dict[str, object]:
        return {"price_breaks": [breaks_from(str(texts[i]), {start[i]: least[i]}) for i in skus]}

    return _result(plays, "lower_price_break", hope, lines, _describe_lower)


def _next_start(assessment: Assessment) -> Array:
    """Quantity (n,) at which the next cheaper price bracket begins above the usual order; infinite without one."""
    terms = assessment.chosen_terms
    return np.where(playable_skus(assessment), terms.costs.prices.next_start(terms.order_size), np.inf)


def _least_order(assessment: Assessment) -> Array:
    """Units (n,) that every order has at least: it is placed below s, and goes up to S."""
    terms = assessment.chosen_terms
    return terms.limits.allowed(np.maximum(terms.order_up_to - terms.reorder_point, 1.0))


def _discount(assessment: Assessment, start: Array) -> Array:
    """Money a unit (n,) that the price at `start` (n,) is lower than that of the usual order; 0 without a break."""
    prices, lot = assessment.chosen_terms.costs.prices, assessment.chosen_terms.order_size
    return prices.price(lot) - prices.price(np.where(np.isfinite(start), start, lot))


def _result(
    plays: LeverPlays,
    kind: str,
    hope: Array,
    terms_of: Callable[[NDArray[np.intp]], dict[str, object]],
    describe: Callable[[str, Any], tuple[str, str]],
) -> LeverResult:
    """Actions on the SKUs whose `hope` (n,), money a year, is played and found worth more than the effort."""
    assessment, effort = plays.assessment, plays.effort(kind)
    skus = np.flatnonzero((hope > _HOPE * effort) & (hope > 0) & most_promising(hope, _MOST))
    if not len(skus):
        return LeverResult()
    ids, lanes = assessment.forecast.unique_ids[skus].tolist(), assessment.chosen_lane[skus].tolist()
    lines = lever_lines(ids, lanes, **terms_of(skus))
    worth = PlayedWorth.of_saved(plays.saved(lines), effort)
    start = _next_start(assessment)[skus]
    by_price = (assessment.chosen_terms.demand.yearly * _discount(assessment, _next_start(assessment)))[skus]
    pays = (worth.mean > effort) & (worth.chance >= LIKELY) & (by_price >= _BY_PRICE * worth.mean)
    rows = worthwhile(assessment, worth.mean, pays)
    if not len(rows):
        return LeverResult()
    skus, lines, worth = skus[rows], lines.iloc[rows].reset_index(drop=True), worth.select(rows)
    start, some = start[rows], assessment.chosen_terms.select(skus)
    head = pd.DataFrame(
        {
            "kind": kind,
            "unique_id": some.lanes["unique_id"].to_numpy(object),
            "supplier_id": some.lanes["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": start,
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[skus],
            "confidence": worth.confidence(confidence(assessment, assessment.chosen_lane[skus])),
        }
    )
    facts = pd.DataFrame(
        {
            "order_size": some.order_size,
            "least_order": _least_order(assessment)[skus],
            "break_from": start,
            "price_now": some.costs.prices.price(some.order_size),
            "price_there": some.costs.prices.price(start),
            "yearly_demand": some.demand.yearly,
            "days_an_order_lasts": DAYS_A_YEAR * start / some.demand.yearly,
            **worth.facts(),
        }
    )
    actions = action_rows(assessment, head, facts, partial(describe, assessment.inputs.currency))
    return LeverResult.of(actions, lines.assign(worth=worth.mean))


def _says(currency: str, a: Any) -> str:
    return (
        f"The price falls from {price(a.price_now)} to {price(a.price_there, currency)} at {quantity(a.break_from)} "
        f"units, and {quantity(a.order_size)} are ordered of {quantity(a.yearly_demand)} a year."
    )


def _gain(currency: str, a: Any) -> str:
    low, high = money(a.worth_low, currency), money(a.worth_high, currency)
    return f"{money(a.worth, currency)} a year, in 80 of 100 years between {low} and {high}"


def _describe_reach(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of ordering up to a price break, from the action's row."""
    evidence = (
        f"{_says(currency, a)} Orders up to the break last {days(a.days_an_order_lasts)} and save "
        f"{_gain(currency, a)}, more stock and its waste taken off."
    )
    return f"Order {a.sku} from {a.supplier} {quantity(a.break_from)} at a time for the lower price", evidence


def _describe_lower(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of a break that begins earlier, from the action's row."""
    wish = f"If the lower price held from {quantity(a.least_order)} on, which every order has,"
    evidence = f"{_says(currency, a)} {wish} that would save {_gain(currency, a)}."
    asked = f"{price(a.price_there, currency)} for {a.sku} from {quantity(a.least_order)} units on"
    return f"Ask {a.supplier} for {asked} instead of {quantity(a.break_from)}", evidence
