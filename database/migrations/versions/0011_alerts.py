"""Exceptions that alerts open, and the outbox of what is sent about them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("money", sa.Float()),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("state", sa.String(15), nullable=False),
        sa.Column("who", sa.String(200)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime()),
        sa.Column("closed_at", sa.DateTime()),
        sa.Column("closed_because", sa.Text(), nullable=False),
        sa.Column("plan_run", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_run"], ["plan_runs.id"], name="fk_exceptions_plan_run_plan_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_exceptions"),
    )
    op.create_index("ix_exceptions_closed_at", "exceptions", ["closed_at", "state"])
    op.create_index("ix_exceptions_rule", "exceptions", ["rule", "subject"])
    op.create_table(
        "pending_findings",
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "subject", name="pk_pending_findings"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.String(36), nullable=False),
        sa.Column("exception_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("leased_until", sa.DateTime()),
        sa.Column("delivered_at", sa.DateTime()),
        sa.Column("given_up_at", sa.DateTime()),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exception_id"], ["exceptions.id"], name="fk_outbox_exception_id_exceptions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("delivery_id"),
    )
    op.create_index("ix_outbox_exception_id", "outbox", ["exception_id"])
    op.create_index("ix_outbox_delivered_at", "outbox", ["delivered_at", "given_up_at", "next_attempt_at"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("pending_findings")
    op.drop_table("exceptions")
