"""Lower the MOQ: what ordering more than is best costs a year."""

from dataclasses import replace

import numpy as np

from planning.actions.proposals import Proposal, confidence, day, next_order_wait
from planning.distributions import Array
from planning.inputs import numbers
from planning.money import cycle_days
from planning.order_size import economic_quantity, yearly_order_cost
from planning.situation import Situation
from planning.terms import Terms


def lower_moq(situation: Situation) -> list[Proposal]:
    """Compare the order size that the MOQ forces with the best one without it.

    Worth: the difference in price, ordering, cycle stock and goods that spoil before they sell, a year. Ageing of
    goods without a shelf life is not counted.
    """
    terms, forecast = situation.terms, situation.forecast
    free = replace(terms.limits, moq=np.zeros(len(forecast)))
    least = forecast.mean_until(cycle_days(situation.setting.policy), elapsed=situation.setting.elapsed)
    holding = np.nan_to_num(terms.costs.holding, nan=1.0)
    best = economic_quantity(
        terms.yearly_demand, terms.costs.ordering, holding, terms.costs.prices, free, least=least
    )
    waste_now, waste_best = (spoiled(situation, quantity) for quantity in (terms.economic, best))
    worth = _cost(terms, terms.economic, waste_now) - _cost(terms, best, waste_best)
    bound = (terms.economic > best) & terms.lanes["has_offer"].to_numpy(bool) & (terms.yearly_demand > 0)
    rows = np.flatnonzero(bound & (worth > 0))
    sure = confidence(situation, situation.chosen[rows])
    return [
        _proposal(situation, int(i), float(best[i]), float(worth[i]), (float(waste_now[i]), str(sure[j])))
        for j, i in enumerate(rows)
    ]


def spoiled(situation: Situation, quantity: Array) -> Array:
    """Units a year (n,) that pass their shelf life, in orders of `quantity` (n,): E[(Q − D(shelf life))⁺]·D/Q.

    An order is taken to be sold after what came before it, from the day it arrives.
    """
    forecast, elapsed = situation.forecast, situation.setting.elapsed
    shelf = numbers(situation.inputs.items, "shelf_life_days", forecast.unique_ids)
    sold = forecast.demand_until(np.where(np.isnan(shelf), 1.0, np.maximum(shelf, 1.0)), elapsed=elapsed)
    unsold = np.maximum(quantity - sold.mean() + sold.expected_excess(quantity), 0.0)
    demand = situation.terms.yearly_demand
    orders = np.divide(demand, quantity, out=np.zeros_like(demand), where=quantity > 0)
    return np.where(np.isnan(shelf), 0.0, unsold * orders)


def _cost(terms: Terms, quantity: Array, waste: Array) -> Array:
    price = terms.costs.prices.price(quantity)
    run = yearly_order_cost(quantity, terms.yearly_demand, terms.costs.ordering, terms.costs.holding)
    return np.asarray(price * (terms.yearly_demand + waste) + run)


def _proposal(situation: Situation, sku: int, best: float, worth: float, told: tuple[float, str]) -> Proposal:
    terms, (waste, sure) = situation.terms, told
    unique_id, supplier = str(terms.lanes["unique_id"].iloc[sku]), str(terms.lanes["supplier_id"].iloc[sku])
    forced, demand = float(terms.economic[sku]), float(terms.yearly_demand[sku])
    lasts, would_last = (365 * quantity / demand for quantity in (forced, best))
    spoils = f", and {waste:,.0f} units a year spoil" if waste >= 0.5 else ""
    return Proposal(
        kind="lower_moq",
        unique_id=unique_id,
        supplier_id=supplier,
        alternative_supplier_id=None,
        quantity=best,
        worth=worth,
        worth_period="year",
        act_by=day(situation.setting.as_of, float(next_order_wait(situation)[sku])),
        title=f"Negotiate the MOQ of {unique_id} with {supplier} from {forced:,.0f} down to {best:,.0f}",
        evidence=(
            f"The MOQ makes each order {forced:,.0f} units, {lasts:,.0f} days of demand{spoils}; the best order is "
            f"{best:,.0f} units ({would_last:,.0f} days). The difference costs {worth:,.0f} a year: a price "
            f"{worth / demand:,.2f} a unit higher would still pay for the lower MOQ."
        ),
        facts={
            "moq": float(terms.limits.moq[sku]), "order_size": forced, "best_order_size": best,
            "yearly_demand": demand, "days_an_order_lasts": lasts, "best_days_an_order_lasts": would_last,
            "ordering_cost": float(terms.costs.ordering[sku]), "holding_cost_year": float(terms.costs.holding[sku]),
            "spoiled_units_year": waste, "break_even_premium": worth / demand,
        },
        confidence=sure,
    )  # fmt: skip
