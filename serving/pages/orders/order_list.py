"""The page of today's orders by supplier: proposals, drafts and purchase orders, with their money and deadlines."""

from dataclasses import fields

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from serving.orders.export_formats import FORMS
from serving.orders.order_view import PROPOSED, OrdersNow, OrderSummary, orders_now
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_part, searched
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
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
    now = orders_now(follower_of(request))
    table = order_table(served, now)
    counts = {name: int(table["status"].isin(statuses).sum()) for name, statuses in TABS.items()}
    words = request.query_params.get("q", "")
    shown = searched(
        table[table["status"].isin(TABS[tab])], words, ("supplier_id", "supplier_name", "order_id")
    )
    waiting = served.snapshot.supplier_orders
    more = {
        "tab": tab,
        "forms": FORMS,
        "counts": counts,
        "tiles": tiles(table),
        "waiting": waiting[waiting["waits"].astype(bool)].to_dict("records") if tab == TO_DECIDE else [],
        "done": _done(now, request.query_params.get("done", "")),
    }
    return render_page(request, "orders.html", base | more | list_part(request, shown, COLUMNS, "-urgency"))


def order_table(served: Served, now: OrdersNow) -> pd.DataFrame:
    """All orders as they stand, a row an order, with what the plan says of their suppliers."""
    assert served.snapshot is not None
    rows = pd.DataFrame(
        [vars(order) for order in now.orders], columns=[part.name for part in fields(OrderSummary)]
    )
    known = served.snapshot.supplier_orders.drop_duplicates("supplier_id").set_index("supplier_id")
    known = known.reindex(columns=list(_SUPPLIER_COLUMNS))
    names = served.inputs.suppliers.drop_duplicates("supplier_id").set_index("supplier_id")
    table = rows.drop(columns="order").join(known, on="supplier_id")
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


def _done(now: OrdersNow, ids: str) -> list[OrderSummary]:
    """The orders that the visitor has just approved, to be named above the list and taken back from there."""
    named = set(ids.split(","))
    return [row for row in now.orders if row.status == "approved" and row.order_id in named]
