"""Where findings are written down: by an assessor in a case, by a manager about a holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.domain.access import Action, Actor
from app.domain.clauses import WHOLE, Grade
from app.domain.corrective import consequences, grades_of, place_title
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.domain.lifecycle import ApplicationStatus, FindingStatus
from app.extensions import db
from app.models import Application, Assessment, Finding
from app.queries.assessment_basics import asked_of, editable, readable_assessment
from app.queries.findings import MOST, FindingRow, counts, finding_row, in_order
from app.queries.frameworks import framework_of
from app.queries.schemes import office_case


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


def raise_page(assessment_id: int, actor: Actor, today: date, finding_id: int | None = None) -> RaisePage:
    """Raises NotFound, NotAllowed; NotFound also for a finding that another assessor wrote down."""
    assessment = readable_assessment(assessment_id, actor)
    application = assessment.application
    framework = framework_of(application.edition)
    seen = findings_seen(assessment, today)
    row = next((each for each in seen if each.id == finding_id), None)
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
    )


@dataclass(frozen=True)
class AddPage:
    """Where a manager writes down what surveillance or a complaint found about a holder."""

    scheme: str
    scheme_title: str
    application_id: int
    provider: str
    grades: tuple[GradeRow, ...]
    places: tuple[tuple[str, str], ...]
    dates: bool


def add_page(code: str, application_id: int, actor: Actor, today: date) -> AddPage:
    """Raises NotFound, NotAllowed."""
    scheme, application = office_case(code, application_id, actor, Action.MANAGE_CASE, today)
    framework = framework_of(application.edition)
    return AddPage(
        scheme=scheme.code,
        scheme_title=scheme.title,
        application_id=application.id,
        provider=application.organisation.name,
        grades=grade_rows(framework),
        places=places_in(framework, application),
        dates=any(grade.put_right_within is None for grade in grades_of(framework)),
    )


def findings_seen(assessment: Assessment, today: date, place: str | None = None) -> tuple[FindingRow, ...]:
    """What an assessor sees of the findings of their case. One statement.

    While they score: their own, and those that the provider was told of. Once all have handed in: all of them, so that two
    that mean the same are made one before the provider hears of either. With `place` those on one criterion alone. What was taken back is left out.
    """
    framework = framework_of(assessment.application.edition)
    rows = (
        select(Finding)
        .where(
            Finding.application_id == assessment.application_id,
            Finding.status != FindingStatus.TAKEN_BACK,
            *_open_to(assessment),
        )
        .order_by(Finding.id)
        .limit(MOST)
    )
    found = db.session.scalars(rows.where(Finding.place == place) if place else rows)
    return in_order(framework, (finding_row(framework, each, None, today) for each in found))


def _open_to(assessment: Assessment) -> tuple[ColumnElement[bool], ...]:
    if assessment.application.status is not ApplicationStatus.IN_ASSESSMENT:
        return (counts(),)
    return ((Finding.assessment_id == assessment.id) | Finding.told_at.is_not(None),)


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
