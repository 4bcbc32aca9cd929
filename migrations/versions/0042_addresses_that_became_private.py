"""from which revision of the register on an address is told nowhere.

Revision: 0042, after 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("register_change", sa.Column("revision", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("register_change", "revision")
