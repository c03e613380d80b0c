from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from planning.cover import make_pipeline
from planning.distributions import Distribution
from planning.laws import gamma_lead_time, normal_daily_demand
from planning.lead_time_demand import lead_time_demand
from planning.projection import project


def pipeline(quantities=(), ages=(), law=None):
    orders = pd.DataFrame({"quantity_open": np.asarray(quantities, float), "age": np.asarray(ages, float)})
    law = gamma_lead_time(20, 4, len(orders)) if law is None else law
    return make_pipeline(orders, np.zeros(len(orders), int), law)


def one(on_hand, open_orders=None, reach=60.0, mean=20.0, spread=8.0):
    forecast = normal_daily_demand(mean, spread, days=120)
    open_orders = pipeline() if open_orders is None else open_orders
    return project(forecast, np.array([float(on_hand)]), open_orders, reach=np.array([reach]), elapsed=0.0)


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


def test_random_arrivals_give_the_risk_averaged_over_their_days():
    law = gamma_lead_time(10, 3)
    mixed = one(200, pipeline([1000], [0], law), reach=32.0, spread=0.0)
    # certain demand of 20 a day uses 200 in ten days: out of stock whenever the order takes longer
    assert mixed.risk_within(np.array([[30.0]]))[0] == pytest.approx(1 - law.cdf(10.0), abs=0.1)


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
