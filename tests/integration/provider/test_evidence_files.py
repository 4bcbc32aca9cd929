"""Many files at once, each judged on its own; limits, viruses and bad days; and everything given back as a zip."""

from __future__ import annotations

import csv
import errno
import re
import zipfile
from io import BytesIO, StringIO

import pytest
from sqlalchemy import insert, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.backends.viruses import Infected, NotScanned
from app.domain.evidence import Contents
from app.extensions import db
from app.models import AttachedEvidence, EvidenceItem, EvidenceVersion, LinkCheck
from app.services import evidence
from app.services.evidence import Behind, NewEvidence
from app.services.uploads import Upload
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
LOCKED = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer << /Encrypt 5 0 R >>\n%%EOF\n"
BY_SCRIPT = {"X-Requested-With": "autosave", "Accept": "application/json"}
MEGABYTE = 1024 * 1024
ARABIC = "سياسة حماية الأطفال"


class Scanner:
    """Finds what it is told to find, or does not answer at all."""

    def __init__(self, marked: bytes = b"", away: bool = False) -> None:
        self.marked, self.away, self.looked = marked, away, 0

    def scan(self, stream, name: str) -> None:
        self.looked += 1
        if self.away:
            raise NotScanned
        stream.seek(0)
        found = self.marked and self.marked in stream.read()
        stream.seek(0)
        if found:
            raise Infected(f"“{name}” holds a virus (Test), so it was not taken.")

    def check(self) -> None:
        if self.away:
            raise NotScanned


@pytest.fixture
def scanned(app):
    """`scanned(scanner)`: files are handed to it."""

    def use(scanner: Scanner) -> Scanner:
        app.extensions["viruses"] = scanner
        return scanner

    yield use
    app.extensions.pop("viruses", None)


def _file(content: bytes, name: str) -> FileStorage:
    return FileStorage(BytesIO(content), name)


def _post(browser, address: str, data, **more):
    """Post the form as a browser does; by hand, since the test client leaves a large body's file open."""
    boundary, body = encode_multipart(data)
    return browser.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}", **more)


def _by_script(browser, address: str, content: bytes = PDF, name: str = "minutes.pdf"):
    return _post(browser, address, {"files": _file(content, name)}, headers=BY_SCRIPT)


def _titles() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(EvidenceItem.title).order_by(EvidenceItem.id)))


@pytest.fixture
def files(provider):
    return f"/organisations/{provider.id}/evidence/files"


# --- many at once ----------------------------------------------------------------------------------------------------


def test_without_script_the_good_files_are_kept_and_the_bad_ones_are_named_with_the_reason(browser, files):
    sent = [
        ("files", _file(PDF, f"{ARABIC}.pdf")),
        ("files", _file(b"MZ\x90\x00" + bytes(50), "policy.pdf")),
        ("files", _file(LOCKED, "accounts.pdf")),
        ("files", _file(b"We met.", "minutes.txt")),
        ("files", _file(PDF, "a copy.pdf")),
        ("files", _file(b"", "empty.pdf")),
    ]
    answer = browser.post(files, data=MultiDict(sent))
    assert answer.status_code == 422
    assert _titles() == [ARABIC, "minutes"]
    assert "2 files are in your library. 4 files were not taken." in answer.text
    for words in (
        "“policy.pdf” is not what its ending says",
        "“accounts.pdf” is locked with a password",
        f"in your library already, as “{ARABIC}”",
        "“empty.pdf” is empty",
    ):
        assert words in answer.text


def test_nothing_chosen_is_said_and_all_good_is_said(browser, files):
    assert "Choose the files to upload" in browser.post(files, data={}).text
    answer = browser.post(files, data={"files": _file(PDF, "minutes.pdf")})
    assert answer.status_code == 200 and "1 file is in your library." in answer.text


def test_by_script_each_answer_says_what_became_of_its_file(browser, files, storage):
    first = _by_script(browser, files)
    assert first.status_code == 201 and first.json["title"] == "minutes" and first.json["edit"].endswith("/edit")
    again = _by_script(browser, files, name="another name.pdf")
    assert again.status_code == 409 and again.json["url"] == first.json["url"]
    refused = _by_script(browser, files, LOCKED, "accounts.pdf")
    assert refused.status_code == 422 and "locked with a password" in refused.json["problem"]

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    storage.before_put = full
    later = _by_script(browser, files, b"One more.", "more.txt")
    assert later.status_code == 503 and "no room to store the file" in later.json["problem"]
    assert _titles() == ["minutes"]


