"""What pages of a large register read: no page walks over all entries, and a change costs no more than what it changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.extensions import db
from app.queries import open_referral, sitemaps
from app.queries.open_data import register_counts
from app.queries.register_index import current_index
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()


@pytest.fixture
def entries(app):
    edition = make.edition()
    return [_entry(edition) for _ in range(9)]


def _entry(edition):
    holder = make.organisation()
    return make.register_entry(make.award(make.application(holder, edition)))


def _walked(statements):
    """Of those statements that read the register or its awards, the ones in which SQLite walks over a table."""
    walked = []
    for each in statements:
        if "FROM register_entry" not in each and "FROM award" not in each:
            continue
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", (1,) * each.count("?")).all()
        walked += [step[3] for step in plan if step[3] in ("SCAN register_entry", "SCAN award")]
    return walked


@pytest.fixture
def only_sqlite(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("The plans are SQLite's.")


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap.xml",
        "/open-referral/organizations?page=2&per_page=3",
        "/open-referral/services?modified_after=2026-01-01",
        "/standards",
        "/api/v1/changes",
    ],
)
def test_no_page_walks_over_the_table_of_entries_or_awards(client, entries, count_statements, only_sqlite, path):
    current_index()  # is made of all entries once, and is then told what changes
    with count_statements() as statements:
        assert client.get(path).status_code == 200
    assert _walked(statements) == []


def test_a_page_of_organisations_far_back_begins_where_its_thousand_begins(entries, monkeypatch):
    monkeypatch.setattr(open_referral.in_thousands, "size", 2)
    monkeypatch.setattr(open_referral, "THOUSAND", 2)
    whole = [each[0].organisation_id for each in open_referral.organisations_page(0, 9, TODAY)[1]]
    assert whole == sorted(entry.organisation_id for entry in entries)
    for start in range(9):
        total, page = open_referral.organisations_page(start, 2, TODAY)
        assert (total, [each[0].organisation_id for each in page]) == (9, whole[start : start + 2])
    assert open_referral.organisations_page(9, 2, TODAY) == (9, ())


def test_after_a_change_only_its_part_is_read_again(entries, monkeypatch):
    monkeypatch.setattr(sitemaps.parts, "size", 3)
    read = []
    monkeypatch.setattr(sitemaps.parts, "_read", lambda which: read.append(which) or sitemaps._read_parts(which))
    before = sitemaps.register_parts()
    entry = entries[4]
    entry.revision, entry.updated_at = max(each.revision for each in entries) + 1, NOON + timedelta(days=1)
    db.session.commit()
    after = sitemaps.register_parts()
    part = (entry.id - 1) // 3 + 1
    assert [each.number for each in after if each not in before] == [part]
    assert max(each.changed_at for each in after) == NOON + timedelta(days=1)
    assert len(read) == 2 and "BETWEEN" in str(read[1])


def test_how_large_the_register_is_is_counted_again_once_it_has_changed(entries, count_statements):
    assert register_counts().entries == 9
    with count_statements() as statements:
        register_counts()
    assert not [each for each in statements if "count(" in each]
    _entry(make.edition())
    assert register_counts().entries == 10


def test_the_next_rows_of_a_list_are_found_without_reading_those_before(app, only_sqlite):
    asked = (
        "SELECT id FROM register_import_row WHERE import_id = 1 AND award_id IS NULL AND id > 50000"
        " AND (outcome IN ('new', 'known') AND choice = '' OR outcome = 'perhaps' AND choice NOT IN ('', 'leave'))"
        " ORDER BY id LIMIT 500"
    )
    plan = [step[3] for step in db.session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    assert plan == [
        "SEARCH register_import_row USING INDEX ix_register_import_row_import_id_id_award_id (import_id=? AND id>?)"
    ]
