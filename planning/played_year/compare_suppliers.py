"""Two suppliers compared before there is any data: which has the lower total cost, and what may the quicker one charge?

The question of the article that Purvey started from: supplier A takes 10 ± 2 days and is dearer, supplier B takes
15 ± 5 days and is cheaper; demand is 20 ± 8 a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.lanes.lane_terms import LaneTerms, PlanSetting, make_terms
from planning.played_year.year_play import YearPlay
from planning.policy.normal_formulas import lead_time_demand_std, normal_safety_stock
from planning.policy.order_rules import OrderRules

SCENARIOS = 1024
"""Years that two suppliers are compared by, the same for both."""


@dataclass(frozen=True)
class SupplierOffer:
    """One supplier's offer: money per unit, days, money per order, units.

    Attributes
    ----------
    payment_days : days from the receipt of goods until they are paid; NaN: paid with the order
    rejected_share : of what arrives
    price_breaks : like `100:9.50;500:9.10`; empty: none
    """

    name: str
    unit_price: float
    lead_time_mean: float
    lead_time_std: float
    ordering_cost: float = 0.0
    moq: float = 0.0
    order_multiple: float = np.nan
    payment_days: float = np.nan
    rejected_share: float = 0.0
    price_breaks: str = ""


def compare_suppliers(
    offers: Sequence[SupplierOffer],
    *,
    demand_mean: float,
    demand_std: float,
    shortage_cost: float,
    policy: PolicyConfig,
) -> pd.DataFrame:
    """What each supplier costs a year, and the price at which it would cost as much as the cheapest other one.

    Parameters
    ----------
    offers : at least two
    demand_mean, demand_std : units a day
    shortage_cost : money per unit short
    policy : service level, review period, holding cost rate

    Returns
    -------
    DataFrame
        One row a supplier: name, unit_price, reorder_point, safety_stock, normal_safety_stock (what the formula
        z·√(L·σ_d² + d²·σ_L²) says over the same interval), short (units a year), the parts of the total cost and
        `total_cost` in money a year as they are played, break_even_price and premium (break-even price over the
        cheapest other supplier's price, as a share)

    Examples
    --------
    Is a quicker and steadier supplier worth 1 % more? With a review a week, a shortage at 5 a unit and holding, on
    the way as on the shelf, at 25 % a year: not quite, A may charge up to .5 % more than B, whose orders overtake
    each other.

    >>> a = SupplierOffer("A", 10.10, 10, 2)
    >>> b = SupplierOffer("B", 10.00, 15, 5)
    >>> table = compare_suppliers(
    ...     [a, b], demand_mean=20, demand_std=8, shortage_cost=5, policy=PolicyConfig(capital_cost_rate=None)
    ... )
    >>> print(f"{table['premium'][0]:.1%}")
    0.5%
    """
    forecast = normal_daily_demand(demand_mean, demand_std)
    terms = lanes_of_offers(offers, forecast, shortage_cost, policy)
    items = pd.DataFrame({"unique_id": forecast.unique_ids, "shortage_cost": shortage_cost})
    setting = PlanSetting(policy, OrderRules(), pd.Timestamp(forecast.starts[0]), elapsed=0.0)
    year = YearPlay.of(terms, forecast, items, setting, scenarios=SCENARIOS)
    result = year.play(terms.reorder_point, terms.order_up_to)
    costs = year.cost(result).frame()
    total = costs["total"].to_numpy()
    others = np.where(np.eye(len(offers), dtype=bool), np.inf, total[None, :])
    prices = np.array([offer.unit_price for offer in offers])
    even = prices + (others.min(axis=1) - total) / year.price_slope(result)
    interval = terms.lead_time.mean() + policy.review_period_days
    std = lead_time_demand_std(demand_mean, demand_std, interval, [offer.lead_time_std for offer in offers])
    frame = pd.DataFrame(
        {
            "name": [offer.name for offer in offers],
            "unit_price": prices,
            "reorder_point": terms.reorder_point,
            "safety_stock": terms.safety_stock,
            "normal_safety_stock": normal_safety_stock(policy.level, std),
            "short": result.missed.mean(axis=1),
        }
    )
    premium = even / prices[others.argmin(axis=1)] - 1
    return frame.join(costs.add_suffix("_cost").assign(break_even_price=even, premium=premium))


def lanes_of_offers(
    offers: Sequence[SupplierOffer], forecast: DemandForecast, shortage_cost: float, policy: PolicyConfig
) -> LaneTerms:
    """Lane terms of the suppliers' offers for the first SKU of `forecast`, with Gamma lead times."""
    items = pd.DataFrame({"unique_id": forecast.unique_ids, "shortage_cost": shortage_cost})
    setting = PlanSetting(policy, OrderRules(), pd.Timestamp(forecast.starts[0]), elapsed=0.0)
    lanes = offer_lanes(offers, str(forecast.unique_ids[0]))
    return make_terms(lanes, forecast, gamma_lead_times(offers), items, setting)


def gamma_lead_times(offers: Sequence[SupplierOffer]) -> Distribution:
    """Lead times of the suppliers' offers, one row each: gamma, days."""
    days = [gamma_lead_time(offer.lead_time_mean, offer.lead_time_std).values[0] for offer in offers]
    return Distribution(LEAD_TIME_LEVELS, np.array(days))


def offer_lanes(offers: Sequence[SupplierOffer], unique_id: str, *, whole: bool = False) -> pd.DataFrame:
    """Lanes of the suppliers' offers, one row each, all of the SKU in row 0 of a forecast."""
    numbers = ("unit_price", "moq", "order_multiple", "ordering_cost", "payment_days", "rejected_share")
    return pd.DataFrame(
        {
            "row": 0,
            "unique_id": unique_id,
            "supplier_id": [offer.name for offer in offers],
            **{name: [float(getattr(offer, name)) for offer in offers] for name in numbers},
            "max_quantity": np.nan,
            "price_breaks": [offer.price_breaks or None for offer in offers],
            "order_days": None,
            "whole": whole,
            "buying_days_left": np.inf,
        }
    )
