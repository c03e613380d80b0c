import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from planning.policy.order_rules import OrderRules, corrected_fractile
from planning.simulation.fractile_shifts import cheapest_shifts, replay_shifts
from planning.simulation.replay_past_cycles import PastCycles, replay

MONDAY = pd.Timestamp("2024-01-01")


def poisson_forecast(
    means, *, origin: int = 0, periods: int = 8, demand_class: str = "smooth"
) -> DemandForecast:
    """Independent Poisson weeks of the same mean, forecast `origin` weeks after the first Monday."""
    mean = np.repeat(np.asarray(means, float)[:, None], periods, axis=1)
    total = mean.cumsum(axis=1)
    start = MONDAY + pd.Timedelta(weeks=origin)
    n = len(mean)
    return DemandForecast(
        unique_ids=np.array([f"sku{i:05d}" for i in range(n)], dtype=object),
        cutoff=start - pd.Timedelta(weeks=1),
        starts=pd.date_range(start, periods=periods + 1, freq="W-MON").to_numpy(),
        levels=DEMAND_LEVELS,
        mean=mean,
        quantiles=stats.poisson.ppf(DEMAND_LEVELS, mean[..., None]),
        cumulative_mean=total,
        cumulative=stats.poisson.ppf(DEMAND_LEVELS, total[..., None]),
        demand_class=np.full(n, demand_class, dtype=object),
        reason=np.full(n, "", dtype=object),
    )


def poisson_past(
    forecast_means,
    true_means,
    *,
    periods: int = 24,
    lead_time: int = 2,
    lost_sales: bool = True,
    review: int = 1,
) -> PastCycles:
    """Forecasts every second week, and the Poisson demand that followed."""
    true_means = np.asarray(true_means, float)
    origins = np.arange(0, periods, 2)
    n = len(true_means)
    return PastCycles(
        forecasts=[poisson_forecast(forecast_means, origin=int(m)) for m in origins],
        origins=origins,
        demand=np.random.default_rng(3).poisson(true_means[:, None], (n, periods)).astype(float),
        holding=np.full(n, 0.2),
        shortage=np.ones(n),
        lead_time=np.full(n, lead_time),
        review=review,
        lost_sales=lost_sales,
    )


def test_a_certain_demand_is_met_without_stock_left_over():
    n, periods = 3, 12
    forecast = poisson_forecast(np.full(n, 5.0))
    certain = dataclasses.replace(
        forecast,
        quantiles=np.repeat(forecast.mean[..., None], len(DEMAND_LEVELS), axis=2),
        cumulative=np.repeat(forecast.cumulative_mean[..., None], len(DEMAND_LEVELS), axis=2),
    )
    past = dataclasses.replace(
        poisson_past(np.full(n, 5.0), np.full(n, 5.0), periods=periods),
        forecasts=[certain],
        origins=np.array([0]),
        demand=np.full((n, periods), 5.0),
    )
    result = replay(past, "cost", np.full((1, n), 0.8))
    assert result.missed.sum() == 0
    assert result.cost.sum() == pytest.approx(0.0)


def test_backorders_with_a_true_forecast_cost_least_at_the_newsvendor_fractile():
    means = np.full(60, 6.0)
    past = poisson_past(means, means, lead_time=0, lost_sales=False)
    fractiles = np.array([0.5, 0.7, 1 / 1.2, 0.93, 0.985])
    result = replay(past, "cost", np.repeat(fractiles[:, None], len(means), axis=1))
    assert np.argmin(result.cost.sum(axis=1)) == 2


def calibrated(past, level):
    return cheapest_shifts(replay_shifts(past, "cost", level), past)


def test_lost_sales_need_a_lower_fractile_for_slow_movers_than_the_newsvendor_says():
    slow = poisson_past(np.full(150, 0.4), np.full(150, 0.4))
    rules = calibrated(slow, np.full(150, 1 / 1.2))
    assert rules.shift["smooth"] < -0.1


def test_a_forecast_that_is_too_high_is_answered_by_a_lower_fractile():
    unbiased = calibrated(poisson_past(np.full(60, 6.0), np.full(60, 6.0)), np.full(60, 0.9))
    too_high = calibrated(poisson_past(np.full(60, 8.0), np.full(60, 6.0)), np.full(60, 0.9))
    assert too_high.shift["smooth"] < unbiased.shift["smooth"] - 0.2


def test_the_calibrated_rule_is_no_dearer_than_the_plain_fractile_on_later_cycles():
    means = np.random.default_rng(1).gamma(1.0, 1.5, 120) + 0.1
    level = np.full(120, 1 / 1.2)
    past = poisson_past(means * 1.2, means)
    later = dataclasses.replace(
        past, demand=np.random.default_rng(9).poisson(means[:, None], past.demand.shape).astype(float)
    )
    rules = calibrated(past, level)
    levels = np.stack([level, rules.fractile(level, past.demand_class)])
    plain, shifted = replay(later, "cost", levels).cost.sum(axis=1)
    assert shifted < plain


def test_periods_of_unknown_demand_are_not_scored():
    past = poisson_past(np.full(5, 3.0), np.full(5, 3.0), periods=20)
    unknown = past.demand.copy()
    unknown[:, 10:] = np.nan
    first = replay(dataclasses.replace(past, demand=past.demand[:, :10]), "cost", np.full((1, 5), 0.8))
    same = replay(dataclasses.replace(past, demand=unknown), "cost", np.full((1, 5), 0.8))
    np.testing.assert_allclose(first.cost, same.cost)
    np.testing.assert_allclose(first.missed, same.missed)


def test_without_cycles_nothing_is_calibrated():
    past = poisson_past(np.full(5, 3.0), np.full(5, 3.0))
    assert calibrated(dataclasses.replace(past, demand=np.zeros((5, 0))), np.full(5, 0.8)) == OrderRules()


def test_skus_with_different_lead_times_are_played_together_as_if_alone():
    both = poisson_past(np.full(2, 6.0), np.full(2, 6.0), periods=24)
    both = dataclasses.replace(both, lead_time=np.array([2, 2]))
    alone = dataclasses.replace(
        both,
        forecasts=[f.select([1]) for f in both.forecasts],
        demand=both.demand[1:],
        holding=both.holding[1:],
        shortage=both.shortage[1:],
        lead_time=both.lead_time[1:],
    )
    level = np.full((1, 2), 0.85)
    np.testing.assert_allclose(
        replay(both, "cost", level).cost[:, 1:], replay(alone, "cost", level[:, 1:]).cost
    )


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.floats(-3, 3))
def test_a_shifted_level_stays_a_probability_and_shifts_back(level, shift):
    result = corrected_fractile(level, shift)
    assert 0 < result < 1
    assert corrected_fractile(result, -shift) == pytest.approx(level)
