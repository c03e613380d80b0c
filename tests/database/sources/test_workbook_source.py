import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from configs.schema import DataConfig
from database.sources.data_directory import read_directory
from database.sources.load_tables import load_tables, unread
from database.sources.workbook_source import UNCALCULATED
from features.contract.tables import DataError, RawTable
from features.quality.fingerprint import fingerprint

DAYS = list(pd.date_range("2024-01-01", periods=30, freq="W-MON").to_pydatetime())
ROWS = [("007", day, week / 10) for week, day in enumerate(DAYS)]


def workbook(
    path: Path, *, first_row: int = 0, more_sheets: tuple[str, ...] = (), sheet: str = "demand"
) -> Path:
    """Write demand to a sheet as a person would: ids as texts, dates formatted, a formatted cell far below."""
    book = xlsxwriter.Workbook(str(path))
    cells = book.add_worksheet(sheet)
    date = book.add_format({"num_format": "dd.mm.yyyy"})
    cells.write_row(first_row, 0, ["unique_id", "ds", "y", ""])
    for n, (unique_id, day, y) in enumerate(ROWS, first_row + 1):
        cells.write_string(n, 0, unique_id)
        cells.write_datetime(n, 1, day, date)
        cells.write_number(n, 2, y)
    cells.write_blank(first_row + 40, 6, None, date)
    if first_row:
        cells.write(0, 0, "Demand of our shop")
    for name in more_sheets:
        book.add_worksheet(name).write_row(0, 0, ["unique_id", "description"])
    book.add_worksheet("Empty")
    book.close()
    return path


