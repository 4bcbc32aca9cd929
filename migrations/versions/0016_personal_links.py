"""the link of an invitation to give feedback, kept for its one reminder and no longer.

Revision: 0016, after 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("voice_invite", sa.Column("link", sa.String(length=40), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("voice_invite", "link")
