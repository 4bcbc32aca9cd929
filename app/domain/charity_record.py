"""What the Charity Commission's register says of one charity, and what can be made of it here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_SUMMARY = 300
SMALL_WORDS = frozenset("a an and at by for from in of on or the to with".split())
STAY_CAPITAL = frozenset("uk nhs ymca ywca bme lgbt cic cio pta ptfa rspca".split())


class Standing(StrEnum):
    """Whether a charity can be relied on to be there."""

    REGISTERED = "registered"
    REMOVED = "removed"
    INSOLVENT = "insolvent"
    IN_ADMINISTRATION = "in-administration"


@dataclass(frozen=True, slots=True)
class Classified:
    """One class that a charity put itself into: what it does, whom it helps, or how it works."""

    kind: str
    description: str


@dataclass(frozen=True)
class CharityRecord:
    """One charity as in the public extract of `extracted_on`. Money is in whole pounds; what is not known is None or "".

    `linked` is 0 for a charity of its own; one that is linked to another has that one's number and a suffix.
    """

    organisation_number: int
    number: int
    linked: int
    name: str
    kind: str
    status: str
    registered_on: date | None
    removed_on: date | None
    company: str
    income: int | None
    income_to: date | None
    activities: str
    web: str
    email: str
    phone: str
    address: str
    postcode: str
    insolvent: bool
    in_administration: bool
    cio: bool
    employees: int | None
    volunteers: int | None
    extracted_on: date | None
    classes: tuple[Classified, ...] = ()
    areas: tuple[tuple[str, str], ...] = ()  # (type, description)

    @property
    def charity_number(self) -> str:
        """The number as it is written here: 1123456, or 1123456-2 for a linked charity."""
        return f"{self.number}-{self.linked}" if self.linked else str(self.number)

    @property
    def standing(self) -> Standing:
        if self.removed_on is not None or self.status.casefold() == "removed":
            return Standing.REMOVED
        if self.insolvent:
            return Standing.INSOLVENT
        return Standing.IN_ADMINISTRATION if self.in_administration else Standing.REGISTERED

    @property
    def summary(self) -> str:
        """The first sentence of what it does, where it is short enough to stand beside a name."""
        first = sentences(tidy_text(self.activities))[:1]
        return first[0] if first and len(first[0]) <= LONGEST_SUMMARY else ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """That a class of the register may mean one of our codes. `because` is the class in the register's words."""

    code: str
    because: str


# The Commission's classes, in small letters -> codes of ours. Only what follows nearly always; the rest is the provider's to say.
CLIENT_GROUPS = {
    "children/young people": ("children-families", "young-people"),
    "elderly/old people": ("older-people",),
    "people with disabilities": ("disabled-people",),
    "people of a particular ethnic or racial origin": ("ethnic-minorities",),
    "the general public/mankind": ("everyone",),
    "armed forces/emergency service efficiency": ("veterans",),
}
SERVICES = {
    "provides advocacy/advice/information": ("information-advice", "advocacy"),
    "accommodation/housing": ("housing-related-support",),
    "economic/community development/employment": ("employment-support",),
}


def suggestions(classes: Iterable[Classified], rules: dict[str, tuple[str, ...]]) -> tuple[Suggestion, ...]:
    """What the classes may mean under `rules`, each code once, in the order of the classes."""
    found: dict[str, str] = {}
    for each in classes:
        for code in rules.get(" ".join(each.description.casefold().split()), ()):
            found.setdefault(code, each.description)
    return tuple(Suggestion(code, because) for code, because in found.items())


def organisation_kind(record: CharityRecord) -> str:
    """The kind of body that the record shows it to be: a code of organisation-types.yaml."""
    if record.cio or record.company.startswith(("CE", "CS")) or record.kind.casefold() == "cio":
        return "cio"
    return "charitable-company" if record.company else "registered-charity"


def is_shouted(text: str) -> bool:
    """Whether a text is in capitals only, as much of the register is."""
    letters = [each for each in text if each.isalpha()]
    return len(letters) > 3 and all(each.isupper() for each in letters)


def tidy_name(name: str) -> str:
    """A name in capitals only as one would write it; any other as it is, on one line."""
    name = " ".join(name.split())
    if not is_shouted(name):
        return name
    words = name.casefold().split()
    return " ".join(_word(word, first=not place) for place, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    plain = word.strip("().,'’\"")
    if plain in STAY_CAPITAL:
        return word.upper()
    if plain in SMALL_WORDS and not first:
        return word
    parts = word.split("-")
    return "-".join(_capitalised(part) for part in parts)


def _capitalised(word: str) -> str:
    """Its first letter large, wherever brackets or quotes begin it: `(wales)` becomes `(Wales)`, `o'brien` `O'Brien`.

    What begins with a digit stays: `1st`.
    """
    for place, letter in enumerate(word):
        if letter.isdigit():
            return word
        if letter.isalpha():
            rest = word[place + 1 :]
            if letter == "o" and rest[:1] in ("'", "’"):
                rest = rest[:1] + rest[1:2].upper() + rest[2:]
            return word[:place] + letter.upper() + rest
    return word


def tidy_text(text: str) -> str:
    """A text on one line; one in capitals only in sentences."""
    text = " ".join(text.split())
    if not is_shouted(text):
        return text
    return " ".join(each[:1].upper() + each[1:] for each in sentences(text.lower()))


def sentences(text: str) -> list[str]:
    """A text cut after full stops that end a sentence."""
    found: list[str] = []
    for word in text.split(" "):
        ends = word.endswith((".", "!", "?")) and len(word) > 3
        if not found or found[-1].endswith("\n"):
            found.append(word)
        else:
            found[-1] += f" {word}"
        if ends:
            found[-1] += "\n"
    return [each.strip() for each in found if each.strip()]
