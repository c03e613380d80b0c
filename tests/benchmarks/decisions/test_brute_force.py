from dataclasses import replace

import numpy as np
import pytest
from reference_simulator import random_lane

from benchmarks.decisions.brute_force import Offer, Policy, order_size, simulate, unit_price

DAYS = 140


def flat(level, days=DAYS):
    """Up to the same level on every review."""
    return Policy.constant(level, level, days)


def constant(demand, lead, days=DAYS):
    """Demand and lead times that never change, in one scenario."""
    return np.full((days, 1), float(demand)), np.full((days, 1), lead, np.int64)


def test_constant_demand_needs_just_its_protection_interval():
    demand, lead = constant(10, 14)
    enough = simulate(Offer(), demand, lead, flat(210), warm_up=42, seed=0)
    short = simulate(Offer(), demand, lead, flat(209), warm_up=42, seed=0)
    assert (enough.missed[0], enough.orders[0], enough.ordered[0]) == (0, 14, 980)
    assert short.missed[0] == 14  # one unit a cycle
    assert short.cycle_service == 0
    assert enough.cycle_service == 1
    # 70 arrive each week and are used up by its end: 60, 50 … 0 at the ends of its days
    assert enough.stock_days[0] / (DAYS - 42) == 30
    # 140 are on their way at the end of each day, two orders, one of which comes in the morning
    assert enough.pipeline_days[0] / (DAYS - 42) == 140


def test_lost_sales_are_not_made_up_for():
    demand, lead = constant(10, 14)
    kept = flat(100)
    lost = simulate(Offer(lost_sales=True), demand, lead, kept, warm_up=42, seed=0)
    owed = simulate(Offer(), demand, lead, kept, warm_up=42, seed=0)
    assert owed.ordered[0] == 980 > lost.ordered[0]
    assert lost.demand[0] == 980
    assert lost.fill_rate == pytest.approx(lost.received[0] / 980, abs=0.11)


def test_rejected_units_are_ordered_again_and_come_to_their_share():
    rng = np.random.default_rng(0)
    demand, lead = rng.poisson(20, (700, 20)).astype(float), np.full((700, 20), 3, np.int64)
    found = simulate(Offer(rejected=0.1), demand, lead, flat(300, 700), warm_up=70, seed=1)
    assert found.received.sum() / found.ordered.sum() == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("offer", "need", "quantity"),
    [
        (Offer(moq=100, multiple=30), 47, 120),
        (Offer(moq=100, multiple=30), 0, 0),
        (Offer(multiple=6, maximum=31), 50, 30),
        (Offer(moq=40, maximum=31), 5, 0),
        (Offer(multiple=0.1), 0.3, 0.3),
        (Offer(breaks=((0, 10), (100, 9)), yearly=1000, holding=2), 90, 100),
        (Offer(breaks=((0, 10), (100, 9)), yearly=1000, holding=110), 90, 90),
        (Offer(breaks=((0, 10), (100, 9)), yearly=1000, holding=2, maximum=95), 90, 90),
        (Offer(breaks=((0, 10), (100, 9)), yearly=1000, holding=2, sellable=99), 90, 90),
    ],
)
def test_an_order_is_what_the_offer_allows_raised_to_a_break_that_pays(offer, need, quantity):
    assert order_size(offer, need) == pytest.approx(quantity)


def test_a_price_holds_from_its_bracket_on():
    offer = Offer(breaks=((0, 10), (100, 9), (200, 8)))
    assert [unit_price(offer, q) for q in (1, 99, 100, 250)] == [10, 10, 9, 8]


def test_it_agrees_with_the_simulator_of_single_units_on_random_lanes():
    """Two ways of writing the same day, of which this one has no open orders, rejects or orders that never come."""
    rng = np.random.default_rng(4)
    for _ in range(60):
        lane = random_lane(rng)
        lead = {day: abs(days) for day, days in lane.lead_days.items()}
        lane = replace(
            lane,
            lead_days=lead,
            opening=int(lane.order_up_to[0]),
            batches=[],
            owed=0,
            first_order=None,
            open_orders=[],
            reject_share=0.0,
            counts={},
        )
        days = len(lane.demand)
        offer = Offer(
            review=lane.review,
            moq=lane.moq,
            multiple=lane.multiple,
            maximum=lane.maximum,
            breaks=((0.0, lane.price),),
            shelf_life=lane.shelf_life or 0,
            lost_sales=lane.lost_sales,
        )
        s, level = (np.repeat(each, lane.review)[:days] for each in (lane.reorder_point, lane.order_up_to))
        policy = Policy(s, level, np.full(days, lane.a_day), lane.interval if lane.shelf_life else 0.0)
        taken = np.array([[lead.get(day, 0)] for day in range(days)])
        found = simulate(
            offer, np.array(lane.demand, float)[:, None], taken, policy, warm_up=lane.warm_up, seed=0
        )
        wanted = lane.play()
        same = ("demand", "missed", "wasted", "stock_days", "pipeline_days", "orders", "ordered", "spent")
        for name in (*same, "cycles", "short_cycles"):
            assert getattr(found, name)[0] == pytest.approx(wanted[name]), name
