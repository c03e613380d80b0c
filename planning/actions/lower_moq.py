"""Lower the MOQ: what ordering more than is best costs a year."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.actions.proposals import action_rows, confidence, next_order_day, worthwhile
from planning.assessment import Assessment
from planning.cost.costs import DAYS_A_YEAR, cycle_days
from planning.cost.shelf_life import spoiled_a_year
from planning.inputs import numbers
from planning.lanes.terms import LaneTerms, economic_size, within_shelf_life
from planning.policy.order_size import yearly_order_cost


def lower_moq(assessment: Assessment) -> pd.DataFrame:
    """Compare the order size that the MOQ forces with the best one without it.

    Worth: the difference in price, ordering, cycle stock and goods that spoil before they sell, a year. Ageing of
    goods without a shelf life is not counted.
    """
    terms = assessment.terms
    best = _free_quantity(assessment)
    shelf = numbers(assessment.inputs.items, "shelf_life_days", assessment.forecast.unique_ids)
    waste_now, waste_best = terms.flow.spoiled, spoiled_a_year(
        assessment.forecast, shelf, best,
        yearly=terms.yearly_demand, elapsed=assessment.setting.elapsed, rows=np.arange(len(best)),
    )  # fmt: skip
    worth = _cost(terms, terms.economic, waste_now) - _cost(terms, best, waste_best)
    bound = (terms.economic > best) & terms.lanes["has_offer"].to_numpy(bool) & (terms.yearly_demand > 0)
    rows = worthwhile(assessment, worth, bound)
    demand, forced = terms.yearly_demand[rows], terms.economic[rows]
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
            "act_by": next_order_day(assessment)[rows],
            "confidence": confidence(assessment, assessment.chosen[rows]),
        }
    )
    facts = pd.DataFrame(
        {
            "moq": terms.limits.moq[rows],
            "order_size": forced,
            "best_order_size": best[rows],
            "yearly_demand": demand,
            "days_an_order_lasts": DAYS_A_YEAR * forced / demand,
            "best_days_an_order_lasts": DAYS_A_YEAR * best[rows] / demand,
            "ordering_cost": terms.costs.ordering[rows],
            "holding_cost_year": terms.costs.holding[rows],
            "spoiled_units_year": waste_now[rows],
            "break_even_premium": worth[rows] / demand,
        }
    )
    return action_rows(head, facts, _tell)


def _free_quantity(assessment: Assessment) -> Array:
    """Best order size if the supplier asked for no minimum."""
    terms, setting = assessment.terms, assessment.setting
    per_cycle = assessment.forecast.mean_until(cycle_days(setting.policy), elapsed=setting.elapsed)
    shelf = numbers(assessment.inputs.items, "shelf_life_days", assessment.forecast.unique_ids)
    free = within_shelf_life(
        replace(terms.limits, moq=np.zeros(len(per_cycle))),
        assessment.forecast, shelf, setting.elapsed, np.arange(len(per_cycle)),
    )  # fmt: skip
    return economic_size(terms.yearly_demand, per_cycle, terms.costs, free)


def _cost(terms: LaneTerms, quantity: Array, waste: Array) -> Array:
    price = terms.costs.prices.price(quantity)
    run = yearly_order_cost(quantity, terms.yearly_demand, terms.costs.ordering, terms.costs.holding)
    return np.asarray(price * (terms.yearly_demand + waste) + run)


def _tell(a: Any) -> tuple[str, str]:
    spoils = f", and {a.spoiled_units_year:,.0f} units a year spoil" if a.spoiled_units_year >= 0.5 else ""
    least = f"{a.best_order_size:,.0f}"
    evidence = (
        f"The MOQ makes each order {a.order_size:,.0f} units, {a.days_an_order_lasts:,.0f} days of demand{spoils}; "
        f"the best order is {least} units ({a.best_days_an_order_lasts:,.0f} days). The difference costs "
        f"{a.worth:,.0f} a year: paying {a.break_even_premium:,.2f} more a unit would still be worth it."
    )
    return (
        f"Negotiate the MOQ of {a.unique_id} with {a.supplier_id} from {a.moq:,.0f} down to {least}",
        evidence,
    )
