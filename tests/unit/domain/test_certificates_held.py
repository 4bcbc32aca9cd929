"""What a provider may say of a certificate, what a scheme can do with it, and when its end is told of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.asks import Passport
from app.domain.certificates_held import (
    AHEAD,
    CHECK_MOVES,
    ENDED,
    Certificate,
    CheckMove,
    CheckState,
    checked_certificate,
    notice_due,
)
from app.domain.errors import IllegalMove, Invalid
from app.domain.lifecycle import after
from app.domain.passports import HeldElsewhere, named, satisfied
from tests.unit.domain.frameworks import criterion, framework, node

DAY = date(2027, 3, 1)
GOOD = Certificate("Fire Mark", " F-1 ", "Us", DAY - timedelta(days=1), DAY)


def wrong(certificate: Certificate, *, has_proof: bool = True) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        checked_certificate(certificate, has_proof=has_proof, today=DAY)
    return dict(refusal.value.errors)


def test_a_certificate_may_be_brought_on_its_last_day_and_is_tidied():
    assert checked_certificate(GOOD, has_proof=True, today=DAY).number == "F-1"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"number": "x" * 81}, "number"),
        ({"holder": ""}, "holder"),
        ({"issued_on": None}, "issued_on"),
        ({"issued_on": DAY + timedelta(days=1), "ends_on": DAY + timedelta(days=2)}, "issued_on"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on"),
        ({"endless": True}, "ends_on"),
        ({"url": "ftp://example.org/x"}, "url"),
    ],
)
def test_each_thing_that_is_wrong_is_said_of_its_own_field_and_of_no_other(changes, field):
    assert set(wrong(replace(GOOD, **changes))) == {field}


def test_something_must_show_it_a_file_or_a_page():
    assert set(wrong(GOOD, has_proof=False)) == {"file"}
    assert checked_certificate(replace(GOOD, url="example.org/f-1"), has_proof=False, today=DAY).url.startswith(
        "https:"
    )


@pytest.mark.parametrize("state", CheckState)
@pytest.mark.parametrize("move", CheckMove)
def test_every_move_that_is_not_declared_refuses(state, move):
    if (state, move) in CHECK_MOVES:
        assert after(CHECK_MOVES, state, move, "certificate") is CHECK_MOVES[state, move]
    else:
        with pytest.raises(IllegalMove):
            after(CHECK_MOVES, state, move, "certificate")


@given(st.lists(st.integers(-5, 90), max_size=40))
def test_however_often_it_is_asked_each_notice_comes_at_most_once_and_none_comes_late(visits):
    given_so_far: list[int] = []
    for left in sorted(visits, reverse=True):
        due = notice_due(DAY + timedelta(days=left), DAY, given_so_far[-1] if given_so_far else None)
        if due is not None:
            assert left <= due if due != ENDED else left < 0
            given_so_far.append(due)
    assert given_so_far == sorted(set(given_so_far), reverse=True)
    seen = {min((stage for stage in AHEAD if left <= stage), default=None) if left >= 0 else ENDED for left in visits}
    assert set(given_so_far) == seen - {None}


def test_what_has_no_end_is_never_told_of():
    assert notice_due(None, DAY, None) is None


def test_what_a_framework_names_is_listed_once_and_found_in_every_criterion_that_takes_it():
    full, part = Passport("fire-mark", "full", counts_as=2), Passport("audit", criterion="H4")
    mark = framework(
        node("A", criterion("A1", passports=(full,)), criterion("A2", passports=(part, Passport("fire-mark", "full"))))
    )
    assert named(mark) == (Passport("fire-mark", "full"), Passport("audit", criterion="H4"))
    assert satisfied(mark, HeldElsewhere("fire-mark", "full", revoked=True)) == ("A1", "A2")
    assert satisfied(mark, HeldElsewhere("audit")) == ()
