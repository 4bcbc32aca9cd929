"""Where the parts of a chart stand: inside the drawing, apart from each other, and true to their figures."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import charts
from app.domain.charts import WIDE, Axis, Moment, Stack, bars, columns, course, fits_a_radar, radar
from app.domain.lettering import cut, wide, wrapped

NAMES = st.text(st.sampled_from("abcdefghijklmWMPQI éłŵ"), min_size=1, max_size=70).filter(str.strip)
SHARES = st.fractions(0, 1, max_denominator=40)
AXES = st.builds(lambda name, value, aim: Axis(name, value, "64%", aim, "needs 75%"), NAMES, SHARES, st.none() | SHARES)


def axes(count: int, value: Fraction = Fraction(1, 2)) -> list[Axis]:
    return [Axis(f"Safeguarding and standard {place}", value, "50%", Fraction(3, 4)) for place in range(count)]


@given(st.lists(AXES, min_size=3, max_size=12))
def test_nothing_of_a_radar_stands_outside_its_drawing_and_no_name_covers_another(drawn):
    picture = radar(drawn)
    boxes = [each.box for each in picture.labels]
    for left, top, right, bottom in boxes:
        assert left >= -0.2
        assert right <= WIDE + 0.2
        assert top >= -0.2
        assert bottom <= picture.height + 0.2
    for x, y in (*picture.reached, *picture.aims, *(place for ring in picture.rings for place in ring)):
        assert 0 <= x <= WIDE
        assert 0 <= y <= picture.height
    for x, y in picture.rings[-1]:
        assert not any(left < x < right and top < y < bottom for left, top, right, bottom in boxes)
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.2 or other[3] <= one[1] + 0.2
            assert apart, (one, other)


def test_a_point_of_a_radar_is_as_far_out_as_its_share():
    picture = radar([Axis("A", Fraction(1), "100%"), Axis("B", Fraction(1, 2), "50%"), Axis("C", Fraction(0), "0%")])
    (middle, top) = picture.spokes[0]
    radius = middle[1] - top[1]
    outs = [math.dist(middle, point) for point in picture.reached]
    assert outs == pytest.approx([radius, radius / 2, 0], abs=0.2)
    assert picture.reached[0] == top


def test_the_line_aimed_at_has_a_gap_where_nothing_is_aimed_at():
    plain = axes(5)
    assert len(radar(plain).aim) == 5
    plain[2] = Axis("No aim", Fraction(1, 2), "50%")
    assert len(radar(plain).aim) == 3
    assert len(radar(plain).aims) == 4


def test_too_few_or_too_many_axes_are_no_radar():
    assert [count for count in range(15) if fits_a_radar(axes(count))] == list(range(3, 13))
    with pytest.raises(ValueError, match="3 to 12"):
        radar(axes(2))


@given(st.lists(AXES, max_size=8))
def test_bars_stand_one_below_the_other_as_long_as_their_shares(drawn):
    picture = bars(drawn)
    below = 0.0
    for axis, bar in zip(drawn, picture.bars, strict=True):
        assert bar.filled == pytest.approx(WIDE * float(axis.value), abs=0.1)
        assert bar.words.box[1] >= below - 0.1
        assert bar.top >= max(bar.words.box[3], bar.figure.box[3]) - 4.1
        assert bar.words.box[2] <= WIDE + 0.1
        assert bar.figure.box[0] >= -0.1
        below = bar.top + picture.thick
    assert below <= picture.height


@given(st.lists(st.tuples(st.integers(0, 900), SHARES), min_size=1, max_size=50))
def test_a_course_runs_from_left_to_right_in_the_order_of_days(days):
    start = date(2026, 1, 1)
    picture = course([Moment(start + timedelta(days=day), share, "x%") for day, share in days])
    across = [x for x, _ in picture.dots]
    assert across == sorted(across)
    assert len(picture.dots) <= charts.MOST_MOMENTS
    assert all(0 <= x <= WIDE and 0 <= y <= picture.height for x, y in picture.dots)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=14))
def test_the_parts_of_columns_are_as_high_as_their_counts(counts):
    picture = columns([Stack("Mar", lower, upper) for lower, upper in counts])
    shown = counts[-12:]
    tallest = max([sum(each) for each in shown] + [1])
    for (lower, upper), column in zip(shown, picture.columns, strict=True):
        assert column.lower[1] == pytest.approx(130 * lower / tallest, abs=0.1)
        assert column.upper[1] == pytest.approx(130 * upper / tallest, abs=0.1)
        assert column.upper[0] + column.upper[1] == pytest.approx(column.lower[0], abs=0.2)
        assert column.x + column.width <= WIDE


@given(NAMES, st.integers(40, 400), st.integers(1, 4))
def test_wrapped_words_fit_and_say_openly_what_was_left_out(text, room, most):
    lines = wrapped(text, 15, room, most)
    assert 1 <= len(lines) <= most
    assert all(wide(line, 15) <= room + 0.01 for line in lines)
    together = "".join(lines).replace("-", "").replace(" ", "")
    plain = "".join(text.split())
    assert together == plain or "…" in lines[-1]
    assert cut(text, 15, 10_000) == text
