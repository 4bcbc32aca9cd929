"""What a person types about themselves: name, e-mail address, a password worth having."""

from __future__ import annotations

import re

from app.domain.errors import Invalid

EMAIL_LONGEST = 254
NAME_LONGEST = 120
PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 200

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+")

# What guessing starts with. A password is refused if nothing but one of these is left after the digits and signs
# around it are taken off: "Password2026!" is as common as "password".
_COMMON = frozenset(
    """
    password passwort passphrase pass letmein letmeinnow welcome welcomeback changeme changemenow iloveyou ilovemydog
    qwerty qwertyuiop qwertyui asdfghjkl asdfgh zxcvbnm qazwsx qazwsxedc azerty monkey dragon football liverpool chelsea
    arsenal everton rangers celtic manchester manchesterunited london england scotland wales britain princess sunshine
    superman batman master admin administrator default secret topsecret trustno charlie george daniel thomas jessica
    michael jennifer ashley computer internet summer winter autumn spring monday friday january december christmas
    charity volunteer volunteers trustee trustees safeguarding touchstone accreditation hello helloworld testing
    testtest temporary temp nothing whatever starwars pokemon cheese chocolate baseball shadow freedom mypassword
    """.split()
)
_LOOKALIKES = str.maketrans("@430151$7", "aaeoislst")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik")


def email_address(text: str, field: str = "email") -> str:
    """The address in lower case. Raises Invalid on `field` if mail could not be sent there."""
    address = text.strip().lower()
    if not address:
        raise Invalid({field: "Enter an e-mail address."})
    if len(address) > EMAIL_LONGEST or not _EMAIL.fullmatch(address):
        raise Invalid({field: "Enter an e-mail address in full, such as name@example.org."})
    return address


def person_name(text: str) -> str:
    """The name on one line. Raises Invalid on `name`."""
    name = " ".join(text.split())
    if not name:
        raise Invalid({"name": "Enter your name."})
    if len(name) > NAME_LONGEST or not name.isprintable():
        raise Invalid({"name": f"Enter a name of at most {NAME_LONGEST} characters."})
    return name


def check_password(password: str, *about: str, field: str = "password") -> None:
    """Refuse a password that is guessed first. `about` is the person's own name and address.

    Length counts, not signs or capitals: rules about those make passwords that people forget and machines guess.
    Raises Invalid on `field`.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise Invalid(
            {field: f"Use at least {PASSWORD_SHORTEST} characters. Three words in a row make a good password."}
        )
    if len(password) > PASSWORD_LONGEST:
        raise Invalid({field: f"Use at most {PASSWORD_LONGEST} characters."})
    if _is_common(password):
        raise Invalid({field: "Many people use a password like this one, so it is guessed first. Choose another."})
    if _is_about(password, about):
        raise Invalid({field: "This password is made of your own name or address. Choose another."})


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text)


def _is_common(password: str) -> bool:
    plain = password.lower()
    # "p4ssw0rd2026": take the tail off before digits are read as letters.
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    words = {_letters(plain), _letters(core.translate(_LOOKALIKES)), _letters(plain.translate(_LOOKALIKES))}
    return len(set(plain)) < 4 or bool(words & _COMMON) or _is_run(plain) or _is_repeat(plain)


def _is_run(plain: str) -> bool:
    return any(plain in run * 2 or plain in run[::-1] * 2 for run in _RUNS)


def _is_repeat(plain: str) -> bool:
    """One short thing again and again, of at most half the length of a password."""
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, min(5, len(plain) // 2) + 1))


def _is_about(password: str, about: tuple[str, ...]) -> bool:
    core = _letters(password.lower())
    whole = {password.lower(), core}
    parts = {_letters(part) for text in about for part in (text.lower(), text.lower().partition("@")[0])}
    return bool(whole & ({text.lower() for text in about} | {part for part in parts if len(part) > 3}))
