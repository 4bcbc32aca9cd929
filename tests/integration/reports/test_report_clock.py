"""What the clock does to a report that is with its provider, and what one change to a word looks like."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.domain.lifecycle import ReportStatus
from app.domain.report_check import Ended
from app.domain.uk_time import UK
from app.extensions import db
from app.models import AuditRow, MailMessage, Notice, Report, ReportCheck
from app.services import report_checks, report_issuing
from app.services.report_clock import look_after_report_checks
from tests import factories as make
from tests.conftest import NOON
from tests.integration import reporting as on
from tests.integration.casework import TODAY


def morning(days: int) -> datetime:
    return datetime.combine(on.DUE + timedelta(days=days), time(6), UK)


def told(template_words: str) -> int:
    """How many messages and notices speak of it."""
    mails = db.session.query(MailMessage).filter(MailMessage.subject.contains(template_words)).count()
    return mails + db.session.query(Notice).filter(Notice.subject.contains(template_words)).count()


def test_a_check_without_an_answer_ends_after_its_last_day_and_not_on_it(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    assert look_after_report_checks(morning(-5)) == 0
    assert look_after_report_checks(morning(-2)) == 1
    assert look_after_report_checks(morning(-2)) == 0  # twice on a day does nothing twice
    assert told("the last day to comment is") == 1
    assert look_after_report_checks(morning(0)) == 0
    assert db.session.get(Report, report.id).status is ReportStatus.WITH_PROVIDER
    assert look_after_report_checks(morning(1)) == 1
    check = db.session.query(ReportCheck).one()
    assert (check.ended, check.ended_by_id) == (Ended.NO_ANSWER, None)
    assert db.session.get(Report, report.id).status is ReportStatus.ANSWERED
    row = db.session.query(AuditRow).filter_by(action="report.checked").one()
    assert row.actor_id is None and row.detail["ended"] == "no-answer"
    assert look_after_report_checks(morning(9)) == 0


def test_after_days_off_the_clock_catches_up_and_keeps_what_was_not_handed_in(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    on.comment(case, report, 1, "Our name is spelt with one l.")
    assert look_after_report_checks(morning(12)) == 1
    check = db.session.query(ReportCheck).one()
    assert check.ended is Ended.COMMENTS
    comment = check.comments[0].id
    actor = make.actor(case.assessor)
    report_checks.answer_comment(report.id, comment, "accepted", "", actor=actor, now=morning(13), today=TODAY)
    report_issuing.finish_report(report.id, actor=actor, now=morning(13), today=TODAY)
    assert db.session.get(Report, report.id).status is ReportStatus.FINAL


def test_a_report_that_is_taken_back_leaves_nothing_for_the_clock(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    report_issuing.take_back(report.id, "A page was missing.", actor=make.actor(case.manager), now=NOON, today=TODAY)
    assert look_after_report_checks(morning(3)) == 0
    assert db.session.get(Report, report.id).status is ReportStatus.DRAFT
    assert on.send(case, report) == 2
