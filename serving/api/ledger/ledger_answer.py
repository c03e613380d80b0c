"""The answer of `/v1/ledger`: approved actions with what they promised and brought, added up, and what is learned."""

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import plan_runs
from planning.levers.lever_catalog import LEVERS
from serving.http.json_encoding import encode_json, json_records
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.query_parameters import check_parameters, known_parameter
from serving.state.follower import follower_of
from serving.state.ledger_view import (
    FILTERS,
    STATES,
    filtered_ledger,
    ledger_table,
    ledger_total,
    ledger_totals,
)
from serving.state.served import Served

ENTRY = (
    "decision_id", "action_id", "kind", "title", "unique_id", "supplier_id", "alternative_supplier_id", "who",
    "person", "agreed", "state", "agreed_on", "in_effect_on", "ended_on", "lapse_by", "why", "evidence", "worth",
    "worth_period", "effort", "promised", "promised_low", "promised_high", "realised", "low", "high", "parts", "skus",
    "measured_from", "measured_until", "not_measured",
)  # fmt: skip


def get_ledger(request: Request) -> Response:
    """Route `GET /v1/ledger`: the newest approval first, by state, kind, supplier, person and month; totals `by`."""
    check_parameters(request, *FILTERS, "by", *PAGING)
    follower, query = follower_of(request), request.query_params
    served, latest = follower.current(), plan_runs.latest(follower.engine)
    by = query.get("by", "lever")
    every = ledger_table(follower)
    _check_filters(request, every, served)
    table = filtered_ledger(every, query)
    asked = page_asked(request, 0 if latest is None else latest.id)
    page = page_of(list(enumerate(table["decision_id"].tolist())), asked, lambda row: (-row[1],))
    part = table.iloc[[position for position, _ in page.rows]]
    total = ledger_total(table)
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        "by": by,
        "total": json_records(pd.DataFrame([total]).drop(columns="group"))[0],
        "totals": json_records(ledger_totals(table, by)),
        "factors": [] if latest is None else latest.facts.get("lever_factors") or [],
        "ledger": json_records(part[list(ENTRY)]),
        "next": page.next,
    }
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


def _check_filters(request: Request, every: pd.DataFrame, served: Served) -> None:
    """Refuse a filter of the ledger by what there is none of.

    Raises
    ------
    Problem
        422 with what there is.
    """
    known_parameter(request, "state", STATES)
    known_parameter(request, "kind", LEVERS)
    suppliers = served.supplier_ids | {*every["supplier_id"], *every["alternative_supplier_id"]}
    known_parameter(request, "supplier_id", suppliers - {None}, listed_at="/v1/suppliers")
    for name in ("person", "month"):
        known_parameter(request, name, set(every[name]))


LEDGER_RESOURCES = [Route("/v1/ledger", get_ledger)]
