"""What an organisation has answered in its other applications, with the evidence behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.framework import Framework
from app.domain.lifecycle import ApplicationStatus
from app.domain.self_assessment import NO_CLAIM, Claim
from app.models import Answer, Application, AttachedEvidence, EvidenceItem, EvidenceVersion
from app.queries.frameworks import framework_of

MOST_SOURCES = 12
"""How many other applications of an organisation are looked through, the newest first."""


@dataclass(frozen=True)
class Source:
    """Another application of the same organisation."""

    application_id: int
    framework: Framework
    title: str
    status: ApplicationStatus


@dataclass(frozen=True)
class Piece:
    """One piece of evidence behind an answer, in its newest version. Archived pieces are not among them."""

    item_id: int
    title: str
    kind: str
    number: int
    issued_on: date | None
    expires_on: date | None
    asked_code: str


@dataclass(frozen=True)
class Given:
    """An answer with its evidence. `version` is 0 where there is evidence but no answer yet."""

    claim: Claim
    version: int
    at: datetime
    evidence: tuple[Piece, ...]


def sources_of(session: Session, organisation_id: int, but: int | None = None) -> tuple[Source, ...]:
    """The organisation's applications, the newest first, without the one whose id is `but`. One statement."""
    found = session.scalars(
        select(Application)
        .options(joinedload(Application.edition))
        .where(Application.organisation_id == organisation_id, Application.id != (but or 0))
        .order_by(Application.id.desc())
        .limit(MOST_SOURCES)
    )
    return tuple(
        Source(row.id, framework_of(row.edition), f"{row.edition.title} {row.edition.edition}", row.status)
        for row in found
    )


def given_in(
    session: Session, application_ids: Collection[int], codes: Collection[str] | None = None
) -> dict[tuple[int, str], Given]:
    """What stands on criteria of these applications, by (application, criterion); on all where `codes` is None.

    Two statements, whatever their size.
    """
    evidence = _evidence(session, application_ids, codes)
    answers = select(Answer).where(Answer.application_id.in_(application_ids))
    if codes is not None:
        answers = answers.where(Answer.criterion_code.in_(codes))
    found: dict[tuple[int, str], Given] = {}
    for answer in session.scalars(answers.order_by(Answer.id)):
        key = (answer.application_id, answer.criterion_code)
        pieces = tuple(piece for _, piece in evidence.pop(key, ()))
        claim = Claim(answer.point, answer.not_applicable, answer.reason)
        found[key] = Given(claim, answer.version, answer.updated_at, pieces)
    for key, alone in evidence.items():
        found[key] = Given(NO_CLAIM, 0, max(at for at, _ in alone), tuple(piece for _, piece in alone))
    return found


def answered_in(session: Session, application_ids: Collection[int]) -> dict[tuple[int, str], bool]:
    """Which criteria of these applications have a whole answer, and whether any evidence stands behind it.

    By (application, criterion); what was left out as not applicable is not there. Two statements, whatever their size.
    """
    found = session.execute(
        select(AttachedEvidence.application_id, AttachedEvidence.criterion_code)
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .where(AttachedEvidence.application_id.in_(application_ids), EvidenceItem.archived_at.is_(None))
        .distinct()
    )
    backed = {(application_id, code) for application_id, code in found}
    answers = session.execute(
        select(Answer.application_id, Answer.criterion_code).where(
            Answer.application_id.in_(application_ids), Answer.point.is_not(None), Answer.reason != ""
        )
    )
    return {(application_id, code): (application_id, code) in backed for application_id, code in answers}


def _evidence(
    session: Session, application_ids: Collection[int], codes: Collection[str] | None
) -> dict[tuple[int, str], list[tuple[datetime, Piece]]]:
    last = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == AttachedEvidence.item_id)
        .correlate(AttachedEvidence)
        .scalar_subquery()
    )
    statement = (
        select(AttachedEvidence, EvidenceItem, EvidenceVersion)
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .join(
            EvidenceVersion,
            (EvidenceVersion.item_id == AttachedEvidence.item_id) & (EvidenceVersion.number == last),
        )
        .where(AttachedEvidence.application_id.in_(application_ids), EvidenceItem.archived_at.is_(None))
        .order_by(AttachedEvidence.id)
    )
    if codes is not None:
        statement = statement.where(AttachedEvidence.criterion_code.in_(codes))
    found: dict[tuple[int, str], list[tuple[datetime, Piece]]] = defaultdict(list)
    for attached, item, version in session.execute(statement):
        piece = Piece(
            item_id=item.id,
            title=item.title,
            kind=item.kind,
            number=version.number,
            issued_on=version.issued_on,
            expires_on=version.expires_on,
            asked_code=attached.asked_code,
        )
        found[attached.application_id, attached.criterion_code].append((attached.attached_at, piece))
    return found
