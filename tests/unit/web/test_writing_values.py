"""Values on pages: days as London has them, shares that never round up to a cut-off, pages around the current one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from app.web.jinja import day, filesize, moment, money, page_numbers, percent, plural


def test_a_moment_late_in_a_summer_evening_in_utc_is_the_next_day_in_london():
    assert moment(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 Jul 2026 at 00:30"
    assert day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 Jul 2026"


def test_a_date_is_itself_and_nothing_is_nothing():
    assert day(date(2029, 3, 31)) == "31 Mar 2029"
    assert (day(None), moment(None), money(None), percent(None), filesize(None)) == ("", "", "", "", "")


@pytest.mark.parametrize(
    ("share", "words"),
    [(Fraction(7, 10), "70%"), (Fraction(6999, 10000), "69%"), (Fraction(1), "100%"), (Fraction(0), "0%")],
)
def test_a_share_just_below_a_cut_off_never_reads_as_if_it_reached_it(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("amount", "words"), [(48500, "£48,500"), (Decimal("12.5"), "£12.50"), (Decimal("3.00"), "£3"), (-5, "-£5")]
)
def test_money_shows_pence_only_where_there_are_any(amount, words):
    assert money(amount) == words


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 byte"), (999, "999 bytes"), (1001, "2 kB"), (26_200_000, "26.2 MB")]
)
def test_sizes_read_as_people_say_them(size, words):
    assert filesize(size) == words


def test_one_is_not_plural():
    assert [plural(0, "provider"), plural(1, "provider"), plural(2600, "provider")] == [
        "0 providers",
        "1 provider",
        "2,600 providers",
    ]
    assert plural(3, "entry", "entries") == "3 entries"


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_pagination_shows_the_ends_and_the_neighbours(page, pages, shown):
    assert page_numbers(page, pages) == shown
