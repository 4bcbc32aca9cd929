"""The register in figures: awards are counted exactly, and nothing is told that could name who is not public."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from app.domain.appeals import Against
from app.domain.lifecycle import AppealStatus, AwardStatus
from app.domain.public_figures import Cohort, Part, ended_in, said, standing_after
from app.extensions import db
from app.models import Appeal, RegisterEvent
from app.queries import statistics_count
from app.queries.register_file import keep_in
from app.queries.statistics import Statistics
from app.queries.statistics import statistics as figures
from app.queries.statistics_count import count_awards, count_if_due
from app.web.public.statistics import forget_figures
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()


@pytest.fixture
def edition(app):
    return make.edition()


def statistics(scheme: str, today: date) -> Statistics:
    return figures(scheme, today, count_awards(today, NOON))


def _award(edition, granted, expires, area="E07000121", size="small", **values):
    holder = make.organisation(area_code=area, areas=[area])
    given = make.award(make.application(holder, edition), granted_on=granted, expires_on=expires, **values)
    return make.register_entry(given, size=size)


def _year(page, year):
    return next(row for row in page.rows if row.year == year)


def test_each_year_tells_what_began_what_ended_and_what_stood(edition):
    _award(edition, date(2023, 5, 1), date(2026, 4, 30))
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    _award(edition, date(2024, 6, 1), date(2027, 5, 31), status=AwardStatus.WITHDRAWN, status_on=date(2025, 2, 1))
    _award(edition, date(2026, 1, 1), date(2026, 12, 31), level_title="Gold", area="W06000002", size="")
    page = statistics("", TODAY)
    rows = [(row.year, row.granted, row.ended, row.stood) for row in page.rows]
    assert rows == [(2023, 1, 0, 1), (2024, 2, 0, 3), (2025, 0, 1, 2), (2026, 1, 1, 2)]
    assert page.standing == 2
    assert [(row.name, row.counts) for row in page.levels] == [("Gold", (0, 0, 0, 1)), ("Silver", (1, 3, 2, 1))]
    assert {row.name: row.counts[-1] for row in page.regions} == {"North West": 1, "Wales": 1}
    assert [row.name for row in page.sizes] == ["Small: £10,000 to £100,000", "Not known"]


def test_a_scheme_counts_its_own_alone_and_one_that_is_not_there_is_not_found(client, edition):
    other = make.edition()
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    _award(other, date(2024, 5, 1), date(2027, 4, 30))
    assert statistics("", TODAY).standing == 2
    assert statistics(edition.scheme.code, TODAY).standing == 1
    assert client.get("/statistics?scheme=no-such").status_code == 404


def test_few_appeals_are_not_counted_out_and_many_are(edition):
    entry = _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    for number in range(4):
        _appeal(entry.award, f"A-{number}", "upheld")
    row = _year(statistics("", TODAY), 2026)
    assert (row.lodged, row.upheld) == ("under 5", "under 5")
    for number in range(4, 14):
        _appeal(entry.award, f"A-{number}", "dismissed" if number < 12 else "partly-upheld")
    row = _year(statistics("", TODAY), 2026)
    assert (row.lodged, row.upheld) == ("14", "6")


def test_a_whole_does_not_tell_by_subtraction_what_one_scheme_keeps_back(edition):
    """Six appeals in one scheme and one in another: seven beside six would say that one scheme had exactly one."""
    for scheme, letter, count in ((edition, "A", 6), (make.edition(), "B", 1)):
        entry = _award(scheme, date(2024, 5, 1), date(2027, 4, 30))
        for number in range(count):
            _appeal(entry.award, f"{letter}-{number}", "upheld")
    row = _year(statistics("", TODAY), 2026)
    assert (row.lodged, row.upheld) == ("6 and under 5 more", "6 and under 5 more")
    assert _year(statistics(edition.scheme.code, TODAY), 2026).lodged == "6"
    _appeal(_award(make.edition(), date(2024, 5, 1), date(2027, 4, 30)).award, "C-1", "dismissed")
    assert _year(statistics("", TODAY), 2026).lodged == "6 and a few more"
    assert said([Part.of(0, among=3), Part.of(0), Part.of(12, among=20)]) == "12 and under 5 more"


def _appeal(award, number, outcome):
    make.save(
        Appeal(
            number=number,
            organisation_id=award.organisation_id,
            scheme_id=award.scheme_id,
            application_id=award.application_id,
            against=Against.DECISION,
            status=AppealStatus.CLOSED,
            words="We disagree.",
            asks="Look again.",
            last_day=TODAY,
            lodged_at=NOON,
            lodged_by_id=make.user().id,
            due_on=TODAY,
            outcome=outcome,
        )
    )


def test_suspensions_are_counted_by_year_from_what_was_made_public(edition):
    entry = _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    for days in (0, 400, 410):
        at = NOON - timedelta(days=days)
        told = {"number": "N", "level_title": "Silver", "status": AwardStatus.SUSPENDED, "words": "Suspended."}
        make.save(RegisterEvent(entry_id=entry.id, at=at, kind="suspended", **told))
    page = statistics("", TODAY)
    assert [_year(page, year).events["suspended"] for year in (2025, 2026)] == [2, 1]


def test_the_file_says_every_figure_of_the_page(client, edition):
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    answer = client.get(f"/statistics.csv?scheme={edition.scheme.code}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.data.decode("utf-8-sig")
    lines = [tuple(line.values()) for line in csv.DictReader(StringIO(text))]
    assert (edition.scheme.code, "2026", "awards standing", "", "1") in lines
    assert (edition.scheme.code, "2024", "awards standing by region", "North West", "1") in lines


def test_the_page_is_counted_once_an_hour_and_costs_no_statement_between(client, edition, clock, count_statements):
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    assert "1 award today" in client.get("/statistics").text
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    db.session.rollback()
    with count_statements() as statements:
        assert "1 award today" in client.get("/statistics").text
    assert not [each for each in statements if each.lstrip().startswith("SELECT")]
    clock.forward(hours=1)
    assert "2 awards today" in client.get("/statistics").text
    forget_figures()


def test_an_empty_register_says_so(client):
    assert "granted no award yet" in client.get("/statistics").text


def test_counting_by_years():
    cohorts = [Cohort(2024, 2026, "Gold", 3), Cohort(2025, 9999, "Gold", 2), Cohort(2025, 2025, "Silver", 1)]
    assert standing_after(cohorts, 2025) == {"Gold": 5} and standing_after(cohorts, 2026) == {"Gold": 2}
    assert ended_in(cohorts, 2025) == 1
    assert [said([Part.of(count)]) for count in (0, 1, 4, 5, 1200)] == ["0", "under 5", "under 5", "5", "1,200"]


@pytest.fixture
def large(monkeypatch, tmp_path):
    """Every register is a large one, whose figures are kept in a folder."""
    monkeypatch.setattr(statistics_count, "LARGE", 0)
    keep_in(tmp_path)
    yield
    keep_in(None)


def test_a_large_register_is_counted_beside_the_requests_and_a_page_reads_no_award(
    client, edition, count_statements, large
):
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    waiting = client.get("/statistics")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "120")
    assert client.get("/statistics.csv").status_code == 503
    assert count_if_due(TODAY, NOON)
    with count_statements() as sent:
        page = client.get("/statistics")
    assert page.status_code == 200 and "North West" in page.text
    assert not [each for each in sent if "FROM award" in each or "FROM register_event" in each]
    assert "awards standing,,1" in client.get(f"/statistics.csv?scheme={edition.scheme.code}").text


def test_a_kept_count_stands_for_an_hour_and_no_longer_than_the_day(edition, large):
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    assert count_if_due(TODAY, NOON)
    assert not count_if_due(TODAY, NOON + timedelta(hours=3))  # nothing has changed
    _award(edition, date(2024, 5, 1), date(2027, 4, 30))
    assert not count_if_due(TODAY, NOON + timedelta(minutes=59))
    assert count_if_due(TODAY, NOON + timedelta(hours=1))
    assert count_if_due(TODAY + timedelta(days=1), NOON + timedelta(days=1))
