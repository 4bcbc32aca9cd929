"""Awards that were there before: their certificates become first versions, and nobody is reminded again of the same."""

from __future__ import annotations

import json

from flask_migrate import upgrade
from sqlalchemy import text

from app.extensions import db
from tests.integration.test_migrations import MIGRATIONS, filled  # noqa: F401  # a fixture

AWARD = {
    "id": 7,
    "organisation_id": 1,
    "scheme_id": 1,
    "application_id": 1,
    "edition_id": 1,
    "number": "TST-26-00001-X",
    "level": "silver",
    "level_title": "Silver",
    "level_colour": "silver",
    "holder_name": "Bay Friends",
    "scope": '["Befriending"]',
    "status": "awarded",
    "status_on": "2026-04-01",
    "status_reason": "",
    "conditions": "",
    "granted_on": "2026-04-01",
    "expires_on": "2027-03-31",
    "created_at": "2026-04-01 12:00:00",
    "certificate_key": "ab/cd",
    "certificate_sha256": "f" * 64,
}
STAGES = ("opens", "two-months", "two-months", "week")


def insert(connection, table: str, row: dict[str, object]) -> None:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'), row)


def test_certificates_become_first_versions_and_reminders_are_not_given_again(filled):  # noqa: F811
    upgrade(str(MIGRATIONS), revision="0021")
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        insert(connection, "award", AWARD)
        for number, stage in enumerate(STAGES):
            reminded = {"action": "award.reminded", "subject": "award", "subject_id": 7, "actor_name": ""}
            at = f"2026-10-{number + 1:02} 05:00:00"
            insert(connection, "audit_row", {**reminded, "at": at, "detail": json.dumps({"stage": stage})})
    upgrade(str(MIGRATIONS))
    with db.engine.connect() as connection:
        version = connection.execute(
            text("SELECT version, issued_on, why, storage_key, scope FROM certificate_version")
        )
        assert version.all() == [(1, "2026-04-01", "", "ab/cd", '["Befriending"]')]
        notices = connection.execute(text("SELECT cause, stage, given_on FROM award_notice ORDER BY id")).all()
        assert notices == [
            ("expiry", "opens", "2026-10-01"),
            ("expiry", "60", "2026-10-02"),
            ("expiry", "7", "2026-10-04"),
        ]
        award = connection.execute(text("SELECT provisional, suspended_until, cycle_from, covers FROM award")).one()
        assert award == (0, None, None, "{}")
