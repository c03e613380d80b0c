"""All verbs of `purvey`, and the one place where errors become a sentence and an exit status."""

import sys

import typer

from commands.access.keys import keys_app
from commands.access.users import users_app
from commands.backtest import backtest
from commands.check import check
from commands.company.assess import assess
from commands.db import db_app
from commands.demo import demo
from commands.mcp import mcp
from commands.models import models_app
from commands.monitor import monitor
from commands.plan import plan
from commands.process import settle_process
from commands.serve import serve
from commands.terminal import err, plain
from commands.train import train
from commands.upkeep.alerts import alerts_app
from commands.upkeep.audit import audit_app
from commands.upkeep.backup import backup, restore
from commands.upkeep.prune import prune
from commands.upkeep.schedule import schedule_app
from configs.errors import DomainError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Demand and lead-time distributions that turn into purchase decisions people can defend.",
)
for verb in (check, assess, train, backtest, plan, monitor, serve, mcp, demo, prune, backup, restore):
    app.command()(verb)
app.add_typer(models_app, name="models")
app.add_typer(db_app, name="db")
app.add_typer(schedule_app, name="schedule")
app.add_typer(alerts_app, name="alerts")
app.add_typer(audit_app, name="audit")
app.add_typer(users_app, name="users")
app.add_typer(keys_app, name="keys")


def main() -> None:
    """Run the command line: exit status 0 done, 1 failed with one sentence, 2 wrong usage."""
    settle_process()
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app()
    except DomainError as error:
        if debug:
            raise
        err.print(f"[bold red]Error:[/] {plain(str(error))}", soft_wrap=True)
        sys.exit(1)
