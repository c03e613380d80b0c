"""The recommendations of an earlier plan run, and the filters that they share with those of today."""

from typing import get_args

import orjson
from starlette.requests import Request
from starlette.responses import Response

from database.plan_runs import PlanRun
from planning.levers.lever_catalog import LEVERS, Group
from serving.http.json_encoding import json_records, json_response
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.query_parameters import check_parameters, known_parameter
from serving.plan_runs.earlier_actions import FILTERS, earlier_actions, filtered_actions
from serving.plan_runs.named_run import NAMING
from serving.state.follower import follower_of
from serving.state.served import Served

LEVER_GROUPS: tuple[str, ...] = get_args(Group)


def earlier_recommendations(request: Request, run: PlanRun) -> Response:
    """Answer `/v1/recommendations` with what an earlier plan run recommended, decided or not.

    Raises
    ------
    Problem
        422 for filters by what people did since, which that run knew nothing of.
    """
    check_parameters(request, *FILTERS, *PAGING, *NAMING)
    follower, query = follower_of(request), request.query_params
    known_action_values(request, follower.current())
    where = {name: query.get(name) for name in FILTERS if name != "group"}
    kinds = kinds_of_group(request)
    table = filtered_actions(earlier_actions(follower, run), where)
    if kinds is not None:
        table = table[table["kind"].isin(kinds)]
    asked = page_asked(request, run.id)
    page = page_of(range(len(table)), asked, lambda row: (row,))
    rows = json_records(table.iloc[page.rows])
    document = {
        "model": {"bundle": run.bundle_hash, "version": None},
        "as_of": str(run.as_of),
        "plan": run.id,
        "currency": follower.current().currency,
        "total": len(table),
        "recommendations": [row | {"facts": orjson.loads(row["facts"] or "{}")} for row in rows],
        "next": page.next,
    }
    return json_response(document, headers=page.headers(request))


def known_action_values(request: Request, served: Served) -> None:
    """Refuse a query of actions whose kind, group, supplier or SKU there is none of.

    Raises
    ------
    Problem
        422 with what there is.
    """
    known_parameter(request, "kind", LEVERS)
    known_parameter(request, "group", LEVER_GROUPS)
    known_parameter(request, "supplier_id", served.supplier_ids, listed_at="/v1/suppliers")
    known_parameter(request, "unique_id", served.row_of, listed_at="/v1/skus")


def kinds_of_group(request: Request) -> tuple[str, ...] | None:
    """Return the kinds of the group of levers that a query asks for, none where it asks for none."""
    group = request.query_params.get("group")
    return None if group is None else tuple(kind for kind, lever in LEVERS.items() if lever.group == group)
