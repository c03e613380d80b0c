"""The command line: one verb per job, importing only what its verb needs."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.models import models_app
from commands.monitor import monitor
from commands.process import keep_memory, settle
from commands.terminal import ConfigFile, Data, Json, Why, emit, err, out, plain, print_facts, progress_bar

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich", help=__doc__)
db_app = typer.Typer(no_args_is_help=True, help="The state database.")
app.add_typer(models_app, name="models")
app.add_typer(db_app, name="db")

Source = Annotated[str, typer.Argument(help="A data directory or a SQLAlchemy URL.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Plan as on this day.")]

OUR_PACKAGES = {"features", "models", "planning", "charts", "training", "database", "serving", "examples"}


def main() -> None:
    """Run the command line: 0 done, 1 failed with one sentence, 2 wrong usage."""
    settle()
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app()
    except Exception as error:
        # An exception class of our own is a domain error, whose message names place, value and fix.
        if debug or type(error).__module__.partition(".")[0] not in OUR_PACKAGES:
            raise
        err.print(f"[bold red]Error:[/] {plain(str(error))}", soft_wrap=True)
        sys.exit(1)


@app.command()
def check(
    source: Source, config: Annotated[Path | None, typer.Option("--config")] = None, as_json: Json = False
) -> None:
    """Report what is there, what is missing and what cannot be trusted."""
    from configs.schema import DataConfig
    from database.sources import read_source
    from features.quality.check import check_tables

    data = DataConfig()
    if config is not None:
        from configs.load import load_config

        data = load_config(config).data
    report = check_tables(read_source(source), data).report()
    if as_json:
        emit(report)
    else:
        _print_check(report)
    if not report["usable"]:
        raise typer.Exit(1)


def _print_check(report: dict[str, Any]) -> None:
    table = Table(
        "table", "rows", "from", "to", "quarantined", box=None, pad_edge=False, title_justify="left"
    )
    for name, facts in report["tables"].items():
        span = [str(facts.get(end) or "") for end in ("first", "last")]
        table.add_row(name, f"{facts['rows']:,}", *span, f"{facts['quarantined']:,}")
    out.print(table)
    marks = {"quarantined": "yellow", "warnings": "yellow", "switched_off": "dim"}
    for kind, style in marks.items():
        for sentence in report[kind]:
            out.print(f"[{style}]{kind.replace('_', ' ')}[/] {plain(sentence)}", soft_wrap=True)
    if report["problem"]:
        err.print(f"[bold red]Not usable:[/] {plain(report['problem'])}", soft_wrap=True)


@app.command()
def train(
    config: ConfigFile,
    data: Data,
    promote: Annotated[
        bool, typer.Option("--promote", help="Make it champion whatever the backtest says.")
    ] = False,
    why: Why = "",
    tune: Annotated[
        str, typer.Option(help="Search for better boosting parameters first, for 20m, 1h or 30trials.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Backtest, fit, log and register a model; promote it when it beats the champion."""
    from configs.load import load_config
    from database.settings import Settings
    from training.pipeline import TrainOptions
    from training.pipeline import train as run
    from training.tuning.budget import Budget

    wishes = TrainOptions(promote, why, Budget.parse(tune) if tune else None)
    with progress_bar(quiet=as_json) as progress:
        result = run(load_config(config), data, Settings(), wishes, progress=progress)
    if as_json:
        emit(result.summary())
    else:
        print_facts({name: value for name, value in result.summary().items() if name != "boosting"})
        if result.tuning is not None and result.tuning.changed:
            out.print("Keep the found parameters by putting this into the config:")
            out.print(_yaml({"demand": {"boosting": result.tuning.boosting.model_dump()}}))


def _yaml(document: Any) -> str:
    import yaml

    return yaml.safe_dump(document, sort_keys=False)


@app.command()
def backtest(
    config: ConfigFile,
    data: Data,
    to: Annotated[Path, typer.Option("--out", help="Folder for the three Parquet files.")],
    cutoff: Annotated[
        list[datetime] | None, typer.Option(formats=["%Y-%m-%d"], help="Repeat for more.")
    ] = None,
) -> None:
    """Write what would have been forecast at past cutoffs, beside what came."""
    from configs.load import load_config
    from training.evaluation.backtest import backtest as run

    with progress_bar(quiet=False) as progress:
        files = run(load_config(config), data, to, cutoffs=tuple(cutoff or ()), progress=progress)
    for file in files:
        out.print(f"wrote {file}")


@app.command()
def plan(
    data: Data,
    to: Annotated[Path, typer.Option("--out", help="Folder for the Parquet files.")],
    config: Annotated[
        Path | None, typer.Option("--config", help="Overrides the policy trained with.")
    ] = None,
    as_of: Day = None,
    as_json: Json = False,
) -> None:
    """Turn the champion and the data as they are now into orders and priced actions."""
    from database.settings import Settings
    from jobs.plan import run_plan

    policy = None
    if config is not None:
        from configs.load import load_config

        policy = load_config(config)
    keep_memory()
    with progress_bar(quiet=as_json) as progress:
        result = run_plan(Settings(), source=data, out=to, as_of=as_of, config=policy, progress=progress)
    if as_json:
        emit(result.summary())
    else:
        print_facts(result.summary())
        print_actions(result.actions)


app.command()(monitor)


def print_actions(actions: Any, most: int = 10) -> None:
    """Print the `most` most valuable actions with their money and the day by which to act."""
    table = Table("worth", "", "act by", "action", box=None, pad_edge=False)
    table.columns[0].justify = "right"
    for row in actions.head(most).itertuples():
        each = "a year" if row.worth_period == "year" else "once"
        table.add_row(f"{row.worth:,.0f}", each, f"{row.act_by:%Y-%m-%d}", plain(row.title))
    out.print(table if len(actions) else "No action is worth its money today.")


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the state database to this version's schema."""
    from database.migrate import upgrade
    from database.settings import Settings

    out.print(f"state database at revision {upgrade(Settings().state_url)}")


@app.command()
def serve(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 3000,
    source: Annotated[
        str | None, typer.Option("--data", help="Where stock, orders and offers are read.")
    ] = None,
) -> None:
    """Serve the API and the pages until Ctrl-C."""
    if source is not None:
        os.environ["PURVEY_SOURCE"] = source
    from database.settings import Settings
    from serving.run import serve as run

    run(Settings(), host, port)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo company is kept.")] = Path("demo"),
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards.")] = True,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 3000,
) -> None:
    """Build the demo company (real demand, simulated suppliers), train, plan and show what to do."""
    from examples.demo import build

    os.environ["PURVEY_HOME"] = str(folder / "home")
    data, config = folder / "data", Path(__file__).parent / "configs" / "demo.yaml"
    out.print("[bold]Real demand, simulated suppliers:[/] no public data has both.")
    build(data)
    out.rule("check", align="left")
    check(str(data), config)
    out.rule("train", align="left")
    train(config, str(data), why="the demo's first model")
    out.rule("plan", align="left")
    plan(str(data), folder / "plan")
    if serving:
        out.print(f"The worklist is at http://{host}:{port}/ until Ctrl-C.")
        serve(host, port, str(data))
