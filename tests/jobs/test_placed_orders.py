"""Orders through the real verbs: planned, approved, exported, planned again, shown by the ERP system."""

import shutil

import pandas as pd
import pytest

from configs.schema import Config, PolicyConfig
from database.access.approval import Approver
from database.purchase_orders.change_order import OrderRequest
from database.purchase_orders.order_list import order_with_events
from database.settings import Settings
from jobs.plan import run_plan
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import PlanRequest
from serving.orders.order_view import open_proposal, orders_now
from serving.orders.steps import export_orders, take_step
from serving.state.follower import Follower


@pytest.fixture
def follower(home):
    follower = Follower()
    follower.open(Settings(home=home))
    yield follower
    follower.close()


@pytest.fixture
def source(company, tmp_path):
    """The company's data, to be changed."""
    shutil.copytree(company, tmp_path / "source")
    return tmp_path / "source"


def plan(follower, source, home, config=None):
    result = run_plan(Settings(home=home), source=str(source), out=home / "out", config=config)
    follower.refresh()
    return result


def approve(follower, supplier="north"):
    proposal = open_proposal(follower, supplier)
    request = OrderRequest(None, proposal, 0, "ada", {"what": "approve"}, approver=Approver("ada"))
    return take_step(follower, request, "approve")[0]


def quantities(follower, order) -> dict[str, float]:
    """SKU → units that the current plan orders, of the SKUs of an order."""
    rows = follower.current().snapshot.plan.set_index("unique_id")["order_quantity"]
    return {line.unique_id: float(rows[line.unique_id]) for line in order.ordered}


def show_in_erp(source, order, *, reference=None, **changed: float) -> None:
    """The ERP system's table shows the order, in other quantities where they are given."""
    path = source / "purchase_orders.csv"
    table = pd.read_csv(path, dtype={"line": str})
    rows = [
        {
            "order_id": "4711" if reference is None else f"4711-{order.supplier_id}", "line": str(line.line), "supplier_id": order.supplier_id, "unique_id": line.unique_id,
            "ordered_at": "2024-07-15", "quantity_ordered": changed.get(line.unique_id, line.quantity),
            "reference": reference,
        }
        for line in order.ordered
    ]  # fmt: skip
    pd.concat([table, pd.DataFrame(rows)], ignore_index=True).to_csv(path, index=False)


@pytest.mark.parametrize("exported", [False, True], ids=["approved", "exported"])
def test_what_was_ordered_is_not_ordered_again(follower, source, home, exported):
    order = approve(follower)
    assert len(order.ordered) > 3
    if exported:
        export_orders(follower, [order.order_id], "csv", who="ada")
    before = follower.current().snapshot.plan.set_index("unique_id")
    plan(follower, source, home)
    after = follower.current().snapshot.plan.set_index("unique_id")
    for line in order.ordered:
        assert after.loc[line.unique_id, "on_order"] == before.loc[line.unique_id, "on_order"] + line.quantity
    assert sum(quantities(follower, order).values()) == 0
    assert order_with_events(follower.engine, order.order_id)[0].counted_run == follower.current().run.id
    others = before.index.difference([line.unique_id for line in order.ordered])
    pd.testing.assert_series_equal(after.loc[others, "on_order"], before.loc[others, "on_order"])


def change_table(source, name, **columns) -> None:
    """Give a table of the company's data other columns."""
    path = source / f"{name}.csv"
    pd.read_csv(path).assign(**columns).to_csv(path, index=False)


@pytest.mark.parametrize("lost_sales", [False, True], ids=["backorders", "lost sales"])
@pytest.mark.parametrize("how_far", ["approved", "exported", "shown"])
def test_once_a_plans_orders_are_placed_nothing_more_is_ordered_on_the_day(
    follower, source, home, how_far, lost_sales
):
    # each way in which a SKU is ordered less than it needs: trucks that are trimmed, a maximum, a fractional chance
    change_table(source, "items", weight=1.0)
    change_table(source, "suppliers", capacity_weight=90.0, freight_cost=300.0, ordering_cost=20.0)
    change_table(source, "offers", max_quantity=lambda offers: offers["moq"].clip(lower=60.0))
    policy = PolicyConfig(lost_sales=lost_sales, played_from=1e9, level=0.9)
    config = Config(policy=policy)
    plan(follower, source, home, config)
    codes = follower.current().snapshot.plan["codes"]
    for code in ("trimmed_by_terms", "maximum_binds"):
        assert codes.str.contains(code).any(), "the plan leaves something for later"
    orders = [approve(follower, row.supplier_id) for row in orders_now(follower).orders]
    assert len(orders) > 1
    if how_far != "approved":
        export_orders(follower, [order.order_id for order in orders], "csv", who="ada")
    if how_far == "shown":
        for order in orders:
            show_in_erp(source, order, reference=order.order_id)
    for _ in range(2):
        plan(follower, source, home, config)
        assert follower.current().snapshot.order_lines.empty
        assert follower.current().snapshot.plan["order_quantity"].sum() == 0
    waiting = follower.current().snapshot.plan.query("codes.str.contains('answered_today')")
    assert waiting["reason"].str.contains("No order today from").all()
    assert len(waiting) > 0
    sku = orders[0].ordered[0].unique_id
    for own, ordered in (
        ({}, False),
        ({"stock": [{"unique_id": sku, "on_hand": 0}], "open_orders": []}, True),
    ):
        answer = plan_answer(follower.current(), PlanRequest(unique_ids=[sku], **own))
        assert (answer["plan"][0]["order_quantity"] > 0) is ordered, "who brings stock of their own asks anew"


