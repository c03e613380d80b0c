import numpy as np
import pandas as pd
import pytest

from distributions.distribution import Distribution
from distributions.parametric import gamma_lead_time
from planning.projection.open_orders import make_pipeline
from planning.protocols import Deliveries, FirstParts, SharedDelay


def pipeline(ages, quantities=None, sku=None, lead_time=None):
    n = len(ages)
    quantities = np.full(n, 100.0) if quantities is None else quantities
    orders = pd.DataFrame({"quantity_open": quantities, "age": np.asarray(ages, float)})
    lead_time = gamma_lead_time(30, 6, n) if lead_time is None else lead_time
    return make_pipeline(
        orders,
        np.zeros(n, int) if sku is None else np.asarray(sku, int),
        lambda rows: lead_time[rows.index.to_numpy()],
    )


def test_an_order_counts_as_far_as_it_is_likely_to_arrive_in_time():
    lead_time = gamma_lead_time(30, 6)
    for age, within in ((0.0, 30.0), (20.0, 10.0), (28.0, 7.0)):
        expected = (lead_time.cdf(age + within) - lead_time.cdf(age)) / (1 - lead_time.cdf(age))
        assert pipeline([age]).cover(1, within) == pytest.approx(100 * expected, abs=1.5)


def test_cover_grows_with_the_interval_up_to_all_that_is_on_order():
    open_orders = pipeline([0, 5, 25], [10.0, 20.0, 30.0])
    cover = [open_orders.cover(1, days)[0] for days in (0, 5, 10, 20, 40, 400)]
    assert (np.diff(cover) >= 0).all()
    assert cover[-1] == pytest.approx(open_orders.on_order(1)[0])


def test_a_contract_order_on_its_last_day_counts_fully():
    due = pipeline([14], lead_time=Distribution.certain([14.0]))
    assert due.cover(1, 0.0) == pytest.approx([100])
    assert not due.overdue[0]


def test_an_order_far_beyond_its_lead_time_is_flagged_and_taken_as_newly_placed():
    lost = pipeline([90], lead_time=Distribution.certain([14.0]))
    assert lost.overdue[0]
    assert lost.cover(1, 13.0) == pytest.approx([0])
    assert lost.cover(1, 14.0) == pytest.approx([100])


def test_orders_are_added_up_for_their_own_sku():
    mixed = pipeline([0, 0, 0], [1.0, 10.0, 100.0], sku=[2, 0, 2])
    assert mixed.on_order(3) == pytest.approx([10, 0, 101])
    assert mixed.cover(3, np.array([400.0, 400.0, 0.0])) == pytest.approx([10, 0, 0], abs=0.1)


def test_without_open_orders_there_is_no_cover():
    empty = pipeline([], [], sku=[], lead_time=Distribution.certain(np.empty(0)))
    assert empty.cover(2, 10.0) == pytest.approx([0, 0])


def test_the_rest_of_a_part_delivery_covers_only_as_far_as_it_comes_at_all():
    orders = pd.DataFrame({"quantity_open": [40.0, 100.0], "age": [10.0, 0.0]})
    lead_time = Distribution.certain([14.0, 14.0])
    open_orders = make_pipeline(
        orders,
        np.array([0, 0]),
        lambda rows: lead_time[rows.index.to_numpy()],
        deliveries=Deliveries(np.array([0.5, 1.0])),
    )
    assert open_orders.cover(1, 5.0) == pytest.approx([20])
    assert open_orders.cover(1, 30.0) == pytest.approx([120])
    assert open_orders.on_order(1) == pytest.approx([140])


def test_orders_of_today_stand_apart_and_leave_the_scenarios_of_those_before_as_they_were():
    orders = pd.DataFrame(
        {
            "order_id": ["1", "2", "3"], "line": "1", "supplier_id": ["m", "z", "a"], "unique_id": "x",
            "quantity_open": [10.0, 20.0, 30.0], "age": [9.0, 1.0, 0.5],
        }
    )  # fmt: skip

    def built(lines):
        return make_pipeline(
            orders.iloc[:lines], np.zeros(lines, int), lambda rows: gamma_lead_time(30, 6, len(rows)),
            shared_delay=SharedDelay(0.5, 30.0),
        )  # fmt: skip

    whole, earlier = built(3).before_today(), built(2)
    assert whole.quantity.tolist() == [10.0, 20.0]
    assert whole.rank_row.tolist() == earlier.rank_row.tolist()
    for supplier in ("a", "m", "z"):
        names = np.array([supplier], object)
        assert whole.new_order_rank_row(names) == earlier.new_order_rank_row(names)
    assert earlier.before_today() is earlier
    answered = make_pipeline(
        orders.assign(answered_today=[False, True, False]), np.array([0, 1, 1]),
        lambda rows: gamma_lead_time(30, 6, len(rows)),
    )  # fmt: skip
    assert answered.answered_today(3).tolist() == [False, True, False]
    assert earlier.answered_today(3).tolist() == [False] * 3


def test_what_comes_ahead_covers_as_soon_as_it_is_likely_to_come():
    """Half of 100 units come after half of 30 ± 6 days, if at all in parts: eight of ten orders."""
    orders = pd.DataFrame({"quantity_open": [100.0], "age": [0.0]})
    lead_time = gamma_lead_time(30, 6, 1)
    in_parts = FirstParts(np.array([0.8]), np.array([0.5]), np.array([0.5]))
    split = make_pipeline(
        orders, np.zeros(1, int), lambda rows: lead_time, deliveries=Deliveries(first_parts=in_parts)
    )
    first, last = split.remaining.cdf(np.array([44.0]))[0], split.remaining.cdf(np.array([22.0]))[0]
    assert split.cover(1, 22.0) == pytest.approx([40 * first + 60 * last])
    assert first > 0.95 > 0.15 > last
    assert split.cover(1, 90.0) == pytest.approx([100])
    assert split.of_skus(np.array([0])).cover(1, 22.0) == pytest.approx(split.cover(1, 22.0))
    assert (split.on_order(1), split.expected.tolist()) == ([100], [100])


def test_orders_nothing_of_which_is_expected_ahead_have_no_parts():
    orders = pd.DataFrame({"quantity_open": [100.0], "age": [0.0]})
    few = FirstParts(np.array([0.1]), np.array([0.5]), np.array([0.5]))
    whole = make_pipeline(
        orders, np.zeros(1, int), lambda rows: gamma_lead_time(30, 6), deliveries=Deliveries(first_parts=few)
    )
    assert whole.parts is None
