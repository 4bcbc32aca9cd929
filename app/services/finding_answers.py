"""What a provider does about a finding: it offers a plan, and says with evidence that it is put right."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor, require
from app.domain.corrective import PlanOffer, check_words
from app.domain.errors import NotFound
from app.domain.evidence import checked
from app.domain.findings import PlanAnswer
from app.domain.lifecycle import FindingMove, FindingStatus
from app.models import Application, CorrectivePlan, EvidenceItem, Finding, FindingEvidence, FindingStep
from app.queries.self_assessments import own_subject
from app.services.casework import user_id
from app.services.evidence import NewEvidence
from app.services.evidence_items import make_item, newest_version, own_item
from app.services.finding_steps import check_version, held_finding, mail_checkers, moved
from app.services.transactions import transaction
from app.services.uploads import keep_upload


def offer_plan(finding_id: int, offer: PlanOffer, *, version: int, actor: Actor, now: datetime, today: date) -> None:
    """Offer how and by when a finding will be put right; the same plan sent twice changes nothing.

    Raises NotFound, NotAllowed, Invalid, IllegalMove, and Conflict where somebody did something about it meanwhile.
    """
    with transaction() as session:
        finding, application = _answerable(session, finding_id, actor)
        newest = _newest_plan(session, finding)
        if newest is not None and newest.answer is PlanAnswer.WAITS and _same(newest, offer):
            return
        check_version(finding, version)
        offer.check(finding.due_on, today)
        if newest is not None and newest.answer is PlanAnswer.WAITS:
            newest.answer = PlanAnswer.REPLACED
        plan = CorrectivePlan(
            finding_id=finding.id,
            number=newest.number + 1 if newest else 1,
            cause=offer.cause.strip(),
            action=offer.action.strip(),
            owner=offer.owner.strip(),
            by_on=offer.by_on,
            offered_at=now,
            offered_by_id=user_id(actor),
            answer=PlanAnswer.WAITS,
        )
        session.add(plan)
        detail = {"plan": plan.number, "by_on": plan.by_on.isoformat()}
        moved(
            session,
            finding,
            application,
            actor,
            FindingMove.OFFER_PLAN,
            plan.action,
            now,
            event="plan-offered",
            **detail,
        )
        mail_checkers(session, finding, application, "finding_plan_offered", now)


def _answerable(session: Session, finding_id: int, actor: Actor) -> tuple[Finding, Application]:
    """A finding that the actor's organisation knows of, held. Raises NotFound, NotAllowed."""
    finding, application = held_finding(session, finding_id)
    require(actor, Action.ANSWER_FINDING, own_subject(application))
    if finding.told_at is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return finding, application


def _newest_plan(session: Session, finding: Finding) -> CorrectivePlan | None:
    return session.scalars(
        select(CorrectivePlan)
        .where(CorrectivePlan.finding_id == finding.id)
        .order_by(CorrectivePlan.number.desc())
        .limit(1)
    ).first()


def _same(plan: CorrectivePlan, offer: PlanOffer) -> bool:
    offered = (offer.cause.strip(), offer.action.strip(), offer.owner.strip(), offer.by_on)
    return (plan.cause, plan.action, plan.owner, plan.by_on) == offered


def say_put_right(
    finding_id: int,
    words: str,
    *,
    version: int,
    storage: Storage,
    actor: Actor,
    now: datetime,
    today: date,
    item_ids: tuple[int, ...] = (),
    new: NewEvidence | None = None,
) -> None:
    """Say what was done, with evidence in the versions that there are now: from the library, or new and added to it.

    Raises NotFound, NotAllowed, Invalid, AlreadyInLibrary, StorageFull, IllegalMove, and Conflict where somebody did
    something about it meanwhile. The same words sent twice change nothing.
    """
    check_words("words", words, "Say what was done, and what shows that it will last.")
    organisation_id = _organisation_of(finding_id, actor)
    contents = (
        checked(new.kind, new.called, new.contents, has_file=new.upload is not None, today=today) if new else None
    )
    kept = keep_upload(new.upload, storage) if new else None
    with transaction() as session:
        finding, application = _answerable(session, finding_id, actor)
        if finding.status is FindingStatus.PUT_RIGHT and _said_last(session, finding) == words.strip():
            return
        check_version(finding, version)
        items = [own_item(session, item_id, actor) for item_id in dict.fromkeys(item_ids)]
        if new is not None and contents is not None:
            items.append(make_item(session, organisation_id, new.kind, new.called, contents, kept, actor, now))
            session.flush()
        _offer(session, finding, application, words.strip(), items, actor, now)


def _organisation_of(finding_id: int, actor: Actor) -> int:
    """The id of the organisation whose finding it is. Raises NotFound, NotAllowed: before a file is read or kept."""
    with transaction() as session:
        _, application = _answerable(session, finding_id, actor)
        return application.organisation_id


def _said_last(session: Session, finding: Finding) -> str | None:
    return session.scalars(
        select(FindingStep.words).where(FindingStep.finding_id == finding.id).order_by(FindingStep.id.desc()).limit(1)
    ).first()


def _offer(
    session: Session,
    finding: Finding,
    application: Application,
    words: str,
    items: list[EvidenceItem],
    actor: Actor,
    now: datetime,
) -> None:
    """The move with its evidence, each piece pinned to its newest version. Nobody corrects a version that was offered."""
    if any(item.organisation_id != application.organisation_id for item in items):
        raise NotFound("There is no such evidence in your library.")
    versions = [newest_version(session, item.id) for item in items]
    pinned = [version.id for version in versions]
    step = moved(
        session, finding, application, actor, FindingMove.OFFER_EVIDENCE, words, now, event="put-right", versions=pinned
    )
    session.flush()
    for version in versions:
        version.handed_in = True
        session.add(FindingEvidence(step_id=step.id, item_id=version.item_id, version_id=version.id))
    mail_checkers(session, finding, application, "finding_put_right", now)
