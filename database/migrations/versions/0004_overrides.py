"""Overrides that people enter, and their ends: rows are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("override_ends", "entered_overrides")


def upgrade() -> None:
    op.create_table(
        "entered_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("unique_id", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("from", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("factor", sa.Float()),
        sa.Column("units", sa.Float()),
        sa.Column("last_year", sa.Boolean()),
        sa.Column("service_level", sa.Float()),
        sa.Column("hold_until", sa.Date()),
        sa.Column("quantity", sa.Float()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entered_overrides"),
    )
    op.create_index("ix_entered_overrides_unique_id", "entered_overrides", ["unique_id"])
    op.create_table(
        "override_ends",
        sa.Column("override_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["override_id"], ["entered_overrides.id"], name="fk_override_ends_override_id_entered_overrides"
        ),
        sa.PrimaryKeyConstraint("override_id", name="pk_override_ends"),
    )
    for table in TABLES:
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
    for table in TABLES:
        op.drop_table(table)
        if dialect != "sqlite":
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
