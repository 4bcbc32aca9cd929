"""A published edition as other programs take it."""

from __future__ import annotations

import pytest

from app.frameworks import read
from app.frameworks.importing import import_framework
from app.web.public import exports
from tests import factories


@pytest.fixture
def edition(app):
    source = factories.SMALL_FRAMEWORK.replace("title: Small Mark", "title: {en: Small Mark, cy: Marc Bach}")
    return factories.edition(factories.scheme(), source)


def address(edition, language="") -> str:
    return f"/standards/{edition.code}/{edition.edition}/oscal.json" + (f"?language={language}" if language else "")


def test_anyone_can_take_an_edition_as_an_oscal_catalog_and_bring_it_back(client, edition):
    response = client.get(address(edition))
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert f"{edition.code}-2026-oscal-en.json" in response.headers["Content-Disposition"]
    assert response.json["catalog"]["metadata"]["last-modified"] == edition.loaded_at.isoformat(timespec="seconds")
    back, ours = import_framework(response.data, "x.json").framework, read(edition.source, "x.yaml")
    assert [(each.code, str(each.text)) for each in back.criteria] == [
        (each.code, str(each.text)) for each in ours.criteria
    ]


def test_each_language_is_taken_by_itself_and_one_that_is_not_there_is_told(client, edition):
    assert client.get(address(edition, "cy")).json["catalog"]["metadata"]["title"] == "Marc Bach"
    assert "It can be read in English and Welsh." in client.get(address(edition, "pl")).text
    assert client.get(f"/standards/{edition.code}/1999/oscal.json").status_code == 404


def test_whoever_has_the_catalog_is_not_sent_it_again(client, edition):
    first = client.get(address(edition))
    again = client.get(address(edition), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_catalog_is_made_once_for_everybody_who_asks_for_it(client, edition, monkeypatch):
    first = client.get(address(edition)).data

    def made_again(*_args):
        raise AssertionError("The catalog was made a second time.")

    monkeypatch.setattr(exports, "catalog", made_again)
    assert client.get(address(edition)).data == first
