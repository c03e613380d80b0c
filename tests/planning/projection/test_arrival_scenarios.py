import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.projection.arrival_scenarios import arrival_rank_rows, arrival_ranks
from planning.projection.open_orders import make_pipeline
from planning.projection.scenario_levels import SCENARIOS, scenario_levels
from planning.projection.stock_paths import StockPaths
from planning.projection.stock_projection import project
from planning.protocols import INDEPENDENT_DELAYS, SharedDelay

SHARED = SharedDelay(0.5, 30.0)
LEAD_TIME = gamma_lead_time(20, 6)


def pipeline(suppliers, ages, shared, quantity=100.0):
    orders = pd.DataFrame(
        {"supplier_id": suppliers, "age": np.asarray(ages, float), "quantity_open": quantity}
    )
    return make_pipeline(
        orders,
        np.zeros(len(orders), int),
        lambda rows: LEAD_TIME[np.zeros(len(rows), int)],
        shared_delay=shared,
    )


def scores(suppliers, ages, shared=SHARED):
    where = pipeline(suppliers, ages, shared).rank_row
    return ndtri((arrival_ranks(shared)[where] + 0.5) / SCENARIOS)


def correlation(suppliers, ages):
    return np.corrcoef(scores(suppliers, ages))[0, 1]


def test_orders_of_one_supplier_placed_together_correlate_by_the_shared_delay():
    assert correlation(["a", "a"], [0, 0]) == pytest.approx(0.5, abs=0.08)


def test_what_orders_share_is_forgotten_with_the_days_between_them():
    found = [correlation(["a", "a"], [0, days]) for days in (30, 60, 120)]
    assert found == pytest.approx([0.5 * np.exp(-days / 30) for days in (30, 60, 120)], abs=0.08)


def test_orders_of_two_suppliers_are_late_each_on_its_own():
    assert correlation(["a", "b"], [0, 0]) == pytest.approx(0.0, abs=0.08)


def test_every_order_has_each_slice_of_its_distribution_once_whatever_it_shares():
    assert (np.sort(arrival_ranks(SHARED), axis=1) == np.arange(SCENARIOS)).all()


def test_without_a_shared_delay_the_ranks_are_those_of_independent_orders():
    number = np.arange(5)
    where = arrival_rank_rows(number, number, np.zeros(5), INDEPENDENT_DELAYS)
    assert (
        (arrival_ranks(INDEPENDENT_DELAYS)[where] + 0.5) / SCENARIOS == scenario_levels().arrival[:5]
    ).all()


def test_orders_late_together_leave_the_shelf_empty_more_often_and_arrive_as_many_by_each_day():
    forecast = normal_daily_demand(20, 0, days=120)
    apart, together = (
        project(
            StockPaths(
                forecast,
                pipeline(["a"] * 4, [0] * 4, shared),
                np.array([400.0]),
                np.array([60.0]),
                0.0,
                False,
            )
        )
        for shared in (INDEPENDENT_DELAYS, SharedDelay(0.9, 30.0))
    )
    # stock lasts twenty days; four orders on their own hardly ever all come after day 25
    assert together.risk_within(np.array([[25.0]])) > apart.risk_within(np.array([[25.0]])) + 0.05
    assert together.arrived == pytest.approx(apart.arrived, abs=1e-3)
