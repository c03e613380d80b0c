"""The state database's tables: model ledger, plan runs, decisions, their ledger and notes, orders, overrides."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
    Column("factor", Float),
    Column("held_back", String(200)),
    Column("basis", JSON),
    Column("status", String(10), nullable=False, server_default="open"),
    Column("snooze_until", Date),
    Column("assignee", String(200)),
    Column("done_by", String(200)),
    Column("done_at", UtcDateTime),
    Column("first_run", ForeignKey("plan_runs.id"), nullable=False),
    Column("last_run", ForeignKey("plan_runs.id"), nullable=False),
    Index(None, "status", "last_run", "alternative_to", "held_back", "snooze_until", "kind"),
    Index(None, "unique_id"),
    Index(None, "supplier_id"),
    Index(None, "assignee"),
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
    Column("category", String(20)),
    Column("agreed", JSON(none_as_null=True)),
    Column("promised", JSON(none_as_null=True)),
)

action_ledger = Table(
    "action_ledger",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("action_id", ForeignKey("recommendations.action_id"), nullable=False, index=True),
    Column("run_id", ForeignKey("plan_runs.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("unique_id", Text, nullable=False),
    Column("supplier_id", Text),
    Column("alternative_supplier_id", Text),
    Column("title", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("agreed", JSON(none_as_null=True)),
    Column("state", String(10), nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("in_effect_on", Date),
    Column("ended_on", Date),
    Column("lapse_by", Date, nullable=False),
    Column("why", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("worth", Float, nullable=False),
    Column("worth_period", String(10), nullable=False),
    Column("effort", Float, nullable=False),
    Column("promised", Float, nullable=False),
    Column("promised_low", Float),
    Column("promised_high", Float),
    Column("realised", Float),
    Column("low", Float),
    Column("high", Float),
    Column("parts", JSON, nullable=False),
    Column("skus", JSON, nullable=False),
    Column("measured_from", Date),
    Column("measured_until", Date),
    Column("not_measured", Text, nullable=False),
)

action_notes = Table(
    "action_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action_id", ForeignKey("recommendations.action_id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("who", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("assignee", String(200)),
)

purchase_orders = Table(
    "our_purchase_orders",
    metadata,
    Column("order_id", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("run_id", ForeignKey("plan_runs.id"), nullable=False),
    Column("counted_run", ForeignKey("plan_runs.id")),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("currency", String(10), nullable=False),
    Column("order_on", Date),
    Column("note", Text, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("approved_by", String(200)),
    Column("approved_at", UtcDateTime),
    Column("exported_by", String(200)),
    Column("exported_at", UtcDateTime),
    Column("ordered_on", Date),
    Column("awaited_from", Date),
    Column("confirmed_at", UtcDateTime),
    Column("received_at", UtcDateTime),
    Index(None, "number", unique=True),
    Index(None, "status", "supplier_id"),
)

purchase_order_lines = Table(
    "purchase_order_lines",
    metadata,
    Column("order_id", ForeignKey("our_purchase_orders.order_id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("unique_id", Text, nullable=False),
    Column("quantity", Float, nullable=False),
    Column("unit_price", Float),
    Column("due", Date),
    Column("origin", String(20), nullable=False),
    Column("proposed", Float, nullable=False),
    Column("proposed_due", Date),
    Column("purchase_unit", Text, nullable=False),
    Column("units_each", Float, nullable=False),
    Column("known_before", JSON, nullable=False),
    Column("erp_order_id", Text),
    Column("erp_quantity", Float),
    Column("erp_received", Float),
    Index(None, "unique_id"),
)

purchase_order_events = Table(
    "purchase_order_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("order_id", ForeignKey("our_purchase_orders.order_id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("who", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("request", String(64), index=True),
)

purchase_order_files = Table(
    "purchase_order_files",
    metadata,
    Column("order_id", ForeignKey("our_purchase_orders.order_id"), primary_key=True),
    Column("form", String(20), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

entered_overrides = Table(
    "entered_overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("unique_id", Text),
    Column("category", Text),
    Column("from", Date),
    Column("until", Date),
    Column("factor", Float),
    Column("units", Float),
    Column("last_year", Boolean),
    Column("service_level", Float),
    Column("hold_until", Date),
    Column("quantity", Float),
    Column("reason", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("created", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Index(None, "unique_id"),
)

override_ends = Table(
    "override_ends",
    metadata,
    Column("override_id", ForeignKey("entered_overrides.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("reason", Text, nullable=False),
)
