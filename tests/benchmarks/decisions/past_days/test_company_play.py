import numpy as np
import pandas as pd
import pytest

from benchmarks.decisions.past_days.company_play import CompanyPlay, shelf_of
from benchmarks.decisions.past_days.true_deliveries import Deliveries

NAN = np.nan


def company(demand, batches, *, shelf_life, lost_sales=True):
    """Copies with stock of these batches (copy, units, days left)."""
    demand = np.asarray(demand, float)
    n = len(demand)
    frame = pd.DataFrame(batches, columns=["copy", "units", "days_left"])
    return CompanyPlay(
        demand, np.asarray(shelf_life, float), lost_sales, shelf_of(frame, n), np.zeros(n), pd.DataFrame()
    )


def whole(units, day):
    """A delivery in one part."""
    none, units = np.zeros(1), np.array([float(units)])
    return Deliveries(none, np.array([float(day)]), none, np.array([float(day)]), units, none)


def run(play, orders=None):
    """Play all days; orders by day."""
    for t in range(play.days):
        if t:
            play.start_day()
        if t in (orders or {}):
            units, day = orders[t]
            play.order(
                np.array([0]),
                np.array([float(units)]),
                np.array([2.0]),
                whole(units, day),
                np.array(["A"], object),
            )
        play.day(t)
    return play.counts


def test_the_oldest_goods_are_sold_first_and_thrown_away_after_their_last_day():
    counts = run(company([[1, 1, 1, 0, 0, 0]], [(0, 2, 2), (0, 4, 5)], shelf_life=[9]))
    # 2 of the older are sold on their 2 days, 1 of the younger after that; 3 are left on the morning of day 5
    assert (counts.missed[0], counts.wasted[0]) == (0, 3)
    assert counts.stock_days[0] == 5 + 4 + 3 + 3 + 3 + 0


def test_what_comes_keeps_for_its_shelf_life_from_that_day_on():
    counts = run(company([[0] * 6], [], shelf_life=[3]), {0: (5, 1)})
    assert counts.stock_days[0] == 3 * 5
    assert counts.wasted[0] == 5


def test_what_keeps_is_never_thrown_away():
    counts = run(company([[0] * 150], [(0, 7, NAN)], shelf_life=[NAN]))
    assert (counts.wasted[0], counts.stock_days[0]) == (0, 1050)


@pytest.mark.parametrize("lost_sales", [True, False])
def test_no_unit_is_lost_or_made(lost_sales):
    rng = np.random.default_rng(0)
    play = company(rng.poisson(4, (1, 60)), [(0, 10, 6)], shelf_life=[6], lost_sales=lost_sales)
    counts = run(play, {7 * k: (30, 7 * k + 3) for k in range(8)})
    served = counts.demand[0] - (counts.missed[0] if lost_sales else 0)
    assert 10 + counts.received[0] - counts.wasted[0] - served == play.on_hand[0] - play.owed[0]
    assert counts.spent[0] == 2 * counts.ordered[0] == 480


def test_cycles_count_from_the_first_delivery_of_an_order_of_the_play_on():
    # short before the first delivery, on which nobody looks; then one cycle with a stockout, and one without
    demand = [[2, 0, 3, 1, 0, 2, 1, 0]]
    counts = run(company(demand, [], shelf_life=[NAN]), {0: (3, 2), 1: (3, 4), 3: (1, 6)})
    assert (counts.missed[0], counts.own_cycles[0], counts.own_short_cycles[0]) == (3, 2, 1)
    assert counts.own_demand[0] == 7
    assert counts.own_missed[0] == 1


def test_open_lines_show_what_has_come_before_the_morning():
    play = company([[0] * 9], [], shelf_life=[NAN])
    parts = Deliveries(*(np.array([value]) for value in (0.0, 2.0, 4.0, 6.0, 5.0, 1.0)))
    play.order(np.array([0]), np.array([10.0]), np.array([1.0]), parts, np.array(["A"], object))
    assert play.open_lines(2)["received"].tolist() == [0]
    assert play.open_lines(3)["received"].tolist() == [4]
    assert play.open_lines(7).empty
    counts = run(play)
    assert counts.received[0] == 9  # one was rejected
    assert counts.pipeline_days[0] == 2 * 10 + 4 * 6
