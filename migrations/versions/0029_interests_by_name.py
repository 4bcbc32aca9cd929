"""interests in organisations that are only named, found by their name.

Revision: 0029, after 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("interest") as table:
        table.add_column(sa.Column("name_key", sa.String(200), nullable=False, server_default=""))
        table.create_index(op.f("ix_interest_name_key"), ["name_key"])


def downgrade() -> None:
    with op.batch_alter_table("interest") as table:
        table.drop_index(op.f("ix_interest_name_key"))
        table.drop_column("name_key")
