"""Mutations of single cells: wrong kinds, numbers out of bounds, texts that mean a number, blanks, swapped cells."""

from collections.abc import Callable

import numpy as np

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng, some_rows
from benchmarks.dirty.dirty_table import DirtyTable, Rows, Verdict
from features.contract.tables import REQUIRED, Kind

_NONSENSE = ("abc", "twelve", "-", "?", "1.2.3", "0x1F", "--5", "12 345 678 9", "#REF!", "TBD")
_SIGNED = (("offers", "payment_days"), ("suppliers", "payment_days"), ("invoices", "amount"))
"""Tables and columns whose numbers may be below zero."""
_MISSING = ("NaN", "#N/A", "null", "None", "n/a", "NaT")
_FLAG_WORDS = {True: ("yes", "Y", "TRUE", "1", "t", "True"), False: ("no", "N", "FALSE", "0", "f", "False")}
_ODD_TEXTS = ('say "hello"', "a, b; c", "two\nlines", "=1+2", "crème brûlée", "米", "x" * 5000, "[bold]x[/]")


def wrong_kind(company: DirtyCompany, rng: Rng) -> str:
    """Words where a number, a date or a flag should be."""
    kinds: tuple[Kind, ...] = ("number", "date", "flag")
    table, column, rows = _some_cells(company, rng, kinds[rng.integers(3)])
    table.put(rows, column, [str(rng.choice(_NONSENSE)) for _ in rows], Verdict.WRONG)
    return _said(table, column, rows, "words")


def negative(company: DirtyCompany, rng: Rng) -> str:
    """A minus before quantities and prices, plain or typographic."""
    table, column, rows = _some_quantities(company, rng)
    minus = str(rng.choice(["-", "−"]))
    verdict = Verdict.OPEN if (table.name, column) in _SIGNED else Verdict.WRONG
    table.put(rows, column, [f"{minus}{table.cells[column][row]}" for row in rows], verdict)
    return _said(table, column, rows, f"a {minus!r} before them")


def huge_or_tiny(company: DirtyCompany, rng: Rng) -> str:
    """Finite numbers that no business has."""
    text = str(rng.choice(["1e300", "1e17", "99999999999", "1e-300", "1e-9"]))
    table, column, rows = _some_quantities(company, rng)
    table.put(rows, column, [text] * len(rows), Verdict.MEANT)
    table.mean(rows, column, [float(text)] * len(rows))
    return _said(table, column, rows, text)


def infinite(company: DirtyCompany, rng: Rng) -> str:
    """Infinite numbers as text."""
    table, column, rows = _some_cells(company, rng, "number")
    text = str(rng.choice(["inf", "-inf", "Infinity", "1e999", "∞"]))
    table.put(rows, column, [text] * len(rows), Verdict.WRONG)
    return _said(table, column, rows, text)


def missing_word(company: DirtyCompany, rng: Rng) -> str:
    """Words for "no value", as pandas, Excel and databases write them."""
    kinds: tuple[Kind, ...] = ("number", "date", "flag")
    table, column, rows = _some_cells(company, rng, kinds[rng.integers(3)])
    _empty(table, column, rows, str(rng.choice(_MISSING)))
    return _said(table, column, rows, "a word for none")


def empty(company: DirtyCompany, rng: Rng) -> str:
    """Nothing where a value was."""
    kinds: tuple[Kind, ...] = ("number", "date", "flag", "text")
    table, column, rows = _some_cells(company, rng, kinds[rng.integers(4)])
    _empty(table, column, rows, None)
    return _said(table, column, rows, "nothing")


def blanks_around(company: DirtyCompany, rng: Rng) -> str:
    """Blanks, tabs and no-break spaces around values: they mean the same."""
    kinds: tuple[Kind, ...] = ("number", "date", "flag", "text")
    table, column, rows = _some_cells(company, rng, kinds[rng.integers(4)], most=1.0)
    blank = str(rng.choice([" ", "  ", "\t", "\u00a0"]))
    table.put(rows, column, [f"{blank}{table.cells[column][row]}{blank}" for row in rows], Verdict.MEANT)
    return _said(table, column, rows, f"{blank!r} around them")


def decimal_comma(company: DirtyCompany, rng: Rng) -> str:
    """A decimal comma in some rows of a column with decimal points; before three digits it separates thousands."""
    found = [
        (table, column, rows)
        for table in company.tables.values()
        if table.stems
        for column in table.columns_of("number")
        if len(rows := _where(table, column, lambda text: len(text.partition(".")[2]) in (1, 2, 4)))
    ]
    if not found:
        raise NothingToDo
    table, column, some = found[rng.integers(len(found))]
    rows = some_rows(rng, some)
    table.put(rows, column, [table.cells[column][row].replace(".", ",") for row in rows], Verdict.MEANT)
    return _said(table, column, rows, "decimal commas")


