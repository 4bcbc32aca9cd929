"""Registers of interests of the scheme's people, and what its assessors say they can judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from app.demo.cast import Person
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.impartiality import TieKind, Whose
from app.domain.interests import Given
from app.extensions import db
from app.queries.competence import areas_of_scheme
from app.queries.interests import my_register
from app.services import competence, interests
from app.services.competence import Profile
from app.services.interest_reminders import ask_for_interests

ASKED, AGAIN, CONFIRM_AFTER = 470, 100, 3
"""Days before today on which the registers are asked for and confirmed again, and days until people do so."""
FORGETFUL = "auditor@demo.example.org"  # confirmed once, and is long overdue
AWAY = "perpetua.lang@demo.example.org"

GIVEN: Mapping[str, tuple[Given, ...]] = {
    "assessor@demo.example.org": (
        Given("Fellside Walking Group", TieKind.GOVERNS, "I am its secretary.", since_on=date(2021, 4, 1)),
        Given("Wyre Estuary Day Care", TieKind.WORKS, "My sister is a support worker there.", Whose.FAMILY),
    ),
    "second.assessor@demo.example.org": (
        Given("Three Rivers Counselling", TieKind.WORKS, "I was one of its counsellors.", until_on=date(2025, 6, 30)),
    ),
    "chair@demo.example.org": (
        Given("Northern Care Learning Network", TieKind.ADVISES, "I sit on its advisory group, unpaid."),
    ),
    "lay.member@demo.example.org": (
        Given("Borwick Community Trust", TieKind.FUNDS, "I give to it each year and go to its open days."),
    ),
}
KNOWN: Mapping[str, Profile] = {
    "assessor@demo.example.org": Profile(
        services=("befriending", "home-care", "lunch-club", "dementia-support", "carer-support"),
        client_groups=("older-people",),
        most=6,
    ),
    "second.assessor@demo.example.org": Profile(
        services=("counselling", "carer-support", "mental-health-peer-support", "bereavement-support"),
        travels=("E07000121", "E07000128"),
        most=4,
    ),
    "perpetua.lang@demo.example.org": Profile(
        services=("community-transport", "information-advice", "lunch-club"), languages=("cy",), most=3
    ),
    "hideo.marsden@demo.example.org": Profile(
        services=("sensory-impairment-support", "day-opportunities"), languages=("bfi",), most=2
    ),
}


def interests_stories(stage: Stage, today: date) -> Iterator[Story]:
    """Everybody is asked once and confirms; a year later all but one do so again."""
    yield _asked(stage, today)
    people = _people(stage)
    for number, person in enumerate(people):
        yield _register(stage, person, today, number)
    for number, person in enumerate(stage.cast.assessors):
        yield _profile(stage, person, today, number)


def _people(stage: Stage) -> list[Person]:
    cast = stage.cast
    return [cast.manager, cast.deputy_manager, cast.auditor, *cast.assessors, *cast.panel]


def _asked(stage: Stage, today: date) -> Story:
    yield at(today - days(ASKED), 5)
    ask_for_interests(stage.now)


def _register(stage: Stage, person: Person, today: date, number: int) -> Story:
    begun = today - days(ASKED - CONFIRM_AFTER)
    yield at(begun, 9, number)
    actor = stage.actor(person)
    for given in GIVEN.get(person.email, ()):
        entry = given if given.until_on is None or given.until_on <= stage.today else replace(given, until_on=None)
        interests.add_interest(entry, actor=actor, now=stage.now, today=stage.today)
    _confirm(stage, person)
    if person.email != FORGETFUL:
        yield at(today - days(AGAIN), 11, number)
        _confirm(stage, person)


def _confirm(stage: Stage, person: Person) -> None:
    actor = stage.actor(person)
    lasting = my_register(actor, stage.today).lasting
    interests.confirm_register(nothing=not lasting, actor=actor, now=stage.now)


def _profile(stage: Stage, person: Person, today: date, number: int) -> Story:
    yield at(today - days(AGAIN - number), 15, number)
    areas = list(areas_of_scheme(db.session(), stage.scheme_id))
    known = areas if number == 0 else areas[number - 1 :: 2]
    profile = replace(KNOWN.get(person.email, Profile()), areas=tuple(known))
    if person.email == AWAY:
        profile = replace(profile, away_from=today + days(14), away_until=today + days(60))
    competence.save_competence(
        stage.scheme_id, stage.user_id(person), profile, 0, actor=stage.actor(person), now=stage.now
    )
