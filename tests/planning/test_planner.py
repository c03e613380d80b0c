from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_rows import offer_row, order_line

from configs.errors import PlanningError
from configs.schema import PolicyConfig
from planning.planner import Planner
from planning.policy.order_rules import OrderRules


@pytest.fixture(scope="session")
def plan(make_forecast, make_inputs, lead_times):
    def run(means=(70.0,), spreads=(20.0,), *, policy=None, rules=None, forecast=None, inputs=None, **tables):
        forecast = (
            make_forecast(means, spreads, rise=tables.pop("rise", 0.0)) if forecast is None else forecast
        )
        if inputs is None:
            tables.setdefault("on_hand", [200.0] * len(forecast))
            tables.setdefault(
                "offers",
                [{"supplier_id": "far", "unique_id": u, "unit_price": 9.0} for u in forecast.unique_ids],
            )
            inputs = make_inputs(forecast.unique_ids, **tables)
        planner = Planner(forecast, lead_times(), policy or PolicyConfig(), rules or OrderRules())
        return planner.plan(inputs)

    return run


OFFERS = st.fixed_dictionaries(
    {
        "moq": st.sampled_from([np.nan, 0, 10, 250]),
        "order_multiple": st.sampled_from([np.nan, 1, 12]),
        "max_quantity": st.sampled_from([np.nan, 400]),
        "ordering_cost": st.sampled_from([np.nan, 0, 60]),
        "price_breaks": st.sampled_from([None, "300:8.5"]),
    }
)
TARGETS = st.sampled_from(["cycle_service_level", "fill_rate", "cost"])


@settings(max_examples=25, deadline=None)
@given(
    OFFERS,
    TARGETS,
    st.integers(0, 900),
    st.integers(0, 60),
    st.sampled_from([0.0, 1.0, 7.0, 30.0]),
    st.booleans(),
)
def test_what_must_hold_for_every_plan_holds(plan, terms, target, on_hand, age, review, lost):
    open_orders = [order_line(quantity_open=100, age=age)]
    policy = PolicyConfig(target=target, review_period_days=review, lost_sales=lost)
    made = plan(policy=policy, on_hand=[on_hand], offers=[offer_row(**terms)], orders=open_orders).plan.iloc[
        0
    ]
    q, moq, step = (
        made["order_quantity"],
        np.nan_to_num(terms["moq"]),
        np.nan_to_num(terms["order_multiple"], nan=1),
    )
    assert q == 0 or q >= moq
    assert q % step == pytest.approx(0, abs=1e-6)
    assert not q > terms["max_quantity"]
    assert made["safety_stock"] + made["expected_lead_time_demand"] == pytest.approx(made["reorder_point"])
    assert made["order_up_to"] >= made["reorder_point"] - 1e-9
    assert pd.isna(made["order_by"]) or made["order_by"] >= made["as_of"]
    assert 0 <= made["stockout_probability"] <= 1
    assert 0 <= made["cover"] <= made["on_order"] + 1e-9
    assert made["inventory_position"] == pytest.approx(made["on_hand"] + made["on_order"])
    if q > 0:
        assert made["order_by"] <= made["as_of"] + pd.Timedelta(days=review)


@settings(max_examples=15, deadline=None)
@given(OFFERS, TARGETS, st.integers(0, 900), st.integers(1, 400), st.booleans())
def test_more_on_hand_never_orders_more(plan, terms, target, on_hand, more, lost):
    quantities = [
        plan(
            policy=PolicyConfig(target=target, lost_sales=lost), on_hand=[stock], offers=[offer_row(**terms)]
        ).plan["order_quantity"][0]
        for stock in (on_hand, on_hand + more)
    ]
    assert quantities[1] <= quantities[0]


