from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from order_requests import TODAY, draft, line, proposal

from database.purchase_orders.order_list import OrderBook
from database.purchase_orders.transitions import LineEdit
from serving.orders.budget_checks import broken_budgets

ORDER = draft(line("a", 40.0), line("b", 10.0, number=2))
"""For 125, a 100 and b 25."""
OTHER = replace(
    ORDER, order_id="PV-2026-000002", supplier_id="other", status="exported", lines=(line("c", 20.0),)
)
"""For 50."""


def served(amount: float, *, category=None, supplier_id=None, spent=0.0, **more) -> SimpleNamespace:
    """A plan with one budget, which still proposes 30 of d from third."""
    budget = {
        "budget": "2026-03",
        "category": category,
        "supplier_id": supplier_id,
        "amount": amount,
        "spent": spent,
    } | more
    lines = pd.DataFrame({"supplier_id": ["third", "acme"], "unique_id": ["d", "a"], "goods": [30.0, 100.0]})
    lines["origin"] = "needed"
    items = pd.DataFrame({"unique_id": ["a", "b", "c", "d"], "category": ["x", "y", "x", "y"]})
    items["department"] = ["bar", "shop", "shop", "bar"]
    snapshot = SimpleNamespace(budget_use=pd.DataFrame([budget]), order_lines=lines)
    return SimpleNamespace(snapshot=snapshot, run=SimpleNamespace(id=1), inputs=SimpleNamespace(items=items))


BOOK = OrderBook([ORDER, OTHER], {"a": ORDER.order_id, "b": ORDER.order_id, "c": OTHER.order_id})


def left(budgeted, *edits: LineEdit, order=ORDER, book=BOOK) -> list[float]:
    return [breach.fix for breach in broken_budgets(budgeted, book, order, edits)]


def more(sku: str, units: float, **changed) -> LineEdit:
    return LineEdit(sku, units, {"unit_price": 2.5}, **changed)


def test_what_is_spent_ordered_and_proposed_elsewhere_leaves_the_rest():
    assert left(served(1000.0), more("a", 60.0)) == []
    assert left(served(260.0, spent=5.0), more("a", 60.0)) == []
    assert left(served(259.0, spent=5.0), more("a", 60.0)) == [174.0]
    breach = broken_budgets(served(259.0, spent=5.0), BOOK, ORDER, [more("a", 60.0)])[0]
    assert breach.may_accept
    assert (
        "budget 2026-03 is 259: 85 of it is spent or ordered elsewhere, and this order would take 175"
        in breach.sentence
    )


def test_ordering_less_breaks_no_budget_however_far_it_is_overdrawn():
    assert left(served(1.0), more("a", 39.0)) == []
    assert left(served(1.0), LineEdit("a", 0.0, {})) == []
    assert left(served(1.0), LineEdit("a", 40.0, {"due": TODAY})) == []


@pytest.mark.parametrize(
    ("scope", "expected"), [({"category": "x"}, [49.0]), ({"supplier_id": "acme"}, [99.0])]
)
def test_a_budget_pays_for_its_category_or_supplier_only(scope, expected):
    assert left(served(99.0, **scope), more("a", 41.0)) == expected
    assert left(served(99.0, supplier_id="third"), more("a", 41.0)) == []


def test_a_budget_of_a_department_pays_for_its_skus_only():
    """Of the bar: a, ordered for 100, and d, proposed for 30. Of the shop: b for 25, and c, exported for 50."""
    assert left(served(129.0, department="bar"), more("a", 41.0)) == [99.0]
    assert left(served(133.0, department="bar"), more("a", 41.0)) == []
    assert left(served(74.0, department="shop"), more("a", 41.0)) == []
    assert left(served(76.0, department="shop", spent=1.0), more("b", 11.0)) == [25.0]
    assert left(served(106.0, department=None), more("a", 41.0)) == [26.0], "of no department: all four"


def test_a_line_that_moves_counts_at_its_new_supplier():
    assert left(served(40.0, supplier_id="third"), more("b", 10.0, move_to="third")) == [10.0]
    assert left(served(60.0, supplier_id="third"), more("b", 10.0, move_to="third")) == []


def test_what_the_erp_shows_is_spent_and_does_not_count_twice():
    shown = replace(OTHER, lines=(replace(OTHER.lines[0], erp_order_id="4711"),))
    book = replace(BOOK, orders=[ORDER, shown])
    assert left(served(205.0, spent=50.0), more("a", 60.0), book=book) == [125.0]
    assert left(served(255.0, spent=50.0), more("a", 60.0), book=book) == []


def test_a_proposal_stands_for_itself_and_without_budgets_nothing_is_broken():
    touched = proposal(1, a=40.0)
    book = OrderBook([OTHER], {"c": OTHER.order_id})
    assert left(served(205.0), more("a", 60.0), order=touched, book=book) == [125.0]
    assert left(served(230.0), more("a", 60.0), order=touched, book=book) == []
    without = served(1.0)
    without.snapshot.budget_use = without.snapshot.budget_use.iloc[:0]
    assert left(without, more("a", 60.0)) == []


def test_a_draft_stands_for_its_suppliers_proposal():
    draft = replace(ORDER, order_id="PV-2026-000003", supplier_id="third", lines=(line("e", 4.0),))
    book = replace(BOOK, orders=[ORDER, OTHER, draft])
    assert left(served(230.0), more("a", 60.0), book=book) == [170.0]


def test_what_the_plan_counted_as_spent_does_not_count_twice_and_is_there_again_once_taken_back():
    budgeted = served(205.0, spent=50.0)
    counted = replace(OTHER, counted_run=1)
    others = {"counted": [125.0], "withdrawn": [175.0], "draft": [125.0]}
    for status, expected in others.items():
        order = counted if status == "counted" else replace(counted, status=status)
        assert left(budgeted, more("a", 71.0), book=replace(BOOK, orders=[ORDER, order])) == expected
    assert left(
        budgeted, more("a", 71.0), book=replace(BOOK, orders=[ORDER, replace(OTHER, counted_run=0)])
    ) == [75.0]
    own = replace(ORDER, counted_run=1)
    spent = served(205.0, spent=175.0)
    assert left(spent, more("a", 71.0), order=own, book=replace(BOOK, orders=[own, counted])) == [125.0]
