"""Proposals of the served plan, a supplier's at a time, as purchase orders that nobody has touched yet."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from database.plan_runs import PlanRun
from database.purchase_orders.order_list import OrderBook
from database.purchase_orders.records import OrderChangedError, OrderLine, ProposedOrder, proposal_key
from serving.http.problems import Problem
from serving.state.lookup import NO_PLAN
from serving.state.served import Served

_KNOWN_DAYS = 60
"""Days before the plan's day from which on the ERP's own orders of a SKU are remembered as not being ours."""


def served_run(served: Served) -> PlanRun:
    """Return the plan run that proposals come from.

    Raises
    ------
    Problem
        503 before the first plan.
    """
    if served.run is None or served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    return served.run


def order_lines(served: Served) -> pd.DataFrame:
    """Lines that the served plan proposes, all suppliers' together, as in `order_lines.parquet`."""
    served_run(served)
    assert served.snapshot is not None
    return served.snapshot.order_lines


def answered_lines(lines: pd.DataFrame, book: OrderBook) -> NDArray[np.bool_]:
    """Which of some lines (k,) that the served plan proposes are answered by purchase orders of the `book`."""
    columns = (lines["unique_id"], lines["supplier_id"], lines["origin"])
    return np.array([proposal_key(*row) in book.answered for row in zip(*columns, strict=True)], bool)


def proposal_of(served: Served, supplier_id: str) -> ProposedOrder:
    """Return what the served plan proposes to order from a supplier; without lines where that is nothing.

    Raises
    ------
    Problem
        404 when nobody knows the supplier, 503 before the first plan.
    """
    run, lines = served_run(served), order_lines(served)
    if supplier_id not in served.supplier_ids:
        raise Problem(
            404, "unknown_supplier", f"no supplier {supplier_id}; /v1/suppliers lists those there are"
        )
    own = lines[lines["supplier_id"] == supplier_id]
    known = known_orders(served, supplier_id)
    return ProposedOrder(
        supplier_id=supplier_id,
        run_id=run.id,
        currency=served.currency,
        order_on=day_or_none(own["order_on"].min()) if len(own) else served.as_of.date(),
        lines=tuple(
            replace(_line(number, row), known_before=known.get(str(row.unique_id), ()))
            for number, row in enumerate(own.itertuples(), 1)
        ),
    )


def seen_proposal(served: Served, supplier_id: str, plan: int | None) -> ProposedOrder:
    """Return what is proposed to a supplier by the plan run `plan`, in which somebody has seen it.

    Raises
    ------
    OrderChangedError
        When another plan is current.
    Problem
        As `proposal_of`.
    """
    proposal = proposal_of(served, supplier_id)
    if plan != proposal.run_id:
        raise OrderChangedError(
            f"{supplier_id}: you saw plan {plan}, the current one is {proposal.run_id}; look again, then decide",
            seen=plan,
            version=proposal.run_id,
        )
    return proposal


def known_orders(served: Served, supplier_id: str) -> dict[str, tuple[str, ...]]:
    """Return the ERP's orders of late that the plan knew, SKU → ids: they are none of what is proposed by it."""
    assert served.snapshot is not None
    orders = served.snapshot.orders
    late = (orders["supplier_id"] == supplier_id) & (
        orders["ordered_at"] >= served.as_of - pd.Timedelta(days=_KNOWN_DAYS)
    )
    ids = orders.loc[late].groupby("unique_id")["order_id"].unique()
    return {str(sku): tuple(map(str, found)) for sku, found in ids.items()}


def day_or_none(value: Any) -> date | None:
    """Return a proposal's day as a date, none where there is none."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def number_or_none(value: Any) -> float | None:
    """Return a proposal's number, none where it is not known."""
    return None if pd.isna(value) else float(value)


def _line(number: int, row: Any) -> OrderLine:
    """The order line that a row of the plan's order lines proposes."""
    due, units = day_or_none(row.expected_arrival), float(row.quantity)
    packs = number_or_none(row.purchase_quantity)
    return OrderLine(
        line=number,
        unique_id=str(row.unique_id),
        quantity=units,
        unit_price=number_or_none(row.unit_price),
        due=due,
        origin=str(row.origin),
        proposed=units,
        proposed_due=due,
        purchase_unit=str(row.purchase_unit or ""),
        units_each=round(units / packs, 9) if packs else 1.0,
    )
