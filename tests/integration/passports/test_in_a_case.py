"""What becomes of a passport once an application is handed in: assessed, decided, and after the award."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app

from app.backends.storage import MemoryStorage
from app.domain.access import Role
from app.domain.certificates_held import CheckMove
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import Incomplete, NotAllowed
from app.domain.lifecycle import ApplicationStatus
from app.domain.scoring.packed import unpack
from app.extensions import db
from app.models import Answer, Application, Assessment, Award, PassportUse
from app.queries.assessments import case_page
from app.queries.frameworks import framework_of
from app.queries.outcomes import case_outcome
from app.queries.pipeline import Filters, pipeline
from app.queries.scoring import score_page
from app.queries.to_do import passports as to_do
from app.services import applications, assessments, cases, decisions, panels, recommendations, voting
from app.services.applications import Declaration
from app.services.assessments import GivenScore
from app.services.decisions import Decided
from app.services.granting import Issue
from app.services.panels import PanelPlan
from app.services.recommendations import Recommendation
from app.services.watching_passports import watch_passports
from tests import factories as make
from tests.conftest import NOON
from tests.integration.passports.holding import (
    CERTIFICATE,
    CYBER,
    ENDS_WITH,
    TAKES,
    TODAY,
    YEAR,
    at,
    bring,
    check,
    mails,
)

LAST = CERTIFICATE.ends_on
AFTER = LAST + timedelta(days=1)
BY_PASSPORT = ("GOV.1.1", "GOV.1.2")
BRONZE, DEFER = Ballot(Verdict.AWARD, "bronze"), Ballot(Verdict.DEFER)
OPEN = ("SAFE.1.1", "SAFE.1.2")
TITLE = "Cyber Essentials, certified"


class Story:
    """One application that rests on a certificate, and the steps that bring it forward."""

    def __init__(self, source: str = TAKES) -> None:
        self.edition = make.edition(source=source)
        self.scheme = self.edition.scheme
        self.provider = make.organisation(facts={"staff": 3})
        self.lead = make.member(self.provider)
        self.manager = make.officer(self.scheme, Role.MANAGER)
        self.assessor = make.officer(self.scheme, Role.ASSESSOR)
        self.sitters = [make.officer(self.scheme, Role.PANEL_MEMBER) for _ in range(2)]
        draft = make.application(self.provider, self.edition, started_by=self.lead)
        self.application_id = draft.id
        for code in OPEN:
            words = {"reason": "We do this.", "updated_at": NOON, "updated_by_id": self.lead.id}
            make.save(Answer(application_id=draft.id, criterion_code=code, point=2, **words))
        self.passport_id = bring(self.provider, self.lead, CYBER, self.scheme)
        check(self.scheme, self.passport_id, self.manager)

    @property
    def application(self) -> Application:
        db.session.expire_all()
        return db.session.get(Application, self.application_id)

    def submit(self) -> Story:
        words = Declaration("Lead Lane", "Chair", agreed=True)
        applications.submit(self.application_id, words, actor=make.actor(self.lead), now=NOON)
        return self

    def open_assessment(self) -> int:
        manager = make.actor(self.manager)
        cases.assign_assessor(self.application_id, self.assessor.id, LAST, actor=manager, now=NOON, today=TODAY)
        assessment_id = db.session.scalar(db.select(Assessment.id))
        actor = make.actor(self.assessor)
        assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=NOON)
        return assessment_id

    def score(self, assessment_id: int, *codes: str, day=TODAY) -> None:
        for code in codes:
            given = GivenScore(3, False, f"Seen for {code}.", 0)
            assessments.record_score(assessment_id, code, given, actor=make.actor(self.assessor), now=at(day))

    def hand_in(self, assessment_id: int, day=TODAY) -> None:
        words = Recommendation("award", "bronze", "Sound.")
        recommendations.hand_in(assessment_id, words, actor=make.actor(self.assessor), now=at(day))

    def assessed(self) -> Story:
        assessment_id = self.submit().open_assessment()
        self.score(assessment_id, *OPEN)
        self.hand_in(assessment_id)
        return self

    def call(self, ballot: Ballot, day=TODAY) -> int:
        chair, other = self.sitters
        plan = PanelPlan((chair.id, other.id), chair.id, day)
        actor = make.actor(self.manager)
        panel_id = panels.call_panel(self.application_id, plan, actor=actor, now=at(day), today=day)
        for each in self.sitters:
            sitter = make.actor(each)
            panels.declare_for_panel(panel_id, conflict=False, words="", actor=sitter, now=at(day))
            voting.vote(panel_id, ballot, "So it is.", actor=sitter, now=at(day), today=day)
        return panel_id

    def decide(self, panel_id: int, ballot: Ballot, day=TODAY) -> None:
        decisions.record_decision(
            panel_id,
            Decided(ballot, "The case shows it.", departure="Not yet." if ballot is DEFER else ""),
            issue=Issue("https://register.example.org", Path(current_app.config["FONT_DIR"])),
            storage=MemoryStorage(),
            actor=make.actor(self.sitters[0]),
            now=at(day),
            today=day,
        )

    def awarded(self, day=TODAY) -> Award:
        self.assessed().decide(self.call(BRONZE, day), BRONZE, day)
        return db.session.scalar(db.select(Award))


@pytest.fixture
def story(app) -> Story:
    return Story()


def test_it_is_handed_in_without_an_answer_and_what_was_used_is_kept(story):
    story.submit()
    kept = db.session.scalars(db.select(PassportUse).order_by(PassportUse.criterion_code)).all()
    assert [(each.criterion_code, each.title, each.until, each.point) for each in kept] == [
        ("GOV.1.1", TITLE, LAST, 2),
        ("GOV.1.2", TITLE, LAST, 1),
    ]
    assert {each.checked_by for each in kept} == {story.manager.name}


def test_a_certificate_that_only_waits_lets_nothing_be_handed_in(app):
    story = Story()
    check(story.scheme, story.passport_id, story.manager, CheckMove.REVOKE)
    bring(story.provider, story.lead, CYBER, story.scheme, number="CE-5")
    with pytest.raises(Incomplete, match="2 criteria are not finished"):
        story.submit()


def test_what_is_answered_otherwise_may_be_handed_in_while_a_certificate_waits(story):
    check(story.scheme, story.passport_id, story.manager, CheckMove.REVOKE)
    bring(story.provider, story.lead, CYBER, story.scheme, number="CE-5")
    for code in BY_PASSPORT:
        words = {"reason": "Not yet.", "updated_at": NOON, "updated_by_id": story.lead.id}
        make.save(Answer(application_id=story.application_id, criterion_code=code, point=0, **words))
    assert story.submit().application.status is ApplicationStatus.SUBMITTED
    assert db.session.scalar(db.select(PassportUse.id)) is None


def test_the_assessor_scores_only_the_rest_and_sees_on_what_the_others_rest(story, client_for):
    assessment_id = story.submit().open_assessment()
    actor = make.actor(story.assessor)
    page = case_page(assessment_id, actor, TODAY)
    assert (page.asked, page.next_code) == (2, "SAFE.1.1")
    with pytest.raises(NotAllowed, match="takes no score"):
        story.score(assessment_id, "GOV.1.1")
    browser = client_for(story.assessor)
    shown = browser.get(f"/assessments/{assessment_id}/criteria/GOV.1.1").text
    assert TITLE in shown and "CE-4711" in shown and f"Accepted by {story.manager.name}" in shown
    version_id = score_page(assessment_id, "GOV.1.1", actor, TODAY).passport.holding.proof_id
    assert browser.get(f"/evidence/{version_id}/file").status_code == 200
    assert "By certificate" in browser.get(f"/assessments/{assessment_id}").text
    row = pipeline(story.scheme.code, Filters(), 1, actor=make.actor(story.manager), today=TODAY).rows[0]
    assert [each.asked for each in row.assessors] == [2]


def test_the_packed_sheet_holds_what_the_passports_count_as(story):
    story.assessed()
    assessment = db.session.scalar(db.select(Assessment))
    points = {code: each.point for code, each in unpack(framework_of(story.edition), assessment.sheet).items()}
    assert points == {"GOV.1.1": 2, "GOV.1.2": 1, "SAFE.1.1": 3, "SAFE.1.2": 3}


def test_revoked_while_it_is_assessed_the_criteria_fall_to_the_assessor(story, client_for):
    assessment_id = story.submit().open_assessment()
    story.score(assessment_id, *OPEN)
    check(story.scheme, story.passport_id, story.manager, CheckMove.REVOKE)
    page = case_page(assessment_id, make.actor(story.assessor), TODAY)
    assert (page.asked, page.next_code) == (4, "GOV.1.1")
    assert page.fallen[0] == f"GOV.1.1 has to be answered again: {TITLE} no longer stands."
    assert "have ended" in client_for(story.assessor).get(f"/assessments/{assessment_id}").text
    with pytest.raises(Incomplete, match="2 of the criteria still need a score"):
        story.hand_in(assessment_id)
    story.score(assessment_id, *BY_PASSPORT)
    story.hand_in(assessment_id)
    assert story.application.status is ApplicationStatus.ASSESSED


def test_it_expires_while_it_is_assessed_on_the_day_after_its_last(story):
    assessment_id = story.submit().open_assessment()
    story.score(assessment_id, *OPEN)
    with pytest.raises(Incomplete):
        story.hand_in(assessment_id, AFTER)
    story.hand_in(assessment_id, LAST)


def test_a_renewed_certificate_keeps_the_case_whole(story):
    renewed = bring(story.provider, story.lead, CYBER, story.scheme, number="CE-6", ends_on=LAST + YEAR)
    story.submit()
    check(story.scheme, renewed, story.manager)
    assessment_id = story.open_assessment()
    page = case_page(assessment_id, make.actor(story.assessor), AFTER)
    assert not page.fallen and page.asked == 2


def test_a_panel_never_awards_on_what_has_ended_and_may_send_it_back(story):
    panel_id = story.assessed().call(BRONZE, AFTER)
    with pytest.raises(Incomplete, match="not finished"):
        story.decide(panel_id, BRONZE, AFTER)
    for each in story.sitters:
        voting.vote(panel_id, DEFER, "It has ended.", actor=make.actor(each), now=at(AFTER), today=AFTER)
    story.decide(panel_id, DEFER, AFTER)
    assert story.application.status is ApplicationStatus.DEFERRED
    assert {each.fell_on for each in db.session.scalars(db.select(PassportUse))} == {AFTER}


def test_what_was_decided_stays_as_it_was_whatever_becomes_of_the_certificate(story, client_for):
    story.awarded()
    before = case_outcome(db.session(), story.application, TODAY)
    check(story.scheme, story.passport_id, story.manager, CheckMove.REVOKE)
    after = case_outcome(db.session(), story.application, LAST + 5 * YEAR)
    assert after.complete and (after.level, after.share) == (before.level, before.share) == ("bronze", before.share)
    result = client_for(story.lead).get(f"/applications/{story.application_id}/result").text
    assert f"Answered by {TITLE} until" in result
    area = client_for(story.manager).get(f"/schemes/{story.scheme.code}/cases/{story.application_id}/areas/GOV")
    assert "By certificate" in area.text


@pytest.mark.parametrize(("source", "ends"), [(TAKES, "later"), (ENDS_WITH, "with it")])
def test_an_award_ends_with_its_passports_only_where_the_terms_say_so(app, source, ends):
    award = Story(source).awarded()
    assert (award.expires_on == LAST) is (ends == "with it")


def test_notices_come_60_and_14_days_ahead_and_on_the_day_each_once(story):
    story.awarded()
    told = []
    for days in (61, 60, 60, 59, 14, 13, 0, 0):
        watch_passports(at(LAST - timedelta(days=days)))
        told.append((len(mails(f"{TITLE} ends")), len(mails("which answers GOV.1.1 and GOV.1.2"))))
    assert told == [(0, 0), (1, 1), (1, 1), (1, 1), (2, 2), (2, 2), (3, 3), (3, 3)]
    assert set(mails(f"{TITLE} ends")) == {story.lead.email}
    assert set(mails("which answers GOV.1.1 and GOV.1.2")) == {story.manager.email}


def test_the_day_after_holder_and_office_hear_what_fell_once_and_have_it_to_do(story):
    story.awarded()
    watch_passports(at(AFTER))
    watch_passports(at(AFTER + timedelta(days=1)))
    assert mails("rests on a certificate that no longer counts") == [story.lead.email]
    assert mails("rests on what no longer stands") == [story.manager.email]
    mine = to_do.things([story.provider.id], make.actor(story.lead), AFTER)
    assert any("GOV.1.1 and GOV.1.2" in each.what for each in mine)
    assert [each.what for each in to_do.for_managers(make.actor(story.manager), AFTER)] == [
        f"Decide on award {db.session.scalar(db.select(Award.number))} of {story.provider.name}"
    ]


def test_revoking_under_an_award_tells_at_once_and_the_job_says_it_no_second_time(story, client_for):
    story.awarded()
    check(story.scheme, story.passport_id, story.manager, CheckMove.REVOKE)
    watch_passports(NOON)
    assert mails("rests on what no longer stands") == [story.manager.email]
    page = client_for(story.manager).get(f"/schemes/{story.scheme.code}/passports").text
    assert "Awards that rest on what stands no more" in page and story.provider.name in page


def test_who_has_renewed_hears_nothing(story):
    story.awarded()
    renewed = bring(story.provider, story.lead, CYBER, story.scheme, number="CE-7", ends_on=LAST + YEAR)
    db.session.execute(db.text(f"UPDATE passport SET replaces_id = {story.passport_id} WHERE id = {renewed}"))
    db.session.commit()
    check(story.scheme, renewed, story.manager)
    for days in (60, 14, 0, -1):
        watch_passports(at(LAST - timedelta(days=days)))
    assert not mails(f"{TITLE} ends") and not mails("rests on")


def test_handed_in_again_after_a_deferral_what_was_used_before_is_still_on_record(story):
    panel_id = story.assessed().call(DEFER)
    story.decide(panel_id, DEFER)
    check(story.scheme, story.passport_id, story.manager, CheckMove.REVOKE)
    renewed = bring(story.provider, story.lead, CYBER, story.scheme, number="CE-8")
    check(story.scheme, renewed, story.manager)
    words = Declaration("Lead Lane", "Chair", agreed=True)
    again = NOON + timedelta(days=3)
    applications.submit(story.application_id, words, actor=make.actor(story.lead), now=again)
    kept = db.session.execute(
        db.select(PassportUse.submitted_at, PassportUse.passport_id).where(PassportUse.criterion_code == "GOV.1.1")
    ).all()
    assert {tuple(row) for row in kept} == {(NOON, story.passport_id), (again, renewed)}
