"""Two people at once, two windows at once, a lost session, a lost connection: what was typed is never lost."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.models import Answer, Application, Assessment, AuditRow, User
from tests import factories as make
from tests.browser import walk
from tests.conftest import NOON

CODE = walk.CODES[0]
REASON = "Why you say so"
NO_EVIDENCE_ASKED = "\n".join(line for line in make.SMALL_FRAMEWORK.splitlines() if "evidence:" not in line) + "\n"
_charities = count(1_200_000)


@dataclass(frozen=True)
class Draft:
    """A draft application, its address, and two people who may answer it."""

    id: int
    lead: User
    contributor: User

    @property
    def criterion(self) -> str:
        return f"/applications/{self.id}/criteria/{CODE}"


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def draft(app) -> Draft:
    organisation = make.organisation(
        facts={"staff": 2}, charity_number=str(next(_charities)), email="office@example.org"
    )
    lead, contributor = make.member(organisation), make.member(organisation, Role.CONTRIBUTOR)
    application = make.application(organisation, make.edition(source=NO_EVIDENCE_ASKED), started_by=lead)
    for code in walk.CODES:
        answered = {"point": 2, "reason": f"We do this: {code}.", "updated_at": NOON, "updated_by_id": lead.id}
        make.save(Answer(application_id=application.id, criterion_code=code, **answered))
    return Draft(application.id, lead, contributor)


def stored(draft: Draft) -> str:
    make.db.session.rollback()  # what was read before is not read again
    return make.db.session.query(Answer).filter_by(application_id=draft.id, criterion_code=CODE).one().reason


def at_the_answer(new_page, draft: Draft, user: User, script: bool = True) -> Page:
    page = new_page(user=user, script=script)
    page.goto(draft.criterion)
    return page


def test_two_colleagues_on_one_answer_are_told_and_each_may_keep_their_words(new_page, draft):
    lead, contributor = (at_the_answer(new_page, draft, user) for user in (draft.lead, draft.contributor))
    lead.get_by_label(REASON).fill("The lead's words.")
    walk.saved(lead)
    contributor.get_by_label(REASON).fill("The contributor's words.")
    clash = contributor.get_by_role("alert")
    expect(clash).to_contain_text("The lead's words.")
    expect(contributor.get_by_label(REASON)).to_have_value("The contributor's words.")
    assert stored(draft) == "The lead's words."
    walk.press(contributor, "Keep mine")
    walk.saved(contributor)
    assert stored(draft) == "The contributor's words."


def test_a_colleagues_words_may_be_taken_instead(new_page, draft):
    lead, contributor = (at_the_answer(new_page, draft, user) for user in (draft.lead, draft.contributor))
    lead.get_by_label(REASON).fill("The lead's words.")
    walk.saved(lead)
    contributor.get_by_label(REASON).fill("The contributor's words.")
    walk.press(contributor, "Take theirs")
    expect(contributor.get_by_label(REASON)).to_have_value("The lead's words.")
    expect(contributor.get_by_text("were not saved")).to_have_count(0)
    assert stored(draft) == "The lead's words."


def test_without_script_both_versions_stand_on_one_page(new_page, draft):
    lead, contributor = (at_the_answer(new_page, draft, user, script=False) for user in (draft.lead, draft.contributor))
    lead.get_by_label(REASON).fill("The lead's words.")
    walk.press(lead, "Save")
    contributor.get_by_label(REASON).fill("The contributor's words.")
    walk.press(contributor, "Save")
    expect(contributor.get_by_role("region", name=f"What {draft.lead.name} wrote")).to_contain_text("The lead's words.")
    expect(contributor.get_by_role("region", name="Yours")).to_contain_text("The contributor's words.")
    assert stored(draft) == "The lead's words."
    walk.press(contributor, "Keep mine")
    assert stored(draft) == "The contributor's words."


def test_an_assessor_with_two_tabs_is_told_in_the_second(new_page, app, draft):
    application = make.db.session.get(Application, draft.id)
    application.status, application.facts = ApplicationStatus.IN_ASSESSMENT, {"staff": 2}
    assessor = make.officer(application.edition.scheme, Role.ASSESSOR)
    assessment = make.save(
        Assessment(
            application_id=draft.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.OPEN,
            assigned_at=NOON,
            assigned_by_id=assessor.id,
            declared_at=NOON,
        )
    )
    first = new_page(user=assessor)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/assessments/{assessment.id}/criteria/{CODE}")
    first.locator("[data-scale] input[value='2']").check()
    first.get_by_label("Why, and what shows it").fill("Seen in the first tab.")
    walk.saved(first)
    second.get_by_label("Why, and what shows it").fill("Seen in the second tab.")
    expect(second.get_by_role("alert")).to_contain_text("Seen in the first tab.")
    expect(second.get_by_label("Why, and what shows it")).to_have_value("Seen in the second tab.")


def test_a_double_click_submits_once(new_page, draft):
    page = new_page(user=draft.lead)
    page.goto(f"/applications/{draft.id}/submit")
    for name in ("true", "approved", "shared", "changes"):
        page.check(f"[name={name}]")
    page.get_by_label("Position in the organisation").fill("Chair")
    page.get_by_role("button", name="Declare and submit").dblclick()
    walk.heading(page, "Application submitted")
    make.db.session.rollback()
    submissions = make.db.session.query(AuditRow).filter_by(action="application.submitted", application_id=draft.id)
    assert submissions.count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_session_that_ends_in_mid_form_loses_no_word(new_page, app, draft, script):
    page = new_page(user=with_password(app, draft.lead), script=script)
    page.goto(draft.criterion)
    page.context.clear_cookies()
    page.get_by_label(REASON).fill("Typed after the session had ended.")
    page.get_by_role("button", name="Save", exact=True).click()
    walk.heading(page, "You were signed out. Your words are kept.")
    page.get_by_label("E-mail address").fill(draft.lead.email)
    page.get_by_label("Password").fill(walk.PASSWORD)
    walk.press(page, "Sign in")
    walk.said(page, "Typed after the session had ended.")
    walk.press(page, "Send it now")
    expect(page.get_by_label(REASON)).to_have_value("Typed after the session had ended.")
    assert stored(draft) == "Typed after the session had ended."


def with_password(app, user: User) -> User:
    user.password_hash = app.extensions["passwords"].hash(walk.PASSWORD)
    return make.save(user)


def test_a_lost_connection_keeps_the_words_and_saves_them_when_it_is_back(new_page, draft):
    page = at_the_answer(new_page, draft, draft.lead)
    page.context.set_offline(True)
    page.get_by_label(REASON).fill("Typed on the train.")
    walk.said(page, "Your words are kept in this browser and saved when you are back.")
    page.context.set_offline(False)
    walk.saved(page)
    assert stored(draft) == "Typed on the train."


def test_words_kept_in_the_browser_are_offered_when_the_page_opens_again(new_page, draft):
    page = at_the_answer(new_page, draft, draft.lead)
    page.context.set_offline(True)
    page.get_by_label(REASON).fill("Typed before the battery died.")
    walk.said(page, "Your words are kept in this browser")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(draft.criterion)
    walk.press(again, "Put them back")
    walk.saved(again)
    assert stored(draft) == "Typed before the battery died."
