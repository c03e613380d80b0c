"""SKUs played from today on: what is as planned changes nothing, and what the plan counts on is what it counts on today."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from normal_forecast import normal_forecast
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.assessment import Assessment
from planning.planner import Planner
from planning.played_ahead.ahead_play import AheadPlay
from planning.played_ahead.changes import Changes


@pytest.fixture(scope="module")
def assess(make_inputs, lead_times):
    """An assessment of two SKUs, 70 and 20 a week, with open orders of the first one."""

    def run(on_hand=(300.0, 50.0), ages=(5.0, 20.0), units=120.0, **terms) -> Assessment:
        forecast = normal_forecast([70.0, 20.0], [20.0, 8.0], periods=60)
        orders = [order_line(order_id=f"PO{k}", age=age, quantity_open=units) for k, age in enumerate(ages)]
        offers = [offer_row(unique_id=u, **terms) for u in forecast.unique_ids]
        inputs = make_inputs(forecast.unique_ids, on_hand=list(on_hand), offers=offers, orders=orders)
        return Planner(forecast, lead_times(never=0.02), PolicyConfig()).assess(inputs)

    return run


def ahead(assessment, scenarios=32):
    return AheadPlay.of(assessment, np.arange(2), scenarios=scenarios)


@settings(max_examples=25, deadline=None)
@given(
    stock=st.integers(0, 900),
    age=st.integers(0, 40),
    units=st.integers(1, 400),
    moq=st.sampled_from([0, 100, 350]),
)
def test_a_change_that_changes_nothing_is_worth_nothing_exactly(assess, stock, age, units, moq):
    assessment = assess(on_hand=(stock, 50.0), ages=(age, 3.0), units=float(units), moq=moq)
    play = ahead(assessment)
    same = [
        Changes.of("push_back", np.array([0, 0]), line=np.array([0, 1])),
        Changes.of("engage_early", np.array([0, 1]), ordered=assessment.decision.quantity),
    ]
    base = play.cost().total
    for changes in same:
        assert (play.changed(changes).cost().total == base[changes.lane]).all()


def test_today_the_play_orders_what_the_plan_orders(assess):
    for stock in (0.0, 200.0, 450.0, 900.0):
        assessment = assess(on_hand=(stock, 50.0))
        assert ahead(assessment).order_today() == pytest.approx(assessment.decision.quantity)


def test_what_people_have_ordered_today_is_not_ordered_again_in_play(assess):
    assessment = assess(on_hand=(0.0, 0.0), ages=())
    assert (ahead(assessment).order_today() > 0).all()
    answered = replace(assessment.decision, answered=np.array([True, False]))
    assert (ahead(replace(assessment, decision=answered)).order_today() > 0).tolist() == [False, True]


def test_at_the_first_review_open_orders_count_as_in_the_plan(assess):
    assessment = assess()
    play = ahead(assessment)
    counted = play.lines.counted(np.zeros(1), play.interval[play.lines.lane])[:, 0]
    assert np.bincount(play.lines.lane, counted, 2) == pytest.approx(assessment.decision.cover)


def test_the_longer_an_order_has_not_come_the_less_it_counts(assess):
    play = ahead(assess(ages=(5.0,)))
    counted = play.lines.counted(np.array([0.0, 28.0, 70.0, 350.0]), play.interval[play.lines.lane])[0]
    assert counted[0] > 0.9 * 120
    assert counted[-1] < counted[1]
    assert counted[-1] < 0.1 * 120


def test_an_order_comes_as_late_as_its_distribution_says_and_as_was_agreed(assess):
    assessment = assess(ages=(5.0, 20.0))
    play = ahead(assessment, scenarios=512)
    days = play.lines.arrival_days()
    comes = days >= 0
    never = 1 - comes.mean(axis=1)
    assert never == pytest.approx(assessment.pipeline.never, abs=0.01)
    for line in range(2):
        mean = assessment.pipeline.remaining.mean()[line]
        assert days[line][comes[line]].mean() == pytest.approx(mean, rel=0.03)
    later = play.changed(
        Changes.of("push_back", np.array([0]), line=np.array([1]), later=np.array([14.0]))
    ).lines.arrival_days()
    assert (later[0] == days[0]).all()
    assert (later[1][comes[1]] == days[1][comes[1]] + 14).all()
    sooner = play.changed(Changes.of("expedite", np.array([0]), line=np.array([0]), share=np.array([0.5])))
    assert sooner.lines.arrival_days()[0][comes[0]].mean() == pytest.approx(
        0.5 * days[0][comes[0]].mean(), rel=0.05
    )


def test_a_cancelled_order_neither_comes_nor_counts(assess):
    play = ahead(assess())
    without = play.changed(Changes.of("cancel", np.array([0]), line=np.array([0]), left=np.array([0.0])))
    assert (without.lines.arrival_days()[0] == -1).all()
    assert without.lines.counted(np.zeros(1), without.interval[without.lines.lane])[0] == 0
    assert without.order_today()[0] >= play.order_today()[0]


def test_the_same_sku_is_played_the_same_whoever_stands_beside_it(assess):
    assessment = assess()
    both = ahead(assessment).cost().total
    for sku in (0, 1):
        alone = AheadPlay.of(assessment, np.array([sku]), scenarios=32).cost().total
        assert alone[0] == pytest.approx(both[sku], rel=1e-9)


def test_a_play_is_as_long_as_the_budget_horizon_and_a_year_at_most(make_inputs, lead_times):
    forecast = normal_forecast([70.0, 20.0], [20.0, 8.0], periods=60)
    offers = [offer_row(unique_id=u) for u in forecast.unique_ids]
    items = {"unit_cost": 9.0, "shelf_life_days": [np.nan, 50.0]}
    inputs = make_inputs(forecast.unique_ids, on_hand=[300.0, 50.0], offers=offers, items=items)
    for horizon, days, reviews in ((120, 120, 18), (500, 364, 52)):
        policy = PolicyConfig(budget_horizon_days=horizon)
        assessment = Planner(forecast, lead_times(), policy).assess(inputs)
        play = ahead(assessment)
        assert play.year.world.days == days
        assert play.play().ordered_at.shape == (2, reviews)
        # what is left then may sell until two years from today, or for its shelf life
        until = [forecast.mean_until(np.full(2, float(end)), elapsed=0.0) for end in (730, days + 50, days)]
        assert play.sells_later == pytest.approx([until[0][0] - until[2][0], until[1][1] - until[2][1]])
        level = assessment.chosen_terms.targets.level
        assert play.interval == pytest.approx(assessment.chosen_terms.lead_time.quantile(level) + 7)


def test_what_finds_no_use_is_lost_at_what_it_costs(assess):
    """Stock that nobody sells in two years, and as much again: the second is lost whole."""
    plenty = 70.0 * 52 * 3
    once, more = (ahead(assess(on_hand=(stock, 50.0), ages=())).cost() for stock in (plenty, plenty + 1000))
    play = ahead(assess(on_hand=(plenty, 50.0), ages=()))
    holding = play.year.costs.holding[0] * 1000 * once.result.days / 365
    lost = more.total[0] - once.total[0] - holding
    assert lost == pytest.approx(np.full(32, 1000 * play.unit_value[0]), rel=1e-6)
    assert play.unit_value[0] == pytest.approx(9.0)


def test_units_on_order_are_lost_at_their_own_price_on_average(make_inputs, lead_times):
    forecast = normal_forecast([70.0, 20.0], [20.0, 8.0], periods=60)
    lines = [(100.0, 4.0), (300.0, 8.0)]
    orders = [
        order_line(order_id=f"PO{k}", quantity_open=units, unit_price=each)
        for k, (units, each) in enumerate(lines)
    ]
    offers = [offer_row(unique_id=u) for u in forecast.unique_ids]
    inputs = make_inputs(forecast.unique_ids, on_hand=[300.0, 50.0], offers=offers, orders=orders)
    play = ahead(Planner(forecast, lead_times(), PolicyConfig()).assess(inputs))
    assert play.unit_value == pytest.approx([(100 * 4 + 300 * 8) / 400, 9.0])
