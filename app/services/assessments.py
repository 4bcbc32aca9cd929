"""What an assessor does with a case: declare interests, score, ask for more, hand in a recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.applicability import counting
from app.domain.deciding import GRANTING, RECOMMENDABLE
from app.domain.errors import Conflict, Incomplete, Invalid, NotAllowed
from app.domain.framework import Criterion, NotApplicableRule
from app.domain.lifecycle import ApplicationMove, ApplicationStatus, AssessmentMove, AssessmentStatus
from app.models import Application, Assessment, Interest, Membership, Question, Score, User
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of
from app.services.transactions import locked, queue_mail, record, transaction

REPLY_WITHIN = timedelta(days=14)
LONGEST = 10_000


@dataclass(frozen=True)
class GivenScore:
    """What an assessor enters on a criterion: a point of its scale or not applicable, and the reason.

    `version` is that of the score which the form was made from; 0 where there was none.
    """

    point: int | None
    not_applicable: bool
    reason: str
    version: int


@dataclass(frozen=True)
class SavedScore:
    """What came of saving: the new version, and how many of the asked criteria are scored."""

    version: int
    saved_at: datetime
    scored: int
    asked: int


def declare_interests(
    assessment_id: int, *, conflict: bool, words: str, nature: str = "", actor: Actor, now: datetime
) -> None:
    """Declare before seeing the case. A conflict closes it for good and tells the scheme.

    `words` is what the assessor says; `nature` names the tie that is kept for later cases. Raises NotFound, NotAllowed,
    Invalid, IllegalMove.
    """
    if conflict and not words.strip():
        raise Invalid({"words": "Say what the interest is, so that the scheme can record it."})
    with transaction() as session:
        assessment, application = held(session, assessment_id)
        require(actor, Action.DECLARE_INTERESTS, subject_of(session, application))
        _own(assessment, actor)
        move = AssessmentMove.DECLARE_CONFLICT if conflict else AssessmentMove.DECLARE_NO_CONFLICT
        assessment.make(move)
        assessment.declared_at = now
        assessment.declaration = words.strip()[:LONGEST]
        if conflict:
            _keep_interest(session, assessment, (nature or words).strip(), now)
            _tell_manager(session, assessment, now)
        elif application.status is ApplicationStatus.SUBMITTED:
            application.make(ApplicationMove.START_ASSESSMENT, now)
        _record(session, actor, "assessment.declined" if conflict else "assessment.opened", assessment, now)


def held(session: Session, assessment_id: int) -> tuple[Assessment, Application]:
    """The assessment and its application, both held, the case first as every use-case of it does. Raises NotFound.

    Two assessors who hand in at once take turns, so that the second sees the first and the case moves on.
    """
    found = session.get(Assessment, assessment_id)
    application = locked(session, Application, found.application_id if found else 0)
    return locked(session, Assessment, assessment_id), application


def _own(assessment: Assessment, actor: Actor) -> None:
    if assessment.assessor_id != actor.user_id:
        raise NotAllowed("This is another assessor's work.")


def _keep_interest(session: Session, assessment: Assessment, nature: str, now: datetime) -> None:
    organisation_id = assessment.application.organisation_id
    known = session.scalars(
        select(Interest).where(Interest.user_id == assessment.assessor_id, Interest.organisation_id == organisation_id)
    ).first()
    if known is None:
        session.add(
            Interest(
                user_id=assessment.assessor_id, organisation_id=organisation_id, nature=nature[:500], declared_at=now
            )
        )
    elif known.ended_at is not None:  # an old tie, and a new one that lasts
        known.nature, known.declared_at, known.ended_at = nature[:500], now, None


def _tell_manager(session: Session, assessment: Assessment, now: datetime) -> None:
    manager = session.get_one(User, assessment.assigned_by_id)
    queue_mail(
        session,
        manager.email,
        "assessor_declined",
        now,
        name=manager.name,
        assessor=assessment.assessor.name,
        provider=assessment.application.organisation.name,
        application_id=assessment.application_id,
        words=assessment.declaration,
        scheme=assessment.application.edition.scheme.code,
    )


def _record(
    session: Session, actor: Actor, action: str, assessment: Assessment, now: datetime, **detail: object
) -> None:
    application = assessment.application
    record(
        session,
        actor,
        action,
        assessment,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        **detail,
    )


def record_score(
    assessment_id: int, code: str, given: GivenScore, *, actor: Actor, now: datetime, partial: bool = False
) -> SavedScore:
    """Keep a score with its reason. With `partial` (autosave) either of the two may still be missing.

    Raises NotFound, NotAllowed, Invalid, and Conflict when the score has changed since `given.version`.
    """
    with transaction() as session:
        assessment = _open_for_scoring(session, assessment_id, actor)
        criterion = _asked_criterion(assessment.application, code)
        _check(criterion, given, partial=partial)
        score = session.scalars(
            select(Score).where(Score.assessment_id == assessment.id, Score.criterion_code == code)
        ).first()
        before = _change(session, assessment, code, score, given, now)
        if before is not None:
            _record(session, actor, "score.recorded", assessment, now, criterion=code, **before)
        return _saved(session, assessment, code, now)


def _open_for_scoring(session: Session, assessment_id: int, actor: Actor) -> Assessment:
    """The actor's own open assessment, held. Raises NotFound, NotAllowed, Conflict once it is handed in."""
    assessment, application = held(session, assessment_id)
    require(actor, Action.ASSESS, subject_of(session, application))
    _own(assessment, actor)
    if assessment.status is not AssessmentStatus.OPEN:
        raise Conflict("You have handed this assessment in, so its scores cannot change.")
    if application.status is not ApplicationStatus.IN_ASSESSMENT:
        raise Conflict("This application is no longer being assessed, so its scores cannot change.")
    return assessment


