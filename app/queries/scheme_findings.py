"""Findings as the scheme sees them: all of its cases with filters, those of one case, and one to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Role, Subject, may, require, roles_at
from app.domain.corrective import LATE_IN, grade_of, told_to_provider
from app.domain.errors import NotFound
from app.domain.lifecycle import FINDING, ApplicationStatus, AwardStatus, FindingMove, FindingStatus
from app.extensions import db
from app.models import Application, Assessment, Award, Finding, FrameworkEdition, Organisation
from app.queries.finding_detail import FindingDetail, finding_detail, finding_with_case
from app.queries.findings import GONE, FindingRow, finding_row, rows_of
from app.queries.frameworks import framework_of
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import blind_cases, subject_of

PER_PAGE = 25
WAITING = (FindingStatus.PLAN_OFFERED, FindingStatus.PUT_RIGHT)
STATES = {
    "open": "Open",
    "waiting": "For the scheme to look at",
    "overdue": "Overdue",
    "closed": "Closed",
    "taken-back": "Taken back",
    "all": "All",
}
CHECKS = (
    FindingMove.ACCEPT_PLAN,
    FindingMove.RETURN_PLAN,
    FindingMove.VERIFY,
    FindingMove.RETURN_EVIDENCE,
    FindingMove.REOPEN,
    FindingMove.TAKE_BACK,
)


@dataclass(frozen=True)
class Filters:
    """What is asked for: a state of STATES, the code of a grade, words of a provider's name."""

    state: str = "open"
    grade: str = ""
    words: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.grade or self.words)


@dataclass(frozen=True)
class ListedFinding:
    """A finding with whose it is."""

    row: FindingRow
    application_id: int
    provider: str
    framework: str


@dataclass(frozen=True)
class SchemeFindingsPage:
    """One page of a scheme's findings, what is due first. `counts` are (state, words, how many)."""

    scheme: SchemeRow
    rows: tuple[ListedFinding, ...]
    counts: tuple[tuple[str, str, int], ...]
    grades: tuple[tuple[str, str], ...]
    found: int
    page: int
    pages: int


