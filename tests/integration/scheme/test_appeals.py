"""Appeals from the provider's page to what follows, and that nobody with a part in the matter has one in its appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.backends.storage import MemoryStorage
from app.domain.access import Role
from app.domain.appeals import Written
from app.domain.deciding import Ballot
from app.domain.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from app.domain.impartiality import TieKind
from app.domain.interests import Given as Interest
from app.domain.lifecycle import AppealStatus, ApplicationStatus, AwardStatus, DecisionStatus
from app.extensions import db
from app.models import Appeal, AuditRow, Award, Decision, RegisterEvent, Reviewer, User
from app.queries.candidates import panel_candidates
from app.services import appeal_handling, appeals, awards, review_decisions, reviewing
from app.services.appeal_handling import Team
from app.services.decisions import Decided, record_decision
from app.services.interests import add_interest
from app.services.issuing import Issue
from app.services.review_decisions import Ruling
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import REFUSE, SILVER, TODAY, Case, call, declare, vote, voted_case
from tests.told import told

WORDS = Written(grounds=("facts",), words="The minutes were there.", asks="Decide anew.")
SECRET_NOTE = "Between ourselves: the chair slept."


@dataclass
class Court:
    """A decided case with those of its scheme who had no part in it."""

    case: Case
    deputy: User
    judges: list[User]
    decision_id: int

    @property
    def decision(self) -> Decision:
        db.session.rollback()
        return db.session.get(Decision, self.decision_id)


def court(app, ballot: Ballot) -> Court:
    case, panel = voted_case(ballot)
    app.extensions["storage"] = store = MemoryStorage()
    decision_id = record_decision(
        panel.id,
        Decided(
            ballot, "That is what we found.", departure="The scores leave out what we saw." if ballot == REFUSE else ""
        ),
        issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
        storage=store,
        actor=make.actor(case.sitters[1]),
        now=NOON,
        today=TODAY,
    )
    deputy = make.officer(case.scheme, Role.MANAGER, name="Deputy Dale")
    judges = [
        make.officer(case.scheme, Role.PANEL_MEMBER, lay=number == 0, name=name)
        for number, name in enumerate(("Judge Jo", "Judge Jess", "Judge Jude", "Judge Jay"))
    ]
    return Court(case, deputy, judges, decision_id)


@pytest.fixture
def refused(app):
    yield court(app, REFUSE)
    del app.extensions["storage"]


@pytest.fixture
def awarded(app):
    yield court(app, SILVER)
    del app.extensions["storage"]


def by(person: User) -> dict:
    return {"actor": make.actor(person), "now": NOON, "today": TODAY}


def lodge(court: Court, written: Written = WORDS, **values) -> Appeal:
    application_id = court.case.application_id
    appeal_id = appeals.lodge_appeal(application_id, written, **(by(court.case.lead) | values))
    return db.session.get(Appeal, appeal_id)


def appointed(court: Court) -> tuple[Appeal, list[Reviewer]]:
    """Admitted, with three reviewers who have declared; the first of them is lay, the second leads."""
    appeal = lodge(court)
    appeal_handling.admit(appeal.id, "", **by(court.deputy))
    chosen = court.judges[:3]
    team = Team(tuple(each.id for each in chosen), chosen[1].id)
    appeal_handling.appoint_reviewers(appeal.id, team, **by(court.deputy))
    for seat, judge in zip(seats(appeal), chosen, strict=True):
        reviewing.declare_for_review(seat.id, conflict=False, words="", **by(judge))
    return appeal, seats(appeal)


def seats(appeal: Appeal) -> list[Reviewer]:
    db.session.rollback()
    return db.session.query(Reviewer).filter_by(appeal_id=appeal.id, ended_at=None).order_by(Reviewer.id).all()


def vote_all(court: Court, found: list[Reviewer], *votes: str) -> None:
    for seat, judge, given in zip(found, court.judges, votes, strict=False):
        reviewing.vote_on_appeal(seat.id, given, "That is how I read it.", **by(judge))


def decide(court: Court, seat: Reviewer, move: str, **values) -> None:
    ruling = Ruling(**{"move": move, "remedy": "", "reasons": "The minutes were on file.", **values})
    review_decisions.decide_appeal(seat.id, ruling, **by(court.judges[1]))


def test_an_appeal_is_confirmed_at_once_and_told_to_who_had_no_part_in_the_matter(refused, client_for):
    browser = client_for(refused.case.lead)
    application = f"/applications/{refused.case.application_id}"
    assert "You can appeal until" in browser.get(application).text
    sent = {"grounds": ["facts", "rules"], "words": "The minutes were there.", "asks": "Decide anew.", "version": "0"}
    page = browser.post(f"{application}/appeal", data=sent, follow_redirects=True)
    appeal = db.session.query(Appeal).one()
    assert appeal.number in page.text and "What happens next" in page.text
    assert refused.decision.status is DecisionStatus.APPEALED
    (receipt,) = [each for each in told(refused.case.lead) if appeal.number in each.subject]
    assert not receipt.waits and "60" not in receipt.subject
    assert any(appeal.number in each.subject for each in told(refused.deputy))
    assert not any(appeal.number in each.subject for each in told(refused.case.manager))
    assert appeal.number in browser.get(application).text


def test_a_draft_is_kept_and_two_who_write_at_once_lose_nothing(refused, client_for):
    address = f"/applications/{refused.case.application_id}/appeal"
    other = make.member(refused.case.provider)
    first, second = client_for(refused.case.lead), client_for(other)
    saved = first.post(address, data={"words": "Mine.", "version": "0", "step": "save"}, follow_redirects=True)
    assert "It is not sent yet" in saved.text and "Mine." in first.get(address).text
    late = second.post(address, data={"words": "Theirs.", "version": "0", "step": "save"})
    assert late.status_code == 409 and "Theirs." in late.text and "Mine." in late.text
    bad = first.post(address, data={"words": "Mine, longer.", "version": "1"})
    assert bad.status_code == 422 and "Mine, longer." in bad.text and "Choose at least one ground." in bad.text
    assert db.session.query(Appeal).count() == 0


def test_the_last_day_still_counts_and_after_it_a_reason_is_needed_that_a_manager_admits(refused):
    last = refused.decision.appeal_by
    evening = NOON.replace(year=last.year, month=last.month, day=last.day)
    with pytest.raises(Invalid, match="The last day has passed"):
        lodge(refused, now=evening + timedelta(days=1), today=last + timedelta(days=1))
    appeal = lodge(
        refused,
        Written(grounds=("facts",), words="A.", asks="B.", late_reason="Our lead was ill."),
        now=evening + timedelta(days=1),
        today=last + timedelta(days=1),
    )
    with pytest.raises(Invalid, match="came after the last day"):
        appeal_handling.admit(appeal.id, "", **by(refused.deputy))
    appeal_handling.admit(appeal.id, "Nobody else could have written it.", **by(refused.deputy))
    db.session.rollback()
    assert db.session.get(Appeal, appeal.id).status is AppealStatus.ADMITTED


def test_an_appeal_on_the_last_day_itself_is_in_time(refused):
    last = refused.decision.appeal_by
    appeal = lodge(refused, now=NOON.replace(year=last.year, month=last.month, day=last.day), today=last)
    appeal_handling.admit(appeal.id, "", **by(refused.deputy))


def test_whoever_assessed_sat_voted_decided_or_managed_can_neither_triage_nor_review(refused, client_for):
    appeal = lodge(refused)
    case = refused.case
    involved = [case.manager, case.assessor, *case.sitters]
    for person in involved:
        with pytest.raises((NotAllowed, NotFound)):
            appeal_handling.admit(appeal.id, "", **by(person))
    address = f"/schemes/{case.scheme.code}/appeals/{appeal.id}"
    assert client_for(case.manager).get(address).status_code == 403
    appeal_handling.admit(appeal.id, "", **by(refused.deputy))
    page = client_for(refused.deputy).get(address)
    for person in involved:
        assert person.name in page.text
        team = Team((person.id, *(each.id for each in refused.judges[:3])), refused.judges[0].id)
        with pytest.raises(Invalid, match=f"{person.name} cannot review this"):
            appeal_handling.appoint_reviewers(appeal.id, team, **by(refused.deputy))
    team = Team((refused.deputy.id, *(each.id for each in refused.judges[:3])), refused.judges[0].id)
    with pytest.raises(Invalid, match="Handles this appeal"):
        appeal_handling.appoint_reviewers(appeal.id, team, **by(refused.deputy))


def test_reviewers_are_enough_and_one_of_them_is_lay(refused):
    appeal = lodge(refused)
    appeal_handling.admit(appeal.id, "", **by(refused.deputy))
    ids = [each.id for each in refused.judges]
    for chosen, why in ((ids[:2], "at least 3"), (ids[1:], "must be lay")):
        with pytest.raises(Invalid, match=why):
            appeal_handling.appoint_reviewers(appeal.id, Team(tuple(chosen), chosen[0]), **by(refused.deputy))


def test_nothing_is_open_before_the_declaration_and_a_conflict_closes_it_for_good(refused, client_for):
    appeal = lodge(refused)
    appeal_handling.admit(appeal.id, "", **by(refused.deputy))
    chosen = refused.judges[:3]
    team = Team(tuple(each.id for each in chosen), chosen[1].id)
    appeal_handling.appoint_reviewers(appeal.id, team, **by(refused.deputy))
    seat, judge = seats(appeal)[0], chosen[0]
    browser = client_for(judge)
    page = browser.get(f"/reviews/{seat.id}", follow_redirects=True)
    assert "Declare your interests" in page.text and "The minutes were there." not in page.text
    assert browser.get(f"/reviews/{seat.id}/areas/GOV").status_code == 403
    said = {"conflict": "yes", "words": "My sister works there."}
    assert "no part in" in browser.post(f"/reviews/{seat.id}/declare", data=said, follow_redirects=True).text
    assert browser.get(f"/reviews/{seat.id}/areas/GOV").status_code in {403, 404}
    assert any("stands aside" in each.subject for each in told(refused.deputy))
    with pytest.raises(Invalid, match="cannot review"):
        appeal_handling.appoint_reviewers(appeal.id, team, **by(refused.deputy))
    lay = make.officer(refused.case.scheme, Role.PANEL_MEMBER, lay=True, name="Lay Lou")
    instead = Team((lay.id, chosen[1].id, chosen[2].id), chosen[1].id)
    appeal_handling.appoint_reviewers(appeal.id, instead, **by(refused.deputy))
    assert {each.user_id for each in seats(appeal)} == set(instead.reviewers)


def test_an_upheld_appeal_sets_the_decision_aside_and_a_new_panel_of_others_decides(refused, client_for):
    appeal, found = appointed(refused)
    vote_all(refused, found, "uphold", "uphold", "dismiss")
    decide(refused, found[1], "uphold")
    assert refused.decision.status is DecisionStatus.SET_ASIDE
    application = refused.case.application
    assert application.status is ApplicationStatus.ASSESSED
    letter = next(each for each in told(refused.case.lead) if each.subject.startswith("The outcome of your appeal"))
    assert "The minutes were on file." in letter.text and "a new panel decides" in letter.text
    bars = {each.user_id: each.bar for each in panel_candidates(db.session(), application, TODAY)}
    for person in (*refused.case.sitters, *refused.judges[:3]):
        assert bars[person.id] and "set aside" in bars[person.id]
    assert bars[refused.judges[3].id] is None
    appeal_handling.close_appeal(appeal.id, "Ask for the minutes by name.", **by(refused.deputy))
    page = client_for(refused.deputy).get(f"/schemes/{refused.case.scheme.code}/appeals/{appeal.id}")
    assert "Ask for the minutes by name." in page.text and "Upheld, closed" in page.text


def test_a_dismissed_appeal_lets_the_decision_stand_for_good(refused):
    _, found = appointed(refused)
    vote_all(refused, found, "dismiss", "dismiss", "uphold")
    decide(refused, found[1], "dismiss")
    assert refused.decision.status is DecisionStatus.UPHELD
    assert refused.case.application.status is ApplicationStatus.REFUSED
    with pytest.raises(Conflict, match="nothing here that can be appealed"):
        lodge(refused)


def test_nobody_records_what_the_votes_do_not_carry(refused):
    _, found = appointed(refused)
    vote_all(refused, found, "uphold", "dismiss")
    with pytest.raises(Incomplete):
        decide(refused, found[1], "uphold")
    vote_all(refused, found, "uphold", "dismiss", "uphold in part")
    with pytest.raises(Incomplete, match="more than half"):
        decide(refused, found[1], "uphold")
    vote_all(refused, found, "dismiss", "dismiss")
    with pytest.raises(Conflict, match="votes have changed"):
        decide(refused, found[1], "uphold")
    words = Ruling("dismiss", "", "It stands.")
    with pytest.raises(NotAllowed, match="lead reviewer"):
        review_decisions.decide_appeal(found[0].id, words, **by(refused.judges[0]))
    decide(refused, found[1], "dismiss")
    with pytest.raises(Conflict, match="over"):
        decide(refused, found[1], "dismiss")


def test_an_upheld_appeal_ends_a_suspension_in_the_same_transaction(awarded):
    award = db.session.query(Award).one()
    reason = awards.Change("Insurance has run out.", "Suspended.")
    awards.suspend(award.id, reason, **by(awarded.case.manager))
    _, found = appointed_against(awarded, "suspension")
    vote_all(awarded, found, "uphold", "uphold", "uphold")
    decide(awarded, found[1], "uphold")
    db.session.rollback()
    assert db.session.get(Award, award.id).status is AwardStatus.AWARDED
    assert "after an appeal" in db.session.query(RegisterEvent).order_by(RegisterEvent.id.desc()).first().words
    assert awarded.case.application.status is ApplicationStatus.AWARDED
    assert awarded.decision.status is DecisionStatus.RECORDED


def appointed_against(court: Court, against: str) -> tuple[Appeal, list[Reviewer]]:
    words = Written(against=against, grounds=("facts",), words="We are insured.", asks="End it.")
    appeal = lodge(court, words)
    assert appeal.against.value == against
    appeal_handling.admit(appeal.id, "", **by(court.deputy))
    chosen = court.judges[:3]
    appeal_handling.appoint_reviewers(
        appeal.id, Team(tuple(each.id for each in chosen), chosen[1].id), **by(court.deputy)
    )
    for seat, judge in zip(seats(appeal), chosen, strict=True):
        reviewing.declare_for_review(seat.id, conflict=False, words="", **by(judge))
    return appeal, seats(appeal)


def test_the_provider_never_reads_what_reviewers_note_nor_who_they_are(refused, client_for):
    appeal, found = appointed(refused)
    reviewing.keep_notes(found[0].id, SECRET_NOTE, 1, **by(refused.judges[0]))
    with pytest.raises(Conflict):
        reviewing.keep_notes(found[0].id, "From another page.", 1, **by(refused.judges[0]))
    vote_all(refused, found, "uphold", "uphold", "uphold")
    browser, office = client_for(refused.case.lead), client_for(refused.deputy)
    pages = [f"/applications/{refused.case.application_id}", f"/appeals/{appeal.id}"]
    read = "".join(browser.get(page).text for page in pages)
    read += "".join(f"{each.subject}\n{each.text}" for each in told(refused.case.lead))
    for hidden in (SECRET_NOTE, "That is how I read it.", *(judge.name for judge in refused.judges)):
        assert hidden not in read
    assert SECRET_NOTE not in office.get(f"/schemes/{refused.case.scheme.code}/appeals/{appeal.id}").text
    assert SECRET_NOTE not in "".join(str(row.detail) for row in db.session.query(AuditRow))
    fellow = client_for(refused.judges[1])
    assert SECRET_NOTE in fellow.get(f"/reviews/{found[1].id}").text
    assert client_for(refused.judges[3]).get(f"/reviews/{found[1].id}").status_code == 404


def test_an_appeal_that_is_turned_away_or_taken_back_leaves_the_decision_standing(refused, client_for):
    appeal = lodge(refused)
    with pytest.raises(Invalid):
        appeal_handling.turn_away(appeal.id, " ", **by(refused.deputy))
    appeal_handling.turn_away(appeal.id, "It names nothing that is wrong.", **by(refused.deputy))
    assert refused.decision.status is DecisionStatus.UPHELD
    assert any("It names nothing that is wrong." in each.text for each in told(refused.case.lead))
    assert "It names nothing that is wrong." in client_for(refused.case.lead).get(f"/appeals/{appeal.id}").text


def test_a_lead_takes_an_appeal_back_and_nobody_else_can(refused, client_for):
    appeal = lodge(refused)
    colleague = make.member(refused.case.provider, Role.CONTRIBUTOR)
    assert client_for(colleague).post(f"/appeals/{appeal.id}/take-back").status_code == 403
    client_for(refused.case.lead).post(f"/appeals/{appeal.id}/take-back")
    db.session.rollback()
    assert db.session.get(Appeal, appeal.id).status is AppealStatus.WITHDRAWN
    assert refused.decision.status is DecisionStatus.UPHELD


def test_the_vote_of_a_reviewer_whose_interest_came_to_light_decides_nothing(refused):
    appeal, found = appointed(refused)
    vote_all(refused, found, "uphold", "uphold", "dismiss")
    days = {"since_on": TODAY - timedelta(days=900), "until_on": TODAY - timedelta(days=30)}
    post = Interest(refused.case.provider.name, TieKind.WORKS, "Ran its office.", **days)
    add_interest(post, **by(refused.judges[0]))
    with pytest.raises(Incomplete, match="Judge Jo may not review this any more"):
        decide(refused, found[1], "uphold")
    assert refused.decision.status is DecisionStatus.APPEALED
    judges = refused.judges
    spare = make.officer(refused.case.scheme, Role.PANEL_MEMBER, lay=True, name="Judge June")
    team = Team((judges[1].id, judges[2].id, spare.id), judges[1].id)
    appeal_handling.appoint_reviewers(appeal.id, team, **by(refused.deputy))
    (seat,) = [each for each in seats(appeal) if each.user_id == spare.id]
    reviewing.declare_for_review(seat.id, conflict=False, words="", **by(spare))
    reviewing.vote_on_appeal(seat.id, "uphold", "That is how I read it.", **by(spare))
    decide(refused, found[1], "uphold")
    assert refused.decision.status is DecisionStatus.SET_ASIDE


def test_an_award_whose_decision_was_set_aside_ends_when_the_new_panel_refuses(awarded, app):
    _, found = appointed(awarded)
    vote_all(awarded, found, "uphold", "uphold", "uphold")
    decide(awarded, found[1], "uphold")
    case, award = awarded.case, db.session.query(Award).one()
    assert award.status is AwardStatus.AWARDED
    members = [
        make.officer(case.scheme, Role.PANEL_MEMBER, lay=number == 0, name=name)
        for number, name in enumerate(("New Nia", "New Noor", "New Ned"))
    ]
    panel_id = call(case, *members, chair=members[1])
    declare(panel_id, *members)
    for member in members:
        vote(panel_id, member, REFUSE)
    record_decision(
        panel_id,
        Decided(REFUSE, "It does not meet the standard.", departure="The scores leave out what we saw."),
        issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
        storage=app.extensions["storage"],
        **by(members[1]),
    )
    db.session.rollback()
    assert db.session.get(Award, award.id).status is AwardStatus.WITHDRAWN
    assert db.session.query(RegisterEvent).order_by(RegisterEvent.id.desc()).first().status is AwardStatus.WITHDRAWN
    assert any("a new panel refused" in each.text for each in told(case.lead))
