"""Raw files of public data sets: find them, read them, and run an example's command that writes a data directory."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from database.sources.data_directory import write_directory
from features.contract.tables import DataError


def find_files(folder: Path, words: str, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the raw files of `folder` whose name holds all of `words`, whatever its case and separators.

    Published names differ from copy to copy ("sales.csv", "Week 3 - 2024-05-06 - Sales.csv"), so a file is
    known by its words. Sorted by name, numbers by value.

    Raises
    ------
    DataError
        When the folder is missing or holds no such file.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give the folder that holds the raw files")
    needed = words.split()
    found = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in suffixes
        and all(word in re.sub(r"[\W_]+", " ", path.stem.lower()) for word in needed)
    ]
    if not found:
        what = f"name holds '{words}' and ends in" if needed else "file name ends in"
        raise DataError(f"{folder}: nothing whose {what} {' or '.join(suffixes)}; put the raw file there")
    return sorted(found, key=_natural_order)


def read_file(path: Path) -> pd.DataFrame:
    """Read one raw CSV, Excel or Parquet file, CSV in UTF-8 or else Latin-1 (the complete SCMS file is Latin-1).

    Raises
    ------
    DataError
        When the file cannot be read as what its suffix says.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        if path.suffix.lower() == ".xlsx":
            return pd.concat(pd.read_excel(path, sheet_name=None).values(), ignore_index=True)
        try:
            return pd.read_csv(path, low_memory=False, encoding="utf-8-sig")
        except UnicodeDecodeError:
            return pd.read_csv(path, low_memory=False, encoding="latin-1")
    except ImportError:
        raise DataError(
            f"{path}: Excel files need openpyxl; pip install openpyxl, or save it as CSV"
        ) from None
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path}: not readable ({str(error).splitlines()[0]}); fetch the file again"
        ) from None


def need_columns(frame: pd.DataFrame, columns: tuple[str, ...], origin: str) -> None:
    """Raise `DataError` naming the columns that the raw file read as `frame` lacks."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise DataError(
            f"{origin}: column {', '.join(map(repr, missing))} missing; give the file as published"
        )


def slug(text: pd.Series) -> pd.Series:
    """Texts of a raw file as ids that fit into an address: lower case, one hyphen for each run of other signs."""
    return text.str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True).str.strip("-")


def run(
    name: str, tables_of: Callable[[Path], Mapping[str, pd.DataFrame]], argv: list[str] | None = None
) -> None:
    """Be `python -m examples.NAME RAW OUT`: raw folder in, data directory out, one sentence on an error."""
    parser = argparse.ArgumentParser(prog=f"python -m examples.{name}")
    parser.add_argument("raw", type=Path, help="folder of the raw public files")
    parser.add_argument("out", type=Path, help="data directory to write")
    given = parser.parse_args(argv)
    try:
        tables = tables_of(given.raw)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    write_directory(tables, given.out)
    for table, frame in tables.items():
        print(f"{given.out / table}.parquet: {len(frame):,} rows")


def _natural_order(path: Path) -> list[tuple[int, str]]:
    """Sort key of raw files, by name with numbers by value: "sales 10.csv" after "sales 9.csv"."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
