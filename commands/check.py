"""`purvey check`: what is there, what is missing and what cannot be trusted."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.terminal import Json, emit, err, out, plain

Source = Annotated[str, typer.Argument(help="A data directory or a SQLAlchemy URL.")]

NO_CONFIG = "the config: give --config FILE to have it judged, and the tables read as training reads them"

_MARKS = {"quarantined": "yellow", "warnings": "yellow", "switched_off": "dim"}


def check(
    source: Source,
    config: Annotated[
        Path | None, typer.Option("--config", help="The business' YAML file: judged, too, and read by.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Look as on this day.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Report what is there, what is missing and what cannot be trusted, as training and planning judge it."""
    import pandas as pd

    from configs.load import load_config
    from configs.schema import DataConfig
    from database.sources.load_tables import check_source
    from features.quality.warnings.config_warnings import config_warnings

    settings = None if config is None else load_config(config)
    day = None if as_of is None else pd.Timestamp(as_of)
    checked = check_source(source, settings.data if settings else DataConfig(), as_of=day)
    report = checked.report() | {"config": str(config) if config else None}
    if settings:
        report["warnings"] += map(str, config_warnings(settings, checked.tables, checked.as_of))
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
    if report.get("config", "") is None:
        out.print(f"[dim]not judged[/] {NO_CONFIG}", soft_wrap=True)
    if report["problem"]:
        err.print(f"[bold red]Not usable:[/] {plain(report['problem'])}", soft_wrap=True)
