"""Visits: planned, confirmed, moved, held; samples that anybody can draw again; notes that scores rest on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.domain.access import Role
from app.domain.parts import SiteKind
from app.domain.visits import VisitStatus
from app.extensions import db
from app.models import AuditRow, Citation, Site, Visit, VisitDraw, VisitNote
from app.services import assessments
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, assign, submitted_case
from tests.told import told

SAMPLED = make.SMALL_FRAMEWORK.replace(
    "assessment: {assessors: 1,", "assessment: {assessors: 1, samples: {files: {share: 10%, at_least: 3}},"
)


@pytest.fixture
def opened(app, client_for):
    """A case with a site, its assessment's id, and the browsers of assessor and provider."""
    case = submitted_case(SAMPLED)
    make.save(Site(organisation_id=case.provider.id, name="Elm House", kind=SiteKind.PLACE, created_at=NOON))
    assessment_id = assign(case)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    return case, assessment_id, client_for(case.assessor), client_for(case.lead)


def plan(case, **values):
    return {
        "way": "on-site",
        "on-day": "26",
        "on-month": "11",
        "on-year": "2026",
        "at": "9:30",
        "until": "14:00",
        "place": "1 Mill Lane",
        "goers": [str(case.assessor.id)],
        "meets": "Two volunteers\nThe treasurer",
        **values,
    }


@pytest.fixture
def planned(opened):
    case, assessment_id, browser, provider = opened
    assert browser.post(f"/assessments/{assessment_id}/visits/new", data=plan(case)).status_code == 302
    return case, assessment_id, browser, provider


def visit() -> Visit:
    db.session.expire_all()
    return db.session.scalars(select(Visit)).one()


def subjects():
    return [message.subject for message in told()]


