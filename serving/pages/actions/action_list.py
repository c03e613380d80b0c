"""The worklist page: recommended actions with their worth, to approve, reject or snooze, one by one or together."""

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from database.decisions import last_decisions
from database.recommendations import Order
from database.worklist import (
    TABS,
    WorklistFilter,
    WorklistPage,
    assignees,
    worklist_counts,
    worklist_names,
    worklist_page,
    worklist_totals,
)
from planning.levers.lever_catalog import LEVERS, lever
from serving.http.problems import Problem
from serving.pages.actions.snooze_choices import snooze_choices
from serving.rendering.layout import ROWS_PER_PAGE, page_context, paginate
from serving.rendering.listing import Column, file_links, headers, sort_of
from serving.rendering.templates import render_page
from serving.state.follower import follower_of
from serving.state.served import Served

COLUMNS = (
    Column("gain", "value", rising=False, hint="what it brings within the budget's horizon for its effort"),
    Column("worth", "worth", rising=False, hint="money, a year or once"),
    Column("act_by", "act by", hint="the most urgent first"),
    Column("unique_id", "SKU"),
    Column("supplier_id", "supplier"),
    Column("kind", "kind"),
    Column("assignee", "assigned to"),
    Column("done_at", "carried out", hint="those not yet carried out last"),
)
_FIRST = "-gain"
_MOST_SUPPLIERS = 200
"""Suppliers that the page offers to choose from; of more, one is typed."""


def action_list_page(request: Request) -> Response:
    """Show the worklist: actions of one status, filtered and sorted as the query says, with their totals."""
    base = page_context(request)
    if base["served"] is None or base["run"] is None:
        return render_page(request, "welcome.html", base)
    engine, today, query = follower_of(request).engine, base["today"], request.query_params
    where = asked_filter(query)
    page, part = _page(request, where, today)
    done = query.get("done", "")
    more = {
        "tab": where.tab,
        "filtered": where != WorklistFilter(where.tab),
        "waiting": _waiting(base["served"]),
        "totals": page.totals,
        "rows": page.rows,
        "part": part,
        "headers": headers(COLUMNS, query, _FIRST),
        "downloads": file_links(query, "/actions"),
        "descriptions": base["served"].descriptions,
        "query": dict(query),
        "here": _address_as_filtered(request),
        "done": last_decisions(engine, done.split(",")) if done else [],
        "snoozes": snooze_choices(today),
    }
    beside = follower_of(request).worklist.recall(
        engine, (where.tab, today), partial(_beside, engine, where.tab, today)
    )
    beside = beside | {"groups": sorted({lever(kind).group for kind in beside["kinds"]})}
    if len(beside["suppliers"]) > _MOST_SUPPLIERS:
        beside = beside | {"suppliers": None}
    return render_page(request, "worklist.html", base | more | beside)


def _waiting(served: Served) -> int:
    """How many actions of the plan wait for a later day."""
    return 0 if served.snapshot is None else int(served.snapshot.facts.get("actions_waiting", 0))


def _beside(engine: Engine, tab: str, today: date) -> dict[str, Any]:
    """What the worklist page shows beside a tab's actions: counts, what is approved, and names to filter by."""
    return {
        "counts": worklist_counts(engine, today=today),
        "approved": worklist_totals(engine, WorklistFilter("approved"), today=today),
        "kinds": worklist_names(engine, "kind", tab, today=today, most=100),
        "suppliers": worklist_names(engine, "supplier_id", tab, today=today, most=_MOST_SUPPLIERS + 1),
        "people": assignees(engine),
    }


def asked_filter(query: QueryParams) -> WorklistFilter:
    """Actions of the worklist page that a query asks for."""
    tab = query.get("status", "open")
    if tab not in TABS:
        raise Problem(404, "no_such_page", f"status is {tab!r}; the lists are {', '.join(TABS)}")
    kind, supplier_id = query.get("kind", ""), query.get("supplier_id", "").strip()
    return WorklistFilter(
        tab,
        kind,
        supplier_id,
        query.get("assignee", ""),
        query.get("q", "").strip(),
        kinds_of(query["group"]) if query.get("group") else (),
    )


def kinds_of(group: str) -> tuple[str, ...]:
    """Return the kinds of a group of levers.

    Raises
    ------
    Problem
        404 when there is no such group.
    """
    kinds = tuple(kind for kind, each in LEVERS.items() if each.group == group)
    if not kinds:
        groups = ", ".join(sorted({each.group for each in LEVERS.values()}))
        raise Problem(404, "no_such_page", f"group is {group!r}; the groups of levers are {groups}")
    return kinds


def asked_order(query: QueryParams) -> Order:
    """Order of the worklist page that a query asks for."""
    return (sort_of(COLUMNS, query, _FIRST),)


def _page(request: Request, where: WorklistFilter, today: date) -> tuple[WorklistPage, dict[str, Any]]:
    """The page of the worklist that a query asks for, the last one where there are not as many, and its place."""
    follower, order = follower_of(request), asked_order(request.query_params)

    def read(start: int) -> WorklistPage:
        asked = partial(
            worklist_page, follower.engine, where, order, today=today, part=(start, ROWS_PER_PAGE)
        )
        return follower.worklist.recall(follower.engine, (where, order, start, today), asked)

    start = paginate(request, 10**9)["start"]
    page = read(start)
    part = paginate(request, page.totals.count)
    return (page if part["start"] == start else read(part["start"])), part


def _address_as_filtered(request: Request) -> str:
    """Address of the worklist page as filtered, to come back to after a decision."""
    gone = {"done", "failed"}
    rest = {name: value for name, value in request.query_params.items() if name not in gone}
    return f"{request.url.path}?{urlencode(rest)}" if rest else request.url.path
