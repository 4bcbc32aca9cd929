"""What the register says of a profile that changes: the provider's own words at once, what was assessed as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import AuditRow, Award, RegisterEntry, RegisterEvent
from app.services import awards
from app.services.awards import Change
from app.services.organisations import Profile, edit_organisation
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, submitted_case
from tests.integration.provider.conftest import TwoPlaces

AS_IT_IS = Profile(
    name="Bay Befrienders",
    kind="registered-charity",
    summary="Visits for people who live alone.",
    address="1 Market Street, Lancaster",
    postcode="LA1 1HT",
    phone="01524 123456",
    services=("befriending",),
    client_groups=("older-people",),
    areas=("Lancaster",),
)


@pytest.fixture
def case(app):
    case = submitted_case(
        status=ApplicationStatus.AWARDED, facts={"services": ["befriending"], "client_groups": ["older-people"]}
    )
    make.register_entry(make.award(case.application))
    edit(case, AS_IT_IS)
    return case


def edit(case, profile: Profile) -> None:
    provider = db.session.get(type(case.provider), case.provider.id)
    edit_organisation(provider.id, profile, provider.version, places=TwoPlaces(), actor=make.actor(case.lead), now=NOON)
    db.session.expire_all()


def entry() -> RegisterEntry:
    return db.session.scalars(db.select(RegisterEntry)).one()


def test_an_address_that_becomes_private_leaves_the_register_at_once(case):
    before = entry().revision
    assert (entry().postcode, entry().contact["address"]) == ("LA1 1HT", AS_IT_IS.address)
    edit(case, replace(AS_IT_IS, address_private=True))
    assert (entry().postcode, entry().easting, entry().northing, entry().area_code) == ("", None, None, "E07000121")
    assert entry().contact == {"phone": AS_IT_IS.phone}
    assert entry().revision > before
    event = db.session.scalars(db.select(RegisterEvent).order_by(RegisterEvent.id.desc()).limit(1)).one()
    assert (event.kind, event.words) == ("details-changed", "The provider changed its details.")
    row = db.session.scalars(db.select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
    assert (row.action, row.scheme_id) == ("register.details-changed", case.scheme.id)


def test_a_name_or_a_service_that_nobody_assessed_does_not_reach_the_register(case):
    held = (entry().name, entry().services)
    edit(case, replace(AS_IT_IS, name="The National Health Trust", services=("befriending", "advocacy")))
    assert (entry().name, entry().services) == held
    change = Change("A concern.", "Suspended.")
    award_id = entry().award_id
    awards.suspend(award_id, change, actor=make.actor(case.manager), now=NOON, today=TODAY)
    db.session.expire_all()
    assert (entry().name, entry().services, entry().status.value) == (*held, "suspended")
    award = db.session.scalars(db.select(Award).where(Award.application_id == case.application_id)).one()
    assert "Befriending" in award.scope[0] and "Advocacy" not in " ".join(award.scope)


def test_a_profile_that_says_nothing_new_leaves_the_register_alone(case):
    before = entry().revision
    edit(case, AS_IT_IS)
    edit(case, replace(AS_IT_IS, kind="unincorporated-association"))
    assert entry().revision == before


def test_a_name_is_one_line_whatever_was_pasted(case):
    edit(case, replace(AS_IT_IS, name="  Bay\r\nBefrienders\u2028Trust "))
    assert db.session.get(type(case.provider), case.provider.id).name == "Bay Befrienders Trust"
