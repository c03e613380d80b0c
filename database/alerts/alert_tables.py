"""The state tables of alerts: exceptions, findings that wait to become one, and the outbox of deliveries."""

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from database.schema import UtcDateTime, metadata

exceptions = Table(
    "exceptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", String(60), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("value", Float, nullable=False),
    Column("text", Text, nullable=False),
    Column("money", Float),
    Column("link", Text, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("state", String(15), nullable=False),
    Column("who", String(200)),
    Column("reason", Text, nullable=False),
    Column("changed_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_because", Text, nullable=False),
    Column("plan_run", ForeignKey("plan_runs.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "closed_at", "state"),
    Index(None, "rule", "subject"),
)

pending_findings = Table(
    "pending_findings",
    metadata,
    Column("rule", String(60), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("since", Date, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", String(36), nullable=False, unique=True),
    Column("exception_id", ForeignKey("exceptions.id"), nullable=False, index=True),
    Column("channel", String(80), nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("lease", String(36)),
    Column("leased_until", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("given_up_at", UtcDateTime),
    Column("last_error", Text, nullable=False),
    Index(None, "delivered_at", "given_up_at", "next_attempt_at"),
)
