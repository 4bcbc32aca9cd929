"""The provider's check of a report for mistakes of fact, and the assessors' answers to what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import NOBODY, Action, Actor, require
from app.domain.errors import Conflict, Incomplete, Invalid, NotFound, check_length
from app.domain.evidence import checked
from app.domain.lifecycle import ReportMove, ReportStatus
from app.domain.report import LONGEST_COMMENT, passages_from
from app.domain.report_check import Answered, Ended
from app.domain.topics import Topic
from app.models import Application, EvidenceVersion, Report, ReportCheck, ReportComment, ReportCommentEvidence
from app.queries.self_assessments import own_subject
from app.services.casework import edition_words, record_on, user_id
from app.services.evidence import NewEvidence, newest_version_id
from app.services.evidence_items import make_item, own_item
from app.services.report_issuing import open_check, who_writes
from app.services.reporting import held_report
from app.services.telling import tell
from app.services.transactions import locked, transaction
from app.services.uploads import keep_upload

MOST_SHOWN = 20
CLOSED = "The check of this report is over, so nothing more can be written. Your words are still in the form."


class CommentChanged(Conflict):
    """A colleague, or another window, saved the comment after the page was made. Nothing was overwritten."""


@dataclass(frozen=True)
class SavedComment:
    """A comment as it stands after saving."""

    version: int
    saved_at: datetime


def write_comment(report_id: int, number: int, text: str, version: int, *, actor: Actor, now: datetime) -> SavedComment:
    """Save what the provider says is wrong in one paragraph; `version` is what the page showed, 0 for none yet.

    No words take the comment back. Raises NotFound, NotAllowed, Invalid (`text`), Conflict once the check is over,
    CommentChanged where a colleague saved it meanwhile.
    """
    check_length(text, LONGEST_COMMENT, "text")
    with transaction() as session:
        report, application, check = _open(session, report_id, actor)
        comment, kept = _comment(session, check, number), text.replace("\r\n", "\n").strip()
        if comment is None and not kept:
            return SavedComment(0, now)
        if comment is not None and comment.text == kept:
            return SavedComment(comment.version, comment.updated_at)
        if (comment.version if comment else 0) != version:
            who = comment.updated_by.name if comment else "Somebody"
            raise CommentChanged(f"{who} saved this comment after you opened it. Look at both before you go on.")
        comment = comment or _new_comment(session, check, number, actor, now)
        comment.text, comment.version = kept, version + 1
        comment.updated_at, comment.updated_by_id = now, user_id(actor)
        record_on(session, actor, "report.commented", report, application, now, paragraph=number)
        return SavedComment(comment.version, now)


def _open(session: Session, report_id: int, actor: Actor) -> tuple[Report, Application, ReportCheck]:
    """The report that is with the provider, held, and its check. Raises NotFound, NotAllowed, Conflict."""
    found = session.get(Report, report_id)
    application = locked(session, Application, found.application_id if found else 0)
    require(actor, Action.CHECK_REPORT, own_subject(application))
    report = locked(session, Report, report_id)
    if report.status is not ReportStatus.WITH_PROVIDER:
        raise Conflict(CLOSED)
    return report, application, open_check(session, report)


def _comment(session: Session, check: ReportCheck, number: int) -> ReportComment | None:
    if number not in {each.number for each in passages_from(check.version.content)}:
        raise NotFound("There is no such paragraph in this version.")
    return session.scalars(
        select(ReportComment).where(ReportComment.check_id == check.id, ReportComment.number == number)
    ).first()


def _new_comment(session: Session, check: ReportCheck, number: int, actor: Actor, now: datetime) -> ReportComment:
    comment = ReportComment(
        check_id=check.id, number=number, version=0, updated_at=now, updated_by_id=user_id(actor), text=""
    )
    session.add(comment)
    session.flush()
    return comment


def show_evidence(
    report_id: int,
    number: int,
    *,
    storage: Storage,
    actor: Actor,
    now: datetime,
    today: date,
    item_ids: tuple[int, ...] = (),
    new: NewEvidence | None = None,
) -> None:
    """Show evidence beside a comment, in the version that there is now: of the library, or brought new into it.

    Raises NotFound, NotAllowed, Invalid (`item`, or of what was brought), AlreadyInLibrary, StorageFull, Conflict.
    """
    if not item_ids and new is None:
        raise Invalid({"item": "Choose a piece of evidence, or add one."})
    with transaction() as session:
        _, application, check = _open(session, report_id, actor)
        organisation_id = application.organisation_id
        if _comment(session, check, number) is None:
            raise Invalid({"item": "Write the comment first, then show what proves it."})
    contents = (
        checked(new.kind, new.called, new.contents, has_file=new.upload is not None, today=today) if new else None
    )
    kept = keep_upload(new.upload, storage) if new else None
    with transaction() as session:
        report, application, check = _open(session, report_id, actor)
        items = [own_item(session, item_id, actor) for item_id in dict.fromkeys(item_ids)]
        if new is not None and contents is not None:
            items.append(make_item(session, organisation_id, new.kind, new.called, contents, kept, actor, now))
            session.flush()
        if any(item.organisation_id != organisation_id for item in items):
            raise NotFound("There is no such evidence.")
        versions = [newest_version_id(session, item.id) for item in items]
        _show(session, check, number, versions)
        record_on(
            session,
            actor,
            "report.evidence-shown",
            report,
            application,
            now,
            paragraph=number,
            items=[item.id for item in items],
        )


def _show(session: Session, check: ReportCheck, number: int, versions: list[int]) -> None:
    comment = _comment(session, check, number)
    assert comment is not None  # looked at before anything was kept; comments are never deleted
    shown = {each.version_id for each in comment.evidence}
    if len(shown | set(versions)) > MOST_SHOWN:
        raise Invalid({"item": f"At most {MOST_SHOWN} pieces of evidence stand beside a comment."})
    for version_id in dict.fromkeys(versions):
        if version_id not in shown:
            session.add(ReportCommentEvidence(comment_id=comment.id, version_id=version_id))
            session.get_one(EvidenceVersion, version_id).handed_in = True  # the assessors go on finding what was shown


def hand_in_comments(report_id: int, *, actor: Actor, now: datetime) -> None:
    """Hand in what was written. Raises NotFound, NotAllowed, Conflict, Incomplete where there is no comment."""
    with transaction() as session:
        report, _, check = _open(session, report_id, actor)
        if not _written(session, check):
            raise Incomplete("Nothing is written yet. Comment on a paragraph, or say that you found no mistakes.")
        end_check(session, report, check, Ended.COMMENTS, ReportMove.COMMENT, actor, now)


def find_no_mistakes(report_id: int, *, actor: Actor, now: datetime) -> None:
    """Say that nothing in the report is wrong. Raises NotFound, NotAllowed, Conflict where a comment is written."""
    with transaction() as session:
        report, _, check = _open(session, report_id, actor)
        if _written(session, check):
            raise Conflict("There are comments. Hand them in, or empty them first if they no longer stand.")
        end_check(session, report, check, Ended.NO_MISTAKES, ReportMove.FIND_NO_MISTAKES, actor, now)


def _written(session: Session, check: ReportCheck) -> int:
    return len(
        session.scalars(
            select(ReportComment.id).where(ReportComment.check_id == check.id, ReportComment.text != "")
        ).all()
    )


def end_check(
    session: Session, report: Report, check: ReportCheck, ended: Ended, move: ReportMove, actor: Actor, now: datetime
) -> None:
    """End the open check and tell those who write the report. For the use-cases here and for the clock."""
    report.make(move, now)
    application = report.application
    check.ended, check.ended_at = ended, now
    check.ended_by_id = None if actor is NOBODY else user_id(actor)
    said = _written(session, check)
    record_on(session, actor, "report.checked", report, application, now, ended=ended.value, comments=said)
    tell(
        session,
        who_writes(session, report),
        "report_checked",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        ended=ended.value,
        comments=said,
        report_id=report.id,
    )


def answer_comment(
    report_id: int, comment_id: int, answered: str, words: str, *, actor: Actor, now: datetime, today: date
) -> None:
    """Answer one comment of the provider: accepted, or not accepted with why. It can be changed until the report is finished.

    Raises NotFound, NotAllowed, Invalid (`answered`, `answer`), Conflict where the report is not being answered now.
    """
    check_length(words, LONGEST_COMMENT, "answer")
    with transaction() as session:
        report, application, subject = held_report(session, report_id, today)
        require(actor, Action.HANDLE_REPORT, subject)
        comment = session.get(ReportComment, comment_id)
        if comment is None or comment.check.report_id != report.id or comment.check.ended is not Ended.COMMENTS:
            raise NotFound("There is no such comment.")
        if report.status is not ReportStatus.ANSWERED:
            raise Conflict("Comments are answered between the provider's check and the finished report.")
        verdict = _verdict(answered, words)
        before = comment.answered.value if comment.answered else None
        comment.answered, comment.answer = verdict, words.replace("\r\n", "\n").strip()
        comment.answered_at, comment.answered_by_id = now, user_id(actor)
        record_on(
            session,
            actor,
            "report.comment-answered",
            report,
            application,
            now,
            paragraph=comment.number,
            before=before,
            after=verdict.value,
            reason=comment.answer,
        )


def _verdict(answered: str, words: str) -> Answered:
    if answered not in set(Answered):
        raise Invalid({"answered": "Choose whether the comment is accepted."})
    verdict = Answered(answered)
    if verdict is Answered.NOT_ACCEPTED and not words.strip():
        raise Invalid({"answer": "Say why it is not accepted. The provider and the panel will read it."})
    return verdict
