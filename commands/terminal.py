"""What the verbs share: their common options, the two consoles, and how facts and rows are printed."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from configs.progress import Progress

_KEPT = "\n\t"
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that are not seen but do something: controls, directions, line separators."""


def printable(text: str) -> str:
    r"""`text` for the terminal with its control characters written out: `\x1b` for the one that begins commands.

    The name of a SKU or of a file must not clear the screen, hide what follows or answer in the user's place.
    """
    return "".join(
        character
        if character in _KEPT or unicodedata.category(character) not in _HIDDEN
        else character.encode("unicode_escape").decode()
        for character in text
    )


class SafeConsole(Console):
    """A console that writes out control characters in all texts it is given; its own colours are not in these."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Make a renderable text of a string, as every print and every cell of a table does."""
        return super().render_str(printable(text), **options)


out = SafeConsole(highlight=False)
err = SafeConsole(stderr=True, highlight=False)

Data = Annotated[str, typer.Option("--data", help="A data directory or a SQLAlchemy URL.")]
ConfigFile = Annotated[Path, typer.Option("--config", help="The business' YAML file.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, for machines.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for the ledger.")]


def plain(text: str) -> str:
    """`text` for the terminal without markup of its own."""
    from rich.markup import escape

    return escape(text)


def emit(document: Any) -> None:
    """Print one JSON document on the terminal's standard output."""
    sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress]:
    """Show a progress bar in the terminal that follows calls of `(what, share done of all)`."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description:<38}"), BarColumn(), TimeElapsedColumn())
    with RichProgress(*columns, console=err, disable=quiet, transient=not err.is_terminal) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda what, done: bar.update(task, description=plain(printable(what)), completed=done)


def print_facts(facts: dict[str, Any]) -> None:
    """Print facts on the terminal, names and values."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in facts.items():
        table.add_row(f"[dim]{name}[/]", plain(_short(value)))
    out.print(table)


def print_warnings(sentences: list[str]) -> None:
    """Print on the terminal what of the data should not be trusted."""
    for sentence in sentences:
        out.print(f"[yellow]warning[/] {plain(sentence)}", soft_wrap=True)


def print_rows(rows: list[dict[str, Any]], if_none: str) -> None:
    """Print rows of the same keys on the terminal as a table, `if_none` where there are none."""
    if not rows:
        out.print(if_none)
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if value is None else plain(_short(value)) for value in row.values()))
    out.print(table)


def _short(value: Any) -> str:
    from configs.formats import significant

    return significant(value, 4) if isinstance(value, float) else str(value)
