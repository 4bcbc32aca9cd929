"""an index of the entries that were made by mistake, which are left out of searches, counts and files.

Revision: 0041, after 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

VOID = sa.text("status = 'void'")


def upgrade() -> None:
    op.create_index(
        "ix_register_entry_left_out", "register_entry", ["organisation_id"], sqlite_where=VOID, postgresql_where=VOID
    )


def downgrade() -> None:
    op.drop_index("ix_register_entry_left_out", "register_entry")
