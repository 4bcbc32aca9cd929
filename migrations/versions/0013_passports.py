"""certificates of other bodies, what schemes said of them, and where they were used.

Revision: 0013, after 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES = ("waiting", "accepted", "refused", "revoked")


def _names(table: str, column: str, of: str) -> str:
    return op.f(f"fk_{table}_{column}_{of}")


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=_names(table, column, of))


def upgrade() -> None:
    op.create_table(
        "passport",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("scheme_code", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=True),
        sa.Column("criterion", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("proof_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_days", sa.Integer(), nullable=True),
        _key("passport", "organisation_id", "organisation"),
        _key("passport", "proof_id", "evidence_version"),
        _key("passport", "replaces_id", "passport"),
        _key("passport", "created_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport")),
    )
    for column in ("organisation_id", "ends_on", "proof_id", "replaces_id"):
        op.create_index(op.f(f"ix_passport_{column}"), "passport", [column])
    op.create_table(
        "passport_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, native_enum=False, create_constraint=True, length=40, name="checkstate"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        _key("passport_check", "passport_id", "passport"),
        _key("passport_check", "scheme_id", "scheme"),
        _key("passport_check", "checked_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_check")),
        sa.UniqueConstraint("passport_id", "scheme_id", name=op.f("uq_passport_check_passport_id_scheme_id")),
    )
    op.create_index("ix_passport_check_scheme_id_state", "passport_check", ["scheme_id", "state"])
    op.create_table(
        "passport_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=True),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("checked_by", sa.String(length=120), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fell_on", sa.Date(), nullable=True),
        sa.Column("fell_because", sa.Text(), nullable=False),
        sa.Column("told_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(passport_id IS NULL) <> (award_id IS NULL)", name=op.f("ck_passport_use_passport_or_award")
        ),
        _key("passport_use", "application_id", "application"),
        _key("passport_use", "passport_id", "passport"),
        _key("passport_use", "award_id", "award"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_use")),
        sa.UniqueConstraint("application_id", "submitted_at", "criterion_code", name="uq_passport_use_criterion"),
    )
    for column in ("passport_id", "award_id"):
        op.create_index(op.f(f"ix_passport_use_{column}"), "passport_use", [column])
    op.create_table(
        "own_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        _key("own_answer", "application_id", "application"),
        _key("own_answer", "chosen_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_answer")),
        sa.UniqueConstraint(
            "application_id", "criterion_code", name=op.f("uq_own_answer_application_id_criterion_code")
        ),
    )


def downgrade() -> None:
    for table in ("own_answer", "passport_use", "passport_check", "passport"):
        op.drop_table(table)
