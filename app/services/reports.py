"""Writing a report: begin it from the scheme's template, and edit its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.lifecycle import WRITABLE, ReportStatus
from app.domain.report import LONGEST_PARAGRAPH, MADE, grid_data
from app.domain.report_template import filled
from app.models import Application, Report, ReportParagraph
from app.queries.report_material import Material, material_of
from app.queries.report_words import TemplateText, planned_content, planned_heading, template_in_use
from app.queries.subjects import subject_of
from app.services.casework import record_on, user_id
from app.services.reporting import (
    check_assessed,
    check_newest,
    held_report,
    newest_report,
    require_lead,
    words_today,
)
from app.services.transactions import locked, transaction

LONGEST_TITLE = 500


class ParagraphChanged(Conflict):
    """A colleague, or another window, saved the paragraph after the page was made. Nothing was overwritten."""


@dataclass(frozen=True)
class Saved:
    """A paragraph as it stands after saving."""

    version: int
    saved_at: datetime


def begin_report(application_id: int, *, actor: Actor, now: datetime, today: date, reason: str = "") -> int:
    """Begin the report of an assessed case and return its id; where one is begun already, that one's.

    After a signed one another follows, with a `reason`: what somebody wrote in the last is carried over where the template
    is the same. Raises NotFound, NotAllowed, Conflict while the case is not assessed, Invalid (`reason`).
    """
    check_length(reason, 2_000, "reason")
    with transaction() as session:
        application = locked(session, Application, application_id)
        require(actor, Action.HANDLE_REPORT, subject_of(session, application, today))
        last = newest_report(session, application.id)
        if last is not None and last.status is not ReportStatus.SIGNED:
            return last.id
        check_assessed(application)
        if last is not None and not reason.strip():
            raise Invalid({"reason": "Say why another report is needed. The panel and the provider will read it."})
        template = template_in_use(session, application.scheme_id)
        report = _begun(session, application, template, last, actor, now, today)
        record_on(
            session,
            actor,
            "report.begun",
            report,
            application,
            now,
            round=report.round,
            template=template.version,
            reason=reason.strip(),
        )
        return report.id


def _begun(
    session: Session,
    application: Application,
    template: TemplateText,
    last: Report | None,
    actor: Actor,
    now: datetime,
    today: date,
) -> Report:
    material = material_of(session, application, today)
    read = template.read
    report = Report(
        application_id=application.id,
        round=last.round + 1 if last else 1,
        status=ReportStatus.DRAFT,
        status_at=now,
        title=filled(read.title, material.names)[:LONGEST_TITLE],
        template_version=template.version,
        template_sha256=template.sha256,
        next_number=len(read.paragraphs) + 1,
        made_at=now,
        made_by_id=user_id(actor),
    )
    report.paragraphs = _paragraphs(template, material, now)
    if last is not None and last.template_sha256 == template.sha256:
        _carry_over(last, report)
    session.add(report)
    session.flush()
    return report


def _paragraphs(template: TemplateText, material: Material, now: datetime) -> list[ReportParagraph]:
    found = []
    for number, planned in enumerate(template.read.paragraphs, 1):
        content = planned_content(planned, material)
        found.append(
            ReportParagraph(
                number=number,
                place=number,
                part=planned.part,
                heading=planned_heading(planned, material)[:LONGEST_TITLE],
                text=content.text,
                grid=grid_data(content.grid),
                updated_at=now,
            )
        )
    return found


def _carry_over(last: Report, report: Report) -> None:
    """What somebody wrote in the last report, for the lead assessor to look at again."""
    written = {each.number: each for each in last.paragraphs if each.updated_by_id is not None}
    for each in report.paragraphs:
        if each.number in written:
            each.text, each.updated_by_id = written[each.number].text, written[each.number].updated_by_id


def write_paragraph(
    report_id: int, number: int, text: str, version: int, *, actor: Actor, now: datetime, today: date
) -> Saved:
    """Save the words of one paragraph. `version` is that of the paragraph which the page showed. No words leave it out.

    Saving what stands there already changes nothing. Raises NotFound, NotAllowed, Invalid (`text`), Conflict where the
    report cannot be written in now, ParagraphChanged where somebody else saved it meanwhile.
    """
    check_length(text, LONGEST_PARAGRAPH, "text")
    with transaction() as session:
        report, application, subject = held_report(session, report_id, today)
        require_lead(session, report, actor, subject)
        check_newest(session, report)
        if report.status not in WRITABLE:
            raise Conflict("The report's words cannot change now. Load the page again to see where it stands.")
        row = _written(report, number)
        kept = text.replace("\r\n", "\n").strip()
        if kept == _stands(session, report, row, today):
            return Saved(row.version, row.updated_at)
        if row.version != version:
            who = row.updated_by.name if row.updated_by else "Somebody"
            raise ParagraphChanged(f"{who} saved this paragraph after you opened it. Look at both before you go on.")
        before, row.text = row.text, kept
        _save(row, report, actor, now)
        record_on(
            session, actor, "report.written", report, application, now, paragraph=number, before=before, after=kept
        )
        return Saved(row.version, now)


def _stands(session: Session, report: Report, row: ReportParagraph, today: date) -> str:
    """What the paragraph says now: words that nobody edited are those of the template and the case."""
    if row.updated_by_id is not None:
        return row.text
    every = words_today(session, report, today)
    return next(each.passage.content.text for each in every if each.row is row).strip()


def _written(report: Report, number: int) -> ReportParagraph:
    """The paragraph, if it is one that people write. Raises NotFound, Conflict."""
    row = next((each for each in report.paragraphs if each.number == number), None)
    if row is None:
        raise NotFound("There is no such paragraph.")
    if row.part in MADE:
        raise Conflict(
            "This part is made from the scores, so it cannot be typed. Write what you want to say beside it."
        )
    return row


def _save(row: ReportParagraph, report: Report, actor: Actor, now: datetime) -> None:
    row.version += 1
    row.updated_at, row.updated_by_id = now, user_id(actor)
    report.revision += 1
