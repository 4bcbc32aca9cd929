"""The real application on a real, migrated database: SQLite, or what TEST_DATABASE_URL names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from app import create_app
from app.extensions import db
from config import load_settings
from tests.client import AuditingClient
from tests.integration.rows import emptied


def _database_url(folder, worker: str) -> str:
    """A database of this test process's own."""
    base = os.environ.get("TEST_DATABASE_URL")
    if not base:
        return f"sqlite:///{folder / 'test.sqlite'}"
    name = f"touchstone_{worker}"
    server = create_engine(base, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    server.dispose()
    return make_url(base).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _app(tmp_path_factory, worker_id) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("instance")
    settings = load_settings(
        {
            "ENV": "test",
            "SECRET_KEY": "a key for tests alone, which is long enough",
            "DATABASE_URL": _database_url(folder, worker_id),
            "INSTANCE_DIR": str(folder),
            "LIMIT_PER_SECOND": "0",  # tests ask in a hurry; the limits have tests of their own
        }
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()  # a connection that the collector finds open is a warning, and warnings are errors


@pytest.fixture
def app(_app, clock):
    """The application with an empty database and a clock that stands still."""
    _app.extensions["clock"] = clock
    _app.test_client_class = AuditingClient
    # Journeys post plain fields; that every form is refused without its token has a test of its own.
    _app.config["WTF_CSRF_ENABLED"] = False
    with _app.app_context():
        yield _app
        emptied()


@pytest.fixture
def client(app):
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def client_for(app):
    """`client_for(user)`: a browser in which `user` is signed in."""

    def sign_in(user):
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_key}"
            session["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def count_statements(app):
    """`with count_statements() as statements:` collects the SQL that is sent meanwhile."""

    @contextmanager
    def counting():
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
