"""What moves a case on once its assessors have handed in. Shared by use-cases that may be the last thing it waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.agreement import Measured
from app.domain.applicability import counting as asked_criteria
from app.domain.lifecycle import ApplicationMove, ApplicationStatus, AssessmentStatus
from app.domain.reconciling import Settling, agreed_share, differing, settling
from app.domain.scoring.packed import pack
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import AgreedScore, Application, Assessment, Score, ScoreSettlement
from app.queries.frameworks import framework_of
from app.queries.outcomes import as_scores, counted, handed_in, lead_of, scores_of, that_count
from app.queries.passport_uses import standing_scores, used_in
from app.services.casework import edition_words, record_on
from app.services.findings import tell_of_findings
from app.services.telling import tell

WORKING = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)


@dataclass(frozen=True)
class Compared:
    """What the assessors of a case gave, held together: the assessments that count, and the criteria that differ."""

    assessments: tuple[Assessment, ...]
    sheets: dict[int, dict[str, Score]]
    differ: tuple[str, ...]
    agreed: Measured


def close_assessing(session: Session, application: Application, actor: Actor, now: datetime) -> None:
    """Move the case on when as many assessments are in as the framework asks for, and none is still open.

    At least one of them must have been handed in since the application was last submitted. It is assessed, unless scores
    differ and the framework does not send them to the panel as they are: then they are reconciled first.
    """
    session.flush()
    if application.status is not ApplicationStatus.IN_ASSESSMENT or not _all_in(session, application):
        return
    found = compared(session, application, uk_day(now))
    before = _end_standing(session, application)
    if not found.differ:
        application.make(ApplicationMove.HAND_IN, now)
        tell_of_findings(session, application, actor, now)
        return
    way = settling(framework_of(application.edition).assessment, found.agreed)
    settlement = _begin(session, application, way, found, now)
    record_on(
        session, actor, "scores.differ", settlement, application, now, differing=len(found.differ), settled_by=way
    )
    if way is Settling.PANEL:
        application.make(ApplicationMove.HAND_IN, now)
        settlement.settled_at, settlement.sheet = now, sheet_that_counts(session, application, uk_day(now))
        tell_of_findings(session, application, actor, now)
        return
    application.make(ApplicationMove.MEET, now)
    _carry_over(session, before, settlement, found)
    _tell_assessors(session, application, found, now)


def compared(session: Session, application: Application, today: date) -> Compared:
    """The assessments of a case that count, held together on every criterion that takes a score."""
    counts = that_count(application, handed_in(session, application.id))
    sheets = scores_of(session, counts)
    answered = standing_scores(used_in(session, application, today))
    asked = asked_criteria(framework_of(application.edition), application.facts, application.target)
    codes = [each.code for each in asked if each.code not in answered]
    given = list(sheets.values())
    return Compared(counts, sheets, differing(given, codes), agreed_share(given, codes))


def sheet_that_counts(session: Session, application: Application, today: date) -> bytes | None:
    """The scores that count, packed as those of one assessment are, to score many cases at once."""
    session.flush()
    found = counted(session, application, today)
    if found is None:
        return None
    given = {**as_scores(found.scores), **standing_scores(found.used)}
    return pack(framework_of(application.edition), given)


def _all_in(session: Session, application: Application) -> bool:
    found = session.execute(
        select(Assessment.status, Assessment.handed_in_at).where(Assessment.application_id == application.id)
    ).all()
    times = [handed_in_at for status, handed_in_at in found if status is AssessmentStatus.HANDED_IN]
    submitted = application.submitted_at
    fresh = submitted is None or any(time is not None and time >= submitted for time in times)
    enough = len(times) >= framework_of(application.edition).assessment.assessors
    return enough and fresh and not any(status in WORKING for status, _ in found)


def _end_standing(session: Session, application: Application) -> ScoreSettlement | None:
    """What was settled before does not stand any more: assessors have handed in anew. It is kept."""
    before = session.scalars(
        select(ScoreSettlement).where(
            ScoreSettlement.application_id == application.id, ScoreSettlement.standing.is_(True)
        )
    ).first()
    if before is not None:
        before.standing = False
        session.flush()  # the database lets one stand, so this one goes before another comes
    return before


def _begin(
    session: Session, application: Application, way: Settling, found: Compared, now: datetime
) -> ScoreSettlement:
    units = found.agreed.units
    settlement = ScoreSettlement(
        application_id=application.id,
        settling=way,
        agreed=units - len(found.differ),
        compared=units,
        began_at=now,
        standing=True,
    )
    session.add(settlement)
    session.flush()
    return settlement


def _carry_over(session: Session, before: ScoreSettlement | None, settlement: ScoreSettlement, found: Compared) -> None:
    """What was agreed before is agreed still where nobody has scored the criterion anew since."""
    if before is None:
        return
    for agreed in session.scalars(select(AgreedScore).where(AgreedScore.settlement_id == before.id)).all():
        code = agreed.criterion_code
        scored = [sheet[code].updated_at for sheet in found.sheets.values() if code in sheet]
        if code in found.differ and all(at <= agreed.updated_at for at in scored):
            session.add(
                AgreedScore(
                    settlement_id=settlement.id,
                    criterion_code=code,
                    point=agreed.point,
                    not_applicable=agreed.not_applicable,
                    not_rated=agreed.not_rated,
                    reason=agreed.reason,
                    version=1,
                    updated_at=agreed.updated_at,
                    updated_by_id=agreed.updated_by_id,
                )
            )


def _tell_assessors(session: Session, application: Application, found: Compared, now: datetime) -> None:
    lead = lead_of(found.assessments)
    for each in found.assessments:
        tell(
            session,
            [each.assessor],
            "scores_differ",
            now,
            topic=Topic.CASES,
            provider=application.organisation.name,
            framework=edition_words(application),
            differ=len(found.differ),
            leads=each is lead,
            lead=lead.assessor.name,
            assessment_id=each.id,
        )
