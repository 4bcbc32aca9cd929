"""Migrations on a database that is in use: nothing is lost, and what would break a reference saves nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.extensions import db
from config import load_settings

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
FILLED = ("scheme", "framework_edition", "user", "organisation", "application", "answer")


@pytest.fixture
def filled(tmp_path):
    """An application on an SQLite file with the tables of the first release, and one row in each of FILLED."""
    secret = "a key for tests alone, which is long enough"
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'old.sqlite'}", "INSTANCE_DIR": str(tmp_path)}
    app = create_app(load_settings({"ENV": "test", "SECRET_KEY": secret, **database}))
    with app.app_context():
        upgrade(str(MIGRATIONS), revision="0001")
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for table in FILLED:
                fill(connection, table)
        yield app
        db.engine.dispose()


def fill(connection, table: str) -> None:
    """A row whose id, and whatever it refers to, is 1."""
    columns = connection.execute(text(f"PRAGMA table_info('{table}')")).mappings().all()
    needed = [column for column in columns if column["notnull"]]
    values = {"VARCHAR": "draft", "DATETIME": "2026-01-01 00:00:00", "JSON": "{}"}
    row = {column["name"]: values.get(column["type"].partition("(")[0], 1) for column in needed}
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'), row)


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) for table in FILLED}


def test_a_database_in_use_keeps_its_rows_through_every_migration_there_and_back(filled):
    before = counts()
    assert set(before.values()) == {1}
    upgrade(str(MIGRATIONS))
    assert counts() == before
    downgrade(str(MIGRATIONS), revision="0001")
    assert counts() == before


def test_references_are_checked_again_once_a_migration_is_over(filled):
    upgrade(str(MIGRATIONS))
    with db.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_migration_that_leaves_a_reference_to_nothing_saves_nothing(filled, tmp_path, caplog):
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("0*.py", "__pycache__"))
    shutil.copy(next(MIGRATIONS.glob("versions/0001_*.py")), folder / "versions")
    (folder / "versions" / "0002_careless.py").write_text(
        "from alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = '0002', '0001', None, None\n"
        "def upgrade():\n    op.execute('DELETE FROM organisation')\n"
    )
    before = counts()
    with pytest.raises(SystemExit):
        upgrade(str(folder))
    assert "refer to nothing: [('application', 1, 'organisation'" in caplog.text
    assert counts() == before
