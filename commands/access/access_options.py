"""What the verbs about access share: roles, limits, the state database, and a word where access is still open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from commands.terminal import err, plain
from configs.access import Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

Roles = Annotated[list[str], typer.Option("--role", help="A role; give it several times for several.")]
Limit = Annotated[
    float | None, typer.Option("--limit", help="Most money approved at once, in place of the roles' limit.")
]


def known_roles(given: list[str]) -> list[Role]:
    """Return roles as they were given, an error where one is none."""
    from typing import get_args

    from database.access.secrets import AccessError

    known: dict[str, Role] = {role: role for role in get_args(Role)}
    for name in given:
        if name not in known:
            raise AccessError(f"--role {name}: no such role; there are {', '.join(known)}")
    return [known[name] for name in given]


@contextmanager
def state_database() -> Iterator["Engine"]:
    """Open the home's state database for a change of access, and say where access is not configured yet."""
    from database.engine import open_state
    from database.migrate import check_current
    from database.settings import Settings

    settings = Settings()
    engine = open_state(settings)
    try:
        check_current(engine)
        yield engine
    finally:
        engine.dispose()
    if settings.access is None and not settings.access_file.exists():
        note = (
            f"access is open until there is {settings.access_file}; an empty file is enough to ask for logins"
        )
        err.print(f"[yellow]note[/] {plain(note)}", soft_wrap=True)
