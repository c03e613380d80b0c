"""Files for spreadsheets, in which no cell is a formula."""

import io
import zipfile

import pandas as pd

from serving.rendering.spreadsheets import to_csv_bytes, to_xlsx_bytes

TABLE = pd.DataFrame(
    {
        "name": ["=HYPERLINK(1)", "+A1", "-B2", "@x", "plain", None],
        "rate": [0.5, -0.25, float("nan"), 1.0, 2.0, 3.0],
        "since": pd.to_datetime(["2024-01-01", None, None, None, None, None]),
    }
)


def test_csv_keeps_numbers_and_days_and_disarms_names() -> None:
    rows = to_csv_bytes(TABLE).decode("utf-8-sig").split("\r\n")
    assert rows[:4] == ["name,rate,since", "'=HYPERLINK(1),0.5,2024-01-01", "'+A1,-0.25,", "'-B2,,"]


def test_a_workbook_holds_no_formula_and_no_link() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx_bytes({"suppliers": TABLE, "empty": TABLE.iloc[:0]}))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "'=HYPERLINK(1)" in texts
    assert "-0.25" in sheet
