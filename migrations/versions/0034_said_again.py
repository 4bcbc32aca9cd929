"""which offers somebody was reminded of; messages about the register.

Revision: 0034, after 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TOPICS = (
    "requests decisions cases colleagues evidence plan passports feedback sharing people security safeguarding "
    "watched watched-loss searches needs"
).split()
ABOUT = ("message_preference", "notice")


def _only(topics: list[str]) -> None:
    """Let messages be about these topics alone."""
    listed = ", ".join(f"'{topic}'" for topic in topics)
    for table in ABOUT:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_topic"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_topic"), f"topic IN ({listed})")


def upgrade() -> None:
    with op.batch_alter_table("service_offer") as batch:
        batch.add_column(sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("service_offer") as batch:
        batch.alter_column("reminded", existing_type=sa.Integer(), server_default=None)
    _only([*TOPICS, "register"])


def downgrade() -> None:
    for table in ABOUT:
        op.execute(f"DELETE FROM {table} WHERE topic = 'register'")  # noqa: S608
    _only(TOPICS)
    with op.batch_alter_table("service_offer") as batch:
        batch.drop_column("reminded")