def cells(path: Path, rows: list[list[object]], table: str = "demand") -> RawTable:
    """Raw table of a workbook with these cells."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return read_directory(str(path.parent))[table]


def test_a_workbook_gives_the_same_tables_as_a_csv_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    workbook(one / "demand.xlsx")
    lines = [f"{unique_id},{day:%Y-%m-%d},{y}" for unique_id, day, y in ROWS]
    (other / "demand.csv").write_text("\n".join(["unique_id,ds,y", *lines]))
    first, second = (load_tables(str(folder), DataConfig()) for folder in (one, other))
    assert fingerprint(first.tables) == fingerprint(second.tables)
    assert first.tables.demand["unique_id"].unique().tolist() == ["007"]
    assert first.warnings == second.warnings


def test_a_row_is_numbered_as_the_spreadsheet_shows_it(tmp_path: Path) -> None:
    raw = cells(
        tmp_path / "demand.xlsx", [["unique_id", "ds", "y"], [], ["a", DAYS[0], 1], ["a", DAYS[1], "#DIV/0!"]]
    )
    assert raw.source_line.tolist() == [3, 4]
    assert raw.origin == "demand.xlsx"


def test_what_a_failed_formula_shows_is_no_quantity_and_no_id(tmp_path: Path) -> None:
    rows = [["a", day, 5] for day in DAYS]
    rows[3][2], rows[4][0] = "#DIV/0!", "#REF!"
    cells(tmp_path / "demand.xlsx", [["unique_id", "ds", "y"], *rows])
    checked = load_tables(str(tmp_path), DataConfig(max_bad_share=0.1))
    assert checked.quarantine["demand"]["reason"].tolist() == [
        "y is '#DIV/0!', expected a number such as 1234.5",
        "unique_id is '#REF!', expected a text",
    ]
    assert checked.quarantine["demand"]["source_line"].tolist() == [5, 6]


def test_a_failed_formula_in_a_text_that_only_people_read_does_no_harm(tmp_path: Path) -> None:
    workbook(tmp_path / "demand.xlsx")
    cells(
        tmp_path / "items.xlsx",
        [["unique_id", "description", "category"], ["007", "#REF!", "c"], ["8", "x", "#REF!"]],
        "items",
    )
    checked = load_tables(str(tmp_path), DataConfig())
    assert checked.tables.items["description"].tolist() == [None]
    assert checked.quarantine["items"]["reason"].tolist() == ["category is '#REF!', expected a text"]


def test_numbers_stored_as_texts_are_read_beside_numbers(tmp_path: Path) -> None:
    values = ["7,5", "1.250,25", 12.125, 3]
    rows = [["a", day, value] for day, value in zip(DAYS[:4], values, strict=True)]
    raw = cells(tmp_path / "demand.xlsx", [["unique_id", "ds", "y"], *rows])
    assert raw.dot_is_decimal is False
    tables = load_tables(str(tmp_path), DataConfig(freq="W-MON")).tables
    assert tables.demand["y"].tolist() == [7.5, 1250.25, 12.125, 3.0]


def test_an_excel_day_without_its_date_format_is_a_date(tmp_path: Path) -> None:
    rows = [["a", (day - pd.Timestamp("1899-12-30")).days, 5] for day in DAYS]
    cells(tmp_path / "demand.xlsx", [["unique_id", "ds", "y"], *rows])
    assert load_tables(str(tmp_path), DataConfig()).tables.demand["ds"].tolist() == DAYS


def test_a_header_that_is_not_in_the_first_row_is_named(tmp_path: Path) -> None:
    workbook(tmp_path / "demand.xlsx", first_row=3)
    with pytest.raises(
        DataError, match=r"demand\.xlsx: the names of the columns stand in row 4; delete the rows above"
    ):
        load_tables(str(tmp_path), DataConfig())


def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"demand\.xlsx: the formula in cell C2 has no result"):
        cells(tmp_path / "demand.xlsx", [["unique_id", "ds", "y"], ["a", DAYS[0], "=1+1"]])


def test_the_stored_result_of_a_formula_counts(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "demand.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["unique_id", "ds", "y"])
    sheet.write_row(1, 0, ["a", "2024-01-01"])
    sheet.write_formula(1, 2, "=1+1", None, 2)
    book.close()
    assert read_directory(str(tmp_path))["demand"].frame["y"].tolist() == [2]


def test_a_formula_whose_result_is_an_empty_text_was_calculated() -> None:
    assert UNCALCULATED.search(b'<c r="D2" t="str"><f>""</f><v></v></c>') is None
    assert UNCALCULATED.search(b'<c r="D2" s="1"><f t="shared" si="0"/><v/></c>') is not None


def test_the_sheet_called_like_the_table_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    workbook(tmp_path / "demand.xlsx", sheet="Demand", more_sheets=("Notes",))
    checked = load_tables(str(tmp_path), DataConfig())
    assert checked.origins["demand"] == "demand.xlsx"
    (said,) = checked.source_warnings
    assert str(said).startswith(
        "demand.xlsx, sheet Notes: only the sheet Demand is read. If it holds a table, name"
    )


def test_sheets_of_one_workbook_called_like_tables_are_read(tmp_path: Path) -> None:
    workbook(tmp_path / "our company.xlsx", more_sheets=("Items",))
    checked = load_tables(str(tmp_path), DataConfig())
    assert list(checked.columns["items"]) == ["unique_id", "description"]
    assert checked.origins == {
        "demand": "our company.xlsx, sheet demand",
        "items": "our company.xlsx, sheet Items",
    }
    assert checked.source_warnings == ()


def test_of_two_sheets_called_like_one_table_the_first_is_read_and_the_other_named(tmp_path: Path) -> None:
    workbook(tmp_path / "company.xlsx", more_sheets=("purchase orders", "purchase_orders"))
    assert read_directory(str(tmp_path))["purchase_orders"].origin == "company.xlsx, sheet purchase orders"
    (said,) = unread(str(tmp_path))
    assert said.table == "company.xlsx, sheet purchase_orders"


def test_a_table_that_is_there_as_file_and_as_sheet_is_refused(tmp_path: Path) -> None:
    workbook(tmp_path / "company.xlsx")
    (tmp_path / "demand.csv").write_text("unique_id,ds,y\n")
    with pytest.raises(
        DataError, match=r"both company\.xlsx, sheet demand and demand\.csv are there; remove one"
    ):
        load_tables(str(tmp_path), DataConfig())


@pytest.mark.parametrize("content", [b"", b"unique_id,ds,y", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "demand.xlsx").write_bytes(content)
    with pytest.raises(
        DataError, match=r"demand\.xlsx: no readable workbook .*save it anew as \.xlsx or \.csv"
    ):
        load_tables(str(tmp_path), DataConfig())


def test_an_archive_of_something_else_and_an_empty_workbook_are_one_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "demand.xlsx", "w") as archive:
        archive.writestr("demand.csv", "unique_id,ds,y")
    with pytest.raises(DataError, match=r"demand\.xlsx: no readable workbook"):
        load_tables(str(tmp_path), DataConfig())
    with pytest.raises(DataError, match=r"demand\.xlsx: no header row"):
        cells(tmp_path / "demand.xlsx", [])
