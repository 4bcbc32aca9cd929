"""audit rows as a chain of hashes, seals of it, and guards that refuse every change.

Revision: 0028, after 0027
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from app.domain.audit_chain import GENESIS, Content, facts_of, hash_of_content, hash_of_row, next_hash
from app.extensions import UtcDateTime
from app.models.append_only import guard, unguard

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

GUARDED = ("audit_row", "audit_seal", "register_event")
AT_ONCE = 1_000
rows = sa.table(
    "audit_row",
    sa.column("id", sa.Integer),
    sa.column("at", UtcDateTime),
    sa.column("actor_id", sa.Integer),
    sa.column("actor_name", sa.String),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("scheme_id", sa.Integer),
    sa.column("application_id", sa.Integer),
    sa.column("detail", sa.JSON),
    sa.column("salt", sa.String),
    sa.column("content_sha256", sa.String),
    sa.column("hash", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("audit_row") as table:
        table.add_column(sa.Column("salt", sa.String(32), server_default="", nullable=False))
        table.add_column(sa.Column("content_sha256", sa.String(64), server_default="", nullable=False))
        table.add_column(sa.Column("hash", sa.String(64), nullable=True))
    _chain_what_is_there(op.get_bind())
    with op.batch_alter_table("audit_row") as table:
        table.alter_column("salt", existing_type=sa.String(32), server_default=None)
        table.alter_column("content_sha256", existing_type=sa.String(64), server_default=None)
        table.alter_column("hash", existing_type=sa.String(64), nullable=False)
        table.create_unique_constraint(op.f("uq_audit_row_hash"), ["hash"])
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["audit_row.id"], name=op.f("fk_audit_seal_row_id_audit_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("day", name=op.f("uq_audit_seal_day")),
    )
    guard(op.get_bind(), GUARDED)


def downgrade() -> None:
    unguard(op.get_bind(), GUARDED)
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_row") as table:
        table.drop_constraint(op.f("uq_audit_row_hash"), type_="unique")
        table.drop_column("hash")
        table.drop_column("content_sha256")
        table.drop_column("salt")


def _chain_what_is_there(connection: sa.Connection) -> None:
    """Give the rows written so far their places in the chain, in the order of their ids."""
    last, previous = 0, GENESIS
    while found := connection.execute(sa.select(rows).where(rows.c.id > last).order_by(rows.c.id).limit(AT_ONCE)).all():
        for row in found:
            salt = secrets.token_hex(16)
            content = hash_of_content(Content(salt, row.actor_name, row.detail))
            previous = next_hash(previous, hash_of_row(_facts(row), content))
            connection.execute(
                sa.update(rows).where(rows.c.id == row.id).values(salt=salt, content_sha256=content, hash=previous)
            )
        last = found[-1].id


def _facts(row: sa.Row) -> dict[str, object]:
    return facts_of(
        row.at,
        row.action,
        row.subject,
        row.subject_id,
        row.actor_id,
        organisation_id=row.organisation_id,
        scheme_id=row.scheme_id,
        application_id=row.application_id,
    )
