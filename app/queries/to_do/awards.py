"""What keeps an award: conditions to meet, and its renewal before it runs out. Its yearly returns are in running.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, may
from app.domain.award_dates import renewal_window
from app.domain.lifecycle import EDITABLE, ENDED, AwardStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application, Award, FrameworkEdition
from app.queries.frameworks import framework_of
from app.queries.renewals import RENEWABLE, begins_at
from app.queries.ways import NewerEdition, newest_open

MOST = 50


@dataclass(frozen=True)
class _Renewals:
    """Where awards can be renewed: the applications begun after them and the newest open edition, by framework's code."""

    begun: Mapping[tuple[int, str], Application]
    open: Mapping[str, NewerEdition]


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """What the awards ask for now of those who may answer there. Three statements."""
    own = [each for each in organisation_ids if may(actor, Action.ANSWER, Subject(organisation_id=each))]
    held = _held(own)
    if not held:
        return []
    renewals = _Renewals(_begun(own), newest_open({award.edition.code for award in held}))
    return [thing for award in held for thing in (*_of(award, today), *_renewal(award, renewals, today))]


def _held(organisation_ids: Sequence[int]) -> Sequence[Award]:
    return db.session.scalars(
        select(Award)
        .where(Award.organisation_id.in_(organisation_ids), Award.status.in_(RENEWABLE))
        .options(joinedload(Award.scheme), joinedload(Award.edition))
        .order_by(Award.expires_on.desc(), Award.id.desc())
        .limit(MOST)
    ).all()


def _begun(organisation_ids: Sequence[int]) -> dict[tuple[int, str], Application]:
    """The newest application that has not ended, by organisation and framework."""
    found = db.session.scalars(
        select(Application)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(Application.organisation_id.in_(organisation_ids), Application.status.not_in(ENDED))
        .options(joinedload(Application.edition))
        .order_by(Application.id)
        .limit(MOST * 4)
    )
    return {(each.organisation_id, each.edition.code): each for each in found}


def _of(award: Award, today: date) -> Iterator[ToDo]:
    if award.expires_on < today:
        return
    called = f"{award.scheme.title}, {award.level_title}"
    own = award.organisation_id
    if award.status is AwardStatus.CONDITIONAL and award.conditions_due_on:
        conditions = f"/awards/{award.id}/conditions"
        yield ToDo(Kind.CONDITION, f"Meet the conditions of {called}", conditions, award.conditions_due_on, "", own)


def _renewal(award: Award, renewals: _Renewals, today: date) -> Iterator[ToDo]:
    """While renewal is open: begin it, or hand it in. Nothing once it is handed in."""
    terms = framework_of(award.edition).award.for_level(award.level)
    opens, closes = renewal_window(award.expires_on, terms)
    if not opens <= today <= closes:
        return
    own, code = award.organisation_id, award.edition.code
    called = f"{award.scheme.title}, {award.level_title}"
    late = "It has run out" if award.expires_on < today else "It runs out"
    begun = renewals.begun.get((own, code))
    if begun is not None:
        if begun.status in EDITABLE and begun.id != award.application_id:
            path = f"/applications/{begun.id}"
            yield ToDo(Kind.RENEWAL, f"Finish and submit the renewal of {called}", path, award.expires_on, late, own)
    elif code in renewals.open:
        path = begins_at(award, renewals.open[code].edition_id)
        yield ToDo(Kind.RENEWAL, f"Begin the renewal of {called}", path, award.expires_on, late, own)
