"""Asking assessors: proposals with their reasons, pairs, the lead, dates to answer by, and what assessors say of themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.domain.access import Role
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.lifecycle import AssessmentStatus
from app.extensions import db
from app.models import Assessment, AuditRow, Competence
from app.queries.allocation import assign_page
from app.services import cases, competence
from app.services.answer_reminders import remind_of_answers
from app.services.cases import Asked
from app.services.competence import Profile
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import DUE, TODAY, assess, submitted_case
from tests.told import told

TWO = make.SMALL_FRAMEWORK.replace("assessors: 1,", "assessors: 2, blind: true,")
KNOWS = Profile(services=("befriending",), areas=("GOV", "SAFE"), client_groups=("older-people",))


@pytest.fixture
def case(app):
    return submitted_case(TWO)


def says(case, person, profile=KNOWS, version=0):
    competence.save_competence(case.scheme.id, person.id, profile, version, actor=make.actor(person), now=NOON)


def day(name, value):
    return {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}


def test_the_page_proposes_the_best_suited_first_and_pairs_where_two_are_asked(case, client_for):
    knows = make.officer(case.scheme, Role.ASSESSOR, name="Knows Kim")
    away = make.officer(case.scheme, Role.ASSESSOR, name="Away Ali")
    says(case, knows)
    says(case, away, Profile(away_from=TODAY, away_until=TODAY + timedelta(days=60)))
    page = assign_page(case.scheme.code, case.application_id, make.actor(case.manager), TODAY)
    assert [each.people[0].name for each in page.proposals] == ["Knows Kim", "Assessor Ash", "Away Ali"]
    assert {person.name for person in page.pairs[0].people} == {"Knows Kim", "Assessor Ash"}
    shown = client_for(case.manager).get(f"{case.url}/assessors").text
    assert "Knows 1 of 1 service: Befriending" in shown and "Not now: Away until" in shown
    assert f"ask={knows.id},{case.assessor.id}" in shown or f"ask={case.assessor.id},{knows.id}" in shown
    ticked = client_for(case.manager).get(f"{case.url}/assessors?ask={knows.id},{case.assessor.id},x").text
    assert ticked.count(" checked") == 2


def test_a_pair_is_asked_at_once_with_one_in_the_lead_and_days_to_answer(case, client_for):
    second = make.officer(case.scheme, Role.ASSESSOR, name="Second Sol")
    office = client_for(case.manager)
    ids = [case.assessor.id, second.id]
    data = {"assessor": ids, "lead": second.id, **day("due_on", DUE), **day("answer_by", TODAY + timedelta(days=5))}
    late = office.post(f"{case.url}/assessors", data={**data, **day("answer_by", DUE + timedelta(days=1))})
    assert late.status_code == 422 and "no later than" in late.text
    nobody = office.post(f"{case.url}/assessors", data={**data, "assessor": [case.assessor.id]})
    assert nobody.status_code == 422 and "one of the assessors whom you ask" in nobody.text
    assert office.post(f"{case.url}/assessors", data=data).status_code == 302
    made = {each.assessor_id: each for each in db.session.scalars(select(Assessment))}
    assert [made[each].lead for each in ids] == [False, True]
    letters = {each.recipient: each.text for each in told()}
    assert "You lead the assessment." in letters[second.email]
    assert "You lead" not in letters[case.assessor.email]


def test_one_barred_among_those_asked_asks_nobody(case):
    tied = make.member(case.provider, Role.CONTRIBUTOR)
    make.save(make.SchemePost(user_id=tied.id, scheme_id=case.scheme.id, role=Role.ASSESSOR, created_at=NOON))
    asked = Asked((case.assessor.id, tied.id), DUE)
    with pytest.raises(Invalid, match="Belongs to this organisation"):
        cases.assign_assessors(case.application_id, asked, actor=make.actor(case.manager), now=NOON, today=TODAY)
    assert db.session.scalars(select(Assessment)).all() == []
    with pytest.raises(Invalid, match="Choose an assessor"):
        cases.assign_assessors(
            case.application_id, Asked((), DUE), actor=make.actor(case.manager), now=NOON, today=TODAY
        )


def test_whoever_assessed_the_provider_last_time_is_proposed_after_an_equal(app):
    before = submitted_case()
    assess(before)
    again = make.application(
        before.provider, before.application.edition, status=before.application.status.SUBMITTED, submitted_at=NOON
    )
    make.officer(before.scheme, Role.ASSESSOR, name="Zed Newcomer")
    page = assign_page(before.scheme.code, again.id, make.actor(before.manager), TODAY)
    assert [each.people[0].name for each in page.proposals] == ["Zed Newcomer", "Assessor Ash"]
    assert "Assessed this provider last time." in [reason.words for reason in page.proposals[1].reasons]


def test_the_manager_hears_once_of_somebody_who_does_not_answer(case):
    manager = make.actor(case.manager)
    asked = Asked((case.assessor.id,), DUE, answer_by=TODAY + timedelta(days=3))
    cases.assign_assessors(case.application_id, asked, actor=manager, now=NOON, today=TODAY)
    assert remind_of_answers(NOON + timedelta(days=3)) == 0, "the last day still counts"
    late = NOON + timedelta(days=4)
    assert (remind_of_answers(late), remind_of_answers(late)) == (1, 0)
    assert told()[-1].recipient == case.manager.email and "No answer has come" in told()[-1].text
    assert "assessment.unanswered" in set(db.session.scalars(select(AuditRow.action)))
    waiting = db.session.scalars(select(Assessment)).one()
    assert waiting.status is AssessmentStatus.ASSIGNED


def test_an_assessor_says_what_they_can_judge_and_a_manager_may_too(case, client_for):
    mine = client_for(case.assessor)
    url = f"/my/competence/{case.scheme.code}"
    assert mine.get("/my/competence").location.endswith(url)
    form = {"version": 0, "services": ["befriending"], "travels": "Lancaster\nNowhereshire", "most": "2"}
    page = mine.post(url, data=form)
    assert page.status_code == 422 and "no council called Nowhereshire" in page.text and "Lancaster" in page.text
    assert mine.post(url, data={**form, "travels": "lancaster city council"}).status_code == 302
    kept = db.session.scalars(select(Competence)).one()
    assert (kept.services, kept.travels, kept.most, kept.version) == (["befriending"], ["E07000121"], 2, 1)
    office = client_for(case.manager)
    theirs = f"/schemes/{case.scheme.code}/people/{case.assessor.id}/competence"
    assert "Lancaster" in office.get(theirs).text
    stale = office.post(theirs, data={**form, "travels": ""})
    assert stale.status_code == 409 and "another window" in stale.text
    assert office.get(f"/schemes/{case.scheme.code}/people/{case.auditor.id}/competence").status_code == 404


def test_a_profile_takes_only_codes_that_there_are_and_belongs_to_assessors(case):
    with pytest.raises(Invalid) as error:
        says(case, case.assessor, Profile(services=("witchcraft",), languages=("xx",), areas=("NONE",), most=100))
    assert set(error.value.errors) == {"services", "languages", "areas", "most"}
    with pytest.raises(NotFound):
        says(case, case.auditor)
    says(case, case.assessor)
    with pytest.raises(Conflict):
        says(case, case.assessor)


def test_the_page_takes_as_many_statements_for_thirty_assessors_as_for_two(case):
    actor = make.actor(case.manager)

    def statements() -> int:
        db.session.expire_all()
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assign_page(case.scheme.code, case.application_id, actor, TODAY)
        event.remove(db.engine, "before_cursor_execute", listen)
        return sum(statement.startswith("SELECT") for statement in seen)

    says(case, make.officer(case.scheme, Role.ASSESSOR))
    statements()
    before = statements()
    for _ in range(30):
        says(case, make.officer(case.scheme, Role.ASSESSOR))
    assert statements() == before
