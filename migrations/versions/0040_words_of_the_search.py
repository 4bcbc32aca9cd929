"""words that stand for each other in the search; what search indexes have to hear of.

Revision: 0040, after 0039
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40)),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
        sa.UniqueConstraint("code", name=op.f("uq_search_words_code")),
    )
    change = op.create_table(
        "register_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entry_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
        sa.UniqueConstraint("stamp", name=op.f("uq_register_change_stamp")),
    )
    # A mark of this very database: an index that was written of another one is told by it.
    op.bulk_insert(change, [{"stamp": secrets.token_hex(16), "kind": "made"}])


def downgrade() -> None:
    op.drop_table("register_change")
    op.drop_table("search_words")
