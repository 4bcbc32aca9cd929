"""What a provider does with its answers: keep one, so that two who write at once are told and lose nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, require
from app.domain.applicability import counting
from app.domain.clauses import AnsweredBy
from app.domain.errors import Conflict, NotAllowed
from app.domain.framework import Criterion
from app.domain.lifecycle import EDITABLE
from app.domain.parts import Giver, givers_of
from app.domain.self_assessment import Claim, Progress, check_claim
from app.domain.sittings import change
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Answer, Application, AuditRow
from app.queries.frameworks import framework_of
from app.queries.parts import givers_at
from app.queries.passports import passports_of_draft
from app.queries.self_assessments import facts_for, own_subject
from app.queries.sittings import BEGUN, CONTINUED
from app.services.transactions import locked, record, transaction

SAME_SITTING = timedelta(minutes=10)
"""Saves of one answer by one person within this time of the first are a sitting, which is told as one change.

Each is on record: the first whole, the others as what they changed (app.domain.sittings).
"""
MUCH = 80
"""Characters. A save that makes an answer shorter by more begins a sitting of its own, so that what went can be brought back."""


class ChangedMeanwhile(Conflict):
    """A colleague saved this answer after the page was made. Nothing was overwritten; both texts are kept."""


@dataclass(frozen=True)
class SavedAnswer:
    """What came of saving: the answer's new version, and how many of the asked criteria are answered."""

    version: int
    saved_at: datetime
    done: int
    total: int
    progress: Progress


@dataclass(frozen=True)
class PartChange:
    """What one site or member said before, and says from now on."""

    giver: Giver
    before: Claim
    after: Claim

    def as_data(self) -> dict[str, Any]:
        """As an audit row keeps it, with the giver's name of the day."""
        return {
            "giver": list(self.giver.key),
            "name": self.giver.name,
            "before": as_data(self.before),
            "after": as_data(self.after),
        }


def record_answer(
    application_id: int, code: str, claim: Claim, version: int, *, actor: Actor, now: datetime
) -> SavedAnswer:
    """Keep a claim, finished or not. `version` is that of the answer which the form showed; 0 where there was none.

    Saving what is already there changes nothing, so that a double click is harmless; it only says that an answer which
    was carried over has been looked at again. Raises NotFound, NotAllowed, Invalid, ChangedMeanwhile, and Conflict once
    the application can no longer be changed.
    """
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        criteria = asked_criteria(application)
        criterion = asked_criterion(criteria, code)
        refuse_parts(session, application, criterion)
        check_claim(criterion, claim)
        answer = session.scalars(
            select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == code)
        ).first()
        kept = keep_claim(session, application, code, answer, claim, version, actor, now)
        if kept.review:
            confirm(session, application, kept, actor, now)
        saved = SavedAnswer(kept.version, kept.updated_at, 0, len(criteria), claim.progress)
    # Counted afterwards, so that nobody who saves at the same time waits for it.
    return replace(saved, done=_count_done(application_id, criteria, uk_day(now)))


def editable_application(
    session: Session, application_id: int, action: Action, actor: Actor, *, member_id: int | None = None
) -> Application:
    """The application, held, while its provider may change it. Raises NotFound, NotAllowed, Conflict.

    `member_id` names the member of a consortium whose part is to be changed.
    """
    application = locked(session, Application, application_id)
    require(actor, action, replace(own_subject(application), member_id=member_id))
    if application.status not in EDITABLE:
        raise Conflict("This application has been handed in, so its answers cannot be changed now.")
    return application


def asked_criteria(application: Application) -> tuple[Criterion, ...]:
    """The criteria that an application is asked now."""
    return counting(framework_of(application.edition), facts_for(application), application.target)


def asked_criterion(criteria: tuple[Criterion, ...], code: str) -> Criterion:
    """The criterion of that code among those asked. Raises NotAllowed."""
    for criterion in criteria:
        if criterion.code == code:
            return criterion
    raise NotAllowed(f"{code} is not asked of your organisation, so there is nothing to answer.")


def refuse_parts(session: Session, application: Application, criterion: Criterion) -> None:
    """Raises Conflict where sites or members answer the criterion each for themselves: there is no whole to write."""
    givers = givers_at(session, application.organisation_id, sites=criterion.answered_by is AnsweredBy.EACH_SITE)
    if givers_of(framework_of(application.edition), criterion, givers):
        raise Conflict(f"{criterion.code} is answered in parts. Open it again and choose for whom you answer.")


