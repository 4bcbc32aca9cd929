"""One case through its whole life, in the browser: scored blindly by two, reconciled, decided with a condition, held.

Then a year passes, and a suspension is appealed against, and the renewal begins with what was carried over. The clock of
the served product is the real one: where time has to pass, the days of the award are moved back in its database, and the
regular work is done in this process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.domain.duration import Duration
from app.domain.evidence import Contents
from app.edge.backends import storage
from app.models import Answer, Award, FrameworkEdition, RegisterEntry, Scheme, User
from app.services.applications import Declaration, submit
from app.services.award_work import look_after_awards
from app.services.evidence import Behind, NewEvidence, add_evidence
from tests import factories as make
from tests.browser import walk, whole_case
from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.whole_case import SCHEME, press_and_go

PROVIDER = "Estuary Befrienders"
CONDITION = "Give every new trustee their duties in writing."
SEEN_BY_FIRST = {"GOV.1.1": "2", "GOV.1.2": "1", "SAFE.1.1": "2", "SAFE.1.2": "2"}
SEEN_BY_SECOND = {**SEEN_BY_FIRST, "GOV.1.2": "2"}


@dataclass(frozen=True)
class Case:
    """A submitted application, and everybody whom its award will concern. The reviewers have no part in it before."""

    site: Site
    new_page: object
    lead: User
    manager: User
    colleague: User
    first: User
    second: User
    chair: User
    member: User
    reviewers: tuple[User, ...]

    def page(self, user: User | None = None) -> Page:
        return self.new_page(user=user)

    def check(self, page: Page, name: str) -> None:
        """Look at the page at a desk."""
        check_page(page, f"whole-{name}")

    def check_both(self, page: Page, name: str) -> None:
        """Look at the page at a desk and on a phone."""
        self.check(page, name)
        page.set_viewport_size({"width": PHONE, "height": 900})
        check_page(page, f"whole-{name}")
        page.set_viewport_size({"width": DESK, "height": 900})


@pytest.fixture
def case(site, new_page) -> Case:
    with site.instance.app.app_context():
        scheme = make.db.session.query(Scheme).filter_by(code=SCHEME).one()

        def person(name: str, *roles: Role, lay: bool = False) -> User:
            return make.officer(scheme, *roles, lay=lay, name=name, email=f"{name.split()[0].lower()}@twin.example.org")

        reviewers = tuple(
            person(name, Role.PANEL_MEMBER, lay=name == "Wanda Lay") for name in ("Wanda Lay", "Xaver Roe", "Yara Poe")
        )
        people = {
            "lead": _submitted(scheme),
            "manager": person("Mona Manager", Role.MANAGER),
            "colleague": person("Nils Manager", Role.MANAGER),
            "first": person("Fay First", Role.ASSESSOR),
            "second": person("Sol Second", Role.ASSESSOR),
            "chair": person("Cleo Chair", Role.PANEL_MEMBER),
            "member": person("Milo Member", Role.PANEL_MEMBER),
        }
        for user in (*people.values(), *reviewers):
            make.db.session.refresh(user)
        make.db.session.expunge_all()
    return Case(site, new_page, **people, reviewers=reviewers)


def _submitted(scheme: Scheme) -> User:
    """The provider with its application, every criterion answered with 2. Returns its lead."""
    now = datetime.now(UTC)
    edition = make.db.session.query(FrameworkEdition).filter_by(scheme_id=scheme.id, edition="2026").one()
    provider = make.organisation(
        name=PROVIDER, facts={"staff": 2}, charity_number="1399001", email="office@example.org"
    )
    lead = make.member(provider, name="Ines Marlow", email="ines@twin.example.org")
    application = make.application(provider, edition, started_by=lead, started_at=now, status_at=now)
    for code in whole_case.CODES:
        said = {"point": 2, "reason": f"We do this: {code}.", "updated_at": now, "updated_by_id": lead.id}
        make.save(Answer(application_id=application.id, criterion_code=code, **said))
    new = NewEvidence("statement", "How we meet", Contents(text="The trustees meet on the first Monday of the month."))
    behind = Behind(application.id, "GOV.1.1", "minutes")
    by = {"actor": make.actor(lead), "now": now, "today": now.date()}
    add_evidence(provider.id, new, storage=storage(), behind=behind, **by)
    submit(application.id, Declaration(lead.name, "Chair", agreed=True), actor=make.actor(lead), now=now)
    return lead


def months_pass(case: Case, months: int) -> None:
    """Move the days of the award back by months, and do the regular work of today."""
    with case.site.instance.app.app_context():
        award = make.db.session.query(Award).filter_by(holder_name=PROVIDER).one()
        entry = make.db.session.query(RegisterEntry).filter_by(award_id=award.id).one()
        back = Duration(months=months).take_from
        for row in (award, entry):
            row.granted_on, row.expires_on = back(row.granted_on), back(row.expires_on)
        make.db.session.commit()
        assert look_after_awards(datetime.now(UTC)) > 0
        make.db.session.remove()


def test_one_case_from_blind_scores_to_its_renewal(case):
    manager = case.page(case.manager)
    is_scored_blindly_by_two(case, manager)
    is_reconciled(case)
    is_awarded_with_a_condition(case, manager)
    provider = case.page(case.lead)
    meets_the_condition(case, provider, manager)
    sends_its_yearly_return(case, provider, manager)
    is_suspended_by_one_of_two(case, manager)
    number = appeals(case, provider)
    is_reviewed_by_people_with_no_part(case, number)
    stands_again(case, provider)
    begins_its_renewal(case, provider)


def is_scored_blindly_by_two(case: Case, manager: Page) -> None:
    """Nothing of the first's scores is to be seen by the second before both are in."""
    walk.find_case(manager, SCHEME, PROVIDER)
    whole_case.ask_both(manager, case.first.name, case.second.name)
    first, second = case.page(case.first), case.page(case.second)
    whole_case.open_assessment(first, PROVIDER)
    whole_case.open_assessment(second, PROVIDER)
    whole_case.score_all(first, SEEN_BY_FIRST)
    whole_case.hand_in(first, "Silver")
    expect(first.get_by_role("link", name="Scores on which the assessors differ")).to_have_count(0)
    second.goto("/assessments")
    walk.follow(second, PROVIDER)
    expect(second.locator("main")).not_to_contain_text("The papers show")
    whole_case.score_all(second, SEEN_BY_SECOND)
    whole_case.hand_in(second, "Silver")


