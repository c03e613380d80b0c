"""Nested Kaplan–Meier estimates against lifelines and closed forms."""

import numpy as np
import pytest

from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.members.nested_kaplan_meier import Durations, nested_quantiles

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
