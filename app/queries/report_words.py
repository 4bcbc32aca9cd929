"""The words of a report: the scheme's template in use, and the paragraphs that it and the case make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.report import MADE, Content, Part, Passage, grid_from
from app.domain.report_template import Planned, Template, filled, read_template
from app.models import Report, ReportParagraph, ReportTemplate
from app.queries.report_material import Material

BUILT_IN = Path(__file__).with_name("report_template.txt")


@dataclass(frozen=True)
class TemplateText:
    """A template's text. `version` 0 is the one that comes with the product."""

    version: int
    source: str

    @property
    def sha256(self) -> str:
        return sha256(self.source.encode()).hexdigest()

    @property
    def read(self) -> Template:
        return _read(self.source)


@lru_cache(maxsize=32)
def _read(source: str) -> Template:
    return read_template(source)


@lru_cache(maxsize=1)
def built_in() -> TemplateText:
    """The template that comes with the product."""
    return TemplateText(0, BUILT_IN.read_text("utf-8"))


def template_in_use(session: Session, scheme_id: int) -> TemplateText:
    """The newest template of a scheme, or the one that comes with the product. One statement."""
    row = session.execute(
        select(ReportTemplate.version, ReportTemplate.source)
        .where(ReportTemplate.scheme_id == scheme_id)
        .order_by(ReportTemplate.version.desc())
        .limit(1)
    ).first()
    return TemplateText(row.version, row.source) if row else built_in()


def template_of(session: Session, report: Report) -> Template | None:
    """The template that a report was begun from; None where it is no longer there as it was. One statement at most."""
    text = built_in()
    if report.template_version:
        source = session.scalar(
            select(ReportTemplate.source).where(
                ReportTemplate.scheme_id == report.application.scheme_id,
                ReportTemplate.version == report.template_version,
            )
        )
        text = TemplateText(report.template_version, source or "")
    return text.read if text.sha256 == report.template_sha256 else None


def planned_heading(planned: Planned, material: Material) -> str:
    return filled(planned.heading, material.names)


def planned_content(planned: Planned, material: Material) -> Content:
    """What a paragraph of the template says of a case."""
    if planned.part is Part.WORDS:
        return Content(filled(planned.words, material.names))
    return material.parts[planned.part]


@dataclass(frozen=True)
class Live:
    """A paragraph as it stands with the case's data of today. `edited` tells that somebody wrote in it."""

    row: ReportParagraph
    passage: Passage
    edited: bool


def live(report: Report, template: Template | None, material: Material) -> tuple[Live, ...]:
    """The paragraphs of a report that is being written: parts and words that nobody edited are made anew. No statement."""
    planned = template.paragraphs if template else ()
    return tuple(_live(row, planned, material) for row in report.paragraphs)


def _live(row: ReportParagraph, planned: tuple[Planned, ...], material: Material) -> Live:
    edited = row.updated_by_id is not None
    plan = planned[row.number - 1] if row.number <= len(planned) and planned[row.number - 1].part is row.part else None
    heading = planned_heading(plan, material) if plan else row.heading
    if row.part in MADE:
        content = material.parts[row.part]
    elif plan and not edited:
        content = planned_content(plan, material)
    else:
        content = Content(row.text)
    return Live(row, Passage(row.number, row.part, heading, content), edited)


def stored(report: Report) -> tuple[Live, ...]:
    """The paragraphs of a report whose words are fixed, as they were fixed."""
    return tuple(
        Live(
            row,
            Passage(row.number, row.part, row.heading, Content(row.text, grid_from(row.grid))),
            row.updated_by_id is not None,
        )
        for row in report.paragraphs
    )


def printed(passages: Iterable[Live]) -> tuple[Passage, ...]:
    """What goes into a version: every paragraph that says something. An emptied one leaves its number behind."""
    return tuple(each.passage for each in passages if not each.passage.content.empty)
