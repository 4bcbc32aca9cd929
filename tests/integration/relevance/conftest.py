"""A register of a module's own, which its tests only read."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from app import create_app
from app.extensions import db
from config import load_settings
from tests.integration.relevance.postgres import cluster, programs
from tests.integration.rows import emptied


@pytest.fixture(scope="module")
def standing_app(_app):
    """The application with a database that is emptied after the module, not after each test."""
    with _app.app_context():
        yield _app
        emptied()


@pytest.fixture(scope="session")
def postgres_app(tmp_path_factory, worker_id) -> Iterator[Flask]:
    """The application on a migrated PostgreSQL database, with its search there. Left out where there is no PostgreSQL."""
    if not os.environ.get("TEST_DATABASE_URL") and programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql, or make test-postgres")
    with cluster() as address:
        name = f"touchstone_search_{worker_id}"
        server = create_engine(address, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        server.dispose()
        url = make_url(address).set(database=name).render_as_string(hide_password=False)
        secret = "a key for tests alone, which is long enough"
        instance = tmp_path_factory.mktemp("instance")
        settings = {"ENV": "test", "SECRET_KEY": secret, "DATABASE_URL": url, "INSTANCE_DIR": str(instance)}
        settings["REGISTER_SEARCH"] = "postgres"
        app = create_app(load_settings(settings))
        with app.app_context():
            upgrade()
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def search_engine(postgres_app) -> Engine:
    """The engine of that database."""
    with postgres_app.app_context():
        return db.engine
