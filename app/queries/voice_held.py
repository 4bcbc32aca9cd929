"""Answers of a round that came many at once: which scheme's managers look at them, and what they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Application, Award, Organisation, Scheme, Standing, VoiceAnswer, VoiceRound
from app.queries.concerns import closed_to, concern_subject
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import is_seen_by_scheme

MOST_HELD = 50


@dataclass(frozen=True)
class HeldRow:
    """Answers of one round that wait for the scheme."""

    round_id: int
    provider: str
    title: str
    answers: int


@dataclass(frozen=True)
class HeldPage:
    """Answers of one round that came many at once."""

    scheme: SchemeRow
    row: HeldRow
    link: str
    counted: int


def held_rows(scheme_id: int, actor: Actor) -> tuple[HeldRow, ...]:
    """Rounds with answers that wait, of organisations that the scheme knows or that none does. Two statements."""
    return _held(scheme_id, closed_to(actor))


def _held(scheme_id: int, barred: list[int]) -> tuple[HeldRow, ...]:
    """Rounds with answers that wait, of organisations that the scheme knows or that none does."""
    rows = db.session.execute(
        select(VoiceRound.id, Organisation.name, VoiceRound.title, func.count())
        .join(VoiceAnswer, VoiceAnswer.round_id == VoiceRound.id)
        .join(Organisation, Organisation.id == VoiceRound.organisation_id)
        .where(
            VoiceAnswer.standing == Standing.HELD,
            _concerns_scheme(scheme_id),
            VoiceRound.organisation_id.not_in(barred),
        )
        .group_by(VoiceRound.id, Organisation.name, VoiceRound.title)
        .order_by(VoiceRound.id)
        .limit(MOST_HELD)
    ).all()
    return tuple(HeldRow(round_id, provider, called, number) for round_id, provider, called, number in rows)


def held_page(code: str, round_id: int, actor: Actor) -> HeldPage:
    """What a manager decides about. What was answered is not shown: that is no reason to count it or not.

    Raises NotFound, NotAllowed.
    """
    scheme = office_scheme(code, actor, Action.HANDLE_CONCERN)
    found = db.session.get(VoiceRound, round_id)
    if found is None or not in_scheme(db.session(), scheme.scheme_id, found.id):
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.HANDLE_CONCERN, concern_subject(db.session(), scheme.scheme_id, found.organisation_id))
    rows = db.session.execute(
        select(VoiceAnswer.standing, func.count())
        .where(VoiceAnswer.round_id == round_id)
        .group_by(VoiceAnswer.standing)
    ).all()
    counts = {standing: number for standing, number in rows}
    row = HeldRow(found.id, found.organisation.name, found.title, counts.get(Standing.HELD, 0))
    return HeldPage(scheme, row, found.link, counts.get(Standing.COUNTED, 0))


def in_scheme(session: Session, scheme_id: int, round_id: int) -> bool:
    """Whether the scheme looks after answers of the round that wait."""
    found = select(VoiceRound.id).where(VoiceRound.id == round_id, _concerns_scheme(scheme_id))
    return session.scalar(found) is not None


def _concerns_scheme(scheme_id: int) -> ColumnElement[bool]:
    """On VoiceRound: its organisation holds or has applied for something in the scheme, or nothing in any."""

    def known(*where: ColumnElement[bool]) -> ColumnElement[bool]:
        applied = select(Application.id).where(
            Application.organisation_id == VoiceRound.organisation_id, is_seen_by_scheme(), *where
        )
        return applied.correlate(VoiceRound).exists()

    def holding(*where: ColumnElement[bool]) -> ColumnElement[bool]:
        held = select(Award.id).where(Award.organisation_id == VoiceRound.organisation_id, *where)
        return held.correlate(VoiceRound).exists()

    here = known(Application.scheme_id == scheme_id) | holding(Award.scheme_id == scheme_id)
    return here | ~(known() | holding())


def rounds_held(actor: Actor) -> tuple[tuple[str, str], ...]:
    """(scheme's code, its title) where answers wait for the actor, who manages there: a statement for each and two."""
    managed = sorted(scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles)
    if not managed:
        return ()
    barred = closed_to(actor)
    waiting = [scheme_id for scheme_id in managed if _held(scheme_id, barred)]
    rows = db.session.execute(
        select(Scheme.code, Scheme.title).where(Scheme.id.in_(waiting)).order_by(Scheme.title)
    ).all()
    return tuple((code, called) for code, called in rows)