def scheme_findings(code: str, filters: Filters, page: int, actor: Actor, today: date) -> SchemeFindingsPage:
    """The findings of a scheme's cases, but those of organisations the actor belongs to. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    here = (
        select(Finding)
        .join(Application, Application.id == Finding.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(
            Application.scheme_id == scheme.scheme_id,
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
            Application.id.not_in(blind_cases(db.session(), actor.user_id)),
        )
    )
    narrowed = _narrowed(here, filters)
    chosen = narrowed.where(*_in_state(filters.state, today))
    total = _count(chosen)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.scalars(
        chosen.options(
            joinedload(Finding.application).joinedload(Application.organisation),
            joinedload(Finding.application).joinedload(Application.edition),
        )
        .order_by(Finding.due_on.is_(None), Finding.due_on, Finding.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return SchemeFindingsPage(
        scheme=scheme,
        rows=tuple(_listed(each, today) for each in found),
        counts=tuple(
            (state, words, _count(narrowed.where(*_in_state(state, today)))) for state, words in STATES.items()
        ),
        grades=_grades(scheme.scheme_id),
        found=total,
        page=page,
        pages=pages,
    )


def _narrowed(rows: Select[tuple[Finding]], filters: Filters) -> Select[tuple[Finding]]:
    if filters.grade:
        rows = rows.where(Finding.grade == filters.grade)
    if filters.words:
        rows = rows.where(func.lower(Organisation.name).contains(filters.words.lower(), autoescape=True))
    return rows


def _in_state(state: str, today: date) -> tuple[ColumnElement[bool], ...]:
    late = (Finding.status.in_(LATE_IN), Finding.due_on < today)
    conditions: dict[str, tuple[ColumnElement[bool], ...]] = {
        "waiting": (Finding.status.in_(WAITING),),
        "overdue": late,
        "closed": (Finding.status == FindingStatus.CLOSED,),
        "taken-back": (Finding.status == FindingStatus.TAKEN_BACK,),
        "all": (),
    }
    return conditions.get(state, (Finding.status.not_in(GONE),))


def _count(rows: Select[tuple[Finding]]) -> int:
    return db.session.scalar(rows.with_only_columns(func.count(Finding.id))) or 0


def _listed(finding: Finding, today: date) -> ListedFinding:
    application = finding.application
    framework = framework_of(application.edition)
    return ListedFinding(
        row=finding_row(framework, finding, None, today),
        application_id=application.id,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
    )


def _grades(scheme_id: int) -> tuple[tuple[str, str], ...]:
    """(code, title) of the grades that findings of the scheme have; the newest edition's title where they differ."""
    found = db.session.execute(
        select(Finding.grade, func.max(FrameworkEdition.id))
        .join(Application, Application.id == Finding.application_id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(Application.scheme_id == scheme_id)
        .group_by(Finding.grade)
        .order_by(Finding.grade)
    ).all()
    editions = {
        each.id: each
        for each in db.session.scalars(
            select(FrameworkEdition).where(FrameworkEdition.id.in_({row[1] for row in found}))
        )
    }
    return tuple((grade, str(grade_of(framework_of(editions[edition]), grade).title)) for grade, edition in found)


@dataclass(frozen=True)
class CaseFindings:
    """The findings of one case for its manager's page. `kept_back`: the scheme tells no provider of findings."""

    standing: tuple[FindingRow, ...]
    over: tuple[FindingRow, ...]
    kept_back: bool
    can_add: bool


def case_findings(session: Session, application: Application, today: date) -> CaseFindings:
    """Every finding of a case. Three statements."""
    rows = rows_of(session, application, today)
    awarded = session.scalars(select(Award.id).where(Award.application_id == application.id).limit(1)).first()
    return CaseFindings(
        standing=tuple(row for row in rows if row.status not in GONE),
        over=tuple(row for row in rows if row.status in GONE),
        kept_back=not told_to_provider(framework_of(application.edition)),
        can_add=awarded is not None,
    )


@dataclass(frozen=True)
class CheckPage:
    """One finding for the scheme. `moves` can be made now by this reader, `same` are findings that it may repeat.

    `assessment_id` is the reader's own assessment of the case, if any, `office` whether they work in the scheme's office.
    `suspended` is set where the award was suspended over this finding and nothing else of the kind is open.
    """

    scheme: str
    scheme_title: str
    application_id: int
    provider: str
    framework: str
    detail: FindingDetail
    moves: tuple[FindingMove, ...]
    same: tuple[tuple[int, str], ...]
    can_add_time: bool
    assessment_id: int | None
    office: bool
    suspended: bool


def check_page(code: str, application_id: int, finding_id: int, actor: Actor, today: date, action: Action) -> CheckPage:
    """Raises NotFound where the three do not belong together or another's finding is still blind, NotAllowed."""
    session = db.session()
    finding = finding_with_case(session, finding_id)
    if finding is None or finding.application_id != application_id or finding.application.edition.scheme.code != code:
        raise NotFound("There is no such page, or it is not open to you.")
    application = finding.application
    subject = subject_of(session, application, today)
    require(actor, action, subject)
    own = _own_assessment(session, application, actor)
    office = may(actor, Action.SEE_CASE, subject)
    if not office:
        _check_blind(finding, own)
    moves = tuple(move for move in FINDING.open_to(finding.status) if move in CHECKS)
    return CheckPage(
        scheme=code,
        scheme_title=application.edition.scheme.title,
        application_id=application.id,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        detail=finding_detail(session, application, finding, today),
        moves=moves if may(actor, Action.VERIFY_FINDING, subject) else (),
        same=_same(session, application, finding, own, office),
        can_add_time=_runs(finding) and may(actor, Action.MANAGE_CASE, subject),
        assessment_id=own.id if own else None,
        office=office,
        suspended=_suspended_over(session, finding, actor, subject),
    )


def _runs(finding: Finding) -> bool:
    return finding.status in LATE_IN and finding.due_on is not None


def _own_assessment(session: Session, application: Application, actor: Actor) -> Assessment | None:
    return session.scalars(
        select(Assessment).where(Assessment.application_id == application.id, Assessment.assessor_id == actor.user_id)
    ).first()


def _check_blind(finding: Finding, own: Assessment | None) -> None:
    """What another assessor wrote down is not shown while the case is being assessed."""
    told = finding.told_at is not None or finding.application.status is not ApplicationStatus.IN_ASSESSMENT
    if not told and (own is None or finding.assessment_id != own.id):
        raise NotFound("There is no such page, or it is not open to you.")


def _same(
    session: Session, application: Application, finding: Finding, own: Assessment | None, office: bool
) -> tuple[tuple[int, str], ...]:
    blind = application.status is ApplicationStatus.IN_ASSESSMENT and not office
    others: Sequence[Finding] = session.scalars(
        select(Finding)
        .where(
            Finding.application_id == application.id,
            Finding.id != finding.id,
            Finding.status != FindingStatus.TAKEN_BACK,
        )
        .order_by(Finding.id)
        .limit(PER_PAGE * 4)
    ).all()
    seen = [each for each in others if not blind or each.told_at or (own and each.assessment_id == own.id)]
    return tuple((each.id, f"{each.place}: {each.title}") for each in seen)


def _suspended_over(session: Session, finding: Finding, actor: Actor, subject: Subject) -> bool:
    """Whether a manager may now lift the suspension that this finding led to."""
    closed = finding.status in GONE and finding.acted_on is not None and finding.award_id is not None
    if not closed or Role.MANAGER not in roles_at(actor, subject) or not may(actor, Action.CHANGE_AWARD, subject):
        return False
    award = session.get_one(Award, finding.award_id)
    others = session.scalars(
        select(Finding.id)
        .where(Finding.award_id == award.id, Finding.acted_on.is_not(None), Finding.status.not_in(GONE))
        .limit(1)
    ).first()
    return award.status is AwardStatus.SUSPENDED and others is None
