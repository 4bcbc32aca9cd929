"""The pages of a published standard: an address for every branch and criterion, which stays, says what it is, and is cheap."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from app.domain.access import Role
from app.extensions import db
from app.frameworks import digest
from app.models import FrameworkEdition
from app.queries.frameworks import framework_of
from app.services.frameworks import load_standards
from bench.big_framework import source
from tests import factories as make
from tests.conftest import NOON

STANDARDS = Path(__file__).resolve().parents[3] / "standards"
IN_WELSH = make.SMALL_FRAMEWORK.replace(
    "text: New trustees are told their duties.",
    "text: {en: New trustees are told their duties., cy: Mae ymddiriedolwyr newydd yn cael gwybod eu dyletswyddau.}",
)
NEXT_YEAR = make.SMALL_FRAMEWORK.replace('edition: "2026"', 'edition: "2027"').replace(
    "code: GOV.1.2\n", "code: GOV.1.3\n            was: GOV.1.2\n"
)


def published(text: str = make.SMALL_FRAMEWORK, edition: str = "2026", **values: object) -> FrameworkEdition:
    of = values.pop("of", None) or make.scheme()
    return make.edition(of, source=text, code="small-mark", edition=edition, **values)


def test_every_branch_and_criterion_of_what_is_shipped_has_an_address_that_answers(app, client):
    load_standards(STANDARDS, now=NOON)
    for edition in db.session.scalars(db.select(FrameworkEdition)).all():
        start, framework = f"/standards/{edition.code}/{edition.edition}", framework_of(edition)
        assert client.get(start).status_code == 200
        for part in (*framework.nodes, *framework.criteria):
            page = client.get(f"{start}/{part.code}")
            assert page.status_code == 200, part.code
        criterion = framework.criteria[-1]
        assert str(criterion.text)[:40] in client.get(f"{start}/{criterion.code}").text.replace("&#39;", "'")


def test_a_criterion_is_told_whole_with_the_way_on_and_back(client):
    published()
    page = client.get("/standards/small-mark/2026/GOV.1.1").text
    for words in (
        "Trustees meet at least four times a year and keep minutes.",
        "Decisions need a record.",
        "Embedded and reviewed",
        "Minutes of the last four meetings",
        "Must reach 1 Started or better",
        "Asked of everyone.",
        "1 of 4",
    ):
        assert words in page
    assert 'href="/standards/small-mark/2026/GOV.1"' in page
    assert re.search(r'href="/standards/small-mark/2026/GOV\.1\.2" rel="next"', page)
    assert 'rel="prev"' not in page
    assert '<link rel="canonical" href="http://' in page


def test_links_to_other_frameworks_lead_there_only_where_they_are_read_here(client):
    published(
        make.SMALL_FRAMEWORK.replace(
            "why: Decisions", 'maps_to: ["other:X.1", "large-mark:A1"]\n            why: Decisions'
        )
    )
    make.edition(source=source(5), code="large-mark", edition="1")
    page = client.get("/standards/small-mark/2026/GOV.1.1").text
    assert "“X.1” of Other" in page
    found = re.search(r'In part the same as <a class="govuk-link" href="([^"]+)">A1 ', page)
    assert found
    assert client.get(found[1]).status_code == 200


def test_an_unknown_code_says_what_may_be_meant_and_another_spelling_is_sent_on(client):
    published()
    missing = client.get("/standards/small-mark/2026/GOV.1.9")
    assert missing.status_code == 404
    assert 'href="/standards/small-mark/2026/GOV.1.1"' in missing.text
    assert client.get("/standards/small-mark/2026/%3Cscript%3E").status_code == 404
    sent = client.get("/standards/small-mark/2026/gov.1.1")
    assert (sent.status_code, sent.location) == (302, "/standards/small-mark/2026/GOV.1.1")
    assert client.get("/standards/small-mark/1999/GOV.1.1").status_code == 404
    assert client.get("/standards/nothing").status_code == 404


def test_a_criterion_that_got_a_new_code_knows_the_old_one_and_the_old_one_is_found_under_it(client):
    scheme = make.scheme()
    published(of=scheme)
    published(NEXT_YEAR, "2027", of=scheme)
    page = client.get("/standards/small-mark/2027/GOV.1.3").text
    assert 'In edition 2026 it was <a class="govuk-link" href="/standards/small-mark/2026/GOV.1.2">GOV.1.2</a>' in page
    missing = client.get("/standards/small-mark/2027/GOV.1.2")
    assert missing.status_code == 404
    assert re.search(r"GOV\.1\.3.*GOV\.1\.1", missing.text, re.DOTALL)


def test_a_retired_edition_says_so_on_every_page_and_leads_to_the_one_in_force(client):
    scheme = make.scheme()
    published(of=scheme, open=False, retired_at=NOON - timedelta(days=2))
    published(NEXT_YEAR, "2027", of=scheme)
    for address in ("", "/GOV", "/GOV.1.1"):
        page = client.get(f"/standards/small-mark/2026{address}").text
        assert "This edition was retired on 14 Nov 2026." in page
        assert 'href="/standards/small-mark/2027"' in page
        assert "retired on" not in client.get(f"/standards/small-mark/2027{address}").text
    editions = client.get("/standards/small-mark").text
    assert editions.index("Small Mark 2027") < editions.index("Small Mark 2026")
    assert "In force" in editions
    assert "Retired" in editions


def test_a_text_is_marked_with_its_language_and_falls_back_to_english(client):
    published(IN_WELSH)
    address = "/standards/small-mark/2026/GOV.1.2"
    assert "Mae ymddiriedolwyr" not in client.get(address).text
    page = client.get(f"{address}?language=cy").text
    assert '<p class="govuk-body ts-lede" lang="cy">Mae ymddiriedolwyr newydd' in page
    assert "<span>Trustees know" not in page
    assert '<span lang="cy">' not in page  # its title is there in English only
    assert f'href="{address}" hreflang="en"' in page
    assert 'href="/standards/small-mark/2026/GOV.1.1?language=cy"' in page
    assert "Mae ymddiriedolwyr" not in client.get(f"{address}?language=fr").text


def test_what_an_organisation_would_be_asked_goes_along_to_the_parts_of_a_large_edition(client):
    make.edition(source=source(200), code="large-mark", edition="2026")
    page = client.get("/standards/large-mark/2026?staff=0&visits=no&level=bronze").text
    found = re.search(r'href="(/standards/large-mark/2026/A1\?[^"]+)"[^>]*>A1 .*?(\d+) of 150 criteria asked', page)
    assert found
    part = client.get(found[1].replace("&amp;", "&")).text
    assert f"would be asked {found[2]} of 150 criteria here" in part
    assert 0 < int(found[2]) < 150
    assert "Not asked because" in part


def test_the_file_of_an_edition_comes_as_it_was_published(client):
    edition = published()
    known, text = edition.sha256, edition.source
    answer = client.get("/standards/small-mark/2026/framework.yaml")
    assert (answer.text, digest(answer.text), answer.mimetype) == (text, known, "application/yaml")
    again = client.get("/standards/small-mark/2026/framework.yaml", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_everything_that_can_be_taken_away_or_looked_at_is_there_in_the_language_of_the_page(client):
    scheme = make.scheme()
    published(of=scheme)
    published(IN_WELSH.replace('edition: "2026"', 'edition: "2027"'), "2027", of=scheme)
    page = client.get("/standards/small-mark/2027?language=cy").text
    found = re.findall(r'<li><a class="govuk-link" href="(/standards/small-mark/2027/[^"]+)">', page)
    assert len(found) == 7
    assert "/standards/small-mark/2027/handbook.pdf?language=cy" in found
    assert [client.get(address).status_code for address in found] == [200] * 7


def test_a_page_that_the_browser_has_is_not_sent_again_unless_somebody_signed_in(client, client_for):
    edition = published()
    lead = make.officer(edition.scheme, Role.MANAGER, name="Manager Morgan")
    for address in ("", "/GOV", "/GOV.1.1"):
        address = f"/standards/small-mark/2026{address}"
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        signed_in = client_for(lead).get(address, headers={"If-None-Match": tag})
        assert signed_in.status_code == 200
        assert "Manager Morgan" in signed_in.text
