from dataclasses import replace
from datetime import timedelta

import pytest
from order_requests import TODAY, ask, line, proposal

from database.access.approval import ApprovalError, Approver
from database.purchase_orders import approval
from database.purchase_orders.approval import check_approval
from database.purchase_orders.change_order import change_order
from database.purchase_orders.store import order_transaction, update_order
from database.purchase_orders.transitions import LineEdit, approve, comment, edit_lines
from database.schema import utc_now

ADA = Approver("ada")


def draft(engine, run, who="ada", **more):
    """A draft of 150.00 to acme, which somebody's comment has made of its proposal."""
    made = proposal(run, **more)
    return change_order(
        engine, ask(made, who=who, what="comment", of=more), lambda _, order: comment(order, text="now")
    )[0]


def approved(engine, order, approver):
    """The order once `approver` has approved it, within what they may."""

    def step(connection, before):
        check_approval(connection, before, approver, TODAY)
        return approve(before, who=approver.name, at=utc_now(), today=TODAY)

    return change_order(
        engine, ask(order.order_id, seen=order.version, who=approver.name, what="approve"), step
    )[0]


def edited(engine, order, who, quantity):
    def step(_, before):
        return edit_lines(before, [LineEdit("a", quantity, {})])

    return change_order(engine, ask(order.order_id, seen=order.version, who=who, to=quantity), step)[0]


@pytest.mark.parametrize(("limit", "may"), [(None, True), (150.0, True), (149.99, False), (0.0, False)])
def test_an_order_is_approved_up_to_the_limit(engine, run, limit, may):
    order = draft(engine, run)
    assert order.goods == 150
    if may:
        assert approved(engine, order, replace(ADA, limit=limit)).status == "approved"
    else:
        with pytest.raises(ApprovalError, match=r"comes to 150\.00, ada may approve up to"):
            approved(engine, order, replace(ADA, limit=limit))


def test_somebody_whose_roles_do_not_approve_does_not(engine, run):
    with pytest.raises(ApprovalError, match="takes the role approver"):
        approved(engine, draft(engine, run), replace(ADA, may_approve=False))


def test_an_order_that_is_split_is_still_one_purchase(engine, run):
    limited = replace(ADA, limit=200.0)
    approved(engine, draft(engine, run, a=50.0), limited)
    second = draft(engine, run, b=50.0)
    assert second.goods == 125
    with pytest.raises(ApprovalError, match=r"comes to 250.00"):
        approved(engine, second, limited)
    assert approved(engine, second, Approver("bob", limit=200.0)).status == "approved"


def test_the_other_part_counts_also_on_another_day_and_once_the_erp_system_has_seen_the_first(
    engine, run, monkeypatch
):
    limited = replace(ADA, limit=200.0)
    first = approved(engine, draft(engine, run, a=50.0), limited)
    second = draft(engine, run, b=50.0)

    def refused(order):
        with pytest.raises(ApprovalError, match=r"comes to 250.00"):
            approved(engine, order, limited)

    with order_transaction(engine) as connection:
        update_order(connection, first, replace(first, status="confirmed"))
    refused(second)
    second = change_order(
        engine, ask(second.order_id, seen=second.version, what="edit"),
        lambda _, before: edit_lines(before, [], order_on=TODAY + timedelta(days=1)),
    )[0]  # fmt: skip
    refused(second)
    monkeypatch.setattr(approval, "utc_now", lambda: utc_now() + timedelta(hours=25))
    assert approved(engine, second, limited).status == "approved"


def test_a_line_without_a_price_is_beyond_every_limit(engine, run):
    made = proposal(run)
    unpriced = replace(made, lines=(*made.lines, line("c", 1.0, price=None, number=3)))
    order = change_order(engine, ask(unpriced, what="comment"), lambda _, order: comment(order, text="x"))[0]
    with pytest.raises(ApprovalError, match="no price is known of c"):
        approved(engine, order, replace(ADA, limit=1e9))
    with pytest.raises(ApprovalError, match="no price is known of c"):
        approved(engine, order, replace(ADA, four_eyes_above=1e9))
    assert approved(engine, order, Approver("bob", four_eyes_above=1e9)).status == "approved"


def test_above_the_four_eyes_limit_neither_drafter_nor_changer_approves(engine, run):
    order = edited(engine, draft(engine, run, who="ada"), "bob", 51.0)
    for name in ("ada", "bob", "BOB", "Ａda"):
        with pytest.raises(ApprovalError, match="somebody else has to approve it"):
            approved(engine, order, Approver(name, four_eyes_above=100.0))
    assert approved(engine, order, Approver("cid", four_eyes_above=100.0)).approved_by == "cid"


def test_up_to_the_four_eyes_limit_the_drafter_approves(engine, run):
    order = draft(engine, run)
    assert approved(engine, order, replace(ADA, four_eyes_above=150.0)).status == "approved"


def test_nobody_approves_a_large_proposal_that_they_are_the_first_to_touch(engine, run):
    def step(connection, before):
        check_approval(connection, before, replace(ADA, four_eyes_above=100.0), TODAY)
        return approve(before, who="ada", at=utc_now(), today=TODAY)

    with pytest.raises(ApprovalError, match="somebody else"):
        change_order(engine, ask(proposal(run), what="approve"), step)


def test_a_comment_by_others_does_not_keep_them_from_approving(engine, run):
    order = draft(engine, run, who="ada")
    change_order(
        engine, ask(order.order_id, seen=order.version, who="bob", what="comment"),
        lambda _, before: comment(before, text="fine"), versioned=False,
    )  # fmt: skip
    assert approved(engine, order, Approver("bob", four_eyes_above=100.0)).status == "approved"
