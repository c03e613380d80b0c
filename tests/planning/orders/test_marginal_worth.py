import numpy as np
import pytest


def test_an_order_when_it_is_due_in_its_usual_lot_costs_nothing_more(line_worth):
    assert line_worth([0.0]).cost(np.array([100.0])) == pytest.approx(0.0)


def test_ordering_again_at_once_costs_the_line(line_worth):
    """Just after an order nothing is held longer by ordering nothing; the line is paid for a second time."""
    assert line_worth([100.0]).cost(np.array([1e-9])) == pytest.approx(5.0, abs=1e-6)


def test_an_early_order_up_to_the_same_level_costs_its_days_of_a_cycle_and_what_it_holds(line_worth):
    # y = 30: three days of ten early; K·3/10, and 70 units held three days longer, by 0.01 a unit and day
    assert line_worth([30.0]).cost(np.array([70.0])) == pytest.approx(5 * 3 / 10 + 0.01 * 70 * 30 / (2 * 10))


def test_a_whole_lot_early_is_held_for_the_days_that_it_is_early(line_worth):
    assert line_worth([30.0]).cost(np.array([100.0])) == pytest.approx(0.01 * 100 * 30 / 10)


def test_a_line_keeps_shortage_away_and_saves_its_share(line_worth):
    short = line_worth([-40.0], position=50.0, shortage=3.0, line_cost=0.0, holding=0.0)
    assert short.cost(np.zeros(1)) == pytest.approx(3 * 20), "70 wanted of 50"
    assert short.worth(np.array([20.0])) == pytest.approx(3 * 20)
    assert short.worth(np.array([12.0])) == pytest.approx(3 * 12)
    saving = line_worth([0.0], saved=7.0)
    assert saving.worth(np.array([100.0])) == pytest.approx(7.0)
    assert saving.worth(np.zeros(1)) == 0


def test_a_quantity_is_lowered_to_what_the_offer_allows(line_worth):
    worth = line_worth([0.0, 0.0, 0.0], moq=[30, 30, 0], multiple=[20, 20, 0], maximum=[90, 90, 50])
    assert worth.quantity_up_to(np.array([39.0, 200.0, 44.5])).tolist() == [0.0, 80.0, 44.5]
