"""The manager's way with a case: assign, take off, hand back, send back, call the panel; and who is barred."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.domain.access import Role
from app.domain.errors import Conflict, IllegalMove, Invalid, NotAllowed
from app.domain.lifecycle import ApplicationMove, ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Assessment, AuditRow, Interest, Panel, PanelSeat
from app.services import assessments, cases, panels, recommendations
from app.services.panels import PanelPlan
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import DUE, TODAY, assess, assign, call, declare, submitted_case
from tests.told import told


@pytest.fixture
def case(app):
    return submitted_case()


@pytest.fixture
def office(case, client_for):
    return client_for(case.manager)


def day(name, value=DUE):
    return {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}


def test_one_scheme_leads_straight_to_its_pipeline(case, office):
    assert office.get("/schemes").headers["Location"] == f"/schemes/{case.scheme.code}/pipeline"


def test_the_pipeline_shows_what_is_late_first_and_the_next_step(case, office):
    other = make.application(
        make.organisation(name="Late Lunch Club"), case.application.edition, status=ApplicationStatus.IN_ASSESSMENT
    )
    make.save(
        Assessment(
            application_id=other.id,
            assessor_id=case.assessor.id,
            status=AssessmentStatus.OPEN,
            assigned_at=NOON,
            assigned_by_id=case.manager.id,
            due_on=TODAY - timedelta(days=1),
        )
    )
    page = office.get(f"/schemes/{case.scheme.code}/pipeline").text
    assert page.index("Late Lunch Club") < page.index(case.provider.name)
    assert "Late: 15 Nov 2026" in page
    assert "1 late" in page
    assert "0 of 4 scored" in page
    assert "Assign an assessor" in page
    by_assessor = office.get(f"/schemes/{case.scheme.code}/pipeline?assessor={case.assessor.id}").text
    assert case.provider.name not in by_assessor
    by_name = office.get(f"/schemes/{case.scheme.code}/pipeline?q=lunch").text
    assert "Late Lunch Club" in by_name
    assert case.provider.name not in by_name
    by_state = office.get(f"/schemes/{case.scheme.code}/pipeline?state=with-panel").text
    assert "No application is like this." in by_state


def test_the_pipeline_asks_the_database_as_often_for_thirty_cases_as_for_one(case, office):
    url = f"/schemes/{case.scheme.code}/pipeline"
    edition, db_engine = case.application.edition, db.engine
    assert edition.scheme_id

    def statements():
        db.session.remove()
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db_engine, "before_cursor_execute", listen)
        assert office.get(f"{url}?state=all").status_code == 200
        event.remove(db_engine, "before_cursor_execute", listen)
        return len(seen)

    statements()  # the edition's source is fetched once
    before = statements()
    for _ in range(30):
        make.application(make.organisation(), edition, status=ApplicationStatus.SUBMITTED)
    assert statements() == before
    assert "Pages of applications" in office.get(url).text


def test_a_manager_assigns_and_the_assessor_is_told(case, office):
    answer = office.post(f"{case.url}/assessors", data={"assessor": case.assessor.id, **day("due_on")})
    assert answer.status_code == 302
    assessment = db.session.scalars(select(Assessment)).one()
    assert (assessment.assessor_id, assessment.due_on) == (case.assessor.id, DUE)
    assert f"/assessments/{assessment.id}" in told()[0].text
    assert "Assessor assigned" in office.get(case.url).text


def test_a_date_that_is_past_comes_back_with_what_was_chosen(case, office):
    yesterday = TODAY - timedelta(days=1)
    page = office.post(f"{case.url}/assessors", data={"assessor": case.assessor.id, **day("due_on", yesterday)})
    assert page.status_code == 422
    assert "today or later" in page.text
    assert f'value="{case.assessor.id}" checked' in page.text


def test_a_tie_is_shown_with_its_reason_and_bars_even_a_forged_form(case, office):
    make.save(
        Interest(
            user_id=case.assessor.id,
            organisation_id=case.provider.id,
            nature="Was a trustee",
            ended_at=NOON - timedelta(days=365),
            declared_at=NOON,
        )
    )
    page = office.get(f"{case.url}/assessors").text
    assert "bars until 16 Nov 2027: Was a trustee." in page
    forged = office.post(f"{case.url}/assessors", data={"assessor": case.assessor.id, **day("due_on")})
    assert forged.status_code == 422
    assert db.session.scalars(select(Assessment)).all() == []


def test_a_member_of_the_organisation_never_assesses_it(case):
    colleague = make.member(case.provider, Role.CONTRIBUTOR)
    make.save(make.SchemePost(user_id=colleague.id, scheme_id=case.scheme.id, role=Role.ASSESSOR, created_at=NOON))
    with pytest.raises(Invalid, match="Belongs to this organisation"):
        assign(case, colleague)


def test_a_declared_conflict_bars_for_good_from_assessing_and_from_the_panel(case):
    both = make.officer(case.scheme, Role.ASSESSOR, Role.PANEL_MEMBER)
    assessment_id = assign(case, both)
    assessments.declare_interests(
        assessment_id, conflict=True, words="My sister works there", actor=make.actor(both), now=NOON
    )
    with pytest.raises(Invalid, match="Declared a conflict"):
        assign(case, both)
    assess(case)
    with pytest.raises(Invalid, match="cannot sit"):
        call(case, both, *case.sitters)


def test_whoever_assesses_the_case_cannot_sit_on_its_panel(case):
    both = make.officer(case.scheme, Role.ASSESSOR, Role.PANEL_MEMBER)
    assess(case, assessor=both)
    with pytest.raises(Invalid, match="Has a part in assessing this case"):
        call(case, both, *case.sitters)
    assert db.session.scalars(select(Panel)).all() == []
    assert case.application.status is ApplicationStatus.ASSESSED


def test_taking_the_last_open_assessor_off_leaves_the_case_assessed(case):
    second = make.officer(case.scheme, Role.ASSESSOR)
    waiting = assign(case, second)
    assess(case)
    assert case.application.status is ApplicationStatus.IN_ASSESSMENT
    cases.remove_assessor(waiting, "Is ill", actor=make.actor(case.manager), now=NOON)
    assert case.application.status is ApplicationStatus.ASSESSED
    with pytest.raises(IllegalMove):
        cases.remove_assessor(waiting, "Twice", actor=make.actor(case.manager), now=NOON)


def test_a_case_that_came_back_is_not_assessed_by_the_old_scores_when_a_new_assessor_is_taken_off(case, office):
    old = assess(case)
    call(case)
    application, back = case.application, NOON + timedelta(days=9)
    application.make(ApplicationMove.DEFER, NOON)
    application.make(ApplicationMove.SUBMIT, back)
    application.submitted_at = back
    second = make.officer(case.scheme, Role.ASSESSOR)
    added = assign(case, second)
    assessments.declare_interests(added, conflict=False, words="", actor=make.actor(second), now=back)
    cases.remove_assessor(added, "Not needed", actor=make.actor(case.manager), now=back)
    assert case.application.status is ApplicationStatus.IN_ASSESSMENT
    assert "Have it assessed again" in office.get(f"/schemes/{case.scheme.code}/pipeline").text
    cases.reopen_assessment(old, "It came back.", DUE, actor=make.actor(case.manager), now=back, today=TODAY)
    words = recommendations.Recommendation("award", "silver", "Now in place.")
    recommendations.hand_in(old, words, actor=make.actor(case.assessor), now=back)
    assert case.application.status is ApplicationStatus.ASSESSED


def test_an_assessor_taken_off_by_mistake_can_be_asked_again_and_declares_anew(case):
    first = assign(case)
    cases.remove_assessor(first, "Wrong person", actor=make.actor(case.manager), now=NOON)
    assert assign(case) == first
    assessment = db.session.get(Assessment, first)
    assert assessment.status is AssessmentStatus.ASSIGNED
    assert assessment.declared_at is None


def test_an_assessment_is_handed_back_with_a_note(case, office):
    assessment_id = assess(case)
    url = f"{case.url}/assessors/{assessment_id}/reopen"
    assert office.post(url, data={"note": "", **day("due_on")}).status_code == 422
    assert office.post(url, data={"note": "Look at GOV.1.1 again", **day("due_on")}).status_code == 302
    assert case.application.status is ApplicationStatus.IN_ASSESSMENT
    assert db.session.get(Assessment, assessment_id).status is AssessmentStatus.OPEN
    assert "Look at GOV.1.1 again" in told()[-1].text


def test_an_application_is_sent_back_with_a_note_and_leaves_the_office(case, office):
    waiting = assign(case)
    assert office.post(f"{case.url}/send-back", data={"note": "Attach the minutes"}).status_code == 302
    assert case.application.status is ApplicationStatus.DRAFT
    assert case.application.note == "Attach the minutes"
    assert db.session.get(Assessment, waiting).status is AssessmentStatus.REMOVED
    assert case.lead.email in {mail.recipient for mail in told() if "Attach the minutes" in mail.text}
    assert office.get(case.url).status_code == 404


def test_an_application_in_assessment_is_not_sent_back(case):
    assess(case)
    with pytest.raises(IllegalMove):
        cases.send_back(case.application_id, "Too late", actor=make.actor(case.manager), now=NOON)


def test_a_panel_needs_its_quorum_its_lay_members_and_a_chair_among_them(case):
    strict = make.SMALL_FRAMEWORK.replace("lay_members: 0", "lay_members: 1")
    case = submitted_case(source=strict)
    assess(case)
    lay, one, two = case.sitters

    def refused(*members, chair, meets_on=DUE):
        plan = PanelPlan(tuple(each.id for each in members), chair.id, meets_on)
        with pytest.raises(Invalid) as error:
            panels.call_panel(case.application_id, plan, actor=make.actor(case.manager), now=NOON, today=TODAY)
        return error.value.errors

    assert set(refused(lay, chair=lay)) == {"members"}
    assert "lay" in refused(one, two, chair=one)["members"]
    assert set(refused(lay, one, chair=two)) == {"chair"}
    assert set(refused(lay, one, chair=one, meets_on=TODAY - timedelta(days=1))) == {"meets_on"}
    assert call(case, lay, one, chair=one)


def test_the_panel_is_called_from_the_page_and_can_be_changed_but_keeps_who_declared(case, office):
    assess(case)
    lay, one, two = case.sitters
    data = {"members": [lay.id, one.id], "chair": one.id, **day("meets_on")}
    assert office.post(f"{case.url}/panel", data=data).status_code == 302
    panel = db.session.scalars(select(Panel)).one()
    declare(panel.id, lay)
    without_lay = office.post(f"{case.url}/panel", data={**data, "members": [one.id, two.id]})
    assert without_lay.status_code == 422
    assert "Lay Lee has declared and keeps the seat." in without_lay.text
    assert (
        office.post(f"{case.url}/panel", data={**data, "members": [lay.id, two.id], "chair": two.id}).status_code == 302
    )
    seats = db.session.scalars(select(PanelSeat.user_id)).all()
    assert set(seats) == {lay.id, two.id}
    assert {mail.recipient for mail in told() if f"/panels/{panel.id}" in mail.text} == {
        lay.email,
        one.email,
        two.email,
    }


def test_no_panel_is_called_before_every_assessment_is_in(case, office):
    two_needed = submitted_case(source=make.SMALL_FRAMEWORK.replace("assessors: 1", "assessors: 2"))
    assess(two_needed)
    with pytest.raises(IllegalMove):
        call(two_needed)


def test_an_auditor_reads_everything_and_changes_nothing(case, client_for):
    assessment_id = assess(case)
    auditor = client_for(case.auditor)
    page = auditor.get(case.url).text
    assert "change nothing" in page
    assert "Call the panel" not in page
    assert "Seen for GOV.1.1." in auditor.get(f"{case.url}/areas/GOV").text
    for path in ("/assessors", "/panel", "/send-back", f"/assessors/{assessment_id}/reopen"):
        assert auditor.post(case.url + path, data={}).status_code == 403
    plan = PanelPlan((case.sitters[0].id,), case.sitters[0].id, DUE)
    with pytest.raises(NotAllowed):
        panels.call_panel(case.application_id, plan, actor=make.actor(case.auditor), now=NOON, today=TODAY)


def test_a_case_is_not_found_under_another_schemes_address(case, office):
    other = submitted_case()
    assert office.get(other.url).status_code == 404
    assert office.get(f"/schemes/{case.scheme.code}/cases/{other.application_id}").status_code == 404


def test_nobody_assigns_to_a_case_that_the_panel_reads(case):
    assess(case)
    call(case)
    with pytest.raises(Conflict):
        assign(case, make.officer(case.scheme, Role.ASSESSOR))


def test_the_audit_trail_tells_a_case_in_words_and_can_be_narrowed(case, client_for):
    assess(case)
    panel_id = call(case)
    declare(panel_id, case.sitters[0])
    auditor = client_for(case.auditor)
    url = f"/schemes/{case.scheme.code}/audit"
    page = auditor.get(url).text.split("<tbody")[1]
    assert page.index("Panel member declared no conflict of interest") < page.index("Assessor assigned")
    mine = auditor.get(f"{url}?person=Morgan&action=panel.called").text
    assert "Lay Lee" in mine
    assert "1 entry." in mine
    actions = db.session.scalars(select(AuditRow.action)).all()
    assert "score.recorded" in actions
    assert "Score recorded" not in auditor.get(case.url).text
