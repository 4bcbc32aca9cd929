"""The evidence library: what can be brought, what is refused and how, and who may see which version."""

from __future__ import annotations

import errno
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Assessment, AttachedEvidence, EvidenceItem, EvidenceVersion
from tests import factories
from tests.conftest import NOON

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
MEGABYTE = 1024 * 1024


def _add(browser, provider, content=PDF, filename="minutes.pdf", **typed):
    return _post_file(browser, f"/organisations/{provider.id}/evidence/new", content, filename, typed)


def _post_file(browser, path, content, filename, typed):
    """Post the form as a browser does; by hand, since the test client leaves a large body's file open."""
    fields = {"kind": "document", "file": FileStorage(BytesIO(content), filename), **typed}
    boundary, body = encode_multipart(fields)
    return browser.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def _versions() -> list[EvidenceVersion]:
    return list(db.session.scalars(select(EvidenceVersion).order_by(EvidenceVersion.id)))


def _bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * (30 * MEGABYTE))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "sentence"),
    [
        pytest.param(b"MZ\x90\x00" + b"\x00" * 200, "policy.pdf", "is not what its ending says", id="a program"),
        pytest.param(b"MZ\x90\x00" + b"\x00" * 200, "setup.exe", "is not a kind of file that can be kept", id="an exe"),
        pytest.param(_bomb(), "policy.docx", "would unpack to far more than it should", id="a zip bomb"),
        pytest.param(b"", "policy.pdf", "is empty", id="nothing"),
        pytest.param(PDF + b"\n" * (50 * MEGABYTE), "scan.pdf", "is larger than 25 MB", id="50 MB"),
    ],
)
def test_a_bad_upload_is_explained_on_the_form_and_what_was_typed_stays(
    browser, provider, draft, content, filename, sentence
):
    typed = {"title": "A title to keep", "issued_on-day": "3", "issued_on-month": "10", "issued_on-year": "2026"}
    beside = f"/applications/{draft.id}/criteria/GOV.1.1/evidence"
    here = _post_file(browser, beside, content, filename, typed)
    for response in (_add(browser, provider, content, filename, **typed), here):
        assert response.status_code == 422
        assert sentence in response.text
        assert "A title to keep" in response.text and 'value="2026"' in response.text
    assert _versions() == []


def test_a_full_disk_is_told_and_nothing_is_written(browser, provider, storage):
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    storage.before_put = full
    response = _add(browser, provider, title="A title to keep")
    assert response.status_code == 422
    assert "There is no room to store the file" in response.text and "A title to keep" in response.text
    assert _versions() == []


def test_a_body_beyond_all_bounds_is_answered_with_the_limit(browser, provider):
    response = _add(browser, provider, PDF + b"\n" * (105 * MEGABYTE))
    assert response.status_code == 413
    assert "25 MB" in response.text


def test_the_same_file_again_leads_to_what_is_there(browser, client_for, provider, draft):
    _add(browser, provider, title="Minutes 2026")
    (version,) = _versions()
    again = _add(browser, provider, title="Another name")
    assert again.status_code == 422
    assert "in your library already, as “Minutes 2026”" in again.text
    beside = browser.post(
        f"/applications/{draft.id}/criteria/GOV.1.1/evidence",
        data={"kind": "document", "file": (BytesIO(PDF), "again.pdf"), "shows": "minutes"},
    )
    assert "Attach “Minutes 2026”" in beside.text
    attached = browser.post(
        f"/applications/{draft.id}/criteria/GOV.1.1/attach", data={"item": version.item_id, "shows": "minutes"}
    )
    assert attached.status_code == 302
    assert db.session.scalars(select(AttachedEvidence.asked_code)).one() == "minutes"
    assert len(_versions()) == 1
    other = factories.organisation()
    assert _add(client_for(factories.member(other)), other).status_code == 302  # and hears nothing of the first


