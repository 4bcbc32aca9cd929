"""evidence of every kind, whether links can be reached, and what people were told of it.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence_version", sa.Column("title", sa.String(200), nullable=True))
    op.add_column("evidence_version", sa.Column("kind", sa.String(20), nullable=True))
    op.add_column("evidence_version", sa.Column("details", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("evidence_version", sa.Column("handed_in", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_evidence_version_expires_on", "evidence_version", ["expires_on"])
    op.create_table(
        "link_check",
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("evidence_version.id"), primary_key=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(200), nullable=False),
        sa.Column("failing_since", sa.Date(), nullable=True),
        sa.Column("failed_days", sa.Integer(), nullable=False),
        sa.Column("dead_since", sa.Date(), nullable=True),
    )
    op.create_index("ix_link_check_next_on", "link_check", ["next_on"])
    op.create_table(
        "evidence_notice",
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("evidence_version.id"), primary_key=True),
        sa.Column("about", sa.String(20), primary_key=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("evidence_notice")
    op.drop_table("link_check")
    op.drop_index("ix_evidence_version_expires_on", "evidence_version")
    for column in ("handed_in", "details", "kind", "title"):
        op.drop_column("evidence_version", column)