@settings(max_examples=8, deadline=None)
@given(TARGETS, st.floats(2, 300), st.floats(0.5, 100))
def test_a_dozen_as_the_unit_changes_the_numbers_but_not_the_decision(plan, target, mean, spread):
    policy = PolicyConfig(target=target)
    # quantities in parts of a unit, so that rounding to whole units does not enter
    single = plan((mean,), (spread,), policy=policy, on_hand=[100.5]).plan.iloc[0]
    tables = {"items": {"unit_cost": 120.0, "unit_price": 180.0}}
    dozen = plan(
        (mean / 12,),
        (spread / 12,),
        policy=policy,
        on_hand=[100.5 / 12],
        offers=[offer_row(unit_price=9.0 * 12)],
        **tables,
    ).plan.iloc[0]
    for column in ("reorder_point", "safety_stock", "order_up_to", "order_quantity"):
        assert dozen[column] * 12 == pytest.approx(single[column], rel=1e-3, abs=1e-3 * mean)
    assert dozen["stockout_probability"] == pytest.approx(single["stockout_probability"], abs=1e-3)


def test_a_higher_service_level_raises_the_reorder_point(plan):
    points = [
        plan(policy=PolicyConfig(level=level)).plan["reorder_point"][0] for level in (0.5, 0.8, 0.95, 0.99)
    ]
    assert (np.diff(points) > 0).all()


def test_an_items_own_target_holds_against_the_policys(plan):
    own = plan(items={"unit_cost": 9.0, "cycle_service_level": 0.5}).plan["reorder_point"][0]
    assert own < plan(items={"unit_cost": 9.0}).plan["reorder_point"][0]


def test_the_preferred_offer_holds_and_without_one_the_cheapest_in_all_is_taken(plan):
    offers = [offer_row(supplier_id="near", unit_price=9.05), offer_row(unit_price=9.0)]
    assert plan(offers=offers).plan["supplier_id"][0] == "near"
    offers[1]["preferred"] = True
    assert plan(offers=offers).plan["supplier_id"][0] == "far"


def test_an_expired_offer_is_no_offer_and_the_usual_supplier_is_taken(plan):
    bought = [{"supplier_id": "near", "unique_id": "sku00000", "ordered_at": "2023-10-01"}]
    made = plan(offers=[offer_row(valid_to="2023-12-01")], purchase_orders=bought).plan.iloc[0]
    assert made["supplier_id"] == "near"
    assert "no_offer" in made["codes"]


def test_what_cannot_be_answered_says_why_and_has_no_numbers(plan):
    made = plan((70.0, 70.0), (20.0, 20.0), offers=[offer_row()])
    assert made.unanswered.to_dict("records") == [{"unique_id": "sku00001", "reason": "no_supplier"}]
    last = made.plan.iloc[1]
    assert last["codes"] == "no_supplier"
    assert np.isnan(last["order_quantity"])
    assert pd.isna(last["order_by"])
    assert "no offer" in last["reason"]


def test_a_supplier_the_model_does_not_know_is_not_guessed(plan):
    made = plan(offers=[offer_row(supplier_id="nobody")])
    assert made.unanswered["reason"].tolist() == ["no_lead_time"]
    assert len(made.lead_time) == 0
    assert len(made.actions) == 0


def test_without_a_count_of_stock_there_is_a_reorder_point_but_no_order(plan, make_inputs, make_forecast):
    forecast = make_forecast([70], [20])
    tables = make_inputs(forecast.unique_ids, on_hand=[5], offers=[offer_row()])
    made = plan(forecast=forecast, inputs=replace(tables, stock=tables.stock.iloc[:0])).plan.iloc[0]
    assert made["reorder_point"] > 0
    assert np.isnan(made["order_quantity"])
    assert "no_stock" in made["codes"]


def test_without_any_price_there_are_quantities_but_no_money(plan):
    made = plan(offers=[offer_row(unit_price=np.nan)], items={"category": "x"})
    assert made.plan["order_quantity"][0] > 0
    assert np.isnan(made.plan["expected_cost"][0])
    assert "no_unit_cost" in made.plan["codes"][0]


