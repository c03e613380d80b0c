"""The chart image of spend by month, with what is to come and the budget."""

from starlette.requests import Request
from starlette.responses import Response

from charts.spend import spend_chart
from serving.pages.chart_images import svg_response
from serving.state.follower import follower_of
from serving.state.lookup import spend_of


def spend_chart_image(request: Request) -> Response:
    """Draw the chart image of spend by month."""
    served = follower_of(request).current()
    months = spend_of(served).procurement.table("spend_months")
    if months.empty:
        return svg_response(None)
    return svg_response(spend_chart(months, title=f"Spend a month, {served.currency}"))
