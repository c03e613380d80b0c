from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.orders.allocation import Choices, at_least, at_most, exactly_at_most, least_cost


def choices(seed, rows=6, columns=4, groups=1):
    """Choices whose cost first falls, then rises, with the measure."""
    rng = np.random.default_rng(seed)
    quantity = np.cumsum(rng.integers(1, 6, (rows, columns)), axis=1).astype(float)
    quantity[:, 0] = 0
    best = rng.uniform(0, quantity.max(), (rows, 1))
    cost = rng.uniform(0.5, 3, (rows, 1)) * (quantity - best) ** 2
    return Choices(quantity, cost, quantity * rng.uniform(0.5, 2, (rows, 1)), np.arange(rows) % groups)


def brute_force(made, keeps):
    """Least cost of all combinations whose measure keeps a bound."""
    rows = np.arange(len(made.cost))
    combinations = [np.array(c) for c in product(range(made.cost.shape[1]), repeat=len(rows))]
    return min(
        (made.cost[rows, c].sum() for c in combinations if keeps(made.measure[rows, c].sum())), default=np.inf
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.0))
def test_a_small_problem_is_solved_exactly_and_a_large_one_nearly(seed, share):
    made = choices(seed)
    bound = share * made.measure[:, -1].sum()
    exact = exactly_at_most(made, bound)
    best = brute_force(made, lambda measure: measure <= bound + 1e-9)
    assert made.take(made.cost, exact).sum() == pytest.approx(best)
    assert made.take(made.measure, exact).sum() <= bound + 1e-9
    greedy = at_most(made, np.array([bound]))
    assert made.take(made.measure, greedy.chosen).sum() <= bound + 1e-9
    relaxed = least_cost(made, np.array([bound]))[0]
    assert relaxed <= best + 1e-6 <= made.take(made.cost, greedy.chosen).sum() + 2e-6
    largest = np.ptp(made.cost, axis=1).max()
    assert made.take(made.cost, greedy.chosen).sum() <= relaxed + largest + 1e-6, (
        "one SKU from the bound of duality"
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.2))
def test_a_lower_bound_is_reached_where_it_can_be(seed, share):
    made = choices(seed)
    most = made.measure[:, -1].sum()
    found = at_least(made, np.array([share * most]))
    reached = made.take(made.measure, found.chosen).sum()
    assert bool(found.met[0]) == (share * most <= most + 1e-9)
    assert reached >= min(share, 1.0) * most - 1e-6
    best = brute_force(made, lambda measure: measure >= min(share, 1.0) * most - 1e-6)
    assert made.take(made.cost, found.chosen).sum() <= best + np.ptp(made.cost, axis=1).max() + 1e-6


def test_groups_do_not_see_each_other():
    made, bounds = choices(5, rows=30, groups=3), np.array([9.0, 21.0, 1000.0])
    for found in (at_most(made, bounds), at_least(made, bounds)):
        for group in range(3):
            rows = np.flatnonzero(made.group == group)
            own = Choices(
                *(x[rows] for x in (made.quantity, made.cost, made.measure)), np.zeros(len(rows), int)
            )
            same = at_most if found.price[0] <= 0 else at_least
            assert found.chosen[rows].tolist() == same(own, bounds[[group]]).chosen.tolist()


def test_a_bound_that_does_not_bind_changes_nothing():
    made = choices(8)
    free = made.cost.argmin(axis=1)
    enough = np.array([made.measure.max() * len(free)])
    assert at_most(made, enough).chosen.tolist() == free.tolist()
    just_enough = made.take(made.measure, free).sum()[None]
    assert at_most(made, just_enough).chosen.tolist() == free.tolist()
    assert at_most(made, just_enough).price[0] == 0
    assert at_most(made, enough).price[0] == 0
    assert at_least(made, np.zeros(1)).chosen.tolist() == free.tolist()


def test_too_many_states_are_left_to_the_greedy_way():
    """Where worth goes with money, no sum beats another: 2^40 of them."""
    quantity = np.tile([0.0, 1.0], (40, 1))
    measure = quantity * np.sqrt(np.arange(2.0, 42.0))[:, None]
    assert exactly_at_most(Choices(quantity, -measure, measure, np.zeros(40, int)), 60.0) is None


def test_less_of_a_bound_never_costs_less_and_its_price_falls_with_it():
    made = choices(11, rows=60, columns=6)
    bounds = np.linspace(0, made.measure[:, -1].sum(), 30)
    cost = np.array([least_cost(made, np.array([bound]))[0] for bound in bounds])
    assert (np.diff(cost) <= 1e-6).all()
    assert (np.diff(cost, 2) >= -1e-6).all()


def test_choices_keep_to_what_the_offer_allows(line_worth):
    worth = line_worth([0.0, 50.0], moq=[30, 0], multiple=[20, 7], maximum=[100, 100])
    low, high = np.array([0.0, 14.0]), np.array([100.0, 98.0])
    made = Choices.between(worth, low, high, np.full(2, np.nan), np.zeros(2, int), steps=9)
    assert set(made.quantity[0]) <= {0.0, 40.0, 60.0, 80.0, 100.0}
    assert (made.quantity[1] % 7 == 0).all()
    assert (made.quantity[:, 0].tolist(), made.quantity[:, -1].tolist()) == (low.tolist(), high.tolist())
    assert made.measure == pytest.approx(4.0 * made.quantity)
    weighed = Choices.between(worth, low, high, np.array([2.0, 0.5]), np.zeros(2, int), steps=9)
    assert weighed.measure == pytest.approx(made.quantity * np.array([[2.0], [0.5]]))
