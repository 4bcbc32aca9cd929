"""Conditions of an award: set with the decision, evidence offered by the provider, accepted or returned by the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor, require
from app.domain.award_conditions import ConditionTerm, as_one_text, first_day, stage_on
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.evidence import checked
from app.domain.lifecycle import STANDING, ConditionMove, ConditionStatus, status_on
from app.domain.topics import Topic
from app.models import Application, Award, AwardCondition, ConditionEvidence, Decision, EvidenceItem
from app.queries.subjects import subject_of
from app.services.casework import mail_leads, record_on
from app.services.evidence import NewEvidence, newest_version_id
from app.services.evidence_items import make_item, own_item
from app.services.register import publish
from app.services.telling import officers_of, tell
from app.services.transactions import locked, transaction
from app.services.uploads import keep_upload

LONGEST = 5_000


@dataclass(frozen=True)
class Offer:
    """What a provider says of how a condition is met. `item_ids` are pieces of its library, `new` one that is added to it."""

    words: str
    item_ids: tuple[int, ...] = ()
    new: NewEvidence | None = None


def open_conditions(session: Session, award_id: int) -> list[AwardCondition]:
    """The conditions of an award that are not accepted yet, by number. Not a use-case: others call it."""
    return list(
        session.scalars(
            select(AwardCondition)
            .where(AwardCondition.award_id == award_id, AwardCondition.status != ConditionStatus.MET)
            .order_by(AwardCondition.number)
        )
    )


def set_conditions(
    session: Session, award: Award, decision: Decision, terms: Sequence[ConditionTerm], today: date
) -> None:
    """Keep the conditions that a decision sets on its award, numbered. The award's letter tells of them today."""
    for number, term in enumerate(terms, 1):
        assert term.due_on is not None  # checked with the decision
        session.add(
            AwardCondition(
                award_id=award.id,
                decision_id=decision.id,
                number=number,
                text=term.text.strip(),
                due_on=term.due_on,
                told_days=stage_on(term.due_on, today),
            )
        )


def accept_the_rest(
    session: Session, award: Award, application: Application, because: str, actor: Actor, now: datetime
) -> None:
    """Whoever accepts an award's conditions as a whole accepts those that are still open. Not a use-case: others call it."""
    for condition in open_conditions(session, award.id):
        condition.make(ConditionMove.ACCEPT)
        condition.accepted_at, condition.accepted_by_id, condition.accepted_because = now, actor.user_id, because
        _record_answer(session, "condition.accepted", condition, application, actor, now)


def offer_condition(
    condition_id: int, offer: Offer, *, storage: Storage, actor: Actor, now: datetime, today: date
) -> None:
    """Tell the scheme that a condition is met, in words or with evidence in the version that there is now.

    It may be offered again while the office has not looked at it. Raises NotFound, NotAllowed, Invalid (`words`),
    AlreadyInLibrary, StorageFull, IllegalMove once it is accepted, Conflict where the award has ended.
    """
    if not offer.words.strip():
        raise Invalid({"words": "Say what was done to meet the condition."})
    check_length(offer.words, LONGEST, "words")
    organisation_id = _own(condition_id, actor)
    new = offer.new
    contents = (
        checked(new.kind, new.called, new.contents, has_file=new.upload is not None, today=today) if new else None
    )
    kept = keep_upload(new.upload, storage) if new else None
    with transaction() as session:
        condition, award, application = _held(session, condition_id, actor, Action.ANSWER_CONDITION, today)
        condition.make(ConditionMove.OFFER)
        items = [own_item(session, item_id, actor) for item_id in dict.fromkeys(offer.item_ids)]
        if any(item.organisation_id != organisation_id for item in items):
            raise NotFound("There is no such piece of evidence here.")
        if new is not None and contents is not None:
            items.append(make_item(session, organisation_id, new.kind, new.called, contents, kept, actor, now))
            session.flush()
        _show(session, condition, items)
        before, condition.offered = condition.offered, offer.words.strip()
        condition.offered_at, condition.offered_by_id = now, actor.user_id
        record_on(
            session,
            actor,
            "condition.offered",
            condition,
            application,
            now,
            number=condition.number,
            before=before,
            after=condition.offered,
            items=[item.id for item in items],
        )
        _tell_office(session, condition, award, application, now)


