"""Purchase orders: who they go to, their lines, what was done with them, and the files that were exported."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("purchase_order_events", "purchase_order_files")


def upgrade() -> None:
    op.create_table(
        "our_purchase_orders",
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("counted_run", sa.Integer()),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(10), nullable=False),
        sa.Column("order_on", sa.Date()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("approved_by", sa.String(200)),
        sa.Column("approved_at", sa.DateTime()),
        sa.Column("exported_by", sa.String(200)),
        sa.Column("exported_at", sa.DateTime()),
        sa.Column("ordered_on", sa.Date()),
        sa.Column("awaited_from", sa.Date()),
        sa.Column("confirmed_at", sa.DateTime()),
        sa.Column("received_at", sa.DateTime()),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name="fk_our_purchase_orders_run_id_plan_runs"),
        sa.ForeignKeyConstraint(["counted_run"], ["plan_runs.id"], name="fk_our_purchase_orders_counted_run_plan_runs"),
        sa.PrimaryKeyConstraint("order_id", name="pk_our_purchase_orders"),
    )
    op.create_index("ix_our_purchase_orders_number", "our_purchase_orders", ["number"], unique=True)
    op.create_index("ix_our_purchase_orders_status", "our_purchase_orders", ["status", "supplier_id"])
    op.create_table(
        "purchase_order_lines",
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=False),
        sa.Column("unit_price", sa.Float()),
        sa.Column("due", sa.Date()),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("proposed", sa.Float(), nullable=False),
        sa.Column("proposed_due", sa.Date()),
        sa.Column("purchase_unit", sa.Text(), nullable=False),
        sa.Column("units_each", sa.Float(), nullable=False),
        sa.Column("known_before", sa.JSON(), nullable=False),
        sa.Column("erp_order_id", sa.Text()),
        sa.Column("erp_quantity", sa.Float()),
        sa.Column("erp_received", sa.Float()),
        _to_order("purchase_order_lines"),
        sa.PrimaryKeyConstraint("order_id", "line", name="pk_purchase_order_lines"),
    )
    op.create_index("ix_purchase_order_lines_unique_id", "purchase_order_lines", ["unique_id"])
    op.create_table(
        "purchase_order_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request", sa.String(64)),
        _to_order("purchase_order_events"),
        sa.PrimaryKeyConstraint("id", name="pk_purchase_order_events"),
    )
    op.create_index("ix_purchase_order_events_order_id", "purchase_order_events", ["order_id"])
    op.create_index("ix_purchase_order_events_request", "purchase_order_events", ["request"])
    op.create_table(
        "purchase_order_files",
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _to_order("purchase_order_files"),
        sa.PrimaryKeyConstraint("order_id", "form", name="pk_purchase_order_files"),
    )
    for table in APPEND_ONLY:
        _append_only(table)


def _to_order(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_order_id_our_purchase_orders"
    return sa.ForeignKeyConstraint(["order_id"], ["our_purchase_orders.order_id"], name=name)


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
    for table in (*APPEND_ONLY, "purchase_order_lines", "our_purchase_orders"):
        op.drop_table(table)
        if dialect != "sqlite" and table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
