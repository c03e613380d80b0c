from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.inputs import arrive_together
from planning.policy.lead_time_demand import lead_time_demand
from planning.projection.open_orders import make_pipeline
from planning.projection.stock_paths import StockPaths
from planning.projection.stock_projection import curve_at, project
from planning.protocols import FirstParts


def pipeline(quantities=(), ages=(), lead_time=None):
    orders = pd.DataFrame({"quantity_open": np.asarray(quantities, float), "age": np.asarray(ages, float)})
    lead_time = gamma_lead_time(20, 4, len(orders)) if lead_time is None else lead_time
    return make_pipeline(orders, np.zeros(len(orders), int), lambda rows: lead_time[rows.index.to_numpy()])


def one(on_hand, open_orders=None, horizon_days=60.0, mean=20.0, spread=8.0):
    forecast = normal_daily_demand(mean, spread, days=120)
    open_orders = pipeline() if open_orders is None else open_orders
    return project(
        StockPaths(
            forecast, open_orders, np.array([float(on_hand)]), np.array([horizon_days]), 0.0, lost_sales=False
        )
    )


def test_the_risk_before_an_order_arrives_is_the_chance_that_its_lead_time_demand_is_more_than_stock():
    lead_time = gamma_lead_time(15, 5)
    demand = lead_time_demand(normal_daily_demand(20, 8, days=120), lead_time)
    for stock in (200, 300, 400, 500):
        assert one(stock).risk_before(lead_time) == pytest.approx(1 - demand.cdf(stock), abs=0.02)


def test_risk_never_falls_with_time_and_never_rises_with_stock():
    risks = [one(stock).risk[0] for stock in (0, 100, 300, 900)]
    for risk in risks:
        assert (np.diff(risk) >= -1e-12).all()
    assert all((low >= high - 1e-12).all() for low, high in pairwise(risks))


def test_backorders_are_a_stockout_today():
    assert one(-5).risk[0, 0] == 1.0


def test_an_order_arriving_early_takes_the_risk_away_and_one_arriving_late_does_not():
    early, late = (one(200, pipeline([600], [0], Distribution.certain([d]))) for d in (5.0, 20.0))
    assert early.risk_within(np.array([[20.0]]))[0, 0] == pytest.approx(0.0, abs=1e-3)
    assert late.risk_within(np.array([[19.0]]))[0, 0] == pytest.approx(1.0, abs=1e-2)


def test_an_order_that_comes_in_parts_is_in_all_paths_there_in_two():
    """Of 100 units 80 % × 50 % after 10 of 20 days, the rest after 20: means of paths, exact."""
    whole = pipeline([100], [0], Distribution.certain([20.0]))
    split = replace(whole, parts=FirstParts(np.array([0.8]), np.array([0.5]), np.array([0.5])))
    forecast = normal_daily_demand(20, 8, days=120)
    for orders, day, units in ((whole, 15.0, 0), (split, 9.0, 0), (split, 15.0, 40), (split, 25.0, 100)):
        paths = StockPaths(forecast, orders, np.zeros(1), np.array([60.0]), 0.0, lost_sales=False)
        arrived = np.cumsum(paths.arrivals(np.array([0])).units[:, 0].mean(axis=1))
        at = np.searchsorted(paths.days(np.array([0]))[0], day, side="right") - 1
        assert arrived[at] == pytest.approx(units)


def test_random_arrivals_give_the_risk_averaged_over_their_days():
    lead_time = gamma_lead_time(10, 3)
    mixed = one(200, pipeline([1000], [0], lead_time), horizon_days=32.0, spread=0.0)
    # certain demand of 20 a day uses 200 in ten days: out of stock whenever the order takes longer
    assert mixed.risk_within(np.array([[30.0]]))[0] == pytest.approx(1 - lead_time.cdf(10.0), abs=0.1)


def test_the_last_safe_wait_just_keeps_the_risk_in_bounds():
    lead_time, bound = gamma_lead_time(15, 5), np.array([0.05])
    projection = one(700)
    wait = projection.last_safe_wait(lead_time, bound)
    assert 0 < wait[0] < 30
    assert projection.risk_before(lead_time, wait) <= 0.05 + 1e-6
    assert projection.risk_before(lead_time, wait + 1) > 0.05


def test_when_it_is_too_late_nothing_can_wait():
    assert one(10).last_safe_wait(gamma_lead_time(15, 5), np.array([0.05])) == pytest.approx([0.0], abs=1e-3)


def test_without_demand_an_order_can_wait_for_ever():
    calm = one(10, mean=0, spread=0)
    assert calm.last_safe_wait(gamma_lead_time(15, 5), np.array([0.05])) == pytest.approx([np.inf])
    assert calm.first_day(0.5) == pytest.approx([np.inf])


def test_certain_demand_runs_out_on_the_day_the_division_says():
    assert one(400, spread=0).first_day(0.5) == pytest.approx([20.0], abs=60 / 32)


def test_open_orders_that_overtake_each_other_give_the_risk_that_a_hundred_thousand_days_by_day_histories_give():
    ages, quantities = [28.0, 20.0, 15.0, 8.0, 2.0], [150.0, 150.0, 200.0, 100.0, 250.0]
    open_lines = pipeline(quantities, ages, gamma_lead_time(30, 8, 5))
    projection = one(150, open_lines, horizon_days=70.0)
    rng, paths = np.random.default_rng(0), 40_000
    arrival = open_lines.remaining.quantile(rng.random((5, paths)))
    demand, out = np.zeros(paths), np.zeros(paths, bool)
    for half_day in range(1, 99):
        demand += rng.normal(10, 8 * np.sqrt(0.5), paths)
        supply = 150 + (open_lines.quantity[:, None] * (arrival <= half_day / 2)).sum(axis=0)
        out |= demand > supply
        if half_day % 14 == 0:
            day = np.array([[half_day / 2]])
            # 128 scenarios: two standard errors of an even chance are 0.09
            assert projection.risk_within(day)[0, 0] == pytest.approx(out.mean(), abs=0.08)
            left = np.maximum(supply - demand, 0).mean()
            assert curve_at(projection.stock, projection.horizon_days, day)[0, 0] == pytest.approx(
                left, abs=4
            )


