"""What assessors do with scores that differ: the lead records what was agreed and settles it, the others may dissent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, check_length
from app.domain.framework import Criterion
from app.domain.lifecycle import ApplicationMove, ApplicationStatus
from app.domain.reconciling import Settling
from app.domain.score_check import wrong_score
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import AgreedScore, Application, Assessment, Dissent, ScoreSettlement, User
from app.queries.frameworks import framework_of
from app.queries.outcomes import is_finished, lead_of
from app.queries.subjects import subject_of
from app.services.assessing import check_own, held
from app.services.casework import edition_words, record_on, user_id
from app.services.closing import Compared, compared, sheet_that_counts
from app.services.findings import tell_of_findings
from app.services.telling import tell
from app.services.transactions import transaction

LONGEST = 10_000
NOT_RECONCILING = "The scores of this case are not being reconciled now. Load it again to see where it stands."


@dataclass(frozen=True)
class AgreedGiven:
    """What the lead enters on a criterion: a point, not applicable or not rated, and the reason.

    `version` is that of the agreed score which the form was made from; 0 where there was none.
    """

    point: int | None
    not_applicable: bool
    not_rated: bool
    reason: str
    version: int


@dataclass(frozen=True)
class SavedAgreed:
    """What came of saving: the new version, and how many of the differing criteria are settled."""

    version: int
    saved_at: datetime
    settled: int
    differing: int


@dataclass(frozen=True)
class _Table:
    """What the assessors sit over: the case, held, what they gave, and what is settled so far."""

    application: Application
    assessment: Assessment
    settlement: ScoreSettlement
    found: Compared

    @property
    def leads(self) -> bool:
        return lead_of(self.found.assessments).id == self.assessment.id


def agree(
    assessment_id: int, code: str, given: AgreedGiven, *, actor: Actor, now: datetime, partial: bool = False
) -> SavedAgreed:
    """Record the agreed score of a criterion that was scored differently. With `partial` (autosave) a part may be missing.

    Raises NotFound, NotAllowed to all but the lead, Invalid, and Conflict where it has changed since `given.version`.
    """
    with transaction() as session:
        table = _led(session, assessment_id, actor, now)
        if code not in table.found.differ:
            raise NotFound(f"The assessors did not score {code} differently.")
        _check(framework_of(table.application.edition).criterion(code), given, partial=partial)
        row = _agreed(session, table.settlement).get(code)
        before = _change(session, table.settlement, code, row, given, actor, now)
        if before is not None:
            record_on(
                session, actor, "score.agreed", table.settlement, table.application, now, criterion=code, **before
            )
        session.flush()
        every = _agreed(session, table.settlement)
        done = [each for each in every.values() if is_finished(each)]
        return SavedAgreed(every[code].version, now, len(done), len(table.found.differ))


def _led(session: Session, assessment_id: int, actor: Actor, now: datetime) -> _Table:
    table = _table(session, assessment_id, actor, now)
    if table.application.status is not ApplicationStatus.RECONCILING:
        raise Conflict(NOT_RECONCILING)
    if not table.leads:
        raise NotAllowed("The lead assessor records what was agreed. If you see it otherwise, say so beside it.")
    return table


def _table(session: Session, assessment_id: int, actor: Actor, now: datetime) -> _Table:
    """The case with the actor at its table. Raises NotFound, NotAllowed, Conflict where there is nothing to settle."""
    assessment, application = held(session, assessment_id)
    require(actor, Action.ASSESS, subject_of(session, application))
    check_own(assessment, actor)
    settlement = session.scalars(
        select(ScoreSettlement).where(
            ScoreSettlement.application_id == application.id, ScoreSettlement.standing.is_(True)
        )
    ).first()
    found = compared(session, application, uk_day(now))
    if settlement is None or all(each.id != assessment.id for each in found.assessments):
        raise Conflict(NOT_RECONCILING)
    return _Table(application, assessment, settlement, found)


def _agreed(session: Session, settlement: ScoreSettlement) -> dict[str, AgreedScore]:
    rows = session.scalars(select(AgreedScore).where(AgreedScore.settlement_id == settlement.id))
    return {row.criterion_code: row for row in rows}


def _check(criterion: Criterion, given: AgreedGiven, *, partial: bool) -> None:
    errors: dict[str, str] = {}
    wrong = wrong_score(criterion.scale, given)
    if wrong:
        errors["point"] = wrong
    elif given.point is None and not given.not_applicable and not given.not_rated and not partial:
        errors["point"] = "Choose the score that was agreed."
    if not given.reason.strip() and not partial:
        errors["reason"] = "Say why. The panel and the provider will read it."
    elif len(given.reason) > LONGEST:
        errors["reason"] = f"Keep the reason under {LONGEST:,} characters. It has {len(given.reason):,}."
    if errors:
        raise Invalid(errors)


def _change(
    session: Session,
    settlement: ScoreSettlement,
    code: str,
    row: AgreedScore | None,
    given: AgreedGiven,
    actor: Actor,
    now: datetime,
) -> dict[str, Any] | None:
    """Write the agreed score. Returns what it was before and is now, or None if nothing changed."""
    values = {
        "point": None if given.not_applicable or given.not_rated else given.point,
        "not_applicable": given.not_applicable,
        "not_rated": given.not_rated and not given.not_applicable,
        "reason": given.reason.strip(),
    }
    by = {"updated_at": now, "updated_by_id": user_id(actor)}
    if row is None:
        session.add(AgreedScore(settlement_id=settlement.id, criterion_code=code, version=1, **by, **values))
        return {"after": values}
    before = {name: getattr(row, name) for name in values}
    if before == values:
        return None
    if row.version != given.version:
        raise Conflict("This agreed score was changed in another window since you opened it here.")
    for name, value in {**values, **by}.items():
        setattr(row, name, value)
    row.version += 1
    changed = [name for name in values if before[name] != values[name]]
    return {"before": {name: before[name] for name in changed}, "after": {name: values[name] for name in changed}}


def record_meeting(assessment_id: int, met_on: date | None, words: str, *, actor: Actor, now: datetime) -> None:
    """Note when and how the assessors met over what differs. Raises NotFound, NotAllowed, Invalid, Conflict."""
    today, errors = uk_day(now), {}
    if met_on is None:
        errors["met_on"] = "Enter the day on which you met."
    elif met_on > today:
        errors["met_on"] = "Enter a day that is today or earlier."
    if not words.strip():
        errors["meeting"] = "Say how you met and what you looked at. The panel will read it."
    if errors:
        raise Invalid(errors)
    check_length(words, LONGEST, "meeting")
    with transaction() as session:
        table = _led(session, assessment_id, actor, now)
        settlement = table.settlement
        before = {"met_on": settlement.met_on.isoformat() if settlement.met_on else "", "meeting": settlement.meeting}
        settlement.met_on, settlement.meeting = met_on, words.strip()
        after = {"met_on": met_on.isoformat() if met_on else "", "meeting": settlement.meeting}
        record_on(session, actor, "assessors.met", settlement, table.application, now, before=before, after=after)


def settle(assessment_id: int, *, actor: Actor, now: datetime) -> None:
    """Settle the scores: the case is assessed, and the agreed scores count. Tells the other assessors and the manager.

    Raises NotFound, NotAllowed, Conflict, and Incomplete naming the criteria without an agreed score and reason, or that
    the framework asks the assessors to meet.
    """
    with transaction() as session:
        table = _led(session, assessment_id, actor, now)
        application, settlement = table.application, table.settlement
        done = {code for code, row in _agreed(session, settlement).items() if is_finished(row)}
        missing = tuple(code for code in table.found.differ if code not in done)
        if missing:
            raise Incomplete(f"An agreed score with its reason is still missing on {', '.join(missing)}.", missing)
        if settlement.settling is Settling.MEETING and settlement.met_on is None:
            raise Incomplete("This framework asks that the assessors meet. Say first when and how you met.")
        application.make(ApplicationMove.SETTLE, now)
        settlement.settled_at, settlement.settled_by_id = now, user_id(actor)
        settlement.sheet = sheet_that_counts(session, application, uk_day(now))
        record_on(session, actor, "scores.settled", settlement, application, now, agreed=len(table.found.differ))
        tell_of_findings(session, application, actor, now)
        _tell_settled(session, table, now)


def _tell_settled(session: Session, table: _Table, now: datetime) -> None:
    application, lead = table.application, table.assessment
    case = f"/schemes/{application.edition.scheme.code}/cases/{application.id}"
    told = [
        (each.assessor, f"/assessments/{each.id}/reconcile") for each in table.found.assessments if each is not lead
    ]
    told.append((session.get_one(User, lead.assigned_by_id), case))
    for person, path in told:
        tell(
            session,
            [person],
            "scores_settled",
            now,
            topic=Topic.CASES,
            provider=application.organisation.name,
            framework=edition_words(application),
            lead=lead.assessor.name,
            path=path,
        )


def note_dissent(assessment_id: int, code: str, words: str, *, actor: Actor, now: datetime) -> None:
    """Note that an assessor sees a criterion otherwise than agreed, for the panel; without words, take that back.

    It is possible until a panel is called. Raises NotFound, NotAllowed to the lead, Invalid, Conflict.
    """
    check_length(words, LONGEST, "words")
    with transaction() as session:
        table = _table(session, assessment_id, actor, now)
        if table.application.status not in {ApplicationStatus.RECONCILING, ApplicationStatus.ASSESSED}:
            raise Conflict("A panel has the case now. Tell the scheme's manager what you want it to know.")
        if table.leads:
            raise NotAllowed("You record what counts as agreed, so you cannot dissent from it.")
        if not _is_finished_in(_agreed(session, table.settlement), code):
            raise NotFound(f"Nothing is recorded as agreed on {code} yet.")
        before = _keep_dissent(session, table.settlement, code, words.strip(), actor, now)
        if before == words.strip():
            return
        action = "dissent.noted" if words.strip() else "dissent.withdrawn"
        record_on(
            session,
            actor,
            action,
            table.settlement,
            table.application,
            now,
            criterion=code,
            before=before,
            after=words.strip(),
        )


def _is_finished_in(agreed: dict[str, AgreedScore], code: str) -> bool:
    return code in agreed and is_finished(agreed[code])


def _keep_dissent(
    session: Session, settlement: ScoreSettlement, code: str, words: str, actor: Actor, now: datetime
) -> str:
    """Write it, or take it away. Returns what it said before."""
    row = session.scalars(
        select(Dissent).where(
            Dissent.settlement_id == settlement.id,
            Dissent.criterion_code == code,
            Dissent.assessor_id == user_id(actor),
        )
    ).first()
    before = row.words if row else ""
    if row is None and words:
        session.add(
            Dissent(
                settlement_id=settlement.id, criterion_code=code, assessor_id=user_id(actor), words=words, noted_at=now
            )
        )
    elif row is not None and words:
        row.words, row.noted_at = words, now
    elif row is not None:
        session.delete(row)  # what it said stays in the audit trail
    return before
