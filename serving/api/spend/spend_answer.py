"""The answers of `/v1/spend`: sums by a dimension, months and budgets to come, and what is unusual."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from procurement.spend.spend_cube import DIMENSIONS
from procurement.spend.unusual_spend import KINDS
from serving.http.json_encoding import encode_json, json_records, numbered_records
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters, known_parameter
from serving.state.follower import follower_of
from serving.state.lookup import spend_of
from serving.state.served import Served
from serving.state.spend_view import FLAGS, NOT_KNOWN, SpendQuery, SpendView

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_FILTERS = tuple(name for name in DIMENSIONS if name != "month")


def get_spend(request: Request) -> Response:
    """Route `GET /v1/spend`: sums by the dimension `by`, of the lines that the filters leave, by name."""
    check_parameters(request, "by", *_FILTERS, "flag", "since", "until", *PAGING)
    served = follower_of(request).current()
    spend = spend_of(served)
    by = known_parameter(request, "by", DIMENSIONS) or "supplier_id"
    flag = known_parameter(request, "flag", [name for name in FLAGS if name]) or ""
    query = SpendQuery(by, _where(request, spend), flag, _month(request, "since"), _month(request, "until"))
    table = spend.by(query)
    page = page_of(sorted(table["name"]), page_asked(request, _run(served)), lambda name: (name,))
    rows = table[table["name"].isin(page.rows)].sort_values("name", kind="stable")
    answer = _head(served) | {
        "by": by,
        "total": spend.total(query),
        "spend": json_records(rows),
        "next": page.next,
    }
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


def get_spend_outlook(request: Request) -> Response:
    """Route `GET /v1/spend/outlook`: spend by month with what is to come, and what becomes of each budget."""
    check_parameters(request)
    served = follower_of(request).current()
    tables = spend_of(served).procurement
    answer = _head(served) | {
        "months": json_records(tables.table("spend_months")),
        "budgets": json_records(tables.table("budget_outlook")),
    }
    return Response(encode_json(answer), media_type="application/json")


def get_unusual_spend(request: Request) -> Response:
    """Route `GET /v1/spend/unusual`: unusual lines, orders and invoices, the last first, of one `kind` if named."""
    check_parameters(request, "kind", *PAGING)
    served = follower_of(request).current()
    table = spend_of(served).procurement.table("unusual_spend")
    kind = known_parameter(request, "kind", KINDS)
    if kind is not None:
        table = table[table["kind"] == kind]
    page = page_of(range(1, len(table) + 1), page_asked(request, _run(served)), lambda number: (number,))
    rows = numbered_records(table, page.rows)
    answer = _head(served) | {"total": len(table), "unusual": rows, "next": page.next}
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


def _head(served: Served) -> dict[str, object]:
    return {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "plan": _run(served),
        "currency": served.currency,
    }


def _run(served: Served) -> int:
    return 0 if served.run is None else served.run.id


def _where(request: Request, spend: SpendView) -> tuple[tuple[str, str], ...]:
    """The filters on dimensions; a value that no line has is a problem, not an empty answer."""
    where = []
    for name in _FILTERS:
        value = request.query_params.get(name)
        if value is None:
            continue
        value = "" if value == NOT_KNOWN else value
        if not spend.cube.knows(name, value):
            raise Problem(
                422,
                "invalid_request",
                f"{name}: no order line has {value!r:.60}; /v1/spend?by={name} lists all",
            )
        where.append((name, value))
    return tuple(where)


def _month(request: Request, name: str) -> str:
    """A month like 2024-06, empty where it is not given."""
    text = request.query_params.get(name, "")
    if text and not _MONTH.fullmatch(text):
        raise Problem(422, "invalid_request", f"{name}: {text!r:.60} is no month such as 2024-06")
    return text


SPEND_RESOURCES = [
    Route("/v1/spend", get_spend),
    Route("/v1/spend/outlook", get_spend_outlook),
    Route("/v1/spend/unusual", get_unusual_spend),
]