def test_files_that_are_brought_at_a_criterion_stand_behind_it_also_those_that_were_there(browser, files, draft):
    _by_script(browser, files)
    here = f"/applications/{draft.id}/criteria/GOV.1.1/files"
    assert "GOV.1.1" in browser.get(here).text
    data = MultiDict([("files", _file(PDF, "again.pdf")), ("files", _file(b"New.", "new.txt")), ("shows", "minutes")])
    answer = browser.post(here, data=data)
    assert answer.status_code == 200 and "2 files are in your library and attached." in answer.text
    assert db.session.scalars(select(AttachedEvidence.asked_code)).all() == ["minutes", "minutes"]


# --- limits and viruses ----------------------------------------------------------------------------------------------


def test_a_full_library_says_so_keeps_what_was_typed_and_stores_nothing(app, browser, provider, files, storage):
    app.config["EVIDENCE_LIMIT"] = 1 * MEGABYTE
    try:
        large = b"%PDF-1.4\n" + bytes(600_000) + b"\n%%EOF\n"
        assert _by_script(browser, files, large).status_code == 201
        refused = _by_script(browser, files, large + b"\n", "more.pdf")
        assert refused.status_code == 422 and "Your library is full: it holds 1 of 1 MB" in refused.json["problem"]
        form = {"kind": "document", "title": "A title to keep", "file": _file(large + b"\n", "more.pdf")}
        page = _post(browser, f"/organisations/{provider.id}/evidence/new", form)
        assert page.status_code == 422 and "A title to keep" in page.text and "put a link to it instead" in page.text
        assert len(storage.files) == 1
        assert "601 kB of 1 MB" in browser.get(f"/organisations/{provider.id}/evidence").text
    finally:
        app.config["EVIDENCE_LIMIT"] = 2_000 * MEGABYTE


def test_an_infected_file_is_refused_by_name_wherever_files_are_brought(
    browser, provider, draft, files, scanned, storage
):
    scanner = scanned(Scanner(marked=b"EICAR"))
    bad = b"A text with EICAR in it."
    item = browser.post(files, data={"files": _file(b"Good.", "good.txt")})
    item_id = db.session.scalars(select(EvidenceItem.id)).one()
    addresses = {
        f"/organisations/{provider.id}/evidence/new": {"kind": "document"},
        f"/organisations/{provider.id}/evidence/{item_id}/versions": {},
        f"/applications/{draft.id}/criteria/GOV.1.1/evidence": {"kind": "document"},
    }
    for address, data in addresses.items():
        answer = browser.post(address, data={**data, "title": "To keep", "file": _file(bad, "bad.txt")})
        assert answer.status_code == 422 and "“bad.txt” holds a virus" in answer.text and "To keep" in answer.text
    assert "holds a virus" in _by_script(browser, files, bad, "bad.txt").json["problem"]
    assert item.status_code == 200 and scanner.looked == 5 and len(storage.files) == 1


def test_where_the_scanner_does_not_answer_no_file_is_taken_and_words_are_kept(
    browser, provider, files, scanned, storage
):
    scanned(Scanner(away=True))
    later = _by_script(browser, files)
    assert later.status_code == 503 and "could not be checked for viruses just now" in later.json["problem"]
    form = {"kind": "document", "title": "A title to keep", "file": _file(PDF, "minutes.pdf")}
    page = browser.post(f"/organisations/{provider.id}/evidence/new", data=form)
    assert "could not be checked for viruses just now" in page.text and "A title to keep" in page.text
    assert _titles() == [] and storage.files == {}


def test_readyz_tells_of_the_scanner_where_one_is_set_up(app, client, scanned):
    assert "viruses" not in client.get("/readyz").json
    app.config["CLAMD"], before = ("", 3310, "/nowhere/clamd.ctl"), app.config["CLAMD"]
    try:
        assert client.get("/readyz").json["viruses"] == "not in order (NotScanned)"
        scanned(Scanner())
        assert client.get("/readyz").json["viruses"] == "in order"
    finally:
        app.config["CLAMD"] = before


# --- the library -----------------------------------------------------------------------------------------------------


