"""Decisions with own numbers and a category of reason, what they promised, and the ledger of what actions brought."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD_STATUS = ["status", "last_run", "alternative_to", "snooze_until", "kind"]
STATUS = ["status", "last_run", "alternative_to", "held_back", "snooze_until", "kind"]
"""Columns of an index that counts the worklist's lists, and knows their kinds, without reading an action."""

DECISIONS: dict[str, Any] = {"category": sa.String(20), "agreed": sa.JSON(), "promised": sa.JSON()}
RECOMMENDATIONS: dict[str, Any] = {"factor": sa.Float(), "held_back": sa.String(200), "basis": sa.JSON()}


def upgrade() -> None:
    for table, columns in (("decisions", DECISIONS), ("recommendations", RECOMMENDATIONS)):
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.drop_index("ix_recommendations_status", "recommendations")
    op.create_index("ix_recommendations_status", "recommendations", STATUS)
    op.create_table(
        "action_ledger",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.String(64), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.Text()),
        sa.Column("alternative_supplier_id", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("agreed", sa.JSON()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("in_effect_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("lapse_by", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("worth_period", sa.String(10), nullable=False),
        sa.Column("effort", sa.Float(), nullable=False),
        sa.Column("promised", sa.Float(), nullable=False),
        sa.Column("promised_low", sa.Float()),
        sa.Column("promised_high", sa.Float()),
        sa.Column("realised", sa.Float()),
        sa.Column("low", sa.Float()),
        sa.Column("high", sa.Float()),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("skus", sa.JSON(), nullable=False),
        sa.Column("measured_from", sa.Date()),
        sa.Column("measured_until", sa.Date()),
        sa.Column("not_measured", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name="fk_action_ledger_decision_id_decisions"
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["recommendations.action_id"], name="fk_action_ledger_action_id_recommendations"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name="fk_action_ledger_run_id_plan_runs"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_action_ledger"),
    )
    op.create_index("ix_action_ledger_action_id", "action_ledger", ["action_id"])


def downgrade() -> None:
    op.drop_table("action_ledger")
    op.drop_index("ix_recommendations_status", "recommendations")
    op.create_index("ix_recommendations_status", "recommendations", OLD_STATUS)
    for table, columns in (("decisions", DECISIONS), ("recommendations", RECOMMENDATIONS)):
        for name in columns:
            op.drop_column(table, name)
