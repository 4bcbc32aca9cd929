"""A pack in a browser: made and shared by a provider, opened without an account, taken as a zip, ended with the tab open."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import expect

from app.edge.backends import storage
from app.edge.session import today
from app.models import EvidenceItem, EvidenceVersion, PackShare
from app.services.transactions import transaction
from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE
from tests.conftest import NOON


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def charity(app):
    """(lead, address of the packs) of an organisation with one policy in its library."""
    organisation = make.organisation(name="Quay Street Friends", facts={})
    lead = make.member(organisation)
    values = {"kind": "document", "created_at": NOON, "created_by_id": lead.id}
    item = make.save(EvidenceItem(organisation_id=organisation.id, title="Complaints policy", **values))
    file = storage().put(BytesIO(b"We listen, and answer within ten days."))
    kept = {"size": file.size, "sha256": file.sha256, "storage_key": file.key, "media_type": "text/plain"}
    version = {"number": 1, "filename": "complaints.txt", "added_at": NOON, "added_by_id": lead.id}
    make.save(EvidenceVersion(item_id=item.id, **version, **kept))
    return lead, f"/organisations/{organisation.id}/packs"


def make_and_share(page, address):
    """Make a pack with the policy in it, and share it. Returns the link."""
    page.goto(address)
    page.get_by_label("Name").fill("Carers tender")
    page.get_by_role("button", name="Make a pack").click()
    check_page(page, "pack-from-library")
    page.get_by_role("link", name="Go on without it").click()
    check_page(page, "pack-empty")
    page.locator("main").get_by_role("link", name="Complaints", exact=True).click()
    page.get_by_role("button", name="Put it in Complaints policy").click()
    expect(page.get_by_role("button", name="Take it out of the pack Complaints policy")).to_be_visible()
    check_page(page, "pack-slot")
    page.get_by_role("link", name="Carers tender").click()
    page.get_by_role("button", name="Share it").click()
    page.get_by_label("Who is it for?").fill("Harbour Council")
    check_page(page, "pack-share")
    page.get_by_role("button", name="Make the code").click()
    check_page(page, "pack-code")
    link = page.locator("#link").inner_text()
    assert page.locator("#code").inner_text() in link
    return link


def test_a_pack_is_shared_opened_taken_logged_and_ended_with_the_tab_open(charity, new_page):
    lead, packs = charity
    desk = new_page(user=lead)
    link = make_and_share(desk, packs)

    reader = new_page(width=PHONE)
    reader.goto(link)
    check_page(reader, "pack-gate")
    reader.get_by_role("button", name="Open the pack").click()
    expect(reader.get_by_role("alert")).to_contain_text("Enter your name")
    reader.get_by_label("Your name").fill("Joan Buyer")
    reader.get_by_label("The organisation that you work for").fill("Harbour Council")
    reader.get_by_role("button", name="Open the pack").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Quay Street Friends")
    check_page(reader, "pack-opened")
    with reader.expect_download() as taken:
        reader.get_by_role("button", name="Download everything (zip)").click()
    names = zipfile.ZipFile(taken.value.path()).namelist()
    assert {"pack.pdf", "index.csv", "index.json", "1 Policies/Complaints - complaints.txt"} == set(names)

    desk.goto(packs)
    desk.get_by_role("link", name="Carers tender").click()
    expect(desk.get_by_text("Joan Buyer, Harbour Council").first).to_be_visible()
    expect(desk.get_by_text("Took everything: 1 file")).to_be_visible()
    check_page(desk, "pack-used")
    desk.get_by_role("link", name="End it").click()
    check_page(desk, "pack-end")
    desk.get_by_role("button", name="End the code").click()
    expect(desk.get_by_text("Nobody can open this pack now.")).to_be_visible()

    reader.get_by_role("link", name="Complaints policy").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("This code has ended")
    assert "Quay Street" not in reader.content()
    check_page(reader, "pack-ended")


def test_an_expired_code_says_so_and_a_code_typed_by_hand_opens_without_script(charity, app, new_page):
    lead, packs = charity
    desk = new_page(user=lead, script=True)
    link = make_and_share(desk, packs)
    reader = new_page(width=DESK, script=False)
    reader.goto("/packs")
    reader.get_by_label("Code", exact=True).fill(link.rsplit("/", 1)[1].lower().replace("-", " "))
    reader.get_by_role("button", name="Open", exact=True).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("A pre-qualification pack for you")

    with transaction() as session:
        share = session.query(PackShare).order_by(PackShare.id.desc()).first()
        share.ends_on = today() - timedelta(days=1)
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("This code has ended")
