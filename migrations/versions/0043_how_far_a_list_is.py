"""how far the work on a list is, and the next rows of it found without reading those before.

Revision: 0043, after 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ROW = "register_import_row"


def upgrade() -> None:
    op.add_column("register_import", sa.Column("to_do", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("register_import", sa.Column("reached", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE register_import SET reached = done WHERE state = 'undoing'")  # `done` was the row's id there
    op.create_index(f"ix_{ROW}_import_id_id_award_id", ROW, ["import_id", "id", "award_id"])
    op.create_index(f"ix_{ROW}_import_id_outcome_choice_award_id", ROW, ["import_id", "outcome", "choice", "award_id"])


def downgrade() -> None:
    op.drop_index(f"ix_{ROW}_import_id_outcome_choice_award_id", ROW)
    op.drop_index(f"ix_{ROW}_import_id_id_award_id", ROW)
    op.execute("UPDATE register_import SET done = reached WHERE state = 'undoing'")
    op.drop_column("register_import", "reached")
    op.drop_column("register_import", "to_do")
