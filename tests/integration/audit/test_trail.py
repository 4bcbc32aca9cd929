"""The audit trail in the database: nobody changes it, and who does so against the guards is found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.models import AuditRow, AuditSeal
from app.models.append_only import guard, unguard
from app.queries.audit_chain import Seal, end_of_chain, verify
from app.services.audit_keeping import erase_content, seal_the_day
from app.services.transactions import record, transaction
from tests import factories
from tests.conftest import NOON

FORBIDDEN = [
    "UPDATE audit_row SET action = 'award.granted'",
    "UPDATE audit_row SET actor_name = ''",
    "UPDATE audit_row SET detail = '{}', actor_name = '', salt = '', hash = 'x'",
    "DELETE FROM audit_row",
    "DELETE FROM audit_seal",
    "UPDATE audit_seal SET hash = 'x'",
]


def note(number: int, subject) -> None:
    with transaction() as session:
        record(session, Actor(name="Rose Hall"), "thing.done", subject, NOON, number=number, why="Because.")


@pytest.fixture
def trail(app):
    """Five rows, and the seal of the day."""
    person = factories.user()
    for number in range(5):
        note(number, person)
    assert seal_the_day(NOON) == 1
    return list(db.session.scalars(select(AuditRow.id).order_by(AuditRow.id)))


def write(statement: str, **values) -> None:
    db.session.rollback()  # to empty a table, PostgreSQL waits for whoever has read it
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(statement), values)


def tamper(statement: str, **values) -> None:
    """As somebody who may do anything with the database."""
    db.session.rollback()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        unguard(connection)
        connection.execute(text(statement), values)
        guard(connection)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_every_change(trail, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        write(statement)
    assert verify(db.session()).breaks == ()


def test_the_database_refuses_what_replaces_or_empties_behind_the_guards(trail):
    sqlite = db.engine.dialect.name == "sqlite"
    columns = "id, at, actor_id, actor_name, action, subject, detail, salt, content_sha256, hash"
    replaced = f"INSERT OR REPLACE INTO audit_row ({columns}) SELECT {columns} FROM audit_row"
    with pytest.raises(DBAPIError, match="append-only"):
        write(replaced if sqlite else "TRUNCATE audit_row CASCADE")


def test_what_is_changed_all_the_same_is_found_out(trail):
    assert verify(db.session()).breaks == ()
    tamper("UPDATE audit_row SET detail = '{\"number\": 9}' WHERE id = :id", id=trail[1])
    tamper("UPDATE audit_row SET action = 'thing.undone' WHERE id = :id", id=trail[2])
    assert [each.row_id for each in verify(db.session()).breaks] == [trail[1], trail[2]]
    tamper("DELETE FROM audit_row WHERE id = :id", id=trail[3])
    assert [each.row_id for each in verify(db.session()).breaks] == [trail[1], trail[2], trail[4]]


def test_rows_cut_off_at_the_end_show_against_a_seal_on_file_or_kept_elsewhere(trail):
    kept = end_of_chain(db.session())
    tamper("DELETE FROM audit_seal")
    tamper("DELETE FROM audit_row WHERE id > :id", id=trail[2])
    assert verify(db.session()).breaks == ()
    (found,) = verify(db.session(), (kept,)).breaks
    assert (found.row_id, found.because) == (trail[-1], "it was sealed, and is gone")
    (other,) = verify(db.session(), (Seal(trail[0], "0" * 64),)).breaks
    assert other.because == "it is not the row that was sealed here"


def test_erased_words_are_gone_and_the_trail_is_whole(trail):
    erase_content(trail[1], "Asked for by the person.", by="Data protection officer", now=NOON)
    row = db.session.get(AuditRow, trail[1])
    assert (row.actor_name, row.detail, row.salt, row.action) == ("", {}, "", "thing.done")
    found = verify(db.session())
    assert (found.breaks, found.erased, found.rows) == ((), 1, 6)
    last = db.session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert (last.action, last.detail["reason"]) == ("audit.erased", "Asked for by the person.")
    with pytest.raises(Conflict, match="erased already"):
        erase_content(trail[1], "Again", by="Somebody", now=NOON)
    with pytest.raises(Invalid):
        erase_content(trail[2], " ", by="Somebody", now=NOON)
    with pytest.raises(NotFound):
        erase_content(99_999, "Why", by="Somebody", now=NOON)


def test_a_row_that_was_bent_is_not_erased_before_it_is_looked_at(trail):
    tamper("UPDATE audit_row SET actor_name = 'Mallory' WHERE id = :id", id=trail[0])
    with pytest.raises(Conflict, match="flask audit verify"):
        erase_content(trail[0], "To hide it", by="Mallory", now=NOON)


def test_a_day_is_sealed_once_and_the_next_again(trail):
    assert seal_the_day(NOON) == 0
    assert seal_the_day(NOON + timedelta(days=1)) == 1
    days = db.session.scalars(select(AuditSeal.day).order_by(AuditSeal.day)).all()
    assert [day.day for day in days] == [16, 17]


def test_a_transaction_that_fails_leaves_no_row(trail):
    person = factories.user()

    def fail() -> None:
        with transaction() as session:
            record(session, Actor(name="Rose Hall"), "thing.done", person, NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(db.session.scalars(select(AuditRow.id)).all()) == len(trail)


def test_many_who_write_at_once_make_one_chain(app, trail):
    person = factories.user()
    db.session.refresh(person)
    db.session.expunge(person)
    db.session.rollback()

    def several(start: int) -> None:
        with app.app_context():
            for number in range(5):
                note(start + number, person)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(several, (10, 20, 30, 40)))
    found = verify(db.session())
    assert (found.rows, found.breaks) == (25, ())


def test_the_operator_checks_seals_and_erases_by_command(app, trail):
    run = app.test_cli_runner().invoke
    end = run(args=["audit", "seal"]).output.strip()
    assert end == str(end_of_chain(db.session()))
    fine = run(args=["audit", "verify", "--seal", end])
    assert (fine.exit_code, fine.output) == (0, "5 rows checked, against 2 seals.\nThe trail is whole.\n")
    assert "64 of 0-9 and a-f" in run(args=["audit", "verify", "--seal", "nonsense"]).output
    erased = run(args=["audit", "erase", str(trail[0]), "--reason", "Asked.", "--by", "The trustees", "--yes"])
    assert erased.exit_code == 0, erased.output
    tamper("UPDATE audit_row SET subject_id = 1000 WHERE id = :id", id=trail[4])
    bent = run(args=["audit", "verify"])
    assert bent.exit_code == 1
    assert f"Row {trail[4]}: it was changed, or a row before it was added or taken away." in bent.output
