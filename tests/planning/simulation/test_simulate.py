"""SimulationResult policies against the textbook: stockpyl's and closed-form answers, to four standard errors."""

import numpy as np
import pytest
from scipy import stats
from stockpyl.eoq import economic_order_quantity
from stockpyl.loss_functions import poisson_loss
from stockpyl.newsvendor import newsvendor_normal_cost
from stockpyl.rq import r_q_cost_poisson
from stockpyl.ss import s_s_cost_discrete

from planning.policy.order_size import OrderLimits
from planning.simulation.ordering_policies import FixedLot, MinMax, OrderUpTo
from planning.simulation.simulate import Scenarios, simulate
from planning.simulation.simulation_result import Estimate, UnitCosts

ERRORS = 4.0


def agrees(estimate: Estimate, answer, *, largest: float) -> bool:
    """Within four standard errors, each of which is at most `largest`: a wide error would agree with anything."""
    assert (estimate.error <= largest).all(), estimate.error
    return bool((np.abs(estimate.value - answer) <= ERRORS * estimate.error).all())


def poisson(mean, *, periods=400, paths=400, lead_time=0, lost_sales=False, warm_up=60, seed=1):
    means = np.atleast_1d(np.asarray(mean, float))
    rng = np.random.default_rng(seed)
    demand = rng.poisson(means[:, None], (periods, len(means), paths)).astype(float)
    return Scenarios(demand, np.asarray(lead_time), np.zeros(len(means)), lost_sales, warm_up)


def costs(holding, backorder, ordering, n=1):
    return UnitCosts(
        np.full(n, float(holding)), np.zeros(n), np.full(n, float(ordering)), np.full(n, float(backorder))
    )


def test_a_newsvendor_pays_what_the_book_says_it_pays():
    rng = np.random.default_rng(2)
    levels = np.array([50.0, 56.604, 65.0])
    demand = np.repeat(rng.normal(50, 8, (400, 1, 500)), 3, axis=1)
    result = simulate(Scenarios(demand, np.asarray(0), np.zeros(3), lost_sales=True), OrderUpTo(levels))
    answer = [newsvendor_normal_cost(level, 0.18, 0.70, 50, 8) for level in levels]
    paid = result.cost(UnitCosts(np.full(3, 0.18), np.full(3, 0.70), np.zeros(3)))
    assert agrees(paid, answer, largest=0.01)


@pytest.mark.parametrize("lead_time", [0, 1, 4])
def test_base_stock_under_poisson_demand_serves_and_holds_what_the_book_says(lead_time):
    mean, level = 3.0, float(stats.poisson.ppf(0.9, 3.0 * (lead_time + 1)))
    result = simulate(poisson(mean, lead_time=lead_time), OrderUpTo(np.array([level])))
    during, before = mean * (lead_time + 1), mean * lead_time
    short, left = poisson_loss(level, during)[0], poisson_loss(level, during)[1]
    new = short - (poisson_loss(level, before)[0] if lead_time else 0.0)
    assert agrees(result.mean_backorders, short, largest=0.01)
    assert agrees(result.mean_stock, left, largest=0.05)
    assert agrees(result.fill_rate, 1 - new / mean, largest=0.002)


def test_the_cycles_of_a_base_stock_policy_are_its_periods_and_as_safe_as_the_quantile_says():
    # 30 a period: a period without demand, which would lengthen a cycle, has a chance of 1e-13
    mean, lead_time = 30.0, 2
    level = float(stats.poisson.ppf(0.95, mean * 3))
    result = simulate(poisson(mean, lead_time=lead_time), OrderUpTo(np.array([level])))
    assert result.cycles == pytest.approx(340)
    assert agrees(result.cycle_service, stats.poisson.cdf(level, mean * 3), largest=0.002)


def test_min_max_costs_what_zheng_and_federgruen_say():
    points, levels = np.array([4.0, 2.0, 6.0]), np.array([10.0, 12.0, 9.0])
    result = simulate(poisson([6.0, 6.0, 6.0]), MinMax(points, levels))
    answer = [
        s_s_cost_discrete(int(s), int(S), 1, 4, 5, True, 6) for s, S in zip(points, levels, strict=True)
    ]
    assert agrees(result.cost(costs(1, 4, 5, n=3)), answer, largest=0.02)


