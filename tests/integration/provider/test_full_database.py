"""A database without room: what was typed is told to be unsaved, and comes back to be sent again."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from app.extensions import db

TYPED = "We keep minutes of every meeting. " * 250


@pytest.fixture
def full(app):
    """From now on the database may not grow by a single page, as on a full disk."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("Only SQLite can be told to be full.")
    raw = db.engine.raw_connection()
    raw.execute("VACUUM")  # pages that other tests left free would be room
    raw.close()
    with db.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def limit(connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(db.engine, "begin", limit)
    yield
    event.remove(db.engine, "begin", limit)
    db.session.remove()
    db.engine.dispose()  # the limit belongs to the connections


def test_a_full_database_gives_the_words_back_and_says_so(browser, draft, full):
    answer = {"point": "2", "reason": TYPED, "version": "0"}
    address = f"/applications/{draft.id}/criteria/GOV.1.1"
    page = browser.post(address, data=answer)
    assert page.status_code == 503
    assert "cannot save just now" in page.text
    assert page.text.count(TYPED.strip()) == 2  # to read, and to send again
    saved = browser.post(f"{address}/autosave", data=answer, headers={"X-Requested-With": "autosave"})
    assert saved.status_code == 503 and saved.json["status"] == 503
