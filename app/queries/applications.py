"""Applications as their provider sees them: before the start, at work, at the moment of submitting, after the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.applicability import Asked
from app.domain.errors import NotFound
from app.domain.framework import Framework, Level
from app.domain.lifecycle import EDITABLE, ENDED, ApplicationStatus, AwardStatus, status_on
from app.domain.scoring import Outcome
from app.domain.self_assessment import Gap
from app.extensions import db
from app.models import Application, Award, Decision, Question, RegisterEntry
from app.queries.carrying import Elsewhere, neighbours, offered_to
from app.queries.comments import comment_counts
from app.queries.findings import findings_told
from app.queries.gates import stopped_by_gates
from app.queries.handed_over import colleagues_of, holdings
from app.queries.organisations import profile_gaps
from app.queries.reports import ReportBrief, report_of
from app.queries.self_assessments import (
    SelfAssessment,
    own_application,
    own_subject,
    profile_facts_of,
    self_assessment_of,
)
from app.queries.task_list import TaskList, Together, task_list
from app.queries.ways import NewerEdition


@dataclass(frozen=True)
class AwardRow:
    """What the decision granted, as of today."""

    award_id: int
    number: str
    level_title: str
    status: AwardStatus
    status_reason: str
    granted_on: date
    expires_on: date
    conditions: str
    conditions_due_on: date | None
    has_certificate: bool
    slug: str | None


@dataclass(frozen=True)
class DecisionRow:
    """The panel's decision as the provider is told it."""

    outcome: str
    level_title: str
    reasons: str
    conditions: str
    conditions_due_on: date | None
    decided_at: datetime
    decision_id: int
    has_letter: bool
    appeal_by: date | None


