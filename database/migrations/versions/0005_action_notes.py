"""Comments on actions, whom each is assigned to, and whether it has been carried out: notes are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATUS = ["status", "last_run", "alternative_to", "snooze_until", "kind"]
"""Columns of an index that counts the worklist's lists, and knows their kinds, without reading an action."""


def upgrade() -> None:
    op.add_column("recommendations", sa.Column("assignee", sa.String(200)))
    op.add_column("recommendations", sa.Column("done_by", sa.String(200)))
    op.add_column("recommendations", sa.Column("done_at", sa.DateTime()))
    op.create_index("ix_recommendations_assignee", "recommendations", ["assignee"])
    op.drop_index("ix_recommendations_last_run", "recommendations")
    op.create_index("ix_recommendations_status", "recommendations", STATUS)
    op.create_table(
        "action_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("assignee", sa.String(200)),
        sa.ForeignKeyConstraint(
            ["action_id"], ["recommendations.action_id"], name="fk_action_notes_action_id_recommendations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_action_notes"),
    )
    op.create_index("ix_action_notes_action_id", "action_notes", ["action_id"])
    _append_only("action_notes")


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
    op.drop_table("action_notes")
    if dialect != "sqlite":
        op.execute("DROP FUNCTION action_notes_is_append_only()")
    op.drop_index("ix_recommendations_status", "recommendations")
    op.create_index("ix_recommendations_last_run", "recommendations", ["last_run", "status"])
    op.drop_index("ix_recommendations_assignee", "recommendations")
    for name in ("done_at", "done_by", "assignee"):
        op.drop_column("recommendations", name)
