"""The state table `idempotency_keys`: the first answer to a caller's key, given again to whoever repeats it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from configs.errors import DomainError
from database.engine import write_transaction
from database.requests.request_tables import idempotency_keys
from database.schema import utc_now

KEPT = timedelta(hours=24)
"""How long a key and its answer are kept."""

ABANDONED_AFTER = timedelta(seconds=60)
"""After so long a request in work has been lost with its process: it may be sent again. Requests end sooner."""

_table = idempotency_keys.c


class OtherRequestError(DomainError):
    """A key that came with another request before."""


@dataclass(frozen=True)
class StoredAnswer:
    """The answer to the first request of a key."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class KeyedRequest:
    """A request with an idempotency key: whose, which, and the SHA-256 of all that makes it this request."""

    principal: str
    key: str
    sha256: str


def begin_request(engine: Engine, keyed: KeyedRequest, owner: str) -> StoredAnswer | bool:
    """Begin a request with a key: true where `owner` is to do it, its answer, or false while another one does it.

    Raises
    ------
    OtherRequestError
        When the key came with another request.
    """
    now = utc_now()
    values = {
        "principal": keyed.principal, "key": keyed.key, "request_sha256": keyed.sha256, "at": now, "owner": owner,
    }  # fmt: skip
    with write_transaction(engine) as connection:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        old = (_table.at < now - KEPT) | (_table.status.is_(None) & (_table.at < now - ABANDONED_AFTER))
        connection.execute(delete(idempotency_keys).where(_is(keyed), old))
        added = insert(idempotency_keys).values(values).on_conflict_do_nothing().returning(_table.key)
        if connection.execute(added).first() is not None:
            return True
        row = connection.execute(select(idempotency_keys).where(_is(keyed))).mappings().one_or_none()
    if row is None:  # given up at this very moment
        return False
    if row["request_sha256"] != keyed.sha256:
        raise OtherRequestError(
            f"Idempotency-Key {keyed.key!r:.60} came with another request before; use a new key for a new request"
        )
    return row["status"] is not None and StoredAnswer(row["status"], row["headers"], row["body"])


def store_answer(engine: Engine, keyed: KeyedRequest, owner: str, answer: StoredAnswer) -> None:
    """Store the answer to a key that `owner` has begun."""
    values = {"status": answer.status, "headers": answer.headers, "body": answer.body}
    with write_transaction(engine) as connection:
        connection.execute(update(idempotency_keys).where(_is(keyed), _table.owner == owner).values(values))


def forget_key(engine: Engine, keyed: KeyedRequest, owner: str) -> None:
    """Forget a key that `owner` has begun: nothing was done, so that the request may be sent again."""
    with write_transaction(engine) as connection:
        connection.execute(delete(idempotency_keys).where(_is(keyed), _table.owner == owner))


def sweep_keys(engine: Engine) -> int:
    """Delete the keys that are older than `KEPT`; returns how many."""
    with write_transaction(engine) as connection:
        return connection.execute(delete(idempotency_keys).where(_table.at < utc_now() - KEPT)).rowcount


def _is(keyed: KeyedRequest) -> Any:
    """Condition on the row of a key."""
    return (_table.principal == keyed.principal) & (_table.key == keyed.key)
