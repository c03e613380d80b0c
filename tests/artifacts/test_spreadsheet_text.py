import ast
import csv
from pathlib import Path

import pandas as pd
import pytest

from artifacts.spreadsheet_text import csv_text, without_formula, write_csv

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"to_csv", "to_excel", "ExcelWriter", "DictWriter", "csv.writer", "xlsxwriter.Workbook"}
"""Names of calls by which pandas, csv and xlsxwriter make files that a spreadsheet opens."""
EXITS = {"artifacts/spreadsheet_text.py", "serving/rendering/spreadsheets.py"}
"""The files that may call them."""

FORMULA = "=HYPERLINK(1)"


@pytest.mark.parametrize(
    "before",
    ["", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u200b", "\ufeff", "\0", " \u00a0\t"],
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"])
def test_a_text_that_would_be_a_formula_gets_an_apostrophe(before, sign):
    text = f"{before}{sign}A1"
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tA1", "\rA1", "\nA1"])
def test_a_text_that_begins_with_a_break_gets_one_too(text):
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", [-5.0, -5, True, None, "-5", "+1.5e3", "-.5", "Ltd = limited", "a-b", "", "'=1", "É"]
)
def test_numbers_and_plain_texts_stay(value):
    assert without_formula(value) is value


@pytest.mark.parametrize("kind", [object, "category", "string"])
def test_cells_and_headers_of_every_kind_of_column_are_disarmed(kind):
    table = pd.DataFrame({FORMULA: pd.Series([FORMULA, None], dtype=kind), "y": [-1.5, 2.0]})
    assert csv_text(table) == f"'{FORMULA},y\n'{FORMULA},-1.5\n,2.0\n"


def test_a_file_holds_what_was_written_and_nothing_that_runs(tmp_path):
    write_csv(pd.DataFrame({"name": [FORMULA, "two\r\nlines", "ü"]}), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["name", f"'{FORMULA}", "two\r\nlines", "ü"]


def test_nothing_else_writes_files_for_spreadsheets():
    packages = [path.parent.name for path in ROOT.glob("*/__init__.py")]
    others = set()
    for package in set(packages) - {"benchmarks", "examples"}:  # which write data of their own making
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            calls = [
                node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
            ]
            called = [ast.unparse(call.func) for call in calls]
            if any(each in WRITERS or each.rpartition(".")[2] in WRITERS for each in called):
                others.add(name)
    assert others == EXITS
