"""Two vendors, before there is any data: which is cheaper all told, and what may the quicker one charge more?

The question of the article that Purvey started from: supplier A takes 10 ± 2 days and is dearer, supplier B takes
15 ± 5 days and is cheaper; demand is 20 ± 8 a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import PolicyConfig
from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.cost.total_cost import break_even_price
from planning.lanes.terms import PlanSetting, make_terms
from planning.policy.normal import lead_time_demand_std, normal_safety_stock
from planning.policy.order_rules import OrderRules


@dataclass(frozen=True)
class Vendor:
    """One offer: money per unit, days, money per order, units."""

    name: str
    unit_price: float
    lead_time_mean: float
    lead_time_std: float
    ordering_cost: float = 0.0
    moq: float = 0.0


def compare_vendors(
    vendors: Sequence[Vendor],
    *,
    demand_mean: float,
    demand_std: float,
    shortage_cost: float,
    policy: PolicyConfig,
) -> pd.DataFrame:
    """What each vendor costs a year, and the price at which it would cost as much as the cheapest other one.

    Parameters
    ----------
    vendors : at least two
    demand_mean, demand_std : units a day
    shortage_cost : money per unit short
    policy : service level, review period, holding cost rate

    Returns
    -------
    DataFrame
        One row a vendor: name, unit_price, reorder_point, safety_stock, normal_safety_stock (what the formula
        z·√(L·σ_d² + d²·σ_L²) says over the same interval), the parts of the total cost and `total_cost` in money a
        year,
        break_even_price and premium (break-even price over the cheapest other vendor's price, as a share)

    Examples
    --------
    Is a quicker and steadier supplier worth 1 % more? With a review a week, a shortage at 5 a unit and holding at
    25 % a year: just about, A may charge up to 1.3 % more than B.

    >>> a = Vendor("A", 10.10, 10, 2)
    >>> b = Vendor("B", 10.00, 15, 5)
    >>> table = compare_vendors(
    ...     [a, b], demand_mean=20, demand_std=8, shortage_cost=5, policy=PolicyConfig()
    ... )
    >>> print(f"{table['premium'][0]:.1%}")
    1.3%
    """
    n = len(vendors)
    forecast = normal_daily_demand(demand_mean, demand_std, n=n)
    laws = [gamma_lead_time(v.lead_time_mean, v.lead_time_std).values[0] for v in vendors]
    items = pd.DataFrame({"unique_id": forecast.unique_ids, "shortage_cost": shortage_cost})
    setting = PlanSetting(policy, OrderRules(), pd.Timestamp(forecast.starts[0]), 0.0)
    lead_time = Distribution(LEAD_TIME_LEVELS, np.array(laws))
    terms = make_terms(_lanes(vendors, forecast.unique_ids.tolist()), forecast, lead_time, items, setting)
    total = terms.total.total
    others = np.where(np.eye(n, dtype=bool), np.inf, total[None, :])
    cheapest = others.argmin(axis=1)
    prices = np.array([v.unit_price for v in vendors])
    even = break_even_price(terms.costs, terms.flow, others.min(axis=1) - total)
    spread = lead_time_demand_std(
        demand_mean, demand_std, lead_time.mean() + policy.review_period_days,
        [v.lead_time_std for v in vendors],
    )  # fmt: skip
    return pd.DataFrame(
        {
            "name": [v.name for v in vendors],
            "unit_price": prices,
            "reorder_point": terms.reorder_point,
            "safety_stock": terms.safety_stock,
            "normal_safety_stock": normal_safety_stock(policy.level, spread),
        }
    ).join(
        terms.total.frame()
        .add_suffix("_cost")
        .assign(break_even_price=even, premium=even / prices[cheapest] - 1)
    )


def _lanes(vendors: Sequence[Vendor], unique_ids: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": np.arange(len(vendors)),
            "unique_id": unique_ids,
            "supplier_id": [v.name for v in vendors],
            "unit_price": [v.unit_price for v in vendors],
            "moq": [v.moq for v in vendors],
            "order_multiple": np.nan,
            "max_quantity": np.nan,
            "ordering_cost": [v.ordering_cost for v in vendors],
            "price_breaks": None,
            "whole": False,
        }
    )