def is_reconciled(case: Case) -> None:
    first = case.page(case.first)
    first.goto("/assessments")
    walk.said(first, "Whoever leads the assessment settles them.")
    walk.follow(first, PROVIDER)
    walk.said(first, "0 of 1 agreed")
    case.check_both(first, "01-reconcile")
    press_and_go(first, "Settle the scores")
    expect(first.get_by_role("alert")).to_contain_text("is still missing on GOV.1.2")
    walk.follow(first, "Go on with GOV.1.2")
    walk.said(first, "The papers show 2 for GOV.1.2.")
    case.check(first, "02-differs")
    whole_case.agree(first, "1", "Both saw that only one of three new trustees was told.")
    press_and_go(first, "Settle the scores")
    expect(first.get_by_role("alert")).to_contain_text("Say first when and how you met")
    whole_case.note_meeting(first, "By video, over the files of three trustees.")
    press_and_go(first, "Settle the scores")
    walk.said(first, "The scores are settled.")


def is_awarded_with_a_condition(case: Case, manager: Page) -> None:
    walk.find_case(manager, SCHEME, PROVIDER)
    walk.call_panel(manager, [case.chair.name, case.member.name], chair=case.chair.name)
    member, chair = case.page(case.member), case.page(case.chair)
    for page in (member, chair):
        whole_case.join_panel(page, PROVIDER)
        whole_case.vote(page, "Award with conditions", "Bronze")
    whole_case.close_vote(chair)
    case.check(chair, "03-decide")
    due_on = whole_case.today() + timedelta(days=60)
    whole_case.decide(chair, "Three of four are in place.", CONDITION, due_on)


def meets_the_condition(case: Case, provider: Page, manager: Page) -> None:
    provider.goto("/provider")
    walk.said(provider, CONDITION)
    case.check(provider, "04-home-of-the-holder")
    walk.follow(provider, "The award and what comes next")
    walk.follow(provider, "Say how each condition is met")
    walk.follow(provider, "Say that condition 1 is met")
    provider.get_by_label("What you have done").fill("All five trustees have had them since Monday.")
    press_and_go(provider, "Tell the scheme that it is met")
    walk.find_case(manager, SCHEME, PROVIDER)
    walk.follow(manager, "Each condition, and what the provider sent")
    walk.follow(manager, "Look at condition 1")
    walk.said(manager, "All five trustees have had them since Monday.")
    press_and_go(manager, "Accept it as met")
    walk.follow(manager, "Let the award stand without conditions")
    press_and_go(manager, "Accept the conditions as met")
    walk.said(manager, "The conditions are accepted as met.")


def sends_its_yearly_return(case: Case, provider: Page, manager: Page) -> None:
    months_pass(case, 11)
    provider.goto("/provider")
    walk.follow(provider, "The award and what comes next")
    walk.follow(provider, "Fill in the return")
    for words in (
        "People who lead",
        "Services and places",
        "Incidents",
        "Complaints",
        "Money",
        "Conditions and findings",
    ):
        provider.get_by_label(words).fill(f"{words}: nothing changed.")
    press_and_go(provider, "Send the return")
    expect(provider.get_by_role("alert")).to_contain_text("Confirm that this is true")
    expect(provider.get_by_label("Money")).to_have_value("Money: nothing changed.")
    case.check_both(provider, "05-return")
    provider.get_by_label("I confirm").check()
    press_and_go(provider, "Send the return")
    walk.said(provider, "The return is sent.")
    walk.find_case(manager, SCHEME, PROVIDER)
    walk.follow(manager, "The award: its dates, returns")
    walk.follow(manager, "Return 1")
    walk.said(manager, "Money: nothing changed.")
    press_and_go(manager, "Accept the return")
    walk.said(manager, "The return is accepted.")
    case.check(manager, "06-award-of-the-office")


