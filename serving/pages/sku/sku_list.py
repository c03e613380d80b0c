"""The list of all SKUs: stock, reorder point, target, proposed order and stockout risk; sorted, searched, as files."""

import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from serving.http.problems import Problem
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import NO_PLAN
from serving.state.sku_table import TEXT

ROWS_PER_PAGE = 100

COLUMNS = (
    Column("unique_id", "SKU"),
    Column("description", "description"),
    Column("supplier_id", "supplier"),
    Column("on_hand", "on hand", numeric=True, hint="units"),
    Column("on_order", "on order", numeric=True, hint="units"),
    Column("reorder_point", "reorder point", numeric=True, rising=False, hint="units"),
    Column("target_level", "target", numeric=True, rising=False, hint="service aimed at"),
    Column("order_quantity", "order now", numeric=True, rising=False, hint="units"),
    Column("unit_price", "price", numeric=True, rising=False, hint="of a unit at this order, price breaks included"),
    Column("order_money", "order now, money", numeric=True, rising=False, hint="quantity × price"),
    Column("order_by", "order by", hint="the last day that keeps the risk in bounds"),
    Column("stockout_probability", "stockout risk", numeric=True, rising=False, hint="before today's order arrives"),
)  # fmt: skip
_FIRST = "-stockout_probability"


def sku_list_page(request: Request) -> Response:
    """Show the list of SKUs with stock, reorder point, proposed order and stockout risk."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    table = matching(served.skus, request.query_params)
    part = list_part(request, table, COLUMNS, _FIRST, ROWS_PER_PAGE)
    more = {
        "unanswered": len(served.snapshot.unanswered),
        "money": float(table["order_money"].sum()),
        "to_order": int((table["order_quantity"] > 0).sum()),
    }
    return render_page(request, "skus.html", base | part | more)


def skus_csv(request: Request) -> Response:
    """Download the list of SKUs as a CSV file."""
    return _file(request, "csv")


def skus_xlsx(request: Request) -> Response:
    """Download the list of SKUs as an Excel workbook."""
    return _file(request, "xlsx")


def matching(table: pd.DataFrame, query: QueryParams) -> pd.DataFrame:
    """Return the SKUs of the list that match the query's text, and only those to order where it says so."""
    needle = query.get("q", "").strip().lower()
    if needle:
        table = table[table[TEXT].str.contains(needle, regex=False)]
    return table[table["order_quantity"] > 0] if query.get("show") == "to_order" else table


def _file(request: Request, kind: str) -> Response:
    """The list of SKUs as it is filtered and sorted, as a file."""
    served = follower_of(request).current()
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    ordered = sorted_table(matching(served.skus, request.query_params), COLUMNS, request.query_params, _FIRST)
    return list_file(ordered.drop(columns=TEXT), kind, f"skus-{served.as_of:%Y-%m-%d}")
