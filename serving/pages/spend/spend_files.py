"""The lists of spend as CSV and Excel files, filtered and sorted as on the page."""

from starlette.requests import Request
from starlette.responses import Response

from serving.http.problems import Problem
from serving.pages.spend.spend_page import LISTS, spend_table, view_of
from serving.pages.spend.spend_query import spend_query
from serving.rendering.listing import list_file, sorted_table
from serving.state.follower import follower_of
from serving.state.lookup import spend_of

MOST_LINES = 100_000
"""Order lines in a file at most; a month or a supplier of them is what a spreadsheet can hold."""


def spend_csv(request: Request) -> Response:
    """Download a list of spend as a CSV file."""
    return _file(request, "csv")


def spend_xlsx(request: Request) -> Response:
    """Download a list of spend as an Excel workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response:
    """A list of spend as a file."""
    served = follower_of(request).current()
    spend, view, params = spend_of(served), view_of(request), request.query_params
    query = spend_query(params, spend)
    name = f"spend-{view}-{served.as_of:%Y-%m-%d}"
    if view == "lines":
        rows = spend.newest_first(query)
        if len(rows) > MOST_LINES:
            fix = f"a file has {MOST_LINES:,} at most: choose months or a supplier"
            raise Problem(422, "too_many_rows", f"{len(rows):,} order lines; {fix}")
        return list_file(spend.cube.lines(rows), kind, name)
    columns, first = LISTS[view]
    table = spend_table(served, query, view, params.get("q", ""), params.get("kind", ""))
    return list_file(sorted_table(table, columns, params, first), kind, name)
