"""`purvey users`: people who may ask the server, their roles, passwords and limits."""

import sys
from typing import Annotated, Any

import typer

from commands.access.access_options import Limit, Roles, known_roles, state_database
from commands.terminal import Json, emit, out, plain, print_rows

users_app = typer.Typer(no_args_is_help=True, help="People who may ask the server.")

FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, not from a prompt.")
]


@users_app.command("add")
def users_add(
    name: str,
    role: Roles,
    limit: Limit = None,
    password_stdin: FromInput = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They come by a trusted proxy or with a token only.")
    ] = False,
) -> None:
    """Add a person."""
    from database.access.users import add_user

    roles = known_roles(role)
    password = None if no_password else _password(password_stdin)
    with state_database() as engine:
        user = add_user(engine, name, roles, password=password, approval_limit=limit)
    out.print(f"{plain(user.name)} may ask as {', '.join(user.roles)}", soft_wrap=True)


@users_app.command("list")
def users_list(as_json: Json = False) -> None:
    """List all people."""
    from database.access.users import User, list_users

    def row(user: User) -> dict[str, Any]:
        return {
            "name": user.name,
            "roles": ", ".join(user.roles),
            "limit": user.approval_limit,
            "password": "yes" if user.has_password else "no",
            "disabled": user.disabled_at,
            "added": user.created_at,
        }

    with state_database() as engine:
        rows = [row(user) for user in list_users(engine)]
    emit(rows) if as_json else print_rows(rows, "Nobody yet; add somebody with `purvey users add`.")


@users_app.command("password")
def users_password(name: str, password_stdin: FromInput = False) -> None:
    """Set a person's password, and log them out everywhere."""
    from database.access.users import set_password

    password = _password(password_stdin)
    with state_database() as engine:
        user = set_password(engine, name, password)
    out.print(f"{plain(user.name)} has a new password, and is logged out")


@users_app.command("role")
def users_role(name: str, role: Roles) -> None:
    """Set all roles of a person."""
    from database.access.users import set_roles

    roles = known_roles(role)
    with state_database() as engine:
        user = set_roles(engine, name, roles)
    out.print(f"{plain(user.name)} may ask as {', '.join(user.roles)}", soft_wrap=True)


@users_app.command("limit")
def users_limit(
    name: str,
    limit: Annotated[float | None, typer.Argument(help="Money; leave it out for the roles' limit.")] = None,
) -> None:
    """Set how much a person approves at once."""
    from database.access.users import set_limit

    with state_database() as engine:
        user = set_limit(engine, name, limit)
    amount = "as much as their roles" if user.approval_limit is None else f"up to {user.approval_limit:,.2f}"
    out.print(f"{plain(user.name)} approves {amount}")


@users_app.command("disable")
def users_disable(name: str) -> None:
    """Bar a person: their sessions end, their keys open nothing."""
    from database.access.users import disable_user

    with state_database() as engine:
        user = disable_user(engine, name)
    out.print(f"{plain(user.name)} is disabled, within seconds everywhere")


@users_app.command("enable")
def users_enable(name: str) -> None:
    """Let a person in again."""
    from database.access.users import disable_user

    with state_database() as engine:
        user = disable_user(engine, name, disabled=False)
    out.print(f"{plain(user.name)} may ask again as {', '.join(user.roles)}", soft_wrap=True)


@users_app.command("logout")
def users_logout(name: str) -> None:
    """End all sessions of a person."""
    from database.access.users import end_sessions

    with state_database() as engine:
        user = end_sessions(engine, name)
    out.print(f"{plain(user.name)} is logged out, within seconds everywhere")


def _password(from_input: bool) -> str:
    """Ask for a new password, twice, or read it from standard input's first line."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
