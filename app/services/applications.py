"""What a provider does with an application: start it, choose its level, submit it, withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, IllegalMove, Incomplete, Invalid, NotFound, check_length
from app.domain.gates import stopped
from app.domain.lifecycle import EDITABLE, ENDED, ApplicationMove, ApplicationStatus, PanelMove, PanelStatus
from app.domain.profile import established_by_scheme
from app.domain.self_assessment import Gap
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import (
    Application,
    AttachedEvidence,
    EvidenceVersion,
    FrameworkEdition,
    Organisation,
    Panel,
)
from app.queries.frameworks import framework_of
from app.queries.gates import gates_to_submit, not_eligible
from app.queries.organisations import facts_of, profile_gaps
from app.queries.passports import passports_of_draft
from app.queries.self_assessments import own_subject, profile_facts_of, self_assessment_of
from app.services.answers import editable_application
from app.services.readiness_snapshots import keep_snapshot
from app.services.telling import officers_of, people_of, tell
from app.services.transactions import locked, record_application, transaction
from app.services.using_passports import keep_uses

LONGEST_NOTE = 2_000


def start_application(organisation_id: int, edition_id: int, target: str | None, *, actor: Actor, now: datetime) -> int:
    """Start an application under one edition and return its id.

    Where one is already open for the same framework, that one's id is returned: there is never a second, so a double
    click is harmless. Raises NotFound, NotAllowed, Conflict where the edition is closed to new applications, Invalid for a
    level that there is not (`target`) and for an organisation that the framework is not for (`eligible`).
    """
    with transaction() as session:
        require(actor, Action.START_APPLICATION, Subject(organisation_id=organisation_id))
        organisation = locked(session, Organisation, organisation_id)  # held: two who start at once take turns
        edition = session.get(FrameworkEdition, edition_id)
        if edition is None:
            raise NotFound("There is no such framework.")
        already = open_application(session, organisation.id, edition.code)
        if already is not None:
            return already
        if not edition.open:
            raise Conflict("This edition takes no new applications. Choose its newest edition instead.")
        if against := not_eligible(framework_of(edition), organisation):
            raise Invalid({"eligible": " ".join(against)})
        _check_target(edition, target)
        application = Application(
            organisation_id=organisation.id,
            scheme_id=edition.scheme_id,
            edition_id=edition.id,
            status=ApplicationStatus.DRAFT,
            target=target,
            started_at=now,
            started_by_id=actor.user_id,
            status_at=now,
        )
        session.add(application)
        record_application(session, actor, "application.started", application, now, target=target)
        return application.id


def open_application(session: Session, organisation_id: int, framework_code: str) -> int | None:
    """The id of the application that an organisation has open for a framework, in any edition.

    Where an open draft was carried over to a later edition, that of the later one.
    """
    return session.scalars(
        select(Application.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id == organisation_id,
            FrameworkEdition.code == framework_code,
            Application.status.not_in(ENDED),
        )
        .order_by(Application.id.desc())
        .limit(1)
    ).first()


def _check_target(edition: FrameworkEdition, target: str | None) -> None:
    levels = {level.code for level in framework_of(edition).levels}
    if target not in levels:
        raise Invalid({"target": "Choose the level that you want to apply for."})


def change_target(application_id: int, target: str, *, actor: Actor, now: datetime) -> None:
    """Apply for another level. Answers stay. Raises NotFound, NotAllowed, Invalid, Conflict."""
    with transaction() as session:
        application = editable_application(session, application_id, Action.START_APPLICATION, actor)
        _check_target(application.edition, target)
        if application.target == target:
            return
        before, application.target = application.target, target
        record_application(session, actor, "application.target-changed", application, now, before=before, after=target)


@dataclass(frozen=True)
class Declaration:
    """Who declares the application true: name, position, and that each statement was ticked."""

    name: str
    position: str
    agreed: bool

    def check(self) -> None:
        """Raises Invalid."""
        errors: dict[str, str] = {}
        if not self.name.strip():
            errors["name"] = "Enter the name of the person who declares this."
        if not self.position.strip():
            errors["position"] = "Enter the position of that person, such as chair or chief executive."
        if len(self.name.strip()) + len(self.position.strip()) > 190:
            errors["position"] = "Name and position may have at most 190 characters together."
        if not self.agreed:
            errors["agreed"] = "Tick each statement, or do not submit yet."
        if errors:
            raise Invalid(errors)


def submit(application_id: int, declaration: Declaration, *, actor: Actor, now: datetime) -> None:
    """Hand a finished self-assessment to the scheme: freezes the facts, pins every attached version, tells both sides.

    Submitting again what is already submitted changes nothing. Raises NotFound, NotAllowed, Invalid, IllegalMove (also
    while it is carried over to a later edition), and Incomplete naming the criteria that still lack something; then nothing is saved.
    """
    declaration.check()
    with transaction() as session:
        application = locked(session, Application, application_id)
        require(actor, Action.SUBMIT, own_subject(application))
        if application.status is ApplicationStatus.SUBMITTED:
            return
        _check_not_carried(session, application)
        _check_complete(session, application, uk_day(now))
        here = passports_of_draft(session, application, framework_of(application.edition), uk_day(now))
        application.make(ApplicationMove.SUBMIT, now)
        application.submitted_at = now
        application.declared_by = f"{declaration.name.strip()}, {declaration.position.strip()}"
        application.facts = _frozen_facts(application)
        _pin_versions(session, application.id)
        keep_uses(session, application, here.answered, actor, now)
        record_application(
            session, actor, "application.submitted", application, now, declared_by=application.declared_by
        )
        keep_snapshot(session, application, now, submitted=True)
        _tell_of_submission(session, application, now)


def _check_not_carried(session: Session, application: Application) -> None:
    """A scheme is handed one application: the old draft or the one that it was carried over to. Raises IllegalMove."""
    edition = session.scalars(
        select(FrameworkEdition.edition)
        .join(Application, Application.edition_id == FrameworkEdition.id)
        .where(Application.carried_from_id == application.id, Application.status.not_in(ENDED))
        .limit(1)
    ).first()
    if edition is not None:
        raise IllegalMove(
            f"You carried this application over to edition {edition}. Submit that one, or withdraw it first."
        )


def _frozen_facts(application: Application) -> dict[str, Any]:
    """What the profile says now. What the scheme establishes is left as the scheme recorded it, whatever a profile says."""
    schemes = {fact.code for fact in established_by_scheme(framework_of(application.edition))}
    said = {code: value for code, value in facts_of(application.organisation).items() if code not in schemes}
    return {**said, **{code: value for code, value in application.facts.items() if code in schemes}}


def _check_complete(session: Session, application: Application, today: date) -> None:
    if application.status not in EDITABLE:
        return  # the move will refuse, and say where the application stands
    missing = profile_gaps(application.organisation, profile_facts_of(application))
    work = self_assessment_of(session, application, today=today)
    blocking = [gap for gap in work.gaps if gap.blocks]
    if missing:
        raise Incomplete("The profile of your organisation is not complete yet.", tuple(gap.code for gap in blocking))
    if blocking:
        raise Incomplete(_how_many(blocking), tuple(gap.code for gap in blocking))
    if against := stopped(gates_to_submit(work)):
        raise Incomplete(" ".join(against))


def _how_many(blocking: list[Gap]) -> str:
    codes = {gap.code for gap in blocking}
    if len(codes) == 1:
        return f"{next(iter(codes))} is not finished yet."
    return f"{len(codes)} criteria are not finished yet."


def _pin_versions(session: Session, application_id: int) -> None:
    """Hold every attached piece of evidence to the newest version that there is now."""
    newest = (
        select(EvidenceVersion.id)
        .where(EvidenceVersion.item_id == AttachedEvidence.item_id)
        .order_by(EvidenceVersion.number.desc())
        .limit(1)
        .correlate(AttachedEvidence)
        .scalar_subquery()
    )
    session.execute(
        update(AttachedEvidence).where(AttachedEvidence.application_id == application_id).values(version_id=newest),
        execution_options={"synchronize_session": False},
    )


def _tell_of_submission(session: Session, application: Application, now: datetime) -> None:
    told: dict[str, Any] = {
        "provider": application.organisation.name,
        "framework": f"{application.edition.title} {application.edition.edition}",
        "application_id": application.id,
        "scheme": application.edition.scheme.code,
        "scheme_title": application.edition.scheme.title,
        "declared_by": application.declared_by,
    }
    leads = people_of(session, application.organisation_id, Role.LEAD)
    tell(session, leads, "application_submitted", now, topic=Topic.DECISIONS, **told)
    managers = officers_of(session, application.scheme_id)
    tell(session, managers, "application_received", now, topic=Topic.CASES, **told)


def withdraw_application(application_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take an application back for good. What was written stays readable. Withdrawing twice changes nothing.

    Raises NotFound, NotAllowed, Invalid (`reason`), IllegalMove.
    """
    check_length(reason, LONGEST_NOTE, "reason")
    with transaction() as session:
        application = locked(session, Application, application_id)
        require(actor, Action.WITHDRAW_APPLICATION, own_subject(application))
        if application.status is ApplicationStatus.WITHDRAWN:
            return
        seen_by_scheme = application.status is not ApplicationStatus.DRAFT
        application.make(ApplicationMove.WITHDRAW, now)
        application.note = reason.strip()
        record_application(session, actor, "application.withdrawn", application, now, reason=application.note)
        _stand_down(session, application.id)
        if not seen_by_scheme:
            return
        tell(
            session,
            officers_of(session, application.scheme_id),
            "application_withdrawn",
            now,
            topic=Topic.CASES,
            provider=application.organisation.name,
            framework=f"{application.edition.title} {application.edition.edition}",
            reason=application.note,
            scheme=application.edition.scheme.code,
            application_id=application.id,
        )


def _stand_down(session: Session, application_id: int) -> None:
    """End a panel that has not decided: there is nothing left to decide on."""
    undecided = (PanelStatus.CALLED, PanelStatus.VOTE_CLOSED)
    waiting = select(Panel).where(Panel.application_id == application_id, Panel.status.in_(undecided))
    for panel in session.scalars(waiting.with_for_update(key_share=True)):
        panel.make(PanelMove.STAND_DOWN)
