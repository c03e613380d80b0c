"""One table from a sheet of a workbook (XLSX): its cells with their types, each row with its number in the sheet."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from database.sources.header import named_columns
from features.contract.tables import DataError, RawTable

WORKBOOKS = (".xlsx", ".xlsm")
UNCALCULATED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*\br="([A-Z]+\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
"""A cell with a formula and without its result: what programs write that cannot calculate."""


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of a workbook that hold cells, those that are shown first.

    Raises
    ------
    DataError
        When the file is no workbook that can be read.
    """
    state = path.stat()
    return list(_sheet_names(path, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=32)
def _sheet_names(path: Path, _changed: int, _size: int) -> tuple[str, ...]:
    """Names of a workbook's sheets with cells; kept while the file is as it was."""
    with _opened(path) as book:
        shown = {
            sheet.title: sheet.sheet_state == "visible"
            for sheet in book.worksheets
            if any(not _empty(value) for row in sheet.iter_rows(values_only=True) for value in row)
        }
    return tuple(sorted(shown, key=lambda name: not shown[name]))


def read_sheet(path: Path, sheet: str | None, origin: str) -> RawTable:
    """Read a sheet (none: the only one) whose first row names the columns.

    Empty rows and columns, around the others or between them, do not count. A column of numbers, of dates or of texts
    is that; a mixed one keeps each cell as it is. What a failed formula shows, such as `#N/A`, is a text.

    Raises
    ------
    DataError
        When the file is no workbook, protected by a password, has formulas without results, or no header.
    """
    with _opened(path) as book:
        cells = book.worksheets[0] if sheet is None else book[sheet]
        cells.reset_dimensions()  # some programs write a wrong size, and the rest would be lost
        rows = list(cells.iter_rows(values_only=True))
    _need_results(path, origin)
    width = max(map(len, rows), default=0)
    filled = [n for n, row in enumerate(rows) if any(not _empty(value) for value in row)]
    if not filled:
        raise DataError(f"{origin}: no header row; name the columns in the first row, or remove the sheet")
    columns = list(zip(*([*rows[n], *[None] * (width - len(rows[n]))] for n in filled), strict=True))
    header = ["" if _empty(column[0]) else str(column[0]).strip() for column in columns]
    frame = pd.DataFrame({n: _column(column[1:]) for n, column in enumerate(columns)})
    frame = named_columns(frame, header)
    return RawTable(frame, origin, np.array(filled[1:], np.int64) + 1, dot_is_decimal=False)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """An open workbook of openpyxl; an error of its own becomes one sentence."""
    import openpyxl

    book = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and drawings that are not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            yield book
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook fails anywhere in openpyxl or its XML
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "protected by a password, or no workbook" if isinstance(error, zipfile.BadZipFile) else why
        raise DataError(
            f"{path.name}: no readable workbook ({hint}); save it anew as .xlsx or .csv"
        ) from None
    finally:
        if book is not None:
            book.close()


def _need_results(path: Path, origin: str) -> None:
    """Refuse a workbook (DataError) with formulas that were never calculated: their cells would count as empty."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                found = UNCALCULATED.search(archive.read(name))
                if found:
                    raise DataError(
                        f"{origin}: the formula in cell {found[1].decode()} has no result; open the workbook in a "
                        "spreadsheet program and save it"
                    )


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _column(cells: tuple[Any, ...]) -> pd.Series:
    """A column of cells as texts, numbers, dates or flags, where all are; else as objects."""
    values = pd.Series([None if _empty(value) else value for value in cells], dtype=object)
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in ("string", "empty"):
        return values.astype(pd.ArrowDtype(pa.string()))
    if kind in ("integer", "floating", "mixed-integer-float"):
        return values.astype(float)
    if kind == "boolean":
        return values.astype("boolean")
    return values
