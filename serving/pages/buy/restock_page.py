"""The page of restocking sites: which to visit when, and what to bring to each bin."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.lookup import spend_of
from serving.state.served import Served

COLUMNS = (
    Column("site", "site"),
    Column("bin", "bin"),
    Column("unique_id", "SKU"),
    Column("count", "last count", numeric=True),
    Column("counted_at", "counted"),
    Column(
        "left_at_visit", "left now", numeric=True, hint="the count less what is expected to be used since"
    ),
    Column("used_a_day", "used a day", numeric=True, rising=False),
    Column("bring", "bring", numeric=True, rising=False),
    Column("capacity", "holds", numeric=True),
    Column("lasts_days", "then lasts", numeric=True, hint="days on average"),
    Column("empty_chance", "empty without", numeric=True, rising=False, hint="chance until the visit after"),
)
_FIRST = "-empty_chance"


def restock_page(request: Request) -> Response:
    """Show the visits and the bins."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    visits = pd.DataFrame() if served.spend is None else served.spend.procurement.table("site_visits")
    more: dict[str, Any] = {"visits": visits.to_dict("records"), "known": served.spend is not None}
    table = bins_table(served, request) if served.spend is not None else pd.DataFrame()
    return render_page(request, "restock.html", base | more | list_part(request, table, COLUMNS, _FIRST))


def bins_table(served: Served, request: Request) -> pd.DataFrame:
    """The bins, of one site where it is named, searched."""
    table = spend_of(served).procurement.table("restock_bins")
    site = request.query_params.get("site", "")
    if site and len(table):
        table = table[table["site"] == site]
    return searched(table, request.query_params.get("q", ""), ("site", "bin", "unique_id"))


def restock_csv(request: Request) -> Response:
    """Download the bins as a CSV file."""
    return _file(request, "csv")


def restock_xlsx(request: Request) -> Response:
    """Download the bins as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    served = follower_of(request).current()
    table = sorted_table(bins_table(served, request), COLUMNS, request.query_params, _FIRST)
    return list_file(table, kind, f"restock-{served.as_of:%Y-%m-%d}")
