"""Mutations of header rows: names spelled otherwise, twice, missing, blank, or more than there should be."""

import numpy as np

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng
from benchmarks.dirty.dirty_table import DirtyTable, Rows, Verdict

_STRAY = (
    "Unnamed: 7", "index", "__index_level_0__", "y_hat", "reason", "rule", "source_line", "good", "category",
    "level_0", "n", "age", "lead_time", "is_open", "start", "end", "0", "size", "values", "supplier",
)  # fmt: skip


def spelled_otherwise(company: DirtyCompany, rng: Rng) -> str:
    """A name in capitals, with blanks, hyphens, or without its underscore: the column is still meant."""
    table, column = _some_column(company, rng)
    spellings = (
        column.upper(),
        column.title(),
        column.replace("_", " "),
        column.replace("_", "-"),
        column + "s",
    )
    name = str(rng.choice([name for name in spellings if name != column]))
    table.judge(_all(table), column, Verdict.MEANT)
    table.rename(column, name)
    return f"{table.name}.{column} is called {name!r}"


def blanks_in_header(company: DirtyCompany, rng: Rng) -> str:
    """Blanks around a column's name."""
    table, column = _some_column(company, rng)
    table.judge(_all(table), column, Verdict.MEANT)
    table.rename(column, str(rng.choice([f" {column}", f"{column} ", f"{column}\t"])))
    return f"{table.name}.{column} has blanks around its name"


def other_name(company: DirtyCompany, rng: Rng) -> str:
    """A name of another system."""
    table, column = _some_column(company, rng)
    name = str(rng.choice(["SKU", "Menge", "qty", "Datum", "field_7", "ARTIKEL_NR"]))
    table.judge(_all(table), column, Verdict.OPEN)
    table.rename(column, name)
    return f"{table.name}.{column} is called {name}"


def missing_column(company: DirtyCompany, rng: Rng) -> str:
    """A column is not there."""
    table, column = _some_column(company, rng)
    table.judge(_all(table), column, Verdict.OPEN)
    table.header = [(name, of) for name, of in table.header if of != column]
    return f"{table.name} has no {column}"


def doubled_column(company: DirtyCompany, rng: Rng) -> str:
    """A column twice, or two columns under one name: which one counts is not known."""
    table, column = _some_column(company, rng)
    other = str(rng.choice([of for _, of in table.header]))
    table.header.insert(int(rng.integers(len(table.header) + 1)), (column, other))
    table.named = "always"
    return f"{table.name} has a second column {column}, with the values of {other}"


def extra_column(company: DirtyCompany, rng: Rng) -> str:
    """A column more, under a name that the frames inside might use themselves."""
    table = company.some_table(rng)
    name = str(rng.choice([name for name in _STRAY if name not in table.cells]))
    choices = (["x", "y", ""], ["1", "2.5", ""], ["2017-01-01", "", "?"])
    values = rng.choice(choices[rng.integers(3)], len(table))
    table.cells[name] = np.array([value or None for value in values], dtype=object)
    table.header.insert(int(rng.integers(len(table.header) + 1)), (name, name))
    return f"{table.name} has a column {name!r} of {values[:3].tolist()} …"


def blank_name(company: DirtyCompany, rng: Rng) -> str:
    """A column whose name is empty."""
    table, column = _some_column(company, rng)
    table.judge(_all(table), column, Verdict.MEANT)
    table.rename(column, "")
    return f"{table.name}.{column} has no name"


def trailing_separator(company: DirtyCompany, rng: Rng) -> str:
    """A separator at the end of every line, as some exports write it."""
    table = company.some_table(rng, ".csv")
    table.cells[""] = np.full(len(table), None, dtype=object)
    table.header.append(("", ""))
    return f"{table.name} has a separator at the end of every line"


def no_header(company: DirtyCompany, rng: Rng) -> str:
    """The header row is not there."""
    table = company.some_table(rng, ".csv")
    table.damage.append(lambda content: content.partition(table.style.newline.encode(table.style.codec))[2])
    table.judge_all(_all(table), Verdict.OPEN)
    table.counted, table.named = False, "always"
    return f"{table.name} has no header row"


def title_above(company: DirtyCompany, rng: Rng) -> str:
    """A line above the header: a title, Excel's own, or an empty one."""
    table = company.some_table(rng, ".csv")
    line = str(rng.choice(["Export of 2017-12-31", f"sep={table.style.separator}", "", "# made by ERP"]))
    table.damage.append(lambda content: f"{line}\n".encode(table.style.codec) + content)
    table.judge_all(_all(table), Verdict.MEANT)
    table.counted = False
    return f"{table.name} has the line {line!r} above its header"


def _some_column(company: DirtyCompany, rng: Rng) -> tuple[DirtyTable, str]:
    table = company.some_table(rng)
    columns = [column for column in table.columns if column in table.clean.kinds]
    if not columns:
        raise NothingToDo
    return table, str(rng.choice(columns))


def _all(table: DirtyTable) -> Rows:
    return np.arange(len(table))


MUTATIONS = (
    spelled_otherwise, blanks_in_header, other_name, missing_column, doubled_column, extra_column, blank_name,
    trailing_separator, no_header, title_above,
)  # fmt: skip
