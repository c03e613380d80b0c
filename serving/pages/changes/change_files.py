"""Downloads of what changed since an earlier plan: CSV and Excel files of the SKUs as filtered, with all parts."""

from starlette.requests import Request
from starlette.responses import Response

from serving.changes.compared_plans import comparison_since
from serving.pages.changes.changes_page import shown_skus
from serving.rendering.spreadsheets import download, to_csv_bytes, to_xlsx_bytes
from serving.state.follower import follower_of


def changes_csv(request: Request) -> Response:
    """Download the changed SKUs of the page, all its pages together, as a CSV file."""
    compared = comparison_since(follower_of(request), request.query_params.get("since"))
    skus = shown_skus(compared, request.query_params)
    return download(to_csv_bytes(skus), _name(request), "csv")


def changes_xlsx(request: Request) -> Response:
    """Download an Excel workbook of the changed SKUs of the page and of all actions that moved."""
    compared = comparison_since(follower_of(request), request.query_params.get("since"))
    sheets = {"SKUs": shown_skus(compared, request.query_params), "actions": compared.actions}
    return download(to_xlsx_bytes(sheets), _name(request), "xlsx")


def _name(request: Request) -> str:
    """Name of a file of changes, by the day of the plan."""
    return f"changes-{follower_of(request).current().as_of:%Y-%m-%d}"
