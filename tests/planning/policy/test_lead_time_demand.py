import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time, normal_daily_demand
from planning.policy.lead_time_demand import (
    expected_lead_time_demand,
    lead_time_atoms,
    lead_time_demand,
    mixture_cdf,
    mixture_quantile,
)

SLICES = (np.arange(20_000) + 0.5) / 20_000


def fine_gamma(mean, spread):
    """A gamma lead time in many equally likely values."""
    shape = (mean / spread) ** 2
    days = stats.gamma.ppf(SLICES, shape, scale=mean / shape)
    return days, np.full(len(days), 1 / len(days))


def daily_normal(mean, spread):
    return lambda t, x: stats.norm.cdf(x, mean * t, spread * np.sqrt(t))


def test_poisson_demand_over_a_gamma_lead_time_is_negative_binomial():
    days, weights = fine_gamma(4.5, np.sqrt(3) * 1.5)

    def poisson(t, x):
        return stats.poisson.cdf(x, 2 * t)

    x = np.arange(61)
    cdf = mixture_cdf(x, days, weights, poisson)
    assert cdf == pytest.approx(stats.nbinom.cdf(x, 3, 0.25), abs=1e-4)
    mass = np.diff(cdf, prepend=0.0)
    assert (mass * x).sum() == pytest.approx(9, rel=0.01)
    assert mixture_quantile(0.95, days, weights, poisson, upper=1000, whole=True) == 20
    assert mixture_quantile(0.99, days, weights, poisson, upper=1000, whole=True) == 28


@pytest.mark.parametrize(
    ("spread", "at_99", "at_55"), [(5, 533.7, 195.6), (3, 409.0, 202.4), (1, 324.1, 205.5)]
)
def test_reorder_points_of_normal_demand_over_gamma_lead_times_are_the_published_ones(spread, at_99, at_55):
    mixture = (*fine_gamma(10, spread), daily_normal(20, 15))
    assert mixture_quantile(0.99, *mixture, upper=5000) == pytest.approx(at_99, abs=0.15)
    assert mixture_quantile(0.55, *mixture, upper=5000) == pytest.approx(at_55, abs=0.1)


@pytest.mark.parametrize("spread", [5, 3, 1])
def test_the_array_form_agrees_with_the_callable_form(spread):
    mixture = (*fine_gamma(10, spread), daily_normal(20, 15))
    ours = lead_time_demand(normal_daily_demand(20, 15, days=90), gamma_lead_time(10, spread))
    for p in (0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99):
        assert ours.quantile(p) == pytest.approx([mixture_quantile(p, *mixture, upper=5000)], rel=0.01)


def test_the_quantile_of_a_sum_is_not_the_sum_of_quantiles(make_forecast):
    forecast = make_forecast([100], [25])
    weekly = Distribution(forecast.levels, forecast.quantiles[0]).quantile(0.95)
    assert weekly[:4].sum() == pytest.approx(564, abs=1)
    month = lead_time_demand(forecast, Distribution.certain([21.0]), review=7)
    assert month.quantile(0.95) == pytest.approx([482], abs=1)


def test_a_two_mode_lead_time_stays_two_mode():
    days = np.where(LEAD_TIME_LEVELS <= 0.85, 10.0, 40.0)[None]
    demand = lead_time_demand(normal_daily_demand(20, 1, days=90), Distribution(LEAD_TIME_LEVELS, days))
    assert demand.quantile(0.85) == pytest.approx([206], abs=6)
    assert demand.quantile(0.95) == pytest.approx([801], abs=6)


