from dataclasses import replace
from datetime import date

import pytest
from order_requests import TODAY, line, proposal

from database.purchase_orders.records import TOP_UP, OrderError, OrderStateError, PurchaseOrder
from database.purchase_orders.transitions import (
    LineEdit,
    comment,
    edit_lines,
    mark_exported,
    mark_sent,
    receive_line,
    renew,
    reopen,
    withdraw,
)
from database.schema import utc_now

NOW = utc_now()
DRAFT = PurchaseOrder(
    order_id="PV-2026-000001",
    supplier_id="acme",
    run_id=1,
    status="draft",
    version=1,
    currency="EUR",
    order_on=TODAY,
    created_by="ada",
    created_at=NOW,
    lines=(line("a", 50.0), line("b", 10.0, number=2)),
)
EXPORTED = replace(DRAFT, status="exported", ordered_on=TODAY, awaited_from=TODAY)


def test_a_quantity_and_a_day_are_edited_and_both_remembered():
    due = date(2026, 4, 1)
    after, events = edit_lines(DRAFT, [LineEdit("a", 40.0, {"due": due, "unit_price": 2.6})], reason="room")
    assert (after.lines[0].quantity, after.lines[0].due, after.lines[0].unit_price) == (40.0, due, 2.6)
    assert after.lines[0].edited
    assert after.lines[1] == DRAFT.lines[1]
    assert [(event.kind, event.reason) for event in events] == [("edited", "room")]
    assert events[0].facts == {
        "unique_id": "a",
        "quantity": [50.0, 40.0],
        "due": ["2026-03-16", "2026-04-01"],
    }


def test_an_edit_that_changes_nothing_is_no_event():
    assert edit_lines(DRAFT, [LineEdit("a", 50.0, {})], order_on=TODAY) == (DRAFT, [])


def test_a_dropped_line_stays_with_nothing_ordered():
    after, events = edit_lines(DRAFT, [LineEdit("a", 0.0, {})])
    assert [each.unique_id for each in after.ordered] == ["b"]
    assert (len(after.lines), after.goods, events[0].kind) == (2, 25.0, "dropped")


def test_an_added_line_gets_the_next_number():
    after, events = edit_lines(DRAFT, [LineEdit("c", 4.0, {"unit_price": 1.0}, accepted=("few sell",))])
    added = after.lines[2]
    assert (added.line, added.quantity, added.proposed, added.origin) == (3, 4.0, 0.0, "added")
    assert (events[0].kind, events[0].facts["accepted"]) == ("added", ["few sell"])


def test_the_day_it_goes_out_is_edited():
    after, events = edit_lines(DRAFT, [], order_on=date(2026, 3, 9))
    assert after.order_on == date(2026, 3, 9)
    assert events[0].facts == {"order_on": ["2026-03-02", "2026-03-09"]}


def test_a_line_moves_out_of_one_order_and_into_the_other():
    edit = LineEdit("a", 45.0, {"unit_price": 2.0, "due": date(2026, 3, 20)}, move_to="other")
    left, out = edit_lines(DRAFT, [edit])
    assert (left.lines[0].quantity, left.lines[0].origin) == (0.0, "moved")
    assert out[0].facts == {"unique_id": "a", "quantity": [50.0, 0.0], "to": "other"}
    taken, came = receive_line(replace(DRAFT, supplier_id="other", lines=()), edit, came_from=DRAFT)
    assert [(each.unique_id, each.quantity, each.unit_price, each.origin) for each in taken.lines] == [
        ("a", 45.0, 2.0, "moved")
    ]
    assert (came[0].kind, came[0].facts["from"]) == ("received_line", DRAFT.order_id)
    more, _ = receive_line(
        replace(DRAFT, supplier_id="other", lines=(line("a", 5.0),)), edit, came_from=DRAFT
    )
    assert more.lines[0].quantity == 50.0


