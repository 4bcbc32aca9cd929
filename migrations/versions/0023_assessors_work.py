"""what assessors keep beside scores: confidence, notes, phrases, requests with dates, visits.

Revision: 0023, after 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CONFIDENCE = "confidence IN ('high', 'medium', 'low')"
TABLES = (
    "citation",
    "visit_note",
    "visit_draw",
    "visit_proposal",
    "visit_goer",
    "visit_site",
    "visit",
    "question_evidence",
    "question_notice",
    "request_extension",
    "evidence_opening",
    "assessor_phrase",
    "assessor_note",
)


def upgrade() -> None:
    _notes()
    _requests()
    _visits()
    _who_goes_where()
    _draws()
    _visit_notes()
    with op.batch_alter_table("score") as score:
        score.add_column(sa.Column("confidence", sa.String(length=40), nullable=True))
        score.create_check_constraint(op.f("ck_score_confidence"), CONFIDENCE)
    with op.batch_alter_table("question") as question:
        question.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        question.create_index(op.f("ix_question_request_id"), ["request_id"])
        question.create_foreign_key(
            op.f("fk_question_request_id_provider_request"), "provider_request", ["request_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("question") as question:
        question.drop_constraint(op.f("fk_question_request_id_provider_request"), type_="foreignkey")
        question.drop_index(op.f("ix_question_request_id"))
        question.drop_column("request_id")
    with op.batch_alter_table("score") as score:
        score.drop_constraint(op.f("ck_score_confidence"), type_="check")
        score.drop_column("confidence")
    for table in TABLES:
        op.drop_table(table)
    op.drop_table("provider_request")


def _notes() -> None:
    op.create_table(
        "assessor_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessor_note_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_note")),
        sa.UniqueConstraint(
            "assessment_id", "criterion_code", name=op.f("uq_assessor_note_assessment_id_criterion_code")
        ),
    )
    op.create_table(
        "assessor_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assessor_phrase_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_phrase")),
    )
    op.create_index(op.f("ix_assessor_phrase_user_id"), "assessor_phrase", ["user_id"], unique=False)
    op.create_table(
        "evidence_opening",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_evidence_opening_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["evidence_version.id"], name=op.f("fk_evidence_opening_version_id_evidence_version")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "version_id", name=op.f("pk_evidence_opening")),
    )
    op.create_index(op.f("ix_evidence_opening_version_id"), "evidence_opening", ["version_id"], unique=False)


def _requests() -> None:
    op.create_table(
        "provider_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_provider_request_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_request")),
    )
    op.create_index(op.f("ix_provider_request_assessment_id"), "provider_request", ["assessment_id"], unique=False)
    op.create_table(
        "request_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["provider_request.id"], name=op.f("fk_request_extension_request_id_provider_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_extension")),
    )
    op.create_index(op.f("ix_request_extension_request_id"), "request_extension", ["request_id"], unique=False)
    op.create_table(
        "question_notice",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_notice_question_id_question")),
        sa.PrimaryKeyConstraint("question_id", "due_on", "days_left", name=op.f("pk_question_notice")),
    )
    op.create_table(
        "question_evidence",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_evidence_question_id_question")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["evidence_version.id"], name=op.f("fk_question_evidence_version_id_evidence_version")
        ),
        sa.PrimaryKeyConstraint("question_id", "version_id", name=op.f("pk_question_evidence")),
    )
    op.create_index(op.f("ix_question_evidence_version_id"), "question_evidence", ["version_id"], unique=False)


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "confirmed",
                "held",
                "cancelled",
                name="visitstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum(
                "on-site", "online", "telephone", name="visitway", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("meets", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_visit_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_visit_application_id_application")
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_visit_assessment_id_assessment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_assessment_id"), "visit", ["assessment_id"], unique=False)
    op.create_index(op.f("ix_visit_application_id"), "visit", ["application_id"], unique=False)
    op.create_index(op.f("ix_visit_starts_at"), "visit", ["starts_at"], unique=False)


def _who_goes_where() -> None:
    op.create_table(
        "visit_site",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_visit_site_site_id_site")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_site_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "site_id", name=op.f("pk_visit_site")),
    )
    op.create_index(op.f("ix_visit_site_site_id"), "visit_site", ["site_id"], unique=False)
    op.create_table(
        "visit_goer",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_visit_goer_user_id_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_goer_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "user_id", name=op.f("pk_visit_goer")),
    )
    op.create_index(op.f("ix_visit_goer_user_id"), "visit_goer", ["user_id"], unique=False)
    op.create_table(
        "visit_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "taken", "declined", name="proposalstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_visit_proposal_by_id_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_proposal_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_proposal")),
    )
    op.create_index(op.f("ix_visit_proposal_visit_id"), "visit_proposal", ["visit_id"], unique=False)


def _draws() -> None:
    op.create_table(
        "visit_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=80), nullable=False),
        sa.Column("population", sa.String(length=500), nullable=False),
        sa.Column("population_size", sa.Integer(), nullable=False),
        sa.Column("population_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_visit_draw_drawn_by_id_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_draw_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_draw")),
    )
    op.create_index(op.f("ix_visit_draw_visit_id"), "visit_draw", ["visit_id"], unique=False)


def _visit_notes() -> None:
    op.create_table(
        "visit_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "interview",
                "observation",
                "document",
                name="notekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_visit_note_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_note_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_note")),
    )
    op.create_index(op.f("ix_visit_note_visit_id"), "visit_note", ["visit_id"], unique=False)
    op.create_index(op.f("ix_visit_note_assessment_id"), "visit_note", ["assessment_id"], unique=False)
    op.create_table(
        "citation",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_citation_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["visit_note.id"], name=op.f("fk_citation_note_id_visit_note")),
        sa.PrimaryKeyConstraint("assessment_id", "criterion_code", "note_id", name=op.f("pk_citation")),
    )
    op.create_index(op.f("ix_citation_note_id"), "citation", ["note_id"], unique=False)
