"""what an award collects while it runs: certificates as issued, notices, surveillance, spot checks.

Revision: {rev}, after {down}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "{rev}"
down_revision = "{down}"
branch_labels = None
depends_on = None

SURVEILLANCE = ("planned", "open", "overdue", "returned", "follow-up", "accepted", "dropped")
STAGES = {{"two-months": "60", "week": "7"}}  # what reminders were called until now
BATCH = 500


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["{to}.id"], name=op.f("fk_{table}_{column}_{to}"))


def upgrade() -> None:
    with op.batch_alter_table("award") as award:
        award.add_column(sa.Column("provisional", sa.Boolean(), nullable=False, server_default=sa.false()))
        award.add_column(sa.Column("suspended_until", sa.Date(), nullable=True))
        award.add_column(sa.Column("cycle_from", sa.Date(), nullable=True))
    with op.batch_alter_table("award") as award:
        award.alter_column("provisional", existing_type=sa.Boolean(), server_default=None)
    _certificates()
    _notices()
    _surveillance()
    _spot_checks()
    _keep_certificates()
    _keep_notices()


def downgrade() -> None:
    for table in ("spot_check", "spot_draw", "surveillance", "award_notice", "certificate_version"):
        op.drop_table(table)
    with op.batch_alter_table("award") as award:
        award.drop_column("cycle_from")
        award.drop_column("suspended_until")
        award.drop_column("provisional")


def _certificates() -> None:
    op.create_table(
        "certificate_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("level_title", sa.String(length=80), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("storage_key", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _key("certificate_version", "award_id", "award"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_version")),
        sa.UniqueConstraint("award_id", "version", name=op.f("uq_certificate_version_award_id_version")),
    )


def _notices() -> None:
    op.create_table(
        "award_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        _key("award_notice", "award_id", "award"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_notice")),
        sa.UniqueConstraint("award_id", "cause", "stage", name=op.f("uq_award_notice_award_id_cause_stage")),
    )


def _surveillance() -> None:
    status = sa.Enum(*SURVEILLANCE, native_enum=False, create_constraint=True, length=40, name="surveillancestatus")
    op.create_table(
        "surveillance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("again", sa.JSON(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        _key("surveillance", "award_id", "award"),
        _key("surveillance", "returned_by_id", "user"),
        _key("surveillance", "settled_by_id", "user"),
        sa.CheckConstraint("opens_on <= due_on", name=op.f("ck_surveillance_opens_before_due")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveillance")),
        sa.UniqueConstraint("award_id", "number", name=op.f("uq_surveillance_award_id_number")),
    )
    op.create_index("ix_surveillance_status_due_on", "surveillance", ["status", "due_on"])


def _spot_checks() -> None:
    op.create_table(
        "spot_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("population", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        _key("spot_draw", "scheme_id", "scheme"),
        _key("spot_draw", "drawn_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_draw")),
    )
    op.create_index(op.f("ix_spot_draw_scheme_id"), "spot_draw", ["scheme_id"])
    op.create_table(
        "spot_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        _key("spot_check", "draw_id", "spot_draw"),
        _key("spot_check", "award_id", "award"),
        _key("spot_check", "assessor_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check")),
        sa.UniqueConstraint("draw_id", "award_id", name=op.f("uq_spot_check_draw_id_award_id")),
    )
    op.create_index(op.f("ix_spot_check_award_id"), "spot_check", ["award_id"])
    op.create_index(op.f("ix_spot_check_assessor_id"), "spot_check", ["assessor_id"])


def _keep_certificates() -> None:
    """The certificates there are become the first versions."""
    op.execute(
        sa.text(
            "INSERT INTO certificate_version (award_id, version, issued_on, issued_at, issued_by, why, level, level_title,"
            " holder_name, scope, expires_on, storage_key, sha256)"
            " SELECT id, 1, granted_on, created_at, '', '', level, level_title, holder_name, scope, expires_on,"
            " certificate_key, certificate_sha256 FROM award WHERE certificate_key <> ''"
        )
    )


def _keep_notices() -> None:
    """Whoever was reminded is not reminded again of the same. The earliest of each stage counts."""
    kept: dict[tuple[int, str], dict[str, Any]] = {{}}
    for row in _reminders():
        stage = STAGES.get(row.detail.get("stage"), row.detail.get("stage"))
        given = {
            {
                "award_id": row.subject_id,
                "cause": "expiry",
                "stage": stage,
                "given_on": row.at.date(),
                "given_at": row.at,
            }
        }
        if stage:
            kept.setdefault((row.subject_id, stage), given)
    notice = sa.table(
        "award_notice",
        sa.column("award_id", sa.Integer),
        sa.column("cause", sa.String),
        sa.column("stage", sa.String),
        sa.column("given_on", sa.Date),
        sa.column("given_at", sa.DateTime(timezone=True)),
    )
    rows = list(kept.values())
    for start in range(0, len(rows), BATCH):
        op.bulk_insert(notice, rows[start : start + BATCH])


def _reminders() -> Iterator[Any]:
    audit = sa.table(
        "audit_row",
        sa.column("id", sa.Integer),
        sa.column("action", sa.String),
        sa.column("subject_id", sa.Integer),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("detail", sa.JSON),
    )
    award = sa.table("award", sa.column("id", sa.Integer))
    asked = (
        sa.select(audit)
        .join(award, award.c.id == audit.c.subject_id)
        .where(audit.c.action == "award.reminded")
        .order_by(audit.c.id)
    )
    yield from op.get_bind().execute(asked)