def test_a_new_version_keeps_the_old_one_and_the_submitted_case_keeps_its_own(browser, provider, draft):
    _add(browser, provider, title="Minutes")
    (first,) = _versions()
    item = db.session.get(EvidenceItem, first.item_id)
    path = f"/organisations/{provider.id}/evidence/{item.id}"
    data = {"file": (BytesIO(PDF + b"\n%%EOF\n"), "newer.pdf"), "title": "Minutes"}
    assert browser.post(f"{path}/versions", data=data).status_code == 302
    assert [version.number for version in _versions()] == [1, 2]
    page = browser.get(path).text
    assert "newer.pdf" in page and "minutes.pdf" in page
    assert browser.get(f"/evidence/{first.id}/file").data == PDF


def test_a_file_is_served_so_that_nothing_in_it_can_run(browser, provider):
    _add(browser, provider, b"<script>alert(1)</script> in a text", "notes.txt")
    (version,) = _versions()
    file = browser.get(f"/evidence/{version.id}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    view = browser.get(f"/evidence/{version.id}/view")
    assert "&lt;script&gt;" in view.text and "<script>alert" not in view.text
    assert "frame-ancestors 'self'" in view.headers["Content-Security-Policy"]
    _add(browser, provider)
    pdf = browser.get(f"/evidence/{_versions()[-1].id}/view")
    assert pdf.mimetype == "application/pdf" and "frame-ancestors 'self'" in pdf.headers["Content-Security-Policy"]


def test_only_a_version_pinned_in_an_open_case_is_seen_from_outside(browser, client_for, provider, draft):
    _add(browser, provider, title="Minutes")
    (version,) = _versions()
    browser.post(f"/applications/{draft.id}/criteria/GOV.1.1/attach", data={"item": version.item_id})
    scheme = draft.edition.scheme
    assessor, idle = (factories.officer(scheme, Role.ASSESSOR) for _ in range(2))
    manager = factories.officer(scheme, Role.MANAGER)
    elsewhere = factories.officer(factories.scheme(), Role.MANAGER)
    stranger = factories.member(factories.organisation())
    assessment = factories.save(
        Assessment(
            application_id=draft.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.ASSIGNED,
            assigned_at=NOON,
            assigned_by_id=manager.id,
        )
    )

    def seen() -> list[int]:
        people = (assessor, idle, manager, elsewhere, stranger)
        return [client_for(person).get(f"/evidence/{version.id}/file").status_code for person in people]

    assert seen() == [404, 404, 404, 404, 404]  # a draft is its provider's alone
    draft.status = ApplicationStatus.SUBMITTED
    db.session.scalars(select(AttachedEvidence)).one().version_id = version.id
    db.session.commit()
    assert seen() == [403, 403, 200, 404, 404]  # the assessor has not declared yet
    assessment.status = AssessmentStatus.OPEN
    db.session.commit()
    assert seen() == [200, 403, 200, 404, 404]


def test_the_library_finds_by_words_and_kind_and_puts_away(browser, provider):
    for title in ("Safeguarding policy", "Insurance 100%"):
        data = {"kind": "statement", "title": title, "text": f"About {title}"}
        browser.post(f"/organisations/{provider.id}/evidence/new", data=data)
    path = f"/organisations/{provider.id}/evidence"
    assert "Insurance" not in browser.get(f"{path}?q=SAFE").text
    assert "1 piece of evidence found" in browser.get(f"{path}?q=100%25").text
    assert "0 pieces" in browser.get(f"{path}?kind=link").text
    item = db.session.scalars(select(EvidenceItem).where(EvidenceItem.title == "Safeguarding policy")).one()
    browser.post(f"{path}/{item.id}/archive")
    assert "Safeguarding" not in browser.get(path).text
    assert "Safeguarding" in browser.get(f"{path}?show=archived").text


def test_an_address_that_is_no_web_page_and_dates_the_wrong_way_round_are_refused(browser, provider):
    data = {
        "kind": "link", "title": "Report", "url": "javascript:alert(1)",
        "issued_on-day": "2", "issued_on-month": "11", "issued_on-year": "2026",
        "expires_on-day": "1", "expires_on-month": "11", "expires_on-year": "2026",
    }  # fmt: skip
    response = browser.post(f"/organisations/{provider.id}/evidence/new", data=data)
    assert response.status_code == 422
    assert "Enter a web address" in response.text and "on or after the date of issue" in response.text
    assert "javascript:alert(1)" in response.text
