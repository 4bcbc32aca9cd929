"""service users' voice: rounds of feedback, invitations, answers, concerns; and evidence that was collected here.

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence_item", sa.Column("collected", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "voice_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(length=20), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_voice_round_closed_by_id_user")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["framework_edition.id"], name=op.f("fk_voice_round_edition_id_framework_edition")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name=op.f("fk_voice_round_item_id_evidence_item")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_voice_round_opened_by_id_user")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_voice_round_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_round")),
        sa.UniqueConstraint("link", name=op.f("uq_voice_round_link")),
    )
    op.create_index(op.f("ix_voice_round_closes_on"), "voice_round", ["closes_on"], unique=False)
    op.create_index(op.f("ix_voice_round_organisation_id"), "voice_round", ["organisation_id"], unique=False)
    op.create_table(
        "voice_invite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["mail_message.id"],
            name=op.f("fk_voice_invite_message_id_mail_message"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["round_id"], ["voice_round.id"], name=op.f("fk_voice_invite_round_id_voice_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_invite")),
        sa.UniqueConstraint("key", name=op.f("uq_voice_invite_key")),
        sa.UniqueConstraint("round_id", "address_key", name=op.f("uq_voice_invite_round_id_address_key")),
    )
    op.create_index(op.f("ix_voice_invite_round_id"), "voice_invite", ["round_id"], unique=False)
    op.create_table(
        "voice_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "counted", "held", "left-out", name="standing", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["voice_round.id"], name=op.f("fk_voice_answer_round_id_voice_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_answer")),
        sa.UniqueConstraint("round_id", "once", name=op.f("uq_voice_answer_round_id_once")),
    )
    op.create_index("ix_voice_answer_network", "voice_answer", ["network"], unique=False)
    op.create_index("ix_voice_answer_round_id_standing", "voice_answer", ["round_id", "standing"], unique=False)
    op.create_table(
        "voice_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["voice_round.id"], name=op.f("fk_voice_snapshot_round_id_voice_round")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["evidence_version.id"], name=op.f("fk_voice_snapshot_version_id_evidence_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_snapshot")),
        sa.UniqueConstraint("version_id", name=op.f("uq_voice_snapshot_version_id")),
    )
    op.create_index(op.f("ix_voice_snapshot_round_id"), "voice_snapshot", ["round_id"], unique=False)
    op.create_table(
        "voice_concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_voice_concern_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_concern")),
        sa.UniqueConstraint("once", name=op.f("uq_voice_concern_once")),
    )
    op.create_index(op.f("ix_voice_concern_closed_at"), "voice_concern", ["closed_at"], unique=False)
    op.create_index(op.f("ix_voice_concern_organisation_id"), "voice_concern", ["organisation_id"], unique=False)
    op.create_table(
        "voice_concern_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["voice_concern.id"], name=op.f("fk_voice_concern_scheme_concern_id_voice_concern")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_voice_concern_scheme_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_concern_scheme")),
        sa.UniqueConstraint("concern_id", "scheme_id", name=op.f("uq_voice_concern_scheme_concern_id_scheme_id")),
    )
    op.create_index(op.f("ix_voice_concern_scheme_scheme_id"), "voice_concern_scheme", ["scheme_id"], unique=False)
    op.create_table(
        "voice_concern_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "read",
                "note",
                "passed-on",
                "closed",
                "reopened",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("to_whom", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_voice_concern_step_by_id_user")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["voice_concern.id"], name=op.f("fk_voice_concern_step_concern_id_voice_concern")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_concern_step")),
    )
    op.create_index(op.f("ix_voice_concern_step_concern_id"), "voice_concern_step", ["concern_id"], unique=False)


def downgrade() -> None:
    for name in (
        "voice_concern_step",
        "voice_concern_scheme",
        "voice_concern",
        "voice_snapshot",
        "voice_answer",
        "voice_invite",
        "voice_round",
    ):
        op.drop_table(name)
    with op.batch_alter_table("evidence_item") as table:
        table.drop_column("collected")
