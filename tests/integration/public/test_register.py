"""The public register, through its pages and its API."""

from __future__ import annotations

from datetime import date

import pytest

from app.backends.postcodes import SqlitePlaces
from app.backends.postcodes_build import build
from app.domain import certificate_number
from app.domain.lifecycle import AwardStatus
from tests import factories as make


@pytest.fixture(scope="session")
def places_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    build(path, letters="L")
    return path


@pytest.fixture(autouse=True)
def _places(app, places_file):
    app.extensions["places"] = SqlitePlaces(places_file)
    yield
    app.extensions.pop("places")


@pytest.fixture
def entry(app):
    """`entry(name=..., ...)`: a provider with a current award, on the register."""
    edition = make.edition()

    def add(award=None, **values):
        holder = make.organisation(**values)
        granted = make.award(make.application(holder, edition), **(award or {}))
        return make.register_entry(granted)

    return add


def names(client, address):
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json["results"]]


def test_an_empty_register_says_so(client):
    assert "The register is still empty" in client.get("/register").text


def test_words_are_found_in_any_form_and_the_name_counts_most(client, entry):
    entry(name="Harbour Trust", summary="Befriends older people at home.", services=[])
    entry(name="Befriending Fylde", summary="Calls and visits.", services=[])
    entry(name="Kent Day Centre", summary="Lunch and company.", services=[])
    assert names(client, "/register?q=befriend") == ["Befriending Fylde", "Harbour Trust"]


def test_other_words_for_a_service_find_it_and_the_page_says_so(client, entry):
    entry(name="Bay Memory Friends", services=["dementia-support"], summary="Visits and a café.")
    entry(name="Other", services=["befriending"], summary="Nothing of the kind.")
    page = client.get("/register?q=memory+loss").text
    assert "Bay Memory Friends" in page
    assert "also: dementia support" in page
    assert names(client, "/register?q=memory+loss") == ["Bay Memory Friends"]


def test_a_slip_of_the_finger_is_met_with_what_may_have_been_meant(client, entry):
    entry(name="Advocacy Collective", summary="Speaking up.", services=[])
    page = client.get("/register?q=advocasy").text
    assert "Showing results for <b>advocacy</b>" in page
    assert "Advocacy Collective" in page
    exact = client.get("/register?q=advocasy&exact=1").text
    assert "Advocacy Collective" not in exact
    assert "Did you mean" in exact
    assert client.get("/api/v1/register?q=advocasy").json["did_you_mean"] == "advocacy"


def test_near_a_postcode_the_nearest_comes_first_and_the_far_are_left_out(client, entry):
    entry(name="Near", easting=348000, northing=461000)
    entry(name="Nearer", easting=348400, northing=460700)
    entry(name="Far", easting=430000, northing=433000, areas=["E08000035"], area_code="E08000035")
    assert names(client, "/register?near=LA1+4AB&miles=10") == ["Nearer", "Near"]
    assert "Far" not in client.get("/register?near=lancaster").text


def test_a_refuge_without_an_address_is_found_by_the_council_that_it_works_in(client, entry):
    entry(name="Near", easting=348000, northing=461000)
    entry(name="Safe Haven", easting=None, northing=None, postcode="")
    entry(name="Elsewhere", easting=None, northing=None, postcode="", areas=["E08000035"], area_code="E08000035")
    found = client.get("/api/v1/register?near=LA1+4AB&miles=10").json["results"]
    assert [(row["name"], row["miles"] is None) for row in found] == [("Near", False), ("Safe Haven", True)]
    assert "Works in this area" in client.get("/register?near=LA1+4AB&miles=10").text


def test_an_unknown_place_is_said_and_the_results_stay(client, entry):
    entry(name="Bay Memory Friends")
    page = client.get("/register?near=Atlantis&q=bay")
    assert "We do not know the place “Atlantis”" in page.text
    assert 'value="Atlantis"' in page.text
    assert "Bay Memory Friends" in page.text


def test_facet_counts_are_those_of_choosing_each_alternative(client, entry):
    entry(name="One", services=["befriending"], client_groups=["older-people"])
    entry(name="Two", services=["advocacy"], client_groups=["older-people"])
    entry(name="Three", services=["advocacy", "befriending"], client_groups=["carers"])
    answer = client.get("/api/v1/register?service=befriending").json
    assert answer["total"] == 2
    assert {choice["code"]: choice["count"] for choice in answer["facets"]["service"]} == {
        "befriending": 2,
        "advocacy": 2,
    }
    assert {choice["code"]: choice["count"] for choice in answer["facets"]["group"]} == {"older-people": 1, "carers": 1}
    assert sorted(names(client, "/register?service=befriending&service=advocacy")) == ["One", "Three", "Two"]


def test_the_status_is_that_of_the_day(client, entry, clock):
    entry(name="Runs out", award={"expires_on": date(2026, 11, 20)})
    assert "Approved until 20 Nov 2026" in client.get("/register").text
    clock.forward(days=4)
    client.get("/register")
    clock.forward(days=1)
    assert "Runs out" not in client.get("/register").text
    assert "Expired on 20 Nov 2026" in client.get("/register?ended=yes").text


def test_a_suspended_provider_stays_in_sight_and_a_withdrawn_one_among_the_ended(client, entry):
    entry(name="Paused", award={"status": AwardStatus.SUSPENDED, "status_on": date(2026, 11, 3)})
    entry(name="Gone", award={"status": AwardStatus.WITHDRAWN, "status_on": date(2026, 10, 1)})
    page = client.get("/register").text
    assert "Suspended since 3 Nov 2026" in page
    assert "Gone" not in page
    assert "Withdrawn on 1 Oct 2026" in client.get("/register?ended=yes").text


