"""The answer of `/v1/responsible`: shares of spend, goals and their price, purchases outside the preferred vendors."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.http.json_encoding import encode_json, json_records
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters
from serving.state.follower import follower_of
from serving.state.lookup import NO_PLAN


def get_responsible(request: Request) -> Response:
    """Route `GET /v1/responsible`: all categories, or the one named `category`."""
    check_parameters(request, "category")
    served, category = follower_of(request).current(), request.query_params.get("category")
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    table, outside = served.snapshot.responsible, served.snapshot.off_preferred
    if category is not None:
        table, outside = (each[each["category"] == category] for each in (table, outside))
        if table.empty:
            raise Problem(
                422,
                "unknown_category",
                f"category: nothing is bought of {category!r}; without it all are listed",
            )
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "currency": served.currency,
        "shares": [row | {"moves": json.loads(row["moves"])} for row in json_records(table)],
        "off_preferred": json_records(outside),
    }
    return Response(encode_json(answer), media_type="application/json")


RESPONSIBLE_RESOURCES = [Route("/v1/responsible", get_responsible)]
