import numpy as np
import pytest

from planning.orders.due_dates import ReviewGrid, chance_not_due
from planning.orders.join import Family, joining, order_period

GRID = ReviewGrid.of(7.0)


def surely_due(days):
    """Chance of not being due of SKUs that are surely due after some days."""
    return (np.asarray(days, float)[:, None] > GRID.days).astype(float)


def family(days, extra, *, supplier=None, after=200.0, may_join=True):
    due = np.asarray(days) == 0
    return Family(
        supplier=np.zeros(len(days), np.intp) if supplier is None else np.asarray(supplier),
        due=due,
        may_join=np.full(len(days), may_join) & ~due,
        extra=np.asarray(extra, float),
        without=surely_due(days),
        within=surely_due(np.full(len(days), after)),
    )


def test_the_period_of_a_supplier_balances_its_cost_with_what_is_held():
    # A/P + d·h·P/2 is least at √(2A/(d·h)) = 28 days for A = 78.4, d·h = 0.2
    period = order_period(
        np.array([0, 0, 1]), lambda _: np.array([78.4, 0.0]), np.array([0.1, 0.1, 5.0]), np.zeros(3), 7.0
    )
    assert period.tolist() == [28.0, 7.0]


def test_a_slow_seller_with_a_dear_line_is_not_ordered_every_time():
    rate, line = np.array([0.2, 0.0001]), np.array([0.0, 20.0])
    both = order_period(np.zeros(2, int), lambda _: np.array([78.4]), rate, line, 7.0)
    assert both.tolist() == [28.0], "the dear line goes with every sixth order"
    dear = order_period(np.zeros(1, int), lambda _: np.array([78.4]), rate[:1], np.array([40.0]), 7.0)
    assert dear.tolist() == [35.0], "a line that goes every time counts like the order"


def test_what_is_due_next_week_joins_where_that_is_cheaper_than_another_order():
    for extra, joins in ((2.0, True), (30.0, False)):
        found, saved = joining(family([0, 8, 20], [0, extra, 50.0], after=30.0), np.array([20.0]), GRID)
        assert found.tolist() == [False, joins, False]
        assert (saved[1] > extra) == joins


def test_nothing_joins_where_nothing_is_due_or_where_it_may_not():
    assert not joining(family([8, 8], [0.1, 0.1]), np.array([50.0]), GRID)[0].any()
    assert not joining(family([0, 8], [0, 0.1], may_join=False), np.array([50.0]), GRID)[0].any()


def test_joining_pays_only_if_all_who_would_trigger_the_next_order_join():
    cheap = family([0, 8, 8], [0, 3.0, 3.0])
    assert joining(cheap, np.array([20.0]), GRID)[0].tolist() == [False, True, True]
    one_is_dear = family([0, 8, 8], [0, 3.0, 500.0])
    assert not joining(one_is_dear, np.array([20.0]), GRID)[0].any(), "the other one orders next week anyway"


def test_suppliers_do_not_see_each_other():
    rng = np.random.default_rng(3)
    days, extra = rng.choice([0, 8, 15, 40, 90], 40), rng.uniform(0, 12, 40)
    supplier, cost = np.sort(rng.integers(0, 5, 40)), rng.uniform(5, 60, 5)
    together, saved = joining(family(days, extra, supplier=supplier), cost, GRID)
    for one in range(5):
        rows = supplier == one
        alone, own = joining(family(days[rows], extra[rows]), cost[[one]], GRID)
        assert together[rows].tolist() == alone.tolist()
        assert saved[rows] == pytest.approx(own)
    assert together.any()
    assert not (together & (saved <= extra)).any()


def test_the_set_that_joins_costs_least_a_day_of_all_that_are_due_first():
    days, extra, cost = np.array([0, 8, 15, 22, 50, 90]), np.array([0, 1.0, 4.0, 20.0, 90.0, 900.0]), 25.0

    def rate(k):
        return (cost + extra[:k].sum()) / (
            GRID.expected_days(surely_due(np.append(days[k:], 200.0)).prod(axis=0))
        )

    best = min(range(1, len(days) + 1), key=rate)
    found, _ = joining(family(days, extra), np.array([cost]), GRID)
    assert 1 < best < len(days)
    assert found.sum() == best - 1


def test_due_dates_come_from_the_forecasts_distribution(make_forecast):
    forecast = make_forecast([70.0, 70.0, 0.0], [20.0, 0.001, 0.0])
    rows, levels = np.arange(3), np.array([140.5, 140.5, 1.0])
    (chance,) = chance_not_due(forecast, (levels,), rows, GRID, 0.0)
    assert chance[1, :3].tolist() == [1, 1, 0], "two weeks of a certain 70"
    assert chance[0, 1] == pytest.approx(0.507, abs=0.02)
    assert (chance[2] == 1).all()
    assert (np.diff(chance, axis=1) <= 0).all()
    due, lasting = chance_not_due(forecast, (np.zeros(3), levels), rows, GRID, 0.0)
    assert (due == 0).all()
    assert np.array_equal(lasting, chance)
    assert GRID.expected_days(chance[1]) == pytest.approx(21.0)
