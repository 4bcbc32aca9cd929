"""Files that cannot be taken: the page says which, why and what to do, and keeps everything else that was typed."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.browser import walk

MEGABYTE = 1024 * 1024


def zip_bomb() -> bytes:
    """A Word file of 60 kB that unpacks to 60 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"a" * 60 * MEGABYTE)
    return packed.getvalue()


@pytest.fixture
def lead(site):
    with site.instance.app.app_context():
        yield make.member(make.organisation())
        make.db.session.remove()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: walk.File("policy.pdf", b"MZ\x90\x00" + bytes(4000)), "“policy.pdf” is not what its ending says"),
        (lambda: walk.File("report.docx", zip_bomb()), "“report.docx” would unpack to far more than it should"),
        (lambda: walk.File("scan.pdf", b"%PDF-1.7\n" + bytes(49 * MEGABYTE)), "“scan.pdf” is larger than 25 MB"),
    ],
    ids=["an executable named pdf", "a zip bomb", "50 MB"],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words_and_nothing_typed_is_lost(
    new_page, lead, tmp_path, file, sentence
):
    page = new_page(user=lead)
    page.goto(f"/organisations/{next(iter(make.actor(lead).organisations))}/evidence/new")
    sent = file()
    path = tmp_path / sent.name  # by path: a large file does not pass through the driver
    path.write_bytes(sent.body)
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("Title", exact=True).fill("Our safeguarding policy")
    walk.press(page, "Add to the library")
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_label("Title", exact=True)).to_have_value("Our safeguarding policy")
    expect(page.locator("#file-error")).to_contain_text(sentence)
