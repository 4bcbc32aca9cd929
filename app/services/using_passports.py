"""Where passports are used: kept with what is handed in and decided, and left aside where the provider answers itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.errors import Conflict
from app.domain.scoring import Passported
from app.models import Application, OwnAnswer, PassportUse
from app.queries.frameworks import framework_of
from app.queries.passport_uses import Used, used_in
from app.queries.passports import Answered, Holding, passports_of_draft
from app.services.answers import asked_criteria, asked_criterion, editable_application
from app.services.transactions import record_application, transaction


def answer_myself(application_id: int, code: str, myself: bool, *, actor: Actor, now: datetime, today: date) -> None:
    """Answer a criterion although a passport would, to be judged on it; or leave it to the passport again.

    Doing so twice changes nothing. Raises NotFound, NotAllowed, Conflict where no passport answers it, and once the
    application can no longer be changed.
    """
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        asked_criterion(asked_criteria(application), code)
        chosen = session.scalars(
            select(OwnAnswer).where(OwnAnswer.application_id == application.id, OwnAnswer.criterion_code == code)
        ).first()
        if (chosen is not None) == myself:
            return
        if chosen is not None:
            session.delete(chosen)
        else:
            _check_answered(session, application, code, today)
            session.add(
                OwnAnswer(application_id=application.id, criterion_code=code, chosen_at=now, chosen_by_id=actor.user_id)
            )
        action = "passport.answered-instead" if myself else "passport.counts-again"
        record_application(session, actor, action, application, now, criterion=code)


def _check_answered(session: Session, application: Application, code: str, today: date) -> None:
    here = passports_of_draft(session, application, framework_of(application.edition), today)
    if code not in here.answered:
        raise Conflict(f"No certificate answers {code} today, so it is yours to answer anyway.")


def keep_uses(
    session: Session, application: Application, answered: Mapping[str, Answered], actor: Actor, now: datetime
) -> None:
    """Keep which passports an application is handed in with. Not a use-case: `submit` calls it, at `submitted_at`."""
    asked = {criterion.code for criterion in asked_criteria(application)}
    counting = {code: each for code, each in answered.items() if code in asked}
    for code, each in counting.items():
        session.add(_use(application, code, each))
    if counting:
        used = {code: f"{each.score.by} {each.holding.number}" for code, each in counting.items()}
        record_application(session, actor, "passport.used", application, now, used=used)


def _use(application: Application, code: str, each: Answered) -> PassportUse:
    use = PassportUse(
        application_id=application.id, submitted_at=application.submitted_at, criterion_code=code, fell_because=""
    )
    _write(use, each.score, each.holding)
    return use


def _write(use: PassportUse, score: Passported, holding: Holding) -> None:
    use.title, use.until, use.point = score.by[:300], score.until, score.point
    use.passport_id, use.award_id, use.number = holding.passport_id, holding.award_id, holding.number
    use.checked_by, use.checked_at = holding.checked_by, holding.checked_at


def settle_uses(session: Session, application: Application, actor: Actor, now: datetime, today: date) -> None:
    """Keep for ever which passports stood when the panel decided. Called within the decision.

    Must run before the application moves on: afterwards what was kept is told, and not what stands.
    """
    used = used_in(session, application, today)
    fallen = {code: each for code, each in used.items() if not each.stands}
    if used:
        kept = select(PassportUse).where(
            PassportUse.application_id == application.id, PassportUse.submitted_at == application.submitted_at
        )
        for use in session.scalars(kept):
            _settle(use, used[use.criterion_code], today)
    if fallen:
        fell = {code: each.fell for code, each in fallen.items()}
        record_application(session, actor, "passport.fell", application, now, fell=fell)


def rests_on(session: Session, application: Application) -> tuple[Passported, ...]:
    """The passports that stood when the panel decided, once they are settled."""
    found = session.scalars(
        select(PassportUse).where(
            PassportUse.application_id == application.id,
            PassportUse.submitted_at == application.submitted_at,
            PassportUse.fell_because == "",
        )
    )
    return tuple(Passported(use.title, use.until, use.point) for use in found)


def _settle(use: PassportUse, used: Used, today: date) -> None:
    if used.stands:
        _write(use, used.score, used.holding)
    else:
        use.fell_on, use.fell_because = today, used.fell