def test_a_slow_mover_keeps_its_chance_of_no_demand(make_forecast):
    forecast = make_forecast([1], [0])
    week = np.where(forecast.levels <= 0.7, 0.0, 3.0)
    forecast.cumulative[:, 0] = week
    lead_time = Distribution(LEAD_TIME_LEVELS, np.where(LEAD_TIME_LEVELS <= 0.5, 0.0, 7.0)[None])
    demand = lead_time_demand(forecast, lead_time)
    assert demand.cdf(0.0) == pytest.approx([0.5 + 0.5 * 0.7], abs=0.05)
    assert (demand.values[0][forecast.levels <= 0.8] == 0.0).all()
    assert demand.values[0][-1] == 3.0


def test_expected_demand_is_demand_a_day_times_expected_days():
    forecast, lead_time = normal_daily_demand(20, 8), gamma_lead_time(15, 5)
    expected = expected_lead_time_demand(forecast, lead_time, review=7)
    assert expected == pytest.approx(20 * (lead_time.mean() + 7), rel=1e-9)
    assert lead_time_demand(forecast, lead_time, review=7).mean() == pytest.approx(expected, rel=0.01)


def test_atoms_keep_the_mean_of_the_lead_time():
    lead_time = Distribution(
        LEAD_TIME_LEVELS, np.vstack([gamma_lead_time(30, 12).values, gamma_lead_time(5, 0).values])
    )
    days, weights = lead_time_atoms(lead_time)
    assert weights.sum() == pytest.approx(1)
    assert days @ weights == pytest.approx(lead_time.mean())
    assert (np.diff(days, axis=1) >= -1e-9).all()


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 200), st.floats(0, 60), st.floats(1, 60), st.floats(0, 25), st.floats(0, 14))
@example(mean=1.0, spread=0.0, days=1.0, days_std=7.0, review=0.0)  # the last level is that of an atom's edge
def test_the_mixture_lies_between_its_parts_and_grows_with_the_review(mean, spread, days, days_std, review):
    forecast, lead_time = normal_daily_demand(mean, spread, days=120), gamma_lead_time(days, days_std)
    ours = lead_time_demand(forecast, lead_time, review=review)
    atoms, _ = lead_time_atoms(lead_time)
    shortest, longest = (forecast.demand_until(atoms[:, k] + review) for k in (0, -1))
    slack = 1e-5 * (1 + longest.values.max())
    assert (ours.values >= shortest.values - slack).all()
    assert (ours.values <= longest.values + slack).all()
    longer = lead_time_demand(forecast, lead_time, review=review + 3)
    assert (longer.values >= ours.values - slack).all()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([12.0, 0.01, 1e4]), st.floats(1, 60), st.floats(0, 25))
def test_demand_counted_in_other_units_gives_the_same_answer_in_those(factor, days, days_std):
    lead_time = gamma_lead_time(days, days_std)
    ours = lead_time_demand(normal_daily_demand(20, 8, days=120), lead_time, review=7)
    other = lead_time_demand(normal_daily_demand(20 * factor, 8 * factor, days=120), lead_time, review=7)
    assert other.values == pytest.approx(
        ours.values * factor, rel=1e-5, abs=2e-6 * factor * ours.values.max()
    )


def test_a_row_has_the_same_answer_alone_and_among_thousands(make_forecast):
    n = 1203
    many = make_forecast(np.linspace(1, 900, n), np.linspace(0, 300, n))
    lead_time = Distribution(
        LEAD_TIME_LEVELS, gamma_lead_time(21, 6).values * np.linspace(0.2, 2, n)[:, None]
    )
    together = lead_time_demand(many, lead_time, review=7)
    for row in (0, 499, 500, n - 1):
        alone = lead_time_demand(many.select([row]), lead_time[[row]], review=7)
        assert np.array_equal(alone.values[0], together.values[row])


def test_ten_thousand_rows_keep_the_mean_of_their_demand(make_forecast):
    n = 10_000
    forecast = make_forecast(np.full(n, 100.0), np.full(n, 30.0))
    demand = lead_time_demand(forecast, gamma_lead_time(21, 6, n), review=7)
    assert demand.mean() == pytest.approx(np.full(n, 400.0), rel=0.01)
