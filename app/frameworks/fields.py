"""Field kinds of the format: each turns the text in the file into its exact value, or says what was expected."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields

from app.domain.duration import Duration
from app.domain.wording import Text
from app.frameworks.problems import listed, suggestion

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
DIGITS = re.compile(r"[0-9]{1,6}")
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?|[0-9]{1,6}/[1-9][0-9]{0,5}")
PERIOD = re.compile(r"(\d{1,4}) (year|month|week|day)s?")
MOST = {"years": 100, "months": 1200, "days": 36500}
UNITS = {"year": "years", "month": "months", "day": "days"}


class Parsed(fields.Field[Any]):
    """A field whose value is made from the file's text by `parse`, which raises ValidationError."""

    def __init__(self, parse: Callable[[Any], Any], **settings: Any) -> None:
        super().__init__(**settings)
        self.parse = parse

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return self.parse(value)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ValidationError(f"expected {what}, not a {'list' if isinstance(value, list) else 'group of keys'}")
    return value.strip()


def words(value: Any) -> Text:
    """A plain string, or a map of language to string."""
    if isinstance(value, dict):
        return _words_by_language(value)
    text = _text(value, "a text, or a text for each language")
    if not text:
        raise ValidationError("expected a text, but it is empty")
    return Text.plain(text)


def _words_by_language(value: dict[str, Any]) -> Text:
    wrong: dict[str, Any] = {}
    for language, text in value.items():
        if not LANGUAGE.fullmatch(language):
            wrong[language] = [f"`{language}` is no language code; write en, cy, pl ..."]
        elif not isinstance(text, str) or not text.strip():
            wrong[language] = [f"expected a text in the language `{language}`"]
    if wrong or not value:
        raise ValidationError(wrong or "expected a text for at least one language")
    return Text(tuple((language, text.strip()) for language, text in value.items()))


def code(value: Any) -> str:
    text = _text(value, "a code")
    if not CODE.fullmatch(text):
        raise ValidationError(
            f"`{text}` is no code: use 1 to 40 letters, digits, . - or _, and start with a letter or digit"
        )
    return text


def codes(value: Any) -> tuple[str, ...]:
    """One code, or a list of them."""
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise ValidationError("expected a code, or a list of codes")
    return tuple(code(entry) for entry in entries)


def plain(value: Any) -> str:
    text = _text(value, "a text")
    if not text:
        raise ValidationError("expected a text, but it is empty")
    return text


