from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.changes import causes
from planning.changes.plan_changes import (
    COLUMNS,
    NUMBERS,
    PART_COLUMNS,
    moved_skus,
    no_changes,
    plan_changes,
    sku_parts,
    skus_to_split,
)
from planning.changes.plan_record import no_basis

SKUS = ["sku00000", "sku00001", "sku00002"]
PLANS = st.fixed_dictionaries(
    {},
    optional={
        "means": st.sampled_from([(70.0, 8.0, 30.0), (90.0, 5.0, 0.0)]),
        "spreads": st.sampled_from([(20.0, 4.0, 25.0), (35.0, 4.0, 10.0)]),
        "rise": st.sampled_from([0.0, 0.05]),
        "days": st.sampled_from([(35, 8), (20, 8), (35, 2), (6, 5)]),
        "on_hand": st.sampled_from([(200.0, 20.0, 600.0), (900.0, 0.0, 100.0)]),
        "offer": st.sampled_from([{}, {"moq": 250.0, "order_multiple": 12.0}, {"price_breaks": "300:8.5"}]),
        "policy": st.sampled_from(
            [
                {},
                {"level": 0.8},
                {"target": "fill_rate", "level": 0.97},
                {"target": "cost"},
                {"review_period_days": 28},
            ]
        ),
    },
)


def changed_causes(row: pd.Series) -> set[str]:
    return {cause for number in NUMBERS for cause in sku_parts(row, number)}


def assert_parts_sum(table: pd.DataFrame) -> None:
    for number in NUMBERS:
        change = table[number] - table[f"{number}_before"]
        np.testing.assert_allclose(table[PART_COLUMNS[number]].sum(axis=1), change, atol=1e-6, rtol=0)


@settings(max_examples=25, deadline=None)
@given(PLANS, PLANS)
def test_the_parts_sum_to_the_change_and_what_did_not_change_has_none(make_plan, changes_between, old, new):
    table = changes_between(make_plan(**old), make_plan(**new))
    assert list(table.columns) == COLUMNS
    assert_parts_sum(table)
    assert not table[PART_COLUMNS["reorder_point"]].isna().any().any()
    no_part = {
        "means": {causes.DEMAND_LEVEL},
        "days": {causes.LEAD_TIME_MEAN, causes.LEAD_TIME_SPREAD},
        "policy": {causes.TARGET},
        "on_hand": {causes.STOCK},
    }
    apart = {
        "means": {"rise"},
        "on_hand": {"days", "policy"},
    }  # a rise has another level, cover follows the lead time
    for name, own in no_part.items():
        if all(old.get(key) == new.get(key) for key in {name} | apart.get(name, set())):
            for cause in own:
                for number in NUMBERS:
                    assert table[f"{number}_{cause}"].abs().max() <= 1e-6 or table.empty, (name, cause)


@pytest.mark.parametrize(
    ("change", "own", "sign"),
    [
        ({"means": (100.0, 14.0, 45.0), "spreads": (28.57, 7.0, 37.5)}, {causes.DEMAND_LEVEL}, 1),
        ({"spreads": (40.0, 8.0, 50.0)}, {causes.DEMAND_UNCERTAINTY}, 1),
        ({"days": (50, 8)}, {causes.LEAD_TIME_MEAN, causes.LEAD_TIME_SPREAD}, 1),
        ({"days": (35, 16)}, {causes.LEAD_TIME_SPREAD, causes.LEAD_TIME_MEAN}, 1),
        ({"policy": {"level": 0.99}}, {causes.TARGET}, 1),
        ({"policy": {"level": 0.7}}, {causes.TARGET}, -1),
        ({"policy": {"target": "fill_rate", "level": 0.99}}, {causes.TARGET}, None),
    ],
)
def test_a_change_of_one_cause_is_that_causes(make_plan, changes_between, change, own, sign):
    table = changes_between(make_plan(), make_plan(**change))
    assert len(table) == 3
    for _, row in table.iterrows():
        parts = sku_parts(row, "reorder_point")
        assert set(parts) - {causes.PLAY} <= own
        main = max(own & set(parts), key=lambda cause: abs(parts[cause]))
        by_formula = sum(parts.get(cause, 0.0) for cause in own)
        assert abs(parts[main]) >= 0.8 * abs(by_formula)
        assert sign is None or sign * parts[main] > 0


def test_a_slower_supplier_is_the_mean_and_a_less_steady_one_the_spread(make_plan, changes_between):
    for days, main in (((50, 8), causes.LEAD_TIME_MEAN), ((35, 16), causes.LEAD_TIME_SPREAD)):
        row = changes_between(make_plan(), make_plan(days=days)).loc[SKUS[0]]
        parts = sku_parts(row, "reorder_point")
        assert max(parts, key=lambda cause: abs(parts[cause])) == main


