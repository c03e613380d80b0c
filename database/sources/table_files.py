"""Which file of a data directory, or which sheet of a workbook in it, holds which of the contract's tables."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from database.sources.compressed_files import COMPRESSIONS
from database.sources.workbook_source import WORKBOOKS, sheet_names
from features.contract.tables import TABLES, DataError

SUFFIXES = (".csv", ".parquet", *WORKBOOKS, *(f".csv{packed}" for packed in COMPRESSIONS))
"""Endings of the files that are read, in small letters."""


@dataclass(frozen=True)
class TableFile:
    """A file that is read, or one sheet of a workbook."""

    path: Path
    sheet: str | None = None
    only: bool = True

    @property
    def origin(self) -> str:
        """How messages call it: `stock.csv`, `company.xlsx, sheet stock`."""
        return self.path.name if self.only else f"{self.path.name}, sheet {self.sheet}"


@dataclass(frozen=True)
class Workbook:
    """A workbook of a data directory, with its sheets that hold cells."""

    path: Path

    @cached_property
    def sheets(self) -> list[str]:
        """Names of its sheets with cells, those that are shown first."""
        return sheet_names(self.path)

    def tables(self) -> dict[str, TableFile]:
        """Find the tables in the workbook: sheets named like one, and for the file's own name the first other sheet."""
        named = {table: sheet for sheet in reversed(self.sheets) if (table := _sheet_table(sheet))}
        own = stem(self.path).lower()
        others = [sheet for sheet in self.sheets if _sheet_table(sheet) is None]
        if own in TABLES and own not in named and others:
            named[own] = others[0]
        return {
            table: TableFile(self.path, sheet, only=table == own and len(named) == 1)
            for table, sheet in named.items()
        }


def spelling(name: str) -> str:
    """Spelling of a name of a table or file: its lower-case letters without a plural s."""
    return re.sub(r"[^a-z]", "", name.lower()).rstrip("s")


TABLE_BY_SPELLING = {spelling(name): name for name in TABLES}
"""`Purchase Order` and `purchase-orders` → purchase_orders."""


def suffix(path: Path) -> str:
    """Ending of a file's name in small letters, that of a compressed file with the one before: `.csv.gz`."""
    endings = [ending.lower() for ending in path.suffixes]
    packed = bool(endings) and endings[-1] in (*COMPRESSIONS, ".7z", ".rar")
    return "".join(endings[-2:] if packed else endings[-1:])


def stem(path: Path) -> str:
    """Name of a file without its ending."""
    return path.name[: len(path.name) - len(suffix(path))]


def visible(folder: Path) -> list[Path]:
    """Files and folders of a data directory, without hidden ones and those of an open spreadsheet program."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))


def table_files(folder: Path) -> dict[str, TableFile]:
    """Find the file or sheet of each of the contract's tables in a data directory.

    Raises
    ------
    DataError
        When a table is there twice, or a file is named almost like one: it would be left out in silence.
    """
    found: dict[str, TableFile] = {}
    for path in visible(folder):
        for name, file in _tables_in(path):
            if name in found:
                raise DataError(
                    f"{folder}: both {found[name].origin} and {file.origin} are there; remove one"
                )
            found[name] = file
    _refuse_misspelled(folder, found)
    return {name: found[name] for name in TABLES if name in found}


def _tables_in(path: Path) -> Iterator[tuple[str, TableFile]]:
    """Tables that a file of a data directory holds: one by its name, or those of its sheets."""
    own = stem(path).lower()
    tables: dict[str, TableFile] = {}
    if suffix(path) in WORKBOOKS:
        with suppress(
            DataError
        ):  # a broken one is named when it is read, or as unread where its name is no table's
            tables = Workbook(path).tables()
    if suffix(path) in SUFFIXES and own in TABLES and not tables:
        tables = {own: TableFile(path)}
    yield from tables.items()


def _sheet_table(sheet: str) -> str | None:
    """Name of the table that a sheet is called after: `Purchase orders` is purchase_orders."""
    name = re.sub(r"[\s_-]+", "_", sheet.strip().lower())
    return name if name in TABLES else None


def _refuse_misspelled(folder: Path, found: dict[str, TableFile]) -> None:
    """Refuse a data directory with a file named almost like a table, such as `Purchase Order.csv`."""
    read = {file.path for file in found.values()}
    for path in visible(folder):
        name = TABLE_BY_SPELLING.get(spelling(stem(path)))
        if not name or suffix(path) not in SUFFIXES or path in read or stem(path).lower() in TABLES:
            continue
        there = found.get(name)
        fix = (
            f"Rename it {name}{suffix(path)}, or move it away"
            if there is None
            else f"Add its rows to {there.origin}, or move it away"
        )
        raise DataError(f"{path}: is this the table {name}? {fix}")
