"""The kite-mark: which metal, which drawing, and nothing in it that a page's policy would refuse."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from app.certificates import kite_mark_svg, level_colour

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("level", "rank", "top", "colour"),
    [
        ("gold", 1, 3, "gold"),
        ("Silver award", 3, 3, "silver"),
        ("Bronze-plus", 2, 2, "bronze"),
        ("Marigold", 1, 1, "plain"),
        ("Outstanding", 4, 4, "gold"),
        ("Good", 3, 4, "silver"),
        ("Requires improvement", 2, 4, "bronze"),
        ("Inadequate", 1, 4, "plain"),
        ("Approved", 1, 1, "plain"),
        ("", 0, 0, "plain"),
    ],
)
def test_a_level_has_the_metal_it_names_or_else_the_metal_of_its_rank(level, rank, top, colour):
    assert level_colour(level, rank, top) == colour


def test_a_standing_mark_is_filled_with_the_level_as_its_inner_line():
    outer, inner, tick = ElementTree.fromstring(kite_mark_svg("gold", "standing", "Gold mark", colour="#123456"))
    assert outer.get("fill") == "#123456"
    assert inner.get("stroke") == "#a87b12"
    assert tick.get("stroke") == "#ffffff"


def test_a_plain_level_takes_the_accent_of_the_scheme():
    assert 'stroke="#abcdef"' in kite_mark_svg("plain", "standing", "Mark", accent="#abcdef")


def test_a_suspended_mark_is_hollow_and_barred():
    outline, bar = ElementTree.fromstring(kite_mark_svg("gold", "suspended", "Mark suspended"))
    assert outline.get("fill") == "none"
    assert outline.get("stroke-dasharray")
    assert bar.get("stroke") == "#9c3b12"


@pytest.mark.parametrize("state", ["withdrawn", "surrendered", "expired", "awarded", ""])
def test_no_mark_is_drawn_for_an_award_that_no_longer_stands(state):
    assert kite_mark_svg("gold", state, "Gold mark") == ""


def test_the_label_is_read_aloud_and_cannot_break_out():
    label = 'Gold "mark" <script>alert(1)</script> & more'
    mark = ElementTree.fromstring(kite_mark_svg("gold", "standing", label, size=90))
    assert mark.get("aria-label") == label
    assert mark.get("role") == "img"
    assert mark.get("width") == "90"
    assert mark.find(f"{SVG}script") is None


@pytest.mark.parametrize("state", ["standing", "suspended"])
def test_the_drawing_needs_no_styles(state):
    for element in ElementTree.fromstring(kite_mark_svg("silver", state, "Silver mark")).iter():
        assert "style" not in element.attrib
        assert "class" not in element.attrib
        assert element.tag in (f"{SVG}svg", f"{SVG}path")


def test_a_mark_beside_the_same_words_is_not_read_aloud():
    mark = ElementTree.fromstring(kite_mark_svg("gold", "standing", "", classes="ts-mark"))
    assert mark.get("aria-hidden") == "true"
    assert mark.get("class") == "ts-mark"
    assert mark.get("role") is None
