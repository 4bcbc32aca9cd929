"""The manager's desk: what is late and with whom, workload, calendar, figures, and several cases at once."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Application, Assessment, AuditRow, Membership, Notice, SavedFilter
from app.queries.desk import desk
from app.queries.scheme_calendar import scheme_calendar
from app.queries.scheme_figures import figures
from app.services import assessments
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import DUE, TODAY, Case, assign, submitted_case, voted_case

LATE = DUE + timedelta(days=3)


def late_case() -> tuple[Case, int]:
    """A case whose assessor has declared; three days after `DUE` they are late."""
    case = submitted_case()
    assessment_id = assign(case)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    return case, assessment_id


def rows_of(browser, address: str) -> list[dict[str, str]]:
    text = browser.get(address).get_data(as_text=True)
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_the_desk_says_what_is_late_with_whom_and_who_has_how_much_in_hand(app, client_for, clock):
    case, _ = late_case()
    page = desk(case.scheme.code, actor=make.actor(case.manager), today=LATE)
    (state,) = [row for row in page.states if row.count]
    assert (state.state, state.ages) == ("in-assessment", (0, 1, 0, 0))
    (late,) = [each for each in page.late if each.kind == "assessment"]
    assert (late.who, late.on, late.provider) == ("Assessor Ash", DUE, case.provider.name)
    (load,) = page.assessors
    assert (load.open, load.undeclared, load.late, load.finished) == (1, 0, 1, 0)
    assert len(page.members) == 3
    clock.forward(days=(LATE - TODAY).days)
    words = client_for(case.auditor).get(f"/schemes/{case.scheme.code}").get_data(as_text=True)
    assert "Assessor Ash" in words and "2 to 6 weeks" in words and "several at once" not in words


def test_the_calendar_shows_a_month_and_gives_the_year_to_a_calendar_program(app, client_for):
    case, _ = late_case()
    page = scheme_calendar(case.scheme.code, DUE, actor=make.actor(case.manager))
    assert [(day, [each.words for each in things]) for day, things in page.days if day == DUE] == [
        (DUE, ["Assessment"])
    ]
    browser = client_for(case.manager)
    month = browser.get(f"/schemes/{case.scheme.code}/calendar?month={DUE:%Y-%m}").get_data(as_text=True)
    assert case.provider.name in month
    assert browser.get(f"/schemes/{case.scheme.code}/calendar?month=99-99").status_code == 200
    ics = browser.get(f"/schemes/{case.scheme.code}/calendar.ics").get_data(as_text=True)
    assert f"DTSTART;VALUE=DATE:{DUE:%Y%m%d}" in ics and "SUMMARY:Assessment: " in ics


def test_the_figures_count_days_per_stage_decisions_and_awards(app, client_for):
    case, panel = voted_case()
    chair = client_for(case.sitters[1])
    carried = {"outcome": "award", "level": "silver", "reasons": "It meets the standard.", "step": "confirm"}
    assert chair.post(f"/panels/{panel.id}/decision", data=carried).status_code == 302
    page = figures(case.scheme.code, "12", actor=make.actor(case.manager), today=TODAY)
    assert page.decided == 1 and [(row.name, row.count) for row in page.decisions] == [("Award", 1)]
    stages = {row.code: row.spread for row in page.stages}
    assert stages["whole"].median == 0 and stages["settling"] is None
    assert [(row.name, row.count) for row in page.levels] == [("Silver", 1)]
    assert [row.count for row in page.incomes if row.name == "Not said"] == [1]
    browser = client_for(case.auditor)
    assert "Over 1 decision" in browser.get(f"/schemes/{case.scheme.code}/figures").get_data(as_text=True)
    rows = rows_of(browser, f"/schemes/{case.scheme.code}/figures.csv")
    assert {"days per stage", "decisions", "awards by level"} <= {row["table"] for row in rows}


def test_late_assessors_are_reminded_after_a_preview_and_each_case_has_its_own_audit_row(app, client_for, clock):
    case, assessment_id = late_case()
    other = make.application(
        case.provider, case.application.edition, status=ApplicationStatus.ASSESSED, submitted_at=NOON
    )
    clock.forward(days=(LATE - TODAY).days)
    browser, address = client_for(case.manager), f"/schemes/{case.scheme.code}/bulk"
    assert case.provider.name in browser.get(address).get_data(as_text=True)
    nothing = browser.post(address, data={"offered": [case.application_id]})
    assert nothing.status_code == 422 and "Choose at least one application." in nothing.get_data(as_text=True)
    chosen = {"case": [case.application_id, other.id], "action": "remind"}
    preview = browser.post(address, data=chosen).get_data(as_text=True)
    assert "Remind Assessor Ash" in preview and "No assessor of this case is late." in preview
    assert db.session.query(Notice).filter_by(template="assessment_reminder").count() == 0
    done = browser.post(address, data={**chosen, "confirmed": "yes"}).get_data(as_text=True)
    assert "Done to 1 application, refused for 1" in done
    again = browser.post(address, data={**chosen, "confirmed": "yes"}).get_data(as_text=True)
    assert "reminded today already" in again
    rows = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "assessment.reminded")).all()
    assert [(row.subject_id, row.application_id) for row in rows] == [(assessment_id, case.application_id)]


def test_another_day_is_given_with_what_it_was_before(app, client_for):
    case, assessment_id = late_case()
    day = DUE + timedelta(days=14)
    parts = {"due_on-day": day.day, "due_on-month": day.month, "due_on-year": day.year}
    chosen = {"case": [case.application_id], "action": "move", **parts, "confirmed": "yes"}
    browser, address = client_for(case.manager), f"/schemes/{case.scheme.code}/bulk"
    without = browser.post(address, data={"case": [case.application_id], "action": "move"})
    assert without.status_code == 422 and "Enter a date." in without.get_data(as_text=True)
    assert "Done to 1 application." in browser.post(address, data=chosen).get_data(as_text=True)
    assert db.session.get(Assessment, assessment_id).due_on == day
    row = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "assessment.due-date-moved")).one()
    assert row.detail["before"] == {"due_on": DUE.isoformat()} and row.detail["after"] == {"due_on": day.isoformat()}


def test_the_assessors_who_are_proposed_are_asked(app, client_for):
    case = submitted_case()
    day = DUE + timedelta(days=14)
    parts = {"due_on-day": day.day, "due_on-month": day.month, "due_on-year": day.year}
    chosen = {"case": [case.application_id], "action": "assign", **parts}
    browser, address = client_for(case.manager), f"/schemes/{case.scheme.code}/bulk"
    assert "Ask Assessor Ash" in browser.post(address, data=chosen).get_data(as_text=True)
    browser.post(address, data={**chosen, "confirmed": "yes"})
    found = db.session.scalars(db.select(Assessment)).one()
    assert (found.assessor_id, found.status, found.due_on) == (case.assessor.id, AssessmentStatus.ASSIGNED, day)


def test_nothing_is_done_to_the_case_of_ones_own_organisation_or_of_another_scheme(app, client_for, clock):
    case, _ = late_case()
    make.save(
        Membership(user_id=case.manager.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON)
    )
    clock.forward(days=(LATE - TODAY).days)
    browser, address = client_for(case.manager), f"/schemes/{case.scheme.code}/bulk"
    data = {"case": [case.application_id], "action": "remind", "confirmed": "yes"}
    assert "another manager must manage its case" in browser.post(address, data=data).get_data(as_text=True)
    stranger, _ = late_case()
    data["case"] = [stranger.application_id]
    assert stranger.provider.name not in browser.post(address, data=data).get_data(as_text=True)
    assert db.session.query(AuditRow).filter_by(action="assessment.reminded").count() == 0


@pytest.mark.parametrize("copies", [0, 2_000])
def test_the_desk_takes_as_many_statements_for_two_thousand_cases_as_for_one(app, copies, count_statements):
    case, _ = late_case()
    first = case.application
    for number in range(copies):
        db.session.add(
            Application(
                organisation_id=first.organisation_id,
                scheme_id=first.scheme_id,
                edition_id=first.edition_id,
                status=ApplicationStatus.IN_ASSESSMENT,
                facts={},
                started_at=NOON,
                started_by_id=case.lead.id,
                submitted_at=NOON,
                status_at=NOON - timedelta(days=number % 100),
            )
        )
    db.session.commit()
    ids = db.session.scalars(db.select(Application.id).where(Application.id != first.id)).all()
    for each in ids:
        db.session.add(
            Assessment(
                application_id=each,
                assessor_id=case.assessor.id,
                status=AssessmentStatus.OPEN,
                assigned_at=NOON,
                assigned_by_id=case.manager.id,
                due_on=DUE,
            )
        )
    db.session.commit()
    manager, code = make.actor(case.manager), case.scheme.code
    with count_statements() as statements:
        page = desk(code, actor=manager, today=LATE)
        calendar = scheme_calendar(code, DUE, actor=manager)
        shown = figures(code, "12", actor=manager, today=LATE)
    assert page.open == copies + 1 and sum(row.ages[0] for row in page.states) < copies + 1
    assert calendar.count >= min(copies, 500) and shown.decided == 0
    assert len(statements) <= 40


def test_a_view_is_kept_under_a_name_and_is_nobody_elses(app, client_for, clock):
    case, _ = late_case()
    clock.forward(days=(LATE - TODAY).days)
    browser, address = client_for(case.manager), f"/schemes/{case.scheme.code}"
    unnamed = browser.post(f"{address}/views", data={"late": "yes", "q": "Provider", "name": " "})
    assert unnamed.status_code == 422 and "Give it a name" in unnamed.get_data(as_text=True)
    kept = browser.post(f"{address}/views", data={"late": "yes", "name": "Late  ones"})
    assert kept.location == f"{address}/pipeline?state=open&late=yes"
    shown = browser.get(kept.location).get_data(as_text=True)
    assert ">Late ones</a>" in shown and case.provider.name in shown
    filter_id = db.session.scalars(db.select(SavedFilter.id)).one()
    other = client_for(case.auditor)
    assert "Late ones" not in other.get(kept.location).get_data(as_text=True)
    assert case.provider.name in other.get(kept.location).get_data(as_text=True)
    assert other.post(f"{address}/views/{filter_id}/drop").status_code == 404
    assert browser.post(f"{address}/views/{filter_id}/drop").status_code == 302
    assert db.session.query(SavedFilter).count() == 0
