"""`purvey check`: what is there, what is missing and what cannot be trusted."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.terminal import Json, emit, err, out, plain

Source = Annotated[str, typer.Argument(help="A data directory or a SQLAlchemy URL.")]

_MARKS = {"quarantined": "yellow", "warnings": "yellow", "switched_off": "dim"}


def check(
    source: Source, config: Annotated[Path | None, typer.Option("--config")] = None, as_json: Json = False
) -> None:
    """Report what is there, what is missing and what cannot be trusted."""
    from configs.load import load_config
    from configs.schema import DataConfig
    from database.sources.load_tables import read_source
    from features.quality.check import check_tables

    data = DataConfig() if config is None else load_config(config).data
    report = check_tables(read_source(source), data).report()
    if as_json:
        emit(report)
    else:
        print_check(report)
    if not report["usable"]:
        raise typer.Exit(1)


def print_check(report: dict[str, Any]) -> None:
    """Print the report of `purvey check`: tables, what was quarantined, what is switched off, why it is not usable."""
    table = Table(
        "table", "rows", "from", "to", "quarantined", box=None, pad_edge=False, title_justify="left"
    )
    for name, facts in report["tables"].items():
        span = [str(facts.get(end) or "") for end in ("first", "last")]
        table.add_row(name, f"{facts['rows']:,}", *span, f"{facts['quarantined']:,}")
    out.print(table)
    for kind, style in _MARKS.items():
        for sentence in report[kind]:
            out.print(f"[{style}]{kind.replace('_', ' ')}[/] {plain(sentence)}", soft_wrap=True)
    if report["problem"]:
        err.print(f"[bold red]Not usable:[/] {plain(report['problem'])}", soft_wrap=True)
