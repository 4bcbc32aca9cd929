"""What the description promises is what is sent: every address, against its own schema."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from app.api.contract import Contract
from tests import factories as make
from tests.conftest import NOON


@pytest.fixture
def entry(app):
    edition = make.edition()
    return lambda **values: make.register_entry(make.award(make.application(make.organisation(**values), edition)))


@pytest.fixture
def told(client):
    """`told(path, address)`: the answer's body, once it is proved to be what the document describes under `path`."""
    document = client.get("/api/v1/openapi.json").json

    def ask(path: str, address: str):
        answer = client.get(address)
        responses = document["paths"][path]["get"]["responses"]
        response = responses[str(answer.status_code)]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = {**response["content"][answer.mimetype]["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(answer.json)
        return answer.json

    return ask


FULL = {
    "name": "Bay Memory Friends",
    "services": ["befriending", "dementia-support"],
    "areas": ["E07000121"],
    "charity_number": "1123456",
    "postcode": "LA1 4AB",
    "facts": {"income": 200_000},
    "strengths": "We know everybody by name.",
}


def test_every_address_answers_as_its_description_says(told, entry):
    row = entry(**FULL)
    number = row.award.number
    row.languages, row.access, row.size = ["cy"], ["free"], "medium"
    row.offers = [
        {"service": "befriending", "taking": "now", "said_on": "2026-11-01", "capacity": 4, "free": 1, "weeks": None}
        | {"how": "Ring us."}
    ]
    make.save(row)
    told("/api/v1/register", "/api/v1/register?q=memory")
    full = told("/api/v1/register/{slug}", f"/api/v1/register/{row.slug}")
    assert full["offers"][0]["words"] == "Taking people on now"
    assert full["languages"] == [{"code": "cy", "title": "Welsh (Cymraeg)"}]
    told("/api/v1/entries", "/api/v1/entries")
    told("/api/v1/changes", "/api/v1/changes")
    told("/api/v1/codes", "/api/v1/codes")
    assert told("/api/v1/certificates/{number}", f"/api/v1/certificates/{number}")["holder"] == row.name
    told("/api/v1/suggest", "/api/v1/suggest?q=bay")


def test_refusals_are_described_too(told):
    told("/api/v1/register/{slug}", "/api/v1/register/nobody")
    told("/api/v1/register", "/api/v1/register?page=first")
    told("/api/v1/certificates/{number}", "/api/v1/certificates/nothing")


def test_every_view_under_the_api_has_a_contract(app):
    views = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1")}
    without = [
        name for name in views if not isinstance(getattr(app.view_functions[name], "__contract__", None), Contract)
    ]
    assert views
    assert without == []


def test_the_page_for_people_lists_every_address(client):
    page = client.get("/api").text
    for path in client.get("/api/v1/openapi.json").json["paths"]:
        assert f"GET {path}" in page


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("register?servce=befriending", "Did you mean service?"),
        ("register?x=1", "There are: access, area"),
        ("register?page=1&page=2", "once"),
        ("register?facets=service,colour", "'colour' is no facet"),
        ("entries?cursor=abc", "Take it from"),
        ("entries?limit=0", "from 1 to 500"),
        ("codes?a=b", "takes no parameters"),
    ],
)
def test_a_slip_in_a_parameter_is_named_with_what_may_have_been_meant(client, address, hint):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert hint in str(answer.json["errors"])


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "/api/v1/nothing", {}, 404),
        ("DELETE", "/api/v1/register", {}, 405),
        ("POST", "/api/v1/register", {}, 405),
        ("GET", "/api/v1/register", {"Accept": "text/csv"}, 406),
        ("GET", "/api/v1/register", {"Authorization": "Bearer ts_wrong"}, 401),
        ("GET", "/api/v1/register", {"Authorization": "Basic YTpi"}, 401),
    ],
)
def test_whatever_goes_wrong_is_a_problem_document_whose_type_leads_to_its_page(
    app, client, method, address, headers, status
):
    answer = client.open(address, method=method, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["instance"] == address
    page = client.get(answer.json["type"].removeprefix(app.config["BASE_URL"]))
    assert answer.json["title"] in page.text
    assert ("Allow" in answer.headers) is (status == 405)


def test_any_site_may_ask_after_a_preflight(client):
    answer = client.options("/api/v1/register", headers={"Origin": "https://x.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert client.head("/api/v1/register").headers["ETag"]


def test_an_entry_is_not_modified_until_the_register_or_the_day_changes(client, clock, entry):
    row = entry(name="Bay Memory Friends")
    address = f"/api/v1/register/{row.slug}"
    first = client.get(address)
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    clock.forward(days=1)  # what is said of an award is said as of the day
    assert client.get(address, headers=since).status_code == 200


def test_only_the_facets_that_are_asked_for_are_counted(client, entry):
    entry(services=["befriending"])
    assert set(client.get("/api/v1/register?facets=service,area").json["facets"]) == {"service", "area"}
    assert client.get("/api/v1/register?facets=none").json["facets"] == {}
    assert "level" in client.get("/api/v1/register").json["facets"]


def test_a_cursor_reads_all_once_and_then_only_what_changed(client, entry, app):
    rows = [entry(name=f"Provider {number}") for number in range(7)]
    address, names = "/api/v1/entries?limit=3", []
    while address:
        body = client.get(address).json
        names += [each["name"] for each in body["entries"]]
        cursor, address = body["cursor"], body["next"] and body["next"].removeprefix(app.config["BASE_URL"])
        if len(names) == 3:  # something that was read already changes meanwhile
            rows[0].name, rows[0].revision = "Provider 0 renamed", rows[-1].revision + 100
            make.save(rows[0])
    assert names == [*(f"Provider {number}" for number in range(7)), "Provider 0 renamed"]
    assert client.get(f"/api/v1/entries?cursor={cursor}").json["entries"] == []
    rows[4].name, rows[4].revision = "Provider 4 renamed", rows[0].revision + 1
    make.save(rows[4])
    again = client.get(f"/api/v1/entries?cursor={cursor}").json["entries"]
    assert [each["name"] for each in again] == ["Provider 4 renamed"]


def test_what_changed_since_a_moment(client, entry, clock):
    entry(name="Before")
    later = entry(name="Later")
    later.updated_at = NOON.replace(day=20)
    make.save(later)
    found = client.get("/api/v1/entries?updated_since=2026-11-18T00:00:00Z").json["entries"]
    assert [each["name"] for each in found] == ["Later"]


def test_an_organisation_is_found_by_each_of_its_numbers_and_by_nobody_elses(client, entry):
    row = entry(name="Bay Memory Friends")
    row.identifiers = {"charity": "GB-CHC-1123456", "cqc": "1-123456789"}
    organisation = make.db.session.get(type(row.award.organisation), row.organisation_id)
    organisation.charity_number, organisation.cqc_provider_id = "1123456", "1-123456789"
    make.save(row)
    for identifier in ("GB-CHC-1123456", "1-123456789"):
        found = client.get(f"/api/v1/organisations/{identifier}").json["entries"]
        assert [each["slug"] for each in found] == [row.slug]
    assert client.get("/api/v1/organisations/GB-CHC-1999999").status_code == 404
    assert client.get("/api/v1/organisations/GB-COH-00000001").status_code == 404
