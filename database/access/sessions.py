"""The state table `sessions`: who is logged in, by the SHA-256 of the random token in their cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from database.access.secrets import digest, new_secret
from database.access.tables import sessions, users
from database.access.users import User
from database.engine import write_transaction
from database.schema import utc_now


@dataclass(frozen=True)
class Session:
    """A login that lasts until `expires_at`, of a user as they are now."""

    user: User
    expires_at: datetime


def open_session(engine: Engine, user: User, *, hours: float, address: str) -> str:
    """Log a person in; returns the token for their cookie. Sessions that are over are swept."""
    token, now = new_secret(), utc_now()
    row = {
        "token_hash": digest(token),
        "user_id": user.id,
        "address": address[:60],
        "created_at": now,
        "expires_at": now + timedelta(hours=hours),
    }
    with write_transaction(engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.expires_at <= now))
        connection.execute(sessions.insert().values(row))
    return token


def find_session(engine: Engine, token: str) -> Session | None:
    """Return the session of a cookie's token; none where it is over, was ended, or its user is disabled."""
    query = (
        select(users, sessions.c.expires_at)
        .join_from(sessions, users, users.c.id == sessions.c.user_id)
        .where(sessions.c.token_hash == digest(token))
        .where(sessions.c.expires_at > utc_now(), users.c.disabled_at.is_(None))
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    user = User(
        id=row["id"],
        name=row["name"],
        roles=tuple(row["roles"]),
        approval_limit=row["approval_limit"],
        created_at=row["created_at"],
        disabled_at=None,
        has_password=row["password_hash"] is not None,
    )
    return Session(user, row["expires_at"])


def end_session(engine: Engine, token: str) -> None:
    """Log out: end the session of a cookie's token."""
    with write_transaction(engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.token_hash == digest(token)))
