"""capacity, languages, access, size and strengths on the register; teams of commissioners.

Revision: 0032, after 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OWN_WORDS = ("languages", "access", "strengths")


def _add(table: str, columns: list[sa.Column]) -> None:
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.alter_column(column.name, existing_type=column.type, server_default=None)


def _list(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON(), nullable=False, server_default="[]")


def _own() -> list[sa.Column]:
    return [_list("languages"), _list("access"), sa.Column("strengths", sa.Text(), nullable=False, server_default="")]


def upgrade() -> None:
    _add("organisation", _own())
    size = sa.Column("size", sa.String(20), nullable=False, server_default="")
    _add("register_entry", [*_own(), size, _list("offers")])
    op.create_table(
        "service_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column(
            "taking",
            sa.Enum("now", "waiting-list", "full", name="taking", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer()),
        sa.Column("free", sa.Integer()),
        sa.Column("weeks", sa.Integer()),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity >= 0 AND free >= 0 AND weeks >= 0", name=op.f("ck_service_offer_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_service_offer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["user.id"], name=op.f("fk_service_offer_said_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_offer")),
        sa.UniqueConstraint("organisation_id", "service", name=op.f("uq_service_offer_organisation_id_service")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_team_created_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_table(
        "team_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_team_member_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_team_member_team_id_user_id")),
    )
    op.create_index(op.f("ix_team_member_user_id"), "team_member", ["user_id"])


def downgrade() -> None:
    op.drop_table("team_member")
    op.drop_table("team")
    op.drop_table("service_offer")
    with op.batch_alter_table("register_entry") as batch:
        for name in (*OWN_WORDS, "size", "offers"):
            batch.drop_column(name)
    with op.batch_alter_table("organisation") as batch:
        for name in OWN_WORDS:
            batch.drop_column(name)
