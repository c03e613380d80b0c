from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from normal_forecast import normal_forecast

from benchmarks.orders.__main__ import figures
from benchmarks.orders.counted import PARTS, Counted
from benchmarks.orders.played_orders import PlayedCompany, Shelf, alone, play_year, together


def test_a_shelf_counts_units_first_in_first_out():
    shelf = Shelf(np.zeros((1, 12)), np.zeros((1, 12)), np.zeros((1, 12)), np.array([3]))
    shelf.arriving[0, 0] = 10
    shelf.order(np.array([6.0]), np.array([2]), np.array([0.5]))
    assert shelf.position[0] == 6
    sold, spoiled = [], []
    for day, wanted in enumerate([4.0, 1.0, 0.0, 0.0, 2.0, 0.0, 5.0]):
        shelf.morning(day)
        spoiled.append(float(shelf.perish(day)[0]))
        sold.append(float(shelf.sell(np.array([wanted]), lost_sales=True)[0]))
    assert sold == [4, 1, 0, 0, 2, 0, 0]
    assert spoiled == [0, 0, 0, 5, 0, 1, 0], "5 of the first ten, and one of the three good ones of six"
    assert shelf.position[0] == 0


def test_what_customers_wait_for_is_served_first():
    shelf = Shelf(np.zeros((1, 9)), np.zeros((1, 9)), np.zeros((1, 9)), np.array([100]))
    shelf.order(np.array([5.0]), np.array([1]), np.array([1.0]))
    shelf.morning(0)
    assert shelf.sell(np.array([3.0]), lost_sales=False)[0] == 0
    assert shelf.position[0] == 2
    shelf.morning(1)
    assert (shelf.left[0], shelf.owed[0]) == (2, 0)


@pytest.fixture(scope="module")
def company() -> PlayedCompany:
    """Eight SKUs of a supplier whose orders cost much."""
    from configs.schema import PolicyConfig
    from distributions.parametric import gamma_lead_time
    from planning.inputs import PlanInputs
    from planning.planner import Planner
    from planning.protocols import ALL_COME, INDEPENDENT_DELAYS

    class LeadTimes:
        shared_delay = INDEPENDENT_DELAYS

        def predict(self, rows):
            one = gamma_lead_time(7, 1)
            return replace(one, values=np.repeat(one.values, len(rows), axis=0))

        def describe(self, rows):
            return pd.DataFrame({"source": ["learned"] * len(rows), "n_orders": [40] * len(rows)})

        def deliveries(self, rows):
            return ALL_COME

    forecast = normal_forecast(np.linspace(20, 90, 8), [12.0] * 8)
    ids = pd.DataFrame({"unique_id": forecast.unique_ids})
    day = pd.Timestamp("2024-01-01")
    inputs = PlanInputs(
        as_of=day,
        items=ids.assign(unit_cost=4.0, unit_price=7.0),
        offers=ids.assign(
            supplier_id="s", unit_price=4.0, ordering_cost=1.0, valid_from=pd.NaT, valid_to=pd.NaT
        ),
        stock=ids.assign(as_of=day, on_hand=50.0, backorders=0.0),
        open_orders=pd.DataFrame(
            columns=[
                "order_id",
                "line",
                "supplier_id",
                "unique_id",
                "ordered_at",
                "quantity_open",
                "unit_price",
                "age",
            ]
        ),
        suppliers=pd.DataFrame(
            {"supplier_id": ["s"], "ordering_cost": [30.0], "minimum_order_value": [150.0]}
        ),
    )
    planner = Planner(forecast, LeadTimes(), PolicyConfig(holding_cost_rate=0.25))
    return PlayedCompany.of(planner.assess(inputs), 2)


def test_joint_orders_cost_less_than_lines_alone_at_the_same_service(company: PlayedCompany) -> None:
    single, joint = play_year(company, alone), play_year(company, together)
    found = {figure.name: figure for figure in figures(single, joint)}
    assert found["share of that saved"].product > 0.1
    assert found["share of that saved"].passed
    assert found["fill rate"].passed
    assert (joint.broken, found["terms broken"].passed) == (0, True)
    assert joint.parts["sent"].mean() < 0.8 * single.parts["sent"].mean()
    assert single.parts["asked"] == pytest.approx(joint.parts["asked"])
    yearly = 4.0 * 52 * np.linspace(20, 90, 8).sum()
    assert joint.parts["goods"].mean() == pytest.approx(yearly, rel=0.1)


def test_figures_fail_where_nothing_is_saved_or_a_term_is_broken() -> None:
    single, joint = Counted(2), Counted(2)
    for name in PARTS:
        single.parts[name], joint.parts[name] = np.full(2, 100.0), np.full(2, 98.0)
    joint.broken = 1
    verdicts = {figure.name: figure.passed for figure in figures(single, joint)}
    assert not verdicts["share of that saved"]
    assert not verdicts["terms broken"]
    assert verdicts["fill rate"]
    joint.parts["met"] = np.full(2, 90.0)
    assert not {figure.name: figure.passed for figure in figures(single, joint)}["fill rate"]
