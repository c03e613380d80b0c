"""Downloads of the supplier scorecards: CSV and Excel files."""

from starlette.requests import Request
from starlette.responses import Response

from serving.pages.supplier.supplier_list import shown_suppliers
from serving.rendering.spreadsheets import download, to_csv_bytes, to_xlsx_bytes
from serving.state.follower import follower_of
from serving.state.lookup import supplier_report_of


def suppliers_csv(request: Request) -> Response:
    """Download the supplier scorecards as a CSV file, in the order of the list."""
    served = follower_of(request).current()
    table = shown_suppliers(supplier_report_of(served).table, request.query_params)
    return download(to_csv_bytes(table), f"suppliers-{served.as_of:%Y-%m-%d}", "csv")


def suppliers_xlsx(request: Request) -> Response:
    """Download an Excel workbook: supplier scorecards, SKU risk, changes, internal delay, what is not measured."""
    served = follower_of(request).current()
    report = supplier_report_of(served)
    absent = report.scorecard.not_measured
    sheets = {
        "suppliers": shown_suppliers(report.table, request.query_params),
        "skus": report.sku_risk,
        "changes": report.scorecard.flags,
        "internal delay": report.internal_delay,
        "not measured": report.table.iloc[:0, :0].assign(
            measure=list(absent), why=[absent[name] for name in absent]
        ),
    }
    return download(to_xlsx_bytes(sheets), f"suppliers-{served.as_of:%Y-%m-%d}", "xlsx")
