"""Colleagues at one self-assessment: two on one answer, a comment, handing over, earlier words, and a train without a signal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.models import Answer, User
from tests import factories as make
from tests.browser import walk
from tests.browser.checks import check_page
from tests.browser.conftest import PHONE
from tests.conftest import NOON

CODE = walk.CODES[1]
REASON = "Why you say so"
BASE = "New trustees read the guide. They sign that they did."
_charities = count(1_300_000)


@dataclass(frozen=True)
class Work:
    """A draft application with one answer, and two people at it."""

    id: int
    lead: User
    rose: User

    def at(self, code: str = CODE, more: str = "") -> str:
        return f"/applications/{self.id}/criteria/{code}{more}"


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def work(app) -> Work:
    organisation = make.organisation(facts={"staff": 2}, charity_number=str(next(_charities)), email="o@example.org")
    lead = make.member(organisation, name="Aisha Khan")
    rose = make.member(organisation, Role.CONTRIBUTOR, name="Rose Hall")
    application = make.application(organisation, make.edition(), started_by=lead)
    answered = {"point": 2, "reason": BASE, "updated_at": NOON, "updated_by_id": lead.id}
    make.save(Answer(application_id=application.id, criterion_code=CODE, **answered))
    return Work(application.id, lead, rose)


def stored(work: Work, code: str = CODE) -> str:
    make.db.session.rollback()  # what was read before is not read again
    return make.db.session.query(Answer).filter_by(application_id=work.id, criterion_code=code).one().reason


def opened(new_page, user: User, address: str, **how) -> Page:
    page = new_page(user=user, **how)
    page.goto(address)
    return page


def test_two_people_on_one_answer_bring_both_together_and_no_word_is_lost(new_page, work):
    lead, rose = (opened(new_page, user, work.at()) for user in (work.lead, work.rose))
    lead.get_by_label(REASON).fill(BASE.replace("the guide", "the guide and our code"))
    walk.saved(lead)
    rose.get_by_label(REASON).fill(BASE + " The chair asks them after a year.")
    walk.press(rose, "Bring both together")
    walk.heading(rose, f"Two versions of {CODE}")
    expect(rose.get_by_role("region", name="What Aisha Khan wrote").locator("ins")).to_contain_text("and our code")
    expect(rose.get_by_role("region", name="Yours").locator("ins")).to_contain_text("The chair asks them")
    check_page(rose)
    both = BASE.replace("the guide", "the guide and our code") + " The chair asks them after a year."
    expect(rose.get_by_label("The merged text")).to_have_value(both)
    walk.press(rose, "Use this merged text")
    expect(rose.get_by_label(REASON)).to_have_value(both)
    expect(rose.get_by_text("were not saved")).to_have_count(0)
    assert stored(work) == both


def test_words_given_up_are_brought_back_from_the_history(new_page, work):
    lead, rose = (opened(new_page, user, work.at()) for user in (work.lead, work.rose))
    lead.get_by_label(REASON).fill("The lead's words.")
    walk.saved(lead)
    rose.get_by_label(REASON).fill("What Rose knows.")
    walk.press(rose, "Take theirs")
    expect(rose.get_by_label(REASON)).to_have_value("The lead's words.")
    walk.follow(rose, "See its history")
    check_page(rose)
    mine = rose.get_by_role("listitem").filter(has_text="What Rose knows.")
    mine.get_by_role("button", name="Bring these words back").click()
    expect(rose.get_by_label(REASON)).to_have_value("What Rose knows.")
    assert stored(work) == "What Rose knows."


def test_a_comment_and_a_criterion_handed_over_reach_the_colleague_on_a_phone(new_page, work):
    lead = opened(new_page, work.lead, work.at())
    lead.keyboard.press("Alt+c")
    lead.keyboard.type("Can you ask the chair?")
    walk.press(lead, "Add the comment")
    walk.said(lead, "Your comment is there.")
    walk.open_part(lead, "Hand this to a colleague")
    lead.get_by_label("Colleague", exact=True).select_option("Rose Hall")
    walk.fill_day(lead, "due_on", walk.in_weeks(1))
    walk.press(lead, "Hand it over")
    walk.said(lead, "Handed to Rose Hall")
    rose = opened(new_page, work.rose, f"/applications/{work.id}", width=PHONE)
    rose.get_by_role("link", name="Handed to me 1").click()
    expect(rose.locator("main")).to_contain_text("1 comment, with you, by")
    check_page(rose)
    walk.follow(rose, f"{CODE} Trustees know their duties")
    expect(rose.get_by_role("region", name="Comments (1)")).to_contain_text("Can you ask the chair?")
    check_page(rose)
    walk.press(rose, "It is done")
    walk.said(rose, f"{CODE} is marked as done.")


def test_an_unsent_comment_is_there_when_the_page_opens_again_and_gone_once_it_is_sent(new_page, work):
    page = opened(new_page, work.lead, work.at())
    page.get_by_label("Write to your colleagues").fill("Half a thought")
    page.goto(f"/applications/{work.id}")
    page.goto(work.at())
    expect(page.get_by_label("Write to your colleagues")).to_have_value("Half a thought")
    walk.press(page, "Add the comment")
    walk.said(page, "Half a thought")
    expect(page.get_by_label("Write to your colleagues")).to_have_value("")


def test_several_answers_typed_without_a_connection_are_sent_when_it_is_back(new_page, work):
    page = opened(new_page, work.lead, f"/applications/{work.id}/answer")
    page.context.set_offline(True)
    texts = {code: f"Typed in a tunnel: {code}." for code in (walk.CODES[0], walk.CODES[2])}
    for code, text in texts.items():
        here = page.get_by_role("region", name=code)
        here.get_by_role("radio", name="2 In place").check()
        here.get_by_label(REASON).fill(text)
        here.get_by_role("button", name="Save").click()
        expect(here).to_contain_text("No connection, so this page stays open.")
    page.context.set_offline(False)
    for code in texts:
        expect(page.get_by_role("region", name=code).locator("[data-save-state=saved]")).to_contain_text("Saved")
    assert {code: stored(work, code) for code in texts} == texts


def test_words_left_behind_without_a_connection_are_sent_from_the_list(new_page, work):
    page = opened(new_page, work.lead, work.at())
    page.context.set_offline(True)
    page.get_by_label(REASON).fill("Typed before the lid was shut.")
    walk.said(page, "Your words are kept in this browser")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(f"/applications/{work.id}")
    walk.said(again, "Words that you typed without a connection are saved now.")
    expect(again.get_by_role("button", name="Send them now")).to_have_count(0)
    check_page(again)
    assert stored(work) == "Typed before the lid was shut."


def test_words_left_behind_do_not_run_over_what_a_colleague_wrote_since(new_page, work):
    page = opened(new_page, work.lead, work.at())
    page.context.set_offline(True)
    page.get_by_label(REASON).fill(BASE + " Mine.")
    walk.said(page, "Your words are kept in this browser")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    rose = opened(new_page, work.rose, work.at())
    rose.get_by_label(REASON).fill("Rose first. " + BASE)
    walk.saved(rose)
    again.goto(f"/applications/{work.id}")
    walk.said(again, "open it and choose")
    assert stored(work) == "Rose first. " + BASE
    again.goto(work.at())
    walk.press(again, "Put them back")
    walk.press(again, "Bring both together")
    walk.press(again, "Use this merged text")
    expect(again.get_by_label(REASON)).to_have_value("Rose first. " + BASE + " Mine.")


def test_keys_lead_from_one_criterion_to_the_next_and_save_what_was_typed(new_page, work):
    page = opened(new_page, work.lead, work.at())
    page.get_by_label(REASON).fill(BASE + " Typed by keyboard.")
    page.keyboard.press("Alt+n")
    walk.heading(page, walk.CODES[2])
    page.wait_for_load_state()  # until then no script listens to the keys
    page.keyboard.press("Alt+p")
    walk.heading(page, CODE)
    expect(page.get_by_label(REASON)).to_have_value(BASE + " Typed by keyboard.")
