"""applications that are reconciled or decided anew, awards that are provisional or replaced.

Revision: 0018, after 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPLICATION_BEFORE = (
    "draft",
    "submitted",
    "in-assessment",
    "assessed",
    "with-panel",
    "awarded",
    "refused",
    "deferred",
    "withdrawn",
)
APPLICATION = (*APPLICATION_BEFORE, "reconciling")
AWARD_BEFORE = ("awarded", "conditional", "suspended", "withdrawn", "surrendered", "expired")
AWARD = (*AWARD_BEFORE, "provisional", "replaced")
OF_AWARDS = ("award", "register_entry", "register_event")


def upgrade() -> None:
    _statuses("application", "applicationstatus", APPLICATION)
    for table in OF_AWARDS:
        _statuses(table, "awardstatus", AWARD)
    with op.batch_alter_table("award") as award:  # a case that is decided anew after an appeal may grant a second award
        award.drop_constraint(op.f("uq_award_application_id"), type_="unique")
        award.create_index(op.f("ix_award_application_id"), ["application_id"])


def downgrade() -> None:
    with op.batch_alter_table("award") as award:
        award.drop_index(op.f("ix_award_application_id"))
        award.create_unique_constraint(op.f("uq_award_application_id"), ["application_id"])
    for table in OF_AWARDS:
        op.execute(sa.text(f"UPDATE {table} SET status = 'awarded' WHERE status = 'provisional'"))  # noqa: S608  # names of our own tables
        op.execute(sa.text(f"UPDATE {table} SET status = 'surrendered' WHERE status = 'replaced'"))  # noqa: S608  # names of our own tables
        _statuses(table, "awardstatus", AWARD_BEFORE)
    op.execute(sa.text("UPDATE application SET status = 'in-assessment' WHERE status = 'reconciling'"))
    _statuses("application", "applicationstatus", APPLICATION_BEFORE)


def _statuses(name: str, constraint: str, statuses: tuple[str, ...]) -> None:
    """Let the table's `status` be any of these."""
    listed = ", ".join(f"'{status}'" for status in statuses)
    with op.batch_alter_table(name) as table:
        table.drop_constraint(op.f(f"ck_{name}_{constraint}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{name}_{constraint}"), f"status IN ({listed})")
