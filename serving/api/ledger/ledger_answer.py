"""The answer of `/v1/ledger`: approved actions with what they promised and brought, added up, and what is learned."""

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import plan_runs
from serving.http.json_encoding import encode_json, json_records
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER, check_parameters, int_parameter
from serving.state.follower import follower_of
from serving.state.ledger_view import FILTERS, filtered_ledger, ledger_table, ledger_total, ledger_totals

ENTRY = (
    "decision_id", "action_id", "kind", "title", "unique_id", "supplier_id", "alternative_supplier_id", "who",
    "person", "agreed", "state", "agreed_on", "in_effect_on", "ended_on", "lapse_by", "why", "evidence", "worth",
    "worth_period", "effort", "promised", "promised_low", "promised_high", "realised", "low", "high", "parts", "skus",
    "measured_from", "measured_until", "not_measured",
)  # fmt: skip


def get_ledger(request: Request) -> Response:
    """Route `GET /v1/ledger`: the newest approval first, by state, kind, supplier, person and month; totals `by`."""
    check_parameters(request, *FILTERS, "by", "offset", "limit")
    follower, query = follower_of(request), request.query_params
    served, latest = follower.current(), plan_runs.latest(follower.engine)
    by = query.get("by", "lever")
    table = filtered_ledger(ledger_table(follower), query)
    first = int_parameter(request, "offset", 0, 10**9 - 1)
    part = table.iloc[first : first + int_parameter(request, "limit", 100, MAX_ROWS_IN_ANSWER)]
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
    }
    return Response(encode_json(answer), media_type="application/json")


LEDGER_RESOURCES = [Route("/v1/ledger", get_ledger)]
