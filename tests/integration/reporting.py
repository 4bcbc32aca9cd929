"""Reports on a case, brought forward step by step: for tests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import current_app

from app.domain.working_days import after_working_days
from app.edge.backends import storage
from app.extensions import db
from app.models import Report
from app.services import report_checks, report_issuing, reports
from app.services.reporting import Press
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, Case, assess, submitted_case

DUE = after_working_days(TODAY, 10)
LATER = NOON + timedelta(days=1)


def press() -> Press:
    return Press(storage(), Path(current_app.config["FONT_DIR"]))


def assessed_case(**values: object) -> tuple[Case, int]:
    """A case whose only assessor has handed in, and their assessment's id."""
    case = submitted_case(**values)
    return case, assess(case, {"GOV.1.1": 3, "SAFE.1.1": 1})


def begun(case: Case) -> Report:
    report_id = reports.begin_report(case.application_id, actor=make.actor(case.assessor), now=NOON, today=TODAY)
    return db.session.get(Report, report_id)


def write(case: Case, report: Report, number: int, text: str, version: int = 1) -> None:
    reports.write_paragraph(report.id, number, text, version, actor=make.actor(case.assessor), now=NOON, today=TODAY)


def send(case: Case, report: Report) -> int:
    return report_issuing.send_report(
        report.id, DUE, press=press(), actor=make.actor(case.manager), now=NOON, today=TODAY
    )


def comment(case: Case, report: Report, number: int, text: str, version: int = 0) -> None:
    report_checks.write_comment(report.id, number, text, version, actor=make.actor(case.lead), now=LATER)


def hand_in(case: Case, report: Report) -> None:
    report_checks.hand_in_comments(report.id, actor=make.actor(case.lead), now=LATER)


def no_mistakes(case: Case, report: Report) -> None:
    report_checks.find_no_mistakes(report.id, actor=make.actor(case.lead), now=LATER)


def finish(case: Case, report: Report) -> None:
    report_issuing.finish_report(report.id, actor=make.actor(case.assessor), now=LATER, today=TODAY)


def sign(case: Case, report: Report) -> int:
    return report_issuing.sign_report(
        report.id, confirmed=True, press=press(), actor=make.actor(case.assessor), now=LATER, today=TODAY
    )


def signed(case: Case) -> Report:
    """A report that went all the way without a comment."""
    report = begun(case)
    send(case, report)
    no_mistakes(case, report)
    finish(case, report)
    sign(case, report)
    return db.session.get(Report, report.id)
