"""Files for spreadsheets, in which no cell is a formula."""

import io
import zipfile

import pandas as pd
import pytest

from serving.rendering.spreadsheets import to_csv_bytes, to_xlsx_bytes, without_formula

TABLE = pd.DataFrame(
    {
        "name": ["=HYPERLINK(1)", "+1", "-2", "@x", "plain", None],
        "rate": [0.5, -0.25, float("nan"), 1.0, 2.0, 3.0],
        "since": pd.to_datetime(["2024-01-01", None, None, None, None, None]),
    }
)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_a_text_that_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert without_formula(text) == f"'{text}"


def test_numbers_and_plain_texts_stay() -> None:
    assert (without_formula(-5.0), without_formula("Ltd = limited")) == (-5.0, "Ltd = limited")


def test_csv_keeps_numbers_and_days_and_disarms_names() -> None:
    rows = to_csv_bytes(TABLE).decode("utf-8-sig").split("\r\n")
    assert rows[:4] == ["name,rate,since", "'=HYPERLINK(1),0.5,2024-01-01", "'+1,-0.25,", "'-2,,"]


def test_a_workbook_holds_no_formula_and_no_link() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx_bytes({"suppliers": TABLE, "empty": TABLE.iloc[:0]}))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "'=HYPERLINK(1)" in texts
    assert "-0.25" in sheet
