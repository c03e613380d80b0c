"""A dirty company written as a data directory: CSV in its dialect, Parquet in its types, and damaged bytes."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dirty.dirty_table import DirtyTable


def write_table(table: DirtyTable, folder: Path) -> None:
    """Write the files of one table."""
    for stem in table.stems:
        (folder / f"{stem}{table.style.suffix}").write_bytes(table_bytes(table))


def table_bytes(table: DirtyTable) -> bytes:
    """Content of the file of one table, damage included."""
    content = _parquet(table) if table.style.suffix == ".parquet" else _csv(table)
    for damage in table.damage:
        content = damage(content)
    return content


def _csv(table: DirtyTable) -> bytes:
    style, text = table.style, io.StringIO()
    writer = csv.writer(
        text,
        delimiter=style.separator,
        lineterminator=style.newline,
        quoting=csv.QUOTE_ALL if style.quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerow([name for name, _ in table.header])
    columns = [table.cells[column] for _, column in table.header]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode(style.codec, errors="replace")


def _parquet(table: DirtyTable) -> bytes:
    names = [name for name, _ in table.header]
    arrays = [_array(table, column) for _, column in table.header]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), sink)
    return sink.getvalue()


def _array(table: DirtyTable, column: str) -> pa.Array:
    if column in table.edited or column not in table.clean.typed:
        return pa.array(table.cells[column], pa.string())
    values = table.clean.typed[column].iloc[table.origin].reset_index(drop=True)
    if column in table.casts:
        return table.casts[column](values)
    return pa.array(values, from_pandas=True)


def first_line(table: DirtyTable) -> int:
    """Number that messages give the first row: spreadsheets count the header of a CSV file."""
    return 2 if table.style.suffix == ".csv" else 1


def lines(table: DirtyTable) -> pd.Index:
    """Number that messages give each row of the table."""
    return pd.Index(np.arange(len(table)) + first_line(table))
