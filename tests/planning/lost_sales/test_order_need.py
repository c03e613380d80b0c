import numpy as np
import pandas as pd
import pytest
from scipy import stats

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS, LEAD_TIME_LEVELS
from planning.lost_sales.cycle_shortfall import cycle_shortfall
from planning.lost_sales.cycle_times import certain_cycle_times
from planning.lost_sales.order_need import NewOrder, fill_rate_need, lost_sales_need, service_level_need
from planning.policy.targets import Targets
from planning.projection.demand_scenarios import demand_paths
from planning.projection.open_orders import make_pipeline
from planning.projection.stock_status import StockStatus

MONDAY = pd.Timestamp("2024-01-01")


def poisson_forecast(means, periods: int = 8) -> DemandForecast:
    mean = np.repeat(np.asarray(means, float)[:, None], periods, axis=1)
    total = mean.cumsum(axis=1)
    n = len(mean)
    return DemandForecast(
        unique_ids=np.array([f"sku{i:05d}" for i in range(n)], dtype=object),
        cutoff=MONDAY - pd.Timedelta(weeks=1),
        starts=pd.date_range(MONDAY, periods=periods + 1, freq="W-MON").to_numpy(),
        levels=DEMAND_LEVELS,
        mean=mean,
        quantiles=stats.poisson.ppf(DEMAND_LEVELS, mean[..., None]),
        cumulative_mean=total,
        cumulative=stats.poisson.ppf(DEMAND_LEVELS, total[..., None]),
        demand_class=np.full(n, "smooth", dtype=object),
        reason=np.full(n, "", dtype=object),
    )


def need_of(means, on_hand, *, level=0.8, orders=(), lead_time=14.0, kind="cost"):
    """Need per SKU; `orders` are (sku, units, days until arrival)."""
    n = len(means)
    frame = pd.DataFrame(orders, columns=["sku", "quantity_open", "days"]).assign(age=0.0)
    pipeline = make_pipeline(
        frame, frame["sku"].to_numpy(int), lambda rows: Distribution.certain(rows["days"].to_numpy(float))
    )
    certain = np.isscalar(lead_time)
    order = NewOrder(
        lead_time=Distribution.certain(np.full(n, lead_time)) if certain else lead_time,
        supplier_id=np.full(n, "far", object),
        targets=Targets(np.full(n, kind, object), np.full(n, level), np.ones(n, bool), np.zeros(n, bool)),
        whole=np.ones(n, bool),
        longer=np.zeros(n),
    )
    stock = StockStatus(np.asarray(on_hand, float), np.zeros(n), pipeline, np.zeros((n, 1, 2)))
    return lost_sales_need(poisson_forecast(means), stock, order, review=7.0, elapsed=0.0)


def test_scenarios_keep_the_forecast_distribution_of_every_sum():
    forecast = poisson_forecast([0.5, 4.0, 60.0])
    paths = demand_paths(forecast, np.array([7.0, 14.0, 21.0]), whole=True)
    expected = np.array([0.5, 4.0, 60.0])[:, None] * np.array([1, 2, 3])
    np.testing.assert_allclose(paths.mean(axis=2), expected, rtol=0.08, atol=0.1)
    np.testing.assert_allclose(paths[1:].var(axis=2), expected[1:], rtol=0.25)


def test_scenarios_never_take_demand_back():
    paths = demand_paths(poisson_forecast([0.5, 4.0, 60.0]), np.arange(1, 12) * 5.0)
    assert (np.diff(paths, axis=1) >= 0).all()


def test_weeks_of_a_path_are_about_independent():
    paths = demand_paths(poisson_forecast([60.0]), np.array([7.0, 14.0]))[0]
    assert abs(np.corrcoef(paths[0], paths[1] - paths[0])[0, 1]) < 0.2


def test_plenty_of_stock_leaves_the_plain_order_up_to_rule():
    need = need_of([5.0], [200.0])
    assert need[0] == pytest.approx(stats.poisson.ppf(0.8, 15.0) - 200.0, abs=1.0)


def test_without_stock_only_the_cycle_after_the_arrival_is_ordered():
    need = need_of([5.0], [0.0])
    assert need[0] == pytest.approx(stats.poisson.ppf(0.8, 5.0), abs=1.0)


def test_an_open_order_that_comes_too_late_does_not_replace_what_is_lost_before_it():
    early, late = (need_of([5.0], [0.0], orders=[(0, 10.0, day)])[0] for day in (0.0, 13.9))
    assert early >= late + 3


def test_an_uncertain_lead_time_asks_for_no_less_than_its_mean():
    spread = Distribution(LEAD_TIME_LEVELS, np.linspace(1.0, 27.0, len(LEAD_TIME_LEVELS))[None, :])
    certain, uncertain = need_of([8.0], [30.0])[0], need_of([8.0], [30.0], lead_time=spread)[0]
    assert uncertain >= certain


def test_the_need_is_a_sku_s_own_whatever_stands_beside_it():
    together = need_of([0.7, 5.0, 30.0], [1.0, 12.0, 40.0], orders=[(0, 1.0, 7.0), (2, 30.0, 7.0)])
    alone = need_of([30.0], [40.0], orders=[(0, 30.0, 7.0)])
    assert together[2] == alone[0]


def test_a_fill_rate_is_reached_in_the_scenarios():
    forecast = poisson_forecast([3.0, 20.0])
    times = certain_cycle_times(np.full(2, 14.0), 7.0, 7.0)
    paths = demand_paths(forecast, times.days)
    need = cycle_shortfall(paths, np.full((2, 3, 1), 5.0), times, lost_sales=True)
    cycle = paths[:, 2] - paths[:, 1]
    q = fill_rate_need(need, cycle, 0.95)
    missed = np.minimum(np.maximum(need - q[:, None], 0), cycle).mean(axis=1)
    np.testing.assert_allclose(1 - missed / cycle.mean(axis=1), 0.95, atol=1e-6)


def test_more_service_never_asks_for_less():
    need = np.random.default_rng(0).normal(size=(4, 128))
    levels = [0.1, 0.5, 0.8, 0.99]
    asked = np.stack([service_level_need(need, level) for level in levels])
    assert (np.diff(asked, axis=0) >= 0).all()
