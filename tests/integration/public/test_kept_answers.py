"""What was answered before is given again from memory, and is never out of date."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, update
from werkzeug.test import EnvironBuilder

from app.edge.kept_answers import KeptAnswers
from app.extensions import db
from app.models import RegisterEntry
from app.queries import register
from tests import factories as make

PATHS = ("/register?q=kitchen", "/api/v1/register?q=kitchen&facets=level,scheme", "/register/kitchen-table", "/api/v1/register/kitchen-table")  # fmt: skip


@pytest.fixture
def kept(app, monkeypatch):
    """Counts the requests that the application itself answers."""
    layer = app.extensions["kept answers"]
    asked: list[str] = []
    inner = layer.inner

    def counting(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    monkeypatch.setattr(layer, "inner", counting)
    layer.asked = asked
    return layer


@pytest.fixture
def entry(app):
    granted = make.award(make.application(make.organisation(), make.edition()))
    return make.register_entry(granted, name="Kitchen Table", slug="kitchen-table", summary="Lunches for everyone.")


def of_everybody(client, path, **headers):
    db.session.rollback()  # as between two requests
    response = client.get(path, headers=headers)
    assert response.status_code in (200, 304), path
    return response


@pytest.mark.parametrize("path", PATHS)
def test_who_brings_no_cookie_is_answered_from_memory_the_second_time(path, client, entry, kept):
    first = of_everybody(client, path)
    assert b"Kitchen Table" in first.data
    assert of_everybody(client, path).data == first.data
    assert len(kept.asked) == 1


@pytest.mark.parametrize("path", PATHS)
def test_a_change_that_another_process_commits_shows_at_once(path, client, entry, kept):
    of_everybody(client, path)
    rename(entry.id, "Kitchen Table and Chairs")
    assert b"Kitchen Table and Chairs" in of_everybody(client, path).data


def rename(entry_id, name):
    """As another process does: on a connection of its own, with the next revision."""
    elsewhere(
        RegisterEntry.id == entry_id, name=name, revision=select(func.max(RegisterEntry.revision) + 1).scalar_subquery()
    )


def elsewhere(which, **values):
    engine = create_engine(db.engine.url)
    with engine.begin() as connection:
        connection.execute(update(RegisterEntry).where(which).values(**values))
    engine.dispose()


def test_a_commit_that_has_nothing_to_do_with_it_leaves_the_answer_kept(client, entry, kept):
    of_everybody(client, PATHS[0])
    make.user()
    of_everybody(client, PATHS[0])
    assert len(kept.asked) == 1


def test_what_is_committed_while_an_answer_is_made_is_in_the_next(client, entry, kept, monkeypatch):
    rows_of = register.rows_of

    def slowly(*asked):
        rows = rows_of(*asked)
        rename(entry.id, "Kitchen Stool")
        monkeypatch.undo()
        return rows

    monkeypatch.setattr(register, "rows_of", slowly)
    assert b"Kitchen Table" in of_everybody(client, PATHS[1]).data
    assert b"Kitchen Stool" in of_everybody(client, PATHS[1]).data


def test_nobody_is_given_the_page_of_somebody_who_is_signed_in_nor_they_the_other(client, client_for, entry, kept):
    someone = make.user(name="Ellen Price")
    assert b"Ellen Price" in of_everybody(client_for(someone), PATHS[0]).data
    assert b"Ellen Price" not in of_everybody(client, PATHS[0]).data
    assert b"Ellen Price" in of_everybody(client_for(someone), PATHS[0]).data


def test_the_hour_ends_what_is_kept_and_a_provider_s_page_tells_the_minute(client, entry, kept, clock):
    for minutes, asked in ((0, 2), (1, 3), (58, 4), (1, 6)):
        clock.forward(minutes=minutes)
        page = of_everybody(client, PATHS[2])
        of_everybody(client, PATHS[0])
        assert len(kept.asked) == asked
        assert f"{clock.now:%H:%M}" in page.text


def test_it_is_sent_packed_to_whoever_takes_that_and_not_at_all_to_who_has_it(app, entry, kept):
    client = FlaskClient(app, app.response_class)  # the tests' own reads every page as text
    for path in PATHS:
        whole = of_everybody(client, path)
        packed = of_everybody(client, path, **{"Accept-Encoding": "br, gzip"})
        refused = of_everybody(client, path, **{"Accept-Encoding": "gzip;q=0, br"})
        assert packed.headers.get("Content-Encoding") == ("gzip" if len(whole.data) >= 1_000 else None)
        assert (gzip.decompress(packed.data) if len(whole.data) >= 1_000 else packed.data) == whole.data == refused.data
        assert "Accept-Encoding" in packed.headers["Vary"]
        again = of_everybody(client, path, **{"If-None-Match": packed.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        rename(entry.id, f"Kitchen Table of {path}")
        assert of_everybody(client, path, **{"If-None-Match": packed.headers["ETag"]}).status_code == 200


def test_what_is_refused_not_found_or_asked_in_another_way_is_not_kept(client, entry, kept):
    for path, status in (
        ("/register?level=nonsense", 400),
        ("/register/nobody", 404),
        ("/register?q=kitchen&page=9", 404),
    ):
        assert [client.get(path).status_code for _ in range(2)] == [status, status]
    assert [client.head(PATHS[0]).data for _ in range(2)] == [b"", b""]
    assert len(kept.asked) == 8


def test_an_entry_that_is_gone_is_gone(client, entry, kept):
    of_everybody(client, PATHS[3])
    elsewhere(RegisterEntry.id == entry.id, slug="moved")
    assert client.get(PATHS[3]).status_code == 404


def test_a_wrong_key_is_refused_though_the_answer_is_kept(client, entry, kept):
    of_everybody(client, PATHS[1])
    assert client.get(PATHS[1], headers={"Authorization": "Bearer ts_wrong"}).status_code == 401


def test_no_more_is_kept_than_there_is_room_for(app, client, entry, kept):
    small = KeptAnswers(app, most_bytes=100_000)
    small.inner = kept.inner
    for number in range(40):
        answer_of(small, f"q=kitchen&utm_source={number}")
    assert 0 < small.bytes_kept <= 100_000


def answer_of(layer, query):
    environ = EnvironBuilder("/register", query_string=query).get_environ()
    with layer.app.app_context():
        return b"".join(layer(environ, lambda status, headers, *_: None))
