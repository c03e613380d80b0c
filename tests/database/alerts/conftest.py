"""State databases of both kinds with a plan run, and what alerts store there."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import insert
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures

from database.alerts.exception_store import Changes, Evaluation, store_changes
from database.schema import plan_runs

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Alerts:
    """A state database with a plan run, and evaluations of it."""

    def __init__(self, state):
        self.engine, self.now = state, NOW
        facts = {"bundle_hash": "b", "as_of": date(2026, 3, 2), "source": "s", "folder": "f", "facts": {}}
        with state.begin() as connection:
            for number in (1, 2):
                connection.execute(insert(plan_runs).values(id=number, at=NOW, **facts))

    def store(self, *, opened=(), kept=(), closed=(), pending=(), channels=("webhook:erp",), run=1):
        """Store changes; opened: subjects, kept: (id, value), closed: (id, reason), pending: (subject, since)."""
        rows = [
            {"rule": "risk", "kind": "stockout_risk", "subject": subject, "value": 0.9, "text": f"{subject}.",
             "money": None if subject == "free" else 5.0, "link": "/", "severity": "urgent", "owner": "planner"}
            for subject in opened
        ]  # fmt: skip
        names = ["rule", "kind", "subject", "value", "text", "money", "link", "severity", "owner"]
        changes = Changes(
            pd.DataFrame(rows, columns=names, dtype=object),
            pd.DataFrame(
                [(key, value, "now.", 7.0, "/") for key, value in kept], columns=["id", "value", "text", "money", "link"]
            ),
            pd.DataFrame(list(closed), columns=["id", "reason"]),
            pd.DataFrame(
                [("risk", subject, since) for subject, since in pending], columns=["rule", "subject", "since"], dtype=object
            ).astype({"since": "datetime64[ns]"}),
        )  # fmt: skip
        seen = []

        def settle(before):
            seen.append(before)
            return changes

        def letters(event, row):
            return [(channel, f"{event} {row['subject']}") for channel in channels]

        counts = store_changes(self.engine, Evaluation(run, date(2026, 3, 2), self.now), settle, letters)
        return counts, seen[0]

    def pass_by(self, **time):
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def alerts(engine):  # noqa: F811 -- the fixture
    return Alerts(engine)
