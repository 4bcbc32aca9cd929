"""Certificate numbers that people can read out: scheme, year, serial, and two characters that find slips.

The check characters are ISO/IEC 7064 MOD 1271-36 over the letters and digits before them. They find every single wrong
character and every swap of two neighbours. (MOD 37,36, with one character, misses some swaps.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORM = re.compile(r"([A-Z]{1,4})(\d{2})(\d{5,8})([0-9A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as somebody typed it. `number` is its proper form, "" where it has none; `checks` says it is no slip."""

    number: str
    checks: bool


def make(prefix: str, year: int, serial: int) -> str:
    """The number of a certificate, such as CCM-26-00042-3W.

    `prefix` has 1 to 4 letters, `year` is the full year, `serial` counts from 1 within the scheme. Raises ValueError.
    """
    if not re.fullmatch(r"[A-Z]{1,4}", prefix) or not 1 <= serial <= 99_999_999:
        raise ValueError(f"No certificate number can be made of {prefix!r} and {serial!r}.")
    body = f"{prefix}{year % 100:02}{serial:05}"
    return _written(prefix, f"{year % 100:02}", f"{serial:05}", check_characters(body))


def check_characters(body: str) -> str:
    """The two check characters for `body`, letters and digits without separators."""
    rest = 0
    for character in body:
        rest = (rest + ALPHABET.index(character)) * 36 % 1271
    first, second = divmod((1272 - rest * 36 % 1271) % 1271, 36)
    return ALPHABET[first] + ALPHABET[second]


def parse(text: str) -> Typed:
    """What was typed, whatever its case, spaces and hyphens."""
    plain = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    match = _FORM.fullmatch(plain)
    if match is None:
        return Typed("", False)
    prefix, year, serial, check = match.groups()
    return Typed(_written(prefix, year, serial, check), check_characters(plain[:-2]) == check)


def _written(prefix: str, year: str, serial: str, check: str) -> str:
    return f"{prefix}-{year}-{serial}-{check}"
