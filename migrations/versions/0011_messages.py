"""how each person wants to hear of things, what waits for the day's e-mail, and the regular work that ran.

Columns are added in place: the mail that is queued stays as it is.

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TOPICS = (
    "requests decisions cases colleagues evidence plan passports feedback sharing people security safeguarding"
).split()
FOR_WHOM = "fk_mail_message_user_id_user"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column(
        "mail_message",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id", name=FOR_WHOM), nullable=True),
        inline_references=True,
    )
    op.add_column("mail_message", sa.Column("topic", sa.String(20), nullable=False, server_default=""))
    op.add_column("mail_message", sa.Column("language", sa.String(2), nullable=False, server_default="en"))
    _make_wishes()
    _make_waiting()


def _make_wishes() -> None:
    op.create_table(
        "mail_setting",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("language", _one_of("language", "en", "cy"), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_days", sa.String(7), nullable=False),
        sa.Column("digest_seen_on", sa.Date(), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_address", sa.String(254), nullable=False),
        sa.Column("bounced_because", sa.String(500), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mail_setting_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_setting")),
    )
    op.create_table(
        "message_preference",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", _one_of("topic", *TOPICS), nullable=False),
        sa.Column("way", _one_of("way", "at-once", "daily", "never"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_message_preference_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_message_preference")),
    )


def _make_waiting() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", _one_of("topic", *TOPICS), nullable=False),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_user_id_id", "notice", ["user_id", "id"])
    op.create_table(
        "regular_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regular_run")),
        sa.UniqueConstraint("day", "name", name=op.f("uq_regular_run_day_name")),
    )


def downgrade() -> None:
    for table in ("regular_run", "notice", "message_preference", "mail_setting"):
        op.drop_table(table)
    op.drop_column("mail_message", "language")
    op.drop_column("mail_message", "topic")
    with op.batch_alter_table("mail_message") as batch_op:  # the reference goes with its column
        batch_op.drop_column("user_id")