def test_a_top_up_stays_one_where_it_is_moved_and_is_not_mixed_with_the_other_suppliers_part():
    added = replace(line("a", 50.0), origin=TOP_UP)
    tops_up, other = replace(DRAFT, lines=(added,)), replace(DRAFT, supplier_id="other", lines=())
    edit = LineEdit("a", 45.0, {}, move_to="other")
    assert edit_lines(tops_up, [edit])[0].lines[0].origin == TOP_UP
    assert receive_line(other, edit, came_from=tops_up)[0].lines[0].origin == TOP_UP
    for before, there in ((tops_up, line("a", 5.0)), (replace(DRAFT, lines=(line("a", 50.0),)), added)):
        with pytest.raises(OrderError, match="has its own part of a"):
            receive_line(replace(other, lines=(there,)), edit, came_from=before)


@pytest.mark.parametrize("status", ["approved", "exported", "confirmed", "received", "withdrawn", "missing"])
def test_only_a_draft_is_edited(status):
    with pytest.raises(OrderStateError, match=f"is {status} and cannot be edited"):
        edit_lines(replace(DRAFT, status=status), [LineEdit("a", 1.0, {})])


@pytest.mark.parametrize("status", ["exported", "confirmed", "received", "withdrawn"])
def test_what_the_supplier_may_have_is_not_withdrawn(status):
    with pytest.raises(OrderStateError, match="cancel it in the ERP"):
        withdraw(replace(DRAFT, status=status))


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_an_order_is_withdrawn_before_its_export(status):
    after, events = withdraw(replace(DRAFT, status=status), reason="too much")
    assert (after.status, events[0].facts, events[0].reason) == ("withdrawn", {"from": status}, "too much")


def test_a_missing_order_is_withdrawn_with_a_reason_or_said_to_be_sent():
    missing = replace(EXPORTED, status="missing")
    with pytest.raises(OrderError, match="reason"):
        withdraw(missing, reason=" ")
    assert withdraw(missing, reason="never sent")[0].status == "withdrawn"
    sent, _ = mark_sent(missing, today=date(2026, 3, 20))
    assert (sent.status, sent.ordered_on, sent.awaited_from) == ("exported", TODAY, date(2026, 3, 20))
    half = replace(missing, lines=(replace(DRAFT.lines[0], erp_order_id="4711"), DRAFT.lines[1]))
    with pytest.raises(OrderStateError, match="the ERP system has a of it"):
        withdraw(half, reason="never sent")
    with pytest.raises(OrderStateError, match="only one that never showed up"):
        mark_sent(EXPORTED, today=TODAY)


def test_only_an_approved_order_is_reopened():
    assert reopen(replace(DRAFT, status="approved", approved_by="ada"))[0].approved_by is None
    with pytest.raises(OrderStateError, match="cannot be reopened"):
        reopen(EXPORTED)


def test_a_comment_needs_a_text():
    with pytest.raises(OrderError, match="needs its text"):
        comment(DRAFT, text=" ")


def test_an_order_that_was_exported_before_stays_as_it_is():
    assert mark_exported(EXPORTED, who="bob", at=NOW, today=date(2026, 3, 9), form="json")[0] == EXPORTED
    with pytest.raises(OrderStateError, match="withdrawn and cannot be exported; make a new order"):
        mark_exported(replace(DRAFT, status="withdrawn"), who="bob", at=NOW, today=TODAY, form="json")


def test_a_draft_takes_over_the_current_plan_where_nobody_changed_it():
    edited, _ = edit_lines(DRAFT, [LineEdit("b", 12.0, {}), LineEdit("x", 3.0, {})])
    after, events = renew(edited, proposal(2, a=60.0, b=20.0, c=5.0))
    quantities = {each.unique_id: (each.line, each.quantity, each.proposed) for each in after.lines}
    assert quantities == {"a": (1, 60.0, 60.0), "b": (2, 12.0, 20.0), "x": (3, 3.0, 0.0), "c": (4, 5.0, 5.0)}
    assert (after.run_id, events[0].facts) == (2, {"run": [1, 2]})
    gone, _ = renew(DRAFT, proposal(2, b=10.0))
    assert [each.unique_id for each in gone.ordered] == ["b"]
