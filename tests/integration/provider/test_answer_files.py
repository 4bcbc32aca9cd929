"""Which files of answers are taken, how long they wait, and who may do anything with them."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO

from openpyxl import load_workbook
from sqlalchemy import select

from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import AnswerSheet
from tests import factories
from tests.integration.provider.offline import answers, bring, brought, download, fill_in, saved, token_on


def other_file(browser, provider, lead) -> bytes:
    return saved(download(browser, factories.application(provider, factories.edition(), started_by=lead)))


def old_edition(book) -> bytes:
    sheet = book["Meta"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "edition")
    row[1].value = "f" * 64
    return saved(book)


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 40_000_000)
    return file.getvalue()


def many_rows(book) -> bytes:
    for _ in range(10_100):
        book["Answers"].append(["GOV.1.1", "", "", "1 Started", "x"])
    return saved(book)


def many_tags(data: bytes, part: str, tag: str, number: int) -> bytes:
    """The same workbook with one more part; beside it a picture that does not pack, as in a file that looks harmless."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, old.read(name))
        archive.writestr(part, tag * number)
        archive.writestr("xl/media/image1.png", bytes(range(256)) * 200, compress_type=zipfile.ZIP_STORED)
    return file.getvalue()


def as_csv() -> bytes:
    text = StringIO()
    csv.writer(text).writerow(["Code", "Answer"])
    return text.getvalue().encode()


def test_every_file_that_is_not_this_applications_answers_is_refused_in_words(browser, provider, lead, draft):
    book = download(browser, draft)
    plain = load_workbook(BytesIO(saved(book)))
    del plain["Meta"]
    files = [
        (other_file(browser, provider, lead), "a.xlsx", "downloaded for another application"),
        (old_edition(load_workbook(BytesIO(saved(book)))), "a.xlsx", "made for another edition"),
        (saved(plain), "a.xlsx", "not a file of answers that was downloaded here"),
        (b"PK not a zip", "a.xlsx", "is damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xlsx", "locked with a password or in an old format"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "a workbook of an old kind (.xls)"),
        (as_csv(), "a.csv", "CSV file does not know which application"),
        (bomb(), "a.xlsx", "would unpack to far more"),
        (many_tags(saved(book), "xl/worksheets/sheet9.xml", "<c/>", 450_000), "a.xlsx", "far more than answers"),
        (many_tags(saved(book), "xl/more.xml", "<xf/>", 50_000), "a.xlsx", "far more than answers"),
        (many_rows(load_workbook(BytesIO(saved(book)))), "a.xlsx", "more than 10,000 rows"),
        (b"", "a.xlsx", "is empty"),
    ]
    for data, name, words in files:
        response = bring(browser, draft, data, name)
        assert response.status_code == 422 and words in response.text, (words, response.text[:3000])
    none = browser.post(f"/applications/{draft.id}/offline", data={})
    assert none.status_code == 422 and "Choose the file that you filled in." in none.text
    assert db.session.scalars(select(AnswerSheet)).all() == []


def test_numbers_and_signs_that_no_database_keeps_break_nothing(browser, draft):
    book = download(browser, draft)
    sheet, meta = book["Answers"], book["Meta"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "GOV.1.1")
    row[3].value, row[4].value = 1e300, "Seen _xD800_ _x0000_ and read."
    next(each for each in meta.iter_rows() if str(each[0].value).startswith("answer "))[1].value = "²"
    with zipfile.ZipFile(BytesIO(saved(book))) as archive:
        sheets = {name: archive.read(name).replace(b"1e+300", b"1e+999") for name in archive.namelist()}
    assert any(b"1e+999" in content for content in sheets.values())
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sheets.items():
            archive.writestr(name, content)
    page = browser.get(brought(browser, draft, file.getvalue()))
    assert page.status_code == 200 and "GOV.1.1" in page.text
    assert "\ud800" not in page.text


def test_a_file_waits_for_a_day_and_a_newer_one_takes_its_place(browser, draft, clock):
    data = fill_in(download(browser, draft), D2="2 In place")
    brought(browser, draft, data)
    address = brought(browser, draft, data)
    assert len(db.session.scalars(select(AnswerSheet)).all()) == 1
    assert address in browser.get(f"/applications/{draft.id}/offline").text
    clock.forward(hours=25)
    assert browser.get(address).status_code == 404
    assert address not in browser.get(f"/applications/{draft.id}/offline").text


def test_a_discarded_file_is_gone_and_nothing_changed(browser, draft):
    address = brought(browser, draft, fill_in(download(browser, draft), D2="2 In place"))
    assert browser.post(f"{address}/discard").location == f"/applications/{draft.id}/offline"
    assert browser.get(address).status_code == 404 and answers(draft) == {}


def test_nobody_sees_or_applies_what_another_person_brought(browser, colleague, client_for, draft):
    address = brought(browser, draft, fill_in(download(browser, draft), D2="2 In place"))
    stranger = client_for(factories.member(factories.organisation()))
    for other in (colleague, stranger):
        assert other.get(address).status_code == 404
        assert other.post(address, data={"token": "x"}).status_code == 404
    assert stranger.get(f"/applications/{draft.id}/answers.xlsx").status_code == 404
    assert answers(draft) == {}


def test_nothing_is_brought_or_applied_once_the_application_is_handed_in(browser, draft):
    data = fill_in(download(browser, draft), D2="2 In place")
    address = brought(browser, draft, data)
    token = token_on(browser.get(address).text)
    draft.status = ApplicationStatus.SUBMITTED
    db.session.commit()
    assert bring(browser, draft, data).status_code == 409
    assert browser.post(address, data={"token": token}).status_code == 409
    assert "handed in" in browser.get(f"/applications/{draft.id}/offline").text
    assert answers(draft) == {}
