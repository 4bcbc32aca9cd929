"""A home says what to do next and by when, for each person, in a fixed number of statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, AwardStatus, SurveillanceStatus
from app.domain.to_do import Kind
from app.extensions import db
from app.models import (
    Answer,
    Assessment,
    AttachedEvidence,
    EvidenceItem,
    EvidenceVersion,
    Panel,
    PanelSeat,
    Surveillance,
)
from app.queries.to_do import things_to_do
from app.services.award_work import look_after_awards
from app.services.drafts import start_draft
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import assess, assign, call, submitted_case
from tests.told import told

TODAY = NOON.date()


def held(provider, **values):
    """An award at silver, with the edition it was granted under."""
    application = make.application(provider, make.edition(), status=ApplicationStatus.AWARDED)
    return make.award(application, **values)


def what(person, today=TODAY) -> list[tuple[Kind, str, date | None]]:
    return [(each.kind, each.what, each.due_on) for each in things_to_do(make.actor(person), today)]


def of(kind: Kind, person, today=TODAY) -> list[tuple[str, date | None]]:
    return [(words, due_on) for each, words, due_on in what(person, today) if each is kind]


def test_conditions_stand_on_the_list_with_their_day_and_late_ones_first(lead, provider, browser, draft):
    held(provider, status=AwardStatus.CONDITIONAL, conditions="Finish it.", conditions_due_on=date(2026, 11, 10))
    page = browser.get(f"/organisations/{provider.id}").text
    assert "Late" in page and "Was due on 10 Nov 2026" in page
    assert page.index("Meet the conditions") < page.index("Answer the criteria of Small Mark 2026")
    assert "0 of 4 answered" in page


def test_a_yearly_return_is_on_the_list_from_the_day_on_which_it_is_asked_for_until_it_is_sent(lead, provider):
    held(provider)
    asked = datetime(2027, 2, 1, 6, 0, tzinfo=UTC)
    assert look_after_awards(asked - timedelta(days=1)) == 0
    assert of(Kind.SURVEILLANCE, lead, date(2027, 2, 1)) == []
    look_after_awards(asked)
    words = [(each.what, each.due_on) for each in things_to_do(make.actor(lead), date(2027, 4, 9))]
    assert [due_on for what, due_on in words if what.startswith("Send the yearly return")] == [date(2027, 4, 1)]
    look = db.session.scalars(select(Surveillance)).one()
    look.status = SurveillanceStatus.RETURNED
    db.session.commit()
    assert of(Kind.SURVEILLANCE, lead, date(2027, 4, 9)) == []


def test_renewal_is_begun_finished_and_then_off_the_list(lead, provider):
    award = held(provider, expires_on=date(2027, 3, 31))
    edition = award.edition
    assert of(Kind.RENEWAL, lead, date(2026, 9, 29)) == []
    begin, due_on = of(Kind.RENEWAL, lead)[0]
    assert begin.startswith("Begin the renewal") and due_on == date(2027, 3, 31)
    [path] = [each.path for each in things_to_do(make.actor(lead), TODAY) if each.kind is Kind.RENEWAL]
    assert path == f"/applications/{award.application_id}/carry/{edition.id}"  # where nothing is written twice
    renewal = make.application(provider, edition, started_by=lead)
    assert of(Kind.RENEWAL, lead)[0][0].startswith("Finish and submit the renewal")
    renewal.status = ApplicationStatus.SUBMITTED
    db.session.commit()
    assert of(Kind.RENEWAL, lead) == []


def test_the_page_of_an_award_leads_to_its_renewal_while_that_is_open(lead, provider, browser):
    award = held(provider, expires_on=date(2027, 6, 30))
    page = f"/awards/{award.id}"
    assert "Begin the renewal" not in browser.get(page).text
    award.expires_on = date(2027, 3, 31)
    db.session.commit()
    assert f'href="/applications/{award.application_id}/carry/{award.edition_id}"' in browser.get(page).text
    renewal = make.application(provider, award.edition, started_by=lead)
    shown = browser.get(page).text
    assert "Go on with the renewal" in shown and f'href="/applications/{renewal.id}"' in shown


def test_after_the_expiry_renewal_stays_open_as_long_as_the_scheme_says(lead, provider):
    held(provider, expires_on=date(2026, 10, 31))
    assert of(Kind.RENEWAL, lead)[0][1] == date(2026, 10, 31)
    assert of(Kind.RENEWAL, lead, date(2027, 5, 1)) == []


def test_assessors_panels_and_managers_see_what_waits_for_them(app):
    case = submitted_case()
    choose = (f"Choose an assessor for 1 application to {case.scheme.title}", None)
    assert of(Kind.CASE, case.manager) == [choose]
    assign(case)
    assert of(Kind.CASE, case.manager) == []
    [(words, due_on)] = of(Kind.ASSESSMENT, case.assessor)
    assert words == f"Declare your interests in {case.provider.name}" and due_on == TODAY + timedelta(days=30)
    late = TODAY + timedelta(days=40)
    assert [words for words, _ in of(Kind.CASE, case.manager, late)] == [
        f"Ask after 1 assessment of {case.scheme.title} not handed in"
    ]


def test_a_panel_member_declares_then_votes_and_the_chair_records(app):
    case = submitted_case()
    assess(case)
    assert of(Kind.CASE, case.manager)[0][0].startswith("Call a panel for 1 assessed case")
    panel_id = call(case)
    lay, chair, _ = case.sitters
    assert of(Kind.PANEL, lay)[0][0] == f"Declare your interests in {case.provider.name}"
    db.session.get(Panel, panel_id)
    for seat in db.session.query(PanelSeat).filter_by(panel_id=panel_id):
        seat.declared_at, seat.vote = NOON, "award"
    db.session.commit()
    assert of(Kind.PANEL, lay) == []
    assert of(Kind.PANEL, chair)[0][0] == f"Record the panel’s decision on {case.provider.name}"


def test_a_manager_is_not_shown_the_case_of_their_own_organisation(app):
    case = submitted_case()
    make.save(_membership(case.manager, case.provider))
    assert of(Kind.CASE, case.manager) == []


def _membership(person, organisation):
    from app.models import Membership

    return Membership(user_id=person.id, organisation_id=organisation.id, role=Role.CONTRIBUTOR, created_at=NOON)


def test_a_draft_of_a_framework_waits_for_its_scheme_alone(app):
    scheme = make.scheme()
    manager, stranger = make.officer(scheme, Role.MANAGER), make.officer(make.scheme(), Role.MANAGER)
    start_draft(scheme.id, make.SMALL_FRAMEWORK, name="", actor=make.actor(manager), now=NOON)
    assert of(Kind.DRAFT, manager) == [("Finish the draft Small Mark 2026", None)]
    assert of(Kind.DRAFT, stranger) == []


def test_who_works_in_several_places_has_them_all_on_one_page(client_for, storage):
    case = submitted_case()
    both = make.member(make.organisation(name="Bay Friends"), name="Ann Both")
    make.save(_membership(both, make.organisation(name="جمعية الأمل")))
    case.scheme and make.save(_post(both, case.scheme))
    page = client_for(both).get("/home").text
    for words in ("Bay Friends", "جمعية الأمل", case.scheme.title, "Choose an assessor for 1 application"):
        assert words in page
    assert 'href="/home"' in page


def _post(person, scheme):
    from app.models import SchemePost

    return SchemePost(user_id=person.id, scheme_id=scheme.id, role=Role.MANAGER, created_at=NOON)


def test_who_works_at_one_organisation_begins_there_and_who_works_nowhere_is_told_how_to(browser, provider, client_for):
    assert browser.get("/home").location == f"/organisations/{provider.id}"
    page = client_for(make.user()).get("/home").text
    assert "ask a colleague who leads it to invite you" in page


def test_holders_hear_once_at_each_stage_that_an_award_runs_out(lead, provider):
    held(provider, expires_on=date(2027, 3, 31))
    days = [NOON, NOON, NOON + timedelta(days=75), NOON + timedelta(days=130), NOON + timedelta(days=136)]
    assert [look_after_awards(day) for day in days] == [1, 0, 1, 1, 1]
    assert [message.subject for message in told(lead)] == [
        "You can renew your award in Small Mark 2026 now",
        "Your award in Small Mark 2026 runs out on 31 Mar 2027",
        "Your award in Small Mark 2026 runs out on 31 Mar 2027",
        "Your award in Small Mark 2026 has run out",
    ]


def test_a_home_takes_as_many_statements_for_much_as_for_little(
    app, provider, lead, draft, client_for, count_statements
):
    browser, path = client_for(lead), f"/organisations/{provider.id}"
    held(provider, status=AwardStatus.CONDITIONAL, conditions="Finish.", conditions_due_on=TODAY)
    _evidence(provider, lead, draft, 1)
    counts = []
    for more in (0, 40):
        _evidence(provider, lead, draft, more)
        for _ in range(more // 10):
            held(provider, status=AwardStatus.CONDITIONAL, conditions="Finish.", conditions_due_on=TODAY)
            other = make.application(provider, make.edition(), started_by=lead, status=ApplicationStatus.IN_ASSESSMENT)
            _question(other)
            make.save(Answer(**_answer(draft, f"X{other.id}", lead)))
        browser.get(path)
        with count_statements() as statements:
            assert browser.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] and counts[0] < 60, counts


def _answer(application, code, person):
    return {
        "application_id": application.id,
        "criterion_code": code,
        "reason": "Yes.",
        "updated_at": NOON,
        "updated_by_id": person.id,
    }


def _question(application):
    from app.models import Question

    assessor = make.user()
    assessment = make.save(
        Assessment(
            application_id=application.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.OPEN,
            assigned_at=NOON,
            assigned_by_id=assessor.id,
        )
    )
    values = {"criterion_code": "GOV.1.1", "text": "More?", "asked_at": NOON, "due_on": TODAY}
    make.save(Question(assessment_id=assessment.id, application_id=application.id, **values))


def _evidence(provider, person, application, count):
    for number in range(count):
        item = make.save(
            EvidenceItem(
                organisation_id=provider.id,
                title=f"Policy {number}",
                kind="statement",
                created_at=NOON,
                created_by_id=person.id,
            )
        )
        values = {"number": 1, "sha256": "0" * 64, "text": "Words", "added_at": NOON, "added_by_id": person.id}
        make.save(EvidenceVersion(item_id=item.id, expires_on=TODAY, **values))
        attached = {"criterion_code": "GOV.1.1", "item_id": item.id, "attached_at": NOON, "attached_by_id": person.id}
        make.save(AttachedEvidence(application_id=application.id, **attached))


def test_what_was_held_before_does_not_stand_among_what_is_held(lead, provider, browser):
    held(provider, status=AwardStatus.SUSPENDED, number="SM-26-00002-AA")
    held(provider, status=AwardStatus.WITHDRAWN, number="SM-23-00001-AA")
    page = browser.get(f"/organisations/{provider.id}").text
    now, before = page.index("What you hold<"), page.index("What you held before<")
    assert now < page.index("SM-26-00002-AA") < before < page.index("SM-23-00001-AA")
