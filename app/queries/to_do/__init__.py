"""What a person should do next, gathered from everything that waits for them: one module for each source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from app.domain.access import Actor
from app.domain.to_do import ToDo, most_pressing_first
from app.queries.to_do import (
    assessing,
    awards,
    capacity,
    conditions,
    criteria,
    deciding,
    disputes,
    evidence,
    feedback,
    findings,
    handed_over,
    interests,
    invited,
    managing,
    needs,
    packs,
    parts,
    passports,
    people,
    plan,
    profile,
    reconciling,
    reports,
    requests,
    running,
    visits,
)

OfOrganisations = Callable[[Sequence[int], Actor, date], list[ToDo]]
OfPerson = Callable[[Actor, date], list[ToDo]]

AT_ORGANISATIONS: tuple[OfOrganisations, ...] = (
    requests.things,
    visits.things,
    reports.things,
    findings.things,
    handed_over.things,
    criteria.things,
    parts.things,
    plan.things,
    awards.things,
    running.things,
    evidence.things,
    capacity.things,
    feedback.things,
    passports.things,
    packs.things,
    profile.things,
    needs.things,
    people.things,
)
"""What waits at organisations: called with their ids, all of which the actor belongs to or helps."""

OF_THE_PERSON: tuple[OfPerson, ...] = (
    assessing.things,
    reports.for_assessors,
    reconciling.things,
    deciding.things,
    disputes.for_reviewers,
    disputes.for_managers,
    managing.things,
    conditions.things,
    running.for_person,
    findings.for_assessors,
    findings.for_managers,
    feedback.for_managers,
    passports.for_managers,
    invited.things,
    people.for_person,
    interests.things,
)
"""What waits for somebody in schemes, or for nobody but themselves."""

MOST_ORGANISATIONS = 50


def things_to_do(actor: Actor, today: date, organisation_id: int | None = None) -> list[ToDo]:
    """What `actor` should do next, most pressing first, at most 100: everywhere, or for one organisation of theirs.

    The statements it takes do not depend on how many organisations, criteria or pieces of evidence there are.
    """
    ids = [organisation_id] if organisation_id is not None else _organisations(actor)
    found: list[ToDo] = []
    if ids:
        found += [thing for source in AT_ORGANISATIONS for thing in source(ids, actor, today)]
    if organisation_id is None:
        found += of_the_person(actor, today)
    return list(most_pressing_first(found))


def of_the_person(actor: Actor, today: date) -> list[ToDo]:
    """What waits for `actor` beside the organisations they work for: invitations, posts, their account."""
    return [thing for source in OF_THE_PERSON for thing in source(actor, today)]


def _organisations(actor: Actor) -> list[int]:
    """The organisations that the actor belongs to, then those they help from outside, by id; at most 50."""
    return [*sorted(actor.organisations), *sorted(set(actor.helps) - set(actor.organisations))][:MOST_ORGANISATIONS]
