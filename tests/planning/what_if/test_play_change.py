"""A change played: what is changed reaches the plan as if the tables said so, and nothing else moves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.inputs import PlanInputs
from planning.planner import Planner
from planning.what_if.change import Amount, Change, WhatIfError
from planning.what_if.changed_inputs import changed_forecast, changed_inputs
from planning.what_if.outcomes import COSTS, outcomes
from planning.what_if.play_change import play_change

CLOSED_FORM = PolicyConfig(played_from=1e12)


@pytest.fixture
def setup(make_forecast, make_inputs, lead_times):
    def made(skus=1, *, policy=CLOSED_FORM, offers=None, **tables) -> tuple[Planner, PlanInputs]:
        forecast = make_forecast([70.0] * skus, [20.0] * skus)
        ids = forecast.unique_ids
        rows = [offer_row(unique_id=u, moq=40) for u in ids] if offers is None else offers
        inputs = make_inputs(ids, on_hand=[200.0] * skus, offers=rows, **tables)
        return Planner(forecast, lead_times(), policy), inputs

    return made


def only(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


def test_a_change_of_nothing_is_today(setup) -> None:
    planner, inputs = setup()
    found = play_change(planner, inputs, Change("far"))
    assert found.change.changes_nothing
    pd.testing.assert_frame_equal(found.before, found.after)
    assert (found.sums["difference"] == 0).all()
    assert found.moved_most(10).empty


@pytest.mark.parametrize(
    ("change", "offer"),
    [
        ({"moq": Amount(300)}, {"moq": 300}),
        ({"moq": Amount(10.0, relative=True)}, {"moq": 400}),
        ({"order_multiple": Amount(90)}, {"order_multiple": 90}),
        ({"price": Amount(8.0)}, {"unit_price": 8.0, "price_breaks": "250:7.2"}),
        ({"price": Amount(0.5, relative=True)}, {"unit_price": 5.0, "price_breaks": "250:4.5"}),
    ],
)
def test_changed_terms_are_planned_as_if_the_offer_said_so(setup, change, offer) -> None:
    terms = {"moq": 40, "unit_price": 10.0, "price_breaks": "250:9"}
    planner, inputs = setup(offers=[offer_row(unique_id="sku00000", **terms)])
    before = inputs.offers.copy()
    found = play_change(planner, inputs, Change("far", **change))
    said = setup(offers=[offer_row(unique_id="sku00000", **terms | offer)])[1]
    pd.testing.assert_frame_equal(found.after, outcomes(planner.assess(said)))
    assert not found.after.equals(found.before)
    pd.testing.assert_frame_equal(inputs.offers, before)


def test_the_terms_of_others_stay(setup) -> None:
    rows = [offer_row(unique_id="sku00000", supplier_id=name, moq=40) for name in ("near", "far")]
    planner, inputs = setup(offers=rows)
    lanes = planner.assess(inputs).chosen_terms.lanes
    new = changed_inputs(inputs, planner.forecast, lanes, Change("far", moq=Amount(99)), CLOSED_FORM).offers
    assert new.set_index("supplier_id")["moq"].to_dict() == {"near": 40, "far": 99}


def test_who_sells_without_an_offer_gets_one_with_the_changed_terms(setup) -> None:
    past = [{"supplier_id": "far", "unique_id": "sku00000", "ordered_at": "2023-10-01"}]
    planner, inputs = setup(offers=[], purchase_orders=past)
    found = play_change(planner, inputs, Change("far", moq=Amount(300), price=Amount(0.9, relative=True)))
    assert only(found.before)["unit_price"] == pytest.approx(10.0)
    assert only(found.after)["unit_price"] == pytest.approx(9.0)
    assert only(found.after)["order_size"] == 300


def test_an_moq_above_the_maximum_is_refused_with_the_fix(setup) -> None:
    planner, inputs = setup(offers=[offer_row(unique_id="sku00000", moq=40, max_quantity=200)])
    with pytest.raises(
        WhatIfError, match=r"moq is 201 for sku00000, above its maximum 200; give that or less"
    ):
        play_change(planner, inputs, Change("far", moq=Amount(201)))
    assert only(play_change(planner, inputs, Change("far", moq=Amount(200))).after)["order_size"] == 200


def test_a_longer_lead_time_moves_the_mean_and_a_wider_one_only_the_spread(setup) -> None:
    planner, inputs = setup()
    longer = play_change(planner, inputs, Change("far", lead_time_days=5.0)).difference.iloc[0]
    assert longer["lead_time"] == pytest.approx(5.0)
    assert longer["lead_time_sd"] == pytest.approx(0.0, abs=1e-9)
    assert longer["lead_time_demand"] == pytest.approx(50.0, rel=1e-6)
    wider = play_change(planner, inputs, Change("far", spread=1.5))
    assert only(wider.after)["lead_time_sd"] == pytest.approx(
        1.5 * only(wider.before)["lead_time_sd"], rel=1e-3
    )
    assert only(wider.difference)["lead_time"] == pytest.approx(0.0, abs=1e-2)
    assert only(wider.difference)["safety_stock"] > 10
    other = play_change(planner, inputs, Change("near", lead_time_days=5.0))
    pd.testing.assert_frame_equal(other.after, other.before)


def test_while_a_supplier_is_closed_new_and_open_orders_stand_still(setup) -> None:
    planner, inputs = setup(orders=[order_line(quantity_open=100, age=20)])
    until = inputs.as_of + pd.Timedelta(days=10)
    today = planner.assess(inputs)
    found = play_change(planner, inputs, Change("far", closed_until=until))
    assert only(found.difference)["lead_time"] == pytest.approx(10.0)
    assert only(found.difference)["stockout_risk"] > 0
    from planning.what_if.changed_lead_times import ChangedLeadTimes

    model = ChangedLeadTimes(planner.lead_times, Change("far", closed_until=until), inputs.as_of)
    later = replace(planner, lead_times=model).assess(inputs)
    gap = later.pipeline.remaining.mean() - today.pipeline.remaining.mean()
    assert gap == pytest.approx([10.0], abs=0.3)


def test_what_is_ordered_already_takes_as_long_as_before(setup) -> None:
    planner, inputs = setup(orders=[order_line(quantity_open=100, age=20)])
    from planning.what_if.changed_lead_times import ChangedLeadTimes

    model = ChangedLeadTimes(planner.lead_times, Change("far", lead_time_days=30.0, spread=3.0), inputs.as_of)
    later, today = replace(planner, lead_times=model).assess(inputs), planner.assess(inputs)
    np.testing.assert_array_equal(later.pipeline.remaining.values, today.pipeline.remaining.values)


def test_demand_changes_in_every_period_as_an_override_would(setup) -> None:
    planner, inputs = setup()
    more = changed_forecast(planner.forecast, 1.2)
    np.testing.assert_allclose(more.mean, 1.2 * planner.forecast.mean)
    np.testing.assert_allclose(more.cumulative_mean, 1.2 * planner.forecast.cumulative_mean)
    recent = pd.DataFrame({"unique_id": ["sku00000"], "per_day": [10.0]})
    lanes = planner.assess(inputs).chosen_terms.lanes
    given = replace(inputs, recent_demand=recent)
    new = changed_inputs(given, planner.forecast, lanes, Change("far", demand=1.2), CLOSED_FORM)
    assert new.recent_demand["per_day"].tolist() == [12.0]
    found = play_change(planner, inputs, Change("far", demand=1.2))
    assert only(found.after)["lead_time_demand"] == pytest.approx(
        1.2 * only(found.before)["lead_time_demand"]
    )


@pytest.mark.parametrize(("target", "kind"), [("fill_rate", "fill_rate"), ("cost", "cycle_service_level")])
def test_a_changed_target_is_kept_as_the_policy_counts_service(setup, target, kind) -> None:
    planner, inputs = setup(policy=PolicyConfig(played_from=1e12, target=target))
    found = only(play_change(planner, inputs, Change("far", target=0.99)).after)
    assert (found["target"], found["target_level"]) == (kind, 0.99)


def test_one_sku_is_played_to_its_new_target(setup) -> None:
    planner, inputs = setup(policy=PolicyConfig(level=0.9))
    found = play_change(planner, inputs, Change("far", target=0.98))
    assert only(found.before)["service_kept"] >= 0.9
    assert only(found.after)["service_kept"] >= 0.98
    assert only(found.difference)["reorder_point"] > 0
    assert only(found.difference)["average_stock"] > 0


def test_sums_add_up_and_the_sku_that_moves_most_comes_first(setup) -> None:
    rows = [
        offer_row(unique_id=f"sku{i:05d}", moq=40, unit_price=price) for i, price in enumerate((5, 20, 10))
    ]
    planner, inputs = setup(3, offers=rows)
    found = play_change(planner, inputs, Change("far", lead_time_days=9.0))
    sums = found.sums
    for name in ("order_money", "tied_up", *COSTS):
        assert sums.loc[name, "after"] == pytest.approx(found.after[name].sum())
        assert sums.loc[name, "difference"] == pytest.approx(found.difference[name].sum())
    assert sums.loc["cost", "before"] == pytest.approx(sums["before"][list(COSTS[:-1])].sum())
    assert sums.loc["bought", "after"] == 3
    assert sums.loc["stockouts", "before"] == pytest.approx(found.before["stockout_risk"].sum())
    moved = found.moved_most(2)
    assert moved["unique_id"].tolist() == ["sku00001", "sku00002"]
    assert moved["cost_before"].tolist() == found.before.loc[moved["unique_id"], "cost"].tolist()


def test_a_dearer_supplier_loses_the_sku_to_the_other(setup) -> None:
    rows = [offer_row(unique_id="sku00000", supplier_id=name, unit_price=9.0) for name in ("near", "far")]
    planner, inputs = setup(offers=rows)
    used = only(play_change(planner, inputs, Change("near")).before)["supplier_id"]
    other = {"near": "far", "far": "near"}[used]
    found = play_change(planner, inputs, Change(used, price=Amount(3.0, relative=True)))
    assert only(found.after)["supplier_id"] == other
    assert found.sums.loc["bought", ["before", "after"]].tolist() == [1, 0]
    assert found.moved_most(1)["supplier_id_before"].tolist() == [used]


@pytest.mark.parametrize("holding", [None, 0.0])
def test_average_stock_is_half_a_lot_and_the_safety_stock_and_ties_up_its_price(setup, holding) -> None:
    items = {"unit_cost": 10.0, "unit_price": 15.0, "shortage_cost": 3.0} | (
        {} if holding is None else {"holding_cost": holding}
    )
    planner, inputs = setup(offers=[offer_row(unique_id="sku00000", moq=400, unit_price=10.0)], items=items)
    row = only(play_change(planner, inputs, Change("far")).before)
    assert row["average_stock"] == pytest.approx(row["order_size"] / 2 + row["safety_stock"])
    assert row["tied_up"] == pytest.approx(10.0 * row["average_stock"])
    assert row["order_money"] == pytest.approx(10.0 * row["order_quantity"])