def test_a_cost_target_without_costs_gives_way_to_the_service_level_and_says_so(plan):
    tables = {"offers": [offer_row(unit_price=np.nan)], "items": {"category": "x"}}
    priced, plain = (
        plan(policy=PolicyConfig(target=t), **tables).plan for t in ("cost", "cycle_service_level")
    )
    assert priced["reorder_point"][0] == plain["reorder_point"][0]
    assert "cost_target_unpriced" in priced["codes"][0]


def test_stock_counted_before_the_last_count_is_forgotten(plan, make_inputs, make_forecast):
    forecast = make_forecast([70], [20])
    tables = make_inputs(forecast.unique_ids, on_hand=[5], offers=[offer_row()])
    older = tables.stock.assign(as_of=tables.as_of - pd.Timedelta(days=9), on_hand=999.0)
    made = plan(forecast=forecast, inputs=replace(tables, stock=pd.concat([tables.stock, older])))
    assert made.plan["on_hand"][0] == 5


def test_planning_some_days_later_looks_at_the_days_that_are_left(plan, make_inputs, make_forecast):
    forecast = make_forecast([70], [0], rise=1.0)
    tables = make_inputs(forecast.unique_ids, on_hand=[5], offers=[offer_row(supplier_id="near")])
    later = replace(tables, as_of=tables.as_of + pd.Timedelta(days=7))
    today, week = (plan(forecast=forecast, inputs=i).plan for i in (tables, later))
    # weeks of 70, 140, 210: two weeks from the first are 210 units, from the second 350
    assert today["expected_lead_time_demand"][0] == pytest.approx(210, rel=0.03)
    assert week["expected_lead_time_demand"][0] == pytest.approx(350, rel=0.03)


def test_a_forecast_that_starts_after_the_day_of_planning_is_refused(plan, make_inputs, make_forecast):
    forecast = make_forecast([70], [20])
    tables = make_inputs(
        forecast.unique_ids, on_hand=[5], offers=[offer_row()], as_of=pd.Timestamp("2023-12-20")
    )
    with pytest.raises(
        PlanningError, match="as_of is 2023-12-20, before the forecast's first period 2024-01-01"
    ):
        plan(forecast=forecast, inputs=tables)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("stock", "on_hand", np.nan), ("stock", "on_hand", np.inf), ("offers", "moq", -5.0), ("items", "unit_cost", np.inf),
     ("open_orders", "quantity_open", np.nan)],
)  # fmt: skip
def test_numbers_that_are_none_are_refused_with_table_row_and_value(
    plan, make_inputs, make_forecast, table, column, value
):
    forecast = make_forecast([70], [20])
    open_orders = [order_line(quantity_open=9.0, age=1)]
    tables = make_inputs(forecast.unique_ids, on_hand=[5.0], offers=[offer_row(moq=1.0)], orders=open_orders)
    broken = getattr(tables, table).assign(**{column: value})
    with pytest.raises(PlanningError, match=rf"{table} row 0 \(sku00000\): {column} is"):
        plan(forecast=forecast, inputs=replace(tables, **{table: broken}))


def test_a_forecast_that_is_not_finite_is_refused_by_name(plan, make_forecast):
    forecast = make_forecast([70, 70], [20, 20])
    forecast.cumulative[1, 3, 4] = np.nan
    with pytest.raises(PlanningError, match="forecast of sku00001: cumulative holds"):
        plan(forecast=forecast)


def test_calibrated_rules_move_the_cost_target_of_their_class_only(plan):
    policy = PolicyConfig(target="cost")
    plain = plan(policy=policy).plan["reorder_point"][0]
    assert plan(policy=policy, rules=OrderRules({"smooth": -1.0})).plan["reorder_point"][0] < plain
    assert plan(policy=policy, rules=OrderRules({"lumpy": -1.0})).plan["reorder_point"][0] == plain


