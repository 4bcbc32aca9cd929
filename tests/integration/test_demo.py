"""The demonstration is made by the product's own use-cases, so everything in it has to hold together."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.backends.storage import MemoryStorage
from app.cli.demo import stage_of
from app.demo.cast import PASSWORD, read_cast, sign_ins
from app.demo.make import make
from app.domain.identifiers import parse_postcode
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, AwardStatus, FindingStatus, status_on
from app.domain.places import Place
from app.domain.proposals import Reply
from app.extensions import db
from app.models import (
    Application,
    Assessment,
    AuditRow,
    Award,
    Decision,
    EvidenceVersion,
    Finding,
    FrameworkDraft,
    MailMessage,
    Organisation,
    Panel,
    PanelSeat,
    Proposal,
    Question,
    RegisterEntry,
    RegisterEvent,
    Score,
    Surveillance,
    User,
)
from app.queries.coverage import coverage_page
from app.queries.drafts import publish_page
from app.queries.outcomes import case_outcome
from app.queries.people import actor_of
from app.queries.proposals_page import proposals_page
from tests.conftest import NOON

LONGEST_AGO = timedelta(days=4 * 365)


class PlacesOfTheCast:
    """Each provider's postcode lies in the first council that it works in."""

    def __init__(self) -> None:
        providers = [each for each in read_cast().providers if not each.empty]
        self._places = {
            parse_postcode(each.postcode): Place(each.postcode, 400_000 + each.serial, 400_000, each.areas[0])
            for each in providers
        }
        self.areas = {code: code for each in providers for code in each.areas}

    def area_name(self, code: str) -> str:
        return self.areas.get(code, code)

    def find(self, postcode: str) -> Place | None:
        return self._places.get(parse_postcode(postcode))


@pytest.fixture
def storage(app):
    app.extensions["storage"], app.extensions["places"] = MemoryStorage(), PlacesOfTheCast()
    yield app.extensions["storage"]
    del app.extensions["storage"], app.extensions["places"]


@pytest.fixture
def made(app, storage):
    """The whole demonstration, as it is on the day of the tests' clock."""
    make(stage_of(app, NOON), NOON)
    return app


def count_by(column):
    return Counter(db.session.scalars(select(column)))


def test_the_demonstration_shows_every_state_and_nothing_in_it_contradicts_the_rules(made, storage):
    every_state_occurs()
    there_are_enough_providers_and_all_are_marked_as_invented()
    every_award_has_its_certificate_and_the_level_that_its_scores_give(storage)
    every_file_of_evidence_is_stored(storage)
    an_answer_given_before_was_used_again_and_another_is_offered()
    a_second_mark_is_begun_with_the_answers_to_the_first()
    time_runs_forward_in_the_register_and_nothing_lies_in_the_future()
    the_next_edition_is_being_written_and_could_be_published()
    the_shown_sign_ins_work(made)
    making_it_again_changes_nothing(made)


def every_state_occurs():
    assert count_by(Application.status).keys() >= set(ApplicationStatus)
    today = NOON.date()
    awards = db.session.scalars(select(Award)).all()
    states = {status_on(award.status, award.expires_on, today) for award in awards}
    assert states == set(AwardStatus) - {AwardStatus.VOID}  # nothing was brought in by mistake
    assert count_by(Surveillance.status).keys() >= {"open", "overdue", "returned", "accepted"}
    assert {award.level for award in awards} == {"bronze", "silver", "gold", "provisional"}
    soon = today + timedelta(days=184)
    assert sum(award.status is AwardStatus.AWARDED and today <= award.expires_on <= soon for award in awards) >= 3
    assert count_by(Assessment.status).keys() >= {
        AssessmentStatus.ASSIGNED,
        AssessmentStatus.DECLINED,
        AssessmentStatus.OPEN,
        AssessmentStatus.HANDED_IN,
    }
    assert count_by(Finding.status).keys() == set(FindingStatus)
    replied = db.session.scalars(select(Question.replied_at)).all()
    assert replied.count(None) == 1 < len(replied)
    votes = Counter(
        db.session.execute(
            select(Panel.id, func.count(PanelSeat.voted_at))
            .join(Panel.seats)
            .join(Panel.application)
            .where(Application.status == ApplicationStatus.WITH_PANEL)
            .group_by(Panel.id)
        ).all()
    )
    assert sorted(voted for _, voted in votes) == [0, 2, 3]  # the first of them at the meeting to come
    assert db.session.scalar(select(func.count()).where(Panel.meeting_id.is_not(None)))
    assert count_by(Decision.status).keys() >= {"recorded", "signed"}


