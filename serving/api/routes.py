"""The routes of the JSON resources of `/v1`: explanations, groups, suppliers, and those of each room."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.api.actions.action_routes import ACTION_RESOURCES
from serving.api.alerts.exceptions_answer import EXCEPTION_RESOURCES
from serving.api.brief.brief_answer import BRIEF_RESOURCES
from serving.api.buy.buy_answer import BUY_RESOURCES
from serving.api.changes.changes_answer import CHANGE_RESOURCES
from serving.api.compare.compare_answer import COMPARE_RESOURCES
from serving.api.explanation_answer import explanation_answer
from serving.api.groups_answer import groups_answer
from serving.api.jobs.job_routes import JOB_RESOURCES
from serving.api.ledger.ledger_answer import LEDGER_RESOURCES
from serving.api.orders.order_routes import ORDER_RESOURCES
from serving.api.overrides.override_routes import OVERRIDE_RESOURCES
from serving.api.responsible.responsible_answer import RESPONSIBLE_RESOURCES
from serving.api.segments.segments_answer import SEGMENT_RESOURCES
from serving.api.service.service_cost_answer import SERVICE_RESOURCES
from serving.api.skus.skus_answer import SKU_RESOURCES
from serving.api.spend.spend_answer import SPEND_RESOURCES
from serving.api.suppliers_answer import supplier_answer, suppliers_answer
from serving.api.what_if.what_if_answer import WHAT_IF_RESOURCES
from serving.http.json_encoding import encode_json
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER, check_parameters
from serving.state.follower import follower_of


def get_explanation(request: Request) -> Response:
    """Route `GET /v1/forecast/{unique_id}/explanation`: parts of a SKU's expected demand, by period or on a day."""
    check_parameters(request, "ds")
    served, unique_id = follower_of(request).current(), request.path_params["unique_id"]
    answer = explanation_answer(served, unique_id, request.query_params.get("ds"))
    return Response(encode_json(answer), media_type="application/json")


def get_forecast_groups(request: Request) -> Response:
    """Route `GET /v1/forecast_groups`: forecasts of a level's groups, or of the one named `group`."""
    check_parameters(request, "level", "group")
    query = request.query_params
    answer = groups_answer(follower_of(request).current(), query.get("level"), query.get("group"))
    return Response(encode_json(answer), media_type="application/json")


def get_suppliers(request: Request) -> Response:
    """Route `GET /v1/suppliers`: the scorecard of every supplier, and why a measure is known of none."""
    check_parameters(request, *PAGING)
    served = follower_of(request).current()
    answer = suppliers_answer(served)
    asked = page_asked(request, 0 if served.run is None else served.run.id, default=MAX_ROWS_IN_ANSWER)
    every = answer["suppliers"]
    page = page_of(range(len(every)), asked, lambda row: (row,))
    rows = [every[row] for row in page.rows]
    answer |= {"total": len(every), "suppliers": rows, "next": page.next}
    return Response(encode_json(answer), 200, page.headers(request), "application/json")


def get_supplier(request: Request) -> Response:
    """Route `GET /v1/suppliers/{supplier_id}`: its scorecard, its changes, and the SKUs bought from it."""
    check_parameters(request)
    answer = supplier_answer(follower_of(request).current(), request.path_params["supplier_id"])
    return Response(encode_json(answer), media_type="application/json")


RESOURCES = [
    Route("/v1/forecast/{unique_id:path}/explanation", get_explanation),
    Route("/v1/forecast_groups", get_forecast_groups),
    Route("/v1/suppliers", get_suppliers),
    *BRIEF_RESOURCES,  # before a supplier, whose id may have a slash
    Route("/v1/suppliers/{supplier_id:path}", get_supplier),
    *ACTION_RESOURCES,
    *BUY_RESOURCES,
    *CHANGE_RESOURCES,
    *EXCEPTION_RESOURCES,
    *COMPARE_RESOURCES,
    *JOB_RESOURCES,
    *LEDGER_RESOURCES,
    *ORDER_RESOURCES,
    *OVERRIDE_RESOURCES,
    *RESPONSIBLE_RESOURCES,
    *SERVICE_RESOURCES,
    *SEGMENT_RESOURCES,
    *SKU_RESOURCES,
    *SPEND_RESOURCES,
    *WHAT_IF_RESOURCES,
]