def test_an_entry_that_changes_is_found_as_it_is_now(client, entry):
    changing = entry(name="Before")
    assert names(client, "/register?q=before") == ["Before"]
    changing.name, changing.revision = "Afterwards", changing.revision + 1000
    make.save(changing)
    assert names(client, "/register?q=before") == []
    assert names(client, "/register?q=afterwards") == ["Afterwards"]


def test_pages_have_twenty_each_and_together_everyone_once(client, entry):
    for number in range(45):
        entry(name=f"Provider number {number}")
    pages = [names(client, f"/register?page={page}") for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({name for page in pages for name in page}) == 45
    assert "There are only 3 pages" in client.get("/register?page=9").text


def test_a_page_of_results_takes_the_same_statements_whatever_it_finds(client, entry, count_statements):
    entry(name="First")
    client.get("/register")
    with count_statements() as few:
        client.get("/register")
    for number in range(10):
        entry(name=f"Provider {number}")
    client.get("/register")
    with count_statements() as many:
        client.get("/register")
    assert len(many) == len(few) <= 5


def test_an_entry_shows_what_is_published_and_hides_a_private_address(client, entry):
    shown = entry(name="Harbour Refuge", postcode="", easting=None, northing=None)
    page = client.get(f"/register/{shown.slug}").text
    assert "Its address is not published" in page
    assert "Lancaster" in page
    assert client.get("/register/nobody").status_code == 404


@pytest.mark.parametrize(
    ("award", "words"),
    [
        ({}, "Genuine and valid today"),
        ({"status": AwardStatus.CONDITIONAL, "conditions": "Train all staff."}, "Train all staff."),
        ({"status": AwardStatus.SUSPENDED, "status_reason": "An inquiry is open."}, "An inquiry is open."),
        ({"status": AwardStatus.WITHDRAWN}, "Genuine, but withdrawn"),
        ({"status": AwardStatus.SURRENDERED}, "Genuine, but given up"),
        ({"expires_on": date(2026, 11, 15)}, "Genuine, but expired"),
    ],
)
def test_a_genuine_number_is_answered_with_what_it_stands_for(client, entry, award, words):
    number = certificate_number.make("CCM", 2026, 42)
    entry(award={"number": number, **award})
    answer = client.get(f"/verify/{number}")
    assert answer.status_code == 200
    assert words in answer.text
    typed = client.get("/verify", query_string={"number": number.lower().replace("-", " ")}, follow_redirects=True)
    assert words in typed.text
    assert client.get(f"/api/v1/certificates/{number}").json["number"] == number


def test_an_unknown_number_and_a_mistyped_one_are_told_apart(client):
    unknown = client.get(f"/verify/{certificate_number.make('CCM', 2026, 77)}")
    assert (unknown.status_code, "was ever issued here" in unknown.text) == (404, True)
    mistyped = client.get("/verify/CCM-26-00077-AA")
    assert (mistyped.status_code, "This number is mistyped" in mistyped.text) == (404, True)
    assert client.get("/api/v1/certificates/CCM-26-00077-AA").content_type == "application/problem+json"


@pytest.mark.parametrize("parameter", ["miles=3", "page=0", "page=x", "sort=price", "colour=red", "near=Atlantis"])
def test_the_api_names_the_parameter_that_it_cannot_understand(client, parameter):
    answer = client.get(f"/api/v1/register?{parameter}")
    assert answer.status_code == 400
    assert parameter.split("=")[0] in answer.json["errors"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_api_answers_not_modified_to_who_has_it_already(client, entry):
    entry()
    first = client.get("/api/v1/register")
    assert client.get("/api/v1/register", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_standards_are_readable_and_say_what_would_be_asked(client):
    edition = make.edition()
    assert "Small Mark" in client.get("/standards").text
    address = f"/standards/{edition.code}/{edition.edition}"
    assert "Safe recruitment" in client.get(address).text
    assert "Not asked because" in client.get(f"{address}?staff=0").text
    assert client.get("/standards/none/2026").status_code == 404


def test_health_and_readiness_say_what_is_wrong(app, client, tmp_path):
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json["status"] == "ready"
    app.extensions["places"] = SqlitePlaces(tmp_path / "missing.sqlite")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "not in order" in answer.json["places"]


@pytest.mark.parametrize("address", ["/open-data", "/accessibility", "/privacy", "/help", "/verify"])
def test_the_pages_about_the_service_are_there(client, address):
    assert client.get(address).status_code == 200


def test_verifying_nothing_asks_for_the_number(client):
    answer = client.get("/verify?number=")
    assert answer.status_code == 422
    assert "Enter the number on the certificate" in answer.text


def test_the_mark_has_the_colour_of_the_certificate_whatever_the_level_is_called(client, entry):
    award = {"number": certificate_number.make("TST", 2026, 77), "level": "established", "level_title": "Established"}
    held = entry(award={**award, "level_colour": "gold"}, name="Harbour Trust")
    line = 'stroke="#a87b12"'
    assert line in client.get("/register").text
    assert line in client.get(f"/register/{held.slug}").text
    assert line in client.get(f"/verify/{award['number']}").text


def test_an_award_that_has_ended_is_not_said_to_be_valid_until_a_day_to_come(client, entry):
    ended = {"number": certificate_number.make("TST", 2026, 78), "status": AwardStatus.WITHDRAWN}
    held = entry(award=ended, name="Harbour Trust")
    for address in (f"/register/{held.slug}", f"/verify/{ended['number']}"):
        page = client.get(address).text
        assert "End date on the certificate" in page
        assert "Valid until" not in page
