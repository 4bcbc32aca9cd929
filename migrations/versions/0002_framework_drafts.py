"""drafts of framework editions, and who published and retired them.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("framework_edition") as table:
        table.add_column(sa.Column("published_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_framework_edition_published_by_id_user"), "user", ["published_by_id"], ["id"])
    op.create_table(
        "framework_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported_from", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_framework_draft_created_by_id_user")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["framework_edition.id"], name=op.f("fk_framework_draft_edition_id_framework_edition")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_framework_draft_scheme_id_scheme")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_framework_draft_updated_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_draft")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_framework_draft_edition_id")),
    )
    op.create_index("ix_framework_draft_scheme_id_updated_at", "framework_draft", ["scheme_id", "updated_at"])


def downgrade() -> None:
    op.drop_index("ix_framework_draft_scheme_id_updated_at", table_name="framework_draft")
    op.drop_table("framework_draft")
    with op.batch_alter_table("framework_edition") as table:
        table.drop_constraint(op.f("fk_framework_edition_published_by_id_user"), type_="foreignkey")
        table.drop_column("retired_at")
        table.drop_column("published_by_id")
