"""pre-qualification packs, the codes that open them, and who opened them.

Revision: 0010, after 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("asks_name", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_pack_created_by_id_user")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pack_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
    )
    op.create_index("ix_pack_organisation_id_deleted_at", "pack", ["organisation_id", "deleted_at"], unique=False)
    op.create_table(
        "pack_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("cover", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_pack_piece_item_id_evidence_item")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_piece_pack_id_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_piece")),
        sa.UniqueConstraint("pack_id", "slot", "item_id", name=op.f("uq_pack_piece_pack_id_slot_item_id")),
    )
    op.create_index(op.f("ix_pack_piece_item_id"), "pack_piece", ["item_id"], unique=False)
    op.create_table(
        "pack_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "opens",
            sa.Enum("page", "files", name="opens", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("first_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_pack_share_ended_by_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_pack_share_made_by_id_user")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_share_pack_id_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_share")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_pack_share_code_hash")),
    )
    op.create_index(op.f("ix_pack_share_ends_on"), "pack_share", ["ends_on"], unique=False)
    op.create_index("ix_pack_share_pack_id_id", "pack_share", ["pack_id", "id"], unique=False)
    op.create_table(
        "pack_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "did",
            sa.Enum("opened", "file", "pdf", "zip", name="did", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=260), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_opening_pack_id_pack")),
        sa.ForeignKeyConstraint(["share_id"], ["pack_share.id"], name=op.f("fk_pack_opening_share_id_pack_share")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pack_opening_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_opening")),
    )
    op.create_index("ix_pack_opening_pack_id_id", "pack_opening", ["pack_id", "id"], unique=False)
    op.create_index("ix_pack_opening_share_id_at", "pack_opening", ["share_id", "at"], unique=False)
    op.create_table(
        "pack_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("standards", sa.Boolean(), nullable=False),
        sa.Column("scores", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_pack_result_application_id_application")
        ),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_result_pack_id_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_result")),
        sa.UniqueConstraint("pack_id", "application_id", name=op.f("uq_pack_result_pack_id_application_id")),
    )


def downgrade() -> None:
    op.drop_table("pack_result")
    op.drop_index("ix_pack_opening_share_id_at", table_name="pack_opening")
    op.drop_index("ix_pack_opening_pack_id_id", table_name="pack_opening")
    op.drop_table("pack_opening")
    op.drop_index("ix_pack_share_pack_id_id", table_name="pack_share")
    op.drop_index(op.f("ix_pack_share_ends_on"), table_name="pack_share")
    op.drop_table("pack_share")
    op.drop_index(op.f("ix_pack_piece_item_id"), table_name="pack_piece")
    op.drop_table("pack_piece")
    op.drop_index("ix_pack_organisation_id_deleted_at", table_name="pack")
    op.drop_table("pack")
