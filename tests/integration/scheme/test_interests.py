"""Registers of interests: kept by their people, confirmed each year, seen by the office, and what they bar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.domain.access import Role
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.impartiality import TieKind, Whose
from app.domain.interests import Given
from app.extensions import db
from app.models import AdviserGrant, AuditRow, ConsortiumMember, Interest, InterestRegister, Membership
from app.queries.candidates import assessor_candidates
from app.queries.to_do import of_the_person
from app.services import assessments, cases, colleagues, interests
from app.services.interest_reminders import ask_for_interests
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, assign, submitted_case

CHAIRS = Given("Harbour Visits", TieKind.GOVERNS, "I chair it.")


@pytest.fixture
def case(app):
    return submitted_case()


def bar(case, person=None, today=TODAY) -> str | None:
    found = assessor_candidates(db.session(), case.application, today)
    db.session.rollback()
    return next(each.bar for each in found if each.user_id == (person or case.assessor).id)


def put(case, given=CHAIRS, person=None) -> int:
    return interests.add_interest(given, actor=make.actor(person or case.assessor), now=NOON, today=TODAY)


def test_a_person_puts_down_an_interest_confirms_and_the_office_reads_it(case, client_for):
    mine = client_for(case.assessor)
    form = {
        "organisation": case.provider.name,
        "kind": "works",
        "whose": "family",
        "nature": "My brother drives for it.",
    }
    assert mine.post("/my/interests/new", data={**form, "nature": ""}).status_code == 422
    kept = mine.post("/my/interests/new", data={**form, "organisation": ""})
    assert kept.status_code == 422 and "My brother drives for it." in kept.text
    assert mine.post("/my/interests/new", data=form).status_code == 302
    assert mine.post("/my/interests/confirm").status_code == 302
    assert "Confirmed on" in mine.get("/my/interests").text
    assert bar(case) == "Has an interest in the family: My brother drives for it."
    for reader in (case.manager, case.auditor):
        office = client_for(reader)
        assert "Assessor Ash" in office.get(f"/schemes/{case.scheme.code}/interests").text
        page = office.get(f"/schemes/{case.scheme.code}/interests/{case.assessor.id}").text
        assert "My brother drives for it." in page
    assert client_for(case.lead).get(f"/schemes/{case.scheme.code}/interests").status_code in {403, 404}
    actions = set(db.session.scalars(select(AuditRow.action).where(AuditRow.scheme_id == case.scheme.id)))
    assert {"interest.added", "interests.confirmed"} <= actions
    assert not db.session.scalars(
        select(AuditRow).where(AuditRow.action == "interest.added", AuditRow.organisation_id.is_not(None))
    ).all(), "a provider reads the entries of its organisation"


def test_an_interest_that_ends_or_is_corrected_stays_on_record(case):
    actor = make.actor(case.assessor)
    first = put(case)
    given = Given("Harbour Visits", TieKind.GOVERNS, "I was its treasurer.", since_on=TODAY - timedelta(days=900))
    second = interests.correct_interest(first, given, "Not the chair.", actor=actor, now=NOON, today=TODAY)
    with pytest.raises(Conflict):
        interests.correct_interest(first, given, "Again.", actor=actor, now=NOON, today=TODAY)
    with pytest.raises(Invalid):
        interests.end_interest(second, TODAY + timedelta(days=1), actor=actor, now=NOON, today=TODAY)
    interests.end_interest(second, TODAY - timedelta(days=30), actor=actor, now=NOON, today=TODAY)
    rows = db.session.scalars(select(Interest).order_by(Interest.id)).all()
    assert [(row.nature, row.closed_because, row.replaces_id) for row in rows] == [
        ("I chair it.", "Not the chair.", None),
        ("I was its treasurer.", "", first),
    ]


def test_nobody_says_none_while_an_interest_lasts_and_nobody_changes_what_the_system_knows(case):
    colleague = make.member(case.provider, Role.CONTRIBUTOR)
    make.save(make.SchemePost(user_id=colleague.id, scheme_id=case.scheme.id, role=Role.ASSESSOR, created_at=NOON))
    colleagues.remove_colleague(case.provider.id, colleague.id, actor=make.actor(case.lead), now=NOON)
    known = db.session.scalars(select(Interest)).one()
    with pytest.raises(NotAllowed):
        interests.end_interest(known.id, TODAY, actor=make.actor(colleague), now=NOON, today=TODAY)
    with pytest.raises(Conflict):
        interests.strike_interest(known.id, case.scheme.id, "It is not so.", actor=make.actor(case.manager), now=NOON)
    put(case)
    with pytest.raises(Invalid):
        interests.confirm_register(nothing=True, actor=make.actor(case.assessor), now=NOON)


def test_a_manager_strikes_out_what_never_was_and_nobody_does_it_for_themselves(case):
    entry = put(case, Given(case.provider.name, TieKind.FUNDS, "I give it money."))
    assert bar(case)
    with pytest.raises(NotFound):
        interests.strike_interest(entry, submitted_case().scheme.id, "Wrong.", actor=make.actor(case.manager), now=NOON)
    interests.strike_interest(
        entry, case.scheme.id, "Another one of that name.", actor=make.actor(case.manager), now=NOON
    )
    assert bar(case) is None
    own = put(case, person=case.manager)
    with pytest.raises(NotAllowed):
        interests.strike_interest(own, case.scheme.id, "Gone.", actor=make.actor(case.manager), now=NOON)


def test_the_register_is_asked_for_yearly_and_bars_from_new_cases_once_it_is_long_overdue(case):
    people = 6  # manager, auditor, assessor, three who sit
    assert (ask_for_interests(NOON), ask_for_interests(NOON)) == (people, 0)
    assert {"/my/interests"} == {
        each.path for each in of_the_person(make.actor(case.assessor), TODAY) if "interests" in each.path
    }
    interests.confirm_register(nothing=True, actor=make.actor(case.assessor), now=NOON)
    assert ask_for_interests(NOON + timedelta(days=14)) == people - 1
    assert not [each for each in of_the_person(make.actor(case.assessor), TODAY) if "interests" in each.path]
    year = NOON.replace(year=NOON.year + 1)
    assert bar(case, today=year.date() + timedelta(days=30)) is None
    late = year.date() + timedelta(days=31)
    assert "Has not confirmed their register of interests" in bar(case, today=late)
    with pytest.raises(Invalid, match="Has not confirmed"):
        cases.assign_assessor(
            case.application_id,
            case.assessor.id,
            late,
            actor=make.actor(case.manager),
            now=NOON + timedelta(days=396),
            today=late,
        )
    interests.confirm_register(nothing=True, actor=make.actor(case.assessor), now=NOON + timedelta(days=396))
    assert bar(case, today=late) is None
    assert ask_for_interests(year) == 0, "long after its day nobody is asked by e-mail any more"


def test_advice_work_in_the_consortium_and_a_name_that_is_spelled_otherwise_are_found(case):
    adviser, neighbour, by_name = (make.officer(case.scheme, Role.ASSESSOR) for _ in range(3))
    make.save(AdviserGrant(user_id=adviser.id, organisation_id=case.provider.id, granted_at=NOON, ended_at=NOON))
    consortium = make.organisation(name="Care Together")
    for member in (case.provider, other := make.organisation(name="Next Door Trust")):
        joined = {"joined_at": NOON, "joined_by_id": case.lead.id}
        make.save(ConsortiumMember(consortium_id=consortium.id, member_id=member.id, **joined))
    make.save(Membership(user_id=neighbour.id, organisation_id=other.id, role=Role.CONTRIBUTOR, created_at=NOON))
    case.provider.name = "The Elm & Oak Trust Ltd"
    db.session.commit()
    make.organisation(name="Elm and Oak Trust")  # two of one name: the entry stays with the name alone
    make.organisation(name="Elm and Oak Trust")
    put(case, Given("Elm and Oak Trust", TieKind.WORKS, "I kept its books.", until_on=TODAY), by_name)
    assert "Advises the organisation from outside" in bar(case, adviser)
    assert bar(case, neighbour) == "Has an interest in Next Door Trust, a member of the same consortium: Works there."
    assert "I kept its books" in bar(case, by_name)
    three_years = TODAY.replace(year=TODAY.year + 3)
    assert bar(case, adviser, three_years) is None and bar(case, by_name, three_years) is None
    assert bar(case, neighbour, three_years)


def test_a_tie_that_comes_up_later_closes_the_case_that_is_open(case, client_for):
    assessment_id = assign(case)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    mine = client_for(case.assessor)
    assert mine.get(f"/assessments/{assessment_id}").status_code == 200
    put(case, Given(case.provider.name, TieKind.GOVERNS, "I have become a trustee.", Whose.OWN))
    assert mine.get(f"/assessments/{assessment_id}/criteria/GOV.1.1").status_code == 403


def test_candidates_are_read_in_as_many_statements_for_forty_as_for_one(case):
    def statements() -> int:
        db.session.expire_all()
        application = case.application
        application.edition.source  # noqa: B018  # the edition is read once
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assessor_candidates(db.session(), application, TODAY)
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    statements()
    before = statements()
    for number in range(40):
        person = make.officer(case.scheme, Role.ASSESSOR)
        make.save(
            Interest(user_id=person.id, organisation_id=case.provider.id, nature=f"Tie {number}.", declared_at=NOON)
        )
        make.save(InterestRegister(user_id=person.id, asked_on=TODAY, has_none=False))
    assert statements() == before
