"""assessment reports: templates, paragraphs, versions, the provider's check and its comments.

Revision: 0025, after 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATUSES = ("draft", "with-provider", "answered", "final", "signed")
PARTS = (
    "words",
    "people and dates",
    "scores by standard",
    "explanation",
    "findings",
    "agreement",
    "strengths",
    "gaps",
    "recommendation",
)
ENDED = ("comments", "no-mistakes", "no-answer", "taken-back")
ANSWERED = ("accepted", "not-accepted")
TABLES = (
    "report_comment_evidence",
    "report_comment",
    "report_check",
    "report_version",
    "report_paragraph",
    "report",
    "report_template",
)


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, length=40, name=name)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _table(name: str, *columns: sa.Column[object], keys: dict[str, str], unique: tuple[str, ...] = ()) -> None:
    """A table with an id; `keys` are its columns that refer to another table's id, `unique` those that stand once together."""
    constraints: list[sa.Constraint] = [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{name}_{column}_{to}"))
        for column, to in keys.items()
    ]
    if unique:
        constraints.append(sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")))
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *constraints,
    )


def _number(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _words(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def _at(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, _moment(), nullable=empty)


def upgrade() -> None:
    _table(
        "report_template",
        _number("scheme_id"),
        _number("version"),
        _words("source"),
        sa.Column("note", sa.String(length=500), nullable=False),
        _at("made_at"),
        _number("made_by_id", empty=True),
        keys={"scheme_id": "scheme", "made_by_id": "user"},
        unique=("scheme_id", "version"),
    )
    _reports()
    _checks()


def _reports() -> None:
    _table(
        "report",
        _number("application_id"),
        _number("round"),
        sa.Column("status", _one_of("reportstatus", STATUSES), nullable=False),
        _at("status_at"),
        sa.Column("title", sa.String(length=500), nullable=False),
        _number("template_version"),
        sa.Column("template_sha256", sa.String(length=64), nullable=False),
        _number("revision"),
        _number("next_number"),
        _at("made_at"),
        _number("made_by_id"),
        _at("signed_at", empty=True),
        _number("signed_by_id", empty=True),
        keys={"application_id": "application", "made_by_id": "user", "signed_by_id": "user"},
        unique=("application_id", "round"),
    )
    _table(
        "report_paragraph",
        _number("report_id"),
        _number("number"),
        _number("place"),
        sa.Column("part", _one_of("part", PARTS), nullable=False),
        sa.Column("heading", sa.String(length=500), nullable=False),
        _words("text"),
        sa.Column("grid", sa.JSON(none_as_null=True), nullable=True),
        _number("version"),
        _at("updated_at"),
        _number("updated_by_id", empty=True),
        keys={"report_id": "report", "updated_by_id": "user"},
        unique=("report_id", "number"),
    )
    _table(
        "report_version",
        _number("report_id"),
        _number("number"),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("sha256", "pdf_key", "docx_key")),
        _at("made_at"),
        _number("made_by_id"),
        keys={"report_id": "report", "made_by_id": "user"},
        unique=("report_id", "number"),
    )


def _checks() -> None:
    _table(
        "report_check",
        _number("report_id"),
        _number("version_id"),
        _at("sent_at"),
        _number("sent_by_id"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _at("reminded_at", empty=True),
        sa.Column("ended", _one_of("ended", ENDED), nullable=True),
        _at("ended_at", empty=True),
        _number("ended_by_id", empty=True),
        _words("why"),
        keys={"report_id": "report", "version_id": "report_version", "sent_by_id": "user", "ended_by_id": "user"},
        unique=("version_id",),
    )
    op.create_index(op.f("ix_report_check_report_id"), "report_check", ["report_id"])
    op.create_index("ix_report_check_ended_due_on", "report_check", ["ended", "due_on"])
    _table(
        "report_comment",
        _number("check_id"),
        _number("number"),
        _words("text"),
        _number("version"),
        _at("updated_at"),
        _number("updated_by_id"),
        sa.Column("answered", _one_of("answered", ANSWERED), nullable=True),
        _words("answer"),
        _at("answered_at", empty=True),
        _number("answered_by_id", empty=True),
        keys={"check_id": "report_check", "updated_by_id": "user", "answered_by_id": "user"},
        unique=("check_id", "number"),
    )
    _table(
        "report_comment_evidence",
        _number("comment_id"),
        _number("version_id"),
        keys={"comment_id": "report_comment", "version_id": "evidence_version"},
        unique=("comment_id", "version_id"),
    )
    op.create_index(op.f("ix_report_comment_evidence_version_id"), "report_comment_evidence", ["version_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
