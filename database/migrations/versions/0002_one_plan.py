"""What an action's effort is, what it is worth over the budget horizon, and which better action excludes it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recommendations", sa.Column("effort", sa.Float()))
    op.add_column("recommendations", sa.Column("worth_in_horizon", sa.Float()))
    op.add_column("recommendations", sa.Column("alternative_to", sa.String(64)))


def downgrade() -> None:
    for name in ("alternative_to", "worth_in_horizon", "effort"):
        op.drop_column("recommendations", name)
