"""The state database's tables: model ledger, plan runs, recommendations and decisions."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """Column type of a moment in UTC: SQLite stores no zone, so it is dropped when written and added when read."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Turn a moment into the UTC value without zone that the column stores."""
        return value if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, _: Dialect) -> datetime | None:
        """Turn the stored UTC value back into a moment with zone."""
        return None if value is None else value.replace(tzinfo=UTC)


def utc_now() -> datetime:
    """Return this moment in UTC, to the second, for a column `at` of the schema, which is of type `UtcDateTime`."""
    return datetime.now(UTC).replace(microsecond=0)


model_ledger = Table(
    "model_ledger",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("bundle_hash", String(64), nullable=False),
    Column("version", String(40), nullable=False),
    Column("action", String(20), nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("metrics", JSON, nullable=False),
)

plan_runs = Table(
    "plan_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("bundle_hash", String(64), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("facts", JSON, nullable=False),
)

recommendations = Table(
    "recommendations",
    metadata,
    Column("action_id", String(64), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("unique_id", Text, nullable=False),
    Column("supplier_id", Text),
    Column("alternative_supplier_id", Text),
    Column("quantity", Float),
    Column("worth", Float, nullable=False),
    Column("worth_period", String(10), nullable=False),
    Column("act_by", Date),
    Column("title", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("confidence", String(10)),
    Column("effort", Float),
    Column("worth_in_horizon", Float),
    Column("alternative_to", String(64)),
    Column("status", String(10), nullable=False, server_default="open"),
    Column("snooze_until", Date),
    Column("first_run", ForeignKey("plan_runs.id"), nullable=False),
    Column("last_run", ForeignKey("plan_runs.id"), nullable=False),
    Index(None, "last_run", "status"),
    Index(None, "unique_id"),
    Index(None, "supplier_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action_id", ForeignKey("recommendations.action_id"), nullable=False, index=True),
    Column("verdict", String(10), nullable=False),
    Column("who", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("snooze_until", Date),
    Column("worth", Float, nullable=False),
    Column("run_id", ForeignKey("plan_runs.id"), nullable=False),
)
