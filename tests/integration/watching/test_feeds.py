"""Atom feeds: what RFC 4287 and RFC 5005 ask, ids that stay, and answers that cost nothing where nothing is new."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree as Xml

import pytest

from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import RegisterEvent
from app.services.transactions import transaction
from tests import factories as make
from tests.atom_check import ATOM, mistakes
from tests.conftest import NOON
from tests.integration.watching.conftest import approve, change, suspend


def entries(response) -> list[tuple[str, str]]:
    """(id, title) of each entry."""
    root = Xml.fromstring(response.data)
    return [(each.findtext(f"{ATOM}id"), each.findtext(f"{ATOM}title")) for each in root.findall(f"{ATOM}entry")]


def link(response, relation: str) -> str | None:
    root = Xml.fromstring(response.data)
    found = [each.get("href") for each in root.findall(f"{ATOM}link") if each.get("rel") == relation]
    return re.sub(r"^https?://[^/]+", "", found[0]) if found else None


@pytest.fixture
def hope(app):
    return approve("Hope & “Care” <Trust> \u0645\u0631\u062d\u0628\u0627")


def test_every_feed_is_what_the_standard_asks(client, hope):
    suspend(hope.award)
    for address in (
        "/register/changes.atom",
        f"/register/{hope.entry.slug}/changes.atom",
        "/register/search.atom?q=care",
    ):
        response = client.get(address)
        assert response.mimetype == "application/atom+xml"
        assert mistakes(response.data) == []
        assert any("Hope & “Care” <Trust> \u0645\u0631\u062d\u0628\u0627" in title for _, title in entries(response))


def test_an_empty_feed_is_one_too(client):
    assert mistakes(client.get("/register/changes.atom").data) == []
    assert mistakes(client.get("/register/search.atom?q=nothing").data) == []


def test_the_checker_finds_what_is_wrong(client, hope):
    text = client.get("/register/changes.atom").text
    assert mistakes(text.replace("T12:00:00Z", " 12:00", 1))
    assert mistakes(re.sub(r"<author>.*?</author>", "", text, flags=re.S))
    assert mistakes(re.sub(r"tag:[^<]*event", "event", text))


def test_an_entry_keeps_its_id_when_the_provider_changes_its_name(client, hope):
    before = entries(client.get("/register/changes.atom"))
    hope.award.holder_name = "Another Name"
    db.session.commit()
    change(hope.award, AwardStatus.AWARDED, "reissued", "Name changed.", NOON + timedelta(hours=1))
    after = entries(client.get("/register/changes.atom"))
    assert after[1][0] == before[0][0] and "Another Name" in after[1][1]
    assert len({each for each, _ in after}) == 2


def test_a_reader_that_has_it_all_gets_no_body(client, hope):
    for address in ("/register/changes.atom", f"/register/{hope.entry.slug}/changes.atom", "/register/search.atom"):
        first = client.get(address)
        assert first.last_modified is not None
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
        suspended = client.get(address, headers={"If-None-Match": '"something-else"'})
        assert suspended.status_code == 200
    etag = client.get("/register/changes.atom").headers["ETag"]
    suspend(hope.award)
    assert client.get("/register/changes.atom", headers={"If-None-Match": etag}).status_code == 200


def test_a_reader_that_follows_the_archive_gets_every_change_once_and_archived_pages_do_not_change(client, hope):
    with transaction() as session:
        for number in range(255):
            values = {"number": hope.award.number, "level_title": "Silver", "status": AwardStatus.AWARDED}
            at = NOON + timedelta(minutes=number)
            session.add(
                RegisterEvent(entry_id=hope.entry.id, at=at, kind="details-changed", words=f"No {number}", **values)
            )
    expected = {f"event/{each}" for each in db.session.scalars(db.select(RegisterEvent.id))}
    response = client.get("/register/changes.atom")
    seen = {each.partition(":event")[2] for each, _ in entries(response)}
    pages = {}
    while (address := link(response, "prev-archive")) is not None:
        response = client.get(address)
        assert mistakes(response.data) == []
        pages[address] = response.data
        seen |= {each.partition(":event")[2] for each, _ in entries(response)}
        assert link(response, "current") == "/register/changes.atom"
    assert {f"event{each}" for each in seen} == expected
    suspend(hope.award)
    assert all(client.get(address).data == data for address, data in pages.items())
    assert client.get("/register/changes/999999.atom").status_code == 404


def test_pages_lead_readers_to_their_feeds(client, hope):
    def feeds(page: str) -> list[str]:
        head = client.get(page).text.partition("</head>")[0]
        return re.findall(r'type="application/atom\+xml"[^>]*href="([^"]+)"', head)

    assert feeds(f"/register/{hope.entry.slug}") == [f"/register/{hope.entry.slug}/changes.atom"]
    assert feeds("/register?service=befriending") == [
        "/register/search.atom?service=befriending",
        "/register/changes.atom",
    ]


def test_the_feed_of_a_search_begins_with_the_latest_approved(client):
    for name, day in (("First", 1), ("Third", 3), ("Second", 2)):
        award = make.award(
            make.application(make.organisation(name=name), make.edition()), granted_on=NOON.date().replace(day=day)
        )
        make.register_entry(award)
    make.register_entry(make.award(make.application(make.organisation(services=["advice"]), make.edition())))
    titles = [title for _, title in entries(client.get("/register/search.atom?service=befriending"))]
    assert titles == ["Third", "Second", "First"]


def test_a_feed_takes_as_many_statements_for_a_hundred_changes_as_for_one(client, hope, count_statements):
    def count() -> int:
        with count_statements() as statements:
            client.get("/register/changes.atom")
        return len(statements)

    few = count()
    for number in range(20):
        approve(f"Provider {number}")
    assert count() == few


def test_nobody_on_the_way_keeps_a_feed_in_which_a_suspension_may_stand_next(client):
    hope = approve("Hope Trust")
    for address in ("/register/changes.atom", f"/register/{hope.entry.slug}/changes.atom", "/register/search.atom"):
        first = client.get(address)
        assert first.headers["Cache-Control"] == "public, no-cache"
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