def _asked_criterion(application: Application, code: str) -> Criterion:
    framework = framework_of(application.edition)
    criterion = framework.criterion(code)
    if criterion not in counting(framework, application.facts, application.target):
        raise NotAllowed(f"{code} is not asked of this provider, so it takes no score.")
    return criterion


def _check(criterion: Criterion, given: GivenScore, *, partial: bool) -> None:
    errors: dict[str, str] = {}
    allowed = criterion.scale.not_applicable is NotApplicableRule.WITH_REASON
    if given.not_applicable and not allowed:
        errors["point"] = "This criterion applies to everyone who is asked it. Choose a score."
    elif given.point is not None and given.point not in criterion.scale.values:
        points = ", ".join(str(value) for value in criterion.scale.values)
        errors["point"] = f"{given.point} is not on this scale. Choose one of {points}."
    elif given.point is None and not given.not_applicable and not partial:
        errors["point"] = "Choose a score."
    if not given.reason.strip() and not partial:
        errors["reason"] = "Say why, and what shows it. Every score needs a reason."
    elif len(given.reason) > LONGEST:
        errors["reason"] = f"Keep the reason under {LONGEST:,} characters. It has {len(given.reason):,}."
    if errors:
        raise Invalid(errors)


def _change(
    session: Session, assessment: Assessment, code: str, score: Score | None, given: GivenScore, now: datetime
) -> dict[str, object] | None:
    """Write the score. Returns what it was before and is now, or None if nothing changed."""
    point = None if given.not_applicable else given.point
    values = {"point": point, "not_applicable": given.not_applicable, "reason": given.reason.strip()}
    if score is None:
        session.add(Score(assessment_id=assessment.id, criterion_code=code, version=1, updated_at=now, **values))
        return {"after": values}
    before = {name: getattr(score, name) for name in values}
    if before == values:
        return None
    if score.version != given.version:
        raise Conflict("This score was changed in another window since you opened it here.")
    for name, value in values.items():
        setattr(score, name, value)
    score.version += 1
    score.updated_at = now
    changed = [name for name in values if before[name] != values[name]]
    return {"before": {name: before[name] for name in changed}, "after": {name: values[name] for name in changed}}


def _saved(session: Session, assessment: Assessment, code: str, now: datetime) -> SavedScore:
    session.flush()
    scores = session.scalars(select(Score).where(Score.assessment_id == assessment.id)).all()
    asked = {criterion.code for criterion in _asked(assessment.application)}
    done = [score for score in scores if score.criterion_code in asked and is_scored(score)]
    version = next(score.version for score in scores if score.criterion_code == code)
    return SavedScore(version, now, len(done), len(asked))


def _asked(application: Application) -> tuple[Criterion, ...]:
    return counting(framework_of(application.edition), application.facts, application.target)


def is_scored(score: Score) -> bool:
    """Whether a score is finished: a point or not applicable, and a reason."""
    return (score.point is not None or score.not_applicable) and bool(score.reason)


