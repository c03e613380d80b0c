"""The page of guided buying: a SKU or words, a quantity and a date, and what that can be bought as."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from procurement.requests.buying_options import SURELY
from serving.buy.answer_request import answer_request, matching_skus, read_request
from serving.http.problems import Problem
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page


def buy_page(request: Request) -> Response:
    """Show the form, the SKUs that match its words, or the options of the SKU that is asked for."""
    base = page_context(request)
    served = base["served"]
    if served is None or served.snapshot is None:
        return render_page(request, "welcome.html", base)
    params = request.query_params
    more: dict[str, Any] = {
        "query": dict(params),
        "refused": "",
        "matches": [],
        "answer": None,
        "options": [],
        "descriptions": served.descriptions,
        "supplier_names": served.supplier_names,
        "surely": SURELY,
    }
    if served.spend is None:
        more["refused"] = "This plan was made before guided buying was there. Run purvey plan."
    elif params.get("unique_id"):
        try:
            answer = answer_request(served, read_request(served, params))
            more |= {"answer": answer, "options": answer.options.to_dict("records")}
        except Problem as problem:
            if problem.status not in (404, 422):
                raise
            more["refused"] = problem.detail
    elif params.get("q", "").strip():
        more["matches"] = matching_skus(served, params["q"]).to_dict("records")
        if not more["matches"]:
            more["refused"] = "No SKU has these words; try fewer, or its number"
    return render_page(request, "buy.html", base | more)
