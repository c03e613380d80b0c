"""Lead times of played orders go with the level of demand as far as is said, and stay what they are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from normal_forecast import normal_forecast

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.parametric import gamma_lead_time
from planning.lanes.lane_terms import PlanSetting
from planning.played_year.compare_suppliers import SupplierOffer, lanes_of_offers
from planning.played_year.played_targets import with_played_targets
from planning.played_year.year_play import YearPlay
from planning.policy.order_rules import OrderRules
from planning.protocols import INDEPENDENT_DELAYS, SharedDelay
from planning.simulation.engine.demand_paths import level_scores
from planning.simulation.engine.lead_time_draws import lead_time_draws

NAMES = (np.array(["one", "two"], object), np.array(["S", "S"], object))


def draws(shared: SharedDelay, level: np.ndarray | None) -> np.ndarray:
    return lead_time_draws(
        gamma_lead_time(20, 6, n=2),
        NAMES,
        reviews=np.arange(40) * 7.0,
        scenarios=512,
        shared=shared,
        level=level,
    )


def of_each_review(days: np.ndarray, level: np.ndarray) -> np.ndarray:
    pairs = zip(days.reshape(-1, 512), level.reshape(-1, 512), strict=True)
    return np.array([np.corrcoef(*pair)[0, 1] for pair in pairs])


@pytest.mark.parametrize("strength", [0.0, 0.5])
@pytest.mark.parametrize("correlation", [0.6, -0.4])
def test_delays_go_with_the_level_of_demand_of_their_review(correlation: float, strength: float) -> None:
    level = level_scores(NAMES[0], horizon=8, periods=40, scenarios=512)
    days = draws(SharedDelay(strength, with_demand=correlation), level)
    assert days.mean() == pytest.approx(20, abs=0.3)
    assert days.std() == pytest.approx(6, abs=0.3)
    assert of_each_review(days, level).mean() == pytest.approx(correlation, abs=0.03)
    later = of_each_review(days[:, 8:], level[:, :-8])
    assert later.mean() == pytest.approx(correlation * np.exp(-1), abs=0.05)
    assert of_each_review(days[::-1], level).mean() == pytest.approx(0, abs=0.06), "another SKU's level"


def test_without_a_correlation_the_level_changes_nothing() -> None:
    level = level_scores(NAMES[0], horizon=8, periods=40, scenarios=512)
    assert (draws(INDEPENDENT_DELAYS, level) == draws(INDEPENDENT_DELAYS, None)).all()


def drifting_forecast() -> DemandForecast:
    """100 a week, off by 30 for all weeks and by 10 in each."""
    forecast = normal_forecast([100.0], [np.sqrt(30.0**2 + 10.0**2)], periods=12)
    k = np.arange(1, 13)
    z = (forecast.quantiles[0, 0] - 100) / np.sqrt(30.0**2 + 10.0**2)
    forecast.cumulative[:] = np.maximum(
        100 * k[:, None] + np.sqrt(k * 10.0**2 + (k * 30.0) ** 2)[:, None] * z, 0
    )
    return forecast


def test_orders_that_are_late_when_demand_is_high_need_more_stock_for_the_same_service() -> None:
    forecast, policy = drifting_forecast(), PolicyConfig()
    terms = lanes_of_offers([SupplierOffer("A", 10, 28, 10)], forecast, 5.0, policy)
    items = pd.DataFrame({"unique_id": forecast.unique_ids, "shortage_cost": 5.0})
    plain = PlanSetting(policy, OrderRules(), pd.Timestamp(forecast.starts[0]), elapsed=0.0)
    points = []
    for correlation in (-0.6, 0.0, 0.6):
        setting = replace(plain, delays_with_demand=correlation)
        year = YearPlay.of(terms, forecast, items, setting, scenarios=512)
        units, first = year.world.demand.units[0], int(year.world.warm_up[0])
        seen = [np.corrcoef(units[v], year.world.lead_days[0, v])[0, 1] for v in range(first // 7, 50)]
        assert np.mean(seen) == pytest.approx(0.94 * correlation, abs=0.06)
        points.append(with_played_targets(terms, forecast, items, setting).reorder_point[0])
    assert points[0] < points[1] - 10
    assert points[2] > points[1] + 10
