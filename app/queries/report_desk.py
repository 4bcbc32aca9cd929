"""The desk of a report: what its assessors and the scheme's managers see and can do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.errors import NotFound
from app.domain.lifecycle import REPORT, WRITABLE, ApplicationStatus, ReportMove, ReportStatus
from app.domain.report import MADE, PART_SAYS, Content, Part, passages_from
from app.domain.report_check import Answered, Ended
from app.domain.working_days import after_working_days
from app.extensions import db
from app.models import Application, Report, ReportCheck, ReportComment
from app.queries.outcomes import handed_in
from app.queries.report_material import is_lead, lead_of, material_of
from app.queries.report_remarks import checks_of, report_terms
from app.queries.report_versions import VersionRow, versions_of
from app.queries.report_words import Live, live, stored, template_of
from app.queries.reports import STATUS_WORDS, newest, scored_since
from app.queries.subjects import application_or_not_found, subject_of


@dataclass(frozen=True)
class ShownEvidence:
    """A piece of evidence beside a comment, in the version that was shown."""

    version_id: int
    title: str
    url: str


@dataclass(frozen=True)
class CommentRow:
    """A comment of the provider with its answer. `answerable` tells whether it can be answered, or the answer changed, now."""

    comment_id: int
    number: int
    text: str
    by: str
    at: datetime
    evidence: tuple[ShownEvidence, ...]
    answered: Answered | None
    answer: str
    answered_by: str
    answerable: bool


@dataclass(frozen=True)
class CheckRow:
    """One check of one version. `comments` are those that say something."""

    version: int
    version_id: int
    sent_at: datetime
    due_on: date
    ended: Ended | None
    ended_at: datetime | None
    ended_by: str
    why: str
    comments: tuple[CommentRow, ...]


@dataclass(frozen=True)
class DeskParagraph:
    """One paragraph. `made` of the case's data, or words: `edited` where somebody wrote in them. `about` says what it is."""

    number: int
    heading: str
    content: Content
    made: bool
    edited: bool
    version: int
    updated_at: datetime
    updated_by: str
    about: str


@dataclass(frozen=True)
class DeskHead:
    """What every page of one report shows. `manages` leads to the case's page, `assessment_id` to the reader's own work."""

    report_id: int
    application_id: int
    round: int
    title: str
    provider: str
    framework: str
    scheme_code: str
    status: ReportStatus
    state: str
    says: str
    lead: str
    leads: bool
    manages: bool
    assessment_id: int | None


@dataclass(frozen=True)
class DeskPage:
    """The report as it stands. The booleans say what the reader can do now; `unanswered` counts comments without an answer."""

    head: DeskHead
    paragraphs: tuple[DeskParagraph, ...]
    checks: tuple[CheckRow, ...]
    versions: tuple[VersionRow, ...]
    unanswered: int
    writes: bool
    can_send: bool
    can_take_back: bool
    can_finish: bool
    can_go_on: bool
    can_sign: bool
    can_begin_another: bool
    assessed: bool
    check_days: int
    earliest: date

    @property
    def open_check(self) -> CheckRow | None:
        return next((each for each in self.checks if each.ended is None), None)


@dataclass(frozen=True)
class BeginPage:
    """A case whose report can be begun. `again` where one is signed already; `stale` where it was scored again since."""

    application_id: int
    provider: str
    framework: str
    scheme_code: str
    assessed: bool
    again: bool
    stale: bool
    manages: bool


def begin_page(application_id: int, actor: Actor, today: date) -> BeginPage | int:
    """The page on which a report is begun, or the id of the one that is being written. Raises NotFound, NotAllowed."""
    session = db.session()
    application = application_or_not_found(session, application_id)
    subject = subject_of(session, application, today)
    require(actor, Action.HANDLE_REPORT, subject)
    report = newest(session, application.id)
    if report is not None and report.status is not ReportStatus.SIGNED:
        return report.id
    return BeginPage(
        application_id=application.id,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        scheme_code=application.edition.scheme.code,
        assessed=application.status is ApplicationStatus.ASSESSED,
        again=report is not None,
        stale=report is not None and scored_since(session, report),
        manages=may(actor, Action.SEE_CASE, subject),
    )


def desk_page(report_id: int, actor: Actor, today: date) -> DeskPage:
    """A report with everything around it. A fixed number of statements. Raises NotFound, NotAllowed."""
    report, subject = handled_report(report_id, actor, today)
    session, application = db.session(), report.application
    head = _head(report, subject, actor)
    checks = tuple(_check(each, report) for each in checks_of(session, report))
    unanswered = sum(not comment.answered for check in checks for comment in check.comments if comment.answerable)
    open_to = REPORT.open_to(report.status)
    assessed = application.status is ApplicationStatus.ASSESSED
    days = report_terms(application.edition.scheme).check_days
    counts = newest(session, application.id) is report
    return DeskPage(
        head=head,
        paragraphs=tuple(_paragraph(each, report) for each in _words(report, today)),
        checks=checks,
        versions=versions_of(session, report),
        unanswered=unanswered,
        writes=head.leads and report.status in WRITABLE,
        can_send=counts and ReportMove.SEND in open_to,
        can_take_back=ReportMove.TAKE_BACK in open_to,
        can_finish=ReportMove.FINISH in open_to,
        can_go_on=ReportMove.GO_ON in open_to,
        can_sign=head.leads and ReportMove.SIGN in open_to,
        can_begin_another=counts and report.status is ReportStatus.SIGNED and assessed,
        assessed=assessed,
        check_days=days,
        earliest=after_working_days(today, days),
    )


