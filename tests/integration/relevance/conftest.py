"""A register of a module's own, which its tests only read."""

from __future__ import annotations

import pytest

from app.extensions import Base, db
from app.models.append_only import guard, unguard
from app.queries import register_index


def emptied() -> None:
    """Take every row away again."""
    db.session.remove()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        unguard(connection)
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        guard(connection)
    register_index.forget(db.engine)


@pytest.fixture(scope="module")
def standing_app(_app):
    """The application with a database that is emptied after the module, not after each test."""
    with _app.app_context():
        yield _app
        emptied()
