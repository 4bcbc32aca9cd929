"""appeals and complaints, and who reviews them.

Revision: 0026, after 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

AGAINST = ("decision", "suspension", "withdrawal")
APPEAL_STATUSES = (
    "received",
    "admitted",
    "not-admitted",
    "in-review",
    "upheld",
    "partly-upheld",
    "dismissed",
    "withdrawn",
    "closed",
)
ABOUT = ("holder", "scheme", "person", "manager")
COMPLAINT_STATUSES = (
    "received",
    "acknowledged",
    "investigating",
    "referred",
    "not-taken-up",
    "upheld",
    "partly-upheld",
    "not-upheld",
    "withdrawn",
    "closed",
)


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, length=40, name=name)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    _appeals()
    _complaints()
    _reviewers()


def _appeals() -> None:
    op.create_table(
        "appeal_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        _key("appeal_draft", "application_id", "application"),
        _key("appeal_draft", "updated_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_draft")),
        sa.UniqueConstraint("application_id", name=op.f("uq_appeal_draft_application_id")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("against", _one_of("against", AGAINST), nullable=False),
        sa.Column("status", _one_of("appealstatus", APPEAL_STATUSES), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lodged_by_id", sa.Integer(), nullable=False),
        sa.Column("triage_reason", sa.Text(), nullable=False),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("triaged_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("remedy", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        _key("appeal", "organisation_id", "organisation"),
        _key("appeal", "scheme_id", "scheme"),
        _key("appeal", "application_id", "application"),
        _key("appeal", "decision_id", "decision"),
        _key("appeal", "award_id", "award"),
        _key("appeal", "lodged_by_id", "user"),
        _key("appeal", "triaged_by_id", "user"),
        _key("appeal", "decided_by_id", "user"),
        _key("appeal", "closed_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("number", name=op.f("uq_appeal_number")),
    )
    op.create_index(op.f("ix_appeal_application_id"), "appeal", ["application_id"])
    op.create_index(op.f("ix_appeal_organisation_id"), "appeal", ["organisation_id"])
    op.create_index("ix_appeal_scheme_id_status", "appeal", ["scheme_id", "status"])
    op.create_table(
        "appeal_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        _key("appeal_evidence", "appeal_id", "appeal"),
        _key("appeal_evidence", "version_id", "evidence_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_evidence")),
        sa.UniqueConstraint("appeal_id", "version_id", name=op.f("uq_appeal_evidence_appeal_id_version_id")),
    )
    op.create_index(op.f("ix_appeal_evidence_version_id"), "appeal_evidence", ["version_id"])


def _complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("follow_key", sa.String(length=64), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("about", _one_of("about", ABOUT), nullable=False),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("told", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("may_name", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("status", _one_of("complaintstatus", COMPLAINT_STATUSES), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("follow", sa.String(length=20), nullable=False),
        sa.Column("follow_words", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        _key("complaint", "scheme_id", "scheme"),
        _key("complaint", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("follow_key", name=op.f("uq_complaint_follow_key")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sa.UniqueConstraint("once", name=op.f("uq_complaint_once")),
    )
    op.create_index(op.f("ix_complaint_organisation_id"), "complaint", ["organisation_id"])
    op.create_index("ix_complaint_scheme_id_status", "complaint", ["scheme_id", "status"])
    op.create_table(
        "complaint_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _key("complaint_person", "complaint_id", "complaint"),
        _key("complaint_person", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_person")),
        sa.UniqueConstraint("complaint_id", "user_id", name=op.f("uq_complaint_person_complaint_id_user_id")),
    )
    op.create_index(op.f("ix_complaint_person_user_id"), "complaint_person", ["user_id"])
    op.create_table(
        "complaint_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("to_whom", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        _key("complaint_step", "complaint_id", "complaint"),
        _key("complaint_step", "by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_step")),
    )
    op.create_index(op.f("ix_complaint_step_complaint_id"), "complaint_step", ["complaint_id"])


def _reviewers() -> None:
    op.create_table(
        "reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lay", sa.Boolean(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflicted", sa.Boolean(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vote", sa.String(length=20), nullable=False),
        sa.Column("vote_reason", sa.Text(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(appeal_id IS NULL) <> (complaint_id IS NULL)", name=op.f("ck_reviewer_appeal_or_complaint")
        ),
        _key("reviewer", "appeal_id", "appeal"),
        _key("reviewer", "complaint_id", "complaint"),
        _key("reviewer", "user_id", "user"),
        _key("reviewer", "appointed_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint("appeal_id", "user_id", name=op.f("uq_reviewer_appeal_id_user_id")),
        sa.UniqueConstraint("complaint_id", "user_id", name=op.f("uq_reviewer_complaint_id_user_id")),
    )
    op.create_index(op.f("ix_reviewer_user_id"), "reviewer", ["user_id"])


def downgrade() -> None:
    for table in (
        "reviewer",
        "complaint_step",
        "complaint_person",
        "complaint",
        "appeal_evidence",
        "appeal",
        "appeal_draft",
    ):
        op.drop_table(table)
