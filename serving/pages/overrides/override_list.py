"""The page of all overrides: in force and past ones, forms to enter one, and the value that they added."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from database.overrides import ENTERED
from planning.overrides.override_tables import DONE, EXPIRED, NOWHERE, OVER
from serving.http.problems import Problem
from serving.overrides.override_view import ENDED, override_rows, value_rows
from serving.rendering.layout import page_context
from serving.rendering.listing import Column, list_file, list_part, searched, sorted_table
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.served import Served

TABS = ("standing", "past")
_PAST = (EXPIRED, OVER, DONE, ENDED, NOWHERE)

STATUS_WORDS = {
    "new": "holds from the next plan on",
    "used": "in use",
    "waits": "waits for the next order",
    "refused": "not used",
    "beaten": "others go before it",
    "expired": "expired",
    "over": "over",
    "done": "ordered",
    "nowhere": "no such SKU",
    "ended": "ended",
}
"""Status of an override → what the page says."""

COLUMNS = (
    Column("holds_for", "for"),
    Column("what", "what"),
    Column("reason", "why"),
    Column("author", "who"),
    Column("created", "since", rising=False),
    Column("expires", "expires"),
    Column("skus", "SKUs", numeric=True, rising=False, hint="of the current plan that it holds for"),
    Column("status", "in the current plan"),
)
_FIRST = "-created"
_SEARCHED = ("unique_id", "category", "author", "reason", "what")
_DAYS = ("from", "until", "hold_until", "created", "expires")
_MOMENTS = ("entered_at", "ended_at")

EXPIRES_DAYS = 91
"""Days until an override expires, as the forms propose: a quarter, so that somebody looks at it again."""


def override_list_page(request: Request) -> Response:
    """Show the page of all overrides."""
    return override_list(request)


def override_list(
    request: Request, error: str = "", entered: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Render the page of overrides, with the `error` of one that could not be stored and what was `entered`, if any."""
    base = page_context(request)
    served = base["served"]
    if served is None:
        return render_page(request, "welcome.html", base)
    tab = _tab(request)
    by_tab = {name: _table(request, served, name) for name in TABS}
    part = list_part(request, by_tab[tab], COLUMNS, _FIRST)
    total, people = value_rows(served, "person")
    more = {
        "tab": tab,
        "counts": {name: len(rows) for name, rows in by_tab.items()},
        "total": total,
        "people": people,
        "reasons": value_rows(served, "reason")[1][:20],
        "periods": value_rows(served, "period")[1][-26:],
        "error": error,
    }
    return render_page(
        request, "overrides.html", base | part | more | form_variables(base["today"], entered), status
    )


def form_variables(today: date, entered: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Template variables of the forms that enter an override, and of the lists of them."""
    return {
        "entered": dict(entered or {}),
        "expires": (today + timedelta(days=EXPIRES_DAYS)).isoformat(),
        "status_words": STATUS_WORDS,
    }


def overrides_csv(request: Request) -> Response:
    """Download the list of overrides as a CSV file."""
    return _file(request, "csv")


def overrides_xlsx(request: Request) -> Response:
    """Download the list of overrides as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    """The overrides as the page lists them, all its pages, as a file."""
    served, tab = follower_of(request).current(), _tab(request)
    ordered = sorted_table(_table(request, served, tab), COLUMNS, request.query_params, _FIRST)
    shown = ordered.drop(columns="holds_for")
    for name in _MOMENTS:
        shown[name] = pd.to_datetime(shown[name], utc=True).dt.tz_localize(None).dt.normalize()
    return list_file(shown, kind, f"overrides-{tab}-{served.as_of:%Y-%m-%d}")


def _tab(request: Request) -> str:
    """The list of overrides that is asked for."""
    tab = request.query_params.get("show", "standing")
    if tab not in TABS:
        raise Problem(404, "no_such_page", f"show is {tab!r}; the lists are {', '.join(TABS)}")
    return tab


def _table(request: Request, served: Served, tab: str) -> pd.DataFrame:
    """Overrides of a tab that have the searched words in them, the newest first; `holds_for` is a SKU or a category."""
    rows = override_rows(follower_of(request).engine, served)
    own = [row for row in rows if (row["status"] in _PAST) == (tab == "past")]
    names = (
        "override_id",
        "source",
        *ENTERED,
        "what",
        "skus",
        "status",
        "says",
        *_MOMENTS,
        "ended_by",
        "end_reason",
    )
    table = pd.DataFrame(own, columns=list(names), dtype=object)
    for name in _DAYS:
        table[name] = pd.to_datetime(table[name])
    table["holds_for"] = table["unique_id"].where(table["unique_id"].notna(), table["category"])
    return searched(table, request.query_params.get("q", ""), _SEARCHED)
