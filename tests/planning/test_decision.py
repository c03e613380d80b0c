"""Today's order decision: the stockout risk a target accepts, and what follows from it."""

from dataclasses import replace

import numpy as np
import pytest
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.lost_sales.order_need import NewOrder, lost_sales_need
from planning.planner import Planner


@pytest.fixture(scope="module")
def assess(make_forecast, make_inputs, lead_times):
    """Assess a plan of one SKU: 70 ± 20 a week in parts of a unit, an offer of `far` that takes 35 ± 8 days."""

    def run(*, on_hand=200.5, orders=(), items=None, **policy):
        forecast = make_forecast([70.0], [20.0], periods=52)
        inputs = make_inputs(
            forecast.unique_ids, on_hand=[on_hand], offers=[offer_row()], orders=orders, items=items
        )
        return Planner(forecast, lead_times(), PolicyConfig(**policy)).assess(inputs)

    return run


def test_a_cycle_service_target_accepts_the_rest_of_its_level(assess):
    assert assess(level=0.9, played_from=1e9).decision.accepted_risk == pytest.approx([0.1])


@pytest.mark.parametrize(("target", "least"), [("cycle_service_level", 9e-4), ("cost", 1e-4)])
def test_beyond_the_outermost_quantile_the_accepted_risk_is_that_of_the_tail(assess, target, least):
    # a shortage at 100: 1 − .0432 / 100.0432 is 99.957 %
    items = {"unit_cost": 9.0, "shortage_cost": 100.0}
    assessment = assess(target=target, level=0.999, items=items, played_from=1e9)
    wanted = 1 - assessment.chosen_terms.targets.level
    assert (wanted < 0.002).all()
    assert assessment.decision.accepted_risk == pytest.approx(wanted, rel=0.05)
    assert (assessment.decision.accepted_risk >= least).all()


def test_where_a_played_year_sets_the_reorder_point_lower_what_it_leaves_open_is_accepted(assess):
    assessment = assess(level=0.9)
    terms = assessment.chosen_terms
    assert terms.played.all()
    left_open = 1 - terms.demand.lead_time_demand.cdf(terms.reorder_point)
    assert assessment.decision.accepted_risk == pytest.approx(np.maximum(left_open, 0.1))


def test_a_cost_target_accepts_the_chance_of_needing_more_than_its_critical_fractile(assess):
    # 9 × 25 % a year of holding, a shortage at .15: holding a week costs .0432, so b / (b + h) is .777
    assessment = assess(target="cost", items={"unit_cost": 9.0, "shortage_cost": 0.15})
    fractile = 0.15 / (0.15 + 9 * 0.25 * 7 / 365)
    assert assessment.chosen_terms.targets.level == pytest.approx([fractile])
    assert assessment.decision.accepted_risk == pytest.approx([1 - fractile], abs=0.002)


def test_a_fill_rate_target_accepts_the_chance_of_needing_more_than_its_reorder_point(assess):
    high, low = (assess(target="fill_rate", level=level) for level in (0.99, 0.8))
    for assessment in (high, low):
        terms = assessment.chosen_terms
        level = np.linspace(0.001, 0.999, 999)
        above = terms.demand.lead_time_demand.quantile(np.broadcast_to(level, (1, 999))) > terms.reorder_point
        assert assessment.decision.accepted_risk == pytest.approx([above.mean()], abs=0.003)
    assert high.decision.accepted_risk[0] < 0.1 < low.decision.accepted_risk[0] < 0.9


def test_an_order_waits_longest_where_its_target_accepts_most_risk(assess):
    waits = [
        assess(on_hand=900.5, target="cost", items={"unit_cost": 9.0, "shortage_cost": cost}).decision.wait[0]
        for cost in (5.0, 0.3, 0.06)
    ]
    assert waits[0] < waits[1] < waits[2] < np.inf


def test_an_order_is_late_only_where_its_risk_is_more_than_the_target_accepts(assess):
    early, late = (assess(on_hand=stock).decision for stock in (900.5, 200.5))
    assert not early.late[0]
    assert late.risk[0] > late.accepted_risk[0]
    assert late.late[0]
    # what a low target accepts is not late
    assert not assess(
        on_hand=420.5, target="cost", items={"unit_cost": 9.0, "shortage_cost": 0.01}
    ).decision.late[0]


def test_backorders_are_ordered_on_top_and_cover_is_not_ordered_again(assess):
    plain = assess(on_hand=100.5).decision
    covered = assess(on_hand=100.5, orders=[order_line(age=30.0)]).decision
    assert covered.cover == pytest.approx([100.0], abs=1.0)
    assert covered.quantity == pytest.approx(plain.quantity - covered.cover)
    assert covered.inventory_position == pytest.approx([200.5])
    assert covered.counted_position == pytest.approx(100.5 + covered.cover)


