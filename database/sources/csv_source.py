"""One table from a CSV file: every value as text, with its source line, and the malformed rows apart."""

import codecs
import csv
import io
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from database.sources.compressed_files import COMPRESSIONS, unpack
from database.sources.header import named_columns
from features.contract.tables import DataError, RawTable

_DELIMITERS = ",;\t|"


def read_csv(path: Path) -> RawTable:
    """Read a CSV file with a header row; rows with too many or too few values come back as malformed.

    Raises
    ------
    DataError
        When the file is empty, not UTF-8, or no CSV at all.
    """
    packed = unpack(path) if path.suffix.lower() in COMPRESSIONS else None
    header, delimiter = _read_header(path, packed)
    _need_utf8(path, packed)
    table, malformed = _parse(path, packed, columns=len(header), delimiter=delimiter)
    for row in malformed:
        if row.text.count('"') % 2:
            raise DataError(
                f"{path.name} row {row.number}: a quote is opened and never closed, so that the rows after it are "
                "lost; close it, or double it where it belongs to the value"
            )
    return _raw_table(table, header, path.name, delimiter=delimiter, malformed=malformed)


def _opened(path: Path, packed: bytes | None) -> BinaryIO:
    """The bytes of a CSV file from the start; `packed` has those of a compressed one."""
    return path.open("rb") if packed is None else io.BytesIO(packed)


def _parse(
    path: Path, packed: bytes | None, *, columns: int, delimiter: str
) -> tuple[pa.Table, list[pa_csv.InvalidRow]]:
    """Parse a CSV file below its header into text columns; returns the table and the rows of another length."""
    malformed: list[pa_csv.InvalidRow] = []
    numbers = [str(column) for column in range(columns)]

    def skip(row: pa_csv.InvalidRow) -> str:
        malformed.append(row)
        return "skip"

    try:
        table = pa_csv.read_csv(
            path if packed is None else io.BytesIO(packed),
            # One thread: only then Arrow tells the number of a malformed row (and 5 million rows take a second).
            read_options=pa_csv.ReadOptions(use_threads=False, column_names=numbers, skip_rows=1),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(numbers, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as error:
        raise DataError(
            f"{path.name}: no readable CSV ({str(error).splitlines()[0]}); save it anew as comma-separated UTF-8"
        ) from None
    return table, malformed


def _read_header(path: Path, packed: bytes | None) -> tuple[list[str], str]:
    """Read a CSV file's column names and its delimiter: of comma, semicolon, tab and bar the commonest there."""
    with _opened(path, packed) as file:
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
    return names, delimiter


def _raw_table(
    table: pa.Table, header: list[str], origin: str, *, delimiter: str, malformed: list[pa_csv.InvalidRow]
) -> RawTable:
    """Number the parsed CSV rows as a spreadsheet does (the header is line 1) and drop the blank ones."""
    frame = table.to_pandas(types_mapper={pa.string(): pd.ArrowDtype(pa.string())}.get)
    malformed_lines = [row.number for row in malformed]
    lines = np.setdiff1d(
        np.arange(2, 2 + len(frame) + len(malformed_lines)), malformed_lines, assume_unique=True
    )
    blank = np.ones(len(frame), bool)
    for name in frame:
        blank &= frame[name].isna().to_numpy()
    if blank.any():
        frame, lines = frame[~blank].reset_index(drop=True), lines[~blank]
    return RawTable(
        named_columns(frame, header),
        origin,
        lines,
        pd.DataFrame(
            {
                "source_line": malformed_lines,
                "text": [row.text for row in malformed],
                "reason": [
                    f"{row.actual_columns} values, expected {row.expected_columns}; put quotes around a value "
                    "with a separator in it"
                    for row in malformed
                ],
            }
        ),
        dot_is_decimal=delimiter == ",",
    )


def _need_utf8(path: Path, packed: bytes | None) -> None:
    """Refuse (DataError) a CSV file that is not UTF-8, by its first row that is not; Arrow would print a traceback."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with _opened(path, packed) as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        with _opened(path, packed) as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode()
                except UnicodeDecodeError as error:
                    raise DataError(_not_utf8(path.name, number, line, error)) from None


def _not_utf8(name: str, number: int, line: bytes, error: UnicodeDecodeError) -> str:
    """Name the CSV row that is not UTF-8, with the bytes before the bad one."""
    found = line[max(error.start - 12, 0) : error.start + 1].decode("latin-1").strip()
    return f"{name} row {number}: not UTF-8 (at {found!r}); save the file as UTF-8"
