"""A commissioner watches, saves a search and says what is needed, as they and a provider meet it in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domain.lifecycle import AwardStatus
from app.models import Award, RegisterEntry, User
from app.services.need_news import tell_providers
from app.services.register import publish
from app.services.search_news import run_searches
from app.services.transactions import transaction
from app.services.watch_news import tell_watchers
from tests import factories as make
from tests.atom_check import mistakes
from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE
from tests.told import told


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def commissioner(app) -> User:
    return make.user(name="Ama Owusu")


def now() -> datetime:
    return datetime.now(UTC)


def approved(name: str) -> RegisterEntry:
    """A provider in Lancaster, awarded today."""
    organisation = make.organisation(name=name)
    expires_on = now().date() + timedelta(days=1_000)
    award_id = make.award(make.application(organisation, make.edition()), expires_on=expires_on).id
    said(award_id, AwardStatus.AWARDED, "awarded", "Silver awarded.")
    return make.db.session.scalars(make.db.select(RegisterEntry).where(RegisterEntry.award_id == award_id)).one()


def said(award_id: int, status: AwardStatus, kind: str, words: str) -> None:
    with transaction() as session:
        award = session.get_one(Award, award_id)
        award.status, award.status_on, award.status_reason = status, now().date(), words
        publish(session, award.organisation, award, now(), now().date(), kind, words)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_a_provider_is_watched_and_its_suspension_comes_by_mail_and_in_the_feed(new_page, commissioner):
    entry = approved("Lune Watched Friends")
    page, phone = new_page(DESK, user=commissioner), new_page(PHONE, user=commissioner)
    page.goto(f"/register/{entry.slug}")
    page.get_by_role("link", name="Watch this provider").first.click()
    check_page(page)
    phone.goto(page.url)
    check_page(phone)
    press(page, "Watch")
    expect(page.get_by_text("You watch Lune Watched Friends now.")).to_be_visible()
    check_page(page)
    said(entry.award_id, AwardStatus.SUSPENDED, "suspended", "Suspended while a concern is looked into.")
    tell_watchers(now())
    (message,) = told(commissioner)
    assert message.subject == "Lune Watched Friends: suspension" and not message.waits
    feed = page.request.get(f"/register/{entry.slug}/changes.atom")
    assert mistakes(feed.body()) == [] and "Suspended while a concern is looked into." in feed.text()
    phone.goto("/watching")
    expect(phone.get_by_text("Suspended since")).to_be_visible()
    press(phone, "Stop watching Lune Watched Friends")
    press(phone, "Undo: watch it again")
    expect(phone.get_by_role("link", name="Lune Watched Friends", exact=True)).to_be_visible()
    check_page(phone)


def test_a_saved_search_tells_of_a_new_award_without_any_script(new_page, commissioner):
    page = new_page(PHONE, script=False, user=commissioner)
    page.goto("/register?q=lunesearch")
    page.get_by_role("link", name="Save this search").click()
    press(page, "Save the search")
    expect(page.get_by_text("The search is saved.")).to_be_visible()
    approved("Lunesearch Companions")
    run_searches(now())
    assert [each.subject for each in told(commissioner)] == ["“lunesearch”: 1 new"]
    page.goto("/watching")
    expect(page.get_by_text("1 new", exact=True)).to_be_visible()
    page.get_by_role("link", name="“lunesearch”", exact=True).click()
    expect(page.get_by_role("link", name="Lunesearch Companions")).to_be_visible()


def test_a_need_is_published_and_a_provider_that_was_told_answers_for_all_to_see(new_page, commissioner):
    entry = approved("Lune Needed Friends")
    lead = make.member(entry.award.organisation)
    page, phone, anybody = new_page(DESK, user=commissioner), new_page(PHONE, user=lead), new_page(PHONE)
    page.goto("/needs/new")
    check_page(page)
    last = now().date() + timedelta(days=30)
    for label, words in (
        ("Title", "Visits for people who live alone"),
        ("Who asks", "Lancashire and South Cumbria ICB"),
        ("Council areas", "Lancaster"),
        ("In your own words", "Company, twice a week."),
        ("Who answers questions", "Commissioning team"),
        ("E-mail address for questions", "team@example.org"),
    ):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label(re.compile("^Befriending")).first.check()
    group = page.get_by_role("group", name="Last day to answer")
    for part, value in (("Day", last.day), ("Month", last.month), ("Year", last.year)):
        group.get_by_label(part).fill(str(value))
    press(page, "Save and see how it looks")
    expect(page.get_by_text("This is a draft.")).to_be_visible()
    check_page(page)
    press(page, "Publish")
    expect(page.get_by_text("Published. Approved providers that fit are told within minutes.")).to_be_visible()
    make.db.session.rollback()  # what was read before the server wrote knows of no need
    tell_providers(now())
    assert any("Visits for people who live alone" in each.subject for each in told(lead))
    phone.goto(page.url)
    phone.get_by_role("button", name="We are interested").click()
    check_page(phone)
    phone.get_by_label("How many people could you take on?").fill("14")
    for part, value in (("Day", 1), ("Month", 2), ("Year", last.year + 1)):
        phone.get_by_label(part).fill(str(value))
    press(phone, "We are interested")
    anybody.goto(page.url)
    expect(anybody.get_by_role("link", name="Lune Needed Friends")).to_be_visible()
    expect(anybody.get_by_text("14 people")).to_be_visible()
    check_page(anybody)
    anybody.goto("/needs")
    expect(anybody.get_by_role("link", name="Visits for people who live alone")).to_be_visible()
    check_page(anybody)