def test_a_position_at_the_reorder_point_orders_nothing(assess):
    point = assess().chosen_terms.reorder_point[0]
    at, below = (assess(on_hand=point - short).decision.quantity[0] for short in (0.0, 0.01))
    assert at == 0
    assert below > 0


def test_the_expected_cost_is_that_of_holding_what_is_left_and_missing_what_is_short(assess):
    assessment = assess(on_hand=5000.5)
    # 50 weeks and more in stock: nothing is short, and all but six weeks' demand is held for a week
    held = (5000.5 - 70 * 6) * 9 * 0.25 * 7 / 365
    assert assessment.decision.cost == pytest.approx([held], rel=0.01)


@pytest.mark.parametrize("on_hand", [30.5, 150.5])
def test_with_lost_sales_an_order_is_what_the_scenarios_need_plus_the_order_size(assess, on_hand):
    assessment = assess(on_hand=on_hand, lost_sales=True, played_from=1e9)
    terms, decision = assessment.chosen_terms, assessment.decision
    order = NewOrder(
        lead_time=terms.lead_time,
        supplier_id=terms.lanes["supplier_id"].to_numpy(object),
        targets=terms.targets,
        whole=terms.lanes["whole"].to_numpy(bool),
        longer=np.zeros(1),
    )
    need = lost_sales_need(assessment.forecast, decision.stock, order, review=7.0, elapsed=0.0)
    assert decision.quantity == pytest.approx(need + terms.order_up_to - terms.reorder_point)
    # what is lost before the order arrives is not bought again
    kept = assess(on_hand=on_hand, lost_sales=False, played_from=1e9).decision
    assert 0 < decision.quantity[0] < kept.quantity[0]


@pytest.mark.parametrize("lost_sales", [False, True])
@pytest.mark.parametrize("target", ["cycle_service_level", "fill_rate"])
def test_what_is_ordered_today_counts_in_full_and_leaves_nothing_more_to_order(assess, target, lost_sales):
    # at ten days' review the order is short of the interval in a few of its scenarios: as one in ten, it may come late
    policy = {"target": target, "level": 0.9, "lost_sales": lost_sales, "played_from": 1e9}
    before = assess(on_hand=30.5, **policy).decision
    units = float(before.quantity[0])
    today, yesterday = (
        assess(on_hand=30.5, orders=[order_line(age=age, quantity_open=units)], **policy).decision
        for age in (0.0, 1.0)
    )
    assert units > 0
    assert today.cover == pytest.approx([units])
    assert today.counted_position == pytest.approx(before.counted_position + units)
    assert today.quantity == pytest.approx([0.0])
    assert yesterday.cover[0] < units - 1


def test_beside_older_orders_those_of_today_count_in_full(assess):
    lines = [order_line(age=30.0), order_line(order_id="PO2", age=0.0, quantity_open=40.0)]
    both, older = (
        assess(on_hand=30.5, orders=some, lost_sales=True, played_from=1e9).decision
        for some in (lines, lines[:1])
    )
    assert both.cover == pytest.approx(older.cover + 40)
    assert both.lost_sales_adjustment == pytest.approx(older.lost_sales_adjustment)


def test_of_a_sku_or_supplier_ordered_from_today_nothing_more_is_ordered_before_the_next_review(
    make_forecast, make_inputs, lead_times
):
    forecast = make_forecast([70.0, 70.0, 70.0], [20.0] * 3, periods=52)
    offers = [offer_row(unique_id=sku) for sku in forecast.unique_ids]
    offers[2] |= {"supplier_id": "near"}
    inputs = make_inputs(
        forecast.unique_ids, on_hand=[0.5] * 3, offers=offers, orders=[order_line(age=0.0, quantity_open=1.0)]
    )
    planner = Planner(forecast, lead_times(), PolicyConfig())
    assert (planner.assess(inputs).decision.quantity > 0).all()
    ordered = replace(inputs, open_orders=inputs.open_orders.assign(answered_today=True))
    assert (planner.assess(ordered).decision.quantity > 0).tolist() == [False, True, True]
    decision = planner.assess(replace(inputs, answered=frozenset({"far"}))).decision
    assert (decision.quantity > 0).tolist() == [False, False, True]
    assert (decision.wait[:2] >= 7).all()
    plan = planner.plan(replace(inputs, answered=frozenset({"far"})))
    assert plan.order_lines["unique_id"].tolist() == [forecast.unique_ids[2]]
    assert plan.plan["codes"].str.contains("answered_today").tolist() == [True, True, False]
    assert plan.plan["reason"].str.startswith("No order today from far").tolist() == [True, True, False]
