"""The register as Open Referral UK: pages, filters, ids, and what is told of the mark and of private addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from app.domain.lifecycle import AwardStatus
from app.domain.places import Place
from app.domain.stable_ids import Kind, StableIds
from tests import factories as make
from tests.conftest import NOON

BASE = "/open-referral"
IDS = (
    "01000000-0001-8c9c-9c02-f20999e5abde",
    "02000000-6590-88b9-9f8e-00e039ebd29e",
    "ea0fbd45-7d54-5611-b7ae-e91c5b61b5e1",
)
LANCASTER = Place("LA1 4AB", 347500, 461500, "E07000121")


@pytest.fixture
def entry(app):
    edition = make.edition()

    def publish(status: AwardStatus = AwardStatus.AWARDED, **values):
        application = make.application(make.organisation(), edition)
        return make.register_entry(make.award(application, status=status), **{"status": status, **values})

    return publish


@pytest.fixture
def listed(client):
    """`listed(path)`: a page, once it is proved to be as the description says."""
    document = client.get(f"{BASE}/openapi.json").json

    def ask(path: str):
        answer = client.get(BASE + path)
        assert answer.status_code == 200, answer.text
        bare = BASE + path.partition("?")[0]
        schema = document["paths"][bare]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return answer.json

    return ask


@pytest.fixture
def lancaster(app):
    """The places of a country in which there is one postcode."""

    class OnePlace:
        def find(self, postcode: str) -> Place | None:
            return LANCASTER if postcode.replace(" ", "").upper() == "LA14AB" else None

    kept = app.extensions.get("places")
    app.extensions["places"] = OnePlace()
    yield
    app.extensions["places"] = kept


def names(page) -> set[str]:
    return {each["name"] for each in page["contents"]}


def test_pages_hold_every_service_once_and_their_arithmetic_is_true(listed, entry):
    for number in range(7):
        entry(name=f"Provider {number}", services=["befriending", "home-care", "lunch-club"][: 1 + number % 3])
    seen, pages = [], []
    for number in range(1, 6):
        page = listed(f"/services?per_page=4&page={number}")
        pages.append((page["size"], page["first_page"], page["last_page"], page["empty"]))
        assert (page["total_items"], page["total_pages"], page["page_number"]) == (13, 4, number)
        assert page["size"] == len(page["contents"])
        seen += [each["id"] for each in page["contents"]]
    assert len(seen) == len(set(seen)) == 13
    assert pages == [
        (4, True, False, False),
        (4, False, False, False),
        (4, False, False, False),
        (1, False, True, False),
        (0, False, True, True),
    ]
    nothing = listed("/services?search=zeppelin")
    assert (nothing["total_items"], nothing["first_page"], nothing["last_page"]) == (0, True, True)


def test_every_id_of_a_list_opens_and_any_other_is_not_found(client, listed, entry):
    entry(services=["befriending"], client_groups=["carers"])
    for kind in ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"):
        ids = [each["id"] for each in listed(f"/{kind}")["contents"]]
        assert ids
        for each in (ids[0], ids[-1]):
            assert client.get(f"{BASE}/{kind}/{each}").json["id"] == each
        last = ids[0][:-1] + ("0" if ids[0][-1] != "0" else "1")
        for wrong in (last, "00000000-0000-0000-0000-000000000000", "1", "x"):
            answer = client.get(f"{BASE}/{kind}/{wrong}")
            assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_ids_are_those_of_yesterday(client, entry):
    """Written down here once: a change of how they are made would break everybody's copy."""
    made = StableIds("register.example.org")
    assert str(made.of_row(Kind.ORGANISATION, 1)) == IDS[0]
    assert str(made.of_row(Kind.SERVICE, 26_000, "home-care")) == IDS[1]
    assert str(made.of_words("taxonomy", "service-types")) == IDS[2]
    assert made.row_of(Kind.SERVICE, IDS[1]) == 26_000
    assert made.row_of(Kind.ORGANISATION, IDS[1]) is None


def test_the_mark_is_an_attribute_and_the_days_of_the_award_are_not_those_of_the_information(client, listed, entry):
    row = entry(services=["befriending"], level="gold", level_title="Gold")
    row.offers = [{"service": "befriending", "taking": "now", "said_on": "2026-11-02", "capacity": None}]
    make.save(row)
    (one,) = listed("/services?full=true")["contents"]
    (mark,) = [each for each in one["attributes"] if each["taxonomy_term"]["term"] == "gold"]
    assert mark["taxonomy_term"]["taxonomy"] == row.award.scheme.title
    assert mark["taxonomy_term"]["name"] == "Gold"
    assert client.get(f"{BASE}/taxonomy_terms/{mark['taxonomy_term_id']}").json["term"] == "gold"
    assert "Gold" in one["accreditations"] and row.award.number in one["accreditations"]
    assert one["assured_date"] == "2026-11-02"
    assert "alert" not in one


