"""where an application was carried over from, and which of its answers must be looked at again.

Columns are added in place: neither table is copied, so that the rows which refer to it stay as they are.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CARRIED_FROM = "fk_application_carried_from_id_application"


def upgrade() -> None:
    op.add_column(
        "application",
        sa.Column("carried_from_id", sa.Integer(), sa.ForeignKey("application.id", name=CARRIED_FROM), nullable=True),
        inline_references=True,
    )
    op.create_index("ix_application_carried_from_id", "application", ["carried_from_id"])
    op.add_column("answer", sa.Column("review", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("answer", "review")
    op.drop_index("ix_application_carried_from_id", table_name="application")
    with op.batch_alter_table("application") as batch_op:  # the reference goes with its column
        batch_op.drop_column("carried_from_id")