def ask_for_more(assessment_id: int, texts: Mapping[str, str], *, actor: Actor, now: datetime, today: date) -> int:
    """Ask the provider for more on named criteria: `texts` maps codes to questions. Returns how many were asked.

    One message goes to each of the organisation's people. Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    questions = {code: text.strip() for code, text in texts.items() if text.strip()}
    if not questions:
        raise Invalid({"text": "Write what you need from the provider."})
    with transaction() as session:
        assessment = _open_for_scoring(session, assessment_id, actor)
        for code, text in questions.items():
            _asked_criterion(assessment.application, code)
            _one_open_question_each(session, assessment, code)
            session.add(
                Question(
                    assessment_id=assessment.id,
                    application_id=assessment.application_id,
                    criterion_code=code,
                    text=text[:LONGEST],
                    asked_at=now,
                    due_on=today + REPLY_WITHIN,
                )
            )
        _record(session, actor, "question.asked", assessment, now, criteria=sorted(questions))
        _mail_provider(
            session, assessment.application, "question_asked", now, count=len(questions), due_on=today + REPLY_WITHIN
        )
    return len(questions)


def _one_open_question_each(session: Session, assessment: Assessment, code: str) -> None:
    waiting = session.scalars(
        select(Question.id).where(
            Question.assessment_id == assessment.id,
            Question.criterion_code == code,
            Question.replied_at.is_(None),
            Question.withdrawn_at.is_(None),
        )
    ).first()
    if waiting:
        raise Conflict(f"You have already asked about {code}, and the provider has not replied yet.")


def _mail_provider(session: Session, application: Application, template: str, now: datetime, **values: object) -> None:
    people = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == application.organisation_id, User.closed_at.is_(None))
        .order_by(User.id)
    ).all()
    for person in people:
        queue_mail(
            session,
            person.email,
            template,
            now,
            name=person.name,
            provider=application.organisation.name,
            framework=f"{application.edition.title} {application.edition.edition}",
            application_id=application.id,
            **values,
        )


def withdraw_question(question_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back a question that has no reply yet. Raises NotFound, NotAllowed, Conflict."""
    with transaction() as session:
        found = session.get(Question, question_id)
        assessment = _open_for_scoring(session, found.assessment_id if found else 0, actor)
        question = locked(session, Question, question_id)
        if question.replied_at is not None:
            raise Conflict("The provider has replied, so this question stays on record.")
        if question.withdrawn_at is None:
            question.withdrawn_at = now
            _record(session, actor, "question.withdrawn", assessment, now, criterion=question.criterion_code)


@dataclass(frozen=True)
class Recommendation:
    """What an assessor recommends: an outcome of app.domain.deciding, the level where it is an award, and why."""

    outcome: str
    level: str | None
    words: str


def hand_in(assessment_id: int, recommendation: Recommendation, *, actor: Actor, now: datetime) -> None:
    """Hand in a finished assessment with its recommendation. When enough are in, the case is assessed.

    Raises NotFound, NotAllowed, Conflict, Invalid, and Incomplete naming the criteria without a finished score and the
    questions that still wait for a reply.
    """
    with transaction() as session:
        assessment = _open_for_scoring(session, assessment_id, actor)
        _check_recommendation(assessment.application, recommendation)
        _check_finished(session, assessment)
        assessment.make(AssessmentMove.HAND_IN)
        assessment.handed_in_at = now
        assessment.recommended = recommendation.outcome
        assessment.recommended_level = recommendation.level
        assessment.recommendation = recommendation.words.strip()
        _close_assessing(session, assessment.application, now)
        _record(
            session,
            actor,
            "assessment.handed-in",
            assessment,
            now,
            recommended=recommendation.outcome,
            level=recommendation.level,
        )
        manager = session.get_one(User, assessment.assigned_by_id)
        queue_mail(
            session,
            manager.email,
            "assessment_handed_in",
            now,
            name=manager.name,
            assessor=assessment.assessor.name,
            provider=assessment.application.organisation.name,
            scheme=assessment.application.edition.scheme.code,
            application_id=assessment.application_id,
        )


def _check_recommendation(application: Application, recommendation: Recommendation) -> None:
    errors: dict[str, str] = {}
    levels = {level.code for level in framework_of(application.edition).levels}
    if recommendation.outcome not in RECOMMENDABLE:
        errors["outcome"] = "Choose what you recommend."
    elif recommendation.outcome in GRANTING and recommendation.level not in levels:
        errors["level"] = "Choose the level that you recommend."
    if not recommendation.words.strip():
        errors["words"] = "Say why you recommend this. The panel and the provider will read it."
    if errors:
        raise Invalid(errors)


def _check_finished(session: Session, assessment: Assessment) -> None:
    scores = session.scalars(select(Score).where(Score.assessment_id == assessment.id)).all()
    finished = {score.criterion_code for score in scores if is_scored(score)}
    missing = tuple(criterion.code for criterion in _asked(assessment.application) if criterion.code not in finished)
    if missing:
        raise Incomplete(
            f"{len(missing)} of the criteria still need a score with a reason: {', '.join(missing[:5])}"
            f"{' and more' if len(missing) > 5 else ''}.",
            missing,
        )
    waiting = session.scalars(
        select(Question.criterion_code).where(
            Question.assessment_id == assessment.id, Question.replied_at.is_(None), Question.withdrawn_at.is_(None)
        )
    ).all()
    if waiting:
        raise Incomplete(
            f"The provider has not replied yet on {', '.join(waiting)}. Wait for the reply, or take the question back.",
            tuple(waiting),
        )


def _close_assessing(session: Session, application: Application, now: datetime) -> None:
    """Move the case on when as many assessments are in as the framework asks for, and none is still open."""
    session.flush()
    statuses = session.scalars(select(Assessment.status).where(Assessment.application_id == application.id)).all()
    needed = framework_of(application.edition).assessment.assessors
    working = {AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN}
    if statuses.count(AssessmentStatus.HANDED_IN) >= needed and not working.intersection(statuses):
        application.make(ApplicationMove.HAND_IN, now)
