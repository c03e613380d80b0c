from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from order_requests import TODAY, add_run, approving, ask, proposal

from database.purchase_orders.change_order import change_order
from database.purchase_orders.drafts import still_proposed
from database.purchase_orders.moves import move_lines
from database.purchase_orders.order_list import OrderFilter, order_book, order_with_events
from database.purchase_orders.records import (
    TOP_UP,
    OrderChangedError,
    OrderError,
    OrderStateError,
    UnknownOrderError,
)
from database.purchase_orders.transitions import (
    LineEdit,
    comment,
    edit_lines,
    reopen,
    withdraw,
)
from database.schema import utc_now


def set_quantity(engine, request, sku="a", quantity=40.0):
    edits = [LineEdit(sku, quantity, {})]
    return change_order(engine, request, lambda _, order: edit_lines(order, edits))


def test_a_proposal_becomes_a_draft_when_somebody_first_touches_it(engine, run):
    assert order_book(engine, run).orders == []
    order, new = set_quantity(engine, ask(proposal(run), a=40))
    assert new
    assert (order.status, order.version, order.run_id, order.created_by) == ("draft", 1, run, "ada")
    assert order.order_id == f"PV-{utc_now().year}-000001"
    assert [(each.unique_id, each.quantity, each.proposed) for each in order.lines] == [
        ("a", 40, 50),
        ("b", 10, 10),
    ]
    assert order_book(engine, run).answered == {"a": order.order_id, "b": order.order_id}
    assert order_with_events(engine, order.order_id)[0] == order


def test_a_top_up_and_the_base_suppliers_line_are_answered_each_by_its_own_order(engine, run):
    base, tops_up = proposal(run, "far", a=380.0), proposal(run, "near", a=96.0)
    tops_up = replace(tops_up, lines=tuple(replace(each, origin=TOP_UP) for each in tops_up.lines))
    first, _ = set_quantity(engine, ask(tops_up, a=90), quantity=90.0)
    answered = order_book(engine, run).answered
    assert answered == {("a", "near"): first.order_id}
    assert still_proposed(base, answered) == base.lines
    assert still_proposed(tops_up, answered) == ()
    second, _ = set_quantity(engine, ask(base, a=400), quantity=400.0)
    assert [each.quantity for each in second.lines] == [400.0]
    assert order_book(engine, run).answered == {("a", "near"): first.order_id, "a": second.order_id}


def test_the_same_request_twice_is_one_change_and_one_answer(engine, run):
    request = ask(proposal(run), a=40)
    first = set_quantity(engine, request)
    assert set_quantity(engine, replace(request, who="bob")) == (first[0], False)
    later = ask(first[0].order_id, seen=1, a=30)
    second = set_quantity(engine, later, quantity=30.0)
    assert set_quantity(engine, later, quantity=30.0) == (second[0], False)
    kinds = [event.kind for event in order_with_events(engine, first[0].order_id)[1]]
    assert kinds == ["edited", "edited", "created"]


def test_an_order_changed_meanwhile_is_refused_with_both_versions(engine, run):
    order, _ = set_quantity(engine, ask(proposal(run), a=40))
    set_quantity(engine, ask(order.order_id, seen=1, who="bob", a=30), quantity=30.0)
    with pytest.raises(
        OrderChangedError, match=r"edited by bob.*you saw version 1, it is at version 2"
    ) as caught:
        change_order(engine, ask(order.order_id, seen=1, what="approve"), approving)
    assert caught.value.versions == {"seen": 1, "version": 2, "changed_by": "bob"}
    assert order_with_events(engine, order.order_id)[0].status == "draft"


def test_a_comment_is_kept_whatever_version_was_seen_and_changes_none(engine, run):
    order, _ = set_quantity(engine, ask(proposal(run), a=40))
    set_quantity(engine, ask(order.order_id, seen=1, a=30), quantity=30.0)
    request = ask(order.order_id, seen=1, text="call first")
    after, _ = change_order(engine, request, lambda _, o: comment(o, text="call first"), versioned=False)
    assert after.version == 2
    assert order_with_events(engine, order.order_id)[1][0].reason == "call first"


def test_the_same_words_of_two_people_are_two_comments(engine, run):
    order, _ = change_order(engine, ask(proposal(run), what="comment"), lambda _, o: comment(o, text="go"))
    for who in ("bob", "BOB", "cid"):
        asked = ask(order.order_id, seen=1, who=who, what="comment", reason="looks fine")
        change_order(engine, asked, lambda _, before: comment(before, text="looks fine"), versioned=False)
    _, events = order_with_events(engine, order.order_id)
    said = [event.who for event in events if event.reason == "looks fine"]
    assert sorted(said) == ["bob", "cid"]


def test_a_supplier_has_one_draft(engine, run):
    first, _ = set_quantity(engine, ask(proposal(run), a=40))
    with pytest.raises(OrderChangedError, match=f"ada has begun {first.order_id} for acme"):
        set_quantity(engine, ask(proposal(run), who="bob", a=30), quantity=30.0)


def test_a_proposal_of_a_plan_that_is_no_longer_the_current_one_is_refused(engine, run):
    newer = add_run(engine)
    with pytest.raises(OrderChangedError, match=f"you saw plan {run}, the current one is {newer}"):
        set_quantity(engine, ask(proposal(run), a=40))
    assert order_book(engine, newer).orders == []


