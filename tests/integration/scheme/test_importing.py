"""The page on which a scheme's office brings a framework over from another program."""

from __future__ import annotations

from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.extensions import db
from app.frameworks import check_source
from app.models import FrameworkDraft
from tests import factories as make

LIBRARY = """
name: Mark
version: 2
locale: fr
objects:
  framework:
    name: Être prêt
    requirement_nodes:
      - {urn: "urn:a:b:c:d:one", assessable: false, depth: 1, ref_id: A, name: "Gérer <b>"}
      - {urn: "urn:a:b:c:d:two", assessable: true, depth: 2, parent_urn: "urn:a:b:c:d:one", ref_id: A.1, name: Tenir un registre, threats: [x]}
"""


@pytest.fixture
def scheme(app):
    return make.scheme(title="Care Mark")


@pytest.fixture
def office(scheme, client_for):
    return client_for(make.officer(scheme, Role.MANAGER))


def sent(office, scheme, data: str | bytes = LIBRARY, name: str = "library.yaml", **codes: str):
    raw = data.encode() if isinstance(data, str) else data
    form = {"file": (BytesIO(raw), name), **codes}
    return office.post(f"/schemes/{scheme.code}/frameworks/import", data=form, content_type="multipart/form-data")


def posted_as_bytes(office, scheme, text: str):
    """As `sent`, with a body made here: a large one that the client makes is a temporary file that it leaves open."""
    head = 'Content-Disposition: form-data; name="file"; filename="library.yaml"'
    body = f"--part\r\n{head}\r\n\r\n{text}\r\n--part--\r\n".encode()
    address = f"/schemes/{scheme.code}/frameworks/import"
    return office.post(address, data=body, content_type="multipart/form-data; boundary=part")


def drafts() -> list[FrameworkDraft]:
    db.session.rollback()
    return list(db.session.scalars(select(FrameworkDraft)))


def test_a_manager_sees_what_comes_over_and_makes_a_draft_of_it(scheme, office):
    page = sent(office, scheme, framework="ours")
    text = unescape(page.text)
    assert page.status_code == 200
    assert (
        "2 parts, of which 1 is assessed" in text
        and "Each part, with the number of requirements in it." in text
        and "French" in text
    )
    assert "Threats named by requirements" in text and "The file names no pass marks." in text
    assert drafts() == []
    form = {"source": source_on(text).replace("\n", "\r\n"), "name": "library.yaml"}
    done = office.post(f"/schemes/{scheme.code}/frameworks/import/draft", data=form)
    assert 'id="problems"' not in office.get(done.location).text
    (draft,) = drafts()
    assert (draft.code, draft.edition, draft.imported_from) == ("ours", "2", "library.yaml")
    assert draft.source == source_on(text) and check_source(draft.source, "x") == []


def source_on(page: str) -> str:
    """The text of the edition that waits in the page."""
    area = page[page.index("<textarea") : page.index("</textarea>")]
    return area[area.index(">") + 1 :].lstrip("\r\n").replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is a spreadsheet, a Word document or a zip file."),
        (b'{"profile": {}}', "Resolve it first"),
        (b"shopping: [milk]", "This is no framework that is known here."),
    ],
)
def test_a_file_that_is_no_framework_is_refused_with_the_reason(scheme, office, data, words):
    page = sent(office, scheme, data, framework="ours", edition="2027")
    assert page.status_code == 422
    assert words in unescape(page.text)
    assert 'value="ours"' in page.text and 'value="2027"' in page.text


def test_a_code_that_is_none_is_told_at_its_field(scheme, office):
    page = sent(office, scheme, framework="not a code")
    assert page.status_code == 422 and "not a code is no code" in page.text and "framework-error" in page.text


def test_a_form_without_a_file_asks_for_one(scheme, office):
    page = office.post(f"/schemes/{scheme.code}/frameworks/import", data={"framework": "ours"})
    assert page.status_code == 422 and "Choose the file to bring over." in page.text


def test_a_large_library_gets_through_the_form(scheme, office):
    nodes = "".join(
        f'      - {{urn: "urn:a:b:c:d:n{n}", assessable: true, depth: 2, parent_urn: "urn:a:b:c:d:one", name: "{"Write it down. " * 30}"}}\n'
        for n in range(5000)
    )
    page = posted_as_bytes(office, scheme, LIBRARY + nodes)
    text = unescape(page.text)
    assert "5,002 parts, of which 5,001 are assessed" in text
    form = {"source": source_on(text), "name": "library.yaml"}
    assert office.post(f"/schemes/{scheme.code}/frameworks/import/draft", data=form).status_code == 302
    assert len(drafts()[0].source) > 2_000_000


def test_a_draft_without_its_text_leads_back_to_the_file(scheme, office):
    answer = office.post(f"/schemes/{scheme.code}/frameworks/import/draft", data={"name": "x"})
    assert answer.location.endswith("/frameworks/import")
    assert drafts() == []


def test_only_managers_bring_anything_over(scheme, client_for):
    auditor = client_for(make.officer(scheme, Role.AUDITOR))
    assert auditor.get(f"/schemes/{scheme.code}/frameworks/import").status_code == 403
    assert sent(auditor, scheme).status_code == 403
