"""A data directory, one CSV or Parquet file a table: its files found, read and written."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from database.sources.csv_source import read_csv
from features.contract.tables import TABLES, DataError, RawTable

SUFFIXES = (".csv", ".parquet")


def _normalized(name: str) -> str:
    """Spelling of a name in a data directory, table or file: its lower-case letters without a plural s."""
    return re.sub(r"[^a-z]", "", name.lower()).rstrip("s")


_TABLE_BY_SPELLING = {_normalized(name): name for name in TABLES}
"""`Purchase Order` and `purchase-orders` → purchase_orders."""


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
    files = _table_files(folder)
    if "demand" not in files:
        raise DataError(
            f"{folder}: no demand.csv or demand.parquet, found {_file_names(folder)}; add or rename it"
        )
    return {name: _read_file(path) for name, path in files.items()}


def _file_names(folder: Path) -> str:
    """Names of up to eight files of a data directory, for an error message."""
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "") if names else "nothing"


def _table_files(folder: Path) -> dict[str, Path]:
    """Find the CSV or Parquet file of each of the contract's tables in a data directory.

    Raises
    ------
    DataError
        When a table has two files, or a file is named almost like one: it would be left out in silence.
    """
    _refuse_misspelled(folder)
    found: dict[str, Path] = {}
    for name in TABLES:
        paths = [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").exists()]
        if len(paths) > 1:
            raise DataError(f"{folder}: both {paths[0].name} and {paths[1].name} are there; remove one")
        if paths:
            found[name] = paths[0]
    return found


def _refuse_misspelled(folder: Path) -> None:
    """Refuse a data directory with a file named almost like a table, such as `Purchase Order.csv`."""
    for path in sorted(folder.iterdir()):
        name = _TABLE_BY_SPELLING.get(_normalized(path.stem))
        if (
            name
            and path.suffix.lower() in SUFFIXES
            and path.name not in {name + suffix for suffix in SUFFIXES}
        ):
            raise DataError(
                f"{path}: is this the table {name}? Rename it {name}{path.suffix.lower()}, or move it away"
            )


def _read_file(path: Path) -> RawTable:
    """Read a data directory's file of one table, CSV or Parquet."""
    try:
        return read_csv(path) if path.suffix == ".csv" else _read_parquet(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None


def _read_parquet(path: Path) -> RawTable:
    """Read a data directory's Parquet file of one table; texts stay Arrow strings, without pandas' metadata."""
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
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
        (folder / f"{name}.csv").unlink(missing_ok=True)
