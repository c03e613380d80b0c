"""The answer of `/v1/segments/{view}`: segments of SKUs or suppliers, or deviations from their policy, in pages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.http.json_encoding import encode_json, numbered_records
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters
from serving.state.follower import follower_of
from serving.state.lookup import spend_of

SEGMENT_VIEWS = {"skus": "sku_segments", "suppliers": "supplier_segments", "deviations": "deviations"}
"""View → its table in a plan run."""


def get_segments(request: Request) -> Response:
    """Route `GET /v1/segments/{view}`: rows in the order of the plan's table, the most money first."""
    check_parameters(request, *PAGING)
    view = request.path_params["view"]
    if view not in SEGMENT_VIEWS:
        raise Problem(404, "unknown_view", f"no view {view:.60}; there are {', '.join(SEGMENT_VIEWS)}")
    served = follower_of(request).current()
    table = spend_of(served).procurement.table(SEGMENT_VIEWS[view])
    run = 0 if served.run is None else served.run.id
    page = page_of(range(1, len(table) + 1), page_asked(request, run), lambda number: (number,))
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "plan": run,
        "currency": served.currency,
        "total": len(table),
        "rows": numbered_records(table, page.rows),
        "next": page.next,
    }
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


SEGMENT_RESOURCES = [Route("/v1/segments/{view}", get_segments)]
