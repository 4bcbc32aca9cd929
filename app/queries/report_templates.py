"""The template of a scheme's reports with its versions, and how it would look on a real case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor
from app.domain.errors import NotFound
from app.domain.lifecycle import AssessmentStatus
from app.domain.report import Passage
from app.domain.report_template import Problem, filled, read_template
from app.extensions import db
from app.models import Application, Assessment, Organisation, ReportTemplate
from app.queries.report_material import material_of
from app.queries.report_words import built_in, planned_content, planned_heading, template_in_use
from app.queries.schemes import SchemeRow, office_case, office_scheme
from app.queries.subjects import is_seen_by_scheme

MOST_VERSIONS, MOST_CASES = 100, 30


@dataclass(frozen=True)
class TemplateRow:
    """One version of the template. `made_by` is empty where the account is gone."""

    version: int
    note: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class TemplatePage:
    """The template in use. `version` 0 is the one that comes with the product. `cases` are (id, words) to look at it on."""

    scheme: SchemeRow
    version: int
    source: str
    versions: tuple[TemplateRow, ...]
    cases: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Preview:
    """A template on a case. With `problems` there is nothing to show."""

    title: str
    passages: tuple[Passage, ...]
    problems: tuple[Problem, ...]


def template_page(code: str, actor: Actor, action: Action = Action.FRAMEWORKS_SEE) -> TemplatePage:
    """The template of a scheme. Four statements. Raises NotFound, NotAllowed."""
    scheme, session = office_scheme(code, actor, action), db.session()
    current = template_in_use(session, scheme.scheme_id)
    found = session.scalars(
        select(ReportTemplate)
        .where(ReportTemplate.scheme_id == scheme.scheme_id)
        .options(joinedload(ReportTemplate.made_by))
        .order_by(ReportTemplate.version.desc())
        .limit(MOST_VERSIONS)
    )
    rows = tuple(
        TemplateRow(each.version, each.note, each.made_at, each.made_by.name if each.made_by else "") for each in found
    )
    return TemplatePage(scheme, current.version, current.source, rows, _cases(scheme.scheme_id, actor))


def _cases(scheme_id: int, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Cases with something to report on, the latest first, without those of the reader's own organisations."""
    done = exists().where(Assessment.application_id == Application.id, Assessment.status == AssessmentStatus.HANDED_IN)
    found = db.session.execute(
        select(Application.id, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(
            Application.scheme_id == scheme_id,
            is_seen_by_scheme(),
            done,
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
        )
        .order_by(Application.status_at.desc(), Application.id.desc())
        .limit(MOST_CASES)
    ).all()
    return tuple((application_id, f"{name}, case {application_id}") for application_id, name in found)


def template_source(code: str, version: int, actor: Actor) -> tuple[TemplatePage, str]:
    """An earlier version's text, with the page it belongs to. Raises NotFound, NotAllowed."""
    page = template_page(code, actor)
    if not version:
        return page, built_in().source
    found = db.session.scalar(
        select(ReportTemplate.source).where(
            ReportTemplate.scheme_id == page.scheme.scheme_id, ReportTemplate.version == version
        )
    )
    if found is None:
        raise NotFound("There is no such version of the template.")
    return page, found


def preview(code: str, application_id: int, source: str, actor: Actor, today: date) -> Preview:
    """How a template would look on a case. Nothing is kept. Raises NotFound, NotAllowed where the case is closed."""
    template = read_template(source)
    if template.problems:
        return Preview("", (), template.problems)
    _, application = office_case(code, application_id, actor, Action.SEE_CASE, today)
    material = material_of(db.session(), application, today)
    passages = tuple(
        Passage(number, planned.part, planned_heading(planned, material), planned_content(planned, material))
        for number, planned in enumerate(template.paragraphs, 1)
    )
    return Preview(filled(template.title, material.names), passages, ())
