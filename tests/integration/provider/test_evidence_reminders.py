"""Evidence that runs out: said 60 and 14 days ahead and when it is over, once each, and put on the list of things to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.evidence import Contents
from app.extensions import db
from app.models import Notice
from app.queries.to_do.evidence import things
from app.services.evidence import NewEvidence, add_evidence, add_version, archive_evidence
from app.services.evidence_reminders import remind_of_expiry
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture
def by(storage, lead):
    return {"storage": storage, "actor": make.actor(lead), "now": NOON, "today": TODAY}


def _policy(days: int, text: str = "We insure.") -> NewEvidence:
    return NewEvidence("statement", "Insurance", Contents(text=text, expires_on=TODAY + days * DAY))


def _notices() -> list[str]:
    db.session.expire_all()
    return [f"{each.subject} {each.text}" for each in db.session.scalars(select(Notice).order_by(Notice.id))]


def test_what_runs_out_is_told_at_sixty_days_at_fourteen_and_when_it_is_over_and_never_twice(provider, by):
    add_evidence(provider.id, _policy(61), **by)
    told = [day for day in range(70) for _ in range(2) if remind_of_expiry(NOON + day * DAY)]
    assert told == [1, 47, 61]
    first, _, last = _notices()
    assert "“Insurance” runs out soon" in first and "runs out on 16 Jan 2027" in first
    assert f"/organisations/{provider.id}/evidence/" in first and "runs out on 16 Jan 2027" in last


def test_days_that_were_missed_are_made_up_for_by_one_message(provider, by):
    add_evidence(provider.id, _policy(61), **by)
    assert remind_of_expiry(NOON + 65 * DAY) == 1
    assert remind_of_expiry(NOON + 66 * DAY) == 0
    (only,) = _notices()
    assert "has run out" in only


def test_a_newer_version_or_the_archive_ends_it_and_what_ran_out_long_ago_is_no_news(provider, by):
    renewed = add_evidence(provider.id, _policy(10), **by)
    add_version(renewed, _policy(400, "We insure again."), **by)
    archived = add_evidence(provider.id, _policy(5, "Old."), **by)
    archive_evidence(archived, True, actor=by["actor"], now=NOON)
    add_evidence(provider.id, _policy(-100, "Older."), **by)
    assert remind_of_expiry(NOON) == 0


def test_everything_of_one_organisation_comes_in_one_message(provider, by):
    for number in range(3):
        add_evidence(provider.id, _policy(number - 1, f"Number {number}."), **by)
    assert remind_of_expiry(NOON) == 3
    (only,) = _notices()
    assert "3 pieces of your evidence run out soon or have run out" in only and only.count("/evidence/") == 3


def test_what_runs_out_is_on_the_list_of_things_to_do_for_those_who_may_change_it(provider, by, count_statements):
    for number in range(30):
        add_evidence(provider.id, _policy(number - 5, f"Number {number}."), **by)
    whose = [provider.id]
    with count_statements() as statements:
        found = things(whose, by["actor"], TODAY)
    assert len(found) == 20 and sum(each.startswith("SELECT") for each in statements) == 2
    assert found[0].due_on == TODAY - 5 * DAY and found[0].when == "It has run out"
    assert found[-1].when == "It runs out" and found[-1].organisation_id == provider.id
    stranger = make.actor(make.member(make.organisation()))
    assert things([provider.id], stranger, TODAY) == []
