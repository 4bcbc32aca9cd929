"""The auditor searches the trail, reads an entry in full and takes it out as a file."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from app.domain.access import Actor, Role
from app.extensions import db
from app.models import AuditRow
from app.queries.audit_trail import Change, changes_in
from app.services.transactions import record, transaction
from tests import factories as make
from tests.conftest import NOON

LATE_IN_MARCH = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)
"""Half past eleven at night: the clocks go forward an hour and a half later."""


@pytest.fixture
def scheme(app):
    return make.scheme()


@pytest.fixture
def auditor(scheme, client_for):
    return client_for(make.officer(scheme, Role.AUDITOR))


def note(scheme, action="scheme.changed", at=NOON, who="Rose Hall", **detail) -> int:
    with transaction() as session:
        record(session, Actor(name=who), action, scheme, at, scheme_id=scheme.id, **detail)
    return db.session.scalars(db.select(AuditRow.id).order_by(AuditRow.id.desc())).first()


def test_the_trail_is_searched_by_person_words_action_and_days(scheme, auditor):
    note(scheme, reason="The title was wrong.")
    note(scheme, "draft.saved", NOON + timedelta(days=1), "Ben Noor", note="Spelling of safeguarding")
    url = f"/schemes/{scheme.code}/audit"
    for query, shown, hidden in [
        ("person=ben", "Ben Noor", "Rose Hall"),
        ("words=TITLE", "Rose Hall", "Ben Noor"),
        ("action=draft.saved", "Ben Noor", "Rose Hall"),
        ("since=2026-11-17", "Ben Noor", "Rose Hall"),
        ("until=2026-11-16", "Rose Hall", "Ben Noor"),
    ]:
        page = auditor.get(f"{url}?{query}").text
        assert shown in page and hidden not in page, query
    assert "Nothing like this" in auditor.get(f"{url}?words=100%25").text


def test_a_day_is_a_day_in_the_united_kingdom_also_when_the_clocks_change(scheme, auditor):
    note(scheme, at=LATE_IN_MARCH, who="On Saturday")
    note(scheme, at=LATE_IN_MARCH + timedelta(hours=1), who="On Sunday, early")
    note(scheme, at=LATE_IN_MARCH + timedelta(hours=23), who="On Sunday, late")
    note(scheme, at=LATE_IN_MARCH + timedelta(hours=24), who="On Monday")
    page = auditor.get(f"/schemes/{scheme.code}/audit?since=2027-03-28&until=2027-03-28").text
    assert "On Sunday, early" in page and "On Monday" not in page and "On Saturday" not in page
    assert "On Sunday, late" in page


def test_a_day_that_is_none_is_refused_and_nothing_typed_is_lost(scheme, auditor):
    page = auditor.get(f"/schemes/{scheme.code}/audit?since=yesterday&person=Rose")
    assert page.status_code == 422
    assert "Enter a day like 2026-11-30." in page.text
    assert 'value="yesterday"' in page.text and 'value="Rose"' in page.text


def test_an_entry_says_from_what_to_what_and_why(scheme, auditor):
    row = note(scheme, before={"title": "Old", "open": True}, after={"title": "New", "open": True}, reason="A slip.")
    page = auditor.get(f"/schemes/{scheme.code}/audit/{row}").text
    assert "Old" in page and "New" in page and "A slip." in page and "Rose Hall" in page
    assert db.session.get(AuditRow, row).hash in page


def test_how_a_member_voted_is_not_for_the_office(scheme, auditor):
    row = note(scheme, "panel.voted", vote="refuse-the-thing", level=None)
    assert "refuse-the-thing" not in auditor.get(f"/schemes/{scheme.code}/audit/{row}").text
    assert "Nothing like this" in auditor.get(f"/schemes/{scheme.code}/audit?words=refuse-the-thing").text


def test_the_trail_is_taken_out_as_a_file_that_no_spreadsheet_computes(scheme, auditor, client_for):
    note(scheme, who="=1+1", reason="Because")
    file = auditor.get(f"/schemes/{scheme.code}/audit.csv?person=1")
    rows = list(csv.reader(StringIO(file.text)))
    assert rows[0][0] == "When (UTC)" and rows[1][:4] == [
        "2026-11-16 12:00:00",
        "'=1+1",
        "Scheme's details changed",
        "Because.",
    ]
    other = client_for(make.officer(make.scheme(), Role.AUDITOR))
    assert other.get(f"/schemes/{scheme.code}/audit.csv").status_code == 404


def test_changes_are_told_value_by_value():
    assert changes_in({"reason": "x"}) == ()
    assert changes_in({"before": None, "after": "silver"}) == (Change("", "", "silver"),)
    assert changes_in({"before": {"due_on": "a", "same": 1}, "after": {"due_on": ["b", "c"], "same": 1}}) == (
        Change("Due on", "a", "b, c"),
    )
