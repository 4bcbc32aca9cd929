"""Every answer of our Open Referral API against the published schemas of the UK profile 3.0."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.domain.lifecycle import AwardStatus
from tests import factories as make

BASE = "/open-referral"
# The folder's own profile: for one thing and for a list, and whether a list carries the full form.
LISTS = {
    "services": "compiled/service_list.json",
    "services?full=true": "compiled/service.json",
    "services?minimal=true": "compiled/service_list.json",
    "service_at_locations": "compiled/service_at_location_list.json",
    "service_at_locations?full=true": "compiled/service_at_location.json",
    "service_at_locations?minimal=true": "compiled/service_at_location_list.json",
    "organizations": "compiled/organization_list.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}
ONE = {
    "services": "compiled/service.json",
    "service_at_locations": "compiled/service_at_location.json",
    "organizations": "compiled/organization.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}


@pytest.fixture
def conforms(published, read_json):
    """`conforms(schema, thing)` fails with every way in which it does not."""

    def check(name: str, thing: dict) -> None:
        folder = published / "open-referral-uk-3.0" / "schema"
        beside = Registry(retrieve=lambda uri: DRAFT202012.create_resource(read_json(folder / uri)))
        schema = read_json(folder / name)
        found = Draft202012Validator(schema, registry=beside, format_checker=FormatChecker()).iter_errors(thing)
        assert [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found] == []

    return check


@pytest.fixture
def filled(app):
    """A register with everything that an entry can hold, with as little as one can, and with what has been suspended."""
    edition = make.edition()

    def publish(status=AwardStatus.AWARDED, **values):
        award = make.award(make.application(make.organisation(), edition), status=status)
        return make.register_entry(award, **{"status": status, **values})

    publish(
        name="مركز الذاكرة",
        services=["befriending", "dementia-support"],
        client_groups=["carers", "older-people"],
        languages=["en", "cy"],
        access=["free", "step-free", "home-visits"],
        identifiers={"charity": "GB-CHC-1123456", "company": "GB-COH-01234567", "cqc": "1-123456789"},
        contact={
            "website": "https://memory.example",
            "email": "hello@memory.example",
            "phone": "01524 000000",
            "address": "1 High Street, Lancaster",
        },
        postcode="LA1 1HT",
    )
    publish(name="Refuge", postcode="", easting=None, northing=None, description="", summary="", areas=[])
    publish(AwardStatus.SUSPENDED, name="Suspended")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_as_the_profile_says(client, filled, conforms, path):
    page = client.get(f"{BASE}/{path}").json
    assert page["contents"]
    for each in page["contents"]:
        conforms(LISTS[path], each)


@pytest.mark.parametrize("kind", ONE)
def test_each_thing_is_as_the_profile_says(client, filled, conforms, kind):
    contents = client.get(f"{BASE}/{kind}").json["contents"]
    assert contents
    for each in contents:
        conforms(ONE[kind], client.get(f"{BASE}/{kind}/{each['id']}").json)


def test_every_parameter_of_the_profile_is_taken(client, filled, published, read_json):
    profile = read_json(published / "open-referral-uk-3.0" / "schema" / "openapi.json")
    ours = client.get(f"{BASE}/openapi.json").json["paths"]
    checked = 0
    for path, item in profile["paths"].items():
        names = {parameter["$ref"].rpartition("/")[2] for parameter in item["get"].get("parameters", ())}
        taken = {parameter["name"] for parameter in ours[BASE + path]["get"]["parameters"]}
        assert names <= taken, path
        checked += len(names)
    assert checked > 20


def test_a_page_has_every_field_of_the_profiles_page(client, filled, published, read_json):
    profile = read_json(published / "open-referral-uk-3.0" / "schema" / "openapi.json")
    wanted = set(profile["components"]["schemas"]["Page"]["properties"])
    assert wanted
    for path in LISTS:
        assert wanted <= set(client.get(f"{BASE}/{path}").json), path
