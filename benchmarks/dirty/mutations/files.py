"""Mutations of files: encodings, separators, line ends, quotes, damage, names and formats."""

import gzip
import io
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.dirty.dirty_company import DirtyCompany, Rng, some_rows
from benchmarks.dirty.dirty_table import DirtyTable, Verdict
from benchmarks.dirty.table_files import table_bytes

_STRAY = {
    "notes.txt": b"call the supplier", ".DS_Store": b"\0\1", "~$stock.xlsx": b"\0", "readme.md": b"# data",
    "photo.png": b"\x89PNG\r\n", "demand.csv.bak": b"unique_id,ds,y\n", "backup.zip": b"PK\3\4",
}  # fmt: skip


def other_encoding(company: DirtyCompany, rng: Rng) -> str:
    """A file in another encoding than UTF-8, with a letter that shows it."""
    table = company.some_table(rng, ".csv")
    if table.name == "items" and "description" in table.columns:
        rows = some_rows(rng, table.filled("description"))
        table.put(rows, "description", ["Crème brûlée"] * len(rows), Verdict.MEANT)
        table.mean(rows, "description", ["Crème brûlée"] * len(rows))
    table.style.codec = str(rng.choice(["utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "utf-32"]))
    return f"{table.name} is {table.style.codec}"


def byte_order_mark(company: DirtyCompany, rng: Rng) -> str:
    """A byte order mark before the header, as Excel writes it."""
    table = company.some_table(rng, ".csv")
    table.style.codec = "utf-8-sig"
    return f"{table.name} has a byte order mark"


def line_ends(company: DirtyCompany, rng: Rng) -> str:
    """Line ends of Windows, or of an old Mac."""
    table = company.some_table(rng, ".csv")
    table.style.newline = str(rng.choice(["\r\n", "\r", "\r\r\n"]))
    table.counted = table.style.newline == "\r\n"
    return f"{table.name} has the line ends {table.style.newline!r}"


def separators(company: DirtyCompany, rng: Rng) -> str:
    """Another separator, and quotes around everything or not."""
    table = company.some_table(rng, ".csv")
    table.style.separator = str(rng.choice([";", "\t", "|"]))
    table.style.quote_all = bool(rng.random() < 0.5)
    return f"{table.name} is separated by {table.style.separator!r}, all quoted: {table.style.quote_all}"


def unbalanced_quote(company: DirtyCompany, rng: Rng) -> str:
    """A quote that is opened and never closed."""
    table = company.some_table(rng, ".csv")
    row = int(rng.integers(len(table)))
    _in_line(table, row, lambda line: b'"' + line)
    table.judge_all(np.arange(row, len(table)), Verdict.OPEN)
    table.counted, table.named = False, "always"
    return f"{table.name} row {row + 2} opens a quote"


def nul_byte(company: DirtyCompany, rng: Rng) -> str:
    """A NUL byte in a cell."""
    table, column = company.some_column(rng, ("text", "number", "date")[rng.integers(3)], ".csv")
    rows = some_rows(rng, table.filled(column))
    verdict = Verdict.WRONG if column.endswith("_id") or table.clean.kinds[column] != "text" else Verdict.OPEN
    texts = table.cells[column][rows]
    table.put(rows, column, [f"{text[:1]}\0{text[1:]}" for text in texts], verdict)
    return f"{table.name}.{column}: a NUL byte in {len(rows)} rows"


def more_or_fewer_values(company: DirtyCompany, rng: Rng) -> str:
    """Rows with a value more or fewer than the header has names."""
    table = company.some_table(rng, ".csv")
    rows = some_rows(rng, np.arange(len(table)))
    separator = table.style.separator.encode(table.style.codec)
    more = rng.random() < 0.5
    for row in rows:
        _in_line(
            table, int(row), lambda line: line + separator + b"9" if more else line.rpartition(separator)[0]
        )
    table.judge_all(rows, Verdict.WRONG)
    return f"{table.name}: {len(rows)} rows have a value {'more' if more else 'fewer'}"


def truncated(company: DirtyCompany, rng: Rng) -> str:
    """The file ends somewhere in the middle: a copy that did not finish."""
    table = company.some_table(rng)
    share = float(rng.uniform(0.02, 0.98))
    table.damage.append(lambda content: content[: int(share * len(content))])
    table.judge_all(np.arange(len(table)), Verdict.OPEN)
    table.counted = False
    return f"{table.name} ends after {share:.0%} of its bytes"


def nothing_in_it(company: DirtyCompany, rng: Rng) -> str:
    """A file without a byte, with blanks only, or with its header only."""
    table = company.some_table(rng)
    kind = int(rng.integers(3))
    if kind == 2:
        table.take(np.empty(0, np.int64))
    else:
        table.damage.append(lambda _: b" \n\n" if kind else b"")
        table.judge_all(np.arange(len(table)), Verdict.OPEN)
        table.counted, table.named = False, "always"
    return f"{table.name} holds {('no byte', 'blanks', 'its header only')[kind]}"


def another_content(company: DirtyCompany, rng: Rng) -> str:
    """A file whose content is not what its suffix says."""
    table = company.some_table(rng)
    kind = int(rng.integers(4))
    junk = rng.bytes(400)
    change = (
        lambda _: junk,
        gzip.compress,
        lambda _: b"<html><body>404</body></html>\n",
        lambda _: b"PK\3\4" + junk,
    )
    table.damage.append(change[kind])
    table.judge_all(np.arange(len(table)), Verdict.OPEN)
    table.counted, table.named = False, "always"
    return f"{table.name} holds {('random bytes', 'gzip', 'a web page', 'a zip file')[kind]}"


def blank_lines_at_the_end(company: DirtyCompany, rng: Rng) -> str:
    """Blank lines at the end of the file, or rows of separators only."""
    table, separators = company.some_table(rng, ".csv"), bool(rng.random() < 0.5)

    def damage(content: bytes) -> bytes:
        style = table.style
        blank = style.separator * (len(table.header) - 1) * separators + style.newline
        return content + (3 * blank).encode(style.codec)

    table.damage.append(damage)
    return f"{table.name} ends with three rows of {'separators' if separators else 'nothing'}"


def misspelt_file(company: DirtyCompany, rng: Rng) -> str:
    """A file whose name is nearly that of the table: it must not be left out in silence."""
    table = company.some_table(rng)
    name = table.name
    spellings = (name.title(), name.upper(), name.replace("_", " "), name.replace("_", "-"), name + "s", name + " (1)",
                 name.rstrip("s"), f"{name}_2017-12-31", f"{name}.new", name + " ")  # fmt: skip
    table.stems = [str(rng.choice([spelling for spelling in spellings if spelling != name]))]
    _may_be_left_out(table)
    return f"{name} is called {table.stems[0] + table.style.suffix!r}"


def two_files(company: DirtyCompany, rng: Rng) -> str:
    """A table in two files, old and new, or CSV and Parquet."""
    table = company.some_table(rng)
    other = ".csv" if table.style.suffix == ".parquet" else ".parquet"
    name = str(
        rng.choice([f"{table.name}{other}", f"{table.name} (2){table.style.suffix}", f"{table.name}_old.csv"])
    )
    frame = table.clean.typed
    company.files[name] = frame.to_csv(index=False).encode() if name.endswith(".csv") else frame.to_parquet()
    table.named = "always"
    return f"{table.name} stands in {name} too"


def another_format(company: DirtyCompany, rng: Rng) -> str:
    """A table as a workbook, compressed, or with a suffix in capitals: read, or named."""
    table = company.some_table(rng, ".csv")
    suffix = str(rng.choice([".xlsx", ".csv.gz", ".CSV", ".txt", ".tsv", ".xls", ".json", ".feather"]))
    content = _workbook(table) if suffix == ".xlsx" else table_bytes(table)
    company.files[table.name + suffix] = gzip.compress(content) if suffix == ".csv.gz" else content
    table.stems = []
    table.named = "if not read"
    return f"{table.name} is {table.name}{suffix}"


def stray_files(company: DirtyCompany, rng: Rng) -> str:
    """Files beside the tables that are none."""
    name = str(rng.choice(list(_STRAY)))
    company.files[name] = _STRAY[name]
    return f"{name} lies beside the tables"


def _may_be_left_out(table: DirtyTable) -> None:
    table.judge_all(np.arange(len(table)), Verdict.MEANT)
    table.counted, table.named = False, "if not read"


def _workbook(table: DirtyTable) -> bytes:
    sink = io.BytesIO()
    frame = pd.DataFrame({name: table.cells[column] for name, column in table.header})
    frame.to_excel(sink, index=False)
    return sink.getvalue()


def _in_line(table: DirtyTable, row: int, change: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a row's line; rows with a line break inside would shift the count, but hold none here."""

    def damage(content: bytes) -> bytes:
        newline = table.style.newline.encode(table.style.codec)
        lines = content.split(newline)
        if row + 1 < len(lines):
            lines[row + 1] = change(lines[row + 1])
        return newline.join(lines)

    table.damage.append(damage)


MUTATIONS = (
    other_encoding, byte_order_mark, line_ends, separators, unbalanced_quote, nul_byte, more_or_fewer_values,
    truncated, nothing_in_it, another_content, blank_lines_at_the_end, misspelt_file, two_files, another_format,
    stray_files,
)  # fmt: skip
