"""The state table `users`: people, their roles, passwords and limits of approval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select
from sqlalchemy.exc import IntegrityError

from configs.access import Role
from database.access.secrets import (
    AccessError,
    check_password,
    clean_name,
    command_user,
    hash_secret,
    name_key,
)
from database.access.tables import sessions, users
from database.audit.access_rows import states
from database.audit.record import record
from database.engine import write_transaction
from database.schema import utc_now


@dataclass(frozen=True)
class User:
    """A person who is known by name. `approval_limit`, none: that of the roles. `disabled_at`, none: may ask."""

    id: int
    name: str
    roles: tuple[Role, ...]
    approval_limit: float | None
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool


@dataclass(frozen=True)
class Login:
    """A user with the hash that a password is checked by."""

    user: User
    password_hash: str | None


def add_user(
    engine: Engine,
    name: str,
    roles: Sequence[Role],
    *,
    password: str | None = None,
    approval_limit: float | None = None,
) -> User:
    """Add a person; without password they can come by a trusted proxy or a token only.

    Raises
    ------
    AccessError
        When the name is taken, or name or password cannot be used.
    """
    name = clean_name(name)
    row = {
        "name": name,
        "name_key": name_key(name),
        "password_hash": None if password is None else hash_secret(check_password(password)),
        "roles": sorted(set(roles)),
        "approval_limit": checked_limit(approval_limit),
        "created_at": utc_now(),
    }
    try:
        with write_transaction(engine) as connection:
            added = connection.execute(users.insert().values(row).returning(users)).mappings().one()
            shown = {"roles": row["roles"], "approval_limit": row["approval_limit"]}
            _record(connection, "user.add", added, shown)
    except IntegrityError:
        raise AccessError(f"name: there is a {name} already; take another name, or change that one") from None
    return _user(added)


def list_users(engine: Engine) -> list[User]:
    """Return all people, by name."""
    with engine.connect() as connection:
        rows = connection.execute(select(users).order_by(users.c.name_key)).mappings()
        return [_user(row) for row in rows]


def find_login(engine: Engine, name: str) -> Login | None:
    """Return the person of that name with the hash of the password, none where nobody is called so."""
    with engine.connect() as connection:
        query = select(users).where(users.c.name_key == name_key(name))
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Login(_user(row), row["password_hash"])


def find_user(engine: Engine, name: str) -> User | None:
    """Return the person of that name, none where nobody is called so."""
    found = find_login(engine, name)
    return None if found is None else found.user


def set_password(engine: Engine, name: str, password: str) -> User:
    """Set a person's password; whoever is logged in as them is logged out."""
    return _change(
        engine, name, "user.password", logout=True, password_hash=hash_secret(check_password(password))
    )


def change_own_password(engine: Engine, known: Login, password: str) -> User:
    """Set the password of somebody who has just shown that theirs is `known`, and end all of their sessions.

    Raises
    ------
    AccessError
        When the new one cannot be used, or theirs is another one by now.
    """
    hashed = hash_secret(check_password(password))
    person = users.c.id == known.user.id
    with write_transaction(engine) as connection:
        same = person & (users.c.password_hash == known.password_hash) & users.c.disabled_at.is_(None)
        changed = connection.execute(users.update().where(same).values(password_hash=hashed).returning(users))
        row = changed.mappings().one_or_none()
        if row is None:
            raise AccessError("password: it was changed by somebody else meanwhile; log in anew")
        connection.execute(sessions.delete().where(sessions.c.user_id == row["id"]))
        _record(connection, "user.password", row, {"own": True}, who=row["name"])
    return _user(row)


def set_roles(engine: Engine, name: str, roles: Sequence[Role]) -> User:
    """Set all roles of a person."""
    return _change(engine, name, "user.roles", roles=sorted(set(roles)))


def set_limit(engine: Engine, name: str, approval_limit: float | None) -> User:
    """Set how much money a person approves at once; none: as much as their roles do."""
    return _change(engine, name, "user.limit", approval_limit=checked_limit(approval_limit))


def disable_user(engine: Engine, name: str, *, disabled: bool = True) -> User:
    """Bar a person, whose sessions end and whose keys no longer open, or let them in again."""
    what = "user.disable" if disabled else "user.enable"
    return _change(engine, name, what, logout=disabled, disabled_at=utc_now() if disabled else None)


def end_sessions(engine: Engine, name: str) -> User:
    """Log a person out everywhere."""
    return _change(engine, name, "user.logout", logout=True)


def checked_limit(limit: float | None) -> float | None:
    """Return a limit of approval of a user or key that may be set: money from 0, none for no own limit.

    Raises
    ------
    AccessError
        When it is negative or no number.
    """
    if limit is not None and not 0 <= limit < float("inf"):
        raise AccessError(f"limit: {limit:g} is no amount of money from 0")
    return limit


def _change(engine: Engine, name: str, what: str, *, logout: bool = False, **values: Any) -> User:
    """Set columns of a person's row, and record what was done."""
    with write_transaction(engine) as connection:
        query = select(users).where(users.c.name_key == name_key(name)).with_for_update()
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise AccessError(f"name: nobody is called {name!r:.60}; `purvey users list` shows who there is")
        if logout:
            connection.execute(sessions.delete().where(sessions.c.user_id == row["id"]))
        if values:
            connection.execute(users.update().where(users.c.id == row["id"]).values(values))
        after = connection.execute(select(users).where(users.c.id == row["id"])).mappings().one()
        shown: dict[str, Any] = {each: values[each] for each in ("roles", "approval_limit") if each in values}
        _record(connection, what, after, shown)
    return _user(after)


def _record(
    connection: Connection, what: str, row: RowMapping, detail: dict[str, Any], *, who: str | None = None
) -> None:
    """Record in the audit log what was done with a person, and what their row holds since; `who`: at the shell."""
    facts = detail | states(connection, users, [row["id"]])
    subject = f"users/{row['name_key']}"
    record(connection, who=who or command_user(), what=what, subject=subject, detail=facts)


def _user(row: RowMapping) -> User:
    """The person of a row."""
    return User(
        id=row["id"],
        name=row["name"],
        roles=tuple(row["roles"]),
        approval_limit=row["approval_limit"],
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        has_password=row["password_hash"] is not None,
    )
