"""The pictures and the page of the lives in docs: made from the tables as they are now."""

from __future__ import annotations

import pytest

from app.domain.lifecycle import LIVES
from app.queries.lives import TITLES, lives, picture_of
from tools.draw_lives import PAGE, PICTURES, mark, page

HOW = "Run `python -m tools.draw_lives` and commit what it writes."


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.noun)
def test_each_life_has_the_picture_that_its_table_gives(life):
    picture = PICTURES / picture_of(life)
    assert picture.is_file(), HOW
    assert picture.read_text("utf-8").startswith(f"<!-- drawn from {mark(life)} -->"), HOW


def test_the_page_in_docs_says_what_the_tables_say():
    assert PAGE.read_text("utf-8") == page(), HOW


def test_every_move_says_who_makes_it():
    shown = lives()
    assert {life.noun for life in shown} <= set(TITLES)
    assert not [(life.noun, row.move) for life in shown for row in life.moves if not row.who or not row.ways]
