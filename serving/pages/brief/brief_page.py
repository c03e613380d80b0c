"""The page of a supplier's negotiation brief, and the same as JSON and as Markdown to take along."""

from starlette.requests import Request
from starlette.responses import Response

from serving.brief.brief_document import supplier_brief
from serving.brief.brief_markdown import MEASURES, TERM_LABELS, brief_markdown, measure
from serving.http.json_encoding import encode_json
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import follower_of


def brief_page(request: Request) -> Response:
    """Show the brief of a supplier."""
    base = page_context(request)
    brief = supplier_brief(follower_of(request), request.path_params["supplier_id"])
    more = {"brief": brief, "measures": MEASURES, "term_labels": TERM_LABELS, "measure": measure}
    return render_page(request, "brief.html", base | more)


def brief_json(request: Request) -> Response:
    """Download the brief of a supplier as JSON."""
    brief = supplier_brief(follower_of(request), request.path_params["supplier_id"])
    return Response(encode_json(brief), media_type="application/json")


def brief_md(request: Request) -> Response:
    """Download the brief of a supplier as Markdown."""
    brief = supplier_brief(follower_of(request), request.path_params["supplier_id"])
    return Response(brief_markdown(brief), media_type="text/markdown; charset=utf-8")
