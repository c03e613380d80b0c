"""What is asked of a SKU or a supplier: as the plan has it today, and the changed plan beside it."""

import numpy as np
import pytest

from serving.http.problems import Problem
from serving.what_if import asked as asked_room
from serving.what_if.asked import ask_of_sku, ask_of_supplier


def test_today_is_the_plan_and_the_change_is_beside_it(served) -> None:
    found = ask_of_sku(served, "sku16", {"lead_time_days": "5"})
    plan = served.snapshot.plan.set_index("unique_id").loc["sku16"]
    before = found.what_if.before.loc["sku16"]
    for name in ("reorder_point", "order_up_to", "stockout_probability"):
        assert before[{"stockout_probability": "stockout_risk"}.get(name, name)] == pytest.approx(plan[name])
    assert found.what_if.after.loc["sku16", "lead_time"] == pytest.approx(before["lead_time"] + 5)
    assert (found.played, found.skus, found.all_skus) == (True, 1, 1)


def test_nothing_is_stored_and_the_same_question_has_the_same_answer(served) -> None:
    offers, items = served.inputs.offers.copy(), served.inputs.items.copy()
    query = {"moq": "500", "price": "-10%", "target": "99%", "demand": "1.3"}
    first, again = (ask_of_sku(served, "sku16", query).what_if.after for _ in range(2))
    assert first.equals(again)
    assert served.inputs.offers.equals(offers)
    assert served.inputs.items.equals(items)


def test_of_a_supplier_all_skus_that_it_sells_are_asked_about(served) -> None:
    found = ask_of_supplier(served, "south", {"price": "-20%"})
    offers = served.inputs.offers
    sold = {*offers.loc[offers["supplier_id"] == "south", "unique_id"]}
    bought = {sku for sku, name in served.planned_supplier.items() if name == "south"}
    assert set(found.what_if.before.index) == (sold | bought) & set(served.row_of)
    assert found.what_if.sums.loc["bought", "before"] == len(bought)


def test_many_skus_are_not_played_and_of_very_many_the_most_used_are_taken(served, monkeypatch) -> None:
    whole = ask_of_supplier(served, "south", {"demand": "2"})
    assert whole.played
    monkeypatch.setattr(asked_room, "MOST_PLAYED", 1)
    monkeypatch.setattr(asked_room, "MOST_ASSESSED", 2)
    few = ask_of_supplier(served, "south", {"demand": "2"})
    assert (few.played, few.skus, few.all_skus) == (False, 2, whole.all_skus)
    assert few.what_if.before["service_kept"].isna().all()
    items = served.inputs.items.set_index("unique_id")["unit_cost"]
    use = {
        sku: served.forecast.cumulative_mean[served.row_of[sku], -1] * np.nan_to_num(items[sku], nan=1.0)
        for sku in whole.what_if.before.index
    }
    assert set(few.what_if.before.index) == set(sorted(use, key=use.get, reverse=True)[:2])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"supplier_id": "nobody"}, "supplier_id is 'nobody', expected one that sells sku16: "),
        ({"spread": "x"}, "spread is 'x', expected a factor"),
    ],
)
def test_what_cannot_be_asked_is_refused(served, query, words) -> None:
    with pytest.raises(Problem, match=words) as caught:
        ask_of_sku(served, "sku16", query)
    assert caught.value.status == 422


def test_unknown_skus_and_suppliers_are_not_found(served) -> None:
    for ask, name in ((ask_of_sku, "nope"), (ask_of_supplier, "nope")):
        with pytest.raises(Problem) as caught:
            ask(served, name, {})
        assert caught.value.status == 404
