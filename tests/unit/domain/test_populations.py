"""What samples are drawn from, and that anybody can draw them again."""

from __future__ import annotations

from hashlib import sha256

import pytest

from app.domain.errors import Invalid
from app.domain.populations import members_of_list, members_of_range, population_hash
from app.domain.sampling import draw


def test_ranges_are_whole_numbers_each_once_in_rising_order():
    assert members_of_range("8-10, 3 to 4; 9") == ("3", "4", "8", "9", "10")


@pytest.mark.parametrize("text", ["", "ten", "5-1", "1-99999999", "1-2-3"])
def test_a_range_that_says_nothing_clear_is_refused(text):
    with pytest.raises(Invalid):
        members_of_range(text)


def test_a_list_is_read_by_lines_or_by_commas_and_names_what_stands_twice():
    assert members_of_list("A/1\r\nSmith, flat 2 \r\n\r\nB 7\r\n") == ("A/1", "Smith, flat 2", "B 7")
    assert members_of_list("A/1, B/2;C/3") == ("A/1", "B/2", "C/3")
    with pytest.raises(Invalid, match="“B/2” is on the list twice"):
        members_of_list("A/1, B/2, B/2")


def test_the_hash_is_that_of_the_sorted_lines():
    by_hand = sha256(b"1\n10\n2\n").hexdigest()  # printf '1\n10\n2\n' | sha256sum
    assert population_hash(["2", "10", "1"]) == by_hand


def test_the_same_seed_and_population_give_the_same_sample_in_whatever_order_they_come():
    members = members_of_range("1-240")
    sample = draw(members, 12, "5f0c")
    assert draw(tuple(reversed(members)), 12, "5f0c") == sample
    assert draw(members, 13, "5f0c")[:12] == sample  # the next one is the substitute
    assert draw(members, 12, "5f0d") != sample


def test_a_draw_can_be_repeated_with_nothing_but_sha_256():
    tickets = {str(number): sha256(b"5f0c\0" + str(number).encode()).hexdigest() for number in range(1, 241)}
    assert list(draw(members_of_range("1-240"), 12, "5f0c")) == sorted(tickets, key=tickets.__getitem__)[:12]