def _show(session: Session, condition: AwardCondition, items: Sequence[EvidenceItem]) -> None:
    """Stand the newest versions beside what was shown before: the office has read that, and it stays."""
    shown = {each.version_id for each in condition.evidence}
    for item in items:
        version_id = newest_version_id(session, item.id)
        if version_id not in shown:
            condition.evidence.append(ConditionEvidence(item_id=item.id, version_id=version_id))


def _own(condition_id: int, actor: Actor) -> int:
    """The id of the organisation whose condition it is: asked before a file is read or kept. Raises NotFound, NotAllowed."""
    with transaction() as session:
        found = session.get(AwardCondition, condition_id)
        if found is None:
            raise NotFound("There is no such page, or it is not open to you.")
        require(actor, Action.ANSWER_CONDITION, subject_of(session, found.award.application))
        return found.award.organisation_id


def _held(
    session: Session, condition_id: int, actor: Actor, action: Action, today: date
) -> tuple[AwardCondition, Award, Application]:
    """The condition with its award and case, held, the case first. Raises NotFound, NotAllowed, Conflict."""
    found = session.get(AwardCondition, condition_id)
    award_found = session.get(Award, found.award_id) if found else None
    application = locked(session, Application, award_found.application_id if award_found else 0)
    award = locked(session, Award, award_found.id if award_found else 0)
    condition = locked(session, AwardCondition, condition_id)
    require(actor, action, subject_of(session, application, today))
    if status_on(award.status, award.expires_on, today) not in STANDING:
        raise Conflict("This award has ended, so nothing more is asked for it.")
    return condition, award, application


def _tell_office(
    session: Session, condition: AwardCondition, award: Award, application: Application, now: datetime
) -> None:
    tell(
        session,
        officers_of(session, application.scheme_id),
        "condition_offered",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        number=condition.number,
        text=condition.text,
        words=condition.offered,
        scheme=award.scheme.code,
        application_id=application.id,
    )


def return_condition(condition_id: int, words: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Give what was offered back with what is missing: the condition is open again, with the same last day.

    Raises NotFound, NotAllowed, Invalid (`words`), IllegalMove, Conflict where the award has ended.
    """
    if not words.strip():
        raise Invalid({"words": "Say what is missing. The provider reads it."})
    check_length(words, LONGEST, "words")
    with transaction() as session:
        condition, award, application = _held(session, condition_id, actor, Action.CHANGE_AWARD, today)
        condition.make(ConditionMove.RETURN)
        condition.returned, condition.returned_at = words.strip(), now
        _record_answer(session, "condition.returned", condition, application, actor, now)
        _tell_leads(session, "condition_returned", condition, award, application, now, words=condition.returned)


def accept_condition(condition_id: int, because: str, *, actor: Actor, now: datetime, today: date) -> int:
    """Accept a condition as met. Returns how many of the award's conditions are still open.

    The register names the others alone from now on. The last one leaves the award as it is: that it stands without
    conditions is a step of its own. Raises as `return_condition`, but needs no words.
    """
    check_length(because, LONGEST, "words")
    with transaction() as session:
        condition, award, application = _held(session, condition_id, actor, Action.CHANGE_AWARD, today)
        condition.make(ConditionMove.ACCEPT)
        condition.accepted_at, condition.accepted_by_id = now, actor.user_id
        condition.accepted_because = because.strip()
        session.flush()
        still = open_conditions(session, award.id)
        if still:
            terms = [ConditionTerm(each.text, each.due_on) for each in still]
            award.conditions, award.conditions_due_on = as_one_text(terms), first_day(terms)
            publish(session, award.organisation, award, now, today, "condition-met", "One of the conditions is met.")
        _record_answer(session, "condition.accepted", condition, application, actor, now)
        _tell_leads(session, "condition_accepted", condition, award, application, now, left=len(still))
        return len(still)


def _record_answer(
    session: Session, action: str, condition: AwardCondition, application: Application, actor: Actor, now: datetime
) -> None:
    because = condition.returned if action.endswith("returned") else condition.accepted_because
    record_on(session, actor, action, condition, application, now, number=condition.number, reason=because)


def _tell_leads(
    session: Session,
    template: str,
    condition: AwardCondition,
    award: Award,
    application: Application,
    now: datetime,
    **values: Any,
) -> None:
    mail_leads(
        session,
        application,
        template,
        now,
        number=condition.number,
        text=condition.text,
        due_on=condition.due_on,
        award_id=award.id,
        **values,
    )
