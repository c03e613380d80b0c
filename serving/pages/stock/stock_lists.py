"""The page of stock that runs out and of stock that lies: two lists by money, with tiles that add up to them."""

from dataclasses import dataclass

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from planning.stock_review import excess_stock, running_out
from serving.http.problems import Problem
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import NO_PLAN


@dataclass(frozen=True)
class StockList:
    """One of the two lists: its statuses in the order of its tiles, what a tile sums up, its columns."""

    title: str
    money: str
    statuses: tuple[str, ...]
    columns: tuple[Column, ...]


LISTS = {
    "running_out": StockList(
        "Running out",
        "at_stake",
        (running_out.OUT, running_out.OUT_EVEN_IF_ORDERED, running_out.AT_RISK),
        (
            Column("unique_id", "SKU"),
            Column("status", "status"),
            Column("on_hand", "on hand", numeric=True),
            Column("on_order", "on order", numeric=True),
            Column("next_arrival", "next arrival", hint="the day on which an open order is expected first"),
            Column("runs_out_on", "runs out", hint="by this day with a chance of one half"),
            Column("risk_if_ordered", "risk if ordered", numeric=True, rising=False),
            Column("risk_if_skipped", "risk if skipped", numeric=True, rising=False),
            Column(
                "short",
                "short",
                numeric=True,
                rising=False,
                hint="units that find no stock if today is skipped",
            ),
            Column("at_stake", "at stake", numeric=True, rising=False, hint="what being short of them costs"),
            Column(
                "lost_anyway", "lost anyway", numeric=True, rising=False, hint="even if it is ordered today"
            ),
        ),
    ),
    "excess": StockList(
        "Lying",
        "value",
        (
            excess_stock.DEAD,
            excess_stock.NEAR_EXPIRY,
            excess_stock.AGED,
            excess_stock.EXCESS,
            excess_stock.SURPLUS,
        ),
        (
            Column("unique_id", "SKU"),
            Column("status", "status"),
            Column("units", "units", numeric=True, rising=False),
            Column("value", "ties up", numeric=True, rising=False, hint="units at what one costs"),
            Column(
                "holding_cost_year",
                "costs a year",
                numeric=True,
                rising=False,
                hint="holding cost of the units",
            ),
            Column("on_hand", "on hand", numeric=True, rising=False),
            Column("on_order", "on order", numeric=True, rising=False),
            Column("most_needed", "most needed", numeric=True, hint="order-up-to level with its lot"),
            Column("lasts_days", "lasts", numeric=True, rising=False, hint="days of expected demand"),
        ),
    ),
}


def stock_page(request: Request) -> Response:
    """Show one of the two lists of stock, all of it or one status."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    name = _name(request)
    shown, table = LISTS[name], served.stock_lists[name]
    more = {
        "list_name": name,
        "lists": {key: (each.title, len(served.stock_lists[key])) for key, each in LISTS.items()},
        "tiles": tiles(table, shown),
        "status": request.query_params.get("status", ""),
        "total": float(table[shown.money].sum()),
    }
    part = list_part(request, _matching(request, table), shown.columns, f"-{shown.money}")
    return render_page(request, "stock.html", base | more | part)


def tiles(table: pd.DataFrame, shown: StockList) -> list[dict[str, object]]:
    """A tile a status of a list of stock: how many rows and how much money; together they are the list's sums."""
    sums = table.groupby("status")[shown.money].agg(["size", "sum"]).reindex(shown.statuses).fillna(0)
    return [
        {"status": status, "rows": int(row["size"]), "money": float(row["sum"])}
        for status, row in sums.iterrows()
    ]


def stock_csv(request: Request) -> Response:
    """Download a list of stock as a CSV file."""
    return _file(request, "csv")


def stock_xlsx(request: Request) -> Response:
    """Download a list of stock as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    """A list of stock as it is filtered and sorted, as a file."""
    served, name = follower_of(request).current(), _name(request)
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    shown = LISTS[name]
    table = _matching(request, served.stock_lists[name])
    ordered = sorted_table(table, shown.columns, request.query_params, f"-{shown.money}")
    return list_file(ordered, kind, f"stock-{name.replace('_', '-')}-{served.as_of:%Y-%m-%d}")


def _name(request: Request) -> str:
    """Name of the list that is asked for."""
    asked = request.query_params.get("list", "running_out")
    return asked if asked in LISTS else "running_out"


def _matching(request: Request, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a list of stock with the asked status, and the searched words in SKU, description or supplier."""
    status = request.query_params.get("status", "")
    if status:
        table = table[table["status"] == status]
    return searched(table, request.query_params.get("q", ""), ("unique_id", "description", "supplier_id"))
