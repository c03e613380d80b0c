"""`purvey db`: the state database."""

import typer

from commands.terminal import out

db_app = typer.Typer(no_args_is_help=True, help="The state database.")


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the state database to this version's schema."""
    from database.migrate import upgrade_state
    from database.settings import Settings

    out.print(f"state database at revision {upgrade_state(Settings())}")
