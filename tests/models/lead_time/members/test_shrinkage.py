"""Nested Dirichlet shrinkage, the censored regression and the mixture against closed forms and lifelines."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.evaluation.crps import cdf_on, censored_crps
from models.lead_time.evaluation.mixture import Window, best_weights, choose_weights, mixture_quantiles
from models.lead_time.members.censored_regression import CensoredSample, censored_normal
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles
from models.lead_time.snapshots import folds, recency_weights, snapshot

NO_PRIOR = Durations(np.empty(0), np.empty(0, bool), np.empty(0))


def closed(values: list[float]) -> Durations:
    return Durations(np.array(values, float), np.ones(len(values), bool), np.ones(len(values)))


def at(quantiles: np.ndarray, level: float) -> float:
    return float(quantiles[np.argmin(np.abs(LEAD_TIME_LEVELS - level))])


def test_all_orders_together_are_kaplan_meier() -> None:
    lifelines = pytest.importorskip("lifelines")
    random = np.random.default_rng(1)
    values = np.round(random.exponential(30, 200)) + 1
    ended = random.random(200) < 0.7
    durations = Durations(values, ended, np.ones(200))
    quantiles = nested_quantiles(durations, [], [], prior=NO_PRIOR)[0][0]
    survival = lifelines.KaplanMeierFitter().fit(values, ended).survival_function_.iloc[:, 0]
    for level in (0.1, 0.25, 0.5, 0.75):
        assert at(quantiles, level) == survival.index[survival <= 1 - level][0]


def test_strength_counts_in_orders() -> None:
    durations = closed([10.0] * 90 + [20.0] * 10)
    codes = np.array([0] * 90 + [1] * 10)
    quantiles = nested_quantiles(durations, [codes], [10.0], prior=NO_PRIOR)
    # ten own orders of 20 days against ten of everybody, of which nine are of 10 days: P(L = 10) = .45
    assert at(quantiles[1][1], 0.44) == 10
    assert at(quantiles[1][1], 0.46) == 20


def test_a_group_shrinks_to_its_own_parent() -> None:
    durations = closed([10.0] * 50 + [40.0] * 50 + [15.0])
    supplier, sku = np.array([0] * 50 + [1] * 51), np.array([0] * 50 + [1] * 50 + [2])
    quantiles = nested_quantiles(durations, [supplier, sku], [1.0, 9.0], prior=NO_PRIOR)
    assert at(quantiles[2][2], 0.5) == 40


def test_two_modes_stay_two_modes() -> None:
    durations = closed([10.0] * 60 + [50.0] * 40)
    quantiles = nested_quantiles(durations, [np.zeros(100, np.int64)], [5.0], prior=NO_PRIOR)[1][0]
    assert set(quantiles) == {10.0, 50.0}
    assert at(quantiles, 0.59) == 10
    assert at(quantiles, 0.61) == 50


def test_open_orders_make_a_supplier_slower_not_quicker() -> None:
    codes = np.zeros(60, np.int64)
    ended = np.array([True] * 40 + [False] * 20)
    values = np.array([10.0] * 20 + [30.0] * 20 + [25.0] * 20)
    with_open = nested_quantiles(Durations(values, ended, np.ones(60)), [codes], [1.0], prior=NO_PRIOR)[1][0]
    without = nested_quantiles(closed([10.0] * 20 + [30.0] * 20), [codes[:40]], [1.0], prior=NO_PRIOR)[1][0]
    assert at(without, 0.45) == 10
    assert at(with_open, 0.45) == 30


def test_more_groups_than_one_chunk_holds_give_each_its_own() -> None:
    groups = 9000
    days = np.arange(groups) % 50 + 1.0
    durations = Durations(np.repeat(days, 3), np.ones(3 * groups, bool), np.ones(3 * groups))
    codes = np.repeat(np.arange(groups), 3)
    quantiles = nested_quantiles(durations, [codes], [0.01], prior=NO_PRIOR)[1]
    np.testing.assert_array_equal(quantiles[:, 50], days)


def sample(rows: int = 600) -> tuple[np.ndarray, CensoredSample]:
    random = np.random.default_rng(5)
    X = np.column_stack([np.ones(rows), random.standard_normal(rows), random.random(rows) < 0.3]).astype(
        float
    )
    y = X @ [3.0, 0.5, -0.4] + 0.6 * random.standard_normal(rows)
    limit = 3.0 + random.standard_normal(rows)
    return X, CensoredSample(np.minimum(y, limit), y <= limit, random.random(rows) + 0.5)


def test_the_regression_is_that_of_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    X, rows = sample()
    coefficients, sigma = censored_normal(sparse.csr_array(X), rows, ridge=0.0)
    frame = pd.DataFrame(
        {"a": X[:, 1], "b": X[:, 2], "T": np.exp(rows.y), "E": rows.exact, "w": rows.weights}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = lifelines.LogNormalAFTFitter().fit(frame, "T", "E", weights_col="w").params_
    theirs = [fitted["mu_", "Intercept"], fitted["mu_", "a"], fitted["mu_", "b"]]
    np.testing.assert_allclose(coefficients, theirs, atol=2e-3)
    assert sigma == pytest.approx(np.exp(fitted["sigma_", "Intercept"]), abs=2e-3)


def test_the_ridge_halves_the_deviation_of_a_group_of_that_many() -> None:
    X = sparse.csr_array(np.column_stack([np.ones(100_010), np.arange(100_010) < 10]).astype(float))
    random = np.random.default_rng(2)
    y = np.where(np.arange(100_010) < 10, 1.0, 0.0) + 0.1 * random.standard_normal(100_010)
    rows = CensoredSample(y, np.ones(100_010, bool), np.ones(100_010))
    free, _ = censored_normal(X, rows, ridge=0.0)
    shrunk, _ = censored_normal(X, rows, ridge=10.0)
    assert shrunk[1] == pytest.approx(free[1] / 2, rel=0.02)


def test_the_mixture_has_the_mixed_distribution_function() -> None:
    levels = np.tile(LEAD_TIME_LEVELS, (3, 1))
    mixed = mixture_quantiles([10 + 10 * levels, 100 + 100 * levels], np.array([0.25, 0.75]))
    distribution = Distribution(LEAD_TIME_LEVELS, mixed)
    np.testing.assert_allclose(distribution.cdf(15.0), 0.125, atol=0.01)
    np.testing.assert_allclose(distribution.cdf(50.0), 0.25, atol=0.011)
    np.testing.assert_allclose(distribution.cdf(150.0), 0.625, atol=0.01)


def test_a_mixture_of_one_is_that_one() -> None:
    values = np.sort(np.random.default_rng(0).random((4, len(LEAD_TIME_LEVELS))), axis=1)
    np.testing.assert_array_equal(mixture_quantiles([values, 2 * values], np.array([1.0, 0.0])), values)


def windows(better: list[int], rows: int = 40) -> list[Window]:
    """Windows in which member 0 or 1 knows the outcome and the other does not."""
    random = np.random.default_rng(3)
    made = []
    for winner in better:
        come = (random.random((rows, 1)) < np.linspace(0, 1, 8)).astype(float)
        cdf = np.stack([come if member == winner else np.full_like(come, 0.5) for member in (0, 1)])
        made.append(Window(cdf, come, np.ones_like(come), np.ones(8)))
    return made


def test_weights_go_to_the_member_that_always_wins() -> None:
    choice = choose_weights(windows([0, 0, 0, 0, 0]), [1, 1])
    assert choice.trust == 1
    np.testing.assert_allclose(choice.weights, [1, 0], atol=0.01)


def test_weights_stay_equal_where_windows_disagree() -> None:
    choice = choose_weights(windows([0, 0, 1, 1, 0]), [1, 1])
    assert choice.trust == 0
    np.testing.assert_array_equal(choice.weights, [0.5, 0.5])


def test_best_weights_are_those_of_a_grid_search() -> None:
    random = np.random.default_rng(8)
    come = (random.random((200, 6)) < 0.5).astype(float)
    cdf = np.clip(come + random.normal(0, [[[0.3]], [[0.5]]], (2, 200, 6)), 0, 1)
    window = Window(cdf, come, np.ones_like(come), np.ones(6))
    grid = np.linspace(0, 1, 101)
    losses = [window.loss(np.array([w, 1 - w])) for w in grid]
    assert best_weights([window])[0] == pytest.approx(grid[int(np.argmin(losses))], abs=0.01)


def orders(days: list[float]) -> pd.DataFrame:
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(10 * np.arange(len(days)), "D")
    return pd.DataFrame(
        {"supplier_id": "s", "ordered_at": at, "duration": days, "lead_time": days, "is_open": False}
    )


def test_a_snapshot_opens_what_came_later() -> None:
    seen = snapshot(orders([5.0, 30.0, 5.0]), pd.Timestamp("2024-01-12"))
    assert seen["is_open"].tolist() == [False, True]
    assert seen["duration"].tolist() == [5, 1]


def test_windows_of_the_backtest_follow_each_other() -> None:
    cut = folds(orders([5.0] * 50), 3)
    assert len(cut) == 3
    for fold in cut:
        assert (fold.past["ordered_at"] <= fold.as_of).all()
        assert (fold.later["ordered_at"] > fold.as_of).all()
    assert sum(len(fold.later) for fold in cut) == 30


def test_an_order_weighs_half_after_a_half_life() -> None:
    weights = recency_weights(orders([10.0, 10.0, 0.0]), half_life_days=10)
    np.testing.assert_allclose(weights, [0.25, 0.5, 1.0])


def test_the_score_of_an_uncensored_point_is_the_absolute_error() -> None:
    grid = np.arange(0.5, 100)
    cdf = cdf_on(np.full((1, 101), 40.0), grid)
    assert censored_crps(cdf, orders([30.0]), grid, np.ones(100))[0] == pytest.approx(10)


def test_a_censored_outcome_is_judged_up_to_its_age_only() -> None:
    grid = np.arange(0.5, 100)
    cdf = cdf_on(np.full((1, 101), 40.0), grid)
    still_open = orders([60.0]).assign(is_open=True)
    assert censored_crps(cdf, still_open, grid, np.ones(100))[0] == pytest.approx(20)