def is_suspended_by_one_of_two(case: Case, manager: Page) -> None:
    """Both have the page open. Whoever comes second is told who was first, and keeps what they wrote."""
    pages = [manager, case.page(case.colleague)]
    for page in pages:
        walk.find_case(page, SCHEME, PROVIDER)
        walk.follow(page, "Suspend the award")
    for page, reason in zip(pages, ("A concern is being looked into.", "I read the letter of 3 May."), strict=True):
        page.get_by_label("Reason", exact=True).fill(reason)
        page.get_by_label("What the register says").fill("Suspended while a concern is looked into.")
        press_and_go(page, "Suspend the award")
    walk.said(manager, "The award is suspended.")
    expect(pages[1].get_by_role("alert")).to_contain_text(case.manager.name)
    walk.said(pages[1], "I read the letter of 3 May.")
    case.check(pages[1], "07-second-to-suspend")


def appeals(case: Case, provider: Page) -> str:
    """Returns the number of the appeal."""
    provider.goto("/provider")
    walk.follow(provider, "The award and what comes next")
    walk.follow(provider, "Appeal")
    provider.get_by_role("radio", name="suspension").check()
    provider.get_by_label("Facts are wrong").check()
    provider.get_by_label("What is wrong, and why?").fill("The concern is about another organisation of a like name.")
    provider.get_by_label("What do you ask for?").fill("End the suspension.")
    case.check_both(provider, "08-appeal")
    press_and_go(provider, "Send the appeal")
    walk.said(provider, "We have your appeal.")
    return re.search(r"A-\d+-\d+|[A-Z]+-\d[\d-]*", provider.get_by_role("heading", level=1).inner_text())[0]


def is_reviewed_by_people_with_no_part(case: Case, number: str) -> None:
    """The manager who suspended has no way to it; the one who came second has, for nothing of theirs was done."""
    manager, colleague = case.page(case.manager), case.page(case.colleague)
    for page in (manager, colleague):
        page.goto(f"/schemes/{SCHEME}/appeals")
    walk.said(manager, "You had a part in the matter")
    expect(manager.get_by_role("link", name=number)).to_have_count(0)
    walk.follow(colleague, number)
    colleague.get_by_role("radio", name="Admit it").check()
    press_and_go(colleague, "Record it")
    case.check(colleague, "09-appoint-reviewers")
    for reviewer in case.reviewers:
        colleague.get_by_role("checkbox", name=reviewer.name).check()
    expect(colleague.get_by_role("checkbox", name=case.chair.name)).to_have_count(0)
    colleague.get_by_role("radio", name=case.reviewers[0].name).check()
    press_and_go(colleague, "Appoint them")
    pages = [case.page(reviewer) for reviewer in case.reviewers]
    for page in pages:
        whole_case.declare_for_review(page, number)
        whole_case.vote_on_appeal(page, "Uphold: the provider is right", "The letter names somebody else.")
    leading = pages[0]
    leading.reload()
    walk.said(leading, "The suspension ends at once.")
    case.check_both(leading, "10-outcome-of-the-appeal")
    leading.get_by_label("Reasons").fill("The concern was about somebody else.")
    press_and_go(leading, "Record the outcome")
    walk.said(leading, "The outcome is recorded, and the provider is told.")


def stands_again(case: Case, provider: Page) -> None:
    provider.reload()
    walk.said(provider, "The concern was about somebody else.")
    provider.goto("/provider")
    walk.said(provider, "Valid until")
    public = case.page()
    public.goto(f"/verify/{walk.NUMBER.search(provider.locator('main').inner_text())[0]}")
    walk.heading(public, "Genuine and valid today")


def begins_its_renewal(case: Case, provider: Page) -> None:
    """Two years on: what was written goes over to the newest edition, and what that changed is to be looked at again."""
    months_pass(case, 20)
    provider.goto("/provider")
    walk.follow(provider, "The award and what comes next")
    walk.follow(provider, "Begin the renewal")
    case.check_both(provider, "11-carry-over")
    walk.said(provider, "GOV.1.2")
    press_and_go(provider, "Carry over to edition 2027")
    walk.said(provider, "1 answer was carried over to criteria that have changed")
    provider.get_by_role("link", name="GOV.1.1").first.click()
    expect(provider.get_by_label("Why you say so")).to_have_value("We do this: GOV.1.1.")
    walk.said(provider, "How we meet")