@pytest.mark.parametrize("by_id", [True, False], ids=["by our id", "by day and quantity"])
def test_once_the_erp_shows_an_order_its_number_counts_and_the_other_is_said(follower, source, home, by_id):
    order = approve(follower)
    export_orders(follower, [order.order_id], "csv", who="ada")
    before = follower.current().snapshot.plan.set_index("unique_id")["on_order"]
    first = order.ordered[0]
    show_in_erp(
        source, order, reference=order.order_id if by_id else None, **{first.unique_id: first.quantity - 10}
    )
    result = plan(follower, source, home)
    after = follower.current().snapshot.plan.set_index("unique_id")["on_order"]
    assert after[first.unique_id] == before[first.unique_id] + first.quantity - 10
    for line in order.ordered[1:]:
        assert after[line.unique_id] == before[line.unique_id] + line.quantity
    sentence = f"ordered {first.quantity:g}, the ERP system shows {first.quantity - 10:g} in its order 4711"
    assert any(sentence in warning for warning in result.facts["warnings"])
    shown, events = order_with_events(follower.engine, order.order_id)
    assert (shown.status, shown.lines[0].erp_quantity) == ("confirmed", first.quantity - 10)
    assert [event.kind for event in events[:2]] == ["confirmed", "differs"]
    again = plan(follower, source, home)
    assert not any("the ERP system shows" in warning for warning in again.facts["warnings"])


def test_an_order_approved_while_a_plan_was_made_is_not_proposed_by_that_plan(
    follower, source, home, monkeypatch
):
    from jobs import plan as job

    decided = job.decide
    orders = []

    def approve_meanwhile(*given, **more):
        orders.append(approve(follower))
        return decided(*given, **more)

    monkeypatch.setattr(job, "decide", approve_meanwhile)
    plan(follower, source, home)
    assert sum(quantities(follower, orders[0]).values()) > 0  # the plan could not know
    skus = {line.unique_id for line in open_proposal(follower, "north").lines}
    assert not skus & {line.unique_id for line in orders[0].ordered}
    monkeypatch.undo()
    plan(follower, source, home)
    assert sum(quantities(follower, orders[0]).values()) == 0


def test_an_untouched_proposal_makes_way_for_the_next_plan_and_a_draft_is_kept(follower, source, home):
    proposal = open_proposal(follower, "north")
    order, _ = take_step(
        follower,
        OrderRequest(None, proposal, 0, "ada", {"text": "call first"}),
        "comment",
        reason="call first",
    )
    stock = pd.read_csv(source / "stock.csv")
    sku = order.lines[0].unique_id
    stock.loc[stock["unique_id"] == sku, "on_hand"] = 10_000
    stock.to_csv(source / "stock.csv", index=False)
    plan(follower, source, home)
    rows = {(row.supplier_id, row.status): row for row in orders_now(follower).orders}
    assert rows["north", "draft"].older_plan
    assert ("north", "proposed") not in rows
    assert rows["south", "proposed"].plan == follower.current().run.id
    request = OrderRequest(order.order_id, None, order.version, "ada", {"what": "renew"})
    renewed, _ = take_step(follower, request, "renew")
    assert (renewed.run_id, renewed.lines[0].quantity) == (follower.current().run.id, 0.0)
    assert not orders_now(follower).orders[0].older_plan


def test_a_missing_order_is_said_by_every_plan(follower, source, home):
    from dataclasses import replace
    from datetime import timedelta

    from database.engine import write_transaction
    from database.purchase_orders.store import load_order, update_order

    order = approve(follower)
    export_orders(follower, [order.order_id], "csv", who="ada")
    with write_transaction(follower.engine) as connection:
        before = load_order(connection, order.order_id)
        update_order(
            connection, before, replace(before, awaited_from=before.awaited_from - timedelta(days=7))
        )
    for _ in range(2):
        result = plan(follower, source, home)
        assert any("not all in purchase_orders yet" in warning for warning in result.facts["warnings"])
        assert order_with_events(follower.engine, order.order_id)[0].status == "missing"
        assert sum(quantities(follower, order).values()) == 0