def test_rising_demand_is_level_and_season(make_plan, changes_between):
    row = changes_between(make_plan(), make_plan(rise=0.03)).loc[SKUS[0]]
    parts = sku_parts(row, "reorder_point")
    assert parts[causes.DEMAND_LEVEL] > 0 > parts[causes.SEASON], (
        "the year ahead rises more than the next weeks"
    )


def test_other_stock_moves_the_order_and_no_reorder_point(make_plan, changes_between):
    table = changes_between(make_plan(), make_plan(on_hand=(100.0, 20.0, 0.0)))
    assert list(table.index) == [SKUS[2], SKUS[0]]
    for _, row in table.iterrows():
        assert row["reorder_point"] == row["reorder_point_before"]
        assert set(sku_parts(row, "order_quantity")) <= {causes.STOCK, causes.PLAY}
        assert sku_parts(row, "order_quantity")[causes.STOCK] > 0
        assert row["order_money"] == pytest.approx(
            (row["order_quantity"] - row["order_quantity_before"]) * 9.0
        )
        assert row["money"] == row["order_money"]


def test_a_larger_lot_is_the_lots(make_plan, changes_between):
    table = changes_between(make_plan(), make_plan(offer={"moq": 700.0}))
    row = table.loc[SKUS[0]]
    assert sku_parts(row, "order_quantity")[causes.LOT] > 0
    assert set(sku_parts(row, "reorder_point")) <= {causes.PLAY}


def test_what_a_whole_order_adds_is_the_supplier_orders(make_plan, changes_between):
    old, new = make_plan(), make_plan()
    more = new.record.plan.assign(order_quantity=new.record.plan["order_quantity"] + [7.0, 0.0, 0.0])
    table = changes_between(old, replace(new, record=replace(new.record, plan=more)))
    assert list(table.index) == [SKUS[0]]
    assert sku_parts(table.iloc[0], "order_quantity") == pytest.approx({causes.SUPPLIER_ORDER: 7.0})


def test_what_people_set_is_the_overrides(make_plan, changes_between):
    old, new = make_plan(), make_plan(means=(90.0, 10.0, 40.0), policy={"level": 0.99})
    basis = new.record.basis.assign(
        forecast_overrides=["a", "", ""], level_overrides=["", "b", ""], settled=[False, False, True]
    )
    ordered = new.record.plan.assign(order_quantity=[400.0, 50.0, 33.0])
    table = changes_between(old, replace(new, record=replace(new.record, basis=basis, plan=ordered)))
    assert_parts_sum(table)
    first, second, third = (sku_parts(table.loc[sku], "reorder_point") for sku in SKUS)
    assert first[causes.OVERRIDES] > 0
    assert not {causes.DEMAND_LEVEL, causes.DEMAND_UNCERTAINTY, causes.SEASON} & set(first)
    assert causes.TARGET in first
    assert second[causes.OVERRIDES] > 0
    assert causes.TARGET not in second
    assert causes.DEMAND_LEVEL in second
    assert causes.OVERRIDES not in third
    held = sku_parts(table.loc[SKUS[2]], "order_quantity")
    assert causes.OVERRIDES in held
    assert causes.SUPPLIER_ORDER not in held


def test_new_and_gone_skus_and_plans_without_a_basis_are_not_split(make_plan):
    old, new = make_plan(), make_plan(days=(50, 8))
    fewer = replace(old.record, plan=old.record.plan.iloc[1:], basis=no_basis())
    moved = moved_skus(fewer, new.record)
    assert len(skus_to_split(moved, fewer, new.record)) == 0
    table = plan_changes(moved, fewer, new.record, forecasts=None).set_index("unique_id")
    assert_parts_sum(table)
    assert set(sku_parts(table.loc[SKUS[0]], "reorder_point")) == {causes.ASSORTMENT}
    assert set(sku_parts(table.loc[SKUS[1]], "reorder_point")) == {causes.NOT_SPLIT}
    assert table.loc[SKUS[0], "supplier_before"] is None
    assert table.loc[SKUS[0], "lead_time"] == pytest.approx(50, abs=0.5)
    assert table.loc[SKUS[1], "lead_time_before"] == pytest.approx(35, abs=0.5)


def test_the_same_plan_has_no_changes(make_plan, changes_between):
    table = changes_between(make_plan(), make_plan())
    assert table.empty
    assert list(table.columns) == list(no_changes().columns)
    assert table.dtypes.equals(no_changes().dtypes)


def test_a_split_does_not_depend_on_the_skus_beside(make_plan, changes_between):
    old, new = make_plan(), make_plan(days=(20, 2), means=(90.0, 5.0, 31.0), policy={"target": "fill_rate"})
    both = changes_between(old, new)
    alone = [
        replace(plan, record=replace(plan.record, plan=plan.record.plan.iloc[[1]])) for plan in (old, new)
    ]
    pd.testing.assert_frame_equal(changes_between(*alone), both.loc[[SKUS[1]]])