@pytest.fixture
def five_thousand(provider, lead, draft):
    """A library of 5,000 pieces of two versions each, one in five behind a criterion."""
    by = {"created_at": NOON, "created_by_id": lead.id}
    items = [
        {"organisation_id": provider.id, "title": f"Piece {n}", "kind": "document", "collected": False, **by}
        for n in range(5_000)
    ]
    db.session.execute(insert(EvidenceItem), items)
    ids = db.session.scalars(select(EvidenceItem.id).order_by(EvidenceItem.id)).all()
    common = {"added_at": NOON, "added_by_id": lead.id, "size": 1_000, "details": {}, "handed_in": False}
    versions = [
        {"item_id": item_id, "number": number, "filename": f"{item_id}.pdf", "sha256": f"{item_id}-{number}", **common}
        for item_id in ids
        for number in (1, 2)
    ]
    db.session.execute(insert(EvidenceVersion), versions)
    attached = {"application_id": draft.id, "criterion_code": "GOV.1.1", "attached_at": NOON, "attached_by_id": lead.id}
    db.session.execute(insert(AttachedEvidence), [{**attached, "item_id": item_id} for item_id in ids[::5]])
    db.session.commit()
    return f"/organisations/{provider.id}/evidence"


@pytest.mark.parametrize(
    "query", ["", "?q=piece+49&sort=title", "?show=unused&sort=used&page=9", "?show=dead&sort=expiry"]
)
def test_the_library_runs_a_fixed_number_of_statements_at_five_thousand_pieces(
    browser, five_thousand, count_statements, query
):
    with count_statements() as statements:
        assert browser.get(five_thousand + query).status_code == 200
    reads = [each for each in statements if each.startswith("SELECT")]
    assert sum("evidence_item" in each for each in reads) == 3, "\n".join(reads)


def test_the_library_is_narrowed_to_a_state_and_sorted(browser, provider, draft, storage, lead):
    by = {"storage": storage, "actor": make.actor(lead), "now": NOON, "today": TODAY}
    for title, values in {
        "Over": {"expires_on": TODAY.replace(day=1)},
        "Soon": {"expires_on": TODAY.replace(month=12)},
        "Fine": {},
    }.items():
        behind = Behind(draft.id, "GOV.1.1") if title == "Fine" else None
        evidence.add_evidence(
            provider.id, NewEvidence("statement", title, Contents(text=title, **values)), behind=behind, **by
        )
    path = f"/organisations/{provider.id}/evidence"

    def shown(query: str) -> list[str]:
        return re.findall(r'evidence/\d+">(\w+)</a>', browser.get(f"{path}?{query}").text)

    assert shown("show=expired") == ["Over"] and shown("show=expiring") == ["Soon"]
    assert shown("show=used") == ["Fine"] and sorted(shown("show=unused")) == ["Over", "Soon"]
    assert shown("sort=title") == ["Fine", "Over", "Soon"] and shown("sort=expiry") == ["Over", "Soon", "Fine"]
    assert shown("sort=used")[0] == "Fine" and shown("") == ["Fine", "Soon", "Over"]
    page = browser.get(path).text
    assert "1 piece has run out" in page and "1 piece runs out within 60 days" in page


# --- all as a zip ----------------------------------------------------------------------------------------------------


def _unzipped(answer) -> tuple[zipfile.ZipFile, list[dict[str, str]]]:
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    archive = zipfile.ZipFile(BytesIO(answer.data))
    assert archive.testzip() is None
    return archive, list(csv.DictReader(StringIO(archive.read("index.csv").decode("utf-8-sig"))))


def test_all_comes_back_as_one_zip_with_names_that_any_system_takes(browser, provider, draft, storage, lead):
    by = {"storage": storage, "actor": make.actor(lead), "now": NOON, "today": TODAY}

    def bring(kind: str, title: str, contents: Contents, file: bytes | None = None, name: str = "f.pdf", **more) -> int:
        upload = Upload(name, BytesIO(file)) if file else None
        return evidence.add_evidence(provider.id, NewEvidence(kind, title, contents, upload), **more, **by)

    bring("document", ARABIC, Contents(), PDF, behind=Behind(draft.id, "GOV.1.1"))
    bring("document", "../../etc/pass:wd?", Contents(), PDF + b"1")
    bring("document", "Minutes", Contents(), PDF + b"2")
    bring("document", "MINUTES", Contents(), PDF + b"3")
    bring("link", "=HYPERLINK(1)", Contents(url="https://example.org/report"))
    bring("statement", "con", Contents(text="We never lock the door."))
    archive, rows = _unzipped(browser.get(f"/organisations/{provider.id}/evidence/all.zip"))
    names = archive.namelist()
    assert names == ["index.csv", f"{ARABIC}.pdf", "etc pass wd.pdf", "Minutes.pdf", "MINUTES (2).pdf",
                     "=HYPERLINK(1).txt", "con_.txt"]  # fmt: skip
    assert archive.read(f"{ARABIC}.pdf") == PDF and b"https://example.org/report" in archive.read("=HYPERLINK(1).txt")
    assert [row["File in this zip"].lstrip("'") for row in rows] == names[1:]
    assert rows[0]["Stands behind"].startswith("GOV.1.1 of") and len(rows[0]["SHA-256"]) == 64
    assert rows[4]["Title"] == "'=HYPERLINK(1)", "a spreadsheet must not calculate what somebody typed"


