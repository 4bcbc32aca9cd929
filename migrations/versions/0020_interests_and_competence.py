"""registers of interests that are confirmed, what assessors can judge, and the lead among them.

Revision: 0020, after 0019
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = ("works", "governs", "advises", "funds", "knows", "other")


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, length=40, name=name)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    _interests()
    _registers()
    _competence()
    with op.batch_alter_table("assessment") as table:
        table.add_column(sa.Column("lead", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("answer_by", sa.Date(), nullable=True))
        table.add_column(sa.Column("unanswered_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("turned_down", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("taken_over_from_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_assessment_taken_over_from_id_assessment"), "assessment", ["taken_over_from_id"], ["id"]
        )
    _choose_leads()
    op.create_index(
        "uq_assessment_lead",
        "assessment",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("lead"),
        postgresql_where=sa.text("lead"),
    )
    with op.batch_alter_table("score") as table:
        table.add_column(sa.Column("taken_from_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_score_taken_from_id_score"), "score", ["taken_from_id"], ["id"])


def _interests() -> None:
    with op.batch_alter_table("interest") as table:
        table.drop_constraint(op.f("uq_interest_user_id_organisation_id"), type_="unique")
        table.alter_column("organisation_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("organisation_name", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("kind", _one_of("tiekind", *KINDS), nullable=False, server_default="other"))
        table.add_column(sa.Column("whose", _one_of("whose", "own", "family"), nullable=False, server_default="own"))
        table.add_column(sa.Column("since_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("noticed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("closed_because", sa.String(500), nullable=False, server_default=""))
        table.add_column(sa.Column("closed_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_interest_closed_by_id_user"), "user", ["closed_by_id"], ["id"])
        table.create_foreign_key(op.f("fk_interest_replaces_id_interest"), "interest", ["replaces_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_interest_some_organisation"), "organisation_id IS NOT NULL OR organisation_name <> ''"
        )
        table.create_index("ix_interest_user_id", ["user_id"])
    # what was kept until now came from memberships, advice and declarations on cases, not from a register
    op.execute(sa.text("UPDATE interest SET noticed = true"))
    op.execute(sa.text("UPDATE interest SET kind = 'works' WHERE nature LIKE 'Worked for the organisation here as %'"))
    op.execute(
        sa.text("UPDATE interest SET kind = 'advises' WHERE nature LIKE '%Advises the organisation from outside.'")
    )


def _registers() -> None:
    """One for everybody who holds a post: asked for today, so that nobody is late before they have heard of it."""
    op.create_table(
        "interest_register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_none", sa.Boolean(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        _key("interest_register", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_register")),
        sa.UniqueConstraint("user_id", name=op.f("uq_interest_register_user_id")),
    )
    op.execute(
        sa.text(
            "INSERT INTO interest_register (user_id, asked_on, has_none) "
            "SELECT DISTINCT user_id, CAST(:today AS DATE), false FROM scheme_post"
            if op.get_bind().dialect.name != "sqlite"
            else "INSERT INTO interest_register (user_id, asked_on, has_none) "
            "SELECT DISTINCT user_id, :today, false FROM scheme_post"
        ).bindparams(today=datetime.now(UTC).date().isoformat())
    )


def _competence() -> None:
    op.create_table(
        "competence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("client_groups", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("travels", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("most BETWEEN 0 AND 99", name=op.f("ck_competence_most_cases")),
        _key("competence", "user_id", "user"),
        _key("competence", "scheme_id", "scheme"),
        _key("competence", "updated_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence")),
        sa.UniqueConstraint("user_id", "scheme_id", name=op.f("uq_competence_user_id_scheme_id")),
    )
    op.create_index(op.f("ix_competence_scheme_id"), "competence", ["scheme_id"])


def _choose_leads() -> None:
    """The first of those who assess a case leads it."""
    op.execute(
        sa.text(
            "UPDATE assessment SET lead = true WHERE id IN (SELECT MIN(id) FROM assessment "
            "WHERE status IN ('assigned', 'open', 'handed-in') GROUP BY application_id)"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("score") as table:
        table.drop_constraint(op.f("fk_score_taken_from_id_score"), type_="foreignkey")
        table.drop_column("taken_from_id")
    op.drop_index("uq_assessment_lead", "assessment")
    with op.batch_alter_table("assessment") as table:
        table.drop_constraint(op.f("fk_assessment_taken_over_from_id_assessment"), type_="foreignkey")
        for column in ("taken_over_from_id", "turned_down", "unanswered_on", "answer_by", "lead"):
            table.drop_column(column)
    op.drop_table("competence")
    op.drop_table("interest_register")
    _interests_before()


def _interests_before() -> None:
    """The earlier table holds one row for a person and an organisation here: the one that was put down last."""
    op.execute(sa.text("UPDATE interest SET replaces_id = NULL"))
    op.execute(
        sa.text(
            "DELETE FROM interest WHERE organisation_id IS NULL OR id NOT IN "
            "(SELECT MAX(id) FROM interest WHERE organisation_id IS NOT NULL GROUP BY user_id, organisation_id)"
        )
    )
    with op.batch_alter_table("interest") as table:
        table.drop_index("ix_interest_user_id")
        table.drop_constraint(op.f("ck_interest_some_organisation"), type_="check")
        table.drop_constraint(op.f("ck_interest_tiekind"), type_="check")
        table.drop_constraint(op.f("ck_interest_whose"), type_="check")
        table.drop_constraint(op.f("fk_interest_replaces_id_interest"), type_="foreignkey")
        table.drop_constraint(op.f("fk_interest_closed_by_id_user"), type_="foreignkey")
        for column in (
            "replaces_id",
            "closed_by_id",
            "closed_because",
            "closed_at",
            "noticed",
            "since_on",
            "whose",
            "kind",
            "organisation_name",
        ):
            table.drop_column(column)
        table.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
        table.create_unique_constraint(op.f("uq_interest_user_id_organisation_id"), ["user_id", "organisation_id"])
