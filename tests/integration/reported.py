"""The report of a case that is with its provider for a second time: for the two of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from app.domain.access import Role
from app.domain.lifecycle import ReportStatus
from app.domain.report import Content, Part, Passage, fingerprint, passages_data
from app.domain.report_check import Answered, Ended
from app.edge.backends import storage
from app.models import Application, Report, ReportCheck, ReportComment, ReportParagraph, ReportVersion, User
from tests import factories as make
from tests.conftest import NOON

PASSAGES = (Passage(1, Part.WORDS, "In short", Content("They do it well.")),)


@dataclass(frozen=True)
class Reported:
    """The report's id, that of its newest version, and of a comment on the one before."""

    report_id: int
    version_id: int
    comment_id: int


def reported(application: Application, people: dict[Role, User]) -> Reported:
    lead, provider = people[Role.ASSESSOR], people[Role.LEAD]
    report = make.save(
        Report(
            application_id=application.id,
            status=ReportStatus.WITH_PROVIDER,
            status_at=NOON,
            title="Assessment report",
            template_sha256="0" * 64,
            next_number=2,
            made_at=NOON,
            made_by_id=lead.id,
        )
    )
    words = {"part": Part.WORDS, "heading": "In short", "text": "They do it well.", "updated_at": NOON}
    make.save(ReportParagraph(report_id=report.id, number=1, place=1, updated_by_id=lead.id, **words))
    first = _version(report, 1, lead)
    ended = {"ended": Ended.COMMENTS, "ended_at": NOON, "ended_by_id": provider.id}
    check = _check(report, first, lead, **ended)
    answer = {"answered": Answered.ACCEPTED, "answer": "Thank you.", "answered_at": NOON, "answered_by_id": lead.id}
    said = {"number": 1, "text": "We do it very well.", "updated_at": NOON, "updated_by_id": provider.id}
    comment = make.save(ReportComment(check_id=check.id, **said, **answer))
    second = _version(report, 2, lead)
    _check(report, second, lead)
    return Reported(report.id, second.id, comment.id)


def _version(report: Report, number: int, by: User) -> ReportVersion:
    pdf = storage().put(BytesIO(f"%PDF-1.7 {report.id} {number}".encode())).key
    docx = storage().put(BytesIO(f"PK {report.id} {number}".encode())).key
    return make.save(
        ReportVersion(
            report_id=report.id,
            number=number,
            title=report.title,
            content=passages_data(PASSAGES),
            sha256=fingerprint(report.title, PASSAGES),
            pdf_key=pdf,
            docx_key=docx,
            made_at=NOON,
            made_by_id=by.id,
        )
    )


def _check(report: Report, version: ReportVersion, by: User, **values: object) -> ReportCheck:
    due_on = NOON.date() + timedelta(days=40_000)  # a browser has the real clock
    sent = {"sent_at": NOON, "sent_by_id": by.id, "due_on": due_on}
    return make.save(ReportCheck(report_id=report.id, version_id=version.id, **sent, **values))
