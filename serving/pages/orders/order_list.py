"""The page of today's orders by supplier: proposals, drafts and purchase orders, with their money and deadlines."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.purchase_orders.order_list import OrderFilter
from database.purchase_orders.records import OrderStatus
from serving.orders.order_view import PROPOSED, OrdersNow, OrderSummary, orders_now
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_part
from serving.rendering.templates import render_page
from serving.state.follower import Follower, follower_of
from serving.state.served import Served

TO_DECIDE = "to_decide"
TABS: dict[str, tuple[str, ...]] = {
    TO_DECIDE: (PROPOSED, "draft"),
    "approved": ("approved",),
    "exported": ("exported",),
    "confirmed": ("confirmed",),
    "received": ("received",),
    "missing": ("missing",),
    "withdrawn": ("withdrawn",),
}
COLUMNS = (
    Column("supplier_id", "supplier"),
    Column("lines", "lines", numeric=True, rising=False),
    Column("units", "units", numeric=True, rising=False),
    Column("goods", "goods", numeric=True, rising=False, hint="quantity × price, breaks included"),
    Column("weight", "weight", numeric=True, rising=False),
    Column("volume", "volume", numeric=True, rising=False),
    Column("order_by", "order by", hint="the last safe day"),
    Column("minimum_met", "minimum"),
    Column(
        "urgency", "a day of waiting costs", numeric=True, rising=False, hint="money at risk a day of waiting"
    ),
)
_SUPPLIER_COLUMNS = (
    "weight", "volume", "pallets", "freight", "minimum_value", "minimum_quantity", "minimum_met", "free_freight_from",
    "free_freight_met", "capacity_share", "budget", "why",
)  # fmt: skip


def order_list_page(request: Request) -> Response:
    """Show the orders of a tab: those to decide today, or those that were approved, exported, … before."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    tab = request.query_params.get("status", TO_DECIDE)
    tab = tab if tab in TABS else TO_DECIDE
    follower = follower_of(request)
    now = orders_now(follower)
    table = order_table(served, now)
    counts = {name: int(table["status"].isin(statuses).sum()) for name, statuses in TABS.items()}
    shown = _matching(table[table["status"].isin(TABS[tab])], request.query_params.get("q", ""))
    waiting = served.snapshot.supplier_orders
    more = {
        "tab": tab,
        "counts": counts,
        "tiles": tiles(table),
        "waiting": waiting[waiting["waits"].astype(bool)].to_dict("records") if tab == TO_DECIDE else [],
        "done": _done(follower, request),
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    }
    return render_page(request, "orders.html", base | more | list_part(request, shown, COLUMNS, "-urgency"))


def order_table(served: Served, now: OrdersNow) -> pd.DataFrame:
    """All orders as they stand, a row an order, with what the plan says of their suppliers."""
    assert served.snapshot is not None
    rows = pd.DataFrame([_row(order) for order in now.orders], columns=list(_row_columns()))
    known = served.snapshot.supplier_orders.drop_duplicates("supplier_id").set_index("supplier_id")
    known = known.reindex(columns=list(_SUPPLIER_COLUMNS))
    names = served.inputs.suppliers.drop_duplicates("supplier_id").set_index("supplier_id")
    table = rows.join(known, on="supplier_id")
    if "name" in names:
        return table.join(names["name"].rename("supplier_name"), on="supplier_id")
    return table.assign(supplier_name=None)


def tiles(table: pd.DataFrame) -> dict[str, float]:
    """Sums of what is to decide today: suppliers, lines, goods, and what the most urgent cost a day of waiting."""
    open_now = table[table["status"].isin(TABS[TO_DECIDE])]
    return {
        "orders": len(open_now),
        "lines": int(open_now["lines"].sum()),
        "goods": round(float(open_now["goods"].sum()), 2),
        "urgency": float(open_now["urgency"].sum()),
        "approved": round(float(table.loc[table["status"] == "approved", "goods"].sum()), 2),
        "missing": int((table["status"] == "missing").sum()),
    }


def _row_columns() -> tuple[str, ...]:
    return ("order_id", "supplier_id", "status", "version", "plan", "older_plan", "lines", "units", "goods",
            "unpriced", "order_on", "order_by", "urgency")  # fmt: skip


def _row(order: OrderSummary) -> dict[str, Any]:
    """An order in the list's table."""
    return {name: getattr(order, name) for name in _row_columns()}


def _matching(table: pd.DataFrame, words: str) -> pd.DataFrame:
    """Orders whose supplier or number has the searched words in it."""
    needle = words.strip().lower()
    if not needle:
        return table
    text = table["supplier_id"] + " " + table["supplier_name"].fillna("") + " " + table["order_id"].fillna("")
    return table[text.str.lower().str.contains(needle, regex=False)]


def _done(follower: Follower, request: Request) -> list[dict[str, Any]]:
    """The orders that the visitor has just decided, to be named above the list and taken back from there."""
    ids = request.query_params.get("done", "").split(",")[:50]
    if not any(ids):
        return []
    orders = orders_now(follower, OrderFilter(_status("approved"))).orders
    return [
        {"order_id": row.order_id, "supplier_id": row.supplier_id, "goods": row.goods, "version": row.version}
        for row in orders
        if row.order_id in ids
    ]


def _status(name: OrderStatus) -> OrderStatus:
    return name
