"""A pre-qualification pack: what belongs into it, what is missing or has run out, and the code that opens it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from app.domain.errors import Invalid, check_length

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What codes are made of. Left out: 0 and O, 1, I and L, which people mistake for each other on paper."""

GROUPS, GROUP = 5, 4
CODE_LENGTH = GROUPS * GROUP
"""20 of 31 characters: 99 bits."""

SOON = timedelta(days=60)
ENDS_SOON = timedelta(days=14)
LONGEST_SHARE = timedelta(days=366)
USUAL_SHARE = timedelta(days=28)
LONGEST_NAME, LONGEST_WORDS, LONGEST_NOTE = 120, 2000, 300
MOST_COVER = 999_999_999


class Group(StrEnum):
    """The parts of a pack that hold documents, in their order."""

    POLICIES = "policies"
    INSURANCES = "insurances"
    ACCOUNTS = "accounts"
    OTHERS = "others"


GROUP_TITLES = {
    Group.POLICIES: "Policies",
    Group.INSURANCES: "Insurances",
    Group.ACCOUNTS: "Accounts",
    Group.OTHERS: "Other documents",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a pack. `usual` ones are asked for nearly always, so that an empty one is said to be missing.

    `search` are the words by which the library is looked through for it first.
    """

    code: str
    group: Group
    title: str
    search: str
    usual: bool = False


SLOTS = (
    Slot("safeguarding", Group.POLICIES, "Safeguarding", "safeguarding", usual=True),
    Slot("health-and-safety", Group.POLICIES, "Health and safety", "health", usual=True),
    Slot("equality", Group.POLICIES, "Equality, diversity and inclusion", "equality", usual=True),
    Slot("data-protection", Group.POLICIES, "Data protection", "data", usual=True),
    Slot("complaints", Group.POLICIES, "Complaints", "complaint", usual=True),
    Slot("safer-recruitment", Group.POLICIES, "Safer recruitment", "recruitment"),
    Slot("whistleblowing", Group.POLICIES, "Whistleblowing", "whistleblowing"),
    Slot("business-continuity", Group.POLICIES, "Business continuity", "continuity"),
    Slot("environment", Group.POLICIES, "Environment", "environment"),
    Slot("public-liability", Group.INSURANCES, "Public liability", "insurance", usual=True),
    Slot("employers-liability", Group.INSURANCES, "Employer’s liability", "insurance", usual=True),
    Slot("professional-indemnity", Group.INSURANCES, "Professional indemnity", "insurance", usual=True),
    Slot("accounts", Group.ACCOUNTS, "Annual accounts", "accounts", usual=True),
    Slot("governing-document", Group.OTHERS, "Governing document", "constitution"),
    Slot("others", Group.OTHERS, "Anything else", ""),
)
BY_CODE = {slot.code: slot for slot in SLOTS}


class Part(StrEnum):
    """What a pack can say about the organisation, from its profile and from what it holds elsewhere."""

    DESCRIPTION = "description"
    NUMBERS = "numbers"
    SERVICES = "services"
    CONTACT = "contact"
    FACTS = "facts"
    HELD = "held"


PART_TITLES = {
    Part.DESCRIPTION: "What it does",
    Part.NUMBERS: "Official numbers, with links to the public registers",
    Part.SERVICES: "Services, people supported and where it works",
    Part.CONTACT: "Contact details",
    Part.FACTS: "Figures from the profile, such as income and staff",
    Part.HELD: "Certificates of other bodies, as under Held elsewhere",
}


class Opens(StrEnum):
    """What a code opens."""

    PAGE = "page"
    FILES = "files"


class Did(StrEnum):
    """What somebody did with a pack that they had a code for."""

    OPENED = "opened"
    FILE = "file"
    PDF = "pdf"
    ZIP = "zip"


class SlotState(StrEnum):
    """How a slot stands on a day."""

    HERE = "here"
    ENDS_SOON = "ends-soon"
    NO_END = "no-end"  # an insurance that does not say until when
    EXPIRED = "expired"
    EXPLAINED = "explained"  # nothing in it, and a sentence says why
    MISSING = "missing"
    EMPTY = "empty"  # nothing in it, and nothing is usually asked


TROUBLES = frozenset({SlotState.EXPIRED, SlotState.MISSING, SlotState.NO_END})
"""What the page says before a pack is shared."""


def slot_of(code: str) -> Slot:
    """The slot of that code. Raises Invalid."""
    if code not in BY_CODE:
        raise Invalid({"slot": "There is no such place in a pack."})
    return BY_CODE[code]


def slot_state(slot: Slot, ends: Iterable[date | None], note: str, today: date) -> SlotState:
    """How a slot stands today. `ends` are the last days of what is in it; the last day itself still counts.

    Several pieces in one slot stand beside each other, so that the worst of them is told.
    """
    days = list(ends)
    if not days:
        if note.strip():
            return SlotState.EXPLAINED
        return SlotState.MISSING if slot.usual else SlotState.EMPTY
    known = [day for day in days if day is not None]
    if any(day < today for day in known):
        return SlotState.EXPIRED
    if slot.group is Group.INSURANCES and len(known) < len(days):
        return SlotState.NO_END
    if any(day <= today + SOON for day in known):
        return SlotState.ENDS_SOON
    return SlotState.HERE


def code_from(chance: bytes) -> str:
    """A code made of random bytes, at least 16 of them: 20 characters without spaces.

    The bias of taking the remainder of 128 bits by 99 is below one in 500 million.
    """
    if len(chance) < 16:
        raise ValueError("A code needs at least 16 random bytes.")
    number, characters = int.from_bytes(chance, "big"), []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[rest])
    return "".join(characters)


def read_code(typed: str) -> str | None:
    """The code that somebody typed, with whatever spaces and dashes and in any case; None if it cannot be one."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def in_groups(code: str) -> str:
    """A code as it is written and read aloud: `ABCD-EFGH-...`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def code_hash(code: str) -> str:
    """What is kept of a code: with 99 bits of chance in it, nobody can find it from this."""
    return sha256(f"pack code {code}".encode()).hexdigest()


def checked_name(name: str) -> str:
    """A pack's name on one line. Raises Invalid."""
    tidy = " ".join(name.split())
    if not tidy:
        raise Invalid({"name": "Give the pack a name, such as that of the council or the contract that it is for."})
    check_length(tidy, LONGEST_NAME, "name")
    return tidy


def checked_end(ends_on: date | None, today: date) -> date:
    """The last day of a code. Raises Invalid."""
    if ends_on is None:
        raise Invalid({"ends_on": "Enter the last day on which the code opens the pack."})
    if ends_on < today:
        raise Invalid({"ends_on": "The last day cannot be in the past."})
    if ends_on > today + LONGEST_SHARE:
        raise Invalid({"ends_on": "A code can open the pack for a year at most. Make a new one then."})
    return ends_on
