"""Carrying an application over to a later edition of its framework, without touching the old one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.carrying import Carrying
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.lifecycle import ApplicationStatus
from app.domain.parts import SITE
from app.models import Answer, AnswerPart, Application, AttachedEvidence, FrameworkEdition, Organisation, OwnAnswer
from app.queries.carrying import GoesOver, goes_over, goes_to, why_not
from app.queries.frameworks import framework_of
from app.queries.gates import not_eligible
from app.queries.self_assessments import own_subject
from app.queries.ways import way_between
from app.services.transactions import locked, record, transaction


def carry_over(application_id: int, edition_id: int, target: str | None = None, *, actor: Actor, now: datetime) -> int:
    """Start an application under a later edition with the answers and evidence of this one, and return its id.

    The old application stays as it is, to the last byte. Answers whose criterion has changed carry the reasons why they
    must be looked at again; new criteria stand open. `target` is the level applied for; the old one's where it is left
    out. Where it was carried over already and that is still open, its id is returned, so that a double click is harmless.
    Raises NotFound, NotAllowed, Invalid (`target`), and Conflict where the edition takes no applications or is not for
    this organisation, the scheme is looking at the old one, or another application is open.
    """
    with transaction() as session:
        old = session.get(Application, application_id)
        if old is None:
            raise NotFound("There is no such page, or it is not open to you.")
        require(actor, Action.START_APPLICATION, Subject(organisation_id=old.organisation_id))
        require(actor, Action.SEE_APPLICATION, own_subject(old))
        locked(session, Organisation, old.organisation_id)  # held: two who start at once take turns
        old = locked(session, Application, application_id)  # and it is neither handed in nor written in meanwhile
        edition = session.get(FrameworkEdition, edition_id)
        if edition is None or not goes_to(old, edition):
            raise NotFound("There is no such later edition of this framework.")
        refusal, already = why_not(session, old)
        if already is not None:
            return already
        if refusal or not edition.open:
            raise Conflict(refusal or "This edition takes no new applications.")
        if against := not_eligible(framework_of(edition), old.organisation):
            raise Conflict(" ".join(against))
        return _carry(session, old, edition, target, actor, now)


def _carry(
    session: Session,
    old: Application,
    edition: FrameworkEdition,
    target: str | None,
    actor: Actor,
    now: datetime,
) -> int:
    way = way_between(session, old.edition, edition)
    new = Application(
        organisation_id=old.organisation_id,
        scheme_id=edition.scheme_id,
        edition_id=edition.id,
        status=ApplicationStatus.DRAFT,
        target=_level(way, target or old.target),
        started_at=now,
        started_by_id=actor.user_id,
        status_at=now,
        carried_from_id=old.id,
    )
    session.add(new)
    session.flush()
    over = goes_over(session, old, way)
    _write(session, new, over, actor, now)
    _record(session, old, new, edition, over, actor, now)
    return new.id


def _level(way: Carrying, target: str | None) -> str | None:
    """The level applied for. Raises Invalid where the later edition has no such level."""
    if target not in {level.code for level in way.new.levels}:
        raise Invalid({"target": "Choose the level that you want to apply for."})
    return target


def _write(session: Session, new: Application, over: GoesOver, actor: Actor, now: datetime) -> None:
    by = actor.user_id or 0
    session.add_all(
        Answer(
            application_id=new.id,
            criterion_code=each.code,
            point=each.claim.point,
            not_applicable=each.claim.not_applicable,
            reason=each.claim.reason,
            review=" ".join(each.review),
            updated_at=now,
            updated_by_id=by,
        )
        for each in over.answers
    )
    session.add_all(
        AnswerPart(
            application_id=new.id,
            criterion_code=each.code,
            site_id=giver_id if kind == SITE else None,
            member_id=None if kind == SITE else giver_id,
            point=each.claim.point,
            not_applicable=each.claim.not_applicable,
            reason=each.claim.reason,
            updated_at=now,
            updated_by_id=by,
        )
        for (kind, giver_id), each in over.parts
    )
    session.add_all(
        OwnAnswer(application_id=new.id, criterion_code=code, chosen_at=now, chosen_by_id=by) for code in over.own
    )
    session.add_all(
        AttachedEvidence(
            application_id=new.id,
            criterion_code=code,
            item_id=item_id,
            asked_code=asked_code,
            attached_at=now,
            attached_by_id=by,
        )
        for code, item_id, asked_code in over.evidence
    )


def _record(
    session: Session,
    old: Application,
    new: Application,
    edition: FrameworkEdition,
    over: GoesOver,
    actor: Actor,
    now: datetime,
) -> None:
    """One audit row that accounts for every answer of the old application: where it went, or that it stayed behind."""
    session.flush()
    record(
        session,
        actor,
        "application.carried-over",
        new,
        now,
        organisation_id=new.organisation_id,
        scheme_id=new.scheme_id,
        application_id=new.id,
        carried_from=old.id,
        edition=edition.edition,
        target=new.target,
        origins={each.code: list(each.origins) for each in over.answers},
        look_again=[each.code for each in over.answers if each.review],
        left_behind=list(over.left_behind),
    )
