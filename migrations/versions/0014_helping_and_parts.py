"""advisers with their rights, members of a consortium, sites, and answers given in parts.

Revision: 0014, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.extensions import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("lead", "contributor", "assessor", "panel-member", "manager", "auditor")
ROLES = ("lead", "contributor", "adviser", "member", "assessor", "panel-member", "manager", "auditor")
HOLDERS = ("membership", "scheme_post", "invitation")


def upgrade() -> None:
    for table in HOLDERS:
        _roles(table, ROLES)
    with op.batch_alter_table("invitation") as table:
        table.add_column(sa.Column("rights", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("works_for", sa.String(200), server_default="", nullable=False))
        table.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
    _helping()
    _parts()


def _roles(name: str, roles: tuple[str, ...]) -> None:
    """Let the table's `role` be any of these."""
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table(name) as table:
        table.drop_constraint(op.f(f"ck_{name}_role"), type_="check")
        table.create_check_constraint(op.f(f"ck_{name}_role"), f"role IN ({listed})")


def _helping() -> None:
    op.create_table(
        "adviser_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("works_for", sa.String(200), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_adviser_grant_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_adviser_grant_user_id_user")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user.id"], name=op.f("fk_adviser_grant_granted_by_id_user")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_adviser_grant_ended_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_grant")),
    )
    op.create_index(op.f("ix_adviser_grant_organisation_id"), "adviser_grant", ["organisation_id"])
    op.create_index(op.f("ix_adviser_grant_user_id"), "adviser_grant", ["user_id"])
    op.create_table(
        "consortium_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("joined_by_id", sa.Integer(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("left_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consortium_id"], ["organisation.id"], name=op.f("fk_consortium_member_consortium_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["organisation.id"], name=op.f("fk_consortium_member_member_id_organisation")
        ),
        sa.ForeignKeyConstraint(["joined_by_id"], ["user.id"], name=op.f("fk_consortium_member_joined_by_id_user")),
        sa.ForeignKeyConstraint(["left_by_id"], ["user.id"], name=op.f("fk_consortium_member_left_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_member")),
    )
    op.create_index(op.f("ix_consortium_member_consortium_id"), "consortium_member", ["consortium_id"])
    op.create_index(op.f("ix_consortium_member_member_id"), "consortium_member", ["member_id"])


def _parts() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.String(400), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('place', 'service')", name=op.f("ck_site_sitekind")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_site_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_index(op.f("ix_site_organisation_id"), "site", ["organisation_id"])
    op.create_table(
        "answer_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(40), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(site_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_answer_part_site_or_member")),
        sa.CheckConstraint(
            "NOT (not_applicable AND point IS NOT NULL)", name=op.f("ck_answer_part_point_or_not_applicable")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_part_application_id_application")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_answer_part_site_id_site")),
        sa.ForeignKeyConstraint(["member_id"], ["organisation.id"], name=op.f("fk_answer_part_member_id_organisation")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_answer_part_updated_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_part")),
        sa.UniqueConstraint(
            "application_id",
            "criterion_code",
            "site_id",
            name=op.f("uq_answer_part_application_id_criterion_code_site_id"),
        ),
        sa.UniqueConstraint(
            "application_id",
            "criterion_code",
            "member_id",
            name=op.f("uq_answer_part_application_id_criterion_code_member_id"),
        ),
    )
    op.create_index(op.f("ix_answer_part_site_id"), "answer_part", ["site_id"])
    op.create_index(op.f("ix_answer_part_member_id"), "answer_part", ["member_id"])


def downgrade() -> None:
    for name in ("answer_part", "site", "consortium_member", "adviser_grant"):
        op.drop_table(name)
    with op.batch_alter_table("invitation") as table:
        for column in ("ends_on", "works_for", "rights"):
            table.drop_column(column)
    op.execute(sa.text("DELETE FROM invitation WHERE role IN ('adviser', 'member')"))
    for table in HOLDERS:
        _roles(table, BEFORE)
