"""The life of a request to lead an organisation, on one table and by the clock."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from app.domain.errors import IllegalMove
from app.domain.lead_request import (
    ALIVE,
    REQUEST_MOVES,
    RequestKind,
    RequestMove,
    RequestStatus,
    others_decide_from,
    request_after,
    status_at,
)
from tests.conftest import NOON

DAY = timedelta(days=1)
LATER = NOON + 1000 * DAY


@pytest.mark.parametrize(("status", "move"), [*product(RequestStatus, RequestMove)])
def test_every_move_that_is_not_in_the_table_is_refused(status, move):
    if (status, move) in REQUEST_MOVES:
        assert request_after(status, move) is REQUEST_MOVES[status, move]
    else:
        with pytest.raises(IllegalMove):
            request_after(status, move)


def test_what_is_over_stays_so_and_what_is_not_ends_by_itself():
    for status in RequestStatus:
        assert (status_at(status, NOON, NOON + 60 * DAY, LATER) in ALIVE) is False
        assert (status in ALIVE) is any(known is status for known, _ in REQUEST_MOVES)


@pytest.mark.parametrize(
    ("status", "days", "then"),
    [
        (RequestStatus.OPEN, 14, RequestStatus.EXPIRED),
        (RequestStatus.GRANTED, 7, RequestStatus.SETTLED),
        (RequestStatus.OBJECTED, 60, RequestStatus.EXPIRED),
    ],
)
def test_a_state_lasts_to_the_moment(status, days, then):
    ends = NOON + 14 * DAY
    assert status_at(status, NOON, ends, NOON + days * DAY - timedelta(seconds=1)) is status
    assert status_at(status, NOON, ends, NOON + days * DAY) is then


def test_the_leads_are_awaited_only_where_there_are_any_and_an_offer_is_nobody_elses():
    assert others_decide_from(RequestKind.TAKE_OVER, NOON, has_leads=True) == NOON + 14 * DAY
    assert others_decide_from(RequestKind.LET_IN, NOON, has_leads=False) == NOON
    assert others_decide_from(RequestKind.HAND_OVER, NOON, has_leads=True) is None
