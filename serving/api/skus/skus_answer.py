"""The answer of `/v1/skus`: every planned SKU with its stock, levels and today's order, in pages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.http.json_encoding import encode_json, json_records
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters, known_parameter
from serving.state.follower import follower_of
from serving.state.lookup import NO_PLAN
from serving.state.sku_table import SKU_COLUMNS


def get_skus(request: Request) -> Response:
    """Route `GET /v1/skus`: by unique_id; of one `supplier_id` or `category` only where it is named."""
    check_parameters(request, "supplier_id", "category", *PAGING)
    served = follower_of(request).current()
    if served.snapshot is None or served.run is None:
        raise Problem(503, "no_plan", NO_PLAN)
    table = served.skus
    supplier_id = known_parameter(request, "supplier_id", served.supplier_ids, listed_at="/v1/suppliers")
    category = known_parameter(request, "category", set(table["category"].dropna()))
    for name, value in (("supplier_id", supplier_id), ("category", category)):
        if value is not None:
            table = table[table[name] == value]
    asked = page_asked(request, served.run.id)
    page = page_of(table["unique_id"].tolist(), asked, lambda sku: (sku,))
    shown = table[table["unique_id"].isin(page.rows)]
    answer = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "plan": served.run.id,
        "currency": served.currency,
        "total": len(table),
        "skus": json_records(shown[SKU_COLUMNS]),
        "next": page.next,
    }
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


SKU_RESOURCES = [Route("/v1/skus", get_skus)]
