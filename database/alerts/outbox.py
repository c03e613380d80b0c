"""The state table `outbox`: what is to be sent, claimed by one deliverer at a time, tried again later and later.

A claim is a lease: who dies with it leaves it to whoever comes after `LEASE`. So everything is sent at least once, and
what is sent twice has the same `delivery_id`.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from database.alerts.alert_tables import outbox
from database.engine import write_transaction

LEASE = timedelta(minutes=5)
"""How long a deliverer has what it claimed for itself."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
"""Wait after the first failure, twice as long after each further one, and the longest."""

GIVE_UP_AFTER = timedelta(days=3)
"""Age at which nothing is tried again."""

MOST_TOGETHER = 200
"""Deliveries of one channel that go together at most."""

_ERROR_LENGTH = 500
_table = outbox.c


@dataclass(frozen=True)
class Delivery:
    """A claimed row of the outbox. `attempts` counts this one; `lease` shows that it is ours."""

    id: int
    delivery_id: str
    exception_id: int
    channel: str
    payload: str
    created_at: datetime
    attempts: int
    lease: str


@dataclass(frozen=True)
class OutboxCounts:
    """How much of the outbox waits, was delivered, and was given up."""

    waiting: int
    delivered: int
    given_up: int


def claim(
    engine: Engine, now: datetime, *, together: str = "email:", without: Collection[str] = ()
) -> list[Delivery]:
    """Claim the delivery that is due first; of channels that begin with `together` all that are due.

    Parameters
    ----------
    without : channels that are left alone
    """
    due = (
        _table.delivered_at.is_(None),
        _table.given_up_at.is_(None),
        _table.next_attempt_at <= now,
        _table.leased_until.is_(None) | (_table.leased_until <= now),
        _table.channel.not_in(list(without)),
    )
    query = select(outbox).where(*due).order_by(_table.next_attempt_at, _table.id)
    lease = str(uuid.uuid4())
    with write_transaction(engine) as connection:
        rows = connection.execute(query.limit(1).with_for_update(skip_locked=True)).mappings().all()
        if rows and rows[0]["channel"].startswith(together):
            same = query.where(_table.channel == rows[0]["channel"]).limit(MOST_TOGETHER)
            rows = connection.execute(same.with_for_update(skip_locked=True)).mappings().all()
        if rows:
            ids = [row["id"] for row in rows]
            values = {"lease": lease, "leased_until": now + LEASE, "attempts": _table.attempts + 1}
            connection.execute(outbox.update().where(_table.id.in_(ids)).values(values))
    return [
        Delivery(
            row["id"], row["delivery_id"], row["exception_id"], row["channel"], row["payload"], row["created_at"],
            row["attempts"] + 1, lease,
        )
        for row in rows
    ]  # fmt: skip


def mark_delivered(engine: Engine, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Write down that claimed deliveries arrived, whoever may have claimed them since."""
    values = {"delivered_at": now, "lease": None, "leased_until": None, "last_error": ""}
    ids = [each.id for each in deliveries]
    with write_transaction(engine) as connection:
        connection.execute(outbox.update().where(_table.id.in_(ids)).values(values))


def mark_failed(engine: Engine, deliveries: Sequence[Delivery], error: str, now: datetime) -> None:
    """Write down that claimed deliveries failed, and when they are tried again; those that are too old are given up."""
    with write_transaction(engine) as connection:
        for each in deliveries:
            again = now + wait_after(each.attempts)
            over = again > each.created_at + GIVE_UP_AFTER
            values = {
                "lease": None, "leased_until": None, "last_error": error[:_ERROR_LENGTH], "next_attempt_at": again,
                "given_up_at": now if over else None,
            }  # fmt: skip
            ours = (_table.id == each.id, _table.lease == each.lease)
            connection.execute(outbox.update().where(*ours).values(values))


def wait_after(attempts: int) -> timedelta:
    """Wait after so many failed attempts: 1 minute, 2, 4, … up to 6 hours."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def outbox_counts(engine: Engine) -> OutboxCounts:
    """Count the rows of the outbox."""
    waits = _table.delivered_at.is_(None) & _table.given_up_at.is_(None)
    with engine.connect() as connection:
        waiting, delivered, given_up = (
            connection.execute(select(func.count()).select_from(outbox).where(where)).scalar_one()
            for where in (waits, _table.delivered_at.is_not(None), _table.given_up_at.is_not(None))
        )
    return OutboxCounts(waiting, delivered, given_up)
