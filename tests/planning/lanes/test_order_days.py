"""Suppliers who take orders on some weekdays only: today's order waits, and so do all of a played year."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from normal_forecast import MONDAY
from plan_rows import offer_row

from configs.errors import PlanningError
from configs.schema import PolicyConfig
from planning.lanes.order_days import order_waits
from planning.planner import Planner
from planning.played_year.year_play import YearPlay


def test_orders_wait_until_the_next_order_day() -> None:
    waits = order_waits(["Mon,Thu", None, "Tue"], np.array([0, 1, 3, 5, 7, 13]))
    assert waits.tolist() == [[0, 2, 0, 2, 0, 1], [0] * 6, [1, 0, 5, 3, 1, 2]]


def test_what_is_no_weekday_is_named() -> None:
    with pytest.raises(PlanningError, match="order_days: 'Funday' is no weekday; write them like Mon,Thu"):
        order_waits([None, "Funday"], np.zeros(1, np.int64))


@pytest.fixture
def assess(make_forecast, make_inputs, lead_times):
    """Assess a plan of one SKU on a day after Monday, bought from `near`, with the order days of `near`."""

    def run(
        day: int,
        order_days: str | None,
        *,
        on_hand: float = 100.0,
        review: float = 7.0,
        closed: tuple[int, ...] = (),
        **policy,
    ):
        forecast = make_forecast((70.0,), (20.0,), periods=52)
        inputs = make_inputs(
            forecast.unique_ids,
            on_hand=[on_hand],
            offers=[offer_row(supplier_id="near")],
            as_of=MONDAY + pd.Timedelta(days=day),
        )
        suppliers = pd.DataFrame({"supplier_id": ["far", "near"], "order_days": [None, order_days]})
        config = PolicyConfig(review_period_days=review, **policy)
        days = [MONDAY + pd.Timedelta(days=each) for each in closed]
        closures = pd.DataFrame({"supplier_id": ["near"] * len(days), "day": days})
        inputs = replace(inputs, suppliers=suppliers, closures=closures)
        return Planner(forecast, lead_times(), config).assess(inputs)

    return run


@pytest.mark.parametrize(("day", "wait"), [(0, 3), (2, 1), (3, 0), (4, 6)])
def test_todays_order_takes_as_much_longer_as_it_waits(assess, day: int, wait: int) -> None:
    plain, waiting = assess(day, None).chosen_terms, assess(day, "Thu").chosen_terms
    assert waiting.lead_time.values == pytest.approx(plain.lead_time.values + wait)
    assert waiting.demand.before_arrival.mean() > plain.demand.before_arrival.mean() - 1e-9
    assert waiting.demand.expected - plain.demand.expected == pytest.approx(10 * wait, rel=0.01, abs=1e-9)
    assert (waiting.reorder_point > plain.reorder_point) == (wait > 0)


def test_a_daily_review_keeps_stock_until_the_next_order_day_can_deliver(assess) -> None:
    """On the order day itself stock has to last a week more, on the day after it for the order that still can go."""
    expected = [assess(day, "Thu", review=1.0).chosen_terms.demand.expected[0] for day in range(7)]
    # lead time 7 and the days until Thursday's order that a review tomorrow still reaches
    assert expected == pytest.approx([10 * (7 + days) for days in (3, 2, 1, 7, 6, 5, 4)], rel=0.02)


@pytest.mark.parametrize("played_from", [0.0, 1e9], ids=["played", "closed form"])
@pytest.mark.parametrize("lost_sales", [False, True], ids=["backorders", "lost sales"])
def test_todays_order_has_to_last_until_another_can_leave(
    assess, lost_sales: bool, played_from: float
) -> None:
    policy = {"review": 1.0, "lost_sales": lost_sales, "played_from": played_from}
    ordered = {
        (day, order_days): assess(day, order_days, **policy).decision.quantity[0]
        for day in (3, 4)
        for order_days in (None, "Thu")
    }
    assert ordered[3, "Thu"] > ordered[3, None] + 40, "on the day itself, a week instead of a day"
    if lost_sales and played_from:
        assert ordered[4, "Thu"] == 0, (
            "what is lost until then is lost, and tomorrow's order leaves with today's"
        )
    else:
        assert ordered[4, "Thu"] > ordered[4, None] + 30, "on the day after, the six days that nothing leaves"


def _year(assessment) -> YearPlay:
    items = assessment.inputs.items
    return YearPlay.of(assessment.chosen_terms, assessment.forecast, items, assessment.setting, scenarios=64)


def test_every_order_of_a_played_year_waits_for_its_day(assess) -> None:
    plain, waiting = (_year(assess(1, order_days, review=1.0)) for order_days in (None, "Thu"))
    waits = waiting.world.lead_days[0, :14] - plain.world.lead_days[0, :14]
    tuesday_on = [2, 1, 0, 6, 5, 4, 3]
    assert waits[:, 0].tolist() == tuesday_on * 2
    assert (waits == waits[:, :1]).all()
    covered = (waiting.expected[0, :7] - plain.expected[0, :7]) / 10
    assert covered == pytest.approx([1, 0, 6, 5, 4, 3, 2], abs=0.2), "the wait of the next day's order"


def test_a_weekly_review_on_the_order_day_is_like_any_day(assess) -> None:
    plain, same = (_year(assess(3, order_days)) for order_days in (None, "Thu"))
    assert (same.world.lead_days == plain.world.lead_days).all()
    assert (same.expected == plain.expected).all()


def test_rare_order_days_need_more_stock_for_the_same_service(assess) -> None:
    costs = []
    for order_days in (None, "Thu"):
        assessment = assess(0, order_days, review=1.0)
        year, terms = _year(assessment), assessment.chosen_terms
        result = year.play(terms.reorder_point, terms.order_up_to)
        assert result.fill_rate[0] > 0.97
        costs.append(result.stock_days.mean() / result.days)
    assert costs[1] > costs[0]


@pytest.mark.parametrize("on_hand", [0.0, 100.0, 160.0, 230.0, 300.0, 500.0])
@pytest.mark.parametrize(("day", "first"), [(0, 3), (3, 0), (4, 6)])
def test_the_day_to_order_by_is_an_order_day_that_keeps_the_risk(
    assess, day: int, first: int, on_hand: float
) -> None:
    plain, some = (assess(day, order_days, on_hand=on_hand).decision for order_days in (None, "Thu"))
    wait = some.wait[0]
    assert (day + wait) % 7 == 3
    assert wait >= first
    if some.quantity[0] > 0:
        assert wait <= 7 + first, "the order of the next review would do as well"
    else:
        assert wait >= 7 + first
    if plain.quantity[0] == some.quantity[0] == 0:
        assert max(plain.wait[0], 7 + first) - 7 <= wait <= max(plain.wait[0] + 1e-6, 7 + first)


def test_a_daily_review_orders_by_the_order_day_on_which_the_next_reviews_order_leaves_too(assess) -> None:
    monday, thursday, friday = (assess(day, "Mon,Thu", review=1.0, on_hand=0.0).decision for day in (0, 3, 4))
    assert [each.wait[0] for each in (monday, thursday, friday)] == [0, 0, 3]
    assert monday.late.all()
    assert friday.late.all(), "late, though its day is still to come"
    # the shortest wait for more: nothing is needed before the review of tomorrow, whose order leaves on Thursday
    idle = assess(1, "Mon,Thu", review=1.5, on_hand=165.0).decision
    assert idle.quantity[0] == 0
    assert (1 + idle.wait[0]) % 7 in (0, 3)
    assert idle.wait[0] >= 2


def test_the_day_to_order_by_lies_before_a_closure(assess) -> None:
    plain = assess(0, None, on_hand=400.0).decision.wait[0]
    assert plain > 9
    last = int(plain)
    shut = assess(0, None, on_hand=400.0, closed=(last, last - 1, 40)).decision.wait[0]
    assert shut == last - 2
    late = assess(0, None, on_hand=0.0, closed=(0, 1, 2)).decision
    assert late.quantity[0] > 0
    assert late.wait[0] == 3, "nobody takes it earlier"
    by_weekday = assess(0, "Mon,Thu", on_hand=400.0, closed=tuple(range(last - 3, last + 1))).decision.wait[0]
    assert by_weekday < last - 3
    assert by_weekday % 7 in (0, 3)
