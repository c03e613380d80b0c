"""First parts of open orders: what is left of the chance at an age, and the curve of what has been received."""

import numpy as np
import pytest

from distributions.distribution import Distribution
from distributions.parametric import gamma_lead_time
from planning.projection.first_parts import parts_at_age, received_curve
from planning.protocols import FirstParts


def parts(chance: float, share: float, sooner: float) -> FirstParts:
    return FirstParts(np.array([chance]), np.array([share]), np.array([sooner]))


def simulated(chance: float, sooner: float, age: float) -> tuple[np.ndarray, np.ndarray]:
    """Lead times of orders of which nothing has come by `age`, and which of them come in parts."""
    random = np.random.default_rng(3)
    days = random.gamma(25, 1.2, 400_000)
    in_parts = random.random(len(days)) < chance
    waiting = np.where(in_parts, sooner * days, days) > age
    return days[waiting], in_parts[waiting]


def test_of_a_new_order_all_is_as_learned() -> None:
    new = parts_at_age(parts(0.4, 0.5, 0.6), gamma_lead_time(30, 6), np.zeros(1))
    assert new.chance[0] == pytest.approx(0.4)
    assert new.sooner[0] == pytest.approx(0.6, abs=0.001)


@pytest.mark.parametrize("age", [12.0, 20.0, 28.0])
def test_at_an_age_chance_and_days_are_those_of_simulated_orders_that_nothing_has_come_of(age: float) -> None:
    days, in_parts = simulated(0.6, 0.7, age)
    left = parts_at_age(parts(0.6, 0.9, 0.7), gamma_lead_time(30, 6), np.array([age]))
    assert left.chance[0] == pytest.approx(in_parts.mean(), abs=0.02)
    usual = (gamma_lead_time(30, 6).above(np.array([age])).mean() - age)[0]
    assert left.sooner[0] * usual == pytest.approx((0.7 * days[in_parts]).mean() - age, rel=0.05)


def test_a_postponed_order_has_the_wait_before_it_in_both_parts() -> None:
    """Twenty days from a start in fourteen: the rest on day 34, the first part on day 24."""
    left = parts_at_age(parts(0.8, 0.5, 0.5), Distribution.certain([20.0]), np.array([-14.0]))
    assert left.sooner[0] * 34 == pytest.approx(24, abs=0.01)


def test_where_little_comes_ahead_orders_come_whole() -> None:
    left = parts_at_age(parts(0.1, 0.5, 0.5), gamma_lead_time(30, 6), np.zeros(1))
    assert (left.chance[0], left.sooner[0]) == (0, 1)


def test_a_curve_has_the_frequencies_of_simulated_orders() -> None:
    days, in_parts = simulated(0.5, 0.6, 0.0)
    grid = np.array([12.0, 18.0, 25.0, 40.0])
    curve = received_curve(
        gamma_lead_time(30, 6), np.array([0.1]), np.array([0.9]), parts(0.5, 0.4, 0.6), grid
    )
    begun, done = 0.6 * days <= grid[:, None], days <= grid[:, None]
    assert curve.part[0] == pytest.approx(0.9 * (begun & ~done & in_parts).mean(axis=1), abs=0.01)
    assert curve.rest[0] == pytest.approx(0.9 * done.mean(axis=1), abs=0.01)
    assert curve.nothing + curve.part + curve.rest == pytest.approx(np.ones((1, 4)))
    came = 0.9 * (done + 0.4 * (begun & ~done & in_parts))
    assert curve.mean()[0] == pytest.approx(0.9 * came.mean(axis=1), abs=0.01)


def test_crps_of_a_curve_is_that_of_draws_from_it() -> None:
    grid = np.array([15.0, 25.0])
    curve = received_curve(gamma_lead_time(30, 6), np.array([0.1]), np.ones(1), parts(0.5, 0.4, 0.5), grid)
    random = np.random.default_rng(0)
    for k, received in enumerate((0.0, 0.4)):
        chances = [curve.nothing[0, k], curve.part[0, k], curve.rest[0, k]]
        one, other = random.choice([0.0, 0.4, 1.0], size=(2, 400_000), p=chances)
        expected = np.abs(one - received).mean() - np.abs(one - other).mean() / 2
        assert curve.crps(np.full((1, 2), received))[0, k] == pytest.approx(expected, abs=0.003)
