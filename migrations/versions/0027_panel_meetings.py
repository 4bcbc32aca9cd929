"""meetings of panels, their minutes and letters, and conditions with a day each.

Revision: 0027, after 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CONDITION = ("open", "offered", "met", "overdue")
NAMED_FILES = ("letter_key", "letter_sha256", "minutes_key", "minutes_sha256")


def upgrade() -> None:
    _meetings()
    _panels()
    _decisions()
    _conditions()
    op.add_column("mail_message", sa.Column("calendar", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("mail_message", "calendar")
    op.drop_table("condition_evidence")
    op.drop_table("award_condition")
    op.drop_table("panel_note")
    with op.batch_alter_table("decision") as table:
        table.drop_constraint(op.f("fk_decision_signed_by_id_user"), type_="foreignkey")
        for column in (*NAMED_FILES, "signed_at", "signed_by_id"):
            table.drop_column(column)
    with op.batch_alter_table("panel_seat") as table:
        for column in ("present", "minuted", "read_at"):
            table.drop_column(column)
    with op.batch_alter_table("panel") as table:
        table.drop_constraint(op.f("fk_panel_meeting_id_panel_meeting"), type_="foreignkey")
        table.drop_index(op.f("ix_panel_meeting_id"))
        for column in ("vote_closed_at", "meeting_id", "position", "discussion", "discussion_version"):
            table.drop_column(column)
    op.drop_table("meeting_member")
    op.drop_table("panel_meeting")


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"))


def _id(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _meetings() -> None:
    op.create_table(
        "panel_meeting",
        *_id("panel_meeting"),
        _refers("scheme_id"),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("minutes_long", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        _refers("chair_id"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        _refers("called_by_id"),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        _key("panel_meeting", "scheme_id", "scheme"),
        _key("panel_meeting", "chair_id", "user"),
        _key("panel_meeting", "called_by_id", "user"),
        sa.CheckConstraint("minutes_long > 0", name=op.f("ck_panel_meeting_takes_time")),
    )
    op.create_index("ix_panel_meeting_scheme_id_starts_at", "panel_meeting", ["scheme_id", "starts_at"])
    op.create_table(
        "meeting_member",
        *_id("meeting_member"),
        _refers("meeting_id"),
        _refers("user_id"),
        sa.Column("lay", sa.Boolean(), nullable=False),
        _key("meeting_member", "meeting_id", "panel_meeting"),
        _key("meeting_member", "user_id", "user"),
        sa.UniqueConstraint("meeting_id", "user_id", name=op.f("uq_meeting_member_meeting_id_user_id")),
    )
    op.create_index(op.f("ix_meeting_member_user_id"), "meeting_member", ["user_id"])


def _panels() -> None:
    with op.batch_alter_table("panel") as table:
        table.add_column(sa.Column("vote_closed_at", MOMENT, nullable=True))
        table.add_column(_refers("meeting_id", nullable=True))
        table.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("discussion", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("discussion_version", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key(op.f("fk_panel_meeting_id_panel_meeting"), "panel_meeting", ["meeting_id"], ["id"])
        table.create_index(op.f("ix_panel_meeting_id"), ["meeting_id"])
    with op.batch_alter_table("panel_seat") as table:
        table.add_column(sa.Column("present", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("minuted", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("read_at", MOMENT, nullable=True))
    op.create_table(
        "panel_note",
        *_id("panel_note"),
        _refers("panel_id"),
        _refers("user_id"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _key("panel_note", "panel_id", "panel"),
        _key("panel_note", "user_id", "user"),
        sa.UniqueConstraint("panel_id", "user_id", name=op.f("uq_panel_note_panel_id_user_id")),
    )
    op.create_index(op.f("ix_panel_note_user_id"), "panel_note", ["user_id"])


def _decisions() -> None:
    with op.batch_alter_table("decision") as table:
        for column in NAMED_FILES:
            length = 100 if column.endswith("_key") else 64
            table.add_column(sa.Column(column, sa.String(length=length), nullable=False, server_default=""))
        table.add_column(sa.Column("signed_at", MOMENT, nullable=True))
        table.add_column(_refers("signed_by_id", nullable=True))
        table.create_foreign_key(op.f("fk_decision_signed_by_id_user"), "user", ["signed_by_id"], ["id"])


def _conditions() -> None:
    listed = ", ".join(f"'{status}'" for status in CONDITION)
    op.create_table(
        "award_condition",
        *_id("award_condition"),
        _refers("award_id"),
        _refers("decision_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("offered", sa.Text(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=True),
        _refers("offered_by_id", nullable=True),
        sa.Column("returned", sa.Text(), nullable=False),
        sa.Column("returned_at", MOMENT, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        _refers("accepted_by_id", nullable=True),
        sa.Column("accepted_because", sa.Text(), nullable=False),
        sa.Column("told_days", sa.Integer(), nullable=True),
        _key("award_condition", "award_id", "award"),
        _key("award_condition", "decision_id", "decision"),
        _key("award_condition", "offered_by_id", "user"),
        _key("award_condition", "accepted_by_id", "user"),
        sa.UniqueConstraint("award_id", "number", name=op.f("uq_award_condition_award_id_number")),
        sa.CheckConstraint(f"status IN ({listed})", name=op.f("ck_award_condition_conditionstatus")),
    )
    op.create_index(op.f("ix_award_condition_decision_id"), "award_condition", ["decision_id"])
    op.create_index("ix_award_condition_status_due_on", "award_condition", ["status", "due_on"])
    op.create_table(
        "condition_evidence",
        *_id("condition_evidence"),
        _refers("condition_id"),
        _refers("item_id"),
        _refers("version_id"),
        _key("condition_evidence", "condition_id", "award_condition"),
        _key("condition_evidence", "item_id", "evidence_item"),
        _key("condition_evidence", "version_id", "evidence_version"),
        sa.UniqueConstraint("condition_id", "version_id", name=op.f("uq_condition_evidence_condition_id_version_id")),
    )
    op.create_index(op.f("ix_condition_evidence_item_id"), "condition_evidence", ["item_id"])
    op.create_index(op.f("ix_condition_evidence_version_id"), "condition_evidence", ["version_id"])
    # Until now the conditions of an award were one text with one day. The day was taken away once they were accepted.
    op.execute(
        sa.text(
            "INSERT INTO award_condition"
            " (award_id, decision_id, number, text, due_on, status, offered, returned, accepted_because)"
            " SELECT award.id, decision.id, 1, decision.conditions, decision.conditions_due_on,"
            " CASE WHEN award.conditions_due_on IS NULL THEN 'met' ELSE 'open' END, '', '', ''"
            " FROM decision JOIN award ON award.application_id = decision.application_id"
            " WHERE decision.conditions <> '' AND decision.conditions_due_on IS NOT NULL"
            " AND decision.id = (SELECT max(latest.id) FROM decision AS latest"
            " WHERE latest.application_id = decision.application_id)"
            " AND award.id = (SELECT max(newest.id) FROM award AS newest"
            " WHERE newest.application_id = decision.application_id)"
        )
    )
