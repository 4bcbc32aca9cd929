"""answers that were filled in offline, waiting for their person to apply them.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("brought_by_id", sa.Integer(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_answer_sheet_application_id_application"
        ),
        sa.ForeignKeyConstraint(["brought_by_id"], ["user.id"], name="fk_answer_sheet_brought_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_sheet"),
    )
    op.create_index("ix_answer_sheet_brought_at", "answer_sheet", ["brought_at"])
    op.create_index("ix_answer_sheet_application_id_brought_by_id", "answer_sheet", ["application_id", "brought_by_id"])


def downgrade() -> None:
    op.drop_table("answer_sheet")
