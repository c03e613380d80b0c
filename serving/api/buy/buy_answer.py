"""The answers of `/v1/buy`, what a request can be bought as, and of `/v1/restock`, what to bring to which site."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.buy.answer_request import answer_request, read_request
from serving.http.json_encoding import encode_json, json_records, numbered_records
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.query_parameters import check_parameters
from serving.state.follower import follower_of
from serving.state.lookup import spend_of
from serving.state.served import Served


def get_buy(request: Request) -> Response:
    """Route `GET /v1/buy`: the options for a SKU, a quantity and perhaps a date, the best first."""
    check_parameters(request, "unique_id", "quantity", "needed_by")
    served = follower_of(request).current()
    spend_of(served)
    found = answer_request(served, read_request(served, request.query_params))
    asked = found.request
    answer = _head(served) | {
        "unique_id": asked.unique_id,
        "quantity": asked.quantity,
        "needed_by": None if asked.needed_by is None else str(asked.needed_by.date()),
        "on_hand": found.on_hand,
        "options": json_records(found.options),
        "elsewhere": json_records(found.elsewhere[["site", "units", "counted_at"]]),
    }
    return Response(encode_json(answer), media_type="application/json")


def get_restock(request: Request) -> Response:
    """Route `GET /v1/restock`: the visits of sites, and in pages what to bring to each bin."""
    check_parameters(request, *PAGING)
    served = follower_of(request).current()
    tables = spend_of(served).procurement
    table = tables.table("restock_bins")
    asked = page_asked(request, 0 if served.run is None else served.run.id)
    page = page_of(range(1, len(table) + 1), asked, lambda number: (number,))
    answer = _head(served) | {
        "visits": json_records(tables.table("site_visits")),
        "total": len(table),
        "bins": numbered_records(table, page.rows),
        "next": page.next,
    }
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


def _head(served: Served) -> dict[str, object]:
    return {"model": served.version, "as_of": str(served.as_of.date()), "currency": served.currency}


BUY_RESOURCES = [Route("/v1/buy", get_buy), Route("/v1/restock", get_restock)]
