"""Plan runs, proposals and requests for tests of purchase orders: a supplier's SKUs at 2.50 each."""

from datetime import date

import pandas as pd

from database import plan_runs
from database.purchase_orders.change_order import OrderRequest
from database.purchase_orders.records import OrderLine, ProposedOrder, PurchaseOrder
from database.purchase_orders.transitions import approve
from database.schema import utc_now

TODAY = date(2026, 3, 2)


def add_run(engine, sightings=None) -> int:
    """Record a plan run that proposes no action, and return its number."""
    entry = plan_runs.PlanRunEntry("b" * 64, TODAY, source="data", folder="plans/1", facts={})
    actions = pd.DataFrame({"action_id": []})
    with plan_runs.record_plan_run(engine, entry, actions=actions, sightings=sightings) as run:
        return run.id


def line(unique_id: str, quantity: float, *, price: float | None = 2.5, number: int = 1) -> OrderLine:
    due = date(2026, 3, 16)
    return OrderLine(number, unique_id, quantity, price, due, "needed", quantity, due)


def proposal(run: int, supplier: str = "acme", **quantities: float) -> ProposedOrder:
    """A proposal of SKU → units at 2.50 each."""
    units = quantities or {"a": 50.0, "b": 10.0}
    lines = tuple(line(sku, q, number=n) for n, (sku, q) in enumerate(units.items(), 1))
    return ProposedOrder(supplier, run, "EUR", TODAY, lines)


def draft(*lines: OrderLine) -> PurchaseOrder:
    """Ada's draft of an order to acme, of the first plan run."""
    return PurchaseOrder("PV-2026-000001", "acme", 1, "draft", 1, "EUR", TODAY, "ada", utc_now(), lines)


def ask(about, *, seen: int = 0, who: str = "ada", **what) -> OrderRequest:
    """A request about an order (its id) or a proposal."""
    if isinstance(about, str):
        return OrderRequest(about, None, seen, who, what)
    return OrderRequest(None, about, 0, who, what)


def approving(_, order):
    """The step by which ada approves an order."""
    return approve(order, who="ada", at=utc_now(), today=TODAY)
