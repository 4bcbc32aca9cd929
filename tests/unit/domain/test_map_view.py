"""What part of the country a map shows."""

from __future__ import annotations

import pytest

from app.domain.map_view import SPANS, WHOLE, View, read_view


def test_an_address_gives_back_the_view_that_it_was_written_from():
    view = View(347, 461, 80)
    assert read_view(view.text) == view
    assert read_view("") == WHOLE


@pytest.mark.parametrize("text", ["347", "347,461", "a,b,80", "347,461,81", "-5,461,80", "1,2,3,4", "9" * 40])
def test_anything_else_is_no_view(text):
    assert read_view(text) is None


def test_nearer_and_further_go_through_every_step_and_end():
    view, spans = WHOLE, []
    for _ in range(len(SPANS) + 1):
        spans.append(view.span)
        view = view.near(347.6, 461.2)
    assert tuple(spans) == (*SPANS, SPANS[-1])
    assert (view.east, view.north) == (348, 461)
    for _ in SPANS:
        view = view.far()
    assert view == WHOLE


def test_moving_stays_within_the_country():
    assert View(20, 20, 480).moved(-1, -1) == View(0, 0, 480)
    assert View(347, 461, 80).moved(1, 0).east == 377
