"""The audit log; no replacing and no truncating of rows that are never changed."""

import sqlalchemy as sa
from alembic import op

from database.audit.triggers import APPEND_ONLY, postgresql_functions, postgresql_triggers, sqlite_triggers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("sequence", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["subject"])
    if op.get_bind().dialect.name == "sqlite":
        for name, statement in sqlite_triggers().items():
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
            op.execute(statement)
        return
    for name, body in postgresql_functions().items():
        op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $${body}$$ LANGUAGE plpgsql")
    for name, statement in postgresql_triggers().items():
        op.execute(statement.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1))


def downgrade() -> None:
    op.drop_table("audit_log")
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_replace")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    for name in ("audit_log_is_append_only", "audit_log_in_sequence"):
        op.execute(f"DROP FUNCTION {name}()")
