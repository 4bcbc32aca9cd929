"""What permission depends on for a certificate that a scheme was asked to check, and for the proof of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor, Subject
from app.domain.certificates_held import CheckState
from app.domain.duration import Duration
from app.domain.impartiality import Tie, still_bars
from app.models import Application, FrameworkEdition, Interest, Passport, PassportCheck, PassportUse
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of

MOST_CASES = 50


def subject_of_check(session: Session, passport: Passport, scheme_id: int, today: date) -> Subject:
    """The Subject of one certificate at one scheme: two statements. A tie bars as long as any edition's bar says so."""
    found = session.execute(
        select(Interest.user_id, Interest.nature, Interest.ended_at).where(
            Interest.organisation_id == passport.organisation_id, Interest.closed_at.is_(None)
        )
    ).all()
    bars = _bars(session, scheme_id) if found else ()
    ties = [(who, Tie(nature, ended.date() if ended else None)) for who, nature, ended in found]
    return Subject(
        organisation_id=passport.organisation_id,
        scheme_id=scheme_id,
        tied=frozenset(who for who, tie in ties if _bars_still(tie, bars, today)),
    )


def _bars(session: Session, scheme_id: int) -> tuple[Duration, ...]:
    editions = session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.scheme_id == scheme_id, FrameworkEdition.open.is_(True))
        .limit(MOST_CASES)
    )
    return tuple({framework_of(edition).assessment.conflict_bar for edition in editions})


def _bars_still(tie: Tie, bars: Iterable[Duration], today: date) -> bool:
    return tie.ended_on is None or any(still_bars(tie, bar, today) for bar in bars)


def subjects_of_proof(session: Session, version_id: int, actor: Actor) -> list[Subject]:
    """Where the actor's schemes may see this version as the proof of a certificate: asked to check it, or in a case.

    One that was taken back before anybody looked at it is nobody's any more.
    """
    asked = session.execute(
        select(Passport.organisation_id, PassportCheck.scheme_id)
        .join(PassportCheck, PassportCheck.passport_id == Passport.id)
        .where(
            Passport.proof_id == version_id,
            PassportCheck.scheme_id.in_(list(actor.schemes)),
            Passport.withdrawn_at.is_(None) | (PassportCheck.state != CheckState.WAITING),
        )
    ).all()
    used = select(PassportUse.application_id).join(Passport, Passport.id == PassportUse.passport_id)
    cases = session.scalars(
        select(Application)
        .where(
            Application.id.in_(used.where(Passport.proof_id == version_id)),
            Application.scheme_id.in_(list(actor.schemes)),
        )
        .order_by(Application.id.desc())
        .limit(MOST_CASES)
    ).all()
    offices = [Subject(organisation_id=organisation, scheme_id=scheme) for organisation, scheme in asked]
    return [*offices, *(subject_of(session, case) for case in cases)]
