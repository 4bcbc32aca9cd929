"""What programs that walk the web are told."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from app.extensions import db
from app.queries import sitemaps
from tests import factories as make
from tests.conftest import NOON

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def listed(**values):
    return make.register_entry(make.award(make.application(make.organisation(), make.edition())), **values)


def addresses(answer) -> list[str]:
    return [each.text for each in ElementTree.fromstring(answer.data).findall(".//s:loc", SPACE)]


@pytest.fixture
def robots(client) -> RobotFileParser:
    found = RobotFileParser()
    found.parse(client.get("/robots.txt").text.splitlines())
    return found


def test_crawlers_may_read_entries_and_standards_and_nothing_behind_a_sign_in_or_a_secret(robots):
    open_to_all = [
        "/",
        "/register",
        "/register/bay-befrienders",
        "/standards/mark/2026/GOV.1.1",
        "/open-data",
        "/verify/X",
    ]
    closed = ["/account", "/schemes/3/cases", "/applications/1", "/say/secret", "/packs/code", "/api/v1/register"]
    assert [path for path in open_to_all if not robots.can_fetch("AnyBot", path)] == []
    assert [path for path in closed if robots.can_fetch("AnyBot", path)] == []
    assert robots.crawl_delay("AnyBot") == 1


def test_searches_with_choices_are_closed_to_crawlers(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /*?" in lines
    assert any(line.startswith("Sitemap: http") and line.endswith("/sitemap.xml") for line in lines)


def test_every_entry_is_in_one_part_of_the_map_with_the_day_of_its_last_change(client, monkeypatch):
    monkeypatch.setattr(sitemaps.parts, "size", 3)
    entries = [listed() for _ in range(5)]
    parts = addresses(client.get("/sitemap.xml"))[1:]
    documents = [client.get(part.partition("//")[2].partition("/")[2].join(["/", ""])) for part in parts]
    found = [address.rpartition("/")[2] for document in documents for address in addresses(document)]
    assert found == [entry.slug for entry in entries]
    assert NOON.strftime("<lastmod>%Y-%m-%dT%H:%M:%SZ</lastmod>").encode() in documents[0].data
    assert client.get("/sitemaps/register-99.xml").status_code == 404


def test_a_new_entry_is_in_the_map_at_once_though_it_is_kept(client, count_statements):
    entry = listed(slug="first")
    part = (entry.id - 1) // sitemaps.PART + 1
    address = f"/sitemaps/register-{part}.xml"
    assert len(addresses(client.get(address))) == 1
    with count_statements() as statements:
        client.get(address)
    assert len([each for each in statements if each != "BEGIN"]) == 1, "only whether the register changed"
    listed(slug="second", revision=entry.revision + 1)
    assert [each.rpartition("/")[2] for each in addresses(client.get(address))] == ["first", "second"]


def test_the_map_of_pages_has_every_criterion_of_the_published_standards(client):
    edition = make.edition()
    db.session.commit()
    found = addresses(client.get("/sitemaps/pages.xml"))
    assert [each for each in found if each.endswith(f"/{edition.code}/2026/SAFE.1.2")]
    assert {"market", "needs", "statistics"} <= {each.rpartition("/")[2] for each in found}
    assert len(found) == len(set(found))


def test_whoever_found_a_weakness_is_told_whom_to_tell(app, client, monkeypatch):
    assert client.get("/.well-known/security.txt").text.startswith("Contact: http")
    monkeypatch.setitem(app.config, "SECURITY_CONTACT", "security@example.org")
    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert lines[:2] == ["Contact: mailto:security@example.org", "Expires: 2027-05-15T00:00:00Z"]
