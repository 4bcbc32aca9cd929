"""What one worker writes, every other finds in its next search; and what was written to disk is what the rows say."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, delete, update
from sqlalchemy.orm import Session

from app.backends.searching import Query
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import RegisterChange, RegisterEntry, RegisterEvent
from app.models.append_only import guard, unguard
from app.queries import register_file, register_index
from app.queries.register_index import current_index, write_index
from tests import factories as make

TODAY = date(2026, 11, 16)


@pytest.fixture
def entry(app):
    edition = make.edition()

    def add(**values):
        granted = make.award(make.application(make.organisation(**values), edition))
        return make.register_entry(granted, **values)

    return add


@pytest.fixture
def another():
    """A transaction of another process: a connection that shares nothing with this worker's."""
    engine = create_engine(db.engine.url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def folder(tmp_path):
    kept = register_file.file_of(db.engine).parent
    register_file.keep_in(tmp_path)
    yield tmp_path
    register_file.keep_in(kept)


def found(words="", status=()):
    db.session.rollback()  # as between two requests
    query = Query(words=words, filters={"status": frozenset(status)} if status else {}, limit=50)
    return [number for number, _ in current_index().search(query, TODAY).page]


def suspend(session, entry_id):
    highest = session.query(RegisterEntry.revision).order_by(RegisterEntry.revision.desc()).limit(1).scalar()
    changed = {"status": AwardStatus.SUSPENDED, "revision": highest + 1}
    session.execute(update(RegisterEntry).where(RegisterEntry.id == entry_id).values(changed))
    session.commit()


def test_an_award_and_a_suspension_by_another_worker_are_found_by_the_next_search(entry, another):
    first = entry(name="Harbour Trust")
    assert found("harbour") == [first.id]
    second = entry(name="Harbour Friends")
    assert sorted(found("harbour")) == [first.id, second.id]
    suspend(another, first.id)
    assert found("harbour", ["suspended"]) == [first.id]
    assert found("harbour", ["awarded"]) == [second.id]


SEARCHER = """
import sys
from datetime import date
from app import create_app
from app.backends.searching import Query
from app.extensions import db
from app.queries.register_index import current_index
with create_app().app_context():
    for line in sys.stdin:
        db.session.rollback()
        query = Query(filters={"status": frozenset({line.strip()})})
        print(*sorted(each for each, _ in current_index().search(query, date(2026, 11, 16)).page), flush=True)
"""


def test_a_worker_in_a_process_of_its_own_finds_a_withdrawal_as_soon_as_it_is_committed(entry, app):
    one, other = entry(name="One"), entry(name="Other")
    with subprocess.Popen(
        [sys.executable, "-c", SEARCHER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "ENV": "test",
            "SECRET_KEY": "a key for tests alone, which is long enough",
            "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
            "INSTANCE_DIR": app.config["INSTANCE_DIR"],
        },
    ) as worker:

        def asked(status):
            worker.stdin.write(f"{status}\n")
            worker.stdin.flush()
            return [int(number) for number in worker.stdout.readline().split()]

        assert asked("awarded") == [one.id, other.id]
        one.status, one.revision = AwardStatus.WITHDRAWN, other.revision + 1
        db.session.commit()
        assert asked("awarded") == [other.id]
        assert asked("withdrawn") == [one.id]
        worker.stdin.close()


def test_an_entry_that_is_deleted_is_found_no_more(entry):
    kept, gone = entry(name="Kept"), entry(name="Gone")
    assert sorted(found()) == [kept.id, gone.id]
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        unguard(connection)
        connection.execute(delete(RegisterEvent).where(RegisterEvent.entry_id == gone.id))
        guard(connection)
    db.session.rollback()
    db.session.delete(gone)
    db.session.commit()
    assert found() == [kept.id]
    assert found() == [kept.id]


def test_nothing_is_asked_twice_while_nothing_changes(entry, count_statements):
    entry(name="One")
    found()
    with count_statements() as statements:
        current_index()
    assert not statements, "nothing but a look at the state, which goes past the session"


def test_the_written_index_is_read_with_what_changed_since(entry, another, folder, count_statements):
    first, second = entry(name="Harbour Trust"), entry(name="Meadow Trust")
    assert write_index(db.engine) == 2
    suspend(another, first.id)
    third = entry(name="Harbour Friends")
    register_index.forget(db.engine)
    with count_statements() as statements:
        assert sorted(found()) == sorted([first.id, second.id, third.id])
    assert found(status=["suspended"]) == [first.id]
    assert not any("ORDER BY register_entry.id" in each for each in statements), "the file should have been read"


@pytest.mark.parametrize("what", ["the code", "the database", "the past", "the file"])
def test_a_written_index_that_does_not_fit_is_left_aside(entry, another, folder, monkeypatch, what):
    first, second = entry(name="Harbour Trust"), entry(name="Meadow Trust")
    write_index(db.engine)
    register_index.forget(db.engine)
    if what == "the code":
        monkeypatch.setattr(register_index, "fingerprint", lambda: "another")
        monkeypatch.setattr(register_file, "fingerprint", lambda: "another")
    elif what == "the database":
        another.add(RegisterChange(id=1, kind="made"))
    elif what == "the past":  # a copy of the database was brought back, and went on in another way
        later = {"name": "Garden Trust", "updated_at": second.updated_at + timedelta(days=1)}
        another.execute(update(RegisterEntry).where(RegisterEntry.id == second.id).values(later))
    else:
        register_file.file_of(db.engine).write_bytes(b"touchstone index, but not much of it")
    another.execute(update(RegisterEntry).where(RegisterEntry.id == first.id).values(name="Orchard Trust"))
    another.commit()
    assert found("orchard") == [first.id]


def test_the_command_writes_the_index_once_and_again_when_it_is_told_to(app, entry, folder):
    entry(name="Harbour Trust")
    runner = app.test_cli_runner()
    assert "holds 1 entries" in runner.invoke(args=["register", "index"]).output
    path = register_file.file_of(db.engine)
    written = path.stat().st_ino
    runner.invoke(args=["register", "index"])
    assert path.stat().st_ino == written
    runner.invoke(args=["register", "index", "--afresh"])
    assert path.stat().st_ino != written