def test_what_is_withdrawn_is_proposed_again_and_may_be_touched_as_before(engine, run):
    request = ask(proposal(run), a=40)
    order, _ = set_quantity(engine, request)
    change_order(engine, ask(order.order_id, seen=1, what="withdraw"), lambda _, o: withdraw(o))
    assert order_book(engine, run).answered == {}
    again, new = set_quantity(engine, request)
    assert new
    assert again.order_id != order.order_id
    assert [o.status for o in order_book(engine, run).orders] == ["draft", "withdrawn"]


def test_an_approved_order_can_be_reopened_but_not_edited(engine, run):
    order, _ = change_order(engine, ask(proposal(run), what="approve"), approving)
    assert (order.status, order.version, order.approved_by) == ("approved", 1, "ada")
    with pytest.raises(OrderStateError, match="is approved and cannot be edited; reopen it first"):
        set_quantity(engine, ask(order.order_id, seen=1, a=40))
    back, _ = change_order(engine, ask(order.order_id, seen=1, what="reopen"), lambda _, o: reopen(o))
    assert (back.status, back.version, back.approved_at) == ("draft", 2, None)


def test_a_proposal_is_answered_by_its_order_until_a_plan_has_counted_it(engine, run):
    order, _ = change_order(engine, ask(proposal(run, a=50.0), what="approve"), approving)
    assert order_book(engine, run).answered == {"a": order.order_id}
    newer = add_run(engine)  # read its data before the order was approved
    assert order_book(engine, newer).answered == {"a": order.order_id}


def test_the_order_that_a_person_leaves_out_goes_without_what_others_ordered(engine, run):
    set_quantity(engine, ask(proposal(run, "other", a=5.0), a=40))
    order, _ = set_quantity(engine, ask(proposal(run), b=20), "b", 20.0)
    assert [each.unique_id for each in order.lines] == ["b"]


def test_a_request_of_nobody_and_one_about_no_order_are_refused(engine, run):
    with pytest.raises(OrderError, match="who: your name"):
        ask(proposal(run), who=" ")
    with pytest.raises(UnknownOrderError, match="no purchase order PV-1"):
        set_quantity(engine, ask("PV-1", seen=1))


def test_an_order_of_nothing_is_not_approved(engine, run):
    order, _ = set_quantity(engine, ask(proposal(run, a=50.0), a=0), quantity=0.0)
    with pytest.raises(OrderError, match="nothing is ordered on it"):
        change_order(engine, ask(order.order_id, seen=1), approving)


def test_orders_go_out_on_the_day_of_their_approval_at_the_earliest(engine, run):
    late = replace(proposal(run), order_on=date(2026, 2, 20))
    assert change_order(engine, ask(late, what="approve"), approving)[0].order_on == TODAY
    coming = replace(proposal(run, "other", c=5.0), order_on=date(2026, 3, 9))
    assert change_order(engine, ask(coming, what="approve"), approving)[0].order_on == date(2026, 3, 9)


def test_fifty_people_touch_a_proposal_at_once_and_one_draft_comes_of_it(make_engine, engine, run):
    def touch(number):
        try:
            return set_quantity(
                engine, ask(proposal(run), who=f"p{number}", a=number), quantity=float(number)
            )[0]
        except OrderChangedError:
            return None

    with ThreadPoolExecutor(25) as pool:
        made = [order for order in pool.map(touch, range(1, 51)) if order is not None]
    assert len(made) == 1
    assert [order.order_id for order in order_book(engine, run).orders] == [made[0].order_id]


def test_orders_are_listed_by_status_and_supplier_the_newest_first(engine, run):
    set_quantity(engine, ask(proposal(run), a=40))
    change_order(engine, ask(proposal(run, "other", c=5.0), what="approve"), approving)
    assert [o.supplier_id for o in order_book(engine, run).orders] == ["other", "acme"]
    assert [o.supplier_id for o in order_book(engine, run, OrderFilter("draft")).orders] == ["acme"]
    assert [o.status for o in order_book(engine, run, OrderFilter(supplier_id="other")).orders] == [
        "approved"
    ]


def test_a_line_that_moved_is_answered_where_it_went_and_proposed_again_when_that_is_withdrawn(engine, run):
    edits = [LineEdit("a", 50.0, {"unit_price": 2.0}, move_to="other")]

    def move(connection, order):
        step = edit_lines(order, edits)
        proposals = {"other": proposal(run, "other", c=5.0)}
        move_lines(connection, order, edits, proposals=proposals, who="ada")
        return step

    order, _ = change_order(engine, ask(proposal(run), move=1), move)
    there = order_book(engine, run, OrderFilter(supplier_id="other")).orders[0]
    assert {each.unique_id: each.quantity for each in there.lines} == {"c": 5.0, "a": 50.0}
    assert order_book(engine, run).answered == {"a": there.order_id, "b": order.order_id, "c": there.order_id}
    change_order(engine, ask(there.order_id, seen=1, what="withdraw"), lambda _, o: withdraw(o))
    assert order_book(engine, run).answered == {"b": order.order_id}


def test_a_dropped_line_is_answered_until_the_next_plan_asks_again(engine, run):
    order, _ = set_quantity(engine, ask(proposal(run), a=0), quantity=0.0)
    assert order_book(engine, run).answered == {"a": order.order_id, "b": order.order_id}
    assert order_book(engine, add_run(engine)).answered == {"b": order.order_id}
