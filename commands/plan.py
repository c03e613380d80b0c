"""`purvey plan`: the champion and the data as they are now, turned into orders and priced actions."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.process import keep_freed_memory, look_for_garbage_rarely
from commands.terminal import Data, Json, emit, out, plain, print_facts, print_warnings, progress_bar

Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Plan as on this day.")]

_MOST = 10
"""Actions printed: the most valuable ones."""


def plan(
    data: Data,
    to: Annotated[Path, typer.Option("--out", help="Folder for the Parquet files.")],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="Overrides the policy trained with, and how numbers and dates are written."
        ),
    ] = None,
    as_of: Day = None,
    as_json: Json = False,
) -> None:
    """Turn the champion and the data as they are now into orders and priced actions."""
    from configs.load import load_config
    from database.settings import Settings
    from jobs.plan import run_plan

    policy = None if config is None else load_config(config)
    keep_freed_memory()
    look_for_garbage_rarely()
    with progress_bar(quiet=as_json) as progress:
        result = run_plan(Settings(), source=data, out=to, as_of=as_of, config=policy, progress=progress)
    if as_json:
        emit(result.summary())
    else:
        print_plan(result)


def print_plan(result: Any) -> None:
    """Print what `purvey plan` came to, and its most valuable actions."""
    facts = result.summary()
    print_facts({name: value for name, value in facts.items() if name not in ("warnings", "lever_factors")})
    print_warnings(facts["warnings"])
    _print_actions(result.todays_actions)


def _print_actions(actions: Any) -> None:
    """Print the most valuable actions with their money and the day by which to act."""
    from configs.formats import day, number

    table = Table("worth", "", "act by", "action", box=None, pad_edge=False)
    table.columns[0].justify = "right"
    for row in actions.head(_MOST).itertuples():
        each = "a year" if row.worth_period == "year" else "once"
        table.add_row(number(row.worth), each, day(row.act_by), plain(row.title))
    out.print(table if len(actions) else "No action is worth its money today.")
