"""who watches which provider, saved searches, and needs that commissioners publish.

Revision: 0033, after 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TOPICS_BEFORE = (
    "requests",
    "decisions",
    "cases",
    "colleagues",
    "evidence",
    "plan",
    "passports",
    "feedback",
    "sharing",
    "people",
    "security",
    "safeguarding",
)
TOPICS = (*TOPICS_BEFORE, "watched", "watched-loss", "searches", "needs")
TABLES = (
    "alert_cursor",
    "need",
    "saved_search",
    "watch_feed",
    "need_change",
    "need_facet",
    "need_told",
    "search_news",
    "expiry_notice",
    "mail_watch",
    "need_answer",
    "watch",
)
OF_TOPICS = ("message_preference", "notice")


def upgrade() -> None:
    for table in OF_TOPICS:
        _topics(table, TOPICS)
    _alert_cursor()
    _need()
    _saved_search()
    _watch_feed()
    _need_change()
    _need_facet()
    _need_told()
    _search_news()
    _expiry_notice()
    _mail_watch()
    _need_answer()
    _watch()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for table in OF_TOPICS:
        op.execute(sa.text(f"DELETE FROM {table} WHERE topic IN ('watched', 'watched-loss', 'searches', 'needs')"))  # noqa: S608  # names of our own tables
        _topics(table, TOPICS_BEFORE)


def _topics(name: str, topics: tuple[str, ...]) -> None:
    """Let the table's `topic` be any of these."""
    listed = ", ".join(f"'{topic}'" for topic in topics)
    with op.batch_alter_table(name) as table:
        table.drop_constraint(op.f(f"ck_{name}_topic"), type_="check")
        table.create_check_constraint(op.f(f"ck_{name}_topic"), f"topic IN ({listed})")


def _alert_cursor() -> None:
    op.create_table(
        "alert_cursor",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_alert_cursor")),
    )


def _need() -> None:
    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("client_groups", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("per", sa.String(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "closed",
                "withdrawn",
                "hidden",
                name="needstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("status_by", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_need_one_owner")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_need_created_by_id_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_need_owner_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_need_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index(op.f("ix_need_owner_id"), "need", ["owner_id"])
    op.create_index(op.f("ix_need_published_at"), "need", ["published_at"])
    op.create_index(op.f("ix_need_status_answer_by"), "need", ["status", "answer_by"])
    op.create_index(op.f("ix_need_team_id"), "need", ["team_id"])


def _saved_search() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("on_new", sa.Boolean(), nullable=False),
        sa.Column("on_gone", sa.Boolean(), nullable=False),
        sa.Column(
            "pace",
            sa.Enum("at-once", "daily", "weekly", name="pace", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("matched", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("seen_revision", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_saved_search_one_owner")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_saved_search_created_by_id_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_search_owner_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_saved_search_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_owner_id"), "saved_search", ["owner_id"])
    op.create_index(op.f("ix_saved_search_team_id"), "saved_search", ["team_id"])


def _watch_feed() -> None:
    op.create_table(
        "watch_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_watch_feed_one_owner")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_watch_feed_made_by_id_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_watch_feed_owner_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_watch_feed_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_watch_feed_token_hash")),
    )
    op.create_index(op.f("ix_watch_feed_owner_id"), "watch_feed", ["owner_id"])
    op.create_index(op.f("ix_watch_feed_team_id"), "watch_feed", ["team_id"])


def _need_change() -> None:
    op.create_table(
        "need_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_change_need_id_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_change")),
    )
    op.create_index(op.f("ix_need_change_need_id"), "need_change", ["need_id"])


def _need_facet() -> None:
    op.create_table(
        "need_facet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_facet_need_id_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_facet")),
        sa.UniqueConstraint("need_id", "kind", "code", name="uq_need_facet_need_id_kind_code"),
    )
    op.create_index(op.f("ix_need_facet_kind_code"), "need_facet", ["kind", "code"])


def _need_told() -> None:
    op.create_table(
        "need_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_told_need_id_need")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_need_told_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_told")),
        sa.UniqueConstraint("need_id", "organisation_id", name="uq_need_told_need_id_organisation_id"),
    )
    op.create_index(op.f("ix_need_told_organisation_id"), "need_told", ["organisation_id"])


def _search_news() -> None:
    op.create_table(
        "search_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_ids", sa.JSON(), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("gone_ids", sa.JSON(), nullable=False),
        sa.Column("gone_count", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["search_id"], ["saved_search.id"], name=op.f("fk_search_news_search_id_saved_search")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_news")),
    )
    op.create_index(op.f("ix_search_news_search_id_found_at"), "search_news", ["search_id", "found_at"])


def _expiry_notice() -> None:
    op.create_table(
        "expiry_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_expiry_notice_entry_id_register_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_notice")),
        sa.UniqueConstraint("entry_id", "expires_on", "days", name="uq_expiry_notice_entry_id_expires_on_days"),
    )


def _mail_watch() -> None:
    op.create_table(
        "mail_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "language",
            sa.Enum("en", "cy", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_mail_watch_entry_id_register_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_watch")),
        sa.UniqueConstraint("email", "entry_id", name="uq_mail_watch_email_entry_id"),
        sa.UniqueConstraint("secret", name=op.f("uq_mail_watch_secret")),
    )
    op.create_index(op.f("ix_mail_watch_entry_id"), "mail_watch", ["entry_id"])


def _need_answer() -> None:
    op.create_table(
        "need_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_need_answer_some_people")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_need_answer_by_id_user")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_need_answer_entry_id_register_entry")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_answer_need_id_need")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_need_answer_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_answer")),
        sa.UniqueConstraint("need_id", "organisation_id", name="uq_need_answer_need_id_organisation_id"),
    )
    op.create_index(op.f("ix_need_answer_organisation_id"), "need_answer", ["organisation_id"])


def _watch() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hears", sa.JSON(), nullable=False),
        sa.Column(
            "way",
            sa.Enum("at-once", "daily", "never", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_watch_one_owner")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_watch_created_by_id_user")),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_watch_entry_id_register_entry")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_watch_owner_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_watch_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("owner_id", "entry_id", name="uq_watch_owner_id_entry_id"),
        sa.UniqueConstraint("team_id", "entry_id", name="uq_watch_team_id_entry_id"),
    )
    op.create_index(op.f("ix_watch_entry_id"), "watch", ["entry_id"])
