"""What people who use a service say: what may be sent, how many it takes before it is shown, and what counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.people import email_address
from app.domain.voice_words import FORM_LANGUAGES, words_in
from app.domain.wording import Text

MINIMUM = 5
"""Nobody sees a result or a comment before so many have answered, nor that of a part in which fewer did."""
STEP = 5
"""While a round is open its results grow by so many answers at a time, and the last MINIMUM wait for its end."""
BURST = 6
"""More than so many answers from one network within an hour wait until the scheme has looked at them."""
MOST_FROM_FRAMEWORK = 6
MOST_ANSWERS = 2_000
"""A round takes no more, so that its results are read whole."""
LONGEST_TITLE = 120
LONGEST_COMMENT = 2_000
LONGEST_CONCERN = 4_000
LONGEST_CONTACT = 300
LONGEST_ROUND = timedelta(days=366)
MOST_ADDRESSES = 300
NOT_SAID = "not-said"
COMMENT = "say-"  # begins the name of a field of words


class Who(StrEnum):
    """Who fills in the form."""

    SELF = "self"
    HELPED = "helped"  # somebody helps them; the answers are theirs
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Question:
    """A statement to say "always" to, or, among `words`, a question to answer freely. `asks` names the criterion."""

    code: str
    text: Text
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What one round asks. `points` are the codes of the scale, the best first, the last of them NOT_SAID."""

    points: tuple[tuple[str, Text], ...]
    statements: tuple[Question, ...]
    words: tuple[Question, ...]

    @property
    def scale(self) -> tuple[tuple[str, Text], ...]:
        """The points that are an answer."""
        return tuple(each for each in self.points if each[0] != NOT_SAID)


def as_stored(form: Form) -> dict[str, Any]:
    """A form as JSON, for `form_of`."""

    def stored(question: Question) -> dict[str, Any]:
        return {"code": question.code, "text": dict(question.text.by_language), "asks": question.asks}

    return {
        "points": [{"code": code, "text": dict(text.by_language)} for code, text in form.points],
        "statements": [stored(each) for each in form.statements],
        "words": [stored(each) for each in form.words],
    }


def form_of(stored: Mapping[str, Any]) -> Form:
    """The form that `as_stored` stored."""

    def read(each: Mapping[str, Any]) -> Question:
        return Question(each["code"], Text(tuple(each["text"].items())), each["asks"])

    return Form(
        points=tuple((each["code"], Text(tuple(each["text"].items()))) for each in stored["points"]),
        statements=tuple(read(each) for each in stored["statements"]),
        words=tuple(read(each) for each in stored["words"]),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What one person sent: choices by the statement's code, comments by the question's."""

    who: str
    language: str
    choices: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concern:
    """That somebody may be harmed or unsafe, in words and with a way to reach who says so; either may be empty."""

    text: str = ""
    contact: str = ""


def checked(said: Said, form: Form) -> Said:
    """The same, tidied: what the form does not ask is left out. Raises Invalid in the language of the form."""
    language = said.language if said.language in FORM_LANGUAGES else FORM_LANGUAGES[0]
    words = words_in(language)
    points = {code for code, _ in form.points}
    choices = {each.code: said.choices.get(each.code, "") for each in form.statements}
    comments = {each.code: said.comments.get(each.code, "").strip() for each in form.words}
    errors = {
        f"{COMMENT}{code}": words["too_long"].format(most=LONGEST_COMMENT, has=len(text))
        for code, text in comments.items()
        if len(text) > LONGEST_COMMENT
    }
    choices = {code: point for code, point in choices.items() if point in points}
    comments = {code: text for code, text in comments.items() if text}
    if not comments and not any(point != NOT_SAID for point in choices.values()):
        errors["nothing"] = words["nothing_said"]
    if errors:
        raise Invalid(errors)
    who = said.who if said.who in set(Who) else Who.SELF.value
    return Said(who, language, choices, comments)


def checked_concern(concern: Concern, language: str) -> Concern:
    """The same, tidied. Raises Invalid in the language of the form."""
    text, contact = concern.text.strip(), concern.contact.strip()
    words, errors = words_in(language), {}
    if len(text) > LONGEST_CONCERN:
        errors["concern"] = words["too_long"].format(most=LONGEST_CONCERN, has=len(text))
    if len(contact) > LONGEST_CONTACT:
        errors["contact"] = words["too_long"].format(most=LONGEST_CONTACT, has=len(contact))
    if errors:
        raise Invalid(errors)
    return Concern(text, contact)


def refuse_own(actor: Actor, organisation_id: int, language: str) -> None:
    """Refuse those who belong to the organisation or help it: it hears what others think of it. Raises NotAllowed."""
    if actor.role_at(organisation_id) is not None:
        raise NotAllowed(words_in(language)["own"])


class Ended(Conflict):
    """The link leads to a round that takes no answers: not yet, no more, or, for a personal link, not again.

    `why` is early, over or used.
    """

    def __init__(self, why: str, language: str) -> None:
        super().__init__(words_in(language)[f"{why}_title"])
        self.why = why


@dataclass(frozen=True, slots=True)
class NewRound:
    """What a provider says to open a round: about one of its services or, where `service` is empty, all of them."""

    title: str
    service: str
    edition_id: int | None
    opens_on: date | None
    closes_on: date | None


def checked_round(new: NewRound, services: Sequence[str], today: date) -> NewRound:
    """The same, tidied. Raises Invalid, naming every field that is wrong."""
    title = " ".join(new.title.split())
    errors = {} if title else {"title": "Give the round a name, such as “What people think, spring 2027”."}
    if len(title) > LONGEST_TITLE:
        errors["title"] = f"The name may have at most {LONGEST_TITLE} characters. It has {len(title)}."
    if new.service and new.service not in services:
        errors["service"] = "Choose one of your services, or all of them."
    opens_on, closes_on = new.opens_on or today, new.closes_on
    if opens_on < today:
        errors["opens_on"] = "The first day cannot be in the past."
    if closes_on is None:
        errors.setdefault("closes_on", "Say until when people can answer.")
    elif closes_on < opens_on:
        errors["closes_on"] = "The last day must be on or after the first day."
    elif closes_on - opens_on > LONGEST_ROUND:
        errors["closes_on"] = "A round may last at most one year."
    if errors:
        raise Invalid(errors)
    return NewRound(title, new.service, new.edition_id, opens_on, closes_on)


def addresses_in(typed: str) -> tuple[list[str], list[str]]:
    """The e-mail addresses of a pasted text, each once, in lower case, and sentences about what is none.

    One address a line, or several with commas between; "Name <address>" is read as the address.
    """
    found: dict[str, None] = {}
    wrong: list[str] = []
    for number, line in enumerate(typed.splitlines(), 1):
        for piece in filter(None, (each.strip() for each in re.split(r"[,;]", line))):
            inside = re.search(r"<([^<>]*)>", piece)
            try:
                found[email_address(inside[1] if inside else piece)] = None
            except Invalid:
                wrong.append(f"Line {number}: “{piece[:60]}” is not an e-mail address.")
    return list(found), wrong
