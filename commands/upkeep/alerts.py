"""`purvey alerts`: exceptions that stand, and the outbox of what is sent about them."""

import os
import signal
import threading
from typing import Annotated

import typer

from commands.terminal import Json, emit, err, out, plain, print_rows

alerts_app = typer.Typer(no_args_is_help=True, help="Exceptions that stand, and what is sent about them.")


@alerts_app.command("list")
def alerts_list(
    closed: Annotated[bool, typer.Option("--closed", help="Those that have closed.")] = False,
    as_json: Json = False,
) -> None:
    """List the exceptions that stand, the newest first."""
    from dataclasses import asdict

    from database.alerts.exception_list import list_exceptions
    from database.engine import open_state
    from database.migrate import check_current
    from database.settings import Settings

    engine = open_state(Settings())
    try:
        check_current(engine)
        rows = list_exceptions(engine, standing=not closed)
    finally:
        engine.dispose()
    if as_json:
        emit([asdict(row) for row in rows])
        return
    shown = [
        {
            "id": row.id, "opened": row.opened_on, "severity": row.severity, "state": row.state,
            "owner": row.owner, "money": row.money, "what": row.text,
        }
        for row in rows
    ]  # fmt: skip
    print_rows(shown, "Nothing has closed yet." if closed else "Nothing stands.")


@alerts_app.command("deliver")
def deliver(
    every: Annotated[
        float, typer.Option("--every", min=0, help="Again after so many seconds, until ended; 0: once.")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """Send what is due in the outbox to webhooks and by e-mail, as alerts.yaml says."""
    from dataclasses import asdict

    from database.settings import Settings
    from jobs.alerts.deliver_alerts import deliver_alerts

    if every:
        _deliver_until_ended(every)
        return
    counts = deliver_alerts(Settings())
    if as_json:
        emit(asdict(counts))
        return
    out.print(f"delivered {counts.delivered}, failed {counts.failed}, waiting {counts.waiting}")


def _deliver_until_ended(seconds: float) -> None:
    """Deliver again and again until SIGTERM or Ctrl-C; a state database or file that cannot be used is waited for."""
    from sqlalchemy.exc import SQLAlchemyError

    from configs.errors import DomainError
    from configs.logs.log_lines import set_up_logs
    from database.settings import Settings
    from jobs.alerts.deliver_alerts import deliver_alerts

    set_up_logs(os.environ)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set():
        try:
            deliver_alerts(Settings())
        except (DomainError, SQLAlchemyError) as error:
            err.print(plain(str(error)), soft_wrap=True)
        ended.wait(seconds)