@dataclass(frozen=True)
class ApplicationPage:
    """One application at work: what is done, what it would give, what is missing.

    `headings` are those of the criteria with gaps. `stopped` says which gates of the scheme stand in the way, apart from
    what is missing. `newer` is a later edition to which it can be carried over; `carried_from` and `carried_to` the
    applications before and after it in that chain; `look_again` counts the carried answers that must be looked at again.
    """

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    edition: str
    scheme: str
    target: str
    target_code: str | None
    levels: tuple[Level, ...]
    status: ApplicationStatus
    status_at: datetime
    started_at: datetime
    submitted_at: datetime | None
    declared_by: str
    note: str
    editable: bool
    may_answer: bool
    may_submit: bool
    may_withdraw: bool
    done: int
    total: int
    next_code: str | None
    tasks: TaskList
    colleagues: tuple[tuple[int, str], ...]
    headings: Mapping[str, str]
    left_out: tuple[Asked, ...]
    outcome: Outcome
    gaps: tuple[Gap, ...]
    profile_missing: tuple[str, ...]
    stopped: tuple[str, ...]
    open_questions: int
    questions: int
    open_findings: int
    findings: int
    report: ReportBrief | None
    decision: DecisionRow | None
    award: AwardRow | None
    newer: NewerEdition | None
    carried_from: Elsewhere | None
    carried_to: Elsewhere | None
    look_again: int

    @property
    def blocking(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.blocks)

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way of submitting."""
        return not self.blocking and not self.profile_missing and not self.stopped


def _report(application: Application, actor: Actor) -> ReportBrief | None:
    """The report, for those of the organisation who may check it."""
    return report_of(db.session(), application) if may(actor, Action.CHECK_REPORT, own_subject(application)) else None


def application_page(
    application_id: int, actor: Actor, today: date, part: str | None = None, show: str = "all"
) -> ApplicationPage:
    """One application with all that its provider may know of it. `part` is the top branch that a long one shows.

    `show` narrows its list of criteria: see `app.queries.task_list`.

    Raises NotFound, NotAllowed.
    """
    application = own_application(application_id, actor)
    work = self_assessment_of(db.session(), application, today=today)
    framework = work.framework
    unfinished = [code for each in work.applying if not work.finished(code := each.criterion.code)]
    carried_from, carried_to = neighbours(application)
    return ApplicationPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=str(framework.title),
        edition=framework.edition,
        scheme=application.edition.scheme.title,
        target=str(framework.level(application.target).title) if application.target else "",
        target_code=application.target,
        levels=framework.levels,
        status=application.status,
        status_at=application.status_at,
        started_at=application.started_at,
        submitted_at=application.submitted_at,
        declared_by=application.declared_by,
        note=application.note,
        **_open_to(actor, application),
        done=work.done,
        total=work.total,
        next_code=unfinished[0] if unfinished else None,
        tasks=_tasks(application, work, actor, show, part, unfinished[0] if unfinished else None),
        colleagues=colleagues_of(db.session(), application.organisation_id),
        headings={gap.code: str(framework.criterion(gap.code).heading) for gap in work.gaps},
        left_out=tuple(each for each in work.asked if not each.applies),
        outcome=work.outcome,
        gaps=work.gaps,
        profile_missing=profile_gaps(application.organisation, profile_facts_of(application)),
        stopped=stopped_by_gates(work) if application.status in EDITABLE else (),
        **_questions(application.id),
        **findings_told(db.session(), application),
        report=_report(application, actor),
        decision=_decision(application, framework),
        award=_award(application, today),
        newer=None if carried_to else offered_to(application),
        carried_from=carried_from,
        carried_to=carried_to,
        look_again=len(work.asked_codes.intersection(work.reviews)),
    )


def _open_to(actor: Actor, application: Application) -> dict[str, bool]:
    """What the reader may do with it now."""
    subject, editable = own_subject(application), application.status in EDITABLE
    return {
        "editable": editable,
        "may_answer": editable and may(actor, Action.ANSWER, subject),
        "may_submit": editable and may(actor, Action.SUBMIT, subject),
        "may_withdraw": application.status not in ENDED and may(actor, Action.WITHDRAW_APPLICATION, subject),
    }


def _tasks(
    application: Application, work: SelfAssessment, actor: Actor, show: str, part: str | None, next_code: str | None
) -> TaskList:
    session, editable = db.session(), application.status in EDITABLE
    held = holdings(session, application.id, work)
    talks = may(actor, Action.COMMENT, own_subject(application))
    said = comment_counts(session, application.id) if talks else {}
    together = Together(held if editable else {}, said, actor.user_id)
    return task_list(work, together, show, part, next_code, editable=editable)


def _questions(application_id: int) -> dict[str, int]:
    """How many wait for a reply, and how many there are that were not taken back."""
    waiting, every = db.session.execute(
        select(
            func.count().filter(Question.replied_at.is_(None)),
            func.count(),
        ).where(Question.application_id == application_id, Question.withdrawn_at.is_(None))
    ).one()
    return {"open_questions": waiting, "questions": every}


def _decision(application: Application, framework: Framework) -> DecisionRow | None:
    decision = db.session.scalars(
        select(Decision).where(Decision.application_id == application.id).order_by(Decision.id.desc()).limit(1)
    ).first()
    if decision is None:
        return None
    return DecisionRow(
        outcome=decision.outcome,
        level_title=str(framework.level(decision.level).title) if decision.level else "",
        reasons=decision.reasons,
        conditions=decision.conditions,
        conditions_due_on=decision.conditions_due_on,
        decided_at=decision.decided_at,
        decision_id=decision.id,
        has_letter=bool(decision.letter_key),
        appeal_by=decision.appeal_by,
    )


def _award(application: Application, today: date) -> AwardRow | None:
    found = db.session.execute(
        select(Award, RegisterEntry.slug)
        .outerjoin(RegisterEntry, RegisterEntry.award_id == Award.id)
        .where(Award.application_id == application.id)
        .order_by(Award.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    award, slug = found
    return AwardRow(
        award_id=award.id,
        number=award.number,
        level_title=award.level_title,
        status=status_on(award.status, award.expires_on, today),
        status_reason=award.status_reason,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        conditions=award.conditions,
        conditions_due_on=award.conditions_due_on,
        has_certificate=bool(award.certificate_key),
        slug=slug,
    )


@dataclass(frozen=True)
class CertificateFile:
    """Where an award's certificate is stored, and what to call it."""

    storage_key: str
    filename: str


def certificate_file(award_id: int, actor: Actor) -> CertificateFile:
    """The stored certificate of an award, for its holder and for the scheme's office. Raises NotFound, NotAllowed."""
    award = db.session.get(Award, award_id)
    if award is None or not award.certificate_key:
        raise NotFound("There is no such certificate.")
    subject = Subject(organisation_id=award.organisation_id, scheme_id=award.scheme_id)
    if not may(actor, Action.SEE_CASE, subject):
        require(actor, Action.SEE_ORGANISATION, subject)
    return CertificateFile(award.certificate_key, f"certificate-{award.number}.pdf")
