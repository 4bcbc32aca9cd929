"""Complaints: what may be sent by whom, whom they concern, what follows from them, and by when they are answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.appeals import Terms
from app.domain.errors import Invalid
from app.domain.people import NAME_LONGEST, email_address
from app.domain.working_days import after_working_days

LONGEST = 10_000
LONGEST_SHORT = 2_000
LONGEST_NAME = 200
SHORTEST_NAME_PART = 3


class About(StrEnum):
    """What a complaint is about."""

    HOLDER = "holder"
    SCHEME = "scheme"
    PERSON = "person"  # an assessor or a member of a panel
    MANAGER = "manager"


ABOUT_WORDS: Mapping[About, str] = {
    About.HOLDER: "A provider that holds an award",
    About.SCHEME: "The scheme and how it works",
    About.PERSON: "Somebody who assesses or decides for the scheme",
    About.MANAGER: "Somebody who manages the scheme",
}


class ToldProvider(StrEnum):
    """Whether the complaint was made to the provider itself first."""

    YES = "yes"
    NO = "no"
    AFRAID = "afraid"


TOLD_WORDS: Mapping[str, str] = {
    ToldProvider.YES: "Yes",
    ToldProvider.NO: "No",
    ToldProvider.AFRAID: "No, and I do not want to or am afraid to",
    "": "Not asked",
}


class Follow(StrEnum):
    """What follows from a complaint that was looked into."""

    NOTHING = "nothing"
    FINDING = "finding"
    SPOT_CHECK = "spot-check"
    SUSPENSION = "suspension"
    CHANGE = "change"


FOLLOW_WORDS: Mapping[str, str] = {
    Follow.NOTHING: "Nothing more",
    Follow.FINDING: "A finding is raised on the provider",
    Follow.SPOT_CHECK: "The provider is visited or checked without waiting for its year",
    Follow.SUSPENSION: "The scheme considers suspending the award",
    Follow.CHANGE: "The scheme changes how it works",
    "": "Not said",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends. `provider` is a name as typed, empty where the form was opened from a register entry."""

    about: str
    words: str
    safety: bool = False
    provider: str = ""
    whom: str = ""
    told: str = ""
    wants: str = ""
    name: str = ""
    email: str = ""
    may_name: bool = False


def tidy(sent: Sent) -> Sent:
    """What was sent, trimmed and with a checked address. Raises Invalid with every sentence by its field.

    Nobody has to say who they are; who wants an answer by e-mail leaves an address.
    """
    errors: dict[str, str] = {}
    if sent.about not in set(About):
        errors["about"] = "Choose what your complaint is about."
    if not sent.words.strip():
        errors["words"] = "Say what happened."
    if sent.about in {About.PERSON, About.MANAGER} and not sent.whom.strip():
        errors["whom"] = "Say who it is about. If you do not know the name, say what they do."
    address = ""
    if sent.email.strip():
        try:
            address = email_address(sent.email)
        except Invalid as wrong:
            errors |= wrong.errors
    errors |= _too_long(sent)
    if errors:
        raise Invalid(errors)
    about_holder = sent.about == About.HOLDER
    return Sent(
        about=sent.about,
        words=sent.words.strip(),
        safety=sent.safety,
        provider=sent.provider.strip() if about_holder else "",
        whom="" if about_holder else sent.whom.strip(),
        told=sent.told if about_holder and sent.told in set(ToldProvider) else "",
        wants=sent.wants.strip(),
        name=sent.name.strip(),
        email=address,
        may_name=sent.may_name and bool(sent.name.strip()),
    )


def _too_long(sent: Sent) -> dict[str, str]:
    longest = {
        "words": LONGEST,
        "wants": LONGEST_SHORT,
        "provider": LONGEST_NAME,
        "whom": LONGEST_NAME,
        "name": NAME_LONGEST,
    }
    return {
        name: f"Keep this under {most:,} characters. It has {len(text):,}."
        for name, most in longest.items()
        if len(text := getattr(sent, name).strip()) > most
    }


def concerned(about: str, whom: str, words: str, people: Iterable[tuple[int, str, bool]]) -> frozenset[int]:
    """Whom of the scheme's people (id, name, whether a manager) a complaint seems to be about: they never handle it.

    Better one too many than one too few. A name counts where it stands whole in any of the words, or a part of it in
    `whom`. Where it is about a manager and names none, it concerns them all.
    """
    people = list(people)
    named = {each for each, name, _ in people if name and _stands_in(name, f"{whom}\n{words}")}
    if about in {About.PERSON, About.MANAGER}:
        named |= {each for each, name, _ in people if any(_stands_in(part, whom) for part in _parts(name))}
    managers = {each for each, _, manages in people if manages}
    if about == About.MANAGER and not named & managers:
        named |= managers
    return frozenset(named)


def _parts(name: str) -> list[str]:
    return [part for part in name.split() if len(part) >= SHORTEST_NAME_PART]


def _stands_in(name: str, text: str) -> bool:
    pattern = r"\s+".join(re.escape(part) for part in name.casefold().split())
    return bool(pattern) and re.search(rf"(?<!\w){pattern}(?!\w)", text.casefold()) is not None


def names_complainant(text: str, name: str, email: str) -> bool:
    """Whether words that the provider would read tell who complained."""
    return bool(
        (name.strip() and _stands_in(name, text)) or (email.strip() and email.strip().casefold() in text.casefold())
    )


def acknowledged_by(received_on: date, terms: Terms) -> date:
    """The last day on which a person should have confirmed it."""
    return after_working_days(received_on, terms.acknowledged)


def answered_by(received_on: date, terms: Terms) -> date:
    """The last day on which it should be answered."""
    return after_working_days(received_on, terms.answered)
