"""The mixture of distributions and its weights against closed forms and a grid search."""

import numpy as np
import pytest

from distributions.distribution import Distribution
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.evaluation.mixture import MemberWindow, best_weights, choose_weights, mixture_quantiles


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


def test_rows_that_repeat_the_one_before_have_its_mixture() -> None:
    few = np.sort(np.random.default_rng(0).random((2, 4, len(LEAD_TIME_LEVELS))), axis=2)
    few[1, 2] = few[1, 1]  # the second member alone cannot tell these two apart
    rows, weights = np.array([0, 0, 1, 2, 2, 2, 0, 3]), np.array([0.4, 0.6])
    together, alone = mixture_quantiles(few[:, rows], weights), mixture_quantiles(few, weights)
    np.testing.assert_array_equal(together, alone[rows])


def windows(better: list[int], rows: int = 40) -> list[MemberWindow]:
    """Windows in which member 0 or 1 knows the outcome and the other does not."""
    random = np.random.default_rng(3)
    made = []
    for winner in better:
        come = (random.random((rows, 1)) < np.linspace(0, 1, 8)).astype(float)
        cdf = np.stack([come if member == winner else np.full_like(come, 0.5) for member in (0, 1)])
        made.append(MemberWindow(cdf, come, np.ones_like(come), np.ones(8)))
    return made


def test_weights_go_to_the_member_that_always_wins() -> None:
    choice = choose_weights(windows([0, 0, 0, 0, 0]), [1, 1])
    assert choice.learned_share == 1
    np.testing.assert_allclose(choice.weights, [1, 0], atol=0.01)


def test_weights_stay_equal_where_windows_disagree() -> None:
    choice = choose_weights(windows([0, 0, 1, 1, 0]), [1, 1])
    assert choice.learned_share == 0
    np.testing.assert_array_equal(choice.weights, [0.5, 0.5])


def test_best_weights_are_those_of_a_grid_search() -> None:
    random = np.random.default_rng(8)
    come = (random.random((200, 6)) < 0.5).astype(float)
    cdf = np.clip(come + random.normal(0, [[[0.3]], [[0.5]]], (2, 200, 6)), 0, 1)
    window = MemberWindow(cdf, come, np.ones_like(come), np.ones(6))
    grid = np.linspace(0, 1, 101)
    losses = [window.loss(np.array([w, 1 - w])) for w in grid]
    assert best_weights([window])[0] == pytest.approx(grid[int(np.argmin(losses))], abs=0.01)
