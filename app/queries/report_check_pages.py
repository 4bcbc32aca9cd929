"""The report as its provider checks it: the version that was sent, paragraph by paragraph, with what is said to each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.access import Action, Actor
from app.domain.errors import NotFound
from app.domain.lifecycle import ReportStatus
from app.domain.report import Passage, passages_from
from app.extensions import db
from app.models import Report, ReportCheck, ReportComment
from app.queries.answers import offered
from app.queries.report_desk import CheckRow, ShownEvidence, comment_row
from app.queries.report_remarks import checks_of
from app.queries.report_versions import TOLD, VersionRow, versions_of
from app.queries.reports import newest
from app.queries.self_assessments import own_application


@dataclass(frozen=True)
class CheckedParagraph:
    """A paragraph of the version that is checked, with the comment on it so far."""

    passage: Passage
    comment: str
    by: str
    evidence: tuple[ShownEvidence, ...]


@dataclass(frozen=True)
class CheckPage:
    """The report as the provider's people see it. `version` is None before any was sent. `open` while it can be checked."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    status: ReportStatus | None
    report_id: int | None
    version: VersionRow | None
    title: str
    paragraphs: tuple[CheckedParagraph, ...]
    open: bool
    due_on: date | None
    written: int
    past: tuple[CheckRow, ...]
    versions: tuple[VersionRow, ...]


def check_page(application_id: int, actor: Actor) -> CheckPage:
    """The report of one's own application. A fixed number of statements. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor, Action.CHECK_REPORT)
    session = db.session()
    report = newest(session, application.id)
    checks = checks_of(session, report) if report else []
    going = next((each for each in checks if each.ended is None), None)
    versions = versions_of(session, report) if report else ()
    shown = _paragraphs(going) if going else ()
    return CheckPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        status=report.status if report and versions else None,
        report_id=report.id if report and versions else None,
        version=next((each for each in versions if going and each.version_id == going.version_id), None)
        or (versions[0] if versions else None),
        title=going.version.title if going else "",
        paragraphs=shown,
        open=going is not None,
        due_on=going.due_on if going else None,
        written=sum(bool(each.comment) for each in shown),
        past=tuple(_past(each, report) for each in checks if each.ended is not None) if report else (),
        versions=versions,
    )


def _paragraphs(check: ReportCheck) -> tuple[CheckedParagraph, ...]:
    said = {each.number: each for each in check.comments}
    return tuple(_paragraph(each, said.get(each.number)) for each in passages_from(check.version.content))


def _paragraph(passage: Passage, comment: ReportComment | None) -> CheckedParagraph:
    if comment is None:
        return CheckedParagraph(passage, "", "", ())
    evidence = tuple(
        ShownEvidence(each.version_id, each.version.title or each.version.item.title, each.version.url)
        for each in comment.evidence
    )
    return CheckedParagraph(passage, comment.text, comment.updated_by.name, evidence)


def _past(check: ReportCheck, report: Report) -> CheckRow:
    """An ended check with what was said in it, and the answers as soon as a version goes out with them."""
    rows = tuple(comment_row(each, check, report) for each in check.comments if each.text)
    if report.status not in TOLD:
        rows = tuple(replace(each, answered=None, answer="", answered_by="") for each in rows)
    return CheckRow(
        version=check.version.number,
        version_id=check.version_id,
        sent_at=check.sent_at,
        due_on=check.due_on,
        ended=check.ended,
        ended_at=check.ended_at,
        ended_by=check.ended_by.name if check.ended_by else "",
        why=check.why,
        comments=rows,
    )


@dataclass(frozen=True)
class CommentPage:
    """One paragraph to comment on. `version` is that of the comment, 0 where there is none; `library` what could be shown."""

    application_id: int
    organisation_id: int
    report_id: int
    passage: Passage
    comment: str
    comment_version: int
    updated_at: datetime | None
    evidence: tuple[ShownEvidence, ...]
    library: tuple[tuple[int, str], ...]
    due_on: date
    previous: int | None
    next: int | None


def comment_page(application_id: int, number: int, actor: Actor) -> CommentPage:
    """The page on which a paragraph is commented on. Raises NotFound, also once the check is over, NotAllowed."""
    application = own_application(application_id, actor, Action.CHECK_REPORT)
    session = db.session()
    report = newest(session, application.id)
    check = next((each for each in checks_of(session, report) if each.ended is None), None) if report else None
    if report is None or check is None:
        raise NotFound("No report waits for your check.")
    shown = _paragraphs(check)
    numbers = [each.passage.number for each in shown]
    if number not in numbers:
        raise NotFound("There is no such paragraph.")
    place = numbers.index(number)
    comment = next((each for each in check.comments if each.number == number), None)
    attached = {each.version.item_id for each in comment.evidence} if comment else set()
    return CommentPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        report_id=report.id,
        passage=shown[place].passage,
        comment=shown[place].comment,
        comment_version=comment.version if comment else 0,
        updated_at=comment.updated_at if comment else None,
        evidence=shown[place].evidence,
        library=offered(application.organisation_id, attached),
        due_on=check.due_on,
        previous=numbers[place - 1] if place else None,
        next=numbers[place + 1] if place + 1 < len(numbers) else None,
    )