def test_the_provider_is_told_of_the_plan_sees_all_of_it_and_confirms(planned):
    case, _, browser, provider = planned
    assert "A visit is planned on 26 Nov 2026" in subjects()
    page = provider.get(f"/visits/{visit().id}").text
    assert "26 Nov 2026, 09:30 to 14:00" in page and "The treasurer" in page and case.assessor.name in page
    assert provider.post(f"/visits/{visit().id}/confirm", data={"version": "1"}).status_code == 302
    assert visit().status is VisitStatus.CONFIRMED
    assert f"{case.provider.name} confirmed the visit on 26 Nov 2026" in subjects()
    assert "Confirmed" in browser.get(f"/assessments/visits/{visit().id}").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on-month": "10"}, "Choose a time to come."),
        ({"until": "9:00"}, "It must end after it begins."),
        ({"at": "half nine"}, "Write the time like 9:30"),
        ({"goers": []}, "Say who goes."),
        ({"meets": " "}, "by role"),
        ({"place": ""}, "Say where"),
        ({"sites": ["99999"]}, "Choose sites of this organisation."),
        ({"on-day": "28", "on-month": "3", "on-year": "2027", "at": "1:30"}, "Clocks go forward"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_keeps_what_was_typed(opened, wrong, sentence):
    case, assessment_id, browser, _ = opened
    answer = browser.post(f"/assessments/{assessment_id}/visits/new", data=plan(case, about="Bring tea.") | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text and "Bring tea." in answer.text
    assert db.session.scalars(select(Visit)).first() is None


def test_a_time_in_summer_is_that_of_clocks_in_the_united_kingdom(opened):
    case, assessment_id, browser, _ = opened
    summer = {"on-day": "1", "on-month": "6", "on-year": "2027"}
    browser.post(f"/assessments/{assessment_id}/visits/new", data=plan(case) | summer)
    assert visit().starts_at == datetime(2027, 6, 1, 8, 30, tzinfo=UTC)


def test_another_time_is_proposed_and_taken_or_not(planned):
    case, _, browser, provider = planned
    url = f"/visits/{visit().id}"
    other = {"on-day": "27", "on-month": "11", "on-year": "2026", "at": "10", "until": "12", "words": "A funeral."}
    assert provider.post(url, data=other).status_code == 302
    assert provider.post(url, data=other).status_code == 422  # one waits already
    page = browser.get(f"/assessments/visits/{visit().id}").text
    assert "27 Nov 2026, 10:00 to 12:00" in page and "A funeral." in page
    changed = plan(case, **{"on-day": "27", "at": "10:00", "until": "12:00", "version": "1"})
    assert browser.post(f"/assessments/visits/{visit().id}/change", data=changed).status_code == 302
    assert "The assessor took it." in provider.get(url).text
    assert provider.post(url, data=other | {"on-day": "28"}).status_code == 302
    decline = f"/assessments/visits/{visit().id}/time/2"
    assert browser.post(decline, data={"reason": ""}).status_code == 422
    assert browser.post(decline, data={"reason": "No other day is left."}).status_code == 302
    assert "The assessor kept the time. No other day is left." in provider.get(url).text


def test_who_confirms_an_old_plan_is_told_that_it_has_changed(planned):
    case, _, browser, provider = planned
    changed = plan(case, **{"on-day": "30", "version": "1"})
    browser.post(f"/assessments/visits/{visit().id}/change", data=changed)
    assert provider.post(f"/visits/{visit().id}/confirm", data={"version": "1"}).status_code == 409
    assert visit().status is VisitStatus.PLANNED


def test_the_calendar_holds_one_event_that_is_replaced_and_cancelled(planned):
    _, _, browser, provider = planned

    def event():
        [found] = Calendar.from_ical(provider.get(f"/visits/{visit().id}/visit.ics").text).walk("VEVENT")
        return found

    first = event()
    assert (first["dtstart"].dt, first["status"]) == (datetime(2026, 11, 26, 9, 30, tzinfo=UTC), "TENTATIVE")
    browser.post(f"/assessments/visits/{visit().id}/cancel", data={"cancel-reason": "The hall is flooded."})
    last = event()
    assert (last["uid"], last["status"]) == (first["uid"], "CANCELLED")
    assert last["sequence"] > first["sequence"]
    assert "The hall is flooded." in provider.get(f"/visits/{visit().id}").text


def test_a_visit_is_noted_as_held_only_once_it_has_begun(planned, clock):
    _, _, browser, _ = planned
    url = f"/assessments/visits/{visit().id}/hold"
    assert browser.post(url).status_code == 409
    clock.forward(days=10)
    assert browser.post(url).status_code == 302
    assert visit().status is VisitStatus.HELD


def test_a_sample_has_the_size_of_the_framework_and_can_be_drawn_again(planned):
    _, _, browser, _ = planned
    url = f"/assessments/visits/{visit().id}/draws"
    answer = browser.post(url, data={"of": "Files", "how": "range", "population": "1-57"})
    drawn = db.session.scalars(select(VisitDraw)).one()
    assert (drawn.size, drawn.population_size, len(set(drawn.drawn))) == (6, 57, 6)
    page = browser.get(answer.location).text
    assert drawn.seed in page and drawn.population_hash in page
    same = browser.post(answer.location, data={"population": "30-57, 1-29"}).text
    assert "The same sample was drawn" in same
    other = browser.post(answer.location, data={"population": "1-58"}).text
    assert "This is not the list that was drawn from" in other
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "visit.sample-drawn")).one()
    assert row.detail["seed"] == drawn.seed


def test_drawing_again_or_another_number_needs_a_reason_and_every_draw_stays(planned):
    _, _, browser, _ = planned
    url = f"/assessments/visits/{visit().id}/draws"
    wanted = {"of": "files", "how": "range", "population": "1-57"}
    assert "Say why you draw another number" in browser.post(url, data=wanted | {"size": "9"}).text
    assert browser.post(url, data=wanted).status_code == 302
    assert "Say why you draw again" in browser.post(url, data=wanted).text
    assert browser.post(url, data=wanted | {"reason": "Two files were lent out."}).status_code == 302
    assert len(db.session.scalars(select(VisitDraw)).all()) == 2


def test_a_list_of_references_is_not_kept_and_sites_are_taken_from_the_organisation(planned):
    _, _, browser, _ = planned
    url = f"/assessments/visits/{visit().id}/draws"
    references = "\n".join(f"REF/{number}" for number in range(40))
    browser.post(url, data={"of": "files", "how": "list", "population": references})
    browser.post(url, data={"of": "sites", "how": "sites", "size": "1"})
    files, sites = db.session.scalars(select(VisitDraw).order_by(VisitDraw.id)).all()
    assert (files.population, len(files.drawn)) == ("A list of 40 references", 4)
    kept = [str(value) for value in vars(files).values()] + [
        str(row.detail) for row in db.session.scalars(select(AuditRow))
    ]
    assert not any(sum(f"REF/{number}" in text for number in range(40)) > 20 for text in kept)
    assert sites.drawn[0].startswith("Elm House")


