"""lists that a scheme brings into the register, and awards that were entered by mistake.

Revision: 0035, after 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.append_only import guard, unguard

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BEFORE = ("awarded", "conditional", "suspended", "withdrawn", "surrendered", "expired", "provisional", "replaced")
OF_AWARDS = ("award", "register_entry", "register_event")
STATES = ("reading", "ready", "applying", "done", "undoing", "undone", "failed", "discarded")
OUTCOMES = ("new", "known", "perhaps", "standing", "twice", "wrong")


def upgrade() -> None:
    _statuses((*BEFORE, "void"))
    op.create_index(op.f("ix_organisation_postcode"), "organisation", ["postcode"])
    op.create_table(
        "register_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_key", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("granted_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("state", _one_of("importstate", STATES), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True)),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_by_id", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_register_import_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["framework_edition.id"], name=op.f("fk_register_import_edition_id_framework_edition")
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_register_import_started_by_id_user")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_register_import_confirmed_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )
    op.create_index(op.f("ix_register_import_scheme_id"), "register_import", ["scheme_id"])
    op.create_table(
        "register_import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("read", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("outcome", _one_of("outcome", OUTCOMES), nullable=False),
        sa.Column("choice", sa.String(20), nullable=False),
        sa.Column("organisation_id", sa.Integer()),
        sa.Column("award_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_register_import_row_import_id_register_import")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_register_import_row_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_register_import_row_award_id_award")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import_row")),
    )
    op.create_index(
        op.f("ix_register_import_row_import_id_outcome"), "register_import_row", ["import_id", "outcome", "id"]
    )


def downgrade() -> None:
    op.drop_table("register_import_row")
    op.drop_table("register_import")
    op.drop_index(op.f("ix_organisation_postcode"), "organisation")
    unguard(op.get_bind(), ("register_event",))
    for table in OF_AWARDS:
        op.execute(sa.text(f"UPDATE {table} SET status = 'withdrawn' WHERE status = 'void'"))  # noqa: S608  # names of our own tables
    guard(op.get_bind(), ("register_event",))
    _statuses(BEFORE)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _statuses(statuses: tuple[str, ...]) -> None:
    """Let the status of awards, and of what the register says of them, be any of these."""
    listed = ", ".join(f"'{status}'" for status in statuses)
    unguard(op.get_bind(), ("register_event",))
    for name in OF_AWARDS:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_awardstatus"), type_="check")
            table.create_check_constraint(op.f(f"ck_{name}_awardstatus"), f"status IN ({listed})")
    guard(op.get_bind(), ("register_event",))
