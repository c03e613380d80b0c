import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.policy.lead_time_demand import lead_time_demand
from planning.policy.normal_formulas import lead_time_demand_std, newsvendor, normal_safety_stock
from planning.policy.reorder_points import (
    cost_reorder_point,
    cycle_service_reorder_point,
    expected_cost,
    expected_leftover,
    expected_shortage,
    fill_rate_reorder_point,
    reorder_points,
)
from planning.policy.targets import Targets, critical_fractile


def normal(mean, std):
    return Distribution(DEMAND_LEVELS, stats.norm.ppf(DEMAND_LEVELS, mean, std)[None])


NOTHING = Distribution(DEMAND_LEVELS, np.zeros((1, 25)))


@pytest.mark.parametrize(
    ("holding", "shortage", "mean", "std", "stock"), [(2, 18, 120, 10, 132.8155), (0.18, 0.70, 50, 8, 56.604)]
)
def test_newsvendor_stocks_are_the_textbook_ones(holding, shortage, mean, std, stock):
    assert newsvendor(mean, std, holding=holding, shortage=shortage)[0] == pytest.approx(stock, abs=1e-3)
    ours = cost_reorder_point(normal(mean, std), critical_fractile(holding, shortage))
    assert ours == pytest.approx([stock], abs=0.1)


def test_newsvendor_cost_is_the_textbook_one():
    assert newsvendor(120, 10, holding=2, shortage=18)[1] == pytest.approx(35.0997, abs=1e-4)
    ours = expected_cost(normal(120, 10), NOTHING, 132.8155, holding=2, shortage=18)
    assert ours == pytest.approx([35.0997], rel=0.01)


def test_safety_stock_with_random_lead_time_is_the_textbook_one():
    std = lead_time_demand_std(50, 5, 6, 2)
    assert std == pytest.approx(100.747, abs=1e-3)
    assert normal_safety_stock(0.9, std) == pytest.approx(129.113, abs=1e-3)
    assert 50 * 6 + normal_safety_stock(0.9, std) == pytest.approx(429.113, abs=1e-3)


@pytest.mark.parametrize(
    ("mean", "spread", "with_spread", "without"), [(10, 2, 77.85, 41.61), (15, 5, 172.20, 50.96)]
)
def test_the_articles_two_suppliers_need_their_published_safety_stocks(mean, spread, with_spread, without):
    assert normal_safety_stock(0.95, lead_time_demand_std(20, 8, mean, spread)) == pytest.approx(
        with_spread, abs=0.01
    )
    assert normal_safety_stock(0.95, lead_time_demand_std(20, 8, mean, 0)) == pytest.approx(without, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 100), st.floats(0.1, 40), st.floats(2, 50), st.floats(0, 20))
def test_reorder_points_rise_with_the_service_level(mean, spread, days, days_std):
    forecast, lead_time = normal_daily_demand(mean, spread, days=120), gamma_lead_time(days, days_std)
    demand = lead_time_demand(forecast, lead_time, review=7)
    before = lead_time_demand(forecast, lead_time)
    levels = (0.5, 0.7, 0.9, 0.95, 0.99, 0.999)
    for target in (
        [cycle_service_reorder_point(demand, level)[0] for level in levels],
        [fill_rate_reorder_point(demand, before, level)[0] for level in levels],
    ):
        assert (np.diff(target) >= -1e-6).all()


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 100), st.floats(0.5, 40), st.floats(2, 50), st.floats(0, 20), st.floats(0.5, 0.999))
def test_the_fill_rate_reorder_point_just_meets_its_fill_rate(mean, spread, days, days_std, level):
    forecast, lead_time = normal_daily_demand(mean, spread, days=120), gamma_lead_time(days, days_std)
    demand = lead_time_demand(forecast, lead_time, review=7)
    before = lead_time_demand(forecast, lead_time)
    s = fill_rate_reorder_point(demand, before, level)
    allowed = (1 - level) * (demand.mean() - before.mean())
    assert (expected_shortage(demand, before, s) <= allowed * (1 + 1e-6) + 1e-9).all()
    assert (expected_shortage(demand, before, s * 0.99 - 1e-6) >= allowed * (1 - 1e-6) - 1e-9).all() or s[
        0
    ] < 1e-6


