"""findings with their thread, the plans that were offered and the evidence of closure.

Revision: 0021, after 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SOURCES = ("by-hand", "score", "escalation", "surveillance", "complaint")
STATUSES = ("raised", "open", "plan-offered", "planned", "put-right", "closed", "taken-back")
ANSWERS = ("waits", "accepted", "returned", "replaced")


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, length=40, name=name)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _id(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _findings()
    op.create_table(
        "finding_step",
        *_id("finding_step"),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _key("finding_step", "finding_id", "finding"),
        _key("finding_step", "by_id", "user"),
    )
    op.create_index(op.f("ix_finding_step_finding_id"), "finding_step", ["finding_id"])
    _plans()
    op.create_table(
        "finding_evidence",
        *_id("finding_evidence"),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        _key("finding_evidence", "step_id", "finding_step"),
        _key("finding_evidence", "item_id", "evidence_item"),
        _key("finding_evidence", "version_id", "evidence_version"),
        sa.UniqueConstraint("step_id", "item_id", name=op.f("uq_finding_evidence_step_id_item_id")),
    )
    op.create_index(op.f("ix_finding_evidence_item_id"), "finding_evidence", ["item_id"])
    op.create_index(op.f("ix_finding_evidence_version_id"), "finding_evidence", ["version_id"])


def _findings() -> None:
    op.create_table(
        "finding",
        *_id("finding"),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("made_of", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source", _one_of("findingsource", SOURCES), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("raised_by", sa.String(length=120), nullable=False),
        sa.Column("status", _one_of("findingstatus", STATUSES), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("escalated_into_id", sa.Integer(), nullable=True),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("warned", sa.Integer(), nullable=True),
        sa.Column("acted_on", sa.Date(), nullable=True),
        _key("finding", "application_id", "application"),
        _key("finding", "award_id", "award"),
        _key("finding", "assessment_id", "assessment"),
        _key("finding", "raised_by_id", "user"),
        _key("finding", "escalated_into_id", "finding"),
        _key("finding", "same_as_id", "finding"),
    )
    for column in ("application_id", "award_id", "assessment_id"):
        op.create_index(op.f(f"ix_finding_{column}"), "finding", [column])
    op.create_index("ix_finding_status_due_on", "finding", ["status", "due_on"])


def _plans() -> None:
    op.create_table(
        "corrective_plan",
        *_id("corrective_plan"),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", _one_of("plananswer", ANSWERS), nullable=False),
        _key("corrective_plan", "finding_id", "finding"),
        _key("corrective_plan", "offered_by_id", "user"),
        sa.UniqueConstraint("finding_id", "number", name=op.f("uq_corrective_plan_finding_id_number")),
    )


def downgrade() -> None:
    for table in ("finding_evidence", "corrective_plan", "finding_step", "finding"):
        op.drop_table(table)
