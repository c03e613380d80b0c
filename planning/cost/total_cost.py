"""Total cost a year of buying a SKU through an offer: goods, ordering, stock, pipeline, shortage and spoilage."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.cost.lane_costs import DAYS_A_YEAR, LaneCosts
from planning.cost.payment_terms import prepaid_unit_days


@dataclass(frozen=True)
class TotalCost:
    """Total cost a year of n lanes by its parts, money; NaN where a price is missing.

    Attributes
    ----------
    price : D·p(Q), the goods
    ordering : S·D/Q
    cycle_stock : H·Q/2, stock held because orders come in lots
    safety_stock : H·(s − E[D(L+R)]), stock held against surprise; negative where the target asks for less than
        the expected demand
    pipeline : K·D·E[L]/365, money tied up in goods on their way, K what that costs a unit and year; −K·D·p/365, a
        credit, where they are paid p days after their receipt
    shortage : b × units expected short a year
    spoilage : p(Q) × units a year that pass their shelf life in lots of Q
    """

    price: Array
    ordering: Array
    cycle_stock: Array
    safety_stock: Array
    pipeline: Array
    shortage: Array
    spoilage: Array

    @property
    def total(self) -> Array:
        """Sum of all parts of the total cost, money a year, shape (n,)."""
        return np.asarray(sum(getattr(self, part.name) for part in fields(self)))

    def frame(self) -> pd.DataFrame:
        """The total cost as a frame: one column a part, and `total`."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        return pd.DataFrame(parts | {"total": self.total})


@dataclass(frozen=True)
class SteadyState:
    """Steady state of n lanes, the quantities behind a total cost.

    Attributes
    ----------
    demand : D, units a year
    quantity : Q, units per order
    safety_stock : units
    lead_time : E[L], days
    shortage : units expected short per cycle
    spoiled : units a year that pass their shelf life
    cycle_days : days between orders decided upon, at the least
    """

    demand: Array
    quantity: Array
    safety_stock: Array
    lead_time: Array
    shortage: Array
    spoiled: Array
    cycle_days: float


def total_cost(costs: LaneCosts, state: SteadyState) -> TotalCost:
    """Total cost a year of lanes in a steady state, by its parts.

    A cycle is a review period, or the time an order lasts where that is longer.
    """
    orders = np.divide(
        state.demand, state.quantity, out=np.zeros_like(state.demand), where=state.quantity > 0
    )
    price = costs.prices.price(state.quantity)
    cycles = np.minimum(orders, DAYS_A_YEAR / state.cycle_days)
    capital = costs.capital * state.demand
    return TotalCost(
        price=state.demand * price,
        ordering=costs.ordering * orders,
        cycle_stock=costs.holding * state.quantity / 2,
        safety_stock=costs.holding * state.safety_stock,
        pipeline=prepaid_unit_days(costs.payment_days, capital * state.lead_time, capital) / DAYS_A_YEAR,
        shortage=costs.shortage * state.shortage * cycles,
        spoilage=price * state.spoiled,
    )
