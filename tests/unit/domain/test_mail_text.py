"""The text of a message as blocks: what is a link, what is a list, and that nobody's name does harm there."""

from __future__ import annotations

import pytest

from app.domain.mail_text import APART, TOGETHER, Finished, blocks, gist, kept_apart

OURS = "https://touchstone.example"


def shown(text: str) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    return [
        (block.kind, [[(piece.words, piece.address) for piece in line] for line in block.lines])
        for block in blocks(text, OURS)
    ]


def test_words_that_end_with_a_colon_become_the_link_of_the_address_beneath():
    assert shown(f"Read and reply here:\n{OURS}/a?b=1&c=2") == [("p", [[("Read and reply here", f"{OURS}/a?b=1&c=2")]])]


def test_only_the_last_sentence_of_those_words_becomes_the_link_and_no_name_is_cut_in_two():
    name = f"{APART}الأمل. شمال{TOGETHER}"
    assert shown(f"It runs until 9 Dec. End it here:\n{OURS}/a") == [
        ("p", [[("It runs until 9 Dec. ", ""), ("End it here", f"{OURS}/a")]])
    ]
    [block] = blocks(f"Hello. The members of {name}:\n{OURS}/a", OURS)
    assert [(piece.apart, bool(piece.address)) for piece in block.lines[0]] == [
        (False, False),
        (False, True),
        (True, True),
    ]


def test_an_item_takes_the_lines_that_are_indented_beneath_it():
    text = f"Next\n----\n\n- Reply\n  {OURS}/q\n  by 1 Dec\n- Rest\nAfter"
    assert shown(text) == [
        ("h2", [[("Next", "")]]),
        ("ul", [[("Reply", f"{OURS}/q"), ("\n", ""), ("by 1 Dec", "")], [("Rest", "")]]),
        ("p", [[("After", "")]]),
    ]


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", f"{OURS}.evil.example/", "javascript:alert(1)", f"{OURS}@evil.example/"],
)
def test_only_our_own_addresses_become_links(address):
    assert all(link == "" for _, lines in shown(f"See this:\n{address} now") for line in lines for _, link in line)


def test_the_end_of_a_sentence_is_not_part_of_an_address():
    assert shown(f"It is at {OURS}/verify/1.") == [
        ("p", [[("It is at ", ""), (f"{OURS}/verify/1", f"{OURS}/verify/1"), (".", "")]])
    ]


def test_a_name_in_arabic_is_kept_apart_and_signs_that_turn_the_text_are_taken_out():
    name = "جمعية الأمل"
    assert kept_apart(name) == f"{APART}{name}{TOGETHER}"
    assert kept_apart(Finished(f"Hello {APART}{name}{TOGETHER}, welcome")) == f"Hello {APART}{name}{TOGETHER}, welcome"
    assert kept_apart("Ann\u202eevil\u2066") == "Annevil"
    assert kept_apart("Tŷ Gobaith") == "Tŷ Gobaith"
    [block] = blocks(f"Hello {kept_apart(name)}, welcome", OURS)
    assert [(piece.words, piece.apart) for piece in block.lines[0]] == [
        ("Hello ", False),
        (name, True),
        (", welcome", False),
    ]


def test_in_short_a_message_is_its_first_paragraph_after_the_greeting_and_its_first_link():
    text = f"Hello Ann,\n\nBay has replied\non GOV.1.1.\n\nRead it:\n{OURS}/a/1\n{OURS}/b"
    assert gist(text, OURS) == ("Bay has replied on GOV.1.1.", f"{OURS}/a/1")
    assert gist(f"Hello,\n\nRose wrote:\n\nLook at the rota.\n\n{OURS}/c", OURS)[0] == "Rose wrote: Look at the rota."
    long = gist(f"Hello,\n\n{'word ' * 200}", OURS)[0]
    assert len(long) <= 300 and long.endswith("word…")
    cut = gist(f"Hello,\n\n{APART}{'شارع ' * 100}{TOGETHER}", OURS)[0]
    assert cut.count(APART) == cut.count(TOGETHER) == 1
