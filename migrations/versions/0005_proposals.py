"""what a provider did with answers of its own that were offered again.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("source_application_id", sa.Integer(), nullable=False),
        sa.Column("source_code", sa.String(length=40), nullable=False),
        sa.Column("source_version", sa.Integer(), nullable=False),
        sa.Column(
            "extent",
            sa.Enum("full", "partial", name="extent", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "reply",
            sa.Enum("accepted", "declined", name="reply", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_proposal_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["source_application_id"], ["application.id"], name=op.f("fk_proposal_source_application_id_application")
        ),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user.id"], name=op.f("fk_proposal_replied_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "application_id",
            "criterion_code",
            "source_application_id",
            "source_code",
            name="uq_proposal_offer",
        ),
    )
    op.create_index("ix_proposal_source_application_id", "proposal", ["source_application_id"])


def downgrade() -> None:
    op.drop_index("ix_proposal_source_application_id", table_name="proposal")
    op.drop_table("proposal")
