"""The answer of `/v1/suppliers/{supplier_id}/brief`: the negotiation brief of a supplier."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.brief.brief_document import supplier_brief
from serving.http.json_encoding import encode_json
from serving.http.query_parameters import check_parameters
from serving.state.follower import follower_of


def get_brief(request: Request) -> Response:
    """Route `GET /v1/suppliers/{supplier_id}/brief`: one page for one call."""
    check_parameters(request)
    follower = follower_of(request)
    brief = supplier_brief(follower, request.path_params["supplier_id"])
    return Response(
        encode_json({"model": follower.current().version, **brief}), media_type="application/json"
    )


BRIEF_RESOURCES = [Route("/v1/suppliers/{supplier_id:path}/brief", get_brief)]
