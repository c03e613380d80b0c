"""The ledger page's chart image: what actions promised beside what they brought."""

from starlette.requests import Request
from starlette.responses import Response

from charts.promised_realised import promised_realised_chart
from serving.pages.chart_images import svg_response
from serving.pages.ledger.ledger_page import asked_ledger
from serving.state.follower import follower_of
from serving.state.ledger_view import ledger_table


def ledger_chart_image(request: Request) -> Response:
    """Draw the chart image of promised against realised worth, of the actions that the query lets through."""
    follower = follower_of(request)
    rows = asked_ledger(ledger_table(follower), request.query_params)
    rows = rows[rows["realised"].notna() & (rows["state"] != "lapsed")]
    if rows.empty:
        return svg_response(None)
    return svg_response(
        promised_realised_chart(rows, title="Promised and realised", currency=follower.current().currency)
    )
