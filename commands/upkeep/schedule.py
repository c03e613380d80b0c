"""`purvey schedule`: everything at its time, in one process, until it is ended."""

import os
import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.terminal import Json, emit, err, out, print_rows

TICK_SECONDS = 2.0
"""How often the scheduler looks what is due."""

schedule_app = typer.Typer(help="Check, train, plan, monitor and prune at their times (config: schedule).")

Config = Annotated[Path | None, typer.Option("--config", help="The business' YAML file.")]


@schedule_app.callback(invoke_without_command=True)
def schedule(
    context: typer.Context,
    config: Config = None,
    data: Annotated[str, typer.Option("--data", help="A data directory or a SQLAlchemy URL.")] = "",
    to: Annotated[Path, typer.Option("--out", help="Folder for the files of plans.")] = Path("out"),
    once: Annotated[str, typer.Option("--once", help="Run this job now, and end.")] = "",
) -> None:
    """Run until SIGTERM or Ctrl-C; of all such processes on one state database, one works and the others wait."""
    if context.invoked_subcommand is not None:
        return
    if config is None or not data:
        raise typer.BadParameter("--config FILE and --data DIR are needed")
    from commands.upkeep.scheduled_verbs import ScheduledVerbs
    from configs.load import load_config

    settings, verbs = load_config(config).schedule, ScheduledVerbs(config, data, to)
    if once:
        _run_once(once, verbs)
    else:
        _run_until_ended(settings, verbs)


@schedule_app.command("status")
def status(config: Config = None, as_json: Json = False) -> None:
    """Show each job's last run, how it ended, and when it is due next."""
    from configs.schedule import ScheduleConfig

    settings = ScheduleConfig()
    if config is not None:
        from configs.load import load_config

        settings = load_config(config).schedule
    from database.engine import open_state
    from database.migrate import check_current
    from database.schedule.lease import current_holder
    from database.settings import Settings
    from jobs.schedule.status import schedule_status

    engine = open_state(Settings())
    try:
        check_current(engine)
        leader, rows = current_holder(engine), schedule_status(engine, settings)
    finally:
        engine.dispose()
    if as_json:
        emit({"leader": leader, "jobs": rows})
        return
    out.print(f"leader: {leader or 'no scheduler runs'}")
    print_rows(rows, "")


def _run_until_ended(settings: Any, verbs: Any) -> None:
    """Run the scheduler until a signal ends it; what runs then is ended with it, and the lease is given back."""
    from configs.logs.log_lines import set_up_logs
    from database.engine import open_state
    from database.migrate import check_current
    from database.schedule.lease import Lease, holder_name
    from database.settings import Settings
    from jobs.schedule.scheduler import Scheduler

    set_up_logs(os.environ)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    engine = open_state(Settings())
    try:
        check_current(engine)
        scheduler = Scheduler(engine, settings, Lease(engine, holder_name()), verbs.start)
        while not ended.is_set():
            scheduler.step()
            ended.wait(TICK_SECONDS)
        scheduler.close()
    finally:
        engine.dispose()


def _run_once(job: str, verbs: Any) -> None:
    """Run one job now, by hand, whoever leads, and write down how it ended."""
    from database.engine import open_state
    from database.migrate import check_current
    from database.settings import Settings
    from jobs.schedule.due import JOBS
    from jobs.schedule.run_once import run_once

    if job not in JOBS:
        raise typer.BadParameter(f"{job!r} is none of {', '.join(JOBS)}", param_hint="--once")
    engine = open_state(Settings())
    try:
        check_current(engine)
        run = run_once(engine, job, verbs.start)
    finally:
        engine.dispose()
    if run.outcome != "done":
        err.print(f"{job} {run.outcome}: {run.why}", markup=False)
        raise typer.Exit(1)
    out.print(f"{job} done")