def keep_claim(
    session: Session,
    application: Application,
    code: str,
    answer: Answer | None,
    claim: Claim,
    version: int,
    actor: Actor,
    now: datetime,
    part: PartChange | None = None,
) -> Answer:
    """Write a checked claim with its audit row. `answer` is the row as it stands, None where there is none yet.

    `part` is what made it so, where the claim is put together from parts. Raises ChangedMeanwhile where `version` is not that of the row.
    """
    if answer is not None and claim_of(answer) == claim:
        return answer
    if version != (answer.version if answer else 0):
        raise ChangedMeanwhile("A colleague changed this answer while you were writing.")
    before = as_data(claim_of(answer)) if answer else None
    if answer is None:
        answer = Answer(application_id=application.id, criterion_code=code, version=0)
        session.add(answer)
    write_claim(session, answer, claim, actor, now)
    _audit(session, application, answer, before, part, actor, now)
    return answer


def write_claim(session: Session, answer: Answer, claim: Claim, actor: Actor, now: datetime) -> None:
    """Make an answer say `claim`, one version on. Whoever calls it writes the audit row."""
    answer.point, answer.not_applicable, answer.reason = claim.point, claim.not_applicable, claim.reason
    answer.review = ""
    answer.version += 1
    answer.updated_at = now
    answer.updated_by_id = actor.user_id or 0
    session.flush()


def confirm(session: Session, application: Application, answer: Answer, actor: Actor, now: datetime) -> None:
    """Take the mark off an answer that was carried over and stands as it is."""
    looked_at, answer.review = answer.review, ""
    record_change(session, "answer.confirmed", application, answer, actor, now, looked_at=looked_at)


def _audit(
    session: Session,
    application: Application,
    answer: Answer,
    before: dict[str, Any] | None,
    part: PartChange | None,
    actor: Actor,
    now: datetime,
) -> None:
    latest = session.scalars(
        select(AuditRow)
        .where(AuditRow.subject == Answer.__tablename__, AuditRow.subject_id == answer.id)
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()
    after = as_data(claim_of(answer))
    first = _sitting(session, latest)
    if first is not None and before and _goes_on(first, before, after, part, application, actor, now):
        more = {"part": change(as_data(part.before), as_data(part.after))} if part else {}
        how = change(before, after)
        record_change(session, CONTINUED, application, answer, actor, now, sitting=first.id, change=how, **more)
        return
    more = {"part": part.as_data()} if part else {}
    record_change(session, BEGUN, application, answer, actor, now, before=before, after=after, **more)


def _sitting(session: Session, latest: AuditRow | None) -> AuditRow | None:
    """The first row of the sitting that `latest` belongs to; itself where it is no save that went on from one."""
    if latest is None or latest.action != CONTINUED:
        return latest
    return session.get(AuditRow, latest.detail["sitting"])


def _goes_on(
    first: AuditRow,
    before: dict[str, Any],
    after: dict[str, Any],
    part: PartChange | None,
    application: Application,
    actor: Actor,
    now: datetime,
) -> bool:
    """Whether a save belongs to the sitting that `first` began. Not across a hand-in: what was submitted stays on record.

    Nor from one part of an answer to another: each has its own history.
    """
    if (first.detail.get("part") or {}).get("giver") != (list(part.giver.key) if part else None):
        return False
    same = first.actor_id == actor.user_id and first.action == BEGUN and "after" in first.detail
    if not same or first.at < application.status_at or now - first.at > SAME_SITTING:
        return False
    went, came = (part.before.reason, part.after.reason) if part else (before["reason"], after["reason"])
    return len(went) - len(came) <= MUCH


def record_change(
    session: Session, action: str, application: Application, answer: Answer, actor: Actor, now: datetime, **detail: Any
) -> None:
    """Write the audit row of something that happened to an answer."""
    record(
        session,
        actor,
        action,
        answer,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        criterion=answer.criterion_code,
        **detail,
    )


def claim_of(answer: Answer) -> Claim:
    """What an answer says."""
    return Claim(answer.point, answer.not_applicable, answer.reason)


def as_data(claim: Claim) -> dict[str, Any]:
    """A claim as an audit row keeps it."""
    return {"point": claim.point, "not_applicable": claim.not_applicable, "reason": claim.reason}


def _count_done(application_id: int, criteria: tuple[Criterion, ...], today: date) -> int:
    application = db.session.get_one(Application, application_id, options=[joinedload(Application.edition)])
    asked = {criterion.code for criterion in criteria}
    finished = db.session.scalars(
        select(Answer.criterion_code).where(
            Answer.application_id == application.id,
            Answer.reason != "",
            Answer.point.is_not(None) | Answer.not_applicable.is_(True),
        )
    )
    passports = passports_of_draft(db.session(), application, framework_of(application.edition), today)
    return len(asked.intersection({*finished, *passports.answered}))
