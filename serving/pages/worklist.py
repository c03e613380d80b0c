"""The worklist page: recommended actions with their worth, to approve, reject or snooze."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from database import decisions
from database.recommendations import Recommendation, RecommendationFilter, list_recommendations
from serving.http.problems import Problem
from serving.pages.action import snooze_choices
from serving.rendering.layout import page_context, paginate
from serving.rendering.templates import render_page
from serving.state.follower import follower_of

TABS = ("open", "approved", "rejected", "snoozed")
KINDS = (
    "engage_early",
    "expedite",
    "expedite_question",
    "chase",
    "push_back",
    "reduce",
    "cancel",
    "lower_moq",
    "switch_vendor",
)


@dataclass(frozen=True)
class WorklistTotals:
    """Totals of the actions on the worklist page: their worth in money a year and once, and how many are due."""

    count: int
    yearly: float
    once: float
    overdue: int
    soon: int


def totals(rows: list[Recommendation], today: Any) -> WorklistTotals:
    """Sum up the worth of the worklist page's actions and count those overdue and due soon, within seven days."""
    due = [row.act_by for row in rows if row.act_by is not None]
    return WorklistTotals(
        count=len(rows),
        yearly=sum(row.worth for row in rows if row.worth_period == "year"),
        once=sum(row.worth for row in rows if row.worth_period != "year"),
        overdue=sum(day < today for day in due),
        soon=sum(today <= day <= today + timedelta(days=7) for day in due),
    )


def worklist_page(request: Request) -> Response:
    """Show the worklist: actions of one status, filtered and sorted as the query says, with their totals."""
    base = page_context(request)
    if base["served"] is None or base["run"] is None:
        return render_page(request, "welcome.html", base)
    engine, today, query = follower_of(request).engine, base["today"], request.query_params
    rows = list_recommendations(engine, RecommendationFilter(), today=today, proposed=False)
    tab = query.get("status", "open")
    if tab not in TABS:
        raise Problem(404, "no_such_page", f"status is {tab!r}; the lists are {', '.join(TABS)}")
    # What was decided stays visible, also when the next run proposes it no more; open are only live proposals, and of
    # those that exclude each other the best: the rest stands on the SKU's page.
    by_tab = {
        t: [r for r in rows if r.status == t and (t != "open" or (r.proposed and not r.alternative_to))]
        for t in TABS
    }
    shown = _filter_and_sort(by_tab[tab], query)
    part = paginate(request, len(shown))
    more = {
        "kinds": [kind for kind in KINDS if any(row.kind == kind for row in by_tab[tab])],
        "suppliers": sorted({row.supplier_id for row in by_tab[tab] if row.supplier_id}),
        "tab": tab,
        "counts": {name: len(rows) for name, rows in by_tab.items()},
        "totals": totals(shown, today),
        "approved": totals(by_tab["approved"], today),
        "rows": shown[part["start"] : part["stop"]],
        "part": part,
        "descriptions": _descriptions(base["served"].inputs.items),
        "query": dict(query),
        "here": _address_without_done(request),
        "done": _decision_just_taken(request),
        "snoozes": snooze_choices(today),
    }
    return render_page(request, "worklist.html", base | more)


def _filter_and_sort(rows: list[Recommendation], query: QueryParams) -> list[Recommendation]:
    """Actions on the worklist page that match a query's kind, supplier and text, the best or most urgent first."""
    kind, supplier_id = query.get("kind", ""), query.get("supplier_id", "")
    needle = query.get("q", "").strip().lower()
    found = [
        row
        for row in rows
        if (not kind or row.kind == kind)
        and (not supplier_id or supplier_id in {row.supplier_id, row.alternative_supplier_id})
        and (not needle or needle in f"{row.unique_id} {row.title} {row.evidence}".lower())
    ]
    if query.get("sort") == "act_by":
        found.sort(key=lambda row: (row.act_by is None, row.act_by, -row.worth))
    return found


def _descriptions(items: pd.DataFrame) -> dict[str, str]:
    """Descriptions that the worklist page shows beside SKUs: SKU → description, where it has one."""
    described = items.dropna(subset=["description"])
    return dict(zip(described["unique_id"], described["description"], strict=True))


def _address_without_done(request: Request) -> str:
    """Address of the worklist page as filtered, to come back to after a decision."""
    rest = {name: value for name, value in request.query_params.items() if name != "done"}
    return f"{request.url.path}?{urlencode(rest)}" if rest else request.url.path


def _decision_just_taken(request: Request) -> Any:
    """Return the decision just taken, which the worklist page confirms at its top."""
    action_id = request.query_params.get("done")
    if not action_id:
        return None
    found = decisions.decision_history(follower_of(request).engine, action_id=action_id, limit=1)
    return found[0] if found else None
