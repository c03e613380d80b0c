"""The state tables of access: users, API keys, sessions, login attempts."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from database.schema import UtcDateTime, metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    Column("password_hash", Text),
    Column("roles", JSON, nullable=False),
    Column("approval_limit", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Index(None, "name_key", unique=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prefix", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("owner_id", ForeignKey("users.id")),
    Column("key_check", String(16), nullable=False),
    Column("key_hash", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("approval_limit", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index(None, "prefix", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("address", String(60), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("name_key", String(200), nullable=False),
    Column("address", String(60), nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index(None, "name_key", "at"),
    Index(None, "address", "at"),
)
