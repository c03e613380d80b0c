"""The scorecards as files for spreadsheets."""

from starlette.requests import Request
from starlette.responses import Response

from serving.api.suppliers import report_of
from serving.pages.frame import follower_of
from serving.pages.sheets import csv_of, xlsx_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(request: Request) -> Response:
    """Return the scorecards as CSV."""
    served = follower_of(request).current()
    return _download(csv_of(report_of(served).table), f"suppliers-{served.as_of:%Y-%m-%d}.csv", "text/csv")


def as_xlsx(request: Request) -> Response:
    """Return a workbook: scorecards, SKUs at risk, changes, and what is not measured."""
    served = follower_of(request).current()
    report = report_of(served)
    absent = report.card.not_measured
    sheets = {
        "suppliers": report.table,
        "skus": report.risk,
        "changes": report.card.flags,
        "internal delay": report.delays,
        "not measured": report.table.iloc[:0, :0].assign(
            measure=list(absent), why=[absent[name] for name in absent]
        ),
    }
    return _download(xlsx_of(sheets), f"suppliers-{served.as_of:%Y-%m-%d}.xlsx", _XLSX)


def _download(content: bytes, name: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=kind)