def whole_column_in_a_language(company: DirtyCompany, rng: Rng) -> str:
    """All numbers of a file as another country writes them, with its separators."""
    table = company.some_table(rng, ".csv")
    group, point = ((".", ","), ("'", "."), ("\u202f", ","), (" ", ","), (",", "."))[rng.integers(5)]
    table.style.separator = str(rng.choice([";", "\t", ","]))
    for column in table.columns_of("number"):
        rows = table.filled(column)
        numbers = [float(table.cells[column][row]) for row in rows]
        swap = str.maketrans({",": group, ".": point})
        table.put(rows, column, [f"{number:,.15g}".translate(swap) for number in numbers], Verdict.MEANT)
    return f"{table.name}: all numbers as 1{group}234{point}5, separated by {table.style.separator!r}"


def thousands(company: DirtyCompany, rng: Rng) -> str:
    """A separator of thousands in some rows."""
    table, column, rows = _some_quantities(company, rng)
    group = str(rng.choice([",", " ", "'", "\u00a0"]))
    numbers = [1000.0 * rng.integers(1, 99) + 234 for _ in rows]
    table.put(rows, column, [f"{number:,.0f}".replace(",", group) for number in numbers], Verdict.MEANT)
    table.mean(rows, column, numbers)
    return _said(table, column, rows, f"thousands separated by {group!r}")


def with_a_unit(company: DirtyCompany, rng: Rng) -> str:
    """A unit or a currency beside the number."""
    table, column, rows = _some_quantities(company, rng)
    form = str(rng.choice(["{} pcs", "$ {}", "{} €", "{}kg", "USD {}"]))
    table.put(rows, column, [form.format(table.cells[column][row]) for row in rows], Verdict.MEANT)
    return _said(table, column, rows, form)


def flag_words(company: DirtyCompany, rng: Rng) -> str:
    """Flags as people write them."""
    table, column, rows = _some_cells(company, rng, "flag", most=1.0)
    words = [str(rng.choice(_FLAG_WORDS[table.cells[column][row] == "true"])) for row in rows]
    table.put(rows, column, words, Verdict.MEANT)
    return _said(table, column, rows, "other words for true and false")


def odd_text(company: DirtyCompany, rng: Rng) -> str:
    """Quotes, separators, line breaks, other scripts and markup in descriptions."""
    name, column = (("items", "description"), ("items", "category"), ("suppliers", "name"))[rng.integers(3)]
    table = company.table(name)
    if column not in table.columns:
        raise NothingToDo
    rows = some_rows(rng, table.filled(column))
    text = str(rng.choice(_ODD_TEXTS))
    table.put(rows, column, [text] * len(rows), Verdict.MEANT)
    table.mean(rows, column, [text] * len(rows))
    return _said(table, column, rows, ascii(text[:20]))


def swapped_cells(company: DirtyCompany, rng: Rng) -> str:
    """The values of two columns changed places in some rows."""
    table = company.some_table(rng)
    columns = [column for column in table.columns if column in table.verdicts]
    if len(columns) < 2:
        raise NothingToDo
    first, second = rng.choice(columns, 2, replace=False).tolist()
    rows = some_rows(rng, table.filled(first))
    one, other = table.cells[first][rows], table.cells[second][rows]
    table.put(rows, first, other.tolist(), Verdict.OPEN)
    table.put(rows, second, one.tolist(), Verdict.OPEN)
    return _said(table, f"{first} and {second}", rows, "each other's")


def _some_cells(
    company: DirtyCompany, rng: Rng, kind: Kind, most: float = 0.03
) -> tuple[DirtyTable, str, Rows]:
    table, column = company.some_column(rng, kind)
    share = most if rng.random() < 0.8 else 0.5
    return table, column, some_rows(rng, table.filled(column), share)


def _some_quantities(company: DirtyCompany, rng: Rng) -> tuple[DirtyTable, str, Rows]:
    """Cells of a column that may not be negative, and do not hold zero."""
    table, column = company.some_column(rng, "number")
    if table.name == "demand":
        column = "y"
    if column not in table.columns:
        raise NothingToDo
    rows = _where(table, column, lambda text: text.strip("0.") != "" and text[0].isdigit())
    return table, column, some_rows(rng, rows)


def _where(table: DirtyTable, column: str, fits: Callable[[str], bool]) -> Rows:
    rows = table.filled(column)
    return np.array([row for row in rows if fits(table.cells[column][row])], np.int64)


def _empty(table: DirtyTable, column: str, rows: Rows, text: str | None) -> None:
    """Empty cells; a row that needs the value has to be quarantined."""
    if column in REQUIRED[table.name] and (table.name, column) != ("demand", "y"):
        table.put(rows, column, [text] * len(rows), Verdict.WRONG)
    else:
        table.put(rows, column, [text] * len(rows), Verdict.MEANT)
        table.mean(rows, column, [None] * len(rows))


def _said(table: DirtyTable, column: str, rows: Rows, what: str) -> str:
    return f"{table.name}.{column}: {what} in {len(rows)} of {len(table)} rows"


MUTATIONS = (
    wrong_kind, negative, huge_or_tiny, infinite, missing_word, empty, blanks_around, decimal_comma,
    whole_column_in_a_language, thousands, with_a_unit, flag_words, odd_text, swapped_cells,
)  # fmt: skip
