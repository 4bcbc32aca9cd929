"""Words of a framework in one or more languages, and how numbers and lists are put into sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one or more languages. `by_language` holds (language, words) pairs, at least one."""

    by_language: tuple[tuple[str, str], ...]

    @classmethod
    def plain(cls, words: str) -> "Text":
        return cls(((FALLBACK, words),))

    def in_(self, language: str) -> str:
        """The words in that language; in English where it is missing; else in the first language there is."""
        words = dict(self.by_language)
        return words.get(language) or words.get(FALLBACK) or self.by_language[0][1]

    def paragraphs(self, language: str = FALLBACK) -> tuple[str, ...]:
        """The text cut at blank lines, each paragraph on one line."""
        blocks = self.in_(language).replace("\r\n", "\n").split("\n\n")
        return tuple(" ".join(block.split()) for block in blocks if block.strip())

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.by_language)

    def __str__(self) -> str:
        return self.in_(FALLBACK)

    def __bool__(self) -> bool:
        return any(words.strip() for _, words in self.by_language)


NO_TEXT = Text.plain("")


def percent(share: Fraction) -> str:
    """A share as people write it: 60%, 62.5%, 66.67%. Cut, never rounded up, so that 59.999% does not read as 60%."""
    hundredths = share * 10000
    whole = hundredths.numerator // hundredths.denominator
    return f"{whole // 100}.{whole % 100:02d}".rstrip("0").rstrip(".") + "%"


def number(value: Fraction | int) -> str:
    """A number with thousands separated; at most two decimals unless it has none."""
    if Fraction(value).denominator == 1:
        return f"{int(value):,}"
    return f"{float(value):,.2f}"


def money(value: Fraction | int) -> str:
    """Pounds: £10,000 or £10,000.50."""
    return f"£{number(value)}"


def joined(words: Iterable[str], last: str = "and") -> str:
    """a; a and b; a, b and c."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(count: int, one: str, many: str = "") -> str:
    """1 criterion, 2 criteria."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def dated(day: date) -> str:
    """A date in full: 31 Mar 2029."""
    return f"{day.day} {day:%b %Y}"
