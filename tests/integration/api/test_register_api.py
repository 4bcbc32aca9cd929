"""The register as JSON: what only the API has."""

from __future__ import annotations

import pytest

from tests import factories as make


@pytest.fixture
def entry(app):
    """`entry(name=..., ...)`: a provider with a current award, on the register."""
    edition = make.edition()
    return lambda **values: make.register_entry(make.award(make.application(make.organisation(**values), edition)))


def test_following_next_from_the_first_page_reads_the_whole_register_once(client, entry, app):
    for number in range(45):
        entry(name=f"Provider number {number}", services=["befriending"])
    address, names = "/api/v1/register?service=befriending", []
    while address:
        answer = client.get(address).json
        names += [row["name"] for row in answer["results"]]
        following = answer["links"]["next"]
        address = following and following.removeprefix(app.config["BASE_URL"])
    assert len(names) == len(set(names)) == answer["total"] == 45
    assert answer["links"]["self"] == answer["links"]["last"]


@pytest.mark.parametrize("parameter", ["service=plumbing", "group=cats", "area=E99", "status=lost"])
def test_an_unknown_code_is_refused_and_named_instead_of_finding_nothing(client, parameter):
    answer = client.get(f"/api/v1/register?{parameter}")
    name, code = parameter.split("=")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert code in str(answer.json["errors"][name])


def test_the_page_and_the_api_find_the_same_in_the_same_order(client, entry):
    for number in range(8):
        entry(name=f"Memory café number {number}")
    page = client.get("/register?q=memory").text
    names = [row["name"] for row in client.get("/api/v1/register?q=memory").json["results"]]
    assert sorted(names, key=page.index) == names
    assert len(names) == 8


def test_one_provider_and_its_certificate_are_told_alike(client, entry):
    row = entry(name="Bay Memory Friends")
    provider = client.get(f"/api/v1/register/{row.slug}")
    certificate = client.get(f"/api/v1/certificates/{provider.json['certificate']}")
    assert certificate.json["holder"] == provider.json["name"] == "Bay Memory Friends"
    assert certificate.json["standing"] == provider.json["standing"]
    assert provider.headers["Access-Control-Allow-Origin"] == "*"


def test_an_unknown_provider_is_a_problem_document(client):
    answer = client.get("/api/v1/register/nobody")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/entries?updated_since=0001-01-01T00:00:00%2B14:00",
        "/open-referral/services?modified_after=9999-12-31T23:59:59-14:00",
    ],
)
def test_a_moment_that_no_calendar_has_in_utc_is_refused_by_name(client, address):
    answer = client.get(address)
    assert answer.status_code == 400 and list(answer.json["errors"]) == [address.partition("?")[2].partition("=")[0]]


@pytest.mark.parametrize("typed", ["***", '"((', "the"])
def test_where_there_is_no_word_to_look_for_nothing_is_answered_rather_than_everything(client, entry, typed):
    entry()
    answer = client.get("/api/v1/register", query_string={"q": typed})
    assert answer.status_code == 400
    assert "no word to look for" in answer.json["errors"]["q"][0]
