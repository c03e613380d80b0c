"""What was rejected three times at a supplier for the same reason waits until the facts change."""

import pandas as pd
import pytest

from planning.realised.rejected_often import held_back

DAY = pd.Timestamp("2024-03-01")


def rejections(times=3, *, category="supplier", supplier="D13", worth=100.0, on="2024-02-01", facts=None):
    return pd.DataFrame(
        {
            "action_id": [f"r{i}" for i in range(times)],
            "kind": "lower_moq",
            "supplier_id": supplier,
            "category": category,
            "label": "the supplier refuses",
            "worth": worth,
            "facts": [facts or {"moq": 24}] * times,
            "rejected_on": on,
        }
    )


def actions(*rows):
    known = {
        "action_id": "new",
        "kind": "lower_moq",
        "supplier_id": "D13",
        "worth": 120.0,
        "facts": {"moq": 30},
    }
    return pd.DataFrame([known | row for row in rows] or [known])


def held(actions, rejections, day=DAY):
    return held_back(actions, rejections, as_of=day).tolist()


def test_a_lever_rejected_three_times_at_a_supplier_is_held_back_there():
    assert held(actions(), rejections()) == ["rejected 3 times at D13: the supplier refuses"]
    assert held(actions(), rejections(2)) == [""]


@pytest.mark.parametrize("other", [{"kind": "switch_vendor"}, {"supplier_id": "D14"}])
def test_other_levers_and_other_suppliers_are_not(other):
    assert held(actions(other), rejections()) == [""]


def test_reasons_of_different_kinds_do_not_add_up():
    mixed = pd.concat([rejections(2), rejections(2, category="data")])
    assert held(actions(), mixed) == [""]


def test_it_is_proposed_again_when_far_more_is_at_stake():
    assert held(actions({"worth": 149.0}), rejections()) != [""]
    assert held(actions({"worth": 151.0}), rejections()) == [""]


def test_a_rejection_counts_no_more_when_its_facts_have_changed():
    same = {"action_id": "r0", "worth": 110.0, "facts": {"moq": 24}}
    assert held(actions({}, same), rejections())[0] != ""
    assert held(actions({}, same | {"facts": {"moq": 48}}), rejections())[0] == ""
    assert held(actions({}, same | {"worth": 160.0}), rejections())[0] == ""


def test_what_was_rejected_itself_is_not_held_back_twice_and_old_rejections_are_forgotten():
    assert held(actions({"action_id": "r0"}), rejections()) == [""]
    assert held(actions(), rejections(), pd.Timestamp("2025-02-15")) == [""]
    assert held(actions(), rejections().iloc[:0]) == [""]
