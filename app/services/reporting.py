"""What the use-cases of a report share: the report held with its case, who may do what to it, its words. No use-case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.certificates.report_document import Remark, ReportDocument
from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus
from app.domain.report import Passage, fingerprint, grid_data, passages_data
from app.models import Application, Report, ReportVersion
from app.queries.frameworks import scheme_details
from app.queries.report_material import is_lead, material_of
from app.queries.report_words import Live, live, template_of
from app.queries.subjects import subject_of
from app.services.casework import edition_words, user_id
from app.services.transactions import locked

NOT_LEAD = "The lead assessor writes and signs the report. You can read it, and answer the provider's comments."
NOT_ASSESSED = "The case is not assessed now, so its report cannot go on. It can once all scores are in."


@dataclass(frozen=True)
class Press:
    """What making the two documents needs from outside: the store of files and the folder of print fonts."""

    storage: Storage
    font_dir: Path


def held_report(session: Session, report_id: int, today: date) -> tuple[Report, Application, Subject]:
    """The report and its case, both held, the case first, with what permission depends on. Raises NotFound."""
    found = session.get(Report, report_id)
    application = locked(session, Application, found.application_id if found else 0)
    report = locked(session, Report, report_id)
    return report, application, subject_of(session, application, today)


def require_lead(session: Session, report: Report, actor: Actor, subject: Subject) -> None:
    """The lead assessor of the case. Raises NotFound, NotAllowed."""
    require(actor, Action.ASSESS, subject)
    if not is_lead(session, report.application, actor.user_id):
        raise NotAllowed(NOT_LEAD)


def check_assessed(application: Application) -> None:
    if application.status is not ApplicationStatus.ASSESSED:
        raise Conflict(NOT_ASSESSED)


def check_newest(session: Session, report: Report) -> None:
    """Raises Conflict where another report has followed."""
    later = select(Report.id).where(Report.application_id == report.application_id, Report.round > report.round)
    if session.scalars(later).first() is not None:
        raise Conflict("Another report has followed this one. Open the case again.")


def words_today(session: Session, report: Report, today: date) -> tuple[Live, ...]:
    """The report's paragraphs with the case's data of today."""
    return live(report, template_of(session, report), material_of(session, report.application, today))


def fix_words(paragraphs: tuple[Live, ...]) -> None:
    """Put what each paragraph says today into its row, so that it stays so until the next time."""
    for each in paragraphs:
        passage = each.passage
        each.row.heading, each.row.text = passage.heading, passage.content.text
        each.row.grid = grid_data(passage.content.grid)


def document_of(
    report: Report,
    number: int,
    passages: tuple[Passage, ...],
    today: date,
    *,
    check: str = "",
    remarks: tuple[Remark, ...] = (),
    signed_by: str = "",
) -> ReportDocument:
    """A version of the report as it goes on paper; signed today where `signed_by` names somebody."""
    application = report.application
    scheme = scheme_details(application.edition.scheme)
    return ReportDocument(
        title=report.title,
        provider=application.organisation.name,
        awarding_body=scheme.awarding_body,
        framework=edition_words(application),
        colour=scheme.brand["colour"],
        version=number,
        made_on=today,
        passages=passages,
        check=check,
        remarks=remarks,
        signed_by=signed_by,
        signed_on=today if signed_by else None,
        fingerprint=fingerprint(report.title, passages),
    )


@dataclass(frozen=True)
class Made:
    """The two documents of a version, in the store under their hashes."""

    document: ReportDocument
    pdf_key: str
    docx_key: str


def documents(document: ReportDocument, press: Press) -> Made:
    """Make both documents and put them into the store. What is refused afterwards leaves them there unused.

    Raises StorageFull, FileNotFoundError where the fonts are missing.
    """
    from app.certificates.assessment_report import report_pdf  # the libraries come with the first report
    from app.certificates.report_docx import report_docx

    pdf = press.storage.put(BytesIO(report_pdf(document, press.font_dir)))
    docx = press.storage.put(BytesIO(report_docx(document)))
    return Made(document, pdf.key, docx.key)


def next_number(session: Session, report: Report) -> int:
    """The number of the report's next version."""
    last = session.scalar(
        select(ReportVersion.number)
        .where(ReportVersion.report_id == report.id)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    )
    return (last or 0) + 1


def keep_version(
    session: Session, report: Report, made: Made, actor: Actor, now: datetime, *, signed: bool = False
) -> ReportVersion:
    """The row of a version that never changes again."""
    document = made.document
    version = ReportVersion(
        report_id=report.id,
        number=document.version,
        signed=signed,
        title=document.title,
        content=passages_data(document.passages),
        sha256=document.fingerprint,
        pdf_key=made.pdf_key,
        docx_key=made.docx_key,
        made_at=now,
        made_by_id=user_id(actor),
    )
    session.add(version)
    session.flush()
    return version


def newest_report(session: Session, application_id: int) -> Report | None:
    """The report of a case that counts: the one of the last round. One statement."""
    return session.scalars(
        select(Report).where(Report.application_id == application_id).order_by(Report.round.desc()).limit(1)
    ).first()


def report_or_not_found(session: Session, report_id: int) -> Report:
    """The report. Raises NotFound."""
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return report