def test_fixed_lots_in_short_periods_cost_what_the_exact_formula_for_continuous_review_says():
    # a fiftieth of a time unit: two demands in one period, which the formula does not know, are rare
    fine = 50
    scenarios = poisson(1.5 / fine, lead_time=2 * fine, periods=4_000, paths=300, warm_up=1_000)
    result = simulate(scenarios, FixedLot(np.array([3.0]), np.array([5.0])))
    paid = result.cost(costs(20 / fine, 150 / fine, 100))
    answer = r_q_cost_poisson(3, 5, 20, 150, 100, 1.5, 2) / fine
    # an order is placed up to a period after the demand that calls for it, which is another hundredth
    assert paid.value == pytest.approx([answer], abs=ERRORS * paid.error[0] + 0.01 * answer)


def test_a_certain_demand_in_economic_lots_costs_what_harris_says():
    quantity, cost = economic_order_quantity(8, 0.225, 1300)
    steps = 1_000
    demand = np.full((5 * steps, 1, 1), 1300 / steps)
    scenarios = Scenarios(demand, np.asarray(0), np.zeros(1), lost_sales=False, warm_up=steps)
    point = np.array([1300 / steps])  # one period's demand: the last that can wait
    result = simulate(scenarios, FixedLot(point, np.array([quantity])))
    assert result.missed.sum() == 0
    paid = result.cost(costs(0.225 / steps, 0, 8)).value * steps
    assert paid == pytest.approx([cost], rel=0.01)


def test_orders_that_overtake_each_other_make_base_stock_safer_than_the_lead_time_alone_says():
    # with independent lead times the number of orders outstanding has variance Σ P(L ≥ k)·P(L < k) in units of
    # demand², not E[D]²·Var(L): Zalkind 1978
    rng = np.random.default_rng(5)
    periods, paths, daily = 400, 300, 10.0
    lead = rng.choice([2, 10], (periods, 1, paths))
    demand = np.full((periods, 1, paths), daily)
    level = np.array([90.0])
    crossing = simulate(Scenarios(demand, lead, np.zeros(1), lost_sales=False, warm_up=50), OrderUpTo(level))
    # half of the last ten orders but two are on their way: 10·(3 + Binomial(8, ½)) ≤ 90 is needed
    answer = stats.binom.cdf(6, 8, 0.5)
    assert agrees(crossing.period_service, answer, largest=0.01)
    assert answer > 0.5 + 0.3  # one lead time for all would leave every second period short


def test_lost_sales_hold_more_and_miss_less_than_backorders_at_the_same_level():
    lost, backordered = (
        simulate(poisson(3.0, lead_time=3, lost_sales=lost), OrderUpTo(np.array([12.0])))
        for lost in (True, False)
    )
    assert lost.mean_stock.value > backordered.mean_stock.value
    assert lost.missed.sum() < backordered.missed.sum()
    assert (lost.backorders == 0).all()


def test_every_order_keeps_moq_and_multiple_and_is_placed_at_a_review():
    limits = OrderLimits(np.array([12.0]), np.array([6.0]), np.array([30.0]))
    scenarios = poisson(4.0, paths=1, periods=300, warm_up=0)
    result = simulate(scenarios, OrderUpTo(np.array([40.0])), review=7, limits=limits)
    assert result.ordered % 6 == 0
    assert 12 * result.orders[0, 0] <= result.ordered[0, 0] <= 30 * result.orders[0, 0]
    assert result.orders[0, 0] <= np.ceil(300 / 7)


def test_what_comes_in_and_what_goes_out_add_up():
    scenarios = poisson(
        [2.0, 5.0], lead_time=np.random.default_rng(3).integers(0, 9, (400, 2, 400)), warm_up=0
    )
    result = simulate(scenarios, OrderUpTo(np.array([10.0, 20.0])))
    assert (result.demand == scenarios.demand.sum(axis=0)).all()
    # everything ordered is either still on its way, sold, or left; with backorders all demand is sold in the end
    assert (result.ordered >= result.demand).all()


def test_a_single_scenario_has_no_standard_error():
    result = simulate(poisson(3.0, paths=1), OrderUpTo(np.array([5.0])))
    assert np.isnan(result.fill_rate.error).all()
