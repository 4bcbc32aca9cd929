"""The findings of a case as its provider reads and answers them, and as an assessor writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, may, require
from app.domain.clauses import WHOLE, Grade
from app.domain.corrective import consequences, grades_of, place_title, told_to_provider
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.domain.lifecycle import FINDING_MOVES, FindingMove, FindingStatus
from app.extensions import db
from app.models import Application, Assessment, Finding
from app.queries.answers import offered
from app.queries.assessment_basics import asked_of, editable, readable_assessment
from app.queries.finding_detail import FindingDetail, finding_detail, finding_with_case
from app.queries.findings import FindingRow, finding_row, in_order, rows_of
from app.queries.frameworks import framework_of
from app.queries.self_assessments import own_application, own_subject

OVER = frozenset({FindingStatus.CLOSED, FindingStatus.TAKEN_BACK})


@dataclass(frozen=True)
class FindingsPage:
    """What the provider knows of. `kept_back` tells that the scheme keeps findings to itself."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    standing: tuple[FindingRow, ...]
    over: tuple[FindingRow, ...]
    kept_back: bool


@dataclass(frozen=True)
class OwnFindingPage:
    """One finding for its provider. `library` is offered as (id, title); the booleans say what can be done now."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    detail: FindingDetail
    library: tuple[tuple[int, str], ...]
    can_plan: bool
    can_say_put_right: bool


def findings_page(application_id: int, actor: Actor, today: date) -> FindingsPage:
    """Every finding of which the provider was told. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor, Action.SEE_FINDINGS)
    told = [row for row in rows_of(db.session(), application, today, FindingStatus.RAISED) if row.told_on is not None]
    return FindingsPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        standing=tuple(row for row in told if row.status not in OVER),
        over=tuple(row for row in told if row.status in OVER),
        kept_back=not told_to_provider(framework_of(application.edition)),
    )


def own_finding_page(
    finding_id: int, actor: Actor, today: date, action: Action = Action.SEE_FINDINGS
) -> OwnFindingPage:
    """One finding, for its provider. Raises NotFound also where they were not told of it, NotAllowed."""
    session = db.session()
    finding = finding_with_case(session, finding_id)
    if finding is None or finding.told_at is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = finding.application
    require(actor, action, own_subject(application))
    answers = may(actor, Action.ANSWER_FINDING, own_subject(application))
    return OwnFindingPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        detail=finding_detail(session, application, finding, today),
        library=offered(application.organisation_id, set())
        if may(actor, Action.SEE_LIBRARY, own_subject(application))
        else (),
        can_plan=answers and (finding.status, FindingMove.OFFER_PLAN) in FINDING_MOVES,
        can_say_put_right=answers and (finding.status, FindingMove.OFFER_EVIDENCE) in FINDING_MOVES,
    )


@dataclass(frozen=True)
class GradeRow:
    """A grade to choose. `within` is the time that the scheme gives, empty where it sets none."""

    code: str
    title: str
    summary: str
    within: str
    follows: tuple[str, ...]


@dataclass(frozen=True)
class RaisePage:
    """Where an assessor writes a finding down, or words one of theirs otherwise. `places` are (code, title) to choose from.

    `dates` tells whether any grade leaves the last day to whoever raises it. `row` is None for a new one.
    """

    assessment_id: int
    application_id: int
    scheme: str
    provider: str
    framework: str
    grades: tuple[GradeRow, ...]
    places: tuple[tuple[str, str], ...]
    dates: bool
    editable: bool
    row: FindingRow | None
    written: tuple[FindingRow, ...]


def raise_page(assessment_id: int, actor: Actor, today: date, finding_id: int | None = None) -> RaisePage:
    """Raises NotFound, NotAllowed; NotFound also for a finding that another assessor wrote down."""
    assessment = readable_assessment(assessment_id, actor)
    application = assessment.application
    framework = framework_of(application.edition)
    written = written_in(assessment, today)
    row = next((each for each in written if each.id == finding_id), None)
    if finding_id is not None and row is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return RaisePage(
        assessment_id=assessment.id,
        application_id=application.id,
        scheme=application.edition.scheme.code,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        grades=grade_rows(framework),
        places=places_in(framework, application),
        dates=any(grade.put_right_within is None for grade in grades_of(framework)),
        editable=editable(assessment) and (row is None or row.status is FindingStatus.RAISED),
        row=row,
        written=written,
    )


def written_in(assessment: Assessment, today: date) -> tuple[FindingRow, ...]:
    """The findings that were written down in one assessment, but those taken back. One statement."""
    framework = framework_of(assessment.application.edition)
    found = db.session.scalars(
        select(Finding)
        .where(Finding.assessment_id == assessment.id, Finding.status != FindingStatus.TAKEN_BACK)
        .order_by(Finding.id)
    )
    return in_order(framework, (finding_row(framework, each, None, today) for each in found))


def grade_rows(framework: Framework) -> tuple[GradeRow, ...]:
    """The grades to choose from, gravest first."""
    return tuple(_grade_row(framework, grade) for grade in reversed(grades_of(framework)))


def _grade_row(framework: Framework, grade: Grade) -> GradeRow:
    within = str(grade.put_right_within) if grade.put_right_within else ""
    return GradeRow(grade.code, str(grade.title), str(grade.summary), within, consequences(framework, grade))


def places_in(framework: Framework, application: Application) -> tuple[tuple[str, str], ...]:
    """Where a finding can be: the whole, parts, and the criteria that are asked of the provider, in order."""
    asked = {each.criterion.code for each in asked_of(application) if each.applies}
    places = [(WHOLE, place_title(framework, WHOLE))]
    for root in framework.roots:
        for node in root.walk():
            if any(each.code in asked for each in node.all_criteria):
                places.append((node.code, f"{node.kind.capitalize()}: {node.title}"))
                places += [(each.code, f"{each.code} {each.heading}") for each in node.criteria if each.code in asked]
    return tuple(places)
