"""Downloads of what changed since an earlier plan: CSV and Excel files of the SKUs as filtered, with all parts."""

from starlette.requests import Request
from starlette.responses import Response

from serving.changes.compared_plans import comparison_since
from serving.pages.changes.changes_page import shown_skus
from serving.rendering.spreadsheets import to_csv_bytes, to_xlsx_bytes
from serving.state.follower import follower_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def changes_csv(request: Request) -> Response:
    """Download the changed SKUs of the page, all its pages together, as a CSV file."""
    compared = comparison_since(follower_of(request), request.query_params.get("since"))
    skus = shown_skus(compared, request.query_params)
    return _download(request, to_csv_bytes(skus), "csv", "text/csv")


def changes_xlsx(request: Request) -> Response:
    """Download an Excel workbook of the changed SKUs of the page and of all actions that moved."""
    compared = comparison_since(follower_of(request), request.query_params.get("since"))
    sheets = {"SKUs": shown_skus(compared, request.query_params), "actions": compared.actions}
    return _download(request, to_xlsx_bytes(sheets), "xlsx", _XLSX)


def _download(request: Request, content: bytes, kind: str, media_type: str) -> Response:
    """Return a file of changes as an attachment, named by the day of the plan."""
    name = f"changes-{follower_of(request).current().as_of:%Y-%m-%d}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)
