"""The state tables of the scheduler: the lease that its leader holds, and the runs of its jobs."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from database.schema import UtcDateTime, metadata

scheduler_lease = Table(
    "scheduler_lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(200)),
    Column("term", Integer, nullable=False),
    Column("beat", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

schedule_runs = Table(
    "schedule_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", String(20), nullable=False, index=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("cause", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(10), nullable=False),
    Column("why", Text, nullable=False),
    Column("facts", JSON, nullable=False),
)
