"""A provider on the register, and somebody who has nothing to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from app.domain.access import Actor
from app.domain.lifecycle import AwardStatus
from app.models import Award, RegisterEntry, Team, TeamMember, User
from app.services.register import publish
from app.services.transactions import transaction
from tests import factories as make
from tests.conftest import NOON
from tests.integration.provider.conftest import TwoPlaces

TODAY = NOON.date()


@dataclass(frozen=True)
class Approved:
    """One provider with its award and its entry."""

    award: Award
    entry: RegisterEntry


def approve(name: str = "Lune Befrienders", **values: object) -> Approved:
    """A provider with an award, published by the product itself, so that the register's event and revision are its own."""
    expires_on = values.pop("expires_on", date(2029, 3, 31))
    organisation = make.organisation(name=name, **values)
    award = make.award(make.application(organisation, make.edition()), expires_on=expires_on)
    award_id = award.id
    with transaction() as session:
        held = session.get_one(Award, award_id)
        entry_id = publish(session, held.organisation, held, NOON, TODAY, "awarded", "Silver awarded.").id
    return Approved(make.db.session.get_one(Award, award_id), make.db.session.get_one(RegisterEntry, entry_id))


def change(award: Award, status: AwardStatus, kind: str, words: str, at: datetime) -> None:
    """What the register says when an award changes."""
    with transaction() as session:
        held = session.get_one(Award, award.id)
        held.status, held.status_on, held.status_reason = status, at.date(), words
        publish(session, held.organisation, held, at, at.date(), kind, words)


def suspend(award: Award, at: datetime = NOON + timedelta(hours=1)) -> None:
    change(award, AwardStatus.SUSPENDED, "suspended", "Suspended while a concern is looked into.", at)


def team_of(*people: User, name: str = "Lancaster together") -> Team:
    team = make.save(Team(name=name, created_at=NOON, created_by_id=people[0].id))
    for person in people:
        make.save(TeamMember(team_id=team.id, user_id=person.id, joined_at=NOON))
    return team


def acts(person: User) -> Actor:
    return make.actor(person)


@pytest.fixture(autouse=True)
def places(app):
    app.extensions["places"] = TwoPlaces()
    yield
    del app.extensions["places"]


@pytest.fixture
def commissioner(app) -> User:
    return make.user(name="Ama Owusu")
