from datetime import timedelta

import pytest
from sqlalchemy import select

from database.alerts.alert_tables import outbox
from database.alerts.outbox import (
    LEASE,
    OutboxCounts,
    claim,
    mark_delivered,
    mark_failed,
    outbox_counts,
    wait_after,
)


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(select(outbox).order_by(outbox.c.id)).mappings().all()


def test_what_is_claimed_is_nobody_else_s_until_its_lease_is_over(alerts):
    alerts.store(opened=["a"])
    first = claim(alerts.engine, alerts.now)
    assert [(each.payload, each.attempts) for each in first] == [("opened a", 1)]
    assert claim(alerts.engine, alerts.now + LEASE - timedelta(seconds=1)) == []
    again = claim(alerts.engine, alerts.now + LEASE)
    assert (again[0].delivery_id, again[0].attempts) == (first[0].delivery_id, 2)
    assert again[0].lease != first[0].lease


def test_webhooks_are_claimed_one_by_one_and_mails_together(alerts):
    alerts.store(opened=["a", "b", "c"], channels=["email:us", "webhook:erp"])
    claimed = [claim(alerts.engine, alerts.now) for _ in range(5)]
    assert sorted((each[0].channel, len(each)) for each in claimed[:4]) == [
        ("email:us", 3),
        *[("webhook:erp", 1)] * 3,
    ]
    assert claimed[4] == []


def test_a_channel_can_be_left_alone(alerts):
    alerts.store(opened=["a"], channels=["webhook:one", "webhook:two"])
    assert claim(alerts.engine, alerts.now, without={"webhook:one"})[0].channel == "webhook:two"


def test_what_arrived_is_never_claimed_again(alerts):
    alerts.store(opened=["a"])
    mark_delivered(alerts.engine, claim(alerts.engine, alerts.now), alerts.now)
    assert claim(alerts.engine, alerts.pass_by(days=9)) == []
    assert outbox_counts(alerts.engine) == OutboxCounts(0, 1, 0)


def test_what_failed_waits_longer_and_longer_and_is_given_up_after_three_days(alerts):
    alerts.store(opened=["a"])
    begun, waits = alerts.now, []
    while claimed := claim(alerts.engine, alerts.now):
        mark_failed(alerts.engine, claimed, "answered 500", alerts.now)
        row = rows(alerts.engine)[0]
        waits.append((row["next_attempt_at"] - alerts.now) / timedelta(minutes=1))
        assert claim(alerts.engine, row["next_attempt_at"] - timedelta(seconds=1)) == []
        alerts.now = row["next_attempt_at"]
    assert waits[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
    assert set(waits[9:]) == {360}
    last = rows(alerts.engine)[0]
    assert last["given_up_at"] <= begun + timedelta(days=3) < last["next_attempt_at"]
    assert (last["last_error"], last["lease"]) == ("answered 500", None)
    assert outbox_counts(alerts.engine) == OutboxCounts(0, 0, 1)


def test_who_lost_its_lease_does_not_set_another_one_back(alerts):
    alerts.store(opened=["a"])
    slow = claim(alerts.engine, alerts.now)
    quick = claim(alerts.engine, alerts.pass_by(minutes=5))
    mark_failed(alerts.engine, slow, "too slow", alerts.now)
    assert rows(alerts.engine)[0]["lease"] == quick[0].lease
    mark_delivered(alerts.engine, slow, alerts.now)
    assert outbox_counts(alerts.engine).waiting == 0


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (9, 256), (10, 360), (900, 360)])
def test_the_wait_doubles_up_to_six_hours(attempts, minutes):
    assert wait_after(attempts) == timedelta(minutes=minutes)
