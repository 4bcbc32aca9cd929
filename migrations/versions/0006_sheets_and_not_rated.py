"""a criterion that could not be rated, and the scores of an assessment as they were handed in, packed.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RULE = "NOT (not_rated AND (not_applicable OR point IS NOT NULL))"


def upgrade() -> None:
    op.add_column("assessment", sa.Column("sheet", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("score") as table:
        table.add_column(sa.Column("not_rated", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.create_check_constraint(op.f("ck_score_point_or_not_rated"), RULE)


def downgrade() -> None:
    with op.batch_alter_table("score") as table:
        table.drop_constraint(op.f("ck_score_point_or_not_rated"), type_="check")
        table.drop_column("not_rated")
    op.drop_column("assessment", "sheet")
