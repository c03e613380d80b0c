"""Mutations of keys and rows: duplicates, ids spelled otherwise, rows and columns in another order, tables left out."""

import unicodedata
from collections.abc import Callable

import numpy as np

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng, some_rows
from benchmarks.dirty.dirty_table import DirtyTable, Rows, Verdict
from features.contract.tables import REQUIRED

_IDS = ("unique_id", "supplier_id", "order_id")
_INVISIBLE = ("\u200b", "\u200e", "\ufeff", "\u00ad", "\u2060", "\u202c")


def repeated_rows(company: DirtyCompany, rng: Rng) -> str:
    """Some rows twice."""
    table = company.some_table(rng)
    rows = some_rows(rng, np.arange(len(table)))
    _append_copies(table, rows)
    return f"{table.name}: {len(rows)} rows stand there twice"


def contradicting_rows(company: DirtyCompany, rng: Rng) -> str:
    """Some rows twice, with another number the second time."""
    table, column = company.some_column(rng, "number")
    rows = some_rows(rng, table.filled(column))
    n = len(table)
    _append_copies(table, rows)
    copies = np.arange(n, len(table))
    table.put(copies, column, [f"{table.cells[column][row]}7" for row in rows], Verdict.OPEN)
    return f"{table.name}: {len(rows)} rows stand there twice, with another {column}"


def whole_table_twice(company: DirtyCompany, rng: Rng) -> str:
    """All rows twice: two exports in one file."""
    table = company.some_table(rng)
    _append_copies(table, np.arange(len(table)))
    return f"{table.name}: all rows stand there twice"


def ids_spelled_otherwise(company: DirtyCompany, rng: Rng) -> str:
    """An id in one table in other case, with leading zeros, without them, or in another Unicode form."""
    table, column = _some_id(company, rng)
    kind = int(rng.integers(6))
    wanted = (
        str.lower,
        str.upper,
        lambda x: f"0{x}",
        lambda x: f"{x}.0" if x.isdigit() else x,
        lambda x: x.replace("-", "‑"),
        _wide,
    )[kind]
    _respell(table, column, _rows_of_one(table, column, rng), wanted)
    return f"{table.name}.{column}: one id is spelled {('lower', 'UPPER', '0…', '….0', '‑', 'wide')[kind]}"


def invisible_in_id(company: DirtyCompany, rng: Rng) -> str:
    """A character in an id that nobody sees."""
    table, column = _some_id(company, rng)
    sign = str(rng.choice(_INVISIBLE))
    at = int(rng.integers(3))
    _respell(
        table,
        column,
        _rows_of_one(table, column, rng),
        lambda x: (sign + x, x + sign, x[:2] + sign + x[2:])[at],
    )
    return f"{table.name}.{column}: one id holds {sign!a}"


def line_break_in_id(company: DirtyCompany, rng: Rng) -> str:
    """A line break inside an id."""
    table, column = _some_id(company, rng)
    rows = some_rows(rng, table.filled(column))
    table.put(rows, column, [f"{text[:2]}\n{text[2:]}" for text in table.cells[column][rows]], Verdict.WRONG)
    return f"{table.name}.{column}: a line break in {len(rows)} rows"


def unknown_id(company: DirtyCompany, rng: Rng) -> str:
    """An id that no other table has."""
    table, column = _some_id(company, rng)
    rows = _rows_of_one(table, column, rng)
    table.put(rows, column, ["X-999"] * len(rows), Verdict.MEANT)
    table.mean(rows, column, ["X-999"] * len(rows))
    return f"{table.name}.{column}: one id is X-999"


def rows_in_another_order(company: DirtyCompany, rng: Rng) -> str:
    """The rows shuffled or upside down: they mean the same."""
    table = company.some_table(rng)
    table.take(rng.permutation(len(table)) if rng.random() < 0.5 else np.arange(len(table))[::-1])
    return f"{table.name}: rows in another order"


def columns_in_another_order(company: DirtyCompany, rng: Rng) -> str:
    """The columns shuffled: they mean the same."""
    table = company.some_table(rng)
    table.header = [table.header[i] for i in rng.permutation(len(table.header))]
    return f"{table.name}: columns in another order"


