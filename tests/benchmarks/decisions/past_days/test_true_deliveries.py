import numpy as np
import pandas as pd
import pytest

from benchmarks.decisions.past_days.opening import changed_lines
from benchmarks.decisions.past_days.textbook_desk import textbook_quantity
from benchmarks.decisions.past_days.true_deliveries import days_until_arrival, week_luck
from examples.company.suppliers import read_suppliers

MONDAY = pd.Timestamp("2017-07-03")
DRAWS = 500


@pytest.fixture(scope="module")
def suppliers():
    """The demo's suppliers."""
    return read_suppliers()


def test_deliveries_have_the_suppliers_shares_and_lead_time(suppliers):
    some = suppliers[suppliers["supplier_id"].isin(["D03", "D11"])].reset_index(drop=True)
    luck = week_luck(some, MONDAY, DRAWS, [1])
    lane, draw = np.repeat([0, 1], DRAWS), np.tile(np.arange(DRAWS), 2)
    found = luck.deliver(7, np.full(2 * DRAWS, 200.0), lane, draw)
    total = found.first_units + found.last_units + found.rejected
    for row in (0, 1):
        mine = lane == row
        assert (total[mine] < 200).mean() == pytest.approx(some["short"][row], abs=0.035)
        assert (found.first_units[mine] > 0).mean() == pytest.approx(some["partial"][row], abs=0.045)
        assert found.rejected[mine].sum() / total[mine].sum() == pytest.approx(some["defect"][row], abs=0.003)
        days = found.last_day[mine] - found.sent_day[mine]
        assert days.mean() == pytest.approx(some["mean_days"][row], rel=0.07)
    assert (found.first_day <= found.last_day).all()
    assert (found.sent_day >= 7).all()


def test_the_same_week_and_draw_have_the_same_luck_whatever_is_ordered(suppliers):
    one, other = (week_luck(suppliers.head(3), MONDAY, 4, [1, 2]) for _ in range(2))
    small = one.deliver(0, np.array([5.0]), np.array([2]), np.array([3]))
    large = other.deliver(0, np.array([500.0]), np.array([2]), np.array([3]))
    assert small.last_day == large.last_day


def test_an_open_order_has_at_least_the_days_that_it_has_waited(suppliers):
    orders = pd.DataFrame(
        {"supplier_id": ["D03", "D03", "F01"], "ordered_at": MONDAY, "age": [0.0, 14.0, 300.0]}
    )
    days = days_until_arrival(suppliers, orders, DRAWS, [3])
    assert (days >= 0).all()
    assert days[0].mean() == pytest.approx(12, abs=0.7)
    assert days[1].mean() < 5  # of 12 ± 3.6 days, 14 are over
    assert days[2].max() <= 7


def test_actions_change_the_open_lines_of_their_own_copies_only():
    lines = pd.DataFrame(
        {
            "order_id": ["1", "2", "1", "1", "1", "1"],
            "line": "1",
            "action": [0, 0, 1, 2, 3, -1],
            "quantity_open": 10.0,
            "days": [5.0, 5, 5, 5, 5, 5],
            "shown_later": 0.0,
        }
    )
    order = {"order_id": "1", "line": "1"}
    actions = pd.DataFrame(
        {
            "kind": ["cancel", "reduce", "push_back", "expedite"],
            "fact": [
                order,
                order | {"reduced_to": 4},
                order | {"delay_days": 14},
                order | {"share_of_time": 0.1},
            ],
        }
    )
    changed = changed_lines(lines, actions)
    assert changed["quantity_open"].tolist() == [0, 10, 4, 10, 10, 10]
    assert changed["days"].tolist() == [5, 5, 5, 19, 1, 5]
    assert changed["shown_later"].tolist() == [0, 0, 0, 14, 0, 0]


def test_the_textbook_orders_up_to_its_normal_level():
    past = np.tile([8.0, 12.0], 13)
    terms = {"moq": 0.0, "multiple": 1.0, "maximum": np.inf, "ordering": 0.0, "holding": 1.0}
    # 10 a week for 3 weeks, and 1.645 · 2 · √3
    assert textbook_quantity(past, 20.0, 14.0, terms) == 16
    assert textbook_quantity(past, 36.0, 14.0, terms) == 0
    lots = terms | {"ordering": 2.5}  # √(2 · 520 · 2.5) = 51
    assert textbook_quantity(past, 20.0, 14.0, lots) == 57
