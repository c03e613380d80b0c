"""The answer of `/v1/changes`: SKUs and actions that moved since an earlier plan, each change with its parts."""

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from planning.changes.causes import CAUSES
from planning.changes.change_sentences import change_sentence
from planning.changes.plan_changes import NUMBERS, PART_COLUMNS, sku_parts
from serving.changes.change_rows import ChangeFilter, by_cause, filtered, totals
from serving.changes.compared_plans import comparison_since, kept_runs
from serving.http.json_encoding import encode_json, json_records
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.query_parameters import check_parameters, known_parameter
from serving.state.follower import follower_of

_PARTS = [column for number in NUMBERS for column in PART_COLUMNS[number]]


def get_changes(request: Request) -> Response:
    """Route `GET /v1/changes`: what moved since the plan before, or `since` another one, the most money first."""
    check_parameters(request, "since", "cause", "supplier_id", "unique_id", *PAGING)
    follower, query = follower_of(request), request.query_params
    served, compared = follower.current(), comparison_since(follower, query.get("since"))
    cause, unique_id = known_parameter(request, "cause", CAUSES) or "", query.get("unique_id")
    known_skus = served.row_of.keys() | set(compared.skus["unique_id"])
    known_parameter(request, "unique_id", known_skus, listed_at="/v1/skus")
    known = served.supplier_ids | {*compared.skus["supplier_id"], *compared.skus["supplier_before"]}
    known_parameter(request, "supplier_id", known - {None}, listed_at="/v1/suppliers")
    skus = filtered(compared.skus, ChangeFilter(cause, query.get("supplier_id", "")))
    actions = compared.actions
    if unique_id is not None:
        skus, actions = (table[table["unique_id"] == unique_id] for table in (skus, actions))
    if query.get("supplier_id"):
        actions = actions[actions["supplier_id"] == query["supplier_id"]]
    asked = page_asked(request, 0 if served.run is None else served.run.id)
    page = page_of(range(max(len(skus), len(actions))), asked, lambda row: (row,))
    rows = slice(page.rows[0], page.rows[-1] + 1) if page.rows else slice(0)
    kept = [] if served.run is None else kept_runs(follower, served.run)
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        **compared.facts,
        "plans": [{"plan": run.id, "as_of": str(run.as_of), "at": run.at.isoformat()} for run in kept],
        "totals": totals(skus),
        "causes": by_cause(skus),
        "changes": changed_skus(skus.iloc[rows]),
        "total_actions": len(actions),
        "actions": json_records(actions.iloc[rows]),
        "next": page.next,
    }
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


def changed_skus(skus: pd.DataFrame) -> list[dict[str, Any]]:
    """Answer for rows of the table of changed SKUs: each with its parts by number and cause, and a sentence."""
    plain = json_records(skus.drop(columns=_PARTS))
    return [
        said
        | {"parts": {number: sku_parts(row, number) for number in NUMBERS}, "sentence": change_sentence(row)}
        for said, row in zip(plain, skus.to_dict("records"), strict=True)
    ]


CHANGE_RESOURCES = [Route("/v1/changes", get_changes)]
