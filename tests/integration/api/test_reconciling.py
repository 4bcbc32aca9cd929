"""Matching a spreadsheet against the register, as OpenRefine does it."""

from __future__ import annotations

import json

import pytest

from app.extensions import db
from app.models import Organisation
from tests import factories as make


@pytest.fixture
def entry(app):
    edition = make.edition()

    def publish(name: str, charity: str = "", **values):
        row = make.register_entry(
            make.award(make.application(make.organisation(), edition)),
            **{"name": name, "identifiers": {"charity": f"GB-CHC-{charity}"} if charity else {}, **values},
        )
        if charity:
            db.session.get(Organisation, row.organisation_id).charity_number = charity
            make.save(row)
        return row

    return publish


@pytest.fixture
def register(entry):
    """A few providers, some of which are hard to tell apart."""
    return {
        name: entry(name, charity, **values)
        for name, charity, values in (
            ("Bay Memory Friends", "1123456", {"postcode": "LA1 4AB"}),
            ("Bay Befriending", "", {}),
            ("Morecambe Carers’ Centre", "1100002", {}),
            ("St John’s Hospice", "1100003", {"area_code": "E07000121", "areas": ["E07000121"]}),
            ("St John’s House", "1100004", {"area_code": "E08000003", "areas": ["E08000003"]}),
        )
    }


@pytest.fixture
def best(client, register):
    """`best(name, ...)`: the first candidate's name, and whether it is a match."""

    def ask(name: str, **query):
        sent = {"q0": {"query": name, **query}}
        answer = client.post("/reconcile", data={"queries": json.dumps(sent)})
        assert answer.status_code == 200, answer.text
        result = answer.json["q0"]["result"]
        for each in result:
            assert set(each) == {"id", "name", "description", "type", "score", "match", "features"}
            assert 0 <= each["score"] <= 100
        scores = [each["score"] for each in result]
        assert scores == sorted(scores, reverse=True)
        return (result[0]["name"], result[0]["match"]) if result else (None, False)

    return ask


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bay Memory Friends", "Bay Memory Friends"),
        ("The Bay Memory Friends CIO", "Bay Memory Friends"),
        ("BAY MEMORY FRIENDS LTD.", "Bay Memory Friends"),
        ("Friends, Bay Memory", "Bay Memory Friends"),
        ("Morecambe Carers Centre", "Morecambe Carers’ Centre"),
        ("St. Johns Hospice Limited", "St John’s Hospice"),
    ],
)
def test_a_name_is_matched_whatever_is_added_to_it(best, typed, meant):
    assert best(typed) == (meant, True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Bay Memry Freinds", "Bay Memory Friends"), ("Morecombe Carers Center", "Morecambe Carers’ Centre")],
)
def test_a_mistyped_name_comes_first(best, typed, meant):
    assert best(typed)[0] == meant


def test_what_is_only_somewhat_alike_is_offered_and_not_matched(best):
    assert best("St John’s") in {("St John’s House", False), ("St John’s Hospice", False)}
    assert best("Zeppelin Works") == (None, False)


def test_a_charity_number_decides_however_it_is_typed(best):
    for number in ("1123456", "GB-CHC-1123456", " 1 123 456 ", 1123456, {"id": "1123456"}):
        assert best("Somebody else", properties=[{"pid": "identifier", "v": number}]) == ("Bay Memory Friends", True)
    assert best("1100002") == ("Morecambe Carers’ Centre", True)


def test_a_council_or_a_postcode_tells_apart(best):
    assert best("St Johns", properties=[{"pid": "council", "v": "Lancaster"}])[0] == "St John’s Hospice"
    assert best("St Johns", properties=[{"pid": "council", "v": "Manchester City Council"}])[0] == "St John’s House"
    assert best("Bay Memory", properties=[{"pid": "postcode", "v": "la14ab"}])[0] == "Bay Memory Friends"


def test_a_type_that_there_is_not_finds_nothing(best):
    assert best("Bay Memory Friends", type="person") == (None, False)
    assert best("Bay Memory Friends", type="provider")[1]


def test_the_manifest_leads_to_everything_that_it_names(app, client, register):
    manifest = client.get("/reconcile").json
    assert manifest["versions"] == ["0.2"]
    slug = register["Bay Memory Friends"].slug

    def local(address: str) -> str:
        return address.removeprefix(app.config["BASE_URL"]).replace("{{id}}", slug)

    assert "Bay Memory Friends" in client.get(local(manifest["view"]["url"])).text
    preview = client.get(local(manifest["preview"]["url"]))
    assert "Bay Memory Friends" in preview.text
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    for kind, typed in (("entity", "bay mem"), ("property", "post"), ("type", "pro")):
        found = client.get(manifest["suggest"][kind]["service_path"], query_string={"prefix": typed}).json["result"]
        assert found[0]["id"] == {"entity": slug, "property": "postcode", "type": "provider"}[kind]
    proposed = client.get(manifest["extend"]["propose_properties"]["service_path"]).json
    assert {"id": "expires_on", "name": "Valid until"} in proposed["properties"]


def test_rows_are_extended_with_every_property_and_unknown_ids_with_nothing(client, register):
    slug = register["Bay Memory Friends"].slug
    names = [each["id"] for each in client.get("/reconcile/properties").json["properties"]]
    wanted = {"ids": [slug, "nobody"], "properties": [{"id": name} for name in names]}
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)}).json
    assert [each["id"] for each in answer["meta"]] == names
    row = answer["rows"][slug]
    assert row["identifier"] == [{"str": "GB-CHC-1123456"}]
    assert row["approved"] == [{"bool": True}]
    assert row["expires_on"] == [{"date": register["Bay Memory Friends"].expires_on.isoformat()}]
    assert row["email"] == []
    assert set(answer["rows"]["nobody"]) == set(names)
    assert not any(answer["rows"]["nobody"].values())


@pytest.mark.parametrize(
    ("field", "sent", "status"),
    [
        ("queries", "nonsense", 400),
        ("queries", "[]", 400),
        ("queries", '{"q0": 1}', 400),
        ("queries", '{"q0": {"query": "x", "properties": [{"v": 1}]}}', 400),
        ("queries", json.dumps({f"q{number}": {"query": "x"} for number in range(51)}), 413),
        ("extend", '{"ids": ["a"]}', 400),
        ("extend", '{"ids": ["a"], "properties": [{"id": "income"}]}', 400),
        ("extend", json.dumps({"ids": ["a"] * 201, "properties": []}), 413),
    ],
)
def test_what_cannot_be_read_is_a_problem_document(client, field, sent, status):
    answer = client.post("/reconcile", data={field: sent})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_a_batch_takes_the_same_statements_whatever_its_size(client, register, count_statements):
    def asked(size: int) -> int:
        batch = {f"q{number}": {"query": f"Bay {number}"} for number in range(size)}
        with count_statements() as statements:
            client.get("/reconcile", query_string={"queries": json.dumps(batch)})
        return len([statement for statement in statements if "max(register_entry.revision)" not in statement])

    asked(1)
    assert asked(1) == asked(30)


def test_another_site_may_ask(client):
    answer = client.get("/reconcile", headers={"Origin": "http://127.0.0.1:3333"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.options("/reconcile").headers["Access-Control-Allow-Methods"].endswith("POST")


def test_what_is_posted_in_another_form_is_refused_and_never_taken_for_a_request_of_the_manifest(client):
    answer = client.post("/reconcile", json={"queries": {"q0": {"query": "Bay Memory Friends"}}})
    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")
    assert "as a form" in answer.json["detail"]
    assert client.post("/reconcile").json["batchSize"] == 50
