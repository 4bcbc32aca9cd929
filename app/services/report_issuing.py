"""Sending a report to its provider, taking it back, finishing and signing it. What goes out is a version that never changes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.certificates.report_document import ReportDocument
from app.domain.access import Action, Actor, Role, require
from app.domain.errors import Conflict, Incomplete, Invalid
from app.domain.lifecycle import REPORT, ReportMove
from app.domain.report import MADE
from app.domain.report_check import Ended
from app.domain.topics import Topic
from app.domain.wording import dated
from app.domain.working_days import after_working_days
from app.models import Application, Report, ReportCheck, ReportComment, ReportCommentEvidence, User
from app.queries.report_material import lead_of
from app.queries.report_remarks import check_words, checks_of, remarks_of, report_terms
from app.queries.report_words import printed, stored
from app.services.casework import edition_words, mail_leads, record_on, user_id
from app.services.reporting import (
    Press,
    check_assessed,
    check_newest,
    document_of,
    documents,
    fix_words,
    held_report,
    keep_version,
    next_number,
    require_lead,
    words_today,
)
from app.services.telling import officers_of, people_of, tell
from app.services.transactions import transaction

CHANGED = "The report was changed while its documents were made. Look at it again, then send it."


def send_report(report_id: int, due_on: date | None, *, press: Press, actor: Actor, now: datetime, today: date) -> int:
    """Send the report as a new version for the provider to check by `due_on`. Returns the version's number.

    Raises NotFound, NotAllowed, IllegalMove, Invalid (`due_on`), Incomplete where a comment of the last check has no answer,
    Conflict while the case is not assessed or where the words changed meanwhile, StorageFull.
    """
    with transaction() as session:
        report, application, document = _to_send(session, report_id, due_on, actor, today)
        revision = report.revision
    made = documents(document, press)
    with transaction() as session:
        report, application, document = _to_send(session, report_id, due_on, actor, today)
        if report.revision != revision or document != made.document:
            raise Conflict(CHANGED)
        assert due_on is not None  # checked with the document
        fix_words(words_today(session, report, today))
        version = keep_version(session, report, made, actor, now)
        report.make(ReportMove.SEND, now)
        check = ReportCheck(
            report_id=report.id, version_id=version.id, sent_at=now, sent_by_id=user_id(actor), due_on=due_on
        )
        _carry_comments(session, report, check, {each.number for each in document.passages})
        session.add(check)
        record_on(
            session,
            actor,
            "report.sent",
            report,
            application,
            now,
            version=version.number,
            sha256=version.sha256,
            pdf=version.pdf_key,
            docx=version.docx_key,
            due_on=str(due_on),
        )
        _tell_provider(session, application, "report_to_check", now, due_on=due_on)
        return version.number


def _carry_comments(session: Session, report: Report, check: ReportCheck, numbers: set[int]) -> None:
    """What the provider wrote in a check that was taken back goes on in the next: nothing they typed is lost."""
    checks = checks_of(session, report)
    if not checks or checks[-1].ended is not Ended.TAKEN_BACK:
        return
    for comment in checks[-1].comments:
        if comment.text and comment.number in numbers:
            values = {"updated_at": comment.updated_at, "updated_by_id": comment.updated_by_id}
            again = ReportComment(number=comment.number, text=comment.text, version=1, **values)
            again.evidence = [ReportCommentEvidence(version_id=each.version_id) for each in comment.evidence]
            check.comments.append(again)


def _to_send(
    session: Session, report_id: int, due_on: date | None, actor: Actor, today: date
) -> tuple[Report, Application, ReportDocument]:
    """The report, held, and the document that would go out today. Raises as `send_report`."""
    report, application, subject = held_report(session, report_id, today)
    require(actor, Action.HANDLE_REPORT, subject)
    check_newest(session, report)
    REPORT.after(report.status, ReportMove.SEND)
    check_assessed(application)
    _check_due(application, due_on, today)
    _check_answered(session, report)
    passages = printed(words_today(session, report, today))
    if not passages:
        raise Incomplete("The report says nothing yet. Write at least one paragraph.")
    return report, application, document_of(report, next_number(session, report), passages, today)


def _check_due(application: Application, due_on: date | None, today: date) -> None:
    days = report_terms(application.edition.scheme).check_days
    earliest = after_working_days(today, days)
    if due_on is None:
        raise Invalid({"due_on": "Enter the last day on which the provider can comment."})
    if due_on < earliest:
        raise Invalid(
            {"due_on": f"The provider has at least {days} working days. Enter {dated(earliest)} or a later day."}
        )


def _check_answered(session: Session, report: Report) -> None:
    """Raises Incomplete, naming the paragraphs whose comments have no answer."""
    waiting = session.scalars(
        select(ReportComment.number)
        .join(ReportCheck, ReportCheck.id == ReportComment.check_id)
        .where(
            ReportCheck.report_id == report.id,
            ReportCheck.ended == Ended.COMMENTS,
            ReportComment.text != "",
            ReportComment.answered.is_(None),
        )
        .order_by(ReportComment.number)
    ).all()
    if waiting:
        named = ", ".join(map(str, waiting[:10]))
        raise Incomplete(
            f"Answer the provider's {'comment' if len(waiting) == 1 else 'comments'} on paragraph {named} first.",
            tuple(map(str, waiting)),
        )


def _tell_provider(session: Session, application: Application, template: str, now: datetime, **values: object) -> None:
    tell(
        session,
        people_of(session, application.organisation_id),
        template,
        now,
        topic=Topic.REQUESTS,
        provider=application.organisation.name,
        framework=edition_words(application),
        application_id=application.id,
        **values,
    )


def take_back(report_id: int, why: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Take a report back that is with the provider. What they wrote so far is kept. Raises NotFound, NotAllowed,
    IllegalMove, Invalid (`why`).
    """
    if not why.strip():
        raise Invalid({"why": "Say why you take it back. The provider will read it."})
    with transaction() as session:
        report, application, subject = held_report(session, report_id, today)
        require(actor, Action.HANDLE_REPORT, subject)
        report.make(ReportMove.TAKE_BACK, now)
        check = open_check(session, report)
        check.ended, check.ended_at, check.ended_by_id = Ended.TAKEN_BACK, now, user_id(actor)
        check.why = why.strip()
        record_on(session, actor, "report.taken-back", report, application, now, reason=check.why)
        _tell_provider(session, application, "report_taken_back", now, why=check.why)


