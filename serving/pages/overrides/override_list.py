"""The page of all overrides: in force and past ones, forms to enter one, and the value that they added."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from planning.overrides.override_tables import DONE, EXPIRED, NOWHERE, OVER
from serving.http.problems import Problem
from serving.overrides.override_view import ENDED, Row, override_rows, value_rows
from serving.rendering.layout import page_context, paginate
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

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
    query = request.query_params
    tab, needle = query.get("show", "standing"), query.get("q", "").strip().lower()
    if tab not in TABS:
        raise Problem(404, "no_such_page", f"show is {tab!r}; the lists are {', '.join(TABS)}")
    rows = override_rows(follower_of(request).engine, served)
    found = [row for row in rows if not needle or needle in _text(row)]
    by_tab = {name: [row for row in found if (row["status"] in _PAST) == (name == "past")] for name in TABS}
    part = paginate(request, len(by_tab[tab]))
    total, people = value_rows(served, "person")
    more = {
        "tab": tab,
        "counts": {name: len(rows) for name, rows in by_tab.items()},
        "rows": by_tab[tab][part["start"] : part["stop"]],
        "part": part,
        "query": dict(query),
        "total": total,
        "people": people,
        "reasons": value_rows(served, "reason")[1][:20],
        "periods": value_rows(served, "period")[1][-26:],
        "error": error,
    }
    return render_page(
        request, "overrides.html", base | more | form_variables(base["today"], entered), status
    )


def form_variables(today: date, entered: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Template variables of the forms that enter an override, and of the lists of them."""
    return {
        "entered": dict(entered or {}),
        "expires": (today + timedelta(days=EXPIRES_DAYS)).isoformat(),
        "status_words": STATUS_WORDS,
    }


def _text(row: Row) -> str:
    """Text of an override that the page's search looks in."""
    return " ".join(
        str(row[name] or "") for name in ("unique_id", "category", "author", "reason", "what")
    ).lower()
