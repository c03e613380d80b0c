"""`purvey keys`: API keys of programs, and of people who write them."""

import sys
from datetime import timedelta
from typing import Annotated, Any

import typer

from commands.access.access_options import Limit, Roles, known_roles, state_database
from commands.terminal import Json, emit, err, out, plain, print_rows

keys_app = typer.Typer(no_args_is_help=True, help="API keys of programs.")

Days = Annotated[
    float | None, typer.Option("--days", min=0, help="Days that it opens for; leave it out for no end.")
]


@keys_app.command("add")
def keys_add(
    name: str,
    role: Roles,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="Person whose key it is: it asks in their name, while they may."),
    ] = None,
    days: Days = 365,
    limit: Limit = None,
) -> None:
    """Add a key, and print it, this once."""
    from database.access.api_keys import add_key

    roles = known_roles(role)
    with state_database() as engine:
        key, secret = add_key(
            engine, name, roles, owner=owner, expires_at=_expiry(days), approval_limit=limit
        )
    _print_secret(key.name, secret)


@keys_app.command("list")
def keys_list(as_json: Json = False) -> None:
    """List all keys by what they begin with; nobody can show them whole."""
    from database.access.api_keys import ApiKey, list_keys

    def row(key: ApiKey) -> dict[str, Any]:
        return {
            "name": key.name,
            "begins": f"pv_{key.prefix}",
            "owner": key.owner,
            "roles": ", ".join(key.roles),
            "limit": key.approval_limit,
            "expires": key.expires_at,
            "last used": key.last_used_at,
            "state": key.barred or "opens",
        }

    with state_database() as engine:
        rows = [row(key) for key in list_keys(engine)]
    emit(rows) if as_json else print_rows(rows, "No key yet; add one with `purvey keys add`.")


@keys_app.command("rotate")
def keys_rotate(
    name: str,
    keep_hours: Annotated[
        float, typer.Option("--keep-hours", min=0, help="Hours the old key opens yet.")
    ] = 24,
    days: Days = 365,
) -> None:
    """Replace a key by a new one of the same name and roles, and print that."""
    from database.access.api_keys import rotate_key

    keep = timedelta(hours=keep_hours)
    with state_database() as engine:
        key, secret = rotate_key(engine, name, keep_for=keep, expires_at=_expiry(days))
    _print_secret(key.name, secret)


@keys_app.command("revoke")
def keys_revoke(
    name: Annotated[str, typer.Argument(help="Its name, or what it begins with (pv_…).")],
) -> None:
    """Revoke a key, and all others of its name."""
    from database.access.api_keys import revoke_key

    with state_database() as engine:
        count = revoke_key(engine, name)
    out.print(f"{count} key{'' if count == 1 else 's'} of {plain(name)} revoked, within seconds everywhere")


def _expiry(days: float | None) -> Any:
    """The moment at which a key that is added now ends."""
    from database.schema import utc_now

    return None if days is None else utc_now() + timedelta(days=days)


def _print_secret(name: str, secret: str) -> None:
    """Print a key on standard output, alone on its line, and around it what a person needs to know."""
    err.print(
        f"The key {plain(name)} is shown this once; send it as `Authorization: Bearer …`.", soft_wrap=True
    )
    sys.stdout.write(f"{secret}\n")
