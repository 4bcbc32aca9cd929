"""What is sealed, codes of apps against the published ones, and the name that passkeys are bound to."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from app.backends.one_time_codes import matching_step, setup_picture
from app.backends.passkeys import NotProved, Passkeys, credential_in
from app.backends.vault import Vault

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


def test_what_was_sealed_opens_with_the_same_key_for_the_same_purpose_alone():
    vault = Vault("one secret")
    sealed = vault.seal("app", "the text")
    assert "the text" not in sealed and vault.seal("app", "the text") != sealed
    assert vault.open("app", sealed) == "the text"
    assert vault.open("other", sealed) is None
    assert Vault("another secret").open("app", sealed) is None
    assert vault.open("app", sealed[:-4] + "AAA=") is None


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds, code):
    """The last six figures of the SHA-1 values in RFC 6238, appendix B."""
    step = matching_step(RFC_SECRET, code, datetime.fromtimestamp(seconds, UTC))
    assert step == seconds // 30
    assert matching_step(RFC_SECRET, code, datetime.fromtimestamp(seconds, UTC), used=step) is None


def test_the_picture_needs_no_style_and_has_a_name():
    picture = setup_picture("otpauth://totp/Touchstone:ann@example.org?secret=ABC&issuer=Touchstone")
    assert "style" not in picture and 'role="img"' in picture and "aria-label=" in picture


@pytest.mark.parametrize(
    ("address", "name", "origin"),
    [
        ("https://register.example.org", "register.example.org", "https://register.example.org"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("https://192.0.2.7", "", ""),
    ],
)
def test_passkeys_are_bound_to_the_name_of_the_site(address, name, origin):
    site = Passkeys(address)
    assert (site.site, site.origin, site.available) == (name, origin, bool(name))


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"id": 7}', "x" * 30_000, '{"id": "a", "response": null}'])
def test_an_answer_that_no_browser_gives_is_refused_and_breaks_nothing(answer):
    with pytest.raises(NotProved):
        Passkeys("https://register.example.org").check_added(answer, "YWJj")
    if '"id": "a"' not in answer:
        with pytest.raises(NotProved):
            credential_in(answer)