def handled_report(report_id: int, actor: Actor, today: date) -> tuple[Report, Subject]:
    """A report whose words the actor may handle. Raises NotFound, NotAllowed."""
    session = db.session()
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound("There is no such page, or it is not open to you.")
    subject = subject_of(session, report.application, today)
    require(actor, Action.HANDLE_REPORT, subject)
    return report, subject


def _words(report: Report, today: date) -> tuple[Live, ...]:
    """The paragraphs with today's data while they are written, then as they were fixed."""
    session = db.session()
    if report.status not in WRITABLE:
        return stored(report)
    return live(report, template_of(session, report), material_of(session, report.application, today))


def _head(report: Report, subject: Subject, actor: Actor) -> DeskHead:
    session, application = db.session(), report.application
    lead = lead_of(session, application)
    return DeskHead(
        report_id=report.id,
        application_id=application.id,
        round=report.round,
        title=report.title,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        scheme_code=application.edition.scheme.code,
        status=report.status,
        state=STATUS_WORDS[report.status],
        says=REPORT.says[report.status],
        lead=lead.name if lead else "",
        leads=may(actor, Action.ASSESS, subject) and is_lead(session, application, actor.user_id),
        manages=may(actor, Action.SEE_CASE, subject),
        assessment_id=_own_assessment(application, actor),
    )


def _own_assessment(application: Application, actor: Actor) -> int | None:
    return next(
        (each.id for each in handed_in(db.session(), application.id) if each.assessor_id == actor.user_id), None
    )


def _paragraph(each: Live, report: Report) -> DeskParagraph:
    row, passage = each.row, each.passage
    return DeskParagraph(
        number=passage.number,
        heading=passage.heading,
        content=passage.content,
        made=passage.part in MADE,
        edited=each.edited,
        version=row.version,
        updated_at=row.updated_at,
        updated_by=row.updated_by.name if row.updated_by else "",
        about="" if passage.part is Part.WORDS else PART_SAYS[passage.part],
    )


def _check(check: ReportCheck, report: Report) -> CheckRow:
    return CheckRow(
        version=check.version.number,
        version_id=check.version_id,
        sent_at=check.sent_at,
        due_on=check.due_on,
        ended=check.ended,
        ended_at=check.ended_at,
        ended_by=check.ended_by.name if check.ended_by else "",
        why=check.why,
        comments=tuple(comment_row(each, check, report) for each in check.comments if each.text)
        if check.ended is Ended.COMMENTS
        else (),  # what was not handed in is the provider's own
    )


def comment_row(comment: ReportComment, check: ReportCheck, report: Report) -> CommentRow:
    """One comment with its answer. Statements for the people who wrote, each once."""
    return CommentRow(
        comment_id=comment.id,
        number=comment.number,
        text=comment.text,
        by=comment.updated_by.name,
        at=comment.updated_at,
        evidence=tuple(
            ShownEvidence(each.version_id, each.version.title or each.version.item.title, each.version.url)
            for each in comment.evidence
        ),
        answered=comment.answered,
        answer=comment.answer,
        answered_by=comment.answered_by.name if comment.answered_by else "",
        answerable=report.status is ReportStatus.ANSWERED and check.ended is Ended.COMMENTS,
    )


@dataclass(frozen=True)
class WritePage:
    """One paragraph that is written, with what the provider said of it and the ones before and after it."""

    head: DeskHead
    paragraph: DeskParagraph
    comments: tuple[CommentRow, ...]
    writes: bool
    previous: int | None
    next: int | None


def write_page(report_id: int, number: int, actor: Actor, today: date) -> WritePage:
    """The page of one paragraph's words. Raises NotFound, NotAllowed."""
    page = desk_page(report_id, actor, today)
    written = [each for each in page.paragraphs if not each.made]
    place = next((index for index, each in enumerate(written) if each.number == number), None)
    if place is None:
        raise NotFound("There is no such paragraph to write in.")
    return WritePage(
        head=page.head,
        paragraph=written[place],
        comments=tuple(each for check in page.checks for each in check.comments if each.number == number),
        writes=page.writes,
        previous=written[place - 1].number if place else None,
        next=written[place + 1].number if place + 1 < len(written) else None,
    )


@dataclass(frozen=True)
class AnswerPage:
    """One comment, to be answered, with the paragraph as the provider saw it."""

    head: DeskHead
    comment: CommentRow
    version: int
    heading: str
    content: Content
    writable: bool


def answer_page(report_id: int, comment_id: int, actor: Actor, today: date) -> AnswerPage:
    """The page on which a comment is answered. Raises NotFound, NotAllowed."""
    report, subject = handled_report(report_id, actor, today)
    for check in checks_of(db.session(), report):
        for comment in check.comments:
            if comment.id == comment_id and check.ended is Ended.COMMENTS:
                seen = next(each for each in passages_from(check.version.content) if each.number == comment.number)
                return AnswerPage(
                    head=_head(report, subject, actor),
                    comment=comment_row(comment, check, report),
                    version=check.version.number,
                    heading=seen.heading,
                    content=seen.content,
                    writable=seen.part not in MADE,
                )
    raise NotFound("There is no such comment.")