def rows_left_out(company: DirtyCompany, rng: Rng) -> str:
    """Some or most rows are not there."""
    table = company.some_table(rng)
    kept = rng.random(len(table)) > rng.choice([0.02, 0.3, 0.9])
    table.take(np.flatnonzero(kept))
    return f"{table.name}: {int((~kept).sum())} rows are left out"


def skus_left_out(company: DirtyCompany, rng: Rng) -> str:
    """One table has some of the SKUs only."""
    tables = [table for table in company.tables.values() if table.stems and "unique_id" in table.columns]
    if not tables:
        raise NothingToDo
    table = tables[rng.integers(len(tables))]
    ids = table.cells["unique_id"]
    known = sorted({text for text in ids if text is not None})
    if not known:
        raise NothingToDo
    gone = set(rng.choice(known, max(len(known) // int(rng.choice([1, 2, 10])) - 1, 1), replace=False))
    table.take(np.array([row for row, text in enumerate(ids) if text not in gone], np.int64))
    return f"{table.name}: {len(gone)} SKUs are left out"


def table_left_out(company: DirtyCompany, rng: Rng) -> str:
    """A table is not there."""
    table = company.some_table(rng)
    table.stems = []
    return f"no {table.name}"


def footer_row(company: DirtyCompany, rng: Rng) -> str:
    """A row of totals at the end."""
    table = company.some_table(rng, ".csv")
    n = len(table)
    table.take(np.append(np.arange(n), n - 1))
    alone = len(REQUIRED[table.name]) == 1  # nothing shows that a row with an id only is none
    for column in table.cells:
        table.put(np.array([n]), column, [None], Verdict.OPEN)
    table.judge_all(np.array([n]), Verdict.OPEN if alone else Verdict.WRONG)
    first = table.header[0][1]
    table.put(np.array([n]), first, [str(rng.choice(["Total", "Summe:", "(57 rows)"]))], Verdict.OPEN)
    return f"{table.name} ends with a row of totals"


def _append_copies(table: DirtyTable, rows: Rows) -> None:
    """Append copies of rows: one of each may be read."""
    n = len(table)
    table.take(np.concatenate([np.arange(n), rows]))
    table.judge_all(np.arange(n, len(table)), Verdict.OPEN)


def _some_id(company: DirtyCompany, rng: Rng) -> tuple[DirtyTable, str]:
    found = [
        (table, column)
        for table in company.tables.values()
        for column in _IDS
        if table.stems and column in table.columns and len(table.filled(column))
    ]
    if not found:
        raise NothingToDo
    return found[rng.integers(len(found))]


def _rows_of_one(table: DirtyTable, column: str, rng: Rng) -> Rows:
    """The untouched rows of one id, all or some of them."""
    rows = table.filled(column)
    texts = table.cells[column]
    chosen = texts[rng.choice(rows)]
    same = np.array([row for row in rows if texts[row] == chosen], np.int64)
    return same if rng.random() < 0.5 else some_rows(rng, same, 0.5)


def _respell(table: DirtyTable, column: str, rows: Rows, change: Callable[[str], str]) -> None:
    """Write ids otherwise that still mean the same; NothingToDo where that changes nothing."""
    before = table.cells[column][rows].tolist()
    after = [change(text) for text in before]
    if before == after:
        raise NothingToDo
    alone = (table.name, column) == ("purchase_orders", "order_id")  # another order number is another order
    table.put(rows, column, after, Verdict.OPEN if alone else Verdict.MEANT)


def _wide(text: str) -> str:
    """The text in full-width letters, whose compatible form is the text."""
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    assert unicodedata.normalize("NFKC", wide) == text
    return wide


MUTATIONS = (
    repeated_rows, contradicting_rows, whole_table_twice, ids_spelled_otherwise, invisible_in_id, line_break_in_id,
    unknown_id, rows_in_another_order, columns_in_another_order, rows_left_out, skus_left_out, table_left_out,
    footer_row,
)  # fmt: skip
