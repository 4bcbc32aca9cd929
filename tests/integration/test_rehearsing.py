"""A rehearsal tells what the regular work would do on any day, and leaves everything as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.cli.rehearsing import NoCopy, rehearsed
from app.extensions import db
from app.models import AuditRow, MailMessage, RegularRun
from tests import factories
from tests.conftest import NOON


def rows() -> tuple[int | None, ...]:
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(kind)) for kind in (AuditRow, MailMessage, RegularRun)
    )


@pytest.fixture
def settings(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a rehearsal copies a SQLite file")
    return app.config["SETTINGS"]


def test_the_warnings_of_an_award_that_runs_out_are_rehearsed_and_none_is_sent(app, settings):
    case = factories.application(factories.organisation(), factories.edition())
    award = factories.award(
        case, granted_on=NOON.date() - timedelta(days=900), expires_on=NOON.date() + timedelta(days=63)
    )
    factories.member(award.organisation)
    before = rows()
    days = {each.day: each for each in rehearsed(settings, NOON.date(), NOON.date() + timedelta(days=7))}
    assert len(days) == 8
    assert [each.name for day in days.values() for each in day.done if each.error] == []
    counts = {day: {each.name: each.count for each in found.done} for day, found in days.items()}
    warned = [day for day, done in counts.items() if done["awards"]]
    assert warned, counts
    assert all("links of evidence" not in done for done in counts.values())
    assert rows() == before


def test_a_database_that_cannot_be_copied_is_refused_with_what_to_do(app):
    elsewhere = replace(app.config["SETTINGS"], database_url="postgresql+psycopg://somewhere/else")
    with pytest.raises(NoCopy, match="restore a backup"):
        next(rehearsed(elsewhere, NOON.date(), NOON.date()))


def test_the_command_refuses_a_day_that_is_past_and_a_day_without_a_rehearsal(app):
    run = app.test_cli_runner().invoke
    assert "within 1100 days" in run(args=["daily", "--rehearse", "--on", "2020-01-01"]).output
    assert "only rehearsed" in run(args=["daily", "--on", "2020-01-01"]).output
