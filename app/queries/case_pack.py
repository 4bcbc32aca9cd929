"""Everything that a member reads for one case, in the order in which they read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.certificates.report_document import Remark
from app.domain.access import Actor
from app.domain.report import Passage, passages_from
from app.extensions import db
from app.models import Application, Question, ReportVersion
from app.queries.assessment_basics import facts_in_words
from app.queries.findings import FindingRow, findings_of
from app.queries.frameworks import framework_of, scheme_details
from app.queries.panels import PanelCase, panel_case, readable_panel
from app.queries.reading import AreaReading, CaseReading, case_reading, every_area
from app.queries.report_remarks import remarks_of
from app.queries.reports import ReportBrief, newest, report_of

MOST_QUESTIONS = 200


@dataclass(frozen=True)
class Asked:
    """A question that an assessor asked, and what the provider said."""

    code: str
    text: str
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True)
class CasePack:
    """One case in full. `remarks` are what the provider said on the report and what the assessors answered.

    `passages` are the words of the report's newest version; empty while there is none.
    """

    case: PanelCase
    made_on: date
    scheme: str
    awarding_body: str
    colour: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    reading: CaseReading
    areas: tuple[AreaReading, ...]
    findings: tuple[FindingRow, ...]
    report: ReportBrief | None
    passages: tuple[Passage, ...]
    remarks: tuple[Remark, ...]
    asked: tuple[Asked, ...]

    @property
    def pieces(self) -> int:
        """How many different pieces of evidence stand behind the case."""
        every = (each for area in self.areas for node in area.nodes for each in node.criteria)
        return len({piece.version_id for each in every for piece in each.evidence})


def case_pack(panel_id: int, actor: Actor, today: date) -> CasePack:
    """The pack of one case, for members who have declared. A fixed number of statements. Raises NotFound, NotAllowed."""
    panel, seat = readable_panel(panel_id, actor)
    application = panel.application
    framework, scheme = framework_of(application.edition), scheme_details(application.edition.scheme)
    passages, remarks = _report(application)
    return CasePack(
        case=panel_case(panel, seat),
        made_on=today,
        scheme=scheme.title,
        awarding_body=scheme.awarding_body,
        colour=scheme.brand["colour"],
        summary=application.organisation.summary,
        facts=facts_in_words(framework, application.facts),
        reading=case_reading(db.session(), application, today),
        areas=every_area(db.session(), application, today),
        findings=findings_of(db.session(), application, today),
        report=report_of(db.session(), application),
        passages=passages,
        remarks=remarks,
        asked=_asked(application.id),
    )


def _report(application: Application) -> tuple[tuple[Passage, ...], tuple[Remark, ...]]:
    """The words of the newest version of the report, and what was said on it."""
    report = newest(db.session(), application.id)
    if report is None:
        return (), ()
    version = db.session.scalars(
        select(ReportVersion).where(ReportVersion.report_id == report.id).order_by(ReportVersion.number.desc()).limit(1)
    ).first()
    return (passages_from(version.content) if version else ()), remarks_of(db.session(), report)


def _asked(application_id: int) -> tuple[Asked, ...]:
    found = db.session.scalars(
        select(Question)
        .where(Question.application_id == application_id, Question.withdrawn_at.is_(None))
        .order_by(Question.id)
        .limit(MOST_QUESTIONS)
    )
    return tuple(Asked(each.criterion_code, each.text, each.reply, each.replied_at) for each in found)
