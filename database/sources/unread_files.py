"""What lies in a source beside the tables and looks like one, but is not read: named, with what to do."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

from database.sources.table_files import (
    SUFFIXES,
    TABLE_BY_SPELLING,
    TableFile,
    Workbook,
    spelling,
    stem,
    suffix,
    table_files,
    visible,
)
from database.sources.workbook_source import WORKBOOKS
from features.contract.tables import TABLES, DataError
from features.quality.warnings.data_warning import DataWarning

_TABULAR = (
    *SUFFIXES,
    *(
        ".tsv",
        ".tab",
        ".xls",
        ".xlsb",
        ".ods",
        ".numbers",
        ".pq",
        ".feather",
        ".arrow",
        ".orc",
        ".avro",
        ".dbf",
    ),
)
"""Endings of files that hold a table, whatever their name."""
_PERHAPS = (
    *(
        ".txt",
        ".dat",
        ".json",
        ".jsonl",
        ".ndjson",
        ".xml",
        ".db",
        ".sqlite",
        ".mdb",
        ".accdb",
        ".gz",
        ".bz2",
    ),
    *(".xz", ".zst", ".zip", ".7z", ".rar", ".tar", ""),
)
"""Endings of files and folders that hold one where their name says so."""
_LIKE = {
    "purchase_orders": ("order", "po", "purchase", "poline"),
    "stock": ("inventory", "inventorie", "onhand", "warehouse"),
    "demand": ("sale", "consumption", "usage"),
    "items": ("product", "sku", "material", "article", "itemmaster"),
    "suppliers": ("vendor",),
    "offers": ("price", "pricelist", "contract", "quote", "quotation", "catalog", "catalogue"),
    "receipts": ("delivery", "deliverie", "goodsreceipt", "grn", "arrival"),
    "events": ("holiday", "promotion", "shutdown"),
    "rates": ("exchangerate", "currency", "currencie", "fx"),
}
"""Table → what other programs call it, in `spelling`."""
_BY_OTHER_NAME = {other: table for table, names in _LIKE.items() for other in names}
_NOT_OURS = ("quarantine", "truth")  # what was set aside, and what a simulated company really does


def unread_files(folder: Path) -> Iterator[DataWarning]:
    """Warnings about files, sheets and subfolders of a data directory that look like tables and are not read."""
    found = table_files(folder)
    read = {file.path for file in found.values()}
    for path in visible(folder):
        if path in read:
            yield from _other_sheets(path, found)
        elif path.is_dir():
            yield from _subfolder(path, found)
        elif suffix(path) in _TABULAR or (path.suffix.lower() in _PERHAPS and likely_table(stem(path))):
            yield _warning(path.name, *_why_not(path, found))


def unread_tables(names: Collection[str], found: Collection[str]) -> Iterator[DataWarning]:
    """Warnings about tables of a database that are called almost like one of ours, or probably are one not there."""
    for name in sorted(set(names) - set(found)):
        table = TABLE_BY_SPELLING.get(spelling(name)) or likely_table(name)
        if table and (table not in found or spelling(name) == spelling(table)):
            yield _warning(
                f"table {name}",
                "no table of the contract is called so, and it is not read",
                f"If it is {table}, give a table or view {table}",
            )


def likely_table(name: str) -> str | None:
    """Table that a file or table of another name probably is: `orders_2024` → purchase_orders."""
    words = [spelling(word) for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]
    pairs = [one + other for one, other in pairwise(words)]
    known = _BY_OTHER_NAME | TABLE_BY_SPELLING
    return next((known[word] for word in [spelling(name), *pairs, *words] if word in known), None)


def _why_not(path: Path, found: dict[str, TableFile]) -> tuple[str, str]:
    """Why a file is not read, and what to do."""
    ending, table = suffix(path), likely_table(stem(path))
    readable = ending in SUFFIXES
    if not readable:
        why = f"{ending or 'such'} files are not read"
    elif ending in WORKBOOKS and not _opens(path):
        return "no workbook that can be opened, and not read", "Save it anew, or move it away"
    elif ending in WORKBOOKS:
        why = "neither the file nor a sheet is called like a table, and it is not read"
    else:
        why = "no table is called so, and it is not read"
    if table is None:
        return why, f"If it holds one of {', '.join(TABLES)}, save it under that name; else move it away"
    if table in found:
        return why, f"If it belongs to {table}, add its rows to {found[table].origin}; else move it away"
    fix = f"rename it {table}{ending}" if readable else f"save it as {table}.csv or {table}.xlsx"
    return why, f"If it is {table}, {fix}; else move it away"


def _opens(path: Path) -> bool:
    try:
        return bool(Workbook(path).sheets)
    except DataError:
        return False


def _other_sheets(path: Path, found: dict[str, TableFile]) -> Iterator[DataWarning]:
    """Warnings about the sheets of a workbook beside those that are read."""
    if suffix(path) not in WORKBOOKS:
        return
    read = {file.sheet for file in found.values() if file.path == path}
    for sheet in Workbook(path).sheets:
        if sheet not in read:
            yield _warning(
                f"{path.name}, sheet {sheet}",
                f"only the sheet {', '.join(sorted(filter(None, read)))} is read",
                "If it holds a table, name the sheet like it; rows of the same table belong on one sheet",
            )


def _subfolder(path: Path, found: dict[str, TableFile]) -> Iterator[DataWarning]:
    """Warning about a subfolder that is called like a table, or holds files that could be one."""
    if path.name.lower() in _NOT_OURS:
        return
    inside = [file.name for file in visible(path) if suffix(file) in _TABULAR]
    table = likely_table(path.name)
    if not inside and table is None:
        return
    what = f"a folder with {', '.join(inside[:3])}{' …' if len(inside) > 3 else ''}" if inside else "a folder"
    target = found[table].origin if table in found else f"{table or 'demand'}.csv"
    fix = f"Join its files into {target}" if table else "Move the files up that are tables"
    yield _warning(f"{path.name}/", f"{what}; only files of the data directory itself are read", fix)


def _warning(name: str, why: str, fix: str) -> DataWarning:
    return DataWarning("unread_file", name, 1, 1, why, "", fix)
