"""A provider appeals: keeps a draft while it writes, lodges the appeal, or takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.appeals import Written, as_draft, check_draft, check_written, terms_of
from app.domain.errors import Conflict, Invalid
from app.domain.lifecycle import AppealMove, AppealStatus, DecisionMove
from app.domain.topics import Topic
from app.models import (
    Appeal,
    AppealDraft,
    AppealEvidence,
    Application,
    Decision,
    EvidenceItem,
    EvidenceVersion,
    Reviewer,
)
from app.queries.appealing import Appealable, appealable
from app.queries.reviewers import free_auditors, free_managers, subject_of_appeal
from app.queries.self_assessments import own_subject
from app.services.casework import edition_words, mail_leads, record_on, user_id
from app.services.telling import by_id, tell
from app.services.transactions import locked, transaction

CHANGED = "A colleague has saved this draft meanwhile. Their words are in the form now. Yours are kept below it."


def save_draft(application_id: int, written: Written, version: int, *, actor: Actor, now: datetime) -> int:
    """Keep what was written so far. Returns the draft's new version; `version` is that of the page, 0 for none yet.

    Raises NotFound, NotAllowed, Invalid where something is too long, Conflict where a colleague saved meanwhile.
    """
    check_draft(written)
    with transaction() as session:
        application = _own(session, application_id, actor)
        draft = _draft(session, application.id)
        if (draft.version if draft else 0) != version:
            raise Conflict(CHANGED)
        if draft is None:
            draft = AppealDraft(application_id=application.id, version=0, updated_at=now, updated_by_id=user_id(actor))
            session.add(draft)
        draft.content, draft.version = as_draft(written), draft.version + 1
        draft.updated_at, draft.updated_by_id = now, user_id(actor)
        session.flush()
        record_on(session, actor, "appeal.drafted", draft, application, now)
        return draft.version


def lodge_appeal(application_id: int, written: Written, *, actor: Actor, now: datetime, today: date) -> int:
    """Appeal against the decision, or what became of the award. Returns the appeal's id. The receipt is confirmed at once.

    Raises NotFound, NotAllowed, Invalid by field, Conflict where nothing can be appealed any more.
    """
    with transaction() as session:
        application = _own(session, application_id, actor)
        chosen = _chosen(session, application, written, today)
        check_written(written, chosen.last_day, today)
        appeal = _keep(session, application, chosen, written, actor, now, today)
        if chosen.decision_id is not None:
            locked(session, Decision, chosen.decision_id).make(DecisionMove.APPEAL)
        draft = _draft(session, application.id)
        if draft is not None:
            session.delete(draft)
        record_on(
            session, actor, "appeal.lodged", appeal, application, now,
            number=appeal.number, against=appeal.against.value, grounds=appeal.grounds,
        )  # fmt: skip
        _confirm(session, appeal, application, today, now)
        _tell_office(session, appeal, application, today, now)
        return appeal.id


def take_back_appeal(appeal_id: int, *, actor: Actor, now: datetime) -> None:
    """End one's own appeal before it is decided: what it is against stands. Raises NotFound, NotAllowed, IllegalMove."""
    with transaction() as session:
        found = session.get(Appeal, appeal_id)
        application = _own(session, found.application_id if found else 0, actor)
        appeal = locked(session, Appeal, appeal_id)
        before = appeal.status
        appeal.make(AppealMove.WITHDRAW)
        appeal.outcome, appeal.ended_at = AppealStatus.WITHDRAWN.value, now
        if appeal.decision_id is not None:
            locked(session, Decision, appeal.decision_id).make(DecisionMove.GIVE_UP_APPEAL)
        record_on(
            session, actor, "appeal.withdrawn", appeal, application, now,
            number=appeal.number, before=before.value, after=appeal.status.value,
        )  # fmt: skip
        _tell_of_withdrawal(session, appeal, application, now)


def _own(session: Session, application_id: int, actor: Actor) -> Application:
    application = locked(session, Application, application_id)
    require(actor, Action.LODGE_APPEAL, own_subject(application))
    return application


