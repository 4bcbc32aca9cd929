"""What was entered by mistake is found nowhere, but its page says so, and whoever keeps a copy hears of it."""

from __future__ import annotations

import json

import pytest

from app.domain.offers import Taking
from app.domain.watching import Heard, heard_as
from app.extensions import db
from app.models import ServiceOffer
from app.queries.register import Query
from app.queries.register_index import current_index, forget
from app.services import register_imports
from app.services.register import publish
from app.services.register_many import take_back
from tests import factories as make
from tests.conftest import NOON
from tests.integration.lists import HEADER, bringing

TODAY = NOON.date()
BAY = "Bay Care,1123456,LA1 4AB,Silver,1/6/2025,31/5/2028,Home care,Lancaster\n"
HILL = "Hill Friends,,CF10 1EP,Bronze,1/6/2025,,Advocacy,\n"
NOWHERE = (
    "/register?q=bay&ended=yes&exact=1",
    "/register/suggest?q=bay",
    "/register/choices/status?ended=yes",
    "/register/export.csv?ended=yes",
    "/register/search.atom?ended=yes",
    "/sitemaps/register-1.xml",
    "/api/v1/register?q=bay&ended=yes&exact=1&facets=none",
    "/api/v1/suggest?q=bay",
    "/api/v1/codes",
    "/open-referral/services",
    "/open-referral/organizations",
    "/open-data/latest/register.csv",
    "/open-data/latest/entries.jsonl",
    "/open-data/latest/events.csv",
    '/reconcile?queries={"q0":{"query":"Bay Care"}}',
    "/market",
    "/statistics.csv",
)


@pytest.fixture
def taken_back(app):
    """Two were brought in; of these one was a mistake."""
    office = bringing()
    office.confirm(office.begin(HEADER + HILL))
    import_id = office.begin(HEADER + BAY)
    office.confirm(import_id)
    assert len(current_index()) == 2  # this worker knew it before it was taken back
    register_imports.undo_import(import_id, "It was last year’s list.", actor=make.actor(office.first), now=NOON)
    office.work()
    return office


@pytest.mark.parametrize("address", NOWHERE)
def test_no_search_file_feed_or_list_holds_it(taken_back, client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:300]
    words = answer.text.replace("q=bay", "").replace("“bay”", "").lower()
    assert not [each for each in ("bay care", "bay-care", '"void"', "entered by mistake") if each in words]


def test_a_status_that_nothing_has_is_no_choice(taken_back, client):
    assert client.get("/register?status=void").status_code == 400
    assert client.get("/api/v1/register?status=void").status_code == 400


def test_the_index_leaves_it_out_however_it_was_built(taken_back):
    engine = db.engine
    for _ in range(2):
        index = current_index()
        assert len(index) == 1 and len(index.matching(Query(), TODAY)) == 1
        assert index.search(Query(limit=1), TODAY).facets["status"] == {"awarded": 1}
        forget(engine)  # the second time it is built from the rows


def test_its_page_says_what_happened_and_that_it_never_stood(taken_back, client):
    page = client.get("/register/bay-care").text
    assert "entered by mistake and never stood" in page and "It was last year’s list." in page
    assert "CertificationActive" not in page
    answer = client.get("/api/v1/register/bay-care").json
    assert answer["standing"]["status"] == "void" and answer["standing"]["approved"] is False


def test_a_copy_that_is_kept_up_to_date_hears_that_it_is_gone(taken_back, client):
    told = client.get("/open-referral/services?modified_after=2026-11-01T00:00:00Z").json["contents"]
    gone = [each for each in told if each["name"].endswith("Bay Care")]
    assert [each["status"] for each in gone] == ["inactive"]
    assert "accreditations" not in gone[0] and "Entered by mistake" in gone[0]["alert"]
    assert {each["slug"]: each["standing"]["status"] for each in client.get("/api/v1/entries").json["entries"]} == {
        "hill-friends": "awarded",
        "bay-care": "void",
    }
    lines = client.get("/open-data/changed-entries.jsonl?revision=0").text.splitlines()
    assert {row["slug"]: row["approved"] for row in map(json.loads, lines)} == {"hill-friends": True, "bay-care": False}


def test_who_watches_it_hears_of_it_like_of_a_withdrawal():
    assert heard_as("taken-back") is Heard.WITHDRAWAL and heard_as("brought-in") is Heard.RENEWED


def test_what_was_held_before_comes_back_with_its_own_services_and_their_room_alone(app):
    holder = make.organisation(services=["home-care", "befriending"])
    edition = make.edition()
    earlier = make.award(make.application(holder, edition), covers={"services": ["befriending"]})
    mistake = make.award(make.application(holder, edition), covers={"services": ["home-care"]})
    for service in ("befriending", "home-care"):
        make.save(
            ServiceOffer(
                organisation_id=holder.id,
                service=service,
                taking=Taking.NOW,
                said_at=NOON,
                how="",
                said_by_id=make.user().id,
            )
        )
    entry = publish(db.session, holder, mistake, NOON, TODAY, "brought-in", "Brought in.")
    take_back(db.session, [mistake], NOON, "A mistake.")
    assert (entry.award_id, entry.services) == (earlier.id, ["befriending"])
    assert [each["service"] for each in entry.offers] == ["befriending"]
