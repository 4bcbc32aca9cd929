"""the improvement plan: actions, the evidence of what was done, and private calendars.

Revision: 0017, after 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SOURCES = ("free", "gap", "way-up", "score", "finding", "recommendation", "condition")
STATES = ("open", "in-progress", "done", "dropped")
REMINDERS = ("", "ahead", "soon", "late")


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, length=40, name=name)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    _actions()
    op.create_table(
        "plan_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by_id", sa.Integer(), nullable=False),
        _key("plan_evidence", "action_id", "plan_action"),
        _key("plan_evidence", "item_id", "evidence_item"),
        _key("plan_evidence", "attached_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_evidence")),
        sa.UniqueConstraint("action_id", "item_id", name=op.f("uq_plan_evidence_action_id_item_id")),
    )
    op.create_index(op.f("ix_plan_evidence_item_id"), "plan_evidence", ["item_id"])
    op.create_table(
        "plan_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("only_mine", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _key("plan_feed", "user_id", "user"),
        _key("plan_feed", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_plan_feed_token_hash")),
    )
    op.create_index(op.f("ix_plan_feed_organisation_id"), "plan_feed", ["organisation_id"])
    op.create_index("ix_plan_feed_user_id_organisation_id", "plan_feed", ["user_id", "organisation_id"])


def _actions() -> None:
    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("source", _one_of("source", SOURCES), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_name", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", _one_of("actionstate", STATES), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reminded", _one_of("reminder", REMINDERS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("owner_id IS NULL OR owner_name = ''", name=op.f("ck_plan_action_one_owner")),
        _key("plan_action", "organisation_id", "organisation"),
        _key("plan_action", "application_id", "application"),
        _key("plan_action", "owner_id", "user"),
        _key("plan_action", "created_by_id", "user"),
        _key("plan_action", "updated_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    op.create_index(op.f("ix_plan_action_application_id"), "plan_action", ["application_id"])
    op.create_index(op.f("ix_plan_action_owner_id"), "plan_action", ["owner_id"])
    op.create_index("ix_plan_action_organisation_id_state", "plan_action", ["organisation_id", "state"])
    op.create_index("ix_plan_action_state_due_on", "plan_action", ["state", "due_on"])


def downgrade() -> None:
    for table in ("plan_feed", "plan_evidence", "plan_action"):
        op.drop_table(table)