def test_the_provider_sees_what_was_drawn_only_once_the_visit_has_begun(planned, clock):
    _, _, browser, provider = planned
    browser.post(
        f"/assessments/visits/{visit().id}/draws", data={"of": "files", "how": "range", "population": "901-957"}
    )
    assert "drawn at random" not in provider.get(f"/visits/{visit().id}").text
    clock.forward(days=10)
    assert "Files: 6 of 57, drawn at random" in provider.get(f"/visits/{visit().id}").text


def note(**values):
    return {
        "kind": "interview",
        "role": "volunteer",
        "criteria": f"{CODES[0]}, {CODES[2]}",
        "text": "She had never seen the policy.",
        "on-day": "16",
        "on-month": "11",
        "on-year": "2026",
        "at": "10:15",
        **values,
    }


def test_a_note_of_an_interview_stands_on_its_criteria_and_a_score_rests_on_it(planned):
    _, assessment_id, browser, _ = planned
    url = f"/assessments/{assessment_id}/visit-notes"
    assert browser.post(url, data=note(role="")).status_code == 422
    assert browser.post(url, data=note(criteria="NOT.1")).status_code == 422
    assert browser.post(url, data=note()).status_code == 302
    kept = db.session.scalars(select(VisitNote)).one()
    page = f"/assessments/{assessment_id}/criteria/{CODES[0]}"
    assert "Interview: volunteer" in browser.get(page).text
    assert browser.post(f"{page}/visit-notes/{kept.id}", data={"cite": "yes"}).status_code == 302
    assert "Your score rests on it" in browser.get(page).text
    assert len(db.session.scalars(select(Citation)).all()) == 1
    browser.post(f"{page}/visit-notes/{kept.id}", data={"cite": "no"})
    assert db.session.scalars(select(Citation)).all() == []
    assert "never seen" not in str([row.detail for row in db.session.scalars(select(AuditRow))])


def test_two_windows_on_one_note_lose_nothing(planned):
    _, assessment_id, browser, _ = planned
    url = f"/assessments/{assessment_id}/visit-notes"
    browser.post(url, data=note())
    kept = db.session.scalars(select(VisitNote)).one()
    assert browser.post(f"{url}/{kept.id}", data=note(text="First.", version="1")).status_code == 302
    clash = browser.post(f"{url}/{kept.id}", data=note(text="Second.", version="1"))
    assert clash.status_code == 409
    assert "First." in clash.text and "Second." in clash.text


def test_what_a_score_rests_on_is_read_by_the_panel_once_it_is_handed_in_and_no_other_note(planned, client_for):
    case, assessment_id, browser, _ = planned
    url = f"/assessments/{assessment_id}"
    browser.post(f"{url}/visit-notes", data=note())
    first = db.session.scalars(select(VisitNote.id)).one()
    browser.post(f"{url}/visit-notes", data=note(text="The kettle is broken."))
    browser.post(f"{url}/criteria/{CODES[0]}/visit-notes/{first}", data={"cite": "yes"})
    office = client_for(case.manager)
    assert "never seen" not in office.get(f"{case.url}/areas/GOV").text
    for code in CODES:
        browser.post(f"{url}/criteria/{code}", data={"point": "2", "reason": "Seen.", "version": 0})
    browser.post(f"{url}/hand-in", data={"outcome": "award", "level": "bronze", "words": "Sound."})
    page = office.get(f"{case.url}/areas/GOV").text
    assert "She had never seen the policy." in page and "Interview: volunteer" in page
    assert "kettle" not in page


def test_a_visit_is_nobodys_but_who_goes(planned, client_for):
    case, *_ = planned
    other = client_for(make.officer(case.scheme, Role.ASSESSOR))
    for path in ("", "/change", "/visit.ics"):
        assert other.get(f"/assessments/visits/{visit().id}{path}").status_code == 404
    stranger = client_for(make.member(make.organisation()))
    assert stranger.get(f"/visits/{visit().id}").status_code == 404
    assert stranger.post(f"/visits/{visit().id}/confirm", data={"version": "1"}).status_code == 404


def test_a_visit_to_come_waits_among_what_the_provider_has_to_do(planned):
    *_, provider = planned
    assert "Say whether the assessor’s visit of 26 Nov 2026 suits" in provider.get("/home", follow_redirects=True).text
