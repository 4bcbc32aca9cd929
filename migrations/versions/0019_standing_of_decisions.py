"""where panels and decisions stand, and the last day to appeal.

Revision: 0019, after 0018
"""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PANEL = ("called", "vote-closed", "decided", "stood-down")
DECISION = ("recorded", "signed", "appealed", "upheld", "set-aside")
APPEAL_WITHIN = timedelta(days=28)  # what every letter said until now


def upgrade() -> None:
    _add_status("panel", "panelstatus", PANEL)
    _add_status("decision", "decisionstatus", DECISION, sa.Column("appeal_by", sa.Date(), nullable=True))
    op.execute(
        sa.text(
            "UPDATE panel SET status = CASE"
            " WHEN EXISTS (SELECT 1 FROM decision WHERE decision.panel_id = panel.id) THEN 'decided'"
            " WHEN EXISTS (SELECT 1 FROM application WHERE application.id = panel.application_id"
            " AND application.status = 'with-panel') THEN 'called'"
            " ELSE 'stood-down' END"
        )
    )
    op.execute(sa.text("UPDATE decision SET status = 'recorded'"))
    _count_days()
    for name in ("panel", "decision"):
        with op.batch_alter_table(name) as table:
            table.alter_column("status", existing_type=sa.String(length=40), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("decision") as table:
        table.drop_constraint(op.f("ck_decision_decisionstatus"), type_="check")
        table.drop_column("appeal_by")
        table.drop_column("status")
    with op.batch_alter_table("panel") as table:
        table.drop_constraint(op.f("ck_panel_panelstatus"), type_="check")
        table.drop_column("status")


def _add_status(name: str, constraint: str, statuses: tuple[str, ...], *others: sa.Column[object]) -> None:
    listed = ", ".join(f"'{status}'" for status in statuses)
    with op.batch_alter_table(name) as table:
        table.add_column(sa.Column("status", sa.String(length=40), nullable=True))
        for column in others:
            table.add_column(column)
        table.create_check_constraint(op.f(f"ck_{name}_{constraint}"), f"status IN ({listed})")


def _count_days() -> None:
    """The last day to appeal against each decision there is: day arithmetic differs between databases, so it is done here."""
    decision = sa.table(
        "decision", sa.column("id", sa.Integer), sa.column("decided_at", sa.DateTime), sa.column("appeal_by", sa.Date)
    )
    connection = op.get_bind()
    for row_id, decided_at in connection.execute(sa.select(decision.c.id, decision.c.decided_at)).all():
        at = decided_at if decided_at.tzinfo else decided_at.replace(tzinfo=UTC)
        last = at.astimezone(ZoneInfo("Europe/London")).date() + APPEAL_WITHIN
        connection.execute(sa.update(decision).where(decision.c.id == row_id).values(appeal_by=last))
