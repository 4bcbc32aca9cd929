"""The day's regular work is done once a day, each piece by itself, by as many workers as there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import RegularRun
from app.services.daily import REGULAR, is_time, run_regular

SIX = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)


def runs() -> list[tuple[str, int, str]]:
    db.session.rollback()
    return [(run.name, run.tries, run.error) for run in db.session.scalars(select(RegularRun).order_by(RegularRun.id))]


class Works:
    """Two pieces of work, of which the first breaks off as long as `broken`."""

    def __init__(self) -> None:
        self.broken, self.did = True, []

    def first(self, now):
        self.did.append("first")
        if self.broken:
            raise RuntimeError("the other side is away")
        return 3

    def second(self, now):
        self.did.append("second")
        return 2

    @property
    def both(self):
        return (("first", self.first), ("second", self.second))


def test_what_breaks_off_is_kept_with_its_reason_and_stops_nothing_else(app, caplog):
    works = Works()
    done = run_regular(SIX, works.both)
    assert [(each.name, each.count, each.error) for each in done] == [
        ("first", 0, "RuntimeError: the other side is away"),
        ("second", 2, ""),
    ]
    assert runs() == [("first", 1, "RuntimeError: the other side is away"), ("second", 1, "")]
    assert "Regular work broke off: first" in caplog.text


def test_it_is_done_once_a_day_and_what_broke_off_is_tried_again_after_an_hour(app):
    works = Works()
    run_regular(SIX, works.both)
    run_regular(SIX + timedelta(minutes=30), works.both)
    assert works.did == ["first", "second"]
    works.broken = False
    run_regular(SIX + timedelta(hours=1), works.both)
    run_regular(SIX + timedelta(hours=9), works.both)
    assert works.did == ["first", "second", "first"]
    assert runs() == [("first", 2, ""), ("second", 1, "")]
    run_regular(SIX + timedelta(days=1), works.both)
    assert works.did == ["first", "second", "first", "first", "second"]


def test_what_stays_broken_is_tried_five_times_a_day(app):
    works = Works()
    for hours in range(12):
        run_regular(SIX + timedelta(hours=hours), works.both)
    assert works.did.count("first") == 5 and works.did.count("second") == 1


def test_a_second_worker_leaves_alone_what_the_first_is_at_and_takes_up_what_died(app):
    died = []

    class Dead(BaseException):
        pass

    def dies(now):
        died.append(run_regular(now, (("slow", lambda now: 1),)))
        raise Dead

    with pytest.raises(Dead):
        run_regular(SIX, (("slow", dies),))
    assert died == [[]], "another worker that comes meanwhile finds it taken"
    assert run_regular(SIX + timedelta(hours=1), (("slow", lambda now: 1),)) == []
    assert [each.count for each in run_regular(SIX + timedelta(hours=3), (("slow", lambda now: 1),))] == [1]


def test_the_work_begins_at_five_in_the_united_kingdom(app):
    assert not is_time(datetime(2026, 6, 15, 3, 59, tzinfo=UTC))
    assert is_time(datetime(2026, 6, 15, 4, 0, tzinfo=UTC))


def test_all_that_is_regular_runs_on_an_empty_database_twice_without_a_word(app):
    assert len({name for name, _ in REGULAR}) == len(REGULAR)
    for _ in range(2):
        assert [each.error for each in run_regular(SIX, REGULAR, again=True)] == [""] * len(REGULAR)


def test_the_command_does_it_and_says_what_was_done(app):
    first, second = (app.test_cli_runner().invoke(args=["daily"]) for _ in range(2))
    assert first.exit_code == 0 and "The day's e-mail: 0 queued" in first.output
    assert "The day's work is done already." in second.output
