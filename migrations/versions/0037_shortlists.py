"""shortlists of commissioners, their links, what was locked of them; invitations to teams.

Revision: 0037, after 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.extensions import UtcDateTime
from app.models.append_only import guard, unguard

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

GUARDED = ("locked_list",)
ONE_OWNER = "(owner_id IS NULL) <> (team_id IS NULL)"
STATUSES = ("awarded", "conditional", "provisional", "suspended", "withdrawn", "surrendered", "replaced", "expired")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _lists()
    _shares()
    _locked()
    _invitations()
    guard(op.get_bind(), GUARDED)


def _lists() -> None:
    op.create_table(
        "shortlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("team_id", sa.Integer()),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(ONE_OWNER, name=op.f("ck_shortlist_one_owner")),
        _key("shortlist", "owner_id", "user"),
        _key("shortlist", "team_id", "team"),
        _key("shortlist", "created_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist")),
    )
    op.create_index("ix_shortlist_owner_id_deleted_at", "shortlist", ["owner_id", "deleted_at"])
    op.create_index("ix_shortlist_team_id_deleted_at", "shortlist", ["team_id", "deleted_at"])
    op.create_table(
        "shortlist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortlist_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verdict", _enum("verdict", "open", "chosen", "not-chosen"), nullable=False),
        sa.Column("status_then", _enum("awardstatus", *STATUSES), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("shortlist_item", "shortlist_id", "shortlist"),
        _key("shortlist_item", "entry_id", "register_entry"),
        _key("shortlist_item", "added_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_item")),
        sa.UniqueConstraint("shortlist_id", "entry_id", name=op.f("uq_shortlist_item_shortlist_id_entry_id")),
    )
    op.create_index(op.f("ix_shortlist_item_entry_id"), "shortlist_item", ["entry_id"])


def _shares() -> None:
    op.create_table(
        "shortlist_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortlist_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("words", sa.String(120), nullable=False),
        sa.Column("with_notes", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        _key("shortlist_share", "shortlist_id", "shortlist"),
        _key("shortlist_share", "made_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_share")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shortlist_share_token_hash")),
    )
    op.create_index(op.f("ix_shortlist_share_shortlist_id"), "shortlist_share", ["shortlist_id"])


def _locked() -> None:
    op.create_table(
        "locked_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("team_id", sa.Integer()),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint(ONE_OWNER, name=op.f("ck_locked_list_one_owner")),
        _key("locked_list", "made_by_id", "user"),
        _key("locked_list", "owner_id", "user"),
        _key("locked_list", "team_id", "team"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locked_list")),
        sa.UniqueConstraint("token", name=op.f("uq_locked_list_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_locked_list_sha256")),
    )
    op.create_index(op.f("ix_locked_list_owner_id"), "locked_list", ["owner_id"])
    op.create_index(op.f("ix_locked_list_team_id"), "locked_list", ["team_id"])


def _invitations() -> None:
    op.create_table(
        "team_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("cancelled_at", UtcDateTime()),
        _key("team_invitation", "team_id", "team"),
        _key("team_invitation", "invited_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_invitation_token_hash")),
    )
    op.create_index(op.f("ix_team_invitation_team_id"), "team_invitation", ["team_id"])


def downgrade() -> None:
    unguard(op.get_bind(), GUARDED)
    for table in ("team_invitation", "locked_list", "shortlist_share", "shortlist_item", "shortlist"):
        op.drop_table(table)
