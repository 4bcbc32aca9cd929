"""Somebody who has just left an organisation does not judge it."""

from __future__ import annotations

import pytest

from app.domain.access import Role
from app.domain.errors import DomainError
from app.models import Membership, SchemePost
from app.services import cases, colleagues
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
