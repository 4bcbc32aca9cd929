"""Versions of a report as everybody reads them who may: what one says, what was said to it, and what changed since another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.certificates.report_document import Remark
from app.domain.access import Action, Actor, may, require
from app.domain.errors import NotFound
from app.domain.lifecycle import WRITABLE, ReportStatus
from app.domain.report import Passage, fingerprint, passages_from, plain
from app.domain.word_changes import Piece, word_changes
from app.extensions import db
from app.models import Report, ReportVersion
from app.queries.report_material import material_of
from app.queries.report_remarks import check_words, remarks_of
from app.queries.report_words import live, printed, stored, template_of
from app.queries.subjects import subject_of

MOST_VERSIONS = 50
TOLD = frozenset({ReportStatus.WITH_PROVIDER, ReportStatus.SIGNED})
"""While comments are being answered, the answers are not told: they may change until a version goes out with them."""


@dataclass(frozen=True)
class VersionRow:
    """One version that went out."""

    version_id: int
    number: int
    signed: bool
    made_at: datetime
    made_by: str
    sha256: str


@dataclass(frozen=True)
class Changed:
    """What became of one paragraph: `how` is "changed", "new" or "gone"."""

    number: int
    heading: str
    how: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class VersionPage:
    """One version. `check` and `remarks` tell what the provider said up to now; `intact` that its words fit their fingerprint.

    `checks` and `handles` tell what else of the report is open to the reader.
    """

    version: VersionRow
    report_id: int
    application_id: int
    title: str
    provider: str
    framework: str
    signed_by: str
    passages: tuple[Passage, ...]
    check: str
    remarks: tuple[Remark, ...]
    before: VersionRow | None
    changed: tuple[Changed, ...]
    newest: VersionRow
    intact: bool
    checks: bool
    handles: bool


@dataclass(frozen=True)
class VersionFile:
    """A document of a version, to be sent."""

    storage_key: str
    media_type: str
    name: str


def versions_of(session: Session, report: Report) -> tuple[VersionRow, ...]:
    """The versions of a report, newest first. One statement."""
    found = session.scalars(
        select(ReportVersion)
        .where(ReportVersion.report_id == report.id)
        .options(joinedload(ReportVersion.made_by))
        .order_by(ReportVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    return tuple(_row(each) for each in found)


def _row(version: ReportVersion) -> VersionRow:
    return VersionRow(version.id, version.number, version.signed, version.made_at, version.made_by.name, version.sha256)


def readable_version(version_id: int, actor: Actor, today: date) -> ReportVersion:
    """A version that the actor may read. Raises NotFound, NotAllowed."""
    session = db.session()
    version = session.get(ReportVersion, version_id)
    if version is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.SEE_REPORT, subject_of(session, version.report.application, today))
    return version


def version_page(version_id: int, actor: Actor, today: date) -> VersionPage:
    """One version in full. A fixed number of statements. Raises NotFound, NotAllowed."""
    version = readable_version(version_id, actor, today)
    session, report = db.session(), version.report
    application = report.application
    subject = subject_of(session, application, today)
    every = versions_of(session, report)
    passages = passages_from(version.content)
    earlier = _before(session, version)
    return VersionPage(
        version=_row(version),
        report_id=report.id,
        application_id=application.id,
        title=version.title,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        signed_by=version.made_by.name if version.signed else "",
        passages=passages,
        check=check_words(session, report),
        remarks=remarks_of(session, report) if report.status in TOLD else (),
        before=_row(earlier) if earlier else None,
        changed=changes(passages_from(earlier.content), passages) if earlier else (),
        newest=every[0],
        intact=fingerprint(version.title, passages) == version.sha256,
        checks=may(actor, Action.CHECK_REPORT, subject),
        handles=may(actor, Action.HANDLE_REPORT, subject),
    )


def _before(session: Session, version: ReportVersion) -> ReportVersion | None:
    return session.scalars(
        select(ReportVersion)
        .where(ReportVersion.report_id == version.report_id, ReportVersion.number < version.number)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    ).first()


def version_file(version_id: int, kind: str, actor: Actor, today: date) -> VersionFile:
    """A version as "pdf" or "docx". Raises NotFound, NotAllowed."""
    version = readable_version(version_id, actor, today)
    name = f"report-{version.report.application_id}-version-{version.number}{'-signed' if version.signed else '-draft'}"
    if kind == "pdf":
        return VersionFile(version.pdf_key, "application/pdf", f"{name}.pdf")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return VersionFile(version.docx_key, word, f"{name}.docx")


def changes(before: tuple[Passage, ...], after: tuple[Passage, ...]) -> tuple[Changed, ...]:
    """What changed paragraph by paragraph and word by word, in reading order, what is gone last."""
    earlier = {each.number: each for each in before}
    later = {each.number for each in after}
    found = []
    for each in after:
        old = earlier.get(each.number)
        if old is None:
            found.append(Changed(each.number, each.heading, "new", word_changes("", plain(each))))
        elif plain(old) != plain(each):
            found.append(Changed(each.number, each.heading, "changed", word_changes(plain(old), plain(each))))
    gone = [each for each in before if each.number not in later]
    return (*found, *(Changed(each.number, each.heading, "gone", word_changes(plain(each), "")) for each in gone))


def changes_now(report_id: int, actor: Actor, today: date) -> tuple[VersionRow | None, tuple[Changed, ...]]:
    """The newest version, and what has changed in the words since it went out. Raises NotFound, NotAllowed."""
    session = db.session()
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.HANDLE_REPORT, subject_of(session, report.application, today))
    last = session.scalars(
        select(ReportVersion).where(ReportVersion.report_id == report.id).order_by(ReportVersion.number.desc()).limit(1)
    ).first()
    if last is None:
        return None, ()
    words = stored(report)
    if report.status in WRITABLE:
        words = live(report, template_of(session, report), material_of(session, report.application, today))
    return _row(last), changes(passages_from(last.content), printed(words))
