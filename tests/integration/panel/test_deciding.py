"""The panel's way: declare, read, vote, decide; and what follows from the decision."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.backends.storage import MemoryStorage, StorageFull
from app.domain.access import Role
from app.domain.certificate_number import parse
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import Conflict, Incomplete, NotAllowed
from app.domain.lifecycle import ApplicationMove, ApplicationStatus, AwardStatus
from app.extensions import db
from app.models import (
    Application,
    Assessment,
    AuditRow,
    Award,
    AwardCondition,
    Decision,
    Interest,
    MailMessage,
    Membership,
    Panel,
    PanelSeat,
    RegisterEntry,
    RegisterEvent,
    Scheme,
    SchemePost,
)
from app.queries.frameworks import framework_of
from app.services import cases, recommendations
from app.services.decisions import Decided, record_decision
from app.services.granting import Issue
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import (
    DUE,
    REFUSE,
    SILVER,
    TODAY,
    assess,
    call,
    declare,
    submitted_case,
    vote,
    voted_case,
)
from tests.told import told


@pytest.fixture
def storage(app):
    kept = MemoryStorage()
    app.extensions["storage"] = kept
    yield kept
    del app.extensions["storage"]


def record(app, storage, panel, decided, chair):
    return record_decision(
        panel.id,
        decided,
        issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
        storage=storage,
        actor=make.actor(chair),
        now=NOON,
        today=TODAY,
    )


def confirmed(**values):
    return {"outcome": "award", "level": "silver", "reasons": "It meets the standard.", "step": "confirm", **values}


def test_a_submitted_case_becomes_an_award_in_the_browser(app, storage, client_for):
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    for member in case.sitters:
        browser = client_for(member)
        assert "Declare interests" in browser.get("/panels").text
        assert "Seen for" not in browser.get(f"/panels/{panel_id}", follow_redirects=True).text
        assert browser.get(f"/panels/{panel_id}/areas/GOV").status_code == 403
        browser.post(f"/panels/{panel_id}/declare", data={"conflict": "no"})
        assert "The outcome is Silver" in browser.get(f"/panels/{panel_id}").text
        assert "Seen for GOV.1.1." in browser.get(f"/panels/{panel_id}/areas/GOV").text
        data = {"outcome": "award", "level": "silver", "reason": f"{member.name} agrees."}
        assert browser.post(f"/panels/{panel_id}/vote", data=data).status_code == 302
    chair = client_for(case.sitters[1])
    url = f"/panels/{panel_id}/decision"
    assert "The quorum is met" in chair.get(url).text
    preview = chair.post(url, data=confirmed(step="preview"))
    assert "Check the decision" in preview.text
    assert db.session.scalar(select(func.count(Decision.id))) == 0
    assert chair.post(url, data=confirmed()).status_code == 302
    award = db.session.scalars(select(Award)).one()
    assert case.application.status is ApplicationStatus.AWARDED
    assert (award.granted_on, award.expires_on) == (date(2026, 11, 16), date(2029, 11, 15))
    assert parse(award.number).checks
    assert award.scope == ["Befriending and companionship", "In Lancaster"]
    assert storage.files[award.certificate_key].startswith(b"%PDF")
    entry = db.session.scalars(select(RegisterEntry)).one()
    assert (entry.award_id, entry.level, entry.status) == (award.id, "silver", AwardStatus.AWARDED)
    letter = told(case.lead)[-1].text
    assert f"/verify/{award.number}" in letter
    assert f"/awards/{award.id}/certificate.pdf" in letter
    assert {"decision.recorded", "award.granted"} <= set(db.session.scalars(select(AuditRow.action)))
    assert "It meets the standard." in chair.get(f"/panels/{panel_id}").text
    assert award.number in client_for(case.manager).get(case.url).text


def test_a_declared_conflict_closes_the_case_and_is_kept(app, client_for):
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    lay = case.sitters[0]
    browser = client_for(lay)
    nothing_said = browser.post(f"/panels/{panel_id}/declare", data={"conflict": "yes", "words": ""})
    assert nothing_said.status_code == 422
    browser.post(f"/panels/{panel_id}/declare", data={"conflict": "yes", "words": "My brother chairs it"})
    assert "You stand aside" in browser.get(f"/panels/{panel_id}", follow_redirects=True).text
    assert browser.get(f"/panels/{panel_id}/areas/GOV").status_code == 403
    assert browser.get(f"/panels/{panel_id}/vote").status_code == 403
    assert db.session.scalars(select(Interest)).one().nature == "My brother chairs it"
    assert "My brother chairs it" in told(case.manager)[-1].text


def test_a_criterion_that_holds_a_level_back_is_named_to_those_who_decide(app, client_for):
    case, panel = voted_case(REFUSE, points=dict.fromkeys(["GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"], 0))
    page = client_for(case.sitters[0]).get(f"/panels/{panel.id}").text
    heading = framework_of(case.application.edition).criterion("SAFE.1.1").heading
    assert f"in SAFE.1.1 “{heading}”, which has 0." in page


def test_votes_of_others_are_closed_until_one_has_voted(app, client_for):
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    vote(panel_id, case.sitters[0], REFUSE)
    browser = client_for(case.sitters[2])
    before = browser.get(f"/panels/{panel_id}").text
    assert "Refuse" not in before
    assert "That is what the case shows." not in before
    vote(panel_id, case.sitters[2], SILVER)
    after = browser.get(f"/panels/{panel_id}").text
    assert "Refuse" in after
    assert "That is what the case shows." in after


def test_a_vote_needs_a_reason_and_an_award_a_level_that_was_applied_for(app, client_for):
    case = submitted_case(target="bronze")
    assess(case)
    panel_id = call(case)
    declare(panel_id, case.sitters[0])
    browser = client_for(case.sitters[0])
    page = browser.post(f"/panels/{panel_id}/vote", data={"outcome": "award", "level": "silver", "reason": ""})
    assert page.status_code == 422
    assert "Choose the level." in page.text
    assert "Say why." in page.text
    assert db.session.scalars(select(PanelSeat.vote)).all() == ["", "", ""]


def test_without_quorum_the_chair_is_told_and_nothing_is_recorded(app, storage, client_for):
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    declare(panel_id, case.sitters[1])
    vote(panel_id, case.sitters[1], SILVER)
    chair = client_for(case.sitters[1])
    assert (
        "The quorum is not met: it takes 2 members, and 1 member has voted."
        in chair.get(f"/panels/{panel_id}/decision").text
    )
    chair.post(f"/panels/{panel_id}/decision", data=confirmed())
    panel = db.session.get(Panel, panel_id)
    with pytest.raises(Incomplete, match="quorum is not met"):
        record(app, storage, panel, Decided(SILVER, "Reasons."), case.sitters[1])
    assert db.session.scalar(select(func.count(Decision.id))) == 0


def test_only_the_chair_decides(app, storage, client_for):
    case, panel = voted_case()
    member = client_for(case.sitters[0])
    assert member.get(f"/panels/{panel.id}/decision").status_code == 403
    assert client_for(case.manager).get(f"/panels/{panel.id}/decision").status_code == 403
    with pytest.raises(NotAllowed):
        record(app, storage, panel, Decided(SILVER, "Reasons."), case.sitters[0])


def test_nobody_who_scored_the_case_decides_on_it_even_if_seated_and_chairing(app, storage):
    case = submitted_case()
    make.save(SchemePost(user_id=case.assessor.id, scheme_id=case.scheme.id, role=Role.PANEL_MEMBER, created_at=NOON))
    assess(case)
    panel_id = call(case)
    panel = db.session.get(Panel, panel_id)
    panel.chair_id = case.assessor.id  # as if the bar at calling had been got round
    make.save(PanelSeat(panel_id=panel_id, user_id=case.assessor.id, declared_at=NOON))
    declare(panel_id, *case.sitters)
    with pytest.raises(NotAllowed, match="did not assess it"):
        vote(panel_id, case.assessor, SILVER)
    for member in case.sitters:
        vote(panel_id, member, SILVER)
    with pytest.raises(NotAllowed):
        record(app, storage, panel, Decided(SILVER, "Reasons."), case.assessor)


def test_a_departure_from_the_scores_needs_its_rationale(app, storage, client_for):
    case, panel = voted_case(points={"GOV.1.2": 0})
    chair = client_for(case.sitters[1])
    page = chair.get(f"/panels/{panel.id}/decision").text
    assert "Why the decision differs" in page
    refused = chair.post(f"/panels/{panel.id}/decision", data=confirmed())
    assert refused.status_code == 422
    assert "Say why the decision differs" in refused.text
    assert "It meets the standard." in refused.text
    assert db.session.scalars(select(Award)).all() == []
    answer = chair.post(f"/panels/{panel.id}/decision", data=confirmed(departure="The duty was met last week."))
    assert answer.status_code == 302
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.level, decision.computed_level) == ("silver", "bronze")
    assert decision.departure == "The duty was met last week."


def condition(place: int, text: str, day: int) -> dict[str, str]:
    """What the chair types for one condition, due in March 2027."""
    due = {"day": str(day), "month": "3", "year": "2027"}
    return {f"conditions-{place}-text": text, **{f"conditions-{place}-due_on-{part}": due[part] for part in due}}


def test_conditions_need_words_and_a_day_and_stand_on_the_award(app, storage, client_for):
    ballot = Ballot(Verdict.AWARD_WITH_CONDITIONS, "silver")
    case, panel = voted_case(ballot)
    chair = client_for(case.sitters[1])
    data = confirmed(outcome="award-with-conditions")
    refused = chair.post(f"/panels/{panel.id}/decision", data=data)
    assert "Write the conditions" in refused.text
    assert "Enter a date after today" in refused.text
    first = condition(0, "Hold a fire drill.", 1)
    more = chair.post(f"/panels/{panel.id}/decision", data={**data, **first, "step": "add"})
    assert 'name="conditions-1-text"' in more.text
    half = chair.post(f"/panels/{panel.id}/decision", data={**data, **first, **condition(1, "", 2), "step": "preview"})
    assert "Write the condition, or take it out." in half.text
    assert "Hold a fire drill." in half.text
    data = {**data, **first, **condition(1, "Train the trustees.", 2)}
    preview = chair.post(f"/panels/{panel.id}/decision", data={**data, "step": "preview"})
    assert "Condition 2, by 2 Mar 2027" in preview.text
    assert chair.post(f"/panels/{panel.id}/decision", data=data).status_code == 302
    award = db.session.scalars(select(Award)).one()
    assert award.status is AwardStatus.CONDITIONAL
    words = "1. Hold a fire drill. By 1 Mar 2027.\n2. Train the trustees. By 2 Mar 2027."
    assert (award.conditions, award.conditions_due_on) == (words, date(2027, 3, 1))
    kept = db.session.execute(select(AwardCondition.number, AwardCondition.text).order_by(AwardCondition.number)).all()
    assert [tuple(each) for each in kept] == [(1, "Hold a fire drill."), (2, "Train the trustees.")]


def test_a_second_record_of_the_decision_is_told_and_changes_nothing(app, storage, client_for):
    case, panel = voted_case()
    record(app, storage, panel, Decided(SILVER, "First."), case.sitters[1])
    with pytest.raises(Conflict, match="recorded already"):
        record(app, storage, panel, Decided(SILVER, "Second."), case.sitters[1])
    again = client_for(case.sitters[1]).post(
        f"/panels/{panel.id}/decision", data=confirmed(reasons="Second."), follow_redirects=True
    )
    assert "recorded already" in again.text
    assert db.session.scalars(select(Decision.reasons)).all() == ["First."]
    assert db.session.scalar(select(func.count(Award.id))) == 1
    with pytest.raises(Conflict):
        vote(panel.id, case.sitters[0], REFUSE)


def test_a_vote_that_changed_meanwhile_stops_the_record_and_keeps_what_was_typed(app, storage, client_for):
    case, panel = voted_case()
    for member in case.sitters[:2]:
        vote(panel.id, member, REFUSE)
    with pytest.raises(Conflict, match="votes have changed"):
        record(app, storage, panel, Decided(SILVER, "Reasons."), case.sitters[1])
    answer = client_for(case.sitters[1]).post(f"/panels/{panel.id}/decision", data=confirmed())
    assert answer.status_code == 409
    assert "The votes have changed" in answer.text
    assert "It meets the standard." in answer.text
    assert 'name="outcome" type="hidden" value="refuse"' in answer.text
    assert db.session.scalars(select(Decision)).all() == []


def test_of_two_records_at_the_same_moment_one_stands_and_the_other_is_told(app, storage):
    case, panel = voted_case()
    chair, panel_id = make.actor(case.sitters[1]), panel.id
    together = Barrier(2)

    def one(reasons):
        with app.app_context():
            together.wait(timeout=30)
            try:
                record_decision(
                    panel_id,
                    Decided(SILVER, reasons),
                    issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
                    storage=storage,
                    actor=chair,
                    now=NOON,
                    today=TODAY,
                )
            except Conflict as error:
                return error.message
            finally:
                db.session.remove()
        return "recorded"

    db.session.remove()
    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(one, ["First.", "Second."]))
    assert told[1] == "recorded"
    assert "recorded already" in told[0]
    assert db.session.scalar(select(func.count(Award.id))) == 1
    assert db.session.scalar(select(func.count(RegisterEvent.id))) == 1


def test_a_refusal_tells_the_reasons_the_explanation_and_the_way_to_appeal(app, storage):
    case, panel = voted_case(REFUSE, points=dict.fromkeys(["GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"], 0))
    record(app, storage, panel, Decided(REFUSE, "Nothing is in place."), case.sitters[1])
    assert case.application.status is ApplicationStatus.REFUSED
    assert case.application.note == "Nothing is in place."
    letter = told(case.lead)[-1].text
    assert "Nothing is in place." in letter
    assert "Bronze needs" in letter
    assert "appeal" in letter
    assert "14 Dec 2026" in letter
    assert db.session.scalars(select(RegisterEntry)).all() == []


def test_a_deferred_case_comes_back_is_assessed_again_and_gets_another_panel(app, storage, client_for):
    defer = Ballot(Verdict.DEFER)
    case, panel = voted_case(defer, points=dict.fromkeys(["GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"], 1))
    record(app, storage, panel, Decided(defer, "Finish the safeguarding policy."), case.sitters[1])
    assert case.application.status is ApplicationStatus.DEFERRED
    assert "Finish the safeguarding policy." in told(case.lead)[-1].text
    application = db.session.get(Application, case.application_id)
    application.make(ApplicationMove.SUBMIT, NOON)
    db.session.commit()
    office = client_for(case.manager)
    assert "Have it assessed again" in office.get(f"/schemes/{case.scheme.code}/pipeline").text
    assessment_id = db.session.scalars(select(Assessment.id)).one()
    cases.reopen_assessment(
        assessment_id, "See the new policy.", DUE, actor=make.actor(case.manager), now=NOON, today=TODAY
    )
    words = recommendations.Recommendation("award", "silver", "Now in place.")
    recommendations.hand_in(assessment_id, words, actor=make.actor(case.assessor), now=NOON)
    second = call(case)
    assert second != panel.id
    declare(second, *case.sitters)
    assert "has decided" not in client_for(case.sitters[0]).get(f"/panels/{second}").text
    assert "Finish the safeguarding policy." in client_for(case.sitters[0]).get(f"/panels/{panel.id}").text


def test_when_the_store_is_full_nothing_of_the_decision_stays(app, client_for):
    case, panel = voted_case()
    serial = db.session.get(Scheme, case.scheme.id).next_serial

    def full():
        raise OSError(errno.ENOSPC, "No space left on device")

    before = {kind: db.session.scalar(select(func.count()).select_from(kind)) for kind in (AuditRow, MailMessage)}
    with pytest.raises(StorageFull):
        record(app, MemoryStorage(before_put=full), panel, Decided(SILVER, "Reasons."), case.sitters[1])
    for kind in (Decision, Award, RegisterEntry, RegisterEvent):
        assert db.session.scalar(select(func.count()).select_from(kind)) == 0
    for kind, count in before.items():
        assert db.session.scalar(select(func.count()).select_from(kind)) == count
    assert case.application.status is ApplicationStatus.WITH_PANEL
    assert db.session.get(Scheme, case.scheme.id).next_serial == serial


def test_a_full_store_gives_the_chair_the_form_back_as_typed(app, client_for):
    case, panel = voted_case()

    def full():
        raise OSError(errno.ENOSPC, "No space left on device")

    app.extensions["storage"] = MemoryStorage(before_put=full)
    try:
        answer = client_for(case.sitters[1]).post(f"/panels/{panel.id}/decision", data=confirmed())
    finally:
        del app.extensions["storage"]
    assert answer.status_code == 507
    assert "no room to store the certificate" in answer.text
    assert "It meets the standard." in answer.text
    assert db.session.scalars(select(Decision)).all() == []


def test_a_new_award_replaces_the_one_held_and_the_register_shows_it(app, storage):
    case, panel = voted_case()
    older_case = make.application(case.provider, case.application.edition, status=ApplicationStatus.AWARDED)
    older = make.award(older_case, level="bronze", level_title="Bronze")
    entry = make.register_entry(older)
    record(app, storage, panel, Decided(SILVER, "Reasons."), case.sitters[1])
    db.session.expire_all()
    award = db.session.scalars(select(Award).where(Award.id != older.id)).one()
    assert older.status is AwardStatus.REPLACED
    assert older.status_reason == f"Replaced by certificate {award.number}."
    assert db.session.get(RegisterEntry, entry.id).award_id == award.id
    assert db.session.scalar(select(func.count(RegisterEntry.id))) == 1


def test_two_awards_take_two_numbers(app, storage):
    case, panel = voted_case()
    record(app, storage, panel, Decided(SILVER, "Reasons."), case.sitters[1])
    first = db.session.scalars(select(Award)).one()
    second_case = make.application(
        make.organisation(), case.application.edition, status=ApplicationStatus.SUBMITTED, facts={"staff": 2}
    )
    case.application_id = second_case.id
    assess(case)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    for member in case.sitters:
        vote(panel_id, member, SILVER)
    record(app, storage, db.session.get(Panel, panel_id), Decided(SILVER, "Reasons."), case.sitters[1])
    second = db.session.scalars(select(Award).where(Award.id != first.id)).one()
    assert int(second.number.split("-")[2]) == int(first.number.split("-")[2]) + 1


def test_a_member_who_joined_the_provider_after_voting_stands_aside_and_another_completes_the_panel(
    app, storage, client_for
):
    case = submitted_case()
    assess(case)
    lay, chair, joined = case.sitters
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    vote(panel_id, chair, SILVER)
    vote(panel_id, joined, SILVER)
    make.save(Membership(user_id=joined.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON))
    other = make.officer(case.scheme, Role.PANEL_MEMBER, name="Sitter Skye")
    office, url = client_for(case.manager), f"{case.url}/panel"
    data = {"chair": chair.id, "meets_on-day": DUE.day, "meets_on-month": DUE.month, "meets_on-year": DUE.year}
    without_lay = office.post(url, data={**data, "members": [chair.id, other.id]})
    assert "Lay Lee has declared and keeps the seat." in without_lay.text
    assert office.post(url, data={**data, "members": [lay.id, chair.id, other.id]}).status_code == 302
    assert f"Stood aside: {joined.name}" in office.get(case.url).text
    panel = db.session.get(Panel, panel_id)
    with pytest.raises(Incomplete, match="quorum is not met"):
        record(app, storage, panel, Decided(SILVER, "Reasons."), chair)
    assert "Stood aside: the vote does not count" in client_for(chair).get(f"/panels/{panel_id}").text
    declare(panel_id, other)
    vote(panel_id, other, SILVER)
    record(app, storage, panel, Decided(SILVER, "Reasons."), chair)
    assert sum(db.session.scalars(select(Decision)).one().tally.values()) == 2


def test_a_panel_of_somebody_else_is_not_found(app, client_for):
    case, panel = voted_case()
    browser = client_for(make.officer(case.scheme, Role.PANEL_MEMBER))
    assert browser.get(f"/panels/{panel.id}").status_code == 404
    assert browser.get(f"/panels/{panel.id}/declare").status_code == 404
    assert "You are called to no panel." in browser.get("/panels").text
