"""The page of alerts: exceptions by severity and money, and how often each rule opens some."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from procurement.alerts.rules import SEVERITIES
from serving.alerts.exception_rows import (
    KIND_LABELS,
    STATES,
    exception_table,
    filter_of,
    owners,
    rates,
)
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

COLUMNS = (
    Column("presses", "severity", rising=False),
    Column("text", "what"),
    Column("money", "money", numeric=True, rising=False),
    Column("owner", "whose"),
    Column("state", "state"),
    Column("opened_on", "since", hint="the day of the plan run that opened it"),
    Column(
        "a_week", "a week", numeric=True, rising=False, hint="exceptions a week that its rule opened lately"
    ),
)
_FIRST = "-presses"
_SEARCHED = ("subject", "text", "rule", "owner")


def alerts_page(request: Request) -> Response:
    """Show the exceptions that stand, or those of one state, kind, severity or owner."""
    base = page_context(request)
    if base["served"] is None:
        return render_page(request, "welcome.html", base)
    engine, where = follower_of(request).engine, filter_of(request.query_params)
    table = exception_table(engine, where)
    more: dict[str, Any] = {
        "where": where,
        "here": _here(request),
        "states": STATES,
        "kinds": KIND_LABELS,
        "severities": SEVERITIES[::-1],
        "owners": sorted({*owners(table), *([where.owner] if where.owner else [])}),
        "counts": table["severity"].value_counts().to_dict(),
        "total": float(table["money"].sum()),
        "rates": rates(engine).to_dict("records"),
    }
    found = searched(table, request.query_params.get("q", ""), _SEARCHED)
    return render_page(request, "alerts.html", base | more | list_part(request, found, COLUMNS, _FIRST))


def _here(request: Request) -> str:
    """Address of the list as it is filtered, to come back to."""
    query = {name: value for name, value in request.query_params.items() if value and name != "done"}
    return f"/alerts?{urlencode(query)}" if query else "/alerts"


def alerts_csv(request: Request) -> Response:
    """Download the list of exceptions as a CSV file."""
    return _file(request, "csv")


def alerts_xlsx(request: Request) -> Response:
    """Download the list of exceptions as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    """The exceptions as they are filtered and sorted, as a file."""
    follower = follower_of(request)
    served = follower.current()
    table = exception_table(follower.engine, filter_of(request.query_params))
    found = searched(table, request.query_params.get("q", ""), _SEARCHED)
    ordered = sorted_table(found, COLUMNS, request.query_params, _FIRST).drop(columns=["presses", "version"])
    ordered["closed_at"] = ordered["closed_at"].dt.normalize()
    return list_file(ordered, kind, f"alerts-{served.as_of:%Y-%m-%d}")
