"""Tables as spreadsheet files, CSV and Excel, in which no cell is ever a formula."""

import io
from typing import Any

import numpy as np
import pandas as pd
from starlette.responses import Response

from artifacts.spreadsheet_text import csv_text, without_formula

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kind of file, which is its ending, → its media type."""

_MAX_COLUMN_WIDTH = 40


def to_csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as a CSV file's bytes: UTF-8 with a byte order mark, for Excel; missing values are empty."""
    return csv_text(table, lineterminator="\r\n").encode("utf-8-sig")


def to_xlsx_bytes(sheets: dict[str, pd.DataFrame]) -> bytes:
    """Return an Excel workbook's bytes, a sheet per table: the header fixed, filters on, days as dates."""
    import xlsxwriter  # a worker is to be ready before anybody asks for a workbook

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in sheets.items():
            _write_table(book.add_worksheet(name[:31]), table, bold=bold, day=day)
    return buffer.getvalue()


def download(content: bytes, name: str, kind: str) -> Response:
    """Return a file of a `kind` of MEDIA_TYPES as an attachment, under `name` with that ending."""
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, headers=headers, media_type=MEDIA_TYPES[kind])


def _write_table(sheet: Any, table: pd.DataFrame, *, bold: Any, day: Any) -> None:
    """Write a table into an Excel sheet with the formats of its header and of days."""
    sheet.freeze_panes(1, 1)
    for column, title in enumerate(table.columns):
        sheet.write_string(0, column, str(without_formula(str(title))), bold)
        values = table[title].tolist()
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, column, value, day=day)
        longest = max([len(str(title)), *(len(str(v)) for v in values[:200] if isinstance(v, str))])
        sheet.set_column(column, column, min(longest + 2, _MAX_COLUMN_WIDTH))
    if len(table.columns):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, value: Any, *, day: Any) -> None:
    """Write a value into an Excel cell by its type; missing and infinite ones stay empty."""
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return
    if isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), day)
    elif isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    elif isinstance(value, int | float | np.number):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, str(without_formula(str(value))))
