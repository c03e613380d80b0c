"""What suppliers' orders are tested with: assessments of a few SKUs at suppliers with terms, and worth of lines."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from normal_forecast import MONDAY

from configs.schema import PolicyConfig
from distributions.distribution import Distribution
from planning.cost.price_breaks import PriceBreaks
from planning.orders.joint_orders import joint_orders
from planning.orders.marginal_worth import LineWorth
from planning.planner import Planner
from planning.policy.order_size import OrderLimits


@pytest.fixture(scope="session")
def order_tables(make_forecast, make_inputs, lead_times):
    """`order_tables(terms, on_hand=…, offers=…)`: assessment and joint orders of SKUs that sell 70 ± 20 a week."""

    def run(
        suppliers=None, *, on_hand, offer=None, means=None, items=None, budgets=None, departments=None, **more
    ):
        n = len(on_hand)
        forecast = make_forecast(means or [70.0] * n, [20.0] * n)
        offers = [
            {"supplier_id": "near", "unique_id": u, "unit_price": 9.0, "ordering_cost": 2.0} | (offer or {})
            for u in forecast.unique_ids
        ]
        prices = {"unit_cost": 9.0, "unit_price": 15.0} | (items or {})
        inputs = make_inputs(forecast.unique_ids, on_hand=on_hand, offers=offers, items=prices, **more)
        table = pd.DataFrame([{"supplier_id": "near"} | (suppliers or {})])
        inputs = replace(inputs, suppliers=table, budgets=pd.DataFrame(budgets or []))
        if departments is not None:
            inputs = replace(inputs, items=inputs.items.join(pd.DataFrame(departments)))
        planner = Planner(forecast, lead_times(), PolicyConfig(holding_cost_rate=0.25))
        assessment = planner.assess(inputs)
        return assessment, joint_orders(assessment)

    return run


@pytest.fixture(scope="session")
def line_worth():
    """`line_worth(above=…)`: SKUs that sell 10 a day at a price of 4, each field by name; none falls short of demand."""

    def make(above, **given):
        n = len(above)
        fields = {
            "above": above, "daily": 10.0, "holding": 0.01, "line_cost": 5.0, "lot": 100.0, "position": 1e6,
            "shortage": 0.0, "saved": 0.0, "most": np.inf,
        } | {name: value for name, value in given.items() if name not in ("moq", "multiple", "maximum")}  # fmt: skip
        limits = [
            np.broadcast_to(np.asarray(given.get(name, usual), float), (n,)).copy()
            for name, usual in (("moq", 0), ("multiple", 1), ("maximum", np.inf))
        ]
        return LineWorth(
            **{
                name: np.broadcast_to(np.asarray(value, float), (n,)).copy() for name, value in fields.items()
            },
            demand=Distribution.certain(np.full(n, 70.0)),
            prices=PriceBreaks(np.zeros((n, 1)), np.full((n, 1), 4.0)),
            limits=OrderLimits(*limits),
        )

    return make


@pytest.fixture(scope="session")
def today():
    """The day of the plan."""
    return MONDAY
