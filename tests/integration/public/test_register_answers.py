"""Answers that are kept in a worker are those of the register as it stands: any change shows with the next request."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.api.asking import SearchSchema
from app.api.contract import collected
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import RegisterEntry, Scheme
from app.queries.register_facets import _most_first, known_names, title_of
from tests import factories as make

SEARCHES = ("/api/v1/register?q=harbour", "/api/v1/register?q=harbour&facets=none", "/register?q=harbour")


@pytest.fixture
def entry(app):
    edition = make.edition()
    return make.register_entry(make.award(make.application(make.organisation(name="Harbour Trust"), edition)))


@pytest.fixture
def another():
    """A transaction of another process: a connection that shares nothing with this worker's."""
    engine = create_engine(db.engine.url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def change(session, entry_id, **values):
    highest = session.query(RegisterEntry.revision).order_by(RegisterEntry.revision.desc()).limit(1).scalar()
    session.execute(update(RegisterEntry).where(RegisterEntry.id == entry_id).values(revision=highest + 1, **values))
    session.commit()


@pytest.mark.parametrize("address", SEARCHES)
def test_a_change_by_another_worker_shows_in_the_next_answer(client, entry, another, address):
    assert "Suspended since" not in client.get(address).text
    change(another, entry.id, status=AwardStatus.SUSPENDED)
    assert "Suspended since" in client.get(address).text
    change(another, entry.id, name="Harbour Friends")
    assert "Harbour Friends" in client.get(address).text


def test_one_entry_as_json_shows_a_change_by_another_worker_at_once(client, entry, another):
    address = f"/api/v1/register/{entry.slug}"
    before = client.get(address)
    assert client.get(address).data == before.data
    change(another, entry.id, summary="Walks along the quay.")
    after = client.get(address)
    assert after.json["summary"] == "Walks along the quay."
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_new_title_of_a_scheme_shows_in_the_next_answer(client, entry, another):
    address = "/api/v1/register?q=harbour"
    client.get(address)
    another.execute(update(Scheme).values(title="Another title"))
    another.commit()
    assert client.get(address).json["results"][0]["scheme"] == "Another title"


def test_a_place_that_nobody_knows_is_refused_each_time(client, entry):
    address = "/api/v1/register?near=Nowhereville-on-Sea"
    assert [client.get(address).status_code for _ in range(2)] == [400, 400]


def test_who_is_signed_in_is_not_shown_what_was_kept_for_others(client, entry):
    first = client.get("/register?q=harbour")
    client.set_cookie("other", "1")
    assert client.get("/register?q=harbour").text == first.text
    assert "Sign out" not in first.text


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": " dementia "},
        {"q": "carers", "near": "LA1 4AB", "miles": "10", "page": "3"},
        {"facets": "none"},
        {"facets": "service, area", "page": "999"},
    ],
)
def test_what_is_usually_asked_is_read_as_the_schema_reads_it(asked):
    schema, arguments = SearchSchema(), MultiDict(asked)
    quick = schema.quickly(arguments)
    assert quick is not None
    assert quick == schema.load(collected(arguments, schema))


@pytest.mark.parametrize(
    "asked",
    [
        [("q", "a"), ("q", "b")],
        [("q", "a" * 201)],
        [("miles", "7")],
        [("page", "0")],
        [("page", "\N{ARABIC-INDIC DIGIT TWO}")],
        [("facets", "cats")],
        [("service", "befriending")],
        [("what", "")],
    ],
)
def test_whatever_is_unusual_is_left_to_the_schema(asked):
    assert SearchSchema().quickly(MultiDict(asked)) is None


def test_councils_stand_by_their_counts_and_then_by_their_titles():
    counts = {code: number * 7 % 5 + 1 for number, code in enumerate(reversed(known_names()["area"]))}
    expected = sorted(counts, key=lambda code: (-counts[code], title_of("area", code, {})))
    assert _most_first("area", counts, {}) == expected
    assert _most_first("area", {**counts, "X1": 9}, {})[0] == "X1"
