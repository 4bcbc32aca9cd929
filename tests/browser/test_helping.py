"""Help from outside, several sites and a consortium, as their people meet them."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.access import Right
from app.models import AdviserGrant, Answer, MailMessage, Organisation, User
from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE
from tests.conftest import NOON

CODE = "GOV.1.2"  # asks for no evidence
SITE_CODE = "SAFE.1.1"
REASON = "Why you say so"
EACH_SITE = make.SMALL_FRAMEWORK.replace(
    "            required: 2\n", "            required: 2\n            answered_by: each-site\n"
)
_charities = count(1_800_000)


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def organisation(app) -> Organisation:
    return make.organisation(facts={"staff": 2}, charity_number=str(next(_charities)), email="office@example.org")


@pytest.fixture
def lead(organisation) -> User:
    return make.member(organisation)


def link_mailed_to(person: User) -> str:
    make.db.session.rollback()
    text = make.db.session.scalars(
        select(MailMessage.text).where(MailMessage.recipient == person.email).order_by(MailMessage.id.desc())
    ).first()
    return "/invitations/" + text.partition("/invitations/")[2].split()[0]


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_an_adviser_helps_as_far_as_they_are_let_and_not_a_moment_longer(new_page, organisation, lead):
    application = make.application(organisation, make.edition(), started_by=lead)
    adviser = make.user(name="Mair Owen")
    page = new_page(DESK, user=lead)
    page.goto(f"/organisations/{organisation.id}/advisers")
    page.get_by_label("Their e-mail address").fill(adviser.email)
    page.get_by_label("Where they work (optional)").fill("Voluntary Action")
    check_page(page, "advisers")
    press(page, "Send the invitation")
    theirs = new_page(PHONE, user=adviser)
    theirs.goto(link_mailed_to(adviser))
    press(theirs, "Accept the invitation")
    theirs.goto("/helping")
    check_page(theirs, "helping")
    theirs.get_by_role("link", name=organisation.name).first.click()
    expect(theirs.get_by_role("link", name="People", exact=True)).to_have_count(0)
    theirs.goto(f"/applications/{application.id}/criteria/{CODE}")
    theirs.get_by_label(REASON).fill("They meet every month.")
    expect(theirs.locator("[data-save-state=saved]")).to_contain_text("Saved")
    page.goto(f"/organisations/{organisation.id}/advisers")
    page.get_by_role("link", name="End the help of Mair Owen").click()
    press(page, "End it now")
    theirs.get_by_label(REASON).fill("They meet every month, and more.")
    expect(theirs.locator("[data-save-state=failed]")).to_contain_text("no longer lets you help")
    expect(theirs.get_by_label(REASON)).to_have_value("They meet every month, and more.")
    make.db.session.rollback()
    stored = make.db.session.scalars(select(Answer).where(Answer.application_id == application.id)).one()
    assert stored.reason == "They meet every month."
    theirs.goto(f"/applications/{application.id}")
    expect(theirs.get_by_role("main")).to_contain_text("no longer lets you help")
    expect(theirs.get_by_role("main")).not_to_contain_text(organisation.name)


def test_each_site_answers_and_the_whole_is_put_together(new_page, organisation, lead):
    application = make.application(organisation, make.edition(source=EACH_SITE), started_by=lead)
    page = new_page(PHONE, user=lead)
    page.goto(f"/organisations/{organisation.id}/sites")
    for name in ("Elm House", "Oak Lodge"):
        page.get_by_label("Name").fill(name)
        page.get_by_label("A place", exact=True).check()
        press(page, "Add the site")
    check_page(page, "sites")
    page.goto(f"/applications/{application.id}/criteria/{SITE_CODE}")
    check_page(page, "criterion-of-sites")
    page.get_by_role("link", name="Elm House").click()
    check_page(page, "part")
    for words, level in (("Checked in May.", "3 Embedded and reviewed"), ("Half of it is checked.", "1 Started")):
        page.get_by_role("radio", name=level).check()
        page.get_by_label(REASON).fill(words)
        with page.expect_navigation():  # else the next site's answer could be typed into this page
            page.get_by_role("button", name="Save and").click()
    expect(page.get_by_text("Together: 1 Started")).to_be_visible()
    expect(page.get_by_text("2 of 2 answered")).to_be_visible()


def test_a_member_joins_a_consortium_and_answers_its_part(new_page, organisation, lead):
    application = make.application(organisation, make.edition(), started_by=lead)
    partner = make.organisation(name="Partner Trust", charity_number=str(next(_charities)))
    person = make.member(partner)
    page = new_page(DESK, user=lead)
    page.goto(f"/organisations/{organisation.id}/members")
    page.get_by_label("E-mail address of somebody who leads it").fill(person.email)
    press(page, "Send the invitation")
    theirs = new_page(DESK, user=person)
    theirs.goto(link_mailed_to(person))
    theirs.get_by_label("Which of your organisations joins?").select_option("Partner Trust")
    check_page(theirs, "join")
    press(theirs, "Join")
    theirs.goto(f"/applications/{application.id}/criteria/{CODE}")
    theirs.get_by_role("link", name="Partner Trust").click()
    theirs.get_by_role("radio", name="2 In place").check()
    theirs.get_by_label(REASON).fill("Each new trustee gets a folder.")
    expect(theirs.locator("[data-save-state=saved]")).to_contain_text("Saved")
    page.reload()
    check_page(page, "members")
    expect(page.get_by_role("rowheader", name="Partner Trust")).to_be_visible()
    page.goto(f"/applications/{application.id}/criteria/{CODE}")
    expect(page.get_by_text("Together: 2 In place")).to_be_visible()


def test_what_a_lead_may_give_is_what_the_page_offers(new_page, organisation, lead):
    adviser = make.user()
    make.save(
        AdviserGrant(organisation_id=organisation.id, user_id=adviser.id, rights=[Right.SEE.value], granted_at=NOON)
    )
    page = new_page(PHONE, user=lead)
    page.goto(f"/organisations/{organisation.id}/advisers")
    page.get_by_role("link", name=f"Change what {adviser.name} may do").click()
    page.get_by_label("Reply to assessors’ questions").check()
    check_page(page, "adviser")
    press(page, "Save")
    expect(page.get_by_role("cell").filter(has_text="Reply to assessors’ questions")).to_be_visible()