def test_lines_of_one_order_arrive_on_one_day_where_they_have_always_done():
    orders = pd.DataFrame({"order_id": ["a", "a"], "quantity_open": [100.0, 100.0], "age": [0.0, 0.0]})
    lead_time, sku = gamma_lead_time(10, 4, 2), np.zeros(2, int)
    both, each = (
        make_pipeline(orders, sku, lambda rows: lead_time[rows.index.to_numpy()], lines_together=together)
        for together in (True, False)
    )
    assert both.rank_row.tolist() == [0, 0]
    assert each.rank_row.tolist() == [0, 1]
    # 200 units on one day or in two halves: the first half is never later than the whole
    assert one(100, each, spread=2).risk_within(np.array([[12.0]])) < one(100, both, spread=2).risk_within(
        np.array([[12.0]])
    )


def test_lines_are_said_to_arrive_together_only_when_most_of_them_did():
    day = pd.Timestamp("2024-01-01")

    def received(*days):
        frame = pd.DataFrame({"order_id": np.repeat(np.arange(len(days) // 2), 2), "unique_id": "x"})
        return frame.assign(received_at=[day + pd.Timedelta(days=d) for d in days])

    assert arrive_together(received(3, 3, 5, 5, 6, 9))
    assert not arrive_together(received(3, 4, 5, 5, 6, 9))
    assert not arrive_together(received())


def test_units_short_and_units_left_account_for_all_supply_and_demand():
    for lost_sales in (True, False):
        forecast, open_lines = normal_daily_demand(20, 8, days=120), pipeline([300, 200], [0, 5])
        stock_paths = StockPaths(forecast, open_lines, np.array([200.0]), np.array([60.0]), 0.0, lost_sales)
        projection = project(stock_paths)
        days = 60.0
        used = forecast.mean_until(np.array([days]))[0]
        waiting = used + projection.stock[0, -1] - 200 - projection.arrived[0, -1]
        assert waiting > 0
        if lost_sales:
            assert projection.short[0, -1] == pytest.approx(waiting, rel=0.02)
        else:
            assert projection.short[0, -1] >= waiting - 1


def test_with_nothing_on_order_scenarios_and_formula_agree():
    forecast, none = normal_daily_demand(20, 8, days=120), pipeline()
    stock_paths = StockPaths(forecast, none, np.array([300.0]), np.array([40.0]), 0.0, lost_sales=True)
    exact, row = project(stock_paths), np.array([0])
    played = list(stock_paths.play(row, stock_paths.arrivals(row)))
    assert [m.out.mean() for m in played] == pytest.approx(exact.risk[0], abs=0.02)
    assert [m.short.mean() for m in played] == pytest.approx(exact.short[0], abs=1)
    assert [m.stock.mean() for m in played] == pytest.approx(exact.stock[0], abs=1)


RARE = DemandForecast(
    unique_ids=np.array(["a"], dtype=object),
    cutoff=pd.Timestamp("2023-12-25"),
    starts=pd.date_range("2024-01-01", periods=5, freq="W-MON").to_numpy(),
    levels=DEMAND_LEVELS,
    mean=np.full((1, 4), 0.002),
    quantiles=np.tile((DEMAND_LEVELS > 0.992).astype(float), (1, 4, 1)),
    cumulative_mean=0.002 * np.arange(1, 5)[None],
    cumulative=np.tile((DEMAND_LEVELS > 0.98).astype(float), (1, 4, 1)),
    demand_class=np.array(["lumpy"], dtype=object),
    reason=np.array([""], dtype=object),
)
"""A forecast of 0.002 a week whose quantiles hold more: one unit in a hundred."""


@pytest.mark.parametrize("lost_sales", [False, True])
@pytest.mark.parametrize("on_order", [False, True])
def test_no_more_falls_short_than_demand_is_expected(lost_sales, on_order):
    orders = pipeline([3], [0], Distribution.certain([60.0])) if on_order else pipeline()
    paths = StockPaths(RARE, orders, np.zeros(1), np.array([90.0]), 0.0, lost_sales=lost_sales)
    short, days = project(paths).short[0], paths.days(np.array([0]))[0]
    expected = RARE.mean_until(days[None, :])[0]
    assert (short <= expected * (1 + 1e-6)).all()
    assert short[10] == pytest.approx(expected[10], rel=1e-6)  # without stock, all of it is
    assert (np.diff(short) >= -1e-9).all()


@pytest.mark.parametrize("on_order", [False, True])
def test_where_no_demand_is_expected_nothing_runs_out(on_order):
    nothing = replace(RARE, mean=0 * RARE.mean, cumulative_mean=0 * RARE.cumulative_mean)
    orders = pipeline([3], [0], Distribution.certain([60.0])) if on_order else pipeline()
    projection = project(StockPaths(nothing, orders, np.zeros(1), np.array([90.0]), 0.0, lost_sales=False))
    assert (projection.risk == 0).all()
    assert (projection.short == 0).all()
