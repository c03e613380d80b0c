import numpy as np
import pandas as pd
import pytest

from benchmarks.stock.contenders import FACTORS, statsforecast_levels
from benchmarks.stock.simulate import OrderWeeks, PastDemand, StockHeld, simulate_stock
from features.demand.panel import Panel

LEAD, WEEKS, N = 2, 200, 60


@pytest.fixture(scope="module")
def past_demand():
    """Demand that comes in waves: who knows when needs less."""
    rng = np.random.default_rng(0)
    expected = 20 * (1 + 0.8 * np.sin(2 * np.pi * np.arange(WEEKS + LEAD + 1) / 13 + rng.random((N, 1)) * 6))
    demand = rng.poisson(expected).astype(float)
    return PastDemand(demand[:, :WEEKS], np.ones((N, WEEKS), bool), np.full(N, 2.0), LEAD), demand, expected


def cover(values):
    """Sums of the protection interval from each week on, (n, W)."""
    return sum(values[:, k : k + WEEKS] for k in range(LEAD + 1))


def test_a_perfect_forecast_needs_least_stock_for_the_same_service(past_demand):
    past, demand, expected = past_demand
    factors = np.arange(-1, 4, 0.25)[:, None, None]
    perfect = simulate_stock(past, cover(demand) + 4 * factors)
    informed = simulate_stock(past, cover(expected) + factors * np.sqrt(cover(expected)))
    flat = simulate_stock(past, np.full((N, WEEKS), 60.0) + factors * 20)
    stock = [one.at(0.95)[0] for one in (perfect, informed, flat)]
    assert stock[0] < 0.5 * stock[1] < 0.5 * stock[2]


def test_known_demand_is_served_whole_by_its_own_sum(past_demand):
    past, demand, _ = past_demand
    held = simulate_stock(past, cover(demand)[None])
    assert held.fill_rate[0] == 1.0
    assert held.units[0] == 0.0


def test_an_order_arrives_after_its_lead_time_and_shortage_waits():
    demand = np.array([[5.0, 5, 5, 5, 5, 5]])
    past_demand = PastDemand(demand, np.ones((1, 6), bool), np.array([3.0]), lead_time=1)
    # eight in stock and no order above it: 8, 3, then orders of five come in a week after each sale
    held = simulate_stock(past_demand, np.full((1, 1, 6), 8.0))
    # from the third week on three of five are served on time: two wait for the next arrival
    assert held.fill_rate[0] == pytest.approx(3 / 5)
    assert held.units[0] == 0.0


def test_a_gap_moves_stock_but_is_not_scored():
    demand = np.array([[5.0, 5, 5, 50, 5, 5, 5, 5]])
    known = np.ones((1, 8), bool)
    known[0, 3] = False
    past_demand = PastDemand(demand, known, np.array([3.0]), lead_time=1)
    held = simulate_stock(past_demand, np.full((1, 1, 8), 10.0))
    seen = simulate_stock(
        PastDemand(demand, np.ones((1, 8), bool), np.array([3.0]), 1), np.full((1, 1, 8), 10.0)
    )
    assert seen.fill_rate[0] < held.fill_rate[0] < 1


def test_money_follows_cost_and_the_fill_rate_is_interpolated():
    held = StockHeld(np.array([0.9, 1.0]), np.array([10.0, 30.0]), np.array([20.0, 60.0]))
    assert held.at(0.95) == pytest.approx((20.0, 40.0))
    assert np.isnan(held.at(0.5)).all()


def test_levels_of_every_week_rise_with_the_safety_factor():
    y = np.random.default_rng(0).poisson(5, (4, 60)).astype(float)
    panel = Panel(
        unique_ids=np.array(list("abcd"), object),
        ds=pd.date_range("2023-01-02", periods=60, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame(index=range(4)),
    )
    levels = statsforecast_levels(OrderWeeks(panel, 57, LEAD), "TSB")
    assert levels.shape == (len(FACTORS), 4, 3)
    assert (np.diff(levels, axis=0) > 0).all()
