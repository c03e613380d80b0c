"""The judges of the fuzz run notice what they are there for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.dirty.dirty_company import DirtyCompany
from benchmarks.dirty.dirty_table import Verdict
from benchmarks.dirty.judge_neighbours import judge_neighbours, touched_skus
from benchmarks.dirty.judge_plan import judge_plan
from benchmarks.dirty.judge_reading import judge_reading

ROW = np.array([3])


@pytest.fixture
def company(clean) -> DirtyCompany:
    return DirtyCompany.of(clean, np.random.default_rng(0))


@pytest.fixture(scope="module")
def plan(clean):
    return clean.plan


def judged(company, clean, checked=None):
    return [
        (failure.kind, failure.where) for failure in judge_reading(company, clean, checked or clean.checked)
    ]


def with_table(checked, name, frame):
    return replace(checked, tables=replace(checked.tables, **{name: frame}))


def test_nothing_is_found_where_nothing_was_changed(company, clean):
    assert judged(company, clean) == []


def test_a_changed_value_of_an_untouched_row_is_found(company, clean):
    offers = clean.checked.tables.offers
    moq = offers["moq"].where(offers.index != 3, 77.0)
    assert judged(company, clean, with_table(clean.checked, "offers", offers.assign(moq=moq))) == [
        ("changed row", "offers.moq")
    ]


def test_a_lost_row_is_found(company, clean):
    offers = clean.checked.tables.offers.drop(index=3).reset_index(drop=True)
    assert judged(company, clean, with_table(clean.checked, "offers", offers)) == [("lost row", "offers")]


def test_a_row_in_quarantine_is_not_lost(company, clean):
    offers = clean.checked.tables.offers.drop(index=3).reset_index(drop=True)
    line = 3 + (2 if company.tables["offers"].style.suffix == ".csv" else 1)
    held = pd.DataFrame({"source_line": [line], "reason": ["x"], "rule": ["x"]})
    checked = replace(with_table(clean.checked, "offers", offers), quarantine={"offers": held})
    company.tables["offers"].counted = False
    assert judged(company, clean, checked) == []


def test_rows_that_do_not_add_up_are_found(company, clean):
    company.tables["offers"].take(np.arange(len(company.tables["offers"]) - 1))
    assert ("rows miscounted", "offers") in judged(company, clean)


@pytest.mark.parametrize("verdict", [Verdict.WRONG, Verdict.MEANT])
def test_a_touched_cell_read_as_something_else_without_a_word_is_found(verdict, company, clean):
    company.tables["offers"].put(ROW, "moq", ["-5"], verdict)
    company.tables["offers"].mean(ROW, "moq", [-5.0])
    assert judged(company, clean) == [("silent wrong", "offers.moq")]


def test_a_cell_that_may_be_anything_is_not_judged(company, clean):
    company.tables["offers"].put(ROW, "moq", ["-5"], Verdict.OPEN)
    assert judged(company, clean) == []


def test_a_wrong_key_that_is_taken_is_found(company, clean):
    company.tables["items"].put(ROW, "unique_id", ["1\n2"], Verdict.WRONG)
    assert judged(company, clean) == [("silent wrong", "items key")]


@pytest.mark.parametrize(("named", "found"), [("always", True), ("if not read", False), ("", False)])
def test_a_table_of_which_something_must_be_said_is_found(named, found, company, clean):
    company.tables["stock"].named = named
    assert (("nothing said", "stock") in judged(company, clean)) is found


def test_a_table_left_out_in_silence_is_found(company, clean):
    company.tables["rates"] = company.tables.pop("events")
    company.tables["rates"].name, company.tables["rates"].named = "rates", "if not read"
    assert judged(company, clean) == [("nothing said", "rates")]


def test_the_plan_of_the_clean_company_is_fine(plan, clean):
    assert list(judge_plan(plan, clean.checked.tables.offers)) == []


@pytest.mark.parametrize(
    ("column", "value", "where"),
    [
        ("reorder_point", -1.0, "negative reorder_point"),
        ("reorder_point", np.nan, "empty reorder_point"),
        ("reorder_point", np.inf, "plan.reorder_point"),
        ("stockout_probability", 1.2, "probability above 1"),
        ("expected_shortage", 1e6, "more short than demanded"),
        ("order_by", pd.Timestamp("2017-12-31"), "order_by in the past"),
        ("order_up_to", 0.0, "order_up_to below the reorder point"),
        ("order_quantity", 0.5, "order against its terms"),
        ("order_quantity", 1e7, "order against its terms"),
    ],
)
def test_a_number_that_no_planner_would_sign_is_found(column, value, where, plan, clean):
    ordered = plan.plan["order_quantity"].gt(0).to_numpy()
    changed = plan.plan.assign(**{column: plan.plan[column].mask(ordered, value)})
    found = {failure.where for failure in judge_plan(replace(plan, plan=changed), _bounded(clean))}
    assert where in found


def test_no_order_beside_a_sure_stockout_is_found(plan, clean):
    changed = plan.plan.assign(stockout_probability=1.0, reason="No order needed: enough is there.")
    found = judge_plan(replace(plan, plan=changed), clean.checked.tables.offers)
    assert "no order beside a sure stockout" in {failure.where for failure in found}


def test_a_plan_that_moved_for_an_untouched_sku_is_found(company, plan):
    ids = plan.plan["unique_id"]
    company.tables["offers"].put(ROW, "moq", ["9"], Verdict.MEANT)
    touched = company.tables["offers"].cells["unique_id"][3]
    assert touched_skus(company) == {touched}
    moved = plan.plan.assign(reorder_point=plan.plan["reorder_point"].where(ids != touched, 1e6))
    assert list(judge_neighbours(company, plan.plan, moved)) == []
    moved = plan.plan.assign(reorder_point=plan.plan["reorder_point"].where(ids == touched, 1e6))
    assert [failure.where for failure in judge_neighbours(company, plan.plan, moved)] == ["reorder_point"]


def test_untouched_skus_are_judged_while_they_are_half_of_the_company(company, plan):
    names = sorted(company.tables["stock"].cells["unique_id"])
    moved = plan.plan.assign(reorder_point=1e6)
    half = len(plan.plan) // 2
    for touched, found in ((half, {"reorder_point"}), (half + 1, set())):
        rows = np.flatnonzero(np.isin(company.tables["stock"].cells["unique_id"], names[:touched]))
        company.tables["stock"].put(rows, "on_hand", ["1"] * len(rows), Verdict.MEANT)
        assert {failure.where for failure in judge_neighbours(company, plan.plan, moved)} == found


def test_the_cheapest_stock_of_what_perishes_may_move_where_its_cost_does_not(company, plan):
    def moved(**columns):
        found = judge_neighbours(company, before, before.assign(**columns))
        return {failure.where for failure in found}

    before = plan.plan.assign(codes="no_offer;target_perishes", reorder_point=100.0, expected_cost=50.0)
    assert moved(reorder_point=50.0, expected_cost=54.0) == set()
    assert moved(reorder_point=50.0, expected_cost=60.0) == {"reorder_point"}
    assert moved(reorder_point=80.0, expected_cost=60.0) == set()
    assert moved(reorder_point=50.0, codes="no_offer") == {"reorder_point"}
    twice = before["inventory_position"] * 2 + 10
    assert moved(inventory_position=twice) == {"inventory_position"}


def test_a_further_column_of_items_may_be_read_as_texts_of_the_same_values(company, clean):
    items = clean.checked.tables.items
    texts = items["manufacturer_id"].map(lambda value: f"{value:g}")
    assert (
        judged(company, clean, with_table(clean.checked, "items", items.assign(manufacturer_id=texts))) == []
    )
    texts[3] = "9"
    changed = with_table(clean.checked, "items", items.assign(manufacturer_id=texts))
    assert judged(company, clean, changed) == [("changed row", "items.manufacturer_id")]


def test_skus_of_rows_left_out_or_written_twice_are_touched(company):
    receipts = company.tables["receipts"]
    orders = company.tables["purchase_orders"].clean.typed.set_index(["order_id", "line"])["unique_id"]
    receipts.take(np.append(np.arange(1, len(receipts)), len(receipts) - 1))
    lines = receipts.clean.typed[["order_id", "line"]].itertuples(index=False, name=None)
    first, *_, last = [orders[line] for line in lines]
    assert touched_skus(company) == {first, last}


def _bounded(clean) -> pd.DataFrame:
    offers = clean.checked.tables.offers
    return offers.assign(
        max_quantity=offers["max_quantity"].fillna(1e5), moq=offers["moq"].fillna(1).clip(lower=1)
    )
