"""The chart image of what a promise of service costs."""

from starlette.requests import Request
from starlette.responses import Response

from charts.service_cost import service_cost_chart
from serving.pages.chart_images import svg_response
from serving.state.follower import follower_of
from serving.state.lookup import service_costs
from serving.state.service_costs import EVERYTHING


def service_chart_image(request: Request) -> Response:
    """Draw the chart image of one group's curve."""
    served, by = follower_of(request).current(), request.path_params["by"]
    costs = service_costs(served, by)
    curve = costs[costs["group"] == request.query_params.get("group", EVERYTHING)]
    if curve.empty:
        return svg_response(None)
    title = f"A year at each service level, {served.currency}"
    return svg_response(service_cost_chart(curve, title=title))
