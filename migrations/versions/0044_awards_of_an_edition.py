"""the awards under an edition are counted from an index.

Revision: 0044, after 0043
"""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_award_edition_id", "award", ["edition_id"])


def downgrade() -> None:
    op.drop_index("ix_award_edition_id", "award")