def _draft(session: Session, application_id: int) -> AppealDraft | None:
    return session.scalars(select(AppealDraft).where(AppealDraft.application_id == application_id)).first()


def _chosen(session: Session, application: Application, written: Written, today: date) -> Appealable:
    """What the appeal is against: the only thing that it can be, or the one that was chosen."""
    open_ = appealable(session, application)
    if not open_:
        raise Conflict("There is nothing here that can be appealed, or it was appealed already.")
    if len(open_) == 1 and not written.against:
        return open_[0]
    found = next((each for each in open_ if each.against.value == written.against), None)
    if found is None:
        raise Invalid({"against": "Choose what you appeal against."})
    return found


def _keep(
    session: Session,
    application: Application,
    chosen: Appealable,
    written: Written,
    actor: Actor,
    now: datetime,
    today: date,
) -> Appeal:
    tidy = replace(written, words=written.words.strip(), asks=written.asks.strip())
    appeal = Appeal(
        number=f"new {application.id}",  # until the row has its id
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        decision_id=chosen.decision_id,
        award_id=chosen.award_id,
        against=chosen.against,
        status=AppealStatus.RECEIVED,
        grounds=sorted(set(tidy.grounds)),
        words=tidy.words,
        asks=tidy.asks,
        late_reason=tidy.late_reason.strip() if today > chosen.last_day else "",
        last_day=chosen.last_day,
        lodged_at=now,
        lodged_by_id=user_id(actor),
        due_on=today + timedelta(days=terms_of(application.edition.scheme.details).decided),
    )
    session.add(appeal)
    session.flush()
    appeal.number = f"A-{today:%Y}-{appeal.id:04}"
    for version_id in _versions(session, application.organisation_id, tidy.evidence):
        session.add(AppealEvidence(appeal_id=appeal.id, version_id=version_id))
    session.flush()
    return appeal


def _versions(session: Session, organisation_id: int, items: tuple[int, ...]) -> list[int]:
    """The newest versions of those pieces that are the organisation's own: they stay as they are from now on."""
    return list(
        session.scalars(
            select(func.max(EvidenceVersion.id))
            .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
            .where(EvidenceItem.organisation_id == organisation_id, EvidenceItem.id.in_(items))
            .group_by(EvidenceVersion.item_id)
        )
    )


def _confirm(session: Session, appeal: Appeal, application: Application, today: date, now: datetime) -> None:
    mail_leads(
        session,
        application,
        "appeal_received",
        now,
        appeal_id=appeal.id,
        number=appeal.number,
        against=appeal.against.value,
        due_on=appeal.due_on,
        late=today > appeal.last_day,
    )


def _tell_office(session: Session, appeal: Appeal, application: Application, today: date, now: datetime) -> None:
    subject = subject_of_appeal(session, appeal, today)
    managers = free_managers(session, subject)
    people = managers or free_auditors(session, subject)
    scheme = application.edition.scheme
    tell(
        session,
        people,
        "appeal_to_triage" if managers else "appeal_nobody_free",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        number=appeal.number,
        appeal_id=appeal.id,
        code=scheme.code,
    )


def _tell_of_withdrawal(session: Session, appeal: Appeal, application: Application, now: datetime) -> None:
    """Tell the leads, and whoever of the scheme worked on it."""
    mail_leads(session, application, "appeal_withdrawn", now, number=appeal.number, against=appeal.against.value)
    working = list(
        session.scalars(select(Reviewer.user_id).where(Reviewer.appeal_id == appeal.id, Reviewer.ended_at.is_(None)))
    )
    working += [appeal.triaged_by_id] if appeal.triaged_by_id else []
    values: dict[str, Any] = {"provider": application.organisation.name, "framework": edition_words(application)}
    tell(
        session, by_id(session, working), "appeal_withdrawn", now, topic=Topic.CASES,
        number=appeal.number, against=appeal.against.value, **values,
    )  # fmt: skip
