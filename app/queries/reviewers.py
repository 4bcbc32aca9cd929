"""Who may handle, and who may review, an appeal or a complaint: read once, for the page and for the use-case."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.access import Actor, Role, Subject
from app.models import (
    AdviserGrant,
    Appeal,
    AppealEvidence,
    Application,
    Assessment,
    AttachedEvidence,
    AuditRow,
    Complaint,
    ComplaintPerson,
    Decision,
    Membership,
    Panel,
    PanelSeat,
    Reviewer,
    SchemePost,
    User,
)
from app.queries.concerns import concern_subject
from app.queries.subjects import subject_of

JUDGES = (Role.ASSESSOR, Role.PANEL_MEMBER, Role.MANAGER)
MOST_PEOPLE = 300
MOST_CASES = 200
OF_A_CASE = (
    "application.",
    "assessment.",
    "score.",
    "question.",
    "panel.",
    "decision.",
    "award.",
    "finding.",
    "report.",
)
"""What the audit trail calls work on a case: whoever of the scheme did any of it had a part in it."""


@dataclass(frozen=True)
class Chosen:
    """One person of the scheme. `bar` says why they may not review, empty where they may."""

    user_id: int
    name: str
    lay: bool
    bar: str


def subject_of_appeal(session: Session, appeal: Appeal, today: date | None) -> Subject:
    """The Subject of an appeal: that of its case, with whoever had a part in it before, and its own reviewers."""
    return replace(
        subject_of(session, appeal.application, today),
        involved=involved_in(session, [appeal.application_id], appeal.scheme_id, appeal.lodged_at, appeal.id),
        **_reviewers(session, Reviewer.appeal_id == appeal.id),
    )


def subjects_of_reviews(session: Session, version_id: int, actor: Actor) -> list[Subject]:
    """Where the actor may see this version as a reviewer: shown with an appeal of theirs, or behind a criterion of its case.

    A tie that has run out counts here as well, whatever the scheme's bar says.
    """
    shown = select(AppealEvidence.appeal_id).where(AppealEvidence.version_id == version_id)
    pinned = select(AttachedEvidence.application_id).where(AttachedEvidence.version_id == version_id)
    found = session.scalars(
        select(Appeal)
        .join(Reviewer, Reviewer.appeal_id == Appeal.id)
        .where(
            Reviewer.user_id == actor.user_id,
            Reviewer.ended_at.is_(None),
            Appeal.id.in_(shown) | Appeal.application_id.in_(pinned),
        )
        .order_by(Appeal.id.desc())
        .limit(MOST_CASES)
    ).all()
    return [subject_of_appeal(session, each, None) for each in found]


def subject_of_complaint(session: Session, complaint: Complaint, *, at_once: bool = False) -> Subject:
    """The Subject of a complaint. Closed to those whom it is about, and to who ever had a tie to the provider.

    It is also closed to who had a part in the provider's cases; but what cannot wait is open to these (`at_once`).
    """
    concerned = frozenset(
        session.scalars(select(ComplaintPerson.user_id).where(ComplaintPerson.complaint_id == complaint.id))
    )
    theirs = _reviewers(session, Reviewer.complaint_id == complaint.id)
    if complaint.organisation_id is None:
        return Subject(scheme_id=complaint.scheme_id, involved=concerned, **theirs)
    part: frozenset[int] = frozenset()
    if not at_once:
        cases = _cases(session, complaint.organisation_id, complaint.scheme_id)
        part = involved_in(session, cases, complaint.scheme_id, complaint.received_at)
    about = concern_subject(session, complaint.scheme_id, complaint.organisation_id)
    return replace(about, involved=concerned | part, **theirs)


def _cases(session: Session, organisation_id: int, scheme_id: int) -> list[int]:
    theirs = (Application.organisation_id == organisation_id) & (Application.scheme_id == scheme_id)
    return list(session.scalars(select(Application.id).where(theirs).order_by(Application.id.desc()).limit(MOST_CASES)))


def _reviewers(session: Session, which: object) -> dict[str, frozenset[int]]:
    found = session.execute(
        select(Reviewer.user_id, Reviewer.declared_at).where(
            which,  # type: ignore[arg-type]
            Reviewer.ended_at.is_(None),
            Reviewer.conflicted.is_(False),
        )
    ).all()
    return {
        "seated": frozenset(who for who, _ in found),
        "reviewing": frozenset(who for who, declared_at in found if declared_at),
    }


def involved_in(
    session: Session, cases: Collection[int], scheme_id: int, before: datetime, but: int | None = None
) -> frozenset[int]:
    """Whoever assessed, sat, voted, decided, managed or reviewed an appeal in these cases up to a moment. One statement.

    `but` is the appeal that is looked at now: its own reviewers had no part before it.
    """
    if not cases:
        return frozenset()
    of_scheme = select(SchemePost.user_id).where(SchemePost.scheme_id == scheme_id)
    assessed = (Assessment.application_id.in_(cases), Assessment.assigned_at <= before)
    sat = (Panel.application_id.in_(cases), Panel.called_at <= before)
    other = Appeal.id != but if but is not None else Appeal.id.is_not(None)
    parts = select(Assessment.assessor_id).where(*assessed).union(
        select(Assessment.assigned_by_id).where(*assessed),
        select(PanelSeat.user_id).join(Panel, Panel.id == PanelSeat.panel_id).where(*sat),
        select(Panel.called_by_id).where(*sat),
        select(Decision.decided_by_id).where(Decision.application_id.in_(cases), Decision.decided_at <= before),
        select(Reviewer.user_id)
        .join(Appeal, Appeal.id == Reviewer.appeal_id)
        .where(Appeal.application_id.in_(cases), other, Reviewer.appointed_at <= before),
        select(AuditRow.actor_id).where(
            AuditRow.application_id.in_(cases),
            AuditRow.at <= before,
            AuditRow.actor_id.in_(of_scheme),
            or_(*(AuditRow.action.startswith(noun) for noun in OF_A_CASE)),
        ),
    )  # fmt: skip
    return frozenset(who for who in session.scalars(parts) if who is not None)


def closed_to(session: Session, subject: Subject) -> frozenset[int]:
    """Everybody to whom the subject is closed, whatever role they hold: a part in it, a tie, a place there. Two statements."""
    shut = subject.involved | subject.tied | subject.assessed
    if subject.organisation_id is None:
        return shut
    members = select(Membership.user_id).where(Membership.organisation_id == subject.organisation_id)
    helpers = select(AdviserGrant.user_id).where(AdviserGrant.organisation_id == subject.organisation_id)
    return shut | frozenset(session.scalars(members)) | frozenset(session.scalars(helpers))


def free_managers(session: Session, subject: Subject) -> list[User]:
    """The scheme's managers who may handle it, by id."""
    return _officers(session, subject, Role.MANAGER)


