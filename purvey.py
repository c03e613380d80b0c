"""The command line: one verb per job, importing only what its verb needs."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich", help=__doc__)
models_app = typer.Typer(no_args_is_help=True, help="The trained models: who is champion, and why.")
db_app = typer.Typer(no_args_is_help=True, help="The state database.")
app.add_typer(models_app, name="models")
app.add_typer(db_app, name="db")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Source = Annotated[str, typer.Argument(help="A data directory or a SQLAlchemy URL.")]
Data = Annotated[str, typer.Option("--data", help="A data directory or a SQLAlchemy URL.")]
ConfigFile = Annotated[Path, typer.Option("--config", help="The business' YAML file.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, for machines.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Plan as on this day.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for the ledger.")]

OUR_PACKAGES = {"features", "models", "planning", "charts", "training", "database", "serving", "examples"}


def main() -> None:
    """Run the command line: 0 done, 1 failed with one sentence, 2 wrong usage."""
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app()
    except Exception as error:
        # An exception class of our own is a domain error, whose message names place, value and fix.
        if debug or type(error).__module__.partition(".")[0] not in OUR_PACKAGES:
            raise
        err.print(f"[bold red]Error:[/] {_plain(str(error))}", soft_wrap=True)
        sys.exit(1)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _emit(document: Any) -> None:
    sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Show a bar that follows calls of `(what, share done of all)`."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<38}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=quiet, transient=not err.is_terminal) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda what, done: bar.update(task, description=what, completed=done)


@app.command()
def check(
    source: Source, config: Annotated[Path | None, typer.Option("--config")] = None, as_json: Json = False
) -> None:
    """Report what is there, what is missing and what cannot be trusted."""
    from database.sources import load_tables
    from features.config import DataConfig

    data = DataConfig()
    if config is not None:
        from training.config import load_config

        data = load_config(config).data
    report = load_tables(source, data).report()
    if as_json:
        _emit(report)
    else:
        _print_check(report)


def _print_check(report: dict[str, Any]) -> None:
    table = Table("table", "rows", "from", "to", "quarantined", box=None, pad_edge=False, title_justify="left")
    for name, facts in report["tables"].items():
        span = [str(facts.get(end) or "") for end in ("first", "last")]
        table.add_row(name, f"{facts['rows']:,}", *span, f"{facts['quarantined']:,}")
    out.print(table)
    for sentence in report["quarantined"]:
        out.print(f"[yellow]quarantined[/] {_plain(str(sentence))}")
    for warning in report["warnings"]:
        out.print(f"[yellow]warning[/] {_plain(str(warning))}")
    for sentence in report["switched_off"]:
        out.print(f"[dim]off[/] {_plain(str(sentence))}")
