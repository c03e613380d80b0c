"""A data directory, a CSV, XLSX or Parquet file a table: read and written."""

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from database.sources.csv_source import read_csv
from database.sources.table_files import SUFFIXES, TableFile, stem, suffix, table_files, visible
from database.sources.unread_files import likely_table
from database.sources.workbook_source import WORKBOOKS, read_sheet
from features.contract.tables import TABLES, DataError, RawTable


def read_directory(source: str) -> dict[str, RawTable]:
    """Read the contract's tables that the data directory `source` has, unparsed.

    Raises
    ------
    DataError
        When the folder or its demand is not there, or one of its files cannot be read.
    """
    folder = Path(source)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "no such folder"
        raise DataError(f"{source}: {what}; give the folder that holds demand.csv or demand.parquet")
    files = table_files(folder)
    if "demand" not in files:
        raise DataError(f"{folder}: {_no_demand(folder)}")
    return {name: _read_file(file) for name, file in files.items()}


def _no_demand(folder: Path) -> str:
    """Say that a data directory has no demand, and what of its files might be it."""
    paths = visible(folder)
    names = [path.name for path in paths]
    found = ", ".join(names[:8]) + (" …" if len(names) > 8 else "") if names else "nothing"
    for path in paths:
        if likely_table(stem(path)) == "demand" and suffix(path) not in SUFFIXES and path.is_file():
            return (
                f"no demand.csv, demand.xlsx or demand.parquet, found {found}; save {path.name} as demand.csv"
            )
    return f"no demand.csv or demand.parquet, found {found}; add or rename it"


def _read_file(file: TableFile) -> RawTable:
    """Read a data directory's file of one table: CSV, compressed or not, a sheet of a workbook, or Parquet."""
    path = file.path
    try:
        if suffix(path) in WORKBOOKS:
            return read_sheet(path, file.sheet, file.origin)
        return _read_parquet(path) if suffix(path) == ".parquet" else read_csv(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None


def _read_parquet(path: Path) -> RawTable:
    """Read a data directory's Parquet file of one table; texts stay Arrow strings, without pandas' metadata."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's: Arrow's own errors of broken pages have no number
        raise DataError(
            f"{path}: no readable Parquet file ({str(error).splitlines()[0]}); write it anew"
        ) from None
    text_types = {
        pa.string(): pd.ArrowDtype(pa.string()),
        pa.large_string(): pd.ArrowDtype(pa.large_string()),
    }
    frame = table.to_pandas(types_mapper=text_types.get, date_as_object=False, ignore_metadata=True)
    return RawTable(frame, path.name)


def write_directory(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write the data directory `folder` that `read_directory` reads: a Parquet file a table, each whole or not at all.

    Raises
    ------
    ValueError
        When a name is not one of the contract's.
    """
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a table of the contract; those are {', '.join(TABLES)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        partial = folder / f".{name}.parquet.partial"
        frame.to_parquet(partial, index=False)
        os.replace(partial, folder / f"{name}.parquet")  # noqa: PTH105 - atomic on every system
        for ending in set(SUFFIXES) - {".parquet"}:
            (folder / f"{name}{ending}").unlink(missing_ok=True)