def test_the_zip_of_an_application_holds_what_was_handed_in(browser, provider, draft, storage, lead):
    by = {"storage": storage, "actor": make.actor(lead), "now": NOON, "today": TODAY}
    first = NewEvidence("document", "Minutes", Contents(), Upload("m.txt", BytesIO(b"As handed in.")))
    item_id = evidence.add_evidence(provider.id, first, behind=Behind(draft.id, "GOV.1.1"), **by)
    evidence.add_evidence(provider.id, NewEvidence("statement", "Elsewhere", Contents(text="Not behind it.")), **by)
    attached = db.session.scalars(select(AttachedEvidence)).one()
    attached.version_id = db.session.scalars(select(EvidenceVersion.id).where(EvidenceVersion.item_id == item_id)).one()
    draft.status, draft.submitted_at = "submitted", NOON
    db.session.commit()
    newer = NewEvidence("document", "New name", Contents(), Upload("n.txt", BytesIO(b"Afterwards.")))
    evidence.add_version(item_id, newer, **by)
    archive, rows = _unzipped(browser.get(f"/applications/{draft.id}/evidence.zip"))
    assert archive.namelist() == ["index.csv", "Minutes.txt"] and archive.read("Minutes.txt") == b"As handed in."
    assert rows[0]["Version"] == "1"
    library, _ = _unzipped(browser.get(f"/organisations/{provider.id}/evidence/all.zip"))
    assert library.read("New name.txt") == b"Afterwards."


def test_a_zip_is_sent_piece_by_piece_and_a_file_that_is_gone_costs_no_other(browser, provider, files, storage):
    for number in range(3):
        _by_script(browser, files, b"%PDF-1.4\n" + bytes([number]) * 3 * MEGABYTE + b"\n%%EOF\n", f"{number}.pdf")
    storage.delete(db.session.scalars(select(EvidenceVersion.storage_key)).first())
    answer = browser.get(f"/organisations/{provider.id}/evidence/all.zip", buffered=False)
    pieces = list(answer.iter_encoded())
    assert len(pieces) > 3
    archive = zipfile.ZipFile(BytesIO(b"".join(pieces)))
    assert [info.file_size > 0 for info in archive.infolist()] == [True, False, True, True]
    answer.close()


def test_a_link_that_died_after_it_was_handed_in_is_flagged_to_its_assessor(browser, provider, draft, storage, lead):
    by = {"storage": storage, "actor": make.actor(lead), "now": NOON, "today": TODAY}
    link = NewEvidence("link", "Report", Contents(url="https://example.org/r"))
    evidence.add_evidence(provider.id, link, behind=Behind(draft.id, "GOV.1.1"), **by)
    version = db.session.scalars(select(EvidenceVersion)).one()
    make.save(LinkCheck(version_id=version.id, checked_at=NOON, next_on=TODAY, dead_since=TODAY, failed_days=2))
    assert "The page cannot be reached" in browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text


def test_any_piece_of_a_large_library_is_found_and_put_behind_a_criterion(browser, provider, draft, five_thousand):
    here = f"?application={draft.id}&criterion=GOV.1.2"
    assert "Search the whole library" in browser.get(f"/applications/{draft.id}/criteria/GOV.1.2").text
    oldest = db.session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first()
    oldest.title = "A needle"
    db.session.commit()
    page = browser.get(f"{five_thousand}{here}&q=needle").text
    assert "Attach from your library" in page and f'name="application" value="{draft.id}"' in page
    browser.post(f"/applications/{draft.id}/criteria/GOV.1.2/attach", data={"item": oldest.id})
    assert ">Attached<" in browser.get(f"{five_thousand}{here}&q=needle").text
