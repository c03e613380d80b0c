"""Lower the MOQ: what ordering more than is best costs a year, both ways played."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, number, price, quantity
from distributions.distribution import Array
from planning.actions.action_table import COLUMNS, act_by_next_order, action_rows, confidence, worthwhile
from planning.actions.played_worth import PlayedWorth, most_promising, played_years
from planning.assessment import Assessment, as_played
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.inputs import numbers_by_sku
from planning.lanes.lane_order_size import lane_lot_limits, lane_order_size
from planning.lanes.lane_terms import LaneTerms, make_terms


def lower_moq(assessment: Assessment) -> pd.DataFrame:
    """Propose to lower the MOQ: a year of the SKU's lane as it is against one with an MOQ of the best order size.

    Worth: the difference of what the same years cost, where it is more than the effort. Ageing of goods without a shelf
    life is not counted.
    """
    chosen = assessment.chosen_terms
    best = _best_order_size(assessment)
    too_large = (chosen.order_size > best) & chosen.lanes["has_offer"].to_numpy(bool)
    asked = np.flatnonzero(too_large & chosen.bought & ~np.isnan(chosen.total_cost.total))
    asked = asked[most_promising((chosen.costs.holding * (chosen.order_size - best))[asked])]
    if not len(asked):
        return pd.DataFrame(columns=COLUMNS)
    terms, best = chosen.select(asked), best[asked]
    effort = assessment.setting.policy.effort.negotiation
    before, lowered = played_years(assessment, terms), _with_moq(assessment, asked, best)
    worth = PlayedWorth.of(before.total, played_years(assessment, lowered).total, effort)
    rows = worthwhile(assessment, worth.mean, worth.mean > effort)
    terms, best, asked = terms.select(rows), best[rows], asked[rows]
    worth = worth.select(rows)
    seen = confidence(assessment, assessment.chosen_lane[asked])
    head = pd.DataFrame(
        {
            "kind": "lower_moq",
            "unique_id": terms.lanes["unique_id"].to_numpy(object),
            "supplier_id": terms.lanes["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": "",
            "quantity": best,
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[asked],
            "confidence": worth.confidence(seen),
        }
    )
    facts = _facts(terms, best, worth).assign(price_rise_to_break_even=worth.mean / before.slope[rows])
    return action_rows(head, facts, partial(_describe, assessment.inputs.currency))


def _best_order_size(assessment: Assessment) -> Array:
    """Best order size (n,), units, without the MOQ."""
    terms, forecast = assessment.chosen_terms, assessment.forecast
    setting, rows = assessment.setting, np.arange(len(forecast))
    a_cycle = forecast.mean_until(cycle_days(setting.policy), elapsed=setting.elapsed)
    without_moq = replace(terms.limits, moq=np.zeros(len(rows)))
    shelf_life = numbers_by_sku(assessment.inputs.items, "shelf_life_days", forecast.unique_ids)
    limits = lane_lot_limits(without_moq, forecast, shelf_life, elapsed=setting.elapsed, rows=rows)
    return lane_order_size(terms.demand.yearly, a_cycle, terms.costs, limits)


def _with_moq(assessment: Assessment, skus: NDArray[np.intp], moq: Array) -> LaneTerms:
    """Terms of the chosen lanes of some SKUs (k,) as they would be with another `moq` (k,)."""
    chosen, items = assessment.chosen_terms, assessment.inputs.items
    lanes = chosen.lanes.iloc[skus].reset_index(drop=True).assign(moq=moq)
    terms = make_terms(lanes, assessment.forecast, chosen.lead_time[skus], items, assessment.setting)
    return as_played(terms, assessment.forecast, items, assessment.setting)


def _facts(terms: LaneTerms, best: Array, worth: PlayedWorth) -> pd.DataFrame:
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
            "worth_low": worth.low,
            "worth_high": worth.high,
            "chance": worth.chance,
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of lowering an MOQ, from the action's row."""
    spoils = f", and {number(a.spoiled_units_year)} units a year spoil" if a.spoiled_units_year >= 0.5 else ""
    least = quantity(a.best_order_size)
    evidence = (
        f"The MOQ makes each order {quantity(a.order_size)} units, {days(a.days_an_order_lasts)} of demand{spoils}; "
        f"the best order is {least} units ({days(a.best_days_an_order_lasts)}). The difference costs "
        f"{money(a.worth, currency)} a year, in 80 of 100 years between {money(a.worth_low, currency)} and "
        f"{money(a.worth_high, currency)}: paying {price(a.price_rise_to_break_even, currency)} more a unit would "
        "still be worth it."
    )
    return (
        f"Negotiate the MOQ of {a.unique_id} with {a.supplier_id} from {quantity(a.moq)} down to {least}",
        evidence,
    )
