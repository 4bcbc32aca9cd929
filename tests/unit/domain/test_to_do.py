"""What is most pressing stands first, says when in words, and is worth an e-mail only on some days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.award_dates import next_due, renewal_window
from app.domain.duration import Duration
from app.domain.terms import AwardTerms
from app.domain.to_do import Kind, ToDo, comes_up, most_pressing_first, when_words

TODAY = date(2026, 11, 16)


def thing(days: int | None = None, kind: Kind = Kind.REQUEST, when: str = "", what: str = "Do it") -> ToDo:
    return ToDo(kind, what, "/there", TODAY + timedelta(days=days) if days is not None else None, when)


def test_what_is_late_comes_first_then_by_date_then_by_kind():
    undated, people = thing(kind=Kind.CRITERIA), thing(kind=Kind.PEOPLE)
    soon, late, very_late = thing(2), thing(-1), thing(-30)
    assert most_pressing_first([people, soon, undated, late, very_late]) == (very_late, late, soon, undated, people)
    assert len(most_pressing_first(thing(days) for days in range(300))) == 100


@pytest.mark.parametrize(
    ("each", "words"),
    [
        (thing(20), "by 6 Dec 2026"),
        (thing(1), "by 17 Nov 2026, in 1 day"),
        (thing(0), "due today"),
        (thing(-3), "was due on 13 Nov 2026"),
        (thing(5, Kind.EVIDENCE, "It runs out"), "It runs out on 21 Nov 2026, in 5 days"),
        (thing(-5, Kind.EVIDENCE, "It has run out"), "It has run out (11 Nov 2026)"),
        (thing(40, Kind.CRITERIA, "3 of 12 answered"), "3 of 12 answered, by 26 Dec 2026"),
        (thing(None, Kind.CRITERIA, "3 of 12 answered"), "3 of 12 answered"),
    ],
)
def test_when_is_said_in_words(each, words):
    assert when_words(each, TODAY) == words


@pytest.mark.parametrize(
    ("days", "looked_days_ago", "comes"),
    [
        (7, 1, True),
        (6, 1, False),
        (6, 2, True),  # yesterday was a day of reminding, and nobody looked
        (-7, 1, True),
        (-5, 1, False),
        (8, None, False),
        (7, None, True),
        (-5, 200, True),  # after a long silence the last week counts, and no more
        (-13, 200, True),
        (-20, 200, True),
        (None, None, False),
    ],
)
def test_a_date_is_worth_an_e_mail_only_on_some_days(days, looked_days_ago, comes):
    since = TODAY - timedelta(days=looked_days_ago) if looked_days_ago else None
    assert comes_up(thing(days), since, TODAY) is comes


def test_a_yearly_check_keeps_the_day_of_the_grant_and_ends_with_the_award():
    granted, expires = date(2024, 2, 29), date(2027, 2, 27)
    year = Duration(years=1)
    assert next_due(granted, expires, year, date(2025, 1, 1)) == date(2025, 2, 28)
    assert next_due(granted, expires, year, date(2025, 3, 1)) == date(2026, 2, 28)
    assert next_due(granted, expires, year, date(2026, 3, 1)) is None, "the next would fall on or after the expiry"
    assert next_due(granted, expires, None, TODAY) is None


def test_renewal_is_open_before_and_for_a_while_after_the_expiry():
    assert renewal_window(date(2026, 8, 31), AwardTerms()) == (date(2026, 2, 28), date(2027, 2, 28))
