"""Somebody who has just left an organisation does not judge it."""

from __future__ import annotations

import pytest

from app.domain.access import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.lifecycle import ApplicationStatus
from app.models import Interest, Membership, SchemePost
from app.services import awards, cases, colleagues
from app.services.awards import Change
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import DUE, TODAY, submitted_case


def test_a_former_colleague_is_barred_from_assessing_until_the_bar_has_passed(app):
    case = submitted_case()
    leaver = make.user()
    make.save(Membership(user_id=leaver.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON))
    make.save(SchemePost(user_id=leaver.id, scheme_id=case.scheme.id, role=Role.ASSESSOR, created_at=NOON))
    colleagues.remove_colleague(case.provider.id, leaver.id, actor=make.actor(case.lead), now=NOON)
    manager = make.actor(case.manager)
    with pytest.raises(DomainError, match="Worked for the organisation"):
        cases.assign_assessor(case.application_id, leaver.id, DUE, actor=manager, now=NOON, today=TODAY)
    later = TODAY.replace(year=TODAY.year + 2, month=TODAY.month + 1)
    cases.assign_assessor(case.application_id, leaver.id, later, actor=manager, now=NOON, today=later)


LATER = TODAY.replace(year=TODAY.year + 2, month=TODAY.month + 1)


def test_a_manager_who_worked_there_leaves_the_case_to_another_until_the_bar_has_passed(app, client_for):
    case = submitted_case()
    manager = make.actor(case.manager)
    make.save(
        Interest(
            user_id=case.manager.id,
            organisation_id=case.provider.id,
            nature="Ran it.",
            declared_at=NOON,
            ended_at=NOON,
        )
    )
    with pytest.raises(NotAllowed, match="have an interest in it, so another manager must manage its case"):
        cases.assign_assessor(case.application_id, case.assessor.id, DUE, actor=manager, now=NOON, today=TODAY)
    with pytest.raises(NotAllowed):
        cases.send_back(case.application_id, "Say more.", actor=manager, now=NOON)
    office = client_for(case.manager)
    assert f"{case.url}/send-back" not in office.get(case.url).text
    assert office.get(f"{case.url}/assessors").status_code == 403
    another = client_for(make.officer(case.scheme, Role.MANAGER))
    assert f"{case.url}/send-back" in another.get(case.url).text
    cases.assign_assessor(case.application_id, case.assessor.id, LATER, actor=manager, now=NOON, today=LATER)


def test_a_manager_with_an_interest_that_lasts_never_changes_the_award(app):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    award = make.award(case.application)
    make.register_entry(award)
    words = Change("They asked for it.", "The provider gave it back.")
    make.save(
        Interest(
            user_id=case.manager.id, organisation_id=case.provider.id, nature="My brother runs it.", declared_at=NOON
        )
    )
    with pytest.raises(NotAllowed, match="another manager must decide on its award"):
        awards.suspend(award.id, words, actor=make.actor(case.manager), now=NOON, today=LATER)
    another = make.officer(case.scheme, Role.MANAGER)
    awards.suspend(award.id, words, actor=make.actor(another), now=NOON, today=LATER)
