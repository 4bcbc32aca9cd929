"""Names, addresses and passwords as people type them."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.people import check_password, email_address, person_name


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password12",
        "P4ssw0rd2026!",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "safeguarding1",
        "rosehall99!!",
        "rose@example.org",
        "x" * 201,
    ],
)
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(Invalid) as refusal:
        check_password(password, "Rose Hall", "rose@example.org", field="new")
    assert set(refusal.value.errors) == {"new"}


@pytest.mark.parametrize(
    "password",
    ["seven quiet herons", "correct horse battery", "pässwörter im wald", "kx7Rz!90qwLm", "my dog eats post"],
)
def test_length_is_enough_whatever_the_signs(password):
    check_password(password, "Rose Hall", "rose@example.org")


@pytest.mark.parametrize("text", [" Rose.Hall+mark@Mail.Example.org ", "r@x.uk", "o'neil@example.org"])
def test_addresses_are_kept_in_lower_case(text):
    assert email_address(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    ["", "rose", "rose@", "@example.org", "rose@example", "a b@example.org", "rose@example..org", "rose@-x.org",
     "rose@example.org\nBcc: all@example.org", "rosé@example.org", ".rose@example.org", "r" * 250 + "@x.uk"],
)  # fmt: skip
def test_what_no_mail_reaches_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        email_address(text)
    assert set(refusal.value.errors) == {"email"}


def test_a_name_is_one_line():
    assert person_name("  Rose\n  Hall ") == "Rose Hall"
    for text in ("", "  ", "x" * 121, "Rose\x00Hall"):
        with pytest.raises(Invalid):
            person_name(text)
