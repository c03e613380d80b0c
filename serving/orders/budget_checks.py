"""Checks of an edited order against the budgets of the period: what is spent and ordered already, and what is left."""

from collections.abc import Iterable, Mapping

import pandas as pd

from configs.formats import plain
from database.purchase_orders.order_list import OrderBook
from database.purchase_orders.records import PLACED, ProposedOrder, PurchaseOrder
from database.purchase_orders.transitions import LineEdit
from planning.inputs import texts_by_sku
from serving.orders.proposals import answered_lines, order_lines, served_run
from serving.orders.term_checks import Breach
from serving.state.served import Served

_CENT = 0.005


def broken_budgets(
    served: Served, book: OrderBook, order: PurchaseOrder | ProposedOrder, edits: Iterable[LineEdit]
) -> list[Breach]:
    """Budgets that an edit of an order breaks by ordering more: each with its amount and what is left of it.

    Against a budget stand what the plan counted as spent, orders placed here since then, drafts, and all that the plan
    still proposes.
    """
    assert served.snapshot is not None
    budgets = served.snapshot.budget_use
    if budgets.empty:
        return []
    before = {(order.supplier_id, line.unique_id): line.goods or 0.0 for line in order.lines}
    after = dict(before)
    for edit in edits:
        price = edit.fields.get("unit_price", _price(order, edit.unique_id))
        after[order.supplier_id, edit.unique_id] = 0.0
        after[edit.move_to or order.supplier_id, edit.unique_id] = edit.quantity * (price or 0.0)
    now, then = (_frame(served, goods) for goods in (before, after))
    others = _frame(served, _others(served, book, order))
    found = []
    for row in budgets.itertuples():
        # plans made before budgets had departments have no such column
        scope = (row.category, row.supplier_id, getattr(row, "department", None))
        used, more = (_goods(frame, *scope) for frame in (now, then))
        left = row.amount - row.spent - _goods(others, *scope)
        if more > used + _CENT and more > left + _CENT:
            sentence = (
                f"budget {row.budget} is {plain(row.amount)}: {plain(round(row.amount - left, 2))} of it is spent or "
                f"ordered elsewhere, and this order would take {plain(round(more, 2))}; order for "
                f"{plain(round(max(left, 0.0), 2))} at most, or accept it with a reason"
            )
            found.append(Breach("budget", float(row.amount), round(max(left, 0.0), 2), sentence))
    return found


def _price(order: PurchaseOrder | ProposedOrder, unique_id: str) -> float | None:
    """Price of an order's line whose edit does not change it, for its budget."""
    return next((line.unit_price for line in order.lines if line.unique_id == unique_id), None)


def _others(
    served: Served, book: OrderBook, order: PurchaseOrder | ProposedOrder
) -> dict[tuple[str, str], float]:
    """Goods that stand against budgets besides an order and what the plan counted as spent: (supplier, SKU) → money.

    Of what it counted and that is taken back since, or is the order itself, the money is there again: below 0.
    """
    goods: dict[tuple[str, str], float] = {}
    own = order.order_id if isinstance(order, PurchaseOrder) else None
    for other in book.orders:
        counted = other.counted_run is not None and other.counted_run >= served_run(served).id
        new = other.order_id != own and other.status in {"draft", *PLACED}
        gone = other.order_id == own or other.status == "withdrawn"
        if gone if counted else new:
            for line in other.lines:
                if line.erp_order_id is None:
                    key = (other.supplier_id, line.unique_id)
                    money = (line.goods or 0.0) * (-1 if counted else 1)
                    goods[key] = goods.get(key, 0.0) + money
    lines = order_lines(served)
    drafted = {other.supplier_id for other in book.orders if other.status == "draft"}
    rest = lines[~answered_lines(lines, book) & ~lines["supplier_id"].isin(drafted)]
    rest = rest[rest["supplier_id"] != order.supplier_id]
    money = rest["goods"].fillna(0.0)
    for supplier_id, sku, value in zip(rest["supplier_id"], rest["unique_id"], money, strict=True):
        goods[supplier_id, sku] = goods.get((supplier_id, sku), 0.0) + float(value)
    return goods


def _frame(served: Served, goods: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """Goods for the budgets as a frame supplier_id, category, department, goods."""
    skus = pd.Series([sku for _, sku in goods], dtype=object)
    items, ids = served.inputs.items, skus.to_numpy(object)
    return pd.DataFrame(
        {
            "supplier_id": pd.Series([supplier for supplier, _ in goods], dtype=object),
            "category": texts_by_sku(items, "category", ids),
            "department": texts_by_sku(items, "department", ids),
            "goods": pd.Series(list(goods.values()), dtype=float),
        }
    )


def _goods(
    frame: pd.DataFrame, category: str | None, supplier_id: str | None, department: str | None
) -> float:
    """Money of the goods that a budget pays for: of its category, supplier and department, where it has them."""
    rows = frame
    scope = {"category": category, "supplier_id": supplier_id, "department": department}
    for column, name in scope.items():
        if name is not None and not pd.isna(name) and name:
            rows = rows[rows[column] == name]
    return float(rows["goods"].sum())
