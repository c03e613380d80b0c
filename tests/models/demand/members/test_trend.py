"""The trend member goes on as demand went, dampened, and falls back to a level where there is no trend."""

import numpy as np
import pytest
from panels import panel_of

from models.demand.members.seasonal_level import SeasonalLevel
from models.demand.members.trend import Trend
from models.demand.members.trend_kernel import damped_sums, past_errors, smoothed_trends

H = 8


def panel(y):
    return panel_of(y, "QS")


def mean(y, season=1):
    return Trend(season).mean(panel(y), H)


def test_what_never_changed_goes_on():
    assert mean([[5.0] * 30]) == pytest.approx(5.0)


def test_what_rises_rises_on_by_less_and_less():
    ahead = mean(10 + 2.0 * np.arange(40))[0]
    steps = np.diff(np.append(10 + 2.0 * 39, ahead))
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()
    assert ahead[:3] == pytest.approx([90, 92, 94], abs=1.5), "a level would stay at 88"


def test_what_falls_never_falls_below_nothing():
    ahead = mean(np.linspace(80, 4, 40))[0]
    assert ahead[0] < 4
    assert (np.diff(ahead) <= 0).all()
    assert (ahead >= 0).all()


def test_a_trend_goes_on_through_periods_that_nobody_knows():
    line = 10 + 2.0 * np.arange(40)
    gaps = line.copy()
    gaps[[12, 20, 21, 30]] = np.nan
    assert mean(gaps)[0] == pytest.approx(mean(line)[0], rel=0.03)


def test_one_recursion_is_as_the_formula_says():
    rng = np.random.default_rng(3)
    y = rng.gamma(5, 2, 12)
    alpha, beta, phi = 0.4, 0.15, 0.9
    level, trend, squares = y[0], 0.0, {1: [], 2: []}
    for t in range(1, 12):
        if t >= 3:  # a quarter of the past warms up
            squares[1].append((y[t] - level - phi * trend) ** 2)
            if t + 1 < 12:
                squares[2].append((y[t + 1] - level - (phi + phi**2) * trend) ** 2)
        level, trend = level + phi * trend, phi * trend
        error, step = y[t] - level, max(alpha, 1 / (t + 1))
        level, trend = level + step * error, trend + step * max(beta, 1 / (t + 1)) * error
    levels, trends, errors = smoothed_trends(y[None], np.array([[alpha, beta, phi]]), np.array([1, 2]))
    assert (levels[0, 0], trends[0, 0]) == pytest.approx((level, trend))
    assert damped_sums(np.array([phi]), 2)[0] == pytest.approx([0, phi, phi + phi**2])
    assert errors[0, 0] == pytest.approx([np.mean(squares[1]), np.mean(squares[2])])


def test_a_past_too_short_for_the_later_steps_is_judged_by_the_others():
    assert Trend(1).mean(panel(10 + 2.0 * np.arange(14)), 18)[0, 0] == pytest.approx(38, abs=1.5)


def test_noisy_growth_is_forecast_better_than_by_a_level_and_noise_alone_not_much_worse():
    rng = np.random.default_rng(5)
    t = np.arange(60 + H)
    for slope, bound in ((1.5, 0.6), (0.0, 1.08)):
        y = np.maximum(50 + slope * t + rng.normal(0, 6, (200, len(t))), 0)
        ours = np.abs(Trend(1).mean(panel(y[:, :60]), H) - y[:, 60:]).mean()
        level = np.abs(SeasonalLevel(1).mean(panel(y[:, :60]), H) - y[:, 60:]).mean()
        assert ours < bound * level


def test_the_season_is_put_back():
    season = np.tile([0.5, 1.0, 1.5, 1.0], 15)
    ahead = mean(season * (20 + 0.5 * np.arange(60)), season=4)[0]
    assert ahead[2] / ahead[0] == pytest.approx(3.0, rel=0.03), "a season without noise is its own, whole"


def test_who_sells_at_times_has_no_trend():
    y = np.zeros(40)
    y[::7] = 3.0
    assert np.isnan(mean(y)).all()
    assert np.isnan(mean([1.0, 2, 3, 4, 5])).all(), "five periods are no trend"


def test_past_errors_are_those_of_forecasts_from_every_earlier_period():
    """By brute force: the mean squares of what each forecast from an earlier period missed, of periods and of sums."""
    y = 50 + np.cumsum(np.random.default_rng(0).normal(0, 3, 40))
    constants = np.array([[0.4, 0.15, 0.9]])
    period, sums = past_errors(y[None], constants, 5)[:, 0]
    missed = []
    for t in range(10, 40):
        level, trend = (float(x[0, 0]) for x in smoothed_trends(y[None, :t], constants, np.array([1]))[:2])
        ahead = level + trend * damped_sums(constants[:, 2], 5)[0, 1:]
        later = np.full(5, np.nan)
        later[: min(5, 40 - t)] = y[t : t + 5]
        missed.append(later - ahead)
    assert period == pytest.approx(np.nanmean(np.square(missed), axis=0))
    assert sums == pytest.approx(np.nanmean(np.cumsum(missed, axis=1) ** 2, axis=0))


def test_own_errors_are_in_units_and_season_of_the_sku_and_unknown_without_a_past():
    random = np.random.default_rng(1)
    season = np.tile([0.5, 1.5], 30)
    y = np.stack([season * (100 + random.normal(0, 5, 60)), np.full(60, np.nan)])
    y = np.vstack([y, 10 * y[0]])
    errors = Trend(2).with_own_errors(panel(y), 4)[1]
    assert np.isnan(errors.period[1]).all()
    assert errors.period[2] == pytest.approx(10 * errors.period[0])
    assert errors.period[0, ::2] == pytest.approx([2.5, 2.5], rel=0.25)
    assert errors.period[0, 1::2] == pytest.approx([7.5, 7.5], rel=0.25)
    independent = np.sqrt(np.cumsum(np.square(errors.period[0])))
    assert (errors.sums[0, 1:] > 0.7 * independent[1:]).all()
    assert (errors.sums[0] <= np.cumsum(errors.period[0]) * 1.001).all()


def test_steps_of_which_there_are_few_errors_go_on_from_those_before():
    """Eleven periods: nine errors one step ahead, eight of two, seven of three."""
    y = 50 + np.cumsum(np.random.default_rng(0).normal(0, 3, 11))
    period, sums = past_errors(y[None], np.array([[0.4, 0.15, 0.9]]), 4)[:, 0]
    assert (period[1] != period[0], sums[1] != sums[0]) == (True, True)
    assert period[2:] == pytest.approx([period[1]] * 2)
    assert sums[2:] == pytest.approx([sums[1] * 3 / 2, sums[1] * 4 / 2])
    assert np.isnan(past_errors(y[None, 2:], np.array([[0.4, 0.15, 0.9]]), 4)).all(), (
        "seven errors say nothing"
    )
