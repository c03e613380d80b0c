import numpy as np
import pandas as pd
import pytest

from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.projection.expedite_value import expedite_values
from planning.projection.open_orders import make_pipeline
from planning.projection.stock_paths import StockPaths
from planning.projection.stock_projection import project


def stock_paths(on_hand, quantities, days, *, lost_sales=False):
    """One SKU that sells 20 a day for certain, with orders that come after `days` for certain."""
    orders = pd.DataFrame({"quantity_open": np.asarray(quantities, float), "age": 0.0})
    lead_time = Distribution.certain(np.asarray(days, float))
    open_orders = make_pipeline(
        orders, np.zeros(len(orders), int), lambda rows: lead_time[rows.index.to_numpy()]
    )
    forecast = normal_daily_demand(20, 0, days=60)
    return StockPaths(forecast, open_orders, np.array([float(on_hand)]), np.array([32.0]), 0.0, lost_sales)


def values(paths, *, new_order=30.0, shortage=3.0):
    lead_time = Distribution.certain([new_order], LEAD_TIME_LEVELS)
    return expedite_values(paths, project(paths), lead_time, np.array([shortage]), where=np.array([True]))


@pytest.mark.parametrize("lost_sales", [True, False])
def test_an_order_five_days_late_for_an_empty_shelf_is_worth_five_days_of_shortage(lost_sales):
    # 100 units last five days, the order comes on day ten and then lasts until a new one
    paths = stock_paths(100, [500], [10], lost_sales=lost_sales)
    assert values(paths, new_order=20.0) == pytest.approx([5 * 20 * 3.0], rel=0.05)


def test_an_order_that_is_in_time_is_worth_nothing_more_if_expedited():
    assert values(stock_paths(400, [500], [10])) == pytest.approx([0.0], abs=1e-6)


def test_of_two_late_orders_the_one_that_fills_the_gap_is_worth_more():
    large, small = values(stock_paths(100, [600, 40], [12, 12]))
    assert large > 2 * small > 0


def test_what_is_short_after_a_new_order_can_arrive_is_not_counted():
    paths = stock_paths(100, [500], [25])
    assert values(paths, new_order=10.0) == pytest.approx([5 * 20 * 3.0], rel=0.05)


def test_orders_of_skus_that_are_not_valued_have_no_value():
    paths = stock_paths(100, [500], [10])
    found = expedite_values(
        paths, project(paths), gamma_lead_time(20, 4), np.array([3.0]), where=np.array([False])
    )
    assert np.isnan(found).all()
