"""The state table `login_attempts`: logins that failed lately, by name and by address, and when one may try again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, func, select, text

from database.access.secrets import name_key
from database.access.tables import login_attempts
from database.audit.record import record
from database.engine import write_transaction
from database.schema import utc_now

FREE_OF_NAME, FREE_OF_ADDRESS = 5, 20
"""Failures of a name from one address, and of all names from one address, before anybody has to wait."""

FREE_FROM_ANYWHERE = 50
"""Failures of a name from all addresses together before it has to wait: strangers slow themselves down long before the
person whom the name belongs to."""

WINDOW = timedelta(minutes=15)
"""Failures older than this are forgotten, and nobody waits longer."""

_KEPT = timedelta(days=1)


def begin_attempt(engine: Engine, name: str, address: str) -> tuple[int, int]:
    """Begin a login: returns its number, and 0; or 0, and how many seconds to wait, doubling by each failure.

    It counts as failed until `note_success`, so that many at once are counted as many.
    """
    now, key, address = utc_now(), name_key(name), address[:60]
    attempts = login_attempts.c
    of_name, of_address = attempts.name_key == key, attempts.address == address
    with write_transaction(engine) as connection:
        if engine.dialect.name == "postgresql":  # SQLite's write transactions come one after the other anyway
            connection.execute(text("LOCK TABLE login_attempts IN EXCLUSIVE MODE"))
        connection.execute(login_attempts.delete().where(attempts.at < now - _KEPT))
        wait = max(
            _wait(connection, of_name & of_address, FREE_OF_NAME, now),
            _wait(connection, of_name, FREE_FROM_ANYWHERE, now),
            _wait(connection, of_address, FREE_OF_ADDRESS, now),
        )
        if wait > 0:
            return 0, wait
        row = {"at": now, "name_key": key, "address": address, "succeeded": False}
        added = connection.execute(login_attempts.insert().values(row).returning(attempts.id))
        return int(added.scalar_one()), 0


def note_success(engine: Engine, attempt: int, who: str) -> None:
    """Say that a login attempt was no failure, in the audit log as well; as `forget_failures`."""
    with write_transaction(engine) as connection:
        name, address = _forget_failures(connection, attempt)
        record(connection, who=who, what="login.succeed", subject=f"users/{name}", detail={"from": address})


def forget_failures(engine: Engine, attempt: int) -> None:
    """Say that an attempt was no failure; those of the same name from the same address are forgotten."""
    with write_transaction(engine) as connection:
        _forget_failures(connection, attempt)


def note_failure(
    engine: Engine, name: str, address: str, *, who: str = "nobody", what: str = "login.fail"
) -> None:
    """Record in the audit log that an attempt failed; it counts since it began."""
    with write_transaction(engine) as connection:
        subject = f"users/{name_key(name)}"
        record(connection, who=who, what=what, subject=subject, detail={"from": address[:60]})


def _forget_failures(connection: Connection, attempt: int) -> tuple[str, str]:
    """Mark an attempt as good and delete the failures before it; returns its name and address."""
    attempts = login_attempts.c
    good = login_attempts.update().where(attempts.id == attempt).values(succeeded=True)
    row = connection.execute(good.returning(attempts.name_key, attempts.address)).one()
    same = (attempts.name_key == row.name_key) & (attempts.address == row.address)
    connection.execute(login_attempts.delete().where(same, ~attempts.succeeded))
    return row.name_key, row.address


def _wait(connection: Connection, condition: ColumnElement[bool], free: int, now: datetime) -> int:
    """Seconds to wait by the failed login attempts of a condition, `free` of which cost nothing."""
    attempts = login_attempts.c
    failed = select(func.count(), func.max(attempts.at))
    lately = failed.where(condition, ~attempts.succeeded, attempts.at > now - WINDOW)
    count, last = connection.execute(lately).one()
    if count < free:
        return 0
    seconds = min(2.0 ** min(count - free, 20), WINDOW.total_seconds())
    return int(max(0.0, round((last + timedelta(seconds=seconds) - now).total_seconds())))