def test_the_fill_rate_of_a_periodic_review_is_the_textbook_one():
    # L = 4 days, R = 7 days, 20 ± 8 a day: s from the normal loss function over L+R and L
    s = 250.0
    loss = [
        std * (stats.norm.pdf(k) - k * stats.norm.sf(k))
        for std in (8 * np.sqrt(11), 8 * np.sqrt(4))
        for k in [(s - (220 if std > 20 else 80)) / std]
    ]
    fill = 1 - (loss[0] - loss[1]) / 140
    forecast, lead_time = normal_daily_demand(20, 8), gamma_lead_time(4, 0)
    demand, before = (lead_time_demand(forecast, lead_time, review=r) for r in (7, 0))
    assert fill_rate_reorder_point(demand, before, fill) == pytest.approx([s], rel=0.01)


def targets(kind, level):
    n = len(level)
    return Targets(np.full(n, kind, object), np.array(level), np.ones(n, bool), np.zeros(n, bool))


@pytest.mark.parametrize("kind", ["cycle_service_level", "cost", "fill_rate"])
def test_levels_beyond_the_outermost_quantile_are_met_on_the_outer_tail(kind):
    # Poisson 20 a week over three weeks, in whole units: its 99 and 99.5 % quantiles are next to each other
    level = [0.95, 0.995, 0.999, 0.9999]
    demand, before = (
        Distribution(DEMAND_LEVELS, np.tile(stats.poisson.ppf(DEMAND_LEVELS, mean), (4, 1)))
        for mean in (60, 40)
    )
    whole = np.ones(4, bool)
    found = reorder_points(targets(kind, level), demand, before_arrival=before, cycle_end=demand, whole=whole)
    assert (np.diff(found) > 0).all()
    if kind != "fill_rate":
        assert found.tolist() == pytest.approx([73, 81, 86, 94], abs=1)
    short = stats.poisson.expect(lambda d: np.maximum(d - found[3], 0.0), (60,))
    if kind == "fill_rate":
        assert short <= 0.0001 * 20


def test_whole_numbers_that_leave_the_outermost_quantiles_equal_still_have_a_tail():
    values = stats.poisson.ppf(DEMAND_LEVELS, 60)
    values[-1] = values[-2]
    demand = Distribution(DEMAND_LEVELS, np.tile(values, (2, 1)))
    found = reorder_points(
        targets("cycle_service_level", [0.995, 0.9999]),
        demand,
        before_arrival=demand,
        cycle_end=demand,
        whole=np.ones(2, bool),
    )
    assert found[1] >= found[0] + 9


def test_certain_demand_needs_no_more_for_a_higher_level():
    demand = Distribution.certain(np.full(2, 210.0), DEMAND_LEVELS)
    found = reorder_points(
        targets("cycle_service_level", [0.5, 0.9999]),
        demand,
        before_arrival=demand,
        cycle_end=demand,
        whole=np.ones(2, bool),
    )
    assert found.tolist() == [210, 210]


def test_without_demand_nothing_is_stocked_for_a_fill_rate():
    assert fill_rate_reorder_point(NOTHING, NOTHING, 0.95) == pytest.approx([0.0])


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 20), st.floats(0.05, 20), st.floats(-60, 60))
def test_no_stock_costs_less_than_the_critical_fractile(holding, shortage, off):
    demand = normal(200, 40)
    best = cost_reorder_point(demand, critical_fractile(holding, shortage))
    cost = [expected_cost(demand, NOTHING, s, holding=holding, shortage=shortage) for s in (best, best + off)]
    assert cost[0] <= cost[1] + 1e-6


def test_what_is_left_less_what_is_short_is_stock_less_demand():
    demand = normal(200, 40)
    for s in (100.0, 200.0, 320.0):
        difference = expected_leftover(demand, s) - demand.expected_excess(s)
        assert difference == pytest.approx(s - demand.mean())


def test_what_was_short_before_the_arrival_is_not_short_in_the_cycle_after_it():
    # certain demand of 20 a day, 4 days of lead time and 7 of review: 80 units before the arrival, 220 in all
    forecast, lead_time = normal_daily_demand(20, 0), gamma_lead_time(4, 0)
    demand, before = (lead_time_demand(forecast, lead_time, review=r) for r in (7, 0))
    for s, short in ((0.0, 140.0), (50.0, 140.0), (80.0, 140.0), (150.0, 70.0), (220.0, 0.0)):
        assert expected_shortage(demand, before, s) == pytest.approx([short], abs=1e-3)
