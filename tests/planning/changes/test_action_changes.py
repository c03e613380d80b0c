import pandas as pd

from planning.changes.action_changes import COLUMNS, action_changes, no_action_changes
from planning.changes.plan_record import PlanRecord, no_basis

MONDAY = pd.Timestamp("2024-01-08")
NOBODY = pd.DataFrame({"action_id": [], "status": []}, dtype=object)


def action(
    action_id: str, sku: str, worth: float, act_by: str = "2024-02-01", alternative_to: str = ""
) -> dict:
    return {
        "action_id": action_id,
        "kind": "cancel",
        "unique_id": sku,
        "supplier_id": "far",
        "title": f"Cancel an order of {sku}",
        "worth": worth,
        "worth_period": "once",
        "act_by": pd.Timestamp(act_by),
        "alternative_to": alternative_to,
    }


def record(*actions: dict) -> PlanRecord:
    columns = list(action("", "", 0.0))
    return PlanRecord(
        MONDAY, pd.DataFrame(), pd.DataFrame(actions, columns=columns), pd.DataFrame(), no_basis()
    )


def test_actions_appear_go_for_a_reason_or_are_worth_otherwise():
    old = record(
        action("agreed", "A", 50.0, "2024-01-02"),
        action("late", "B", 40.0, "2024-01-07"),
        action("beaten", "C", 30.0, "2024-01-08"),
        action("aside", "D", 25.0),
        action("poor", "E", 20.0),
        action("more", "F", 10.0),
        action("same", "G", 10.0),
        action("alternative", "H", 10.0, alternative_to="same"),
    )
    new = record(
        action("better", "C", 60.0),
        action("aside", "D", 25.0, alternative_to="other"),
        action("more", "F", 10.5),
        action("same", "G", 10.004),
    )
    decided = pd.DataFrame(
        {"action_id": ["agreed", "poor", "more"], "status": ["approved", "rejected", "approved"]}
    )
    table = action_changes(old, new, decided)
    assert list(table.columns) == COLUMNS == list(no_action_changes().columns)
    assert table["action_id"].tolist() == ["better", "agreed", "late", "beaten", "aside", "poor", "more"]
    said = table.set_index("action_id")[["change", "why", "worth_before", "worth"]].T.to_dict("list")
    assert said == {
        "better": ["appeared", "", 0.0, 60.0],
        "agreed": ["gone", "approved", 50.0, 0.0],
        "late": ["gone", "deadline_passed", 40.0, 0.0],
        "beaten": ["gone", "replaced", 30.0, 0.0],
        "aside": ["gone", "replaced", 25.0, 0.0],
        "poor": ["gone", "not_worth_it", 20.0, 0.0],
        "more": ["worth", "", 10.0, 10.5],
    }
    assert table["unique_id"].tolist() == ["C", "A", "B", "C", "D", "E", "F"]
    assert table["title"].notna().all()


def test_plans_with_the_same_actions_or_none_have_no_changes():
    some = record(action("same", "G", 10.0))
    for old, new in ((some, some), (record(), record())):
        assert action_changes(old, new, NOBODY).empty
