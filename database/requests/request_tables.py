"""The state tables of requests: jobs that the service works on, and first answers by idempotency key."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from database.schema import UtcDateTime, metadata

service_jobs = Table(
    "service_jobs",
    metadata,
    Column("job_id", String(36), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("principal", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("request", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("header", JSON),
    Column("worker", String(100)),
    Column("starts", Integer, nullable=False),
    Column("result", String(100)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("beat_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index(None, "state"),
    Index(None, "principal"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("principal", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("owner", String(36), nullable=False),
    Column("status", Integer),
    Column("headers", JSON),
    Column("body", LargeBinary),
    Index(None, "at"),
)
