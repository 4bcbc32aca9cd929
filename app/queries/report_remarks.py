"""What the provider said to a report and what was answered; and what a scheme asks of reports."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.certificates.report_document import Remark
from app.domain.report import CHECK_DAYS
from app.domain.report_check import ANSWERED_SAYS, Ended
from app.domain.uk_time import uk_day
from app.domain.wording import counted, dated
from app.models import EvidenceVersion, Report, ReportCheck, ReportComment, ReportCommentEvidence, Scheme

MOST_CHECKS = 20


@dataclass(frozen=True)
class ReportTerms:
    """What a scheme asks: whether a panel needs a signed report, and how many working days a provider has to check one."""

    required: bool
    check_days: int


def report_terms(scheme: Scheme) -> ReportTerms:
    """The scheme's terms, as its scheme.yaml says. No statement."""
    said = scheme.details.get("report") or {}
    return ReportTerms(bool(said.get("required", False)), int(said.get("check_days", CHECK_DAYS)))


def checks_of(session: Session, report: Report) -> list[ReportCheck]:
    """The checks of a report with their comments and evidence, the earliest first. Three statements at most."""
    return list(
        session.scalars(
            select(ReportCheck)
            .where(ReportCheck.report_id == report.id)
            .options(
                joinedload(ReportCheck.version),
                selectinload(ReportCheck.comments)
                .selectinload(ReportComment.evidence)
                .joinedload(ReportCommentEvidence.version)
                .joinedload(EvidenceVersion.item),
                selectinload(ReportCheck.comments).joinedload(ReportComment.updated_by),
                selectinload(ReportCheck.comments).joinedload(ReportComment.answered_by),
                joinedload(ReportCheck.ended_by),
            )
            .order_by(ReportCheck.id)
            .limit(MOST_CHECKS)
            .execution_options(populate_existing=True)
        ).unique()
    )


def remarks_of(session: Session, report: Report) -> tuple[Remark, ...]:
    """Every comment that was handed in, with its answer, in the order of checks and paragraphs."""
    return tuple(
        Remark(
            version=check.version.number,
            number=comment.number,
            text=comment.text,
            shown=tuple(each.version.title or each.version.item.title for each in comment.evidence),
            verdict=ANSWERED_SAYS[comment.answered] if comment.answered else "Not answered",
            answer=comment.answer,
        )
        for check in checks_of(session, report)
        if check.ended is Ended.COMMENTS
        for comment in check.comments
        if comment.text
    )


def check_words(session: Session, report: Report) -> str:
    """How each check of a report ended, in sentences."""
    return " ".join(_ended(check) for check in checks_of(session, report) if check.ended_at is not None)


def _ended(check: ReportCheck) -> str:
    sent, number = dated(uk_day(check.sent_at)), check.version.number
    assert check.ended_at is not None and check.ended is not None  # only of checks that ended
    on = dated(uk_day(check.ended_at))
    if check.ended is Ended.COMMENTS:
        said = sum(bool(comment.text) for comment in check.comments)
        return f"Version {number} went to the provider on {sent}. It commented on {counted(said, 'paragraph')} by {on}."
    if check.ended is Ended.NO_MISTAKES:
        return f"Version {number} went to the provider on {sent}. It found no mistakes ({on})."
    if check.ended is Ended.TAKEN_BACK:
        return f"Version {number} went to the provider on {sent} and was taken back on {on}."
    return (
        f"Version {number} went to the provider on {sent}. It did not answer by {dated(check.due_on)}, so it counts as read "
        "without comments."
    )


def cases_commented_by(version_id: int) -> Select[tuple[int]]:
    """The applications on whose reports a version of a piece of evidence was shown beside a comment that was handed in."""
    return (
        select(Report.application_id)
        .join(ReportCheck, ReportCheck.report_id == Report.id)
        .join(ReportComment, ReportComment.check_id == ReportCheck.id)
        .join(ReportCommentEvidence, ReportCommentEvidence.comment_id == ReportComment.id)
        .where(ReportCommentEvidence.version_id == version_id, ReportCheck.ended == Ended.COMMENTS)
    )
