"""which services and sites an award covers, where that was changed after it was granted.

Revision: 0030, after 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("award") as award:
        award.add_column(sa.Column("covers", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("award") as award:
        award.alter_column("covers", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("award") as award:
        award.drop_column("covers")
