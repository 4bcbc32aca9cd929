"""A certificate of another body on its way: brought, checked, counted, revoked, and the criterion open again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.domain.access import Role
from tests import factories as make
from tests.browser.checks import check_page
from tests.integration.passports.holding import TAKES

PROOF = {"name": "certificate.txt", "mimeType": "text/plain", "buffer": b"Cyber Essentials, certified, CE-4711."}
DAYS = {"Day of issue": ("1", "3", "2025"), "Last day on which it is valid": ("28", "2", "2199")}


@pytest.fixture
def held(site):
    """(lead, manager, organisation's address, criterion's address, scheme's address)."""
    with site.instance.app.app_context():
        edition = make.edition(source=TAKES)
        organisation = make.organisation(facts={"staff": 2})
        lead = make.member(organisation)
        manager = make.officer(edition.scheme, Role.MANAGER)
        draft = make.application(organisation, edition, started_by=lead)
        yield (
            lead,
            manager,
            f"/organisations/{organisation.id}/held-elsewhere",
            f"/applications/{draft.id}/criteria/GOV.1.1",
            f"/schemes/{edition.scheme.code}/passports",
        )
        make.db.session.remove()


def test_a_certificate_is_brought_accepted_counted_and_revoked(held, new_page):
    lead, manager, here, criterion, office = held
    page, desk = new_page(user=lead), new_page(user=manager)
    page.goto(f"{here}/new")
    check_page(page)
    page.get_by_label("Which certificate is it?").select_option(
        label="Cyber Essentials, certified (IASME for the National Cyber Security Centre)"
    )
    page.get_by_label("Number or reference").fill("CE-4711")
    for legend, parts in DAYS.items():
        group = page.get_by_role("group", name=legend)
        for name, value in zip(("Day", "Month", "Year"), parts, strict=True):
            group.get_by_label(name, exact=True).fill(value)
    page.get_by_label("File that shows it").set_input_files(PROOF)
    page.get_by_role("button", name="Add the certificate").click()
    expect(page.get_by_text("Waiting to be checked")).to_be_visible()
    check_page(page)

    desk.goto(office)
    check_page(desk)
    desk.locator("tbody a").first.click()
    check_page(desk)
    desk.get_by_label("Accept it", exact=True).check()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("You accepted the certificate.")).to_be_visible()

    page.goto(criterion)
    expect(page.get_by_role("heading", name="Answered by your certificate")).to_be_visible()
    expect(page.get_by_label("Why you say so")).to_have_count(0)
    check_page(page)
    page.get_by_role("button", name="Answer this myself").click()
    expect(page.get_by_label("Why you say so")).to_be_visible()
    page.get_by_role("button", name="Leave it to the certificate").click()
    expect(page.get_by_role("heading", name="Answered by your certificate")).to_be_visible()

    desk.goto(f"{office}?show=accepted")
    desk.locator("tbody a").first.click()
    desk.get_by_label("Why it is no longer accepted").fill("Revoked by the body that awarded it.")
    desk.get_by_role("button", name="No longer accept it").click()
    page.goto(criterion)
    expect(page.get_by_role("heading", name="Answered by your certificate")).to_have_count(0)
    expect(page.get_by_label("Why you say so")).to_be_visible()
    page.goto(here)
    expect(page.get_by_text("No longer accepted")).to_be_visible()
