"""Lower the MOQ: what ordering more than is best costs a year."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from configs.formats import days, money, number, price, quantity
from distributions.distribution import Array
from planning.actions.action_table import act_by_next_order, action_rows, confidence, worthwhile
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.cost.shelf_life import yearly_spoilage
from planning.inputs import numbers_by_sku
from planning.lanes.lane_order_size import lane_lot_limits, lane_order_size
from planning.lanes.lane_terms import LaneTerms
from planning.policy.order_size import yearly_order_cost


def lower_moq(assessment: Assessment) -> pd.DataFrame:
    """Propose to lower the MOQ: compare the order size that it forces with the best one without it.

    Worth: the difference in price, ordering, cycle stock and goods that spoil before they sell, a year. Ageing of
    goods without a shelf life is not counted.
    """
    terms = assessment.chosen_terms
    best = _best_order_size(assessment)
    worth = _yearly_cost(terms, terms.order_size, terms.steady_state.spoiled)
    worth = worth - _yearly_cost(terms, best, _spoiled(assessment, best))
    too_large = (terms.order_size > best) & terms.lanes["has_offer"].to_numpy(bool)
    rows = worthwhile(assessment, worth, too_large & terms.bought & (terms.demand.yearly > 0))
    head = pd.DataFrame(
        {
            "kind": "lower_moq",
            "unique_id": terms.lanes["unique_id"].to_numpy(object)[rows],
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object)[rows],
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": best[rows],
            "worth": worth[rows],
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[rows],
            "confidence": confidence(assessment, assessment.chosen_lane[rows]),
        }
    )
    describe = partial(_describe, assessment.inputs.currency)
    return action_rows(head, _facts(terms.select(rows), best[rows], worth[rows]), describe)


def _best_order_size(assessment: Assessment) -> Array:
    """Best order size (n,), units, without the MOQ."""
    terms, forecast = assessment.chosen_terms, assessment.forecast
    setting, rows = assessment.setting, np.arange(len(forecast))
    a_cycle = forecast.mean_until(cycle_days(setting.policy), elapsed=setting.elapsed)
    without_moq = replace(terms.limits, moq=np.zeros(len(rows)))
    shelf_life = _shelf_life(assessment)
    limits = lane_lot_limits(without_moq, forecast, shelf_life, elapsed=setting.elapsed, rows=rows)
    return lane_order_size(terms.demand.yearly, a_cycle, terms.costs, limits)


def _spoiled(assessment: Assessment, quantity: Array) -> Array:
    """Units a year (n,) that spoil in orders of `quantity` (n,), the MOQ's or the best one without it."""
    return yearly_spoilage(
        assessment.forecast,
        _shelf_life(assessment),
        quantity,
        yearly=assessment.chosen_terms.demand.yearly,
        elapsed=assessment.setting.elapsed,
        rows=np.arange(len(quantity)),
    )


def _shelf_life(assessment: Assessment) -> Array:
    """Shelf life (n,), days, of the SKUs whose MOQ may be too large; NaN: does not spoil."""
    return numbers_by_sku(assessment.inputs.items, "shelf_life_days", assessment.forecast.unique_ids)


def _yearly_cost(terms: LaneTerms, quantity: Array, spoiled: Array) -> Array:
    """Yearly cost (n,), money, by which lowering the MOQ is valued: that of ordering `quantity` (n,) at a time.

    Price, ordering and cycle stock; `spoiled` units (n,) a year are bought beside what is sold.
    """
    price = terms.costs.prices.price(quantity)
    ordering = yearly_order_cost(quantity, terms.demand.yearly, terms.costs.ordering, terms.costs.holding)
    return np.asarray(price * (terms.demand.yearly + spoiled) + ordering)


def _facts(terms: LaneTerms, best: Array, worth: Array) -> pd.DataFrame:
    """Numbers behind the evidence of lowering the MOQ, one row an action: `terms`, `best` order size and `worth`."""
    demand = terms.demand.yearly
    return pd.DataFrame(
        {
            "moq": terms.limits.moq,
            "order_size": terms.order_size,
            "best_order_size": best,
            "yearly_demand": demand,
            "days_an_order_lasts": DAYS_A_YEAR * terms.order_size / demand,
            "best_days_an_order_lasts": DAYS_A_YEAR * best / demand,
            "ordering_cost": terms.costs.ordering,
            "holding_cost_year": terms.costs.holding,
            "spoiled_units_year": terms.steady_state.spoiled,
            "break_even_premium": worth / demand,
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of lowering an MOQ, from the action's row."""
    spoils = f", and {number(a.spoiled_units_year)} units a year spoil" if a.spoiled_units_year >= 0.5 else ""
    least = quantity(a.best_order_size)
    evidence = (
        f"The MOQ makes each order {quantity(a.order_size)} units, {days(a.days_an_order_lasts)} of demand{spoils}; "
        f"the best order is {least} units ({days(a.best_days_an_order_lasts)}). The difference costs "
        f"{money(a.worth, currency)} a year: paying {price(a.break_even_premium, currency)} more a unit would still be "
        "worth it."
    )
    return (
        f"Negotiate the MOQ of {a.unique_id} with {a.supplier_id} from {quantity(a.moq)} down to {least}",
        evidence,
    )
