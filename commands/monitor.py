"""`purvey monitor`: what came in since training against what was forecast, and whether to retrain."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.terminal import Data, Json, emit, out, plain, print_facts, progress_bar

_SHARES = ("bias", "coverage_80", "coverage_90", "value_added", "drift")


def monitor(
    data: Data,
    config: Annotated[
        Path | None, typer.Option("--config", help="Its data section overrides the one trained with.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="Folder for monitor.json and the Parquet files.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare what came in with what was forecast since training, and say whether to retrain."""
    from database.settings import Settings
    from jobs.monitor import run_monitor

    reading = None
    if config is not None:
        from configs.load import load_config

        reading = load_config(config)
    with progress_bar(quiet=as_json) as progress:
        result = run_monitor(Settings(), source=data, out=to, config=reading, progress=progress)
    if as_json:
        emit(result.report.to_json())
        return
    _print_report(result.report)
    for file in result.files:
        out.print(f"wrote {plain(str(file))}")


def _print_report(report: Any) -> None:
    signal, facts = report.signal, report.facts
    out.print(f"[bold {'yellow' if signal.retrain else 'green'}]{plain(signal.message)}[/]", soft_wrap=True)
    if signal.retrain:
        out.print(f"  purvey train --config FILE --data {plain(facts['source'])}", soft_wrap=True)
    out.print(f"[dim]{plain(signal.promise)}[/]", soft_wrap=True)
    print_facts({name: facts[name] for name in ("model", "cutoff", "as_of", "periods_seen", "forecasts")})
    _print_table("demand, by class", report.by_class)
    _print_table("lead times, by supplier", report.lead_times)


def _print_table(title: str, frame: Any) -> None:
    if not len(frame):
        return
    columns = [name.replace("_", " ") for name in frame.columns]
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for row in frame.to_dict("records"):
        table.add_row(*(_shown(name, value, title) for name, value in row.items()))
    out.print(table)


def _shown(name: str, value: Any, title: str) -> str:
    if isinstance(value, str):
        return plain(value) or "all"
    from configs.formats import number, share, significant

    if name in _SHARES and not (name == "bias" and title.startswith("lead")):
        return share(value, 1)
    return number(value) if name in ("n", "late") else significant(value)