def open_check(session: Session, report: Report) -> ReportCheck:
    """The check that is going on: there is one while the report is with the provider."""
    return session.scalars(
        select(ReportCheck).where(ReportCheck.report_id == report.id, ReportCheck.ended.is_(None)).with_for_update()
    ).one()


def finish_report(report_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Fix the words, for the lead assessor to sign. Raises NotFound, NotAllowed, IllegalMove, Conflict, Incomplete."""
    with transaction() as session:
        report, application, subject = held_report(session, report_id, today)
        require(actor, Action.HANDLE_REPORT, subject)
        check_newest(session, report)
        report.make(ReportMove.FINISH, now)
        check_assessed(application)
        _check_answered(session, report)
        fix_words(words_today(session, report, today))
        report.revision += 1
        record_on(session, actor, "report.finished", report, application, now)


def go_on_writing(report_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Open the words of a finished report again. Raises NotFound, NotAllowed, IllegalMove."""
    with transaction() as session:
        report, application, subject = held_report(session, report_id, today)
        require(actor, Action.HANDLE_REPORT, subject)
        report.make(ReportMove.GO_ON, now)
        record_on(session, actor, "report.opened-again", report, application, now)


def sign_report(report_id: int, *, confirmed: bool, press: Press, actor: Actor, now: datetime, today: date) -> int:
    """Sign the finished report as its lead assessor. Returns the number of the signed version.

    Raises NotFound, NotAllowed, IllegalMove, Invalid (`confirmed`), StorageFull, and Conflict while the case is not
    assessed or where the scores or facts have moved since the words were fixed.
    """
    if not confirmed:
        raise Invalid({"confirmed": "Tick the box to say that this is the report of the assessment that you led."})
    with transaction() as session:
        report, application, document = _to_sign(session, report_id, actor, today)
        revision = report.revision
    made = documents(document, press)
    with transaction() as session:
        report, application, document = _to_sign(session, report_id, actor, today)
        if report.revision != revision or document != made.document:
            raise Conflict(CHANGED)
        version = keep_version(session, report, made, actor, now, signed=True)
        report.make(ReportMove.SIGN, now)
        report.signed_at, report.signed_by_id = now, user_id(actor)
        record_on(
            session,
            actor,
            "report.signed",
            report,
            application,
            now,
            version=version.number,
            sha256=version.sha256,
            pdf=version.pdf_key,
            docx=version.docx_key,
        )
        _tell_signed(session, application, actor, now)
        return version.number


def _to_sign(session: Session, report_id: int, actor: Actor, today: date) -> tuple[Report, Application, ReportDocument]:
    report, application, subject = held_report(session, report_id, today)
    require_lead(session, report, actor, subject)
    check_newest(session, report)
    REPORT.after(report.status, ReportMove.SIGN)
    check_assessed(application)
    _check_still_so(session, report, today)
    document = document_of(
        report,
        next_number(session, report),
        printed(stored(report)),
        today,
        check=check_words(session, report),
        remarks=remarks_of(session, report),
        signed_by=actor.name,
    )
    return report, application, document


def _check_still_so(session: Session, report: Report, today: date) -> None:
    """Raises Conflict where what is made from the case's data is no longer what the finished report says."""
    fixed = {each.passage.number: each.passage for each in stored(report)}
    moved = [
        str(each.passage.number)
        for each in words_today(session, report, today)
        if each.passage.part in MADE and each.passage.content != fixed[each.passage.number].content
    ]
    if moved:
        raise Conflict(
            f"The scores or facts behind paragraph {', '.join(moved[:5])} have changed since the report was finished. Go on "
            "writing, look at it again, and finish it anew."
        )


def _tell_signed(session: Session, application: Application, actor: Actor, now: datetime) -> None:
    mail_leads(session, application, "report_signed", now, topic=Topic.DECISIONS, lead=actor.name, scheme="")
    tell(
        session,
        officers_of(session, application.scheme_id, Role.MANAGER),
        "report_signed",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        application_id=application.id,
        lead=actor.name,
        scheme=application.edition.scheme.code,
    )


def who_writes(session: Session, report: Report) -> list[User]:
    """Who is told what the provider does with a report: its lead assessor and whoever sent it."""
    lead = lead_of(session, report.application)
    sender = session.scalars(
        select(User)
        .join(ReportCheck, ReportCheck.sent_by_id == User.id)
        .where(ReportCheck.report_id == report.id)
        .order_by(ReportCheck.id.desc())
        .limit(1)
    ).first()
    found = [each for each in (lead, sender) if each is not None and each.closed_at is None]
    return list({each.id: each for each in found}.values())
