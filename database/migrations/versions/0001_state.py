"""The first state tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("bundle_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_model_ledger"),
    )
    op.create_table(
        "plan_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("bundle_hash", sa.String(64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_runs"),
    )
    op.create_table(
        "recommendations",
        sa.Column("action_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.Text()),
        sa.Column("alternative_supplier_id", sa.Text()),
        sa.Column("quantity", sa.Float()),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("worth_period", sa.String(10), nullable=False),
        sa.Column("act_by", sa.Date()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.String(10)),
        sa.Column("status", sa.String(10), server_default="open", nullable=False),
        sa.Column("snooze_until", sa.Date()),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_run"], ["plan_runs.id"], name="fk_recommendations_first_run_plan_runs"),
        sa.ForeignKeyConstraint(["last_run"], ["plan_runs.id"], name="fk_recommendations_last_run_plan_runs"),
        sa.PrimaryKeyConstraint("action_id", name="pk_recommendations"),
    )
    op.create_index("ix_recommendations_last_run", "recommendations", ["last_run", "status"])
    op.create_index("ix_recommendations_unique_id", "recommendations", ["unique_id"])
    op.create_index("ix_recommendations_supplier_id", "recommendations", ["supplier_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action_id", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("snooze_until", sa.Date()),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["recommendations.action_id"], name="fk_decisions_action_id_recommendations"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name="fk_decisions_run_id_plan_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_action_id", "decisions", ["action_id"])
    for table in ("decisions", "model_ledger"):
        _append_only(table)


def _append_only(table: str) -> None:
    """Let the database itself refuse to change or delete what was written."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
    )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in ("decisions", "recommendations", "plan_runs", "model_ledger"):
        op.drop_table(table)
        if dialect != "sqlite" and table in {"decisions", "model_ledger"}:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
