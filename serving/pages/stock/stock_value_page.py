"""The page of what the stock is worth: value, profit, age, what expires, and what ties money up."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from procurement.stock_value.ageing import AGE_CLASSES
from procurement.stock_value.stock_sums import ageing_sums, stock_sums, stock_total
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import spend_of
from serving.state.served import Served

VIEWS = {
    "value": "Value",
    "profit": "Profit",
    "ageing": "Ageing",
    "expiring": "Expiring",
    "tied_up": "What ties it up",
}
BY = {"unique_id": "SKU", "category": "category", "supplier_id": "supplier", "site": "site"}
"""What is summed by → what people call it."""
_NAME = Column("name", "")


def _numbers(*named: tuple[str, str] | tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(
        Column(each[0], each[1], numeric=True, rising=False, hint=each[2] if len(each) > 2 else "")
        for each in named
    )


def _age_label(age_class: str) -> str:
    return age_class.replace("over_", "over ").replace("_", "–") + " days"


COLUMNS = {
    "value": (
        _NAME,
        *_numbers(
            ("units", "units"),
            ("value", "value", "first in, first out, or what its lots cost"),
            ("value_lifo", "LIFO", "last in, first out"),
            ("value_average", "average", "at the moving average cost"),
            ("days_of_cover", "days of cover", "value by the cost of a day's expected demand"),
            ("turnover", "turns a year", "cost of goods sold by average stock"),
            ("carrying_cost", "carrying cost", "a year"),
            ("capital", "capital"),
            ("storage", "storage"),
            ("shrinkage", "shrinkage"),
            ("obsolescence", "obsolescence"),
        ),
    ),
    "profit": (
        _NAME,
        *_numbers(
            ("revenue", "revenue"),
            ("cogs_fifo", "cost, FIFO"),
            ("cogs_lifo", "cost, LIFO"),
            ("cogs_average", "cost, average"),
            ("gross_profit_fifo", "profit, FIFO"),
            ("gross_profit_lifo", "profit, LIFO"),
            ("gross_profit_average", "profit, average"),
            ("margin_fifo", "margin, FIFO", "gross profit by revenue"),
        ),
    ),
    "ageing": (
        _NAME,
        *_numbers(
            ("value", "value"),
            *((f"value_{each}", _age_label(each)) for each in AGE_CLASSES[:-1]),
            ("value_unknown", "age not known"),
        ),
    ),
    "expiring": (
        Column("unique_id", "SKU"),
        Column("status", "status"),
        Column("site", "site"),
        Column("expires_at", "expires", hint="first day on which it cannot be sold"),
        *_numbers(
            ("days_left", "days left"),
            ("quantity", "units"),
            ("unsold_units", "will not sell", "first expired, first out, at the expected demand"),
            ("unsold_value", "worth"),
        ),
    ),
    "tied_up": (
        _NAME,
        *_numbers(
            ("safety_value", "safety stock"),
            ("safety_then", "with steadier suppliers", "lead times as steady as the best quarter of suppliers has"),
            ("cycle_value", "cycle stock", "half a typical order"),
            ("excess_value", "excess", "above the most that the policy holds"),
            ("pipeline_value", "on its way", "expected demand in the lead time"),
            ("pipeline_then", "with the quickest offer", "lead time of the SKU's quickest offer"),
            ("unexplained_value", "beyond these", "on hand between what the policy holds on average and at most"),
        ),
    ),
}  # fmt: skip
_FIRST = {
    "value": "-value",
    "profit": "-revenue",
    "ageing": "-value",
    "expiring": "expires_at",
    "tied_up": "-safety_value",
}


def stock_value_page(request: Request) -> Response:
    """Show one of the views, summed by SKU, category, supplier or site."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    if served.spend is None or served.spend.procurement.table("stock_value").empty:
        return render_page(request, "stock_value.html", base | {"view": ""})
    view, by = _view(request), _by(request)
    table = stock_table(served, view, by, request.query_params.get("q", ""))
    stock = served.spend.procurement.table("stock_value")
    expiring = served.spend.procurement.table("expiring_lots")
    more: dict[str, Any] = {
        "view": view,
        "views": VIEWS,
        "by": by,
        "bys": BY,
        "total": stock_total(stock),
        "expiring_value": float(expiring["unsold_value"].sum()),
        "expiring_lots": len(expiring),
        "descriptions": served.descriptions,
        "supplier_names": served.supplier_names,
    }
    part = list_part(request, table, COLUMNS[view], _FIRST[view])
    return render_page(request, "stock_value.html", base | more | part)


def stock_table(served: Served, view: str, by: str, words: str) -> pd.DataFrame:
    """The list of a view, with names, searched for `words`."""
    tables = spend_of(served).procurement
    stock = tables.table("stock_value")
    if view == "expiring":
        lots = tables.table("expiring_lots")
        lots = lots.assign(description=lots["unique_id"].map(served.descriptions))
        return searched(lots, words, ("unique_id", "description", "site"))
    if view == "ageing":
        table = ageing_sums(tables.table("stock_ageing"), stock, "unique_id" if by == "site" else by)
    elif by == "site":
        table = tables.table("stock_sites").rename(columns={"part": "name"})
        table = table.reindex(columns=["name", *(column.name for column in COLUMNS["value"][1:])])
    else:
        table = stock_sums(stock, by)
    titles = {"supplier_id": served.supplier_names, "unique_id": served.descriptions}.get(by, {})
    return searched(table.assign(title=table["name"].map(titles).fillna("")), words, ("name", "title"))


def stock_value_csv(request: Request) -> Response:
    """Download a list of what the stock is worth as a CSV file."""
    return _file(request, "csv")


def stock_value_xlsx(request: Request) -> Response:
    """Download a list of what the stock is worth as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    served, view, by = follower_of(request).current(), _view(request), _by(request)
    table = stock_table(served, view, by, request.query_params.get("q", ""))
    ordered = sorted_table(table, COLUMNS[view], request.query_params, _FIRST[view])
    return list_file(ordered, kind, f"stock-{view.replace('_', '-')}-{served.as_of:%Y-%m-%d}")


def _view(request: Request) -> str:
    asked = request.query_params.get("view", "value")
    return asked if asked in VIEWS else "value"


def _by(request: Request) -> str:
    """What is summed by; sites only where the view knows them."""
    asked = request.query_params.get("by", "category")
    if asked == "site" and _view(request) != "value":
        return "category"
    return asked if asked in BY else "category"
