"""Tables as files for spreadsheets, in which no cell is ever a formula."""

import io
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 40


def harmless(value: Any) -> Any:
    """`value`, with an apostrophe before a text that a spreadsheet would read as a formula.

    A supplier's name comes from outside; `=HYPERLINK(…)` in one must not run on a buyer's machine. Numbers stay.
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def csv_of(table: pd.DataFrame) -> bytes:
    """Return `table` as CSV, UTF-8 with a mark so that Excel reads it as that; missing values are empty."""
    text: str = _plain(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def xlsx_of(sheets: dict[str, pd.DataFrame]) -> bytes:
    """Return a workbook with a sheet per table: the header fixed, filters on, days as dates."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 1)
            for column, title in enumerate(table.columns):
                sheet.write_string(0, column, str(harmless(str(title))), bold)
                values = table[title].tolist()
                for row, value in enumerate(values, start=1):
                    _write(sheet, row, column, value, day)
                longest = max([len(str(title)), *(len(str(v)) for v in values[:200] if isinstance(v, str))])
                sheet.set_column(column, column, min(longest + 2, _WIDEST))
            if len(table.columns):
                sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return
    if isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), day)
    elif isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    elif isinstance(value, int | float | np.number):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, str(harmless(str(value))))


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    shown = table.copy()
    for name in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[name]):
            shown[name] = shown[name].dt.strftime("%Y-%m-%d")
        elif shown[name].dtype == object:
            shown[name] = shown[name].map(harmless)
    return shown.rename(columns=harmless)
