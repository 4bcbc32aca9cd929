"""The evidence library in a browser: many files with their progress, a connection that breaks, a look at each, all as a zip."""

from __future__ import annotations

import io
import socket
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.models import EvidenceItem, Organisation
from tests import factories as make
from tests.browser import walk
from tests.browser.checks import check_page, check_width
from tests.browser.conftest import WIDTHS
from tests.browser.walk import File

ARABIC = "سياسة حماية الأطفال"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
GOOD = [
    File(f"{ARABIC}.pdf", PDF),
    File("minutes of May.txt", b"We looked at two safeguarding concerns."),
    File("visits.csv", b"Month,Visits\nMay,41\nJune,38\n"),
]
LOCKED = File("accounts.pdf", PDF.replace(b"<<>>\n%%EOF", b"<< /Encrypt 5 0 R >>\n%%EOF"))


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def home(app):
    """(lead, address of the library) of an organisation that has nothing yet."""
    organisation = make.organisation(facts={"staff": 2})
    return make.member(organisation), f"/organisations/{organisation.id}/evidence"


def choose(page: Page, *files: File) -> None:
    page.get_by_label("Files", exact=True).set_input_files([file.payload() for file in files])


def titles(lead) -> list[str]:
    make.db.session.rollback()
    mine = select(EvidenceItem.title).where(EvidenceItem.created_by_id == lead.id)
    return list(make.db.session.scalars(mine))


def test_many_files_are_sent_with_their_progress_the_bad_one_says_why_and_a_lost_connection_loses_nothing(
    new_page, home
):
    lead, library = home
    page = new_page(user=lead)
    page.goto(f"{library}/files")
    choose(page, *GOOD, LOCKED, File("setup.exe", b"MZ\x90\x00"))
    status = page.get_by_role("status").filter(has_text="in your library")
    expect(status).to_have_text("3 of 5 files are in your library, 2 not taken.")
    rows = page.locator(".ts-upload__list > li")
    expect(rows.filter(has_text="accounts.pdf")).to_contain_text("locked with a password. Save it without one")
    expect(rows.filter(has_text="setup.exe")).to_contain_text("not a kind of file that can be kept")
    page.context.set_offline(True)
    choose(page, File("brought offline.txt", b"Written on the train."))
    expect(rows.filter(has_text="brought offline.txt")).to_contain_text(
        "The connection was lost. It is sent again as soon as"
    )
    assert sorted(titles(lead)) == sorted([ARABIC, "minutes of May", "visits"])
    page.context.set_offline(False)
    expect(status).to_have_text("4 of 6 files are in your library, 2 not taken.")
    expect(rows.filter(has_text="brought offline")).to_contain_text("In your library.")
    choose(page, GOOD[1])
    expect(rows.filter(has_text="in your library already, as “minutes of May”")).to_be_visible()
    check_page(page, "evidence-files")
    page.get_by_role("link", name=f"Edit title, kind and dates of {ARABIC}").click()
    page.get_by_label("Title").fill("Safeguarding policy")
    walk.press(page, "Save")
    walk.heading(page, "Safeguarding policy")


def test_files_chosen_at_a_criterion_stand_behind_it_and_say_where_they_are_used(new_page, home):
    lead, library = home
    organisation = int(library.split("/")[2])
    draft = make.application(make.db.session.get(Organisation, organisation), make.edition(), started_by=lead)
    page = new_page(user=lead)
    page.goto(f"/applications/{draft.id}/criteria/{walk.CODES[0]}")
    page.get_by_label("Why you say so").fill("Our minutes show it.")
    walk.open_part(page, "Upload files")
    choose(page, *GOOD[1:])
    page.get_by_role("button", name="Show them on this page").click()
    attached = page.locator(".ts-evidence").filter(has_text="minutes of May")
    expect(attached).to_contain_text("visits")
    expect(page.get_by_label("Why you say so")).to_have_value("Our minutes show it.")
    page.wait_for_load_state("networkidle")  # what was shown on the page is settled, and the link is where it stays
    attached.get_by_role("link", name="visits").first.click()
    walk.heading(page, "visits")
    expect(page.locator("aside")).to_contain_text("Small Mark")
    frame = page.frame_locator("iframe.ts-preview")
    expect(frame.get_by_role("cell", name="38")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check_page(page, "evidence-item")
    page.goto(library)
    with page.expect_download() as download:
        walk.follow(page, "Download all as a zip file")
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert sorted(archive.namelist()) == ["index.csv", "minutes of May.txt", "visits.csv"]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check_page(page, "evidence-library")


def test_a_whole_folder_of_files_is_all_there_and_the_page_stays_short(new_page, home):
    lead, library = home
    page = new_page(user=lead)
    page.goto(f"{library}/files")
    choose(page, *(File(f"letter {number}.txt", f"Letter {number}.".encode()) for number in range(60)))
    expect(page.get_by_role("status").filter(has_text="in your library")).to_have_text(
        "60 of 60 files are in your library.", timeout=60_000
    )
    assert len(titles(lead)) == 60
    assert page.locator(".ts-upload__list > li").count() == 20


def test_without_script_many_files_go_in_one_form(new_page, home):
    lead, library = home
    page = new_page(user=lead, script=False)
    page.goto(f"{library}/files")
    choose(page, *GOOD, LOCKED)
    walk.press(page, "Upload")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("3 files are in your library. 1 file was not taken.")
    expect(alert).to_contain_text("“accounts.pdf” is locked with a password")
    check_width(page)


def test_an_outcome_measure_is_brought_on_a_phone(new_page, home):
    lead, library = home
    page = new_page(user=lead, width=WIDTHS[1])
    page.goto(f"{library}/new")
    walk.follow(page, "outcome measure")
    check_page(page, "outcome-measure")
    page.get_by_label("What is measured").fill("Loneliness")
    page.get_by_label("How it is measured").fill("Three questions, at the start and after six months.")
    for field, day in (("period_from", walk.in_weeks(-60)), ("period_to", walk.in_weeks(-8))):
        walk.fill_day(page, field, day)
    page.get_by_label("Title", exact=True).fill("Loneliness, first year")
    walk.press(page, "Add to the library")
    expect(page.get_by_role("alert")).to_contain_text("Enter the figure at the end")
    page.get_by_label("Figure at the end").fill("4.8")
    walk.press(page, "Add to the library")
    walk.heading(page, "Loneliness, first year")
    expect(page.locator(".ts-details")).to_contain_text("Three questions, at the start")
    check_page(page, "outcome-measure-item")


def test_an_upload_that_breaks_off_half_way_leaves_nothing_behind(site, new_page, home):
    """By a connection of our own, which ends when half of the file is sent, as a train in a tunnel ends it."""
    lead, library = home
    page = new_page(user=lead)
    page.goto(f"{library}/files")
    token = page.locator("[data-upload] [name=csrf_token]").get_attribute("value")
    jar = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    body = (
        (
            f'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
            '--cut\r\nContent-Disposition: form-data; name="files"; filename="half.pdf"\r\n\r\n'
        ).encode()
        + PDF
        + bytes(200_000)
    )
    address = urlsplit(site.url)
    head = (
        f"POST {library}/files HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {jar}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {2 * len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), 10) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        line.recv(1000)
    page.goto(library)
    walk.said(page, "There is nothing here yet.")
    assert titles(lead) == []
    assert list(Path(site.instance.app.config["STORAGE_DIR"]).glob(".new-*")) == []