class Whole:
    """Parses a whole number from `least` to `most`."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, value: Any) -> int:
        text = _text(value, "a whole number")
        if not re.fullmatch(r"-?\d{1,9}", text) or not self.least <= int(text) <= self.most:
            open_ended = self.most >= 1_000_000
            span = f"of {self.least} or more" if open_ended else f"from {self.least} to {self.most}"
            raise ValidationError(f"expected a whole number {span}, not `{text}`")
        return int(text)


def whole(least: int, most: int = 1_000_000) -> Whole:
    return Whole(least, most)


def exact(value: Any) -> Fraction:
    """A number of 0 or more: 2, 0.5 or 1/3."""
    text = _text(value, "a number")
    if text.startswith("-") and NUMBER.fullmatch(text[1:]):
        raise ValidationError(f"expected a number of 0 or more, not `{text}`")
    if not NUMBER.fullmatch(text):
        raise ValidationError(f"expected a number such as 2, 0.5 or 1/3, not `{text}`")
    return Fraction(text)


def share(value: Any) -> Fraction:
    """A share of the whole: 60%, 62.5%, 5/8 or 0."""
    text = _text(value, "a percentage")
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?%", text):
        return Fraction(Decimal(text[:-1])) / 100
    if re.fullmatch(r"\d{1,6}/[1-9]\d{0,5}", text):
        return Fraction(text)
    if text == "0":
        return Fraction(0)
    hint = f"; did you mean `{text}%`?" if re.fullmatch(r"\d{1,3}(\.\d+)?", text) else ""
    raise ValidationError(f"expected a percentage such as 60% or a fraction such as 3/5, not `{text}`{hint}")


def signed_share(value: Any) -> Fraction:
    """A share to add or to take away: 5%, +5% or -10%."""
    text = _text(value, "a percentage")
    return -share(text[1:]) if text.startswith("-") else share(text.removeprefix("+"))


def marks(value: Any) -> Fraction:
    """Points of a sum: 40 points, 1 point, or -2 points below what is expected."""
    text = _text(value, "points")
    found = re.fullmatch(r"(-?\d{1,9}(?:\.\d{1,6})?)(?: points?)?", text)
    if not found:
        raise ValidationError(f"expected points such as 40 points, not `{text}`")
    return Fraction(found.group(1))


def unit_share(value: Any) -> Fraction:
    """A number from 0 to 1, also written as a percentage."""
    text = _text(value, "a number from 0 to 1")
    number = share(text) if text.endswith("%") else exact(text)
    if number > 1:
        span = "percentage from 0% to 100%" if text.endswith("%") else "number from 0 to 1"
        raise ValidationError(f"expected a {span}, not `{text}`")
    return number


def length(value: Any) -> Duration:
    """3 years; 1 year 6 months; 30 days; 2 weeks."""
    text = " ".join(_text(value, "a length of time").replace(" and ", " ").split())
    parts = PERIOD.findall(text)
    if not parts or " ".join(text.split()) != " ".join(m.group(0) for m in PERIOD.finditer(text)):
        raise ValidationError(f"expected a length of time such as 3 years or 18 months, not `{text}`")
    sums = {"years": 0, "months": 0, "days": 0}
    for count, unit in parts:
        sums["days" if unit == "week" else UNITS[unit]] += int(count) * (7 if unit == "week" else 1)
    if not any(sums.values()) or any(count > MOST[unit] for unit, count in sums.items()):
        raise ValidationError(f"expected a length of time from a day to 100 years, not `{text}`")
    return Duration(**sums)


def flag(value: Any) -> bool:
    text = _text(value, "yes or no").lower()
    if text not in ("yes", "no", "true", "false"):
        raise ValidationError(f"expected yes or no, not `{text}`")
    return text in ("yes", "true")


def url(value: Any) -> str:
    text = _text(value, "a web address")
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not re.search(r"\s", text)
    except ValueError:
        good = False
    if not good:
        raise ValidationError(f"expected a web address such as https://www.example.org/page, not `{text}`")
    return text


def email(value: Any) -> str:
    text = _text(value, "an e-mail address")
    if not EMAIL.fullmatch(text):
        raise ValidationError(f"expected an e-mail address, not `{text}`")
    return text


def colour(value: Any) -> str:
    """A colour that can be read as text on white."""
    text = any_colour(value)
    ratio = contrast(text, "#ffffff")
    if ratio < 4.5:
        raise ValidationError(
            f"{text} is too pale to read on white: its contrast is {ratio:.1f} to 1, at least 4.5 is needed"
        )
    return text


def any_colour(value: Any) -> str:
    text = _text(value, "a colour")
    if not COLOUR.fullmatch(text):
        raise ValidationError(f'expected a colour such as "#14532d" in quotes, not `{text}`')
    return text.lower()


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(hex_colour: str) -> float:
    channels = [int(hex_colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class OneOf:
    """Parses one of some words. `choices` are the words, for whoever offers them."""

    def __init__(self, kinds: type[StrEnum] | Iterable[str]) -> None:
        self.choices = tuple(str(kind) for kind in kinds)
        self._make: Callable[[str], Any] = kinds if isinstance(kinds, type) else str

    def __call__(self, value: Any) -> Any:
        text = _text(value, listed(self.choices))
        if text not in self.choices:
            raise ValidationError(f"`{text}` is not known here{suggestion(text, self.choices)}")
        return self._make(text)


def one_of(kinds: type[StrEnum] | Iterable[str]) -> OneOf:
    return OneOf(kinds)


def raw(value: Any) -> Any:
    """Kept as it is, to be read with its place later."""
    return value
