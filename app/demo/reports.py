"""Two reports: one that its provider is checking now, and one that went all the way to the lead assessor's signature."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor
from app.domain.report import Part
from app.domain.working_days import after_working_days
from app.extensions import db
from app.models import Application, Report, ReportComment, User
from app.queries.people import actor_of
from app.queries.report_material import lead_of
from app.services import report_checks, report_issuing, reports
from app.services.reporting import Press

CHECKING, SIGNED = "anfield", "fylde-advocacy"
CHECK_DAYS = 10
STRENGTHS = (
    "People told us that they are listened to, and the records bear it out. What struck us most:\n"
    "- Trustees ask for evidence and write down what they decide and why.\n"
    "- New volunteers are not left alone before they feel ready."
)
WRONG = (
    "The report says that volunteers are seen by a supervisor twice a year. It is four times a year since last spring. The "
    "supervision record shows every date."
)
NOT_WRONG = "We think that the score for planning is too low for an organisation of our size."
RIGHTED = STRENGTHS + "\n- Volunteers are seen by a supervisor four times a year."
WRITTEN = (
    "New volunteers go out alone only after three visits beside somebody else. The induction record shows the dates. Please "
    "say three visits: “ready” sounds as if we guessed."
)


def reports_stories(stage: Stage, today: date) -> list[Story]:
    return [
        _with_its_provider(stage, stage.cast.provider(CHECKING), today),
        _signed(stage, stage.cast.provider(SIGNED), today),
    ]


class _Written:
    """One report and those who act on it, at the stage's time."""

    def __init__(self, stage: Stage, provider: Provider) -> None:
        self.stage, self.provider = stage, provider
        organisation_id = stage.organisation_ids[provider.key]
        self.application_id: int = db.session.scalars(
            select(Application.id).where(Application.organisation_id == organisation_id).order_by(Application.id.desc())
        ).all()[0]
        lead = lead_of(db.session(), db.session.get_one(Application, self.application_id))
        assert lead is not None  # the case is assessed by then
        self.assessor: Actor = actor_of(db.session.get_one(User, lead.id))
        self.lead = stage.afresh(provider.people[0])
        self.press = Press(stage.storage, stage.issue.font_dir)
        self.report_id = 0

    def number(self, part: Part) -> int:
        """The number of the first paragraph of that part."""
        report = db.session.get_one(Report, self.report_id)
        return next(each.number for each in report.paragraphs if each.part is part)

    def begin(self) -> None:
        stage = self.stage
        self.report_id = reports.begin_report(
            self.application_id, actor=self.assessor, now=stage.now, today=stage.today
        )

    def write(self, text: str, version: int) -> None:
        number, stage = self.number(Part.STRENGTHS), self.stage
        reports.write_paragraph(
            self.report_id, number, text, version, actor=self.assessor, now=stage.now, today=stage.today
        )

    def send(self) -> None:
        stage = self.stage
        due_on = after_working_days(stage.today, CHECK_DAYS)
        report_issuing.send_report(
            self.report_id, due_on, press=self.press, actor=self.assessor, now=stage.now, today=stage.today
        )

    def comment(self, part: Part, text: str) -> None:
        number = self.number(part)
        report_checks.write_comment(self.report_id, number, text, 0, actor=self.lead, now=self.stage.now)

    def answer(self, text: str, answered: str, words: str) -> None:
        stage = self.stage
        comment = db.session.scalars(select(ReportComment.id).where(ReportComment.text == text)).one()
        report_checks.answer_comment(
            self.report_id, comment, answered, words, actor=self.assessor, now=stage.now, today=stage.today
        )

    def sign(self) -> None:
        stage = self.stage
        report_issuing.finish_report(self.report_id, actor=self.assessor, now=stage.now, today=stage.today)
        report_issuing.sign_report(
            self.report_id, confirmed=True, press=self.press, actor=self.assessor, now=stage.now, today=stage.today
        )


def _with_its_provider(stage: Stage, provider: Provider, today: date) -> Story:
    """Sent some days ago. The provider has written one comment and not handed it in."""
    yield at(today - days(9), 11)
    written = _Written(stage, provider)
    written.begin()
    written.write(STRENGTHS, 1)
    yield at(today - days(7), 15)
    written.send()
    yield at(today - days(3), 16)
    written.comment(Part.STRENGTHS, WRITTEN)


def _signed(stage: Stage, provider: Provider, today: date) -> Story:
    """Checked, answered and signed before the panel was called."""
    yield at(today - days(66), 11)
    written = _Written(stage, provider)
    written.begin()
    written.write(STRENGTHS, 1)
    yield at(today - days(64), 10)
    written.send()
    yield at(today - days(58), 16)
    written.comment(Part.STRENGTHS, WRONG)
    written.comment(Part.SCORES, NOT_WRONG)
    report_checks.hand_in_comments(written.report_id, actor=written.lead, now=stage.now)
    yield at(today - days(54), 9)
    written.write(RIGHTED, 2)
    written.answer(WRONG, "accepted", "Thank you. We saw an older form of the record.")
    reason = "This is about a judgement, not about a fact. The report gives the reasons for the score, and the panel reads your comment."
    written.answer(NOT_WRONG, "not-accepted", reason)
    yield at(today - days(53), 12)
    written.sign()