def test_rules_come_back_from_json_as_they_were():
    rules = OrderRules({"smooth": 0.25, "lumpy": -1.5})
    assert OrderRules.from_json(rules.to_json()) == rules
    with pytest.raises(PlanningError, match="shift of lumpy"):
        OrderRules.from_json({"shift": {"lumpy": float("nan")}})


def test_a_sku_planned_alone_gets_what_it_gets_among_others(plan, make_inputs, make_forecast):
    forecast = make_forecast([70, 3, 400], [20, 3, 10])
    offers = [offer_row(unique_id=u, moq=50, ordering_cost=20) for u in forecast.unique_ids]
    tables = make_inputs(forecast.unique_ids, on_hand=[200, 3, 0], offers=offers)
    together = plan(forecast=forecast, inputs=tables).plan
    for row in range(3):
        alone = plan(forecast=forecast.select([row]), inputs=tables).plan
        pd.testing.assert_frame_equal(alone.iloc[:1], together.iloc[[row]].reset_index(drop=True))


def test_the_shelf_life_limits_what_is_ordered_beyond_the_reorder_point(plan):
    cheap_to_hold = [offer_row(ordering_cost=500.0)]
    long, short = (
        plan(offers=cheap_to_hold, items={"unit_cost": 9.0, "shelf_life_days": days}).plan
        for days in (np.nan, 30.0)
    )
    assert short["order_up_to"][0] < long["order_up_to"][0]
    assert short["order_up_to"][0] >= short["reorder_point"][0]


def test_an_open_order_says_when_it_is_expected_and_how_late(make_inputs, make_forecast, lead_times):
    forecast = make_forecast((70.0,), (20.0,))
    line = {"line": "1", "supplier_id": "near", "unique_id": "sku00000", "quantity_open": 50.0, "age": 0.0}
    orders = [line | {"order_id": name} for name in ("early", "usual", "past", "unpromised")]
    inputs = make_inputs(forecast.unique_ids, on_hand=[5.0], offers=[offer_row()], orders=orders)
    promised = inputs.as_of + pd.to_timedelta([1.0, 30.0, -4.0, np.nan], unit="D")
    inputs = replace(inputs, open_orders=inputs.open_orders.assign(promised_at=promised))
    made = Planner(forecast, lead_times(), PolicyConfig(), OrderRules()).plan(inputs).open_orders
    days = made.set_index("order_id")["expected_days_late"]
    lead_time = lead_times().predict(pd.DataFrame({"supplier_id": ["near"]}))
    mean = float(lead_time.mean()[0])
    assert days["early"] == pytest.approx(mean - 1, abs=0.05)
    assert days["usual"] == pytest.approx(0.0, abs=1e-3)
    assert days["past"] == pytest.approx(mean + 4, abs=0.05)
    assert np.isnan(days["unpromised"])
    assert (made["expected_arrival"] == inputs.as_of + pd.Timedelta(days=np.ceil(mean))).all()


@pytest.mark.parametrize("chance", [0.0, 0.6])
def test_an_open_order_that_may_come_in_parts_says_when_the_first_would(
    make_inputs, make_forecast, lead_times, chance
):
    forecast = make_forecast((70.0,), (20.0,))
    line = {
        "order_id": "o",
        "line": "1",
        "supplier_id": "far",
        "unique_id": "sku00000",
        "quantity_open": 50.0,
    }
    inputs = make_inputs(
        forecast.unique_ids, on_hand=[5.0], offers=[offer_row()], orders=[line | {"age": 0.0}]
    )
    model = lead_times(in_parts=chance)
    made = Planner(forecast, model, PolicyConfig(), OrderRules()).plan(inputs).open_orders.iloc[0]
    assert made["part_probability"] == pytest.approx(chance)
    if chance:
        half = model.predict(pd.DataFrame({"supplier_id": ["far"]})).quantile(0.5)[0]
        assert made["first_part_share"] == 0.5
        assert made["first_part_q50"] == inputs.as_of + pd.Timedelta(days=np.ceil(half / 4))
    else:
        assert made[["first_part_share", "first_part_q50"]].isna().all()
