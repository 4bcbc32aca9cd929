"""Packs: how a slot stands on a day, codes as people write them, names inside an archive."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.errors import Invalid
from app.domain.file_names import LONGEST, safe_name, unique_name
from app.domain.pack import (
    ALPHABET,
    BY_CODE,
    CODE_LENGTH,
    LONGEST_SHARE,
    SlotState,
    checked_end,
    code_from,
    code_hash,
    in_groups,
    read_code,
    slot_state,
)

TODAY = date(2026, 11, 16)
POLICY, INSURANCE, RARE = BY_CODE["complaints"], BY_CODE["public-liability"], BY_CODE["whistleblowing"]
YESTERDAY, FAR = TODAY - timedelta(days=1), TODAY + timedelta(days=300)


@pytest.mark.parametrize(
    ("slot", "ends", "note", "state"),
    [
        (POLICY, [], "", SlotState.MISSING),
        (POLICY, [], "We are too small.", SlotState.EXPLAINED),
        (POLICY, [], "   ", SlotState.MISSING),
        (RARE, [], "", SlotState.EMPTY),
        (POLICY, [None], "", SlotState.HERE),
        (INSURANCE, [None], "", SlotState.NO_END),
        (INSURANCE, [TODAY], "", SlotState.ENDS_SOON),
        (INSURANCE, [YESTERDAY], "", SlotState.EXPIRED),
        (INSURANCE, [FAR, YESTERDAY], "", SlotState.EXPIRED),
        (INSURANCE, [FAR], "A note that nobody needs", SlotState.HERE),
    ],
)
def test_a_slot_tells_the_worst_of_what_is_in_it(slot, ends, note, state):
    assert slot_state(slot, ends, note, TODAY) is state


def test_a_code_has_no_characters_that_people_mistake_and_is_read_back_however_it_is_typed():
    code = code_from(bytes(range(100, 116)))
    assert len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) and not set(code) & set("01OIL")
    assert in_groups(code).count("-") == 4
    assert read_code(f" {in_groups(code).lower()} ") == code
    assert read_code(code.replace(code[0], "0", 1)) is None
    assert read_code(code[:-1]) is None and read_code("") is None


def test_codes_differ_wherever_chance_does_and_hold_99_bits_of_it():
    assert len({code_from(number.to_bytes(16, "big")) for number in range(2000)}) == 2000
    assert len(ALPHABET) ** CODE_LENGTH > 2**99
    assert code_hash("A") != code_hash("B") and len(code_hash("A")) == 64
    with pytest.raises(ValueError, match="16 random bytes"):
        code_from(b"short")


def test_a_code_ends_between_today_and_a_year_from_now():
    assert checked_end(TODAY, TODAY) == TODAY
    assert checked_end(TODAY + LONGEST_SHARE, TODAY) == TODAY + LONGEST_SHARE
    for wrong in (None, YESTERDAY, TODAY + LONGEST_SHARE + timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            checked_end(wrong, TODAY)
        assert set(refused.value.errors) == {"ends_on"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("سياسة الحماية.pdf", "سياسة الحماية.pdf"),
        ("../../etc/passwd.txt", "-.-etc-passwd.txt"),
        ("CON.pdf", "CON_.pdf"),
        ("a\u202egpj.exe\x00\n", "agpj.exe"),
        ("...", "file"),
        ("Pläne: 2026/27?.docx", "Pläne- 2026-27-.docx"),
    ],
)
def test_a_name_in_an_archive_is_one_that_every_computer_can_unpack(text, name):
    assert safe_name(text) == name


def test_a_long_name_keeps_its_ending_and_twins_are_told_apart():
    long = safe_name("x" * 300 + ".pdf")
    assert len(long) == LONGEST and long.endswith(".pdf")
    taken: set[str] = set()
    assert [unique_name(each, taken) for each in ("A.pdf", "a.PDF", "A.pdf")] == ["A.pdf", "a (2).PDF", "A (3).pdf"]