def there_are_enough_providers_and_all_are_marked_as_invented():
    organisations = db.session.scalars(select(Organisation)).all()
    entries = db.session.scalars(select(RegisterEntry)).all()
    assert len(organisations) >= 60 and len(entries) >= 50
    assert all(each.invented for each in [*organisations, *entries])
    assert all(each.email.endswith(".example.org") for each in organisations if each.email)
    private = {each.id for each in organisations if each.address_private}
    assert len(private) == 2
    assert [entry.postcode for entry in entries if entry.organisation_id in private] == ["", ""]


def every_award_has_its_certificate_and_the_level_that_its_scores_give(storage):
    for award in db.session.scalars(select(Award)):
        assert storage.open(award.certificate_key).read(5) == b"%PDF-"
        outcome = case_outcome(db.session(), award.application, award.granted_on)
        assert outcome.complete and outcome.level == award.level, award.holder_name


def an_answer_given_before_was_used_again_and_another_is_offered():
    taken = db.session.scalars(select(Proposal).order_by(Proposal.id)).all()
    assert {row.reply for row in taken} == {Reply.ACCEPTED}
    assert all(row.words for row in taken) and any(row.evidence for row in taken)
    first = next(row for row in taken if edition_of(row) == "community-care-mark")
    draft = db.session.get(Application, first.application_id)
    lead = actor_of(db.session.get(User, first.replied_by_id))
    assert proposals_page(draft.id, lead).rows
    assert any(row.counts.full for row in coverage_page(draft.organisation_id, lead).rows)


def edition_of(taken):
    return db.session.get(Application, taken.application_id).edition.code


def a_second_mark_is_begun_with_the_answers_to_the_first():
    begun = [each for each in db.session.scalars(select(Application)) if each.edition.code == "peer-quality-mark"]
    assert {each.status for each in begun} == {ApplicationStatus.DRAFT}
    offers = [db.session.scalars(select(Proposal).where(Proposal.application_id == each.id)).all() for each in begun]
    assert sum(map(bool, offers)) == 2  # others began with nothing to use again
    for draft, taken in zip(begun, offers, strict=True):
        if not taken:
            continue
        lead = actor_of(db.session.get(User, taken[0].replied_by_id))
        assert len(taken) == 6 and len(proposals_page(draft.id, lead).rows) > 10


def every_file_of_evidence_is_stored(storage):
    versions = db.session.scalars(select(EvidenceVersion)).all()
    files = [version for version in versions if version.storage_key]
    assert len(files) > 200
    assert all(storage.exists(version.storage_key) for version in files)
    assert max(version.number for version in versions) > 1


def time_runs_forward_in_the_register_and_nothing_lies_in_the_future():
    events = db.session.scalars(select(RegisterEvent.at).order_by(RegisterEvent.id)).all()
    assert events == sorted(events)
    assert NOON - LONGEST_AGO < events[0] < NOON - timedelta(days=3.5 * 365) and events[-1] > NOON - timedelta(days=60)
    for column in (AuditRow.at, Score.updated_at, MailMessage.queued_at, Application.status_at):
        assert db.session.scalar(select(func.max(column))) <= NOON


def the_next_edition_is_being_written_and_could_be_published():
    draft = db.session.scalars(select(FrameworkDraft)).one()
    manager = actor_of(db.session.get_one(User, draft.created_by_id))
    page = publish_page(draft.id, manager, NOON.date())
    assert (page.draft.problems, page.refusal) == ((), "") and draft.version == 2
    assert [each.edition for each in page.retires] == ["2026"]


def the_shown_sign_ins_work(app):
    passwords = app.extensions["passwords"]
    for each in sign_ins(read_cast()):
        user = db.session.scalars(select(User).where(User.email == each.person.email)).one()
        assert passwords.matches(user.password_hash, PASSWORD) and user.email_confirmed_at


def making_it_again_changes_nothing(app):
    before = db.session.scalar(select(func.count(AuditRow.id)))
    result = app.test_cli_runner().invoke(args=["demo", "make"])
    assert result.exit_code == 0 and "there already" in result.output
    assert db.session.scalar(select(func.count(AuditRow.id))) == before


def test_a_production_installation_refuses_invented_data(app, monkeypatch):
    production = type("Production", (), {"env": "production"})()
    monkeypatch.setitem(app.config, "SETTINGS", production)
    result = app.test_cli_runner().invoke(args=["demo", "make"])
    assert result.exit_code == 1 and "production" in result.output
    assert db.session.scalar(select(func.count(Organisation.id))) == 0


def test_a_demonstration_that_broke_off_is_not_taken_for_a_whole_one(app):
    from tests import factories

    factories.organisation(invented=True)
    result = app.test_cli_runner().invoke(args=["demo", "make"])
    assert result.exit_code == 1 and "make demo" in result.output
