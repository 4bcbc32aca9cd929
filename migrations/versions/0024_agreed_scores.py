"""scores on which assessors differed, how they were settled, and who dissents.

Revision: 0024, after 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    _settlements()
    _agreed()
    op.create_table(
        "dissent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(40), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        _key("dissent", "settlement_id", "score_settlement"),
        _key("dissent", "assessor_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent")),
        sa.UniqueConstraint(
            "settlement_id",
            "criterion_code",
            "assessor_id",
            name=op.f("uq_dissent_settlement_id_criterion_code_assessor_id"),
        ),
    )


def _settlements() -> None:
    op.create_table(
        "score_settlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "settling",
            sa.Enum("lead", "meeting", "panel", native_enum=False, create_constraint=True, length=40, name="settling"),
            nullable=False,
        ),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("meeting", sa.Text(), nullable=False, server_default=""),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("standing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("sheet", sa.LargeBinary(), nullable=True),
        _key("score_settlement", "application_id", "application"),
        _key("score_settlement", "settled_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_settlement")),
    )
    op.create_index(op.f("ix_score_settlement_application_id"), "score_settlement", ["application_id"])
    op.create_index(
        "uq_score_settlement_standing",
        "score_settlement",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )


def _agreed() -> None:
    op.create_table(
        "agreed_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(40), nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("not_rated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        _key("agreed_score", "settlement_id", "score_settlement"),
        _key("agreed_score", "updated_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_score")),
        sa.UniqueConstraint(
            "settlement_id", "criterion_code", name=op.f("uq_agreed_score_settlement_id_criterion_code")
        ),
        sa.CheckConstraint(
            "NOT (not_applicable AND point IS NOT NULL)", name=op.f("ck_agreed_score_point_or_not_applicable")
        ),
        sa.CheckConstraint(
            "NOT (not_rated AND (not_applicable OR point IS NOT NULL))",
            name=op.f("ck_agreed_score_point_or_not_rated"),
        ),
    )


def downgrade() -> None:
    op.drop_table("dissent")
    op.drop_table("agreed_score")
    op.drop_table("score_settlement")
