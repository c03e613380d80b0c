"""CSV files, every value as text, with the row each stood in."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from features.contract.tables import DataError, RawTable

_DELIMITERS = ",;\t|"


def read_csv(path: Path) -> RawTable:
    """Read `path` with a header row; rows with too many or too few values come back as malformed.

    Raises
    ------
    DataError
        When the file is empty, not UTF-8, or no CSV at all.
    """
    header, delimiter = _header(path)
    malformed: list[pa_csv.InvalidRow] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        malformed.append(row)
        return "skip"

    try:
        table = pa_csv.read_csv(
            path,
            # One thread: only then Arrow tells the number of a malformed row (and 5 million rows take a second).
            read_options=pa_csv.ReadOptions(use_threads=False, column_names=header, skip_rows=1),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as error:
        raise DataError(_what_is_wrong(path, str(error))) from None
    for row in malformed:
        if row.text.count('"') % 2:
            raise DataError(
                f"{path.name} row {row.number}: a quote is opened and never closed, so that the rows after it are "
                "lost; close it, or double it where it belongs to the value"
            )
    return _with_lines(table, path.name, malformed)


def _header(path: Path) -> tuple[list[str], str]:
    with path.open("rb") as file:
        first = file.readline()
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{path.name}: UTF-16; save the file as UTF-8")
    if not first.strip():
        raise DataError(f"{path.name}: no header row; name the columns in the first row, or remove the file")
    try:
        line = first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise DataError(_not_utf8(path.name, 1, first, error)) from None
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter))]
    except csv.Error as error:
        raise DataError(
            f"{path.name} row 1: no header row ({error}); save the file anew as comma-separated UTF-8"
        ) from None
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        what = f"column {doubled[0]} stands there twice" if doubled[0] else "two columns without a name"
        raise DataError(f"{path.name}: {what}; keep one")
    return names, delimiter


def _with_lines(table: pa.Table, origin: str, malformed: list[pa_csv.InvalidRow]) -> RawTable:
    frame = table.to_pandas(types_mapper={pa.string(): pd.ArrowDtype(pa.string())}.get)
    broken = [row.number for row in malformed]
    lines = np.setdiff1d(np.arange(2, 2 + len(frame) + len(broken)), broken, assume_unique=True)
    blank = np.ones(len(frame), bool)
    for name in frame:
        blank &= frame[name].isna().to_numpy()
    if blank.any():
        frame, lines = frame[~blank].reset_index(drop=True), lines[~blank]
    return RawTable(
        frame,
        origin,
        lines,
        pd.DataFrame(
            {
                "source_line": broken,
                "text": [row.text for row in malformed],
                "reason": [
                    f"{row.actual_columns} values, expected {row.expected_columns}; put quotes around a value "
                    "with a separator in it"
                    for row in malformed
                ],
            }
        ),
    )


def _what_is_wrong(path: Path, message: str) -> str:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return _not_utf8(path.name, number, line, error)
    return f"{path.name}: no readable CSV ({message.splitlines()[0]}); save it anew as comma-separated UTF-8"


def _not_utf8(name: str, number: int, line: bytes, error: UnicodeDecodeError) -> str:
    found = line[max(error.start - 12, 0) : error.start + 1].decode("latin-1").strip()
    return f"{name} row {number}: not UTF-8 (at {found!r}); save the file as UTF-8"
