"""The answer of `/v1/service-cost`: a year's stock, waste and shortage at service levels from 90 to 99.5 %."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.http.json_encoding import encode_json, json_records
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters
from serving.state.follower import follower_of
from serving.state.lookup import service_costs
from serving.state.service_costs import EVERYTHING, SUMS

CURVE = ("promise", *SUMS, "reached")


def get_service_cost(request: Request) -> Response:
    """Route `GET /v1/service-cost`: the curve of all SKUs and of each group `by` supplier_id or category."""
    check_parameters(request, "by", "group")
    served, query = follower_of(request).current(), request.query_params
    table = service_costs(served, query.get("by", "supplier_id"))
    if "group" in query:
        table = table[table["group"] == query["group"]]
        if table.empty:
            path = f"/v1/service-cost?by={query.get('by', 'supplier_id')}"
            raise Problem(
                422, "unknown_group", f"group: no SKU is bought in {query['group']!r}; {path} has them all"
            )
    groups = [
        {
            "group": None if name == EVERYTHING else name,
            "skus": int(rows["skus"].iloc[0]),
            "played": int(rows["played"].iloc[0]),
            "curve": json_records(rows[list(CURVE)]),
        }
        for name, rows in table.groupby("group", sort=True)
    ]
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        "by": query.get("by", "supplier_id"),
        "groups": groups,
    }
    return Response(encode_json(answer), media_type="application/json")


SERVICE_RESOURCES = [Route("/v1/service-cost", get_service_cost)]