def test_a_suspension_is_an_alert_and_an_ended_approval_is_found_only_by_its_id_or_its_change(client, listed, entry):
    suspended = entry(AwardStatus.SUSPENDED, name="Suspended")
    entry(AwardStatus.WITHDRAWN, name="Withdrawn")
    page = listed("/services")
    assert [each["organization"]["name"] for each in page["contents"]] == ["Suspended"]
    assert page["contents"][0]["alert"].startswith("Suspended since")
    assert page["contents"][0]["status"] == "active"
    changed = listed(f"/services?modified_after={(NOON - timedelta(hours=1)).strftime('%Y-%m-%dT%H:%M:%SZ')}&full=true")
    (gone,) = [each for each in changed["contents"] if each["organization"]["name"] == "Withdrawn"]
    assert (gone["status"], gone["alert"][:16]) == ("inactive", "Not approved any")
    assert "accreditations" not in gone
    assert client.get(f"{BASE}/services/{gone['id']}").json["status"] == "inactive"
    later = (NOON + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert listed(f"/services?modified_after={later}")["total_items"] == 0
    assert suspended.name in {each["organization"]["name"] for each in changed["contents"]}


def test_filters_are_all_to_hold(listed, entry):
    entry(name="Both", services=["befriending", "home-care"], client_groups=["carers"])
    entry(name="One", services=["home-care"], client_groups=["older-people"])
    terms = {each["term"]: each["id"] for each in listed("/taxonomy_terms?per_page=200")["contents"]}
    taxonomies = {each["name"]: each["id"] for each in listed("/taxonomies")["contents"]}

    def found(query: str) -> set[str]:
        return names(listed(f"/services?{query}"))

    home, carers = f"taxonomy_term_id={terms['home-care']}", f"taxonomy_term_id={terms['carers']}"
    assert found(home) == {"Home care: Both", "Home care: One"}
    assert found(f"{home}&search=both") == {"Home care: Both"}
    assert found(carers) == {"Befriending and companionship: Both", "Home care: Both"}
    assert found(f"{carers}&taxonomy_id={taxonomies['Kinds of service']}") == found(carers)
    assert found("taxonomy_term_id=00000000-0000-0000-0000-000000000000") == set()
    organisation = listed("/services?search=one")["contents"][0]["organization_id"]
    assert found(f"organization_id={organisation}") == {"Home care: One"}
    assert found(f"organization_id={organisation}&{carers}") == set()


@pytest.mark.parametrize("asked", ["minimum_age=18", "maximum_age=65", "start_time=09:00", "end_time=17:30", "day=MO"])
def test_what_the_register_does_not_hold_finds_nothing_rather_than_everything(listed, entry, asked):
    entry()
    assert listed(f"/services?{asked}")["total_items"] == 0


@pytest.mark.parametrize(
    "asked", ["page=0", "per_page=none", "day=someday", "start_time=25:00", "colour=red", "proximity=100", "postcode=X"]
)
def test_what_cannot_be_understood_is_refused_with_a_reason(client, lancaster, asked):
    answer = client.get(f"{BASE}/service_at_locations?{asked}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["errors"]


def test_a_postcode_finds_who_is_within_so_many_metres_or_else_who_works_there(listed, entry, lancaster):
    entry(name="Near", easting=347600, northing=461500, areas=[], area_code="E07000121")
    entry(name="Far", easting=400000, northing=400000, areas=["E07000121"], area_code="E08000003")
    entry(name="Elsewhere", easting=400000, northing=400000, areas=["E08000003"], area_code="E08000003")

    def found(query: str) -> set[str]:
        page = listed(f"/service_at_locations?postcode=LA1+4AB{query}")
        return {each["service"]["organization"]["name"] for each in page["contents"]}

    assert found("&proximity=150") == {"Near"}
    assert found("&proximity=50") == set()
    assert found("") == {"Near", "Far"}


def test_a_private_address_is_told_as_its_council_area_alone(listed, client, entry):
    entry(postcode="", easting=None, northing=None, area_code="E07000121", areas=["E07000121"])
    (place,) = listed("/service_at_locations?full=true")["contents"]
    location = place["location"]
    assert "not published. It is in Lancaster" in location["description"]
    assert not {"latitude", "longitude"} & set(location)
    assert location["addresses"] == []


def test_a_page_takes_the_same_statements_however_many_it_shows(client, entry, count_statements):
    def asked(path: str) -> int:
        client.get(BASE + path)
        with count_statements() as statements:
            client.get(BASE + path)
        return len(statements)

    paths = ("/services?full=true", "/service_at_locations", "/organizations", "/taxonomy_terms")
    entry()
    few = [asked(path) for path in paths]
    for number in range(30):
        entry(name=f"Provider {number}", services=["befriending", "home-care"])
    assert [asked(path) for path in paths] == few


def test_what_it_is_is_told_at_its_root(client, app):
    for address in (f"{BASE}/", BASE):
        root = client.get(address).json
        assert set(root) == {"version", "profile", "openapi_url"}
        assert client.get(root["openapi_url"].removeprefix(app.config["BASE_URL"])).json["openapi"] == "3.1.0"


def test_a_register_without_an_entry_has_no_services(client):
    assert client.get("/open-referral/services").get_json()["contents"] == []
