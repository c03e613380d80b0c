"""All orders as they stand: what the plan proposes and nobody has touched, and purchase orders, with their totals."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from database.purchase_orders.drafts import still_proposed
from database.purchase_orders.order_list import ALL_ORDERS, OrderFilter, order_book
from database.purchase_orders.records import OrderLine, ProposedOrder, PurchaseOrder, total_goods
from serving.orders.proposals import (
    answered_lines,
    day_or_none,
    number_or_none,
    order_lines,
    proposal_of,
    served_run,
)
from serving.state.follower import Follower
from serving.state.served import Served

PROPOSED = "proposed"


@dataclass(frozen=True)
class OrderSummary:
    """One order in a list: a purchase order, or a supplier's proposal (`order_id` none, version 0).

    Attributes
    ----------
    plan : the plan run it is proposed by, or was last brought up to
    older_plan : a draft of an older plan than the current one
    lines, units, goods : lines with a quantity, their units, their money where a price is known (not rounded, so that
        totals are right to the cent)
    unpriced : lines of which no price is known
    order_by, urgency : last safe day; money at risk a day of waiting, of proposals
    """

    order_id: str | None
    supplier_id: str
    status: str
    version: int
    plan: int
    older_plan: bool
    lines: int
    units: float
    goods: float
    unpriced: int
    order_on: date | None
    order_by: date | None = None
    urgency: float | None = None
    order: PurchaseOrder | None = None


@dataclass(frozen=True)
class OrdersNow:
    """All orders as they stand, proposals first, the most urgent first, and what they sum up to by status.

    `proposed` are the lines of the proposals, as in `order_lines.parquet`.
    """

    plan: int
    currency: str
    orders: list[OrderSummary]
    proposed: pd.DataFrame

    @property
    def totals(self) -> dict[str, dict[str, float]]:
        """Orders, lines and goods by status, and of what is to be decided today: proposals and drafts together."""
        statuses = dict.fromkeys(row.status for row in self.orders)
        found = {status: _sums([row for row in self.orders if row.status == status]) for status in statuses}
        return {
            "to_decide": _sums([row for row in self.orders if row.status in {PROPOSED, "draft"}]),
            **found,
        }


def _sums(rows: list[OrderSummary]) -> dict[str, float]:
    goods = round(math.fsum(row.goods for row in rows), 2)
    return {"orders": len(rows), "lines": sum(row.lines for row in rows), "goods": goods}


def orders_now(follower: Follower, where: OrderFilter = ALL_ORDERS) -> OrdersNow:
    """Return all orders as they stand; a filter by status leaves the proposals out."""
    served = follower.current()
    run = served_run(served)
    book = order_book(follower.engine, run.id, where)
    rows = [_summary(order, run.id) for order in book.orders]
    drafted = [row.supplier_id for row in rows if row.status == "draft"]
    proposed = order_lines(served)
    proposed = proposed[~answered_lines(proposed, book) & ~proposed["supplier_id"].isin(drafted)]
    if where.supplier_id is not None:
        proposed = proposed[proposed["supplier_id"] == where.supplier_id]
    if where.status is not None:
        proposed = proposed.iloc[:0]
    return OrdersNow(run.id, served.currency, _proposed_rows(served, run.id, proposed) + rows, proposed)


def _summary(order: PurchaseOrder, run_id: int) -> OrderSummary:
    """A purchase order in the list of all orders."""
    lines = order.ordered
    return OrderSummary(
        order_id=order.order_id,
        supplier_id=order.supplier_id,
        status=order.status,
        version=order.version,
        plan=order.run_id,
        older_plan=order.status == "draft" and order.run_id != run_id,
        lines=len(lines),
        units=math.fsum(line.quantity for line in lines),
        goods=math.fsum(line.goods or 0.0 for line in lines),
        unpriced=sum(line.unit_price is None for line in lines),
        order_on=order.order_on,
        order=order,
    )


def _proposed_rows(served: Served, run_id: int, lines: pd.DataFrame) -> list[OrderSummary]:
    """Proposals that nobody has touched, in the list of all orders, from their `lines`."""
    goods = (lines["quantity"] * lines["unit_price"]).fillna(0.0).to_numpy()
    table = lines.assign(unpriced=lines["unit_price"].isna()).groupby("supplier_id", sort=True)
    sums = table.agg(
        lines=("unique_id", "size"), units=("quantity", "sum"), unpriced=("unpriced", "sum"),
        order_on=("order_on", "min"), order_by=("order_by", "min"),
    )  # fmt: skip
    exact = {supplier_id: math.fsum(goods[rows]) for supplier_id, rows in table.indices.items()}
    sums = sums.assign(goods=sums.index.map(exact).astype(float))
    assert served.snapshot is not None
    known = served.snapshot.supplier_orders.drop_duplicates("supplier_id").set_index("supplier_id")
    urgency = known["urgency"].reindex(sums.index)
    sums = sums.assign(urgency=urgency).sort_values("urgency", ascending=False, kind="stable")
    return [
        OrderSummary(
            order_id=None,
            supplier_id=str(row.Index),
            status=PROPOSED,
            version=0,
            plan=run_id,
            older_plan=False,
            lines=int(row.lines),
            units=float(row.units),
            goods=float(row.goods),
            unpriced=int(row.unpriced),
            order_on=day_or_none(row.order_on),
            order_by=day_or_none(row.order_by),
            urgency=number_or_none(row.urgency),
        )
        for row in sums.itertuples()
    ]


def open_proposal(follower: Follower, supplier_id: str, *, of: str = "") -> ProposedOrder:
    """Return what is still proposed of all that the plan orders from a supplier, beside the order `of` that id.

    Raises
    ------
    Problem
        404 when nobody knows the supplier.
    """
    served = follower.current()
    proposal = proposal_of(served, supplier_id)
    book = order_book(follower.engine, proposal.run_id, OrderFilter(supplier_id=supplier_id))
    answered = {key: order_id for key, order_id in book.answered.items() if order_id != of}
    lines = still_proposed(proposal, answered)
    return ProposedOrder(supplier_id, proposal.run_id, proposal.currency, proposal.order_on, lines)


def plan_changes(order: PurchaseOrder, proposal: ProposedOrder) -> list[dict[str, Any]]:
    """What the current plan proposes otherwise than a draft of an older one orders, line by line.

    Returns
    -------
    list of dict
        unique_id, ordered and proposed now (units; 0 for nothing), and a sentence
    """
    if order.status != "draft" or order.run_id == proposal.run_id:
        return []
    ours, now = ({line.unique_id: line for line in lines} for lines in (order.lines, proposal.lines))
    changes = []
    for sku in dict.fromkeys([*ours, *now]):
        ordered, proposed = _units(ours.get(sku)), _units(now.get(sku))
        if ordered == proposed:
            continue
        verb = "not ordered here" if ordered == 0 else f"{ordered:g} here"
        wish = "proposes none now" if proposed == 0 else f"proposes {proposed:g} now"
        sentence = f"{sku}: {verb}, the current plan {wish}"
        changes.append({"unique_id": sku, "ordered": ordered, "proposed": proposed, "sentence": sentence})
    return changes


def _units(line: OrderLine | None) -> float:
    return 0.0 if line is None else line.quantity


def proposal_goods(proposal: ProposedOrder) -> float:
    """Money of a proposal's lines in the view of all orders, to the cent."""
    return total_goods(proposal.lines)