def free_auditors(session: Session, subject: Subject) -> list[User]:
    """The scheme's auditors to whom it is open, by id: they hear of what no manager may handle."""
    return _officers(session, subject, Role.AUDITOR)


def _officers(session: Session, subject: Subject, role: Role) -> list[User]:
    shut = closed_to(session, subject)
    found = session.scalars(
        select(User)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == subject.scheme_id, SchemePost.role == role, User.closed_at.is_(None))
        .order_by(User.id)
        .limit(MOST_PEOPLE)
    )
    return [user for user in found if user.id not in shut]


def reviewer_candidates(session: Session, subject: Subject, others: Iterable[tuple[int, str]]) -> tuple[Chosen, ...]:
    """The people of the scheme, those who may review first, then by name. `others` are (id, why not) beside the rules."""
    shut, why_not = closed_to(session, subject), dict(others)
    found = session.execute(
        select(User.id, User.name, SchemePost.lay)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == subject.scheme_id, SchemePost.role.in_(JUDGES), User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(MOST_PEOPLE)
    ).all()
    names = {user_id: name for user_id, name, _ in found}
    lay = {user_id for user_id, _, is_lay in found if is_lay}
    rows = [
        Chosen(user_id, name, user_id in lay, _bar(user_id, subject, shut) or why_not.get(user_id, ""))
        for user_id, name in names.items()
    ]
    return tuple(sorted(rows, key=lambda row: (bool(row.bar), row.name)))


def _bar(user_id: int, subject: Subject, shut: frozenset[int]) -> str:
    if user_id in subject.involved or user_id in subject.assessed:
        return "Had a part in what this is about."
    if user_id in subject.tied:
        return "Has or had an interest in this organisation."
    return "Belongs to this organisation, or helps it." if user_id in shut else ""
