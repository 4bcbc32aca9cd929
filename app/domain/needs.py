"""Expressions of need: what a commissioner looks for, said in public, and who is interested. No tendering.

Market engagement and nothing else: whoever answers gains nothing in a later procurement and whoever stays away loses
nothing, so everything said is open for all to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import IllegalMove, Invalid
from app.domain.uk_time import spoken


class NeedStatus(StrEnum):
    """Where an expression of need stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class NeedMove(StrEnum):
    """What can happen to it."""

    PUBLISH = "publish"
    CLOSE = "close"
    RUN_OUT = "let run out"  # by the calendar, after the last day to answer
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    HIDE = "hide"
    SHOW = "show again"


_S, _M = NeedStatus, NeedMove
NEED_MOVES: Mapping[tuple[NeedStatus, NeedMove], NeedStatus] = {
    (_S.DRAFT, _M.PUBLISH): _S.PUBLISHED,
    (_S.PUBLISHED, _M.CLOSE): _S.CLOSED,
    (_S.PUBLISHED, _M.RUN_OUT): _S.CLOSED,
    (_S.PUBLISHED, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.PUBLISHED, _M.HIDE): _S.HIDDEN,
    (_S.CLOSED, _M.REOPEN): _S.PUBLISHED,
    (_S.CLOSED, _M.HIDE): _S.HIDDEN,
    (_S.WITHDRAWN, _M.HIDE): _S.HIDDEN,
    (_S.HIDDEN, _M.SHOW): _S.CLOSED,
}

STATUS_WORDS: Mapping[NeedStatus, str] = {
    _S.DRAFT: "Draft",
    _S.PUBLISHED: "Open for answers",
    _S.CLOSED: "Closed",
    _S.WITHDRAWN: "Withdrawn",
    _S.HIDDEN: "Hidden by the scheme",
}
PUBLIC = (_S.PUBLISHED, _S.CLOSED, _S.WITHDRAWN, _S.HIDDEN)

LONGEST_TITLE, LONGEST_WORDS, LONGEST_NAME, LONGEST_REASON = 120, 4_000, 200, 1_000
MOST_SERVICES, MOST_AREAS, MOST_GROUPS = 10, 40, 10
MOST_PEOPLE = 1_000_000
OPEN_AT_MOST = timedelta(days=366)


def after(status: NeedStatus, move: NeedMove) -> NeedStatus:
    """The status that `move` leads to. Raises IllegalMove where there is none."""
    try:
        return NEED_MOVES[status, move]
    except KeyError:
        raise IllegalMove(
            f"You cannot {move.value} this need: it is {STATUS_WORDS[status].lower()} now. Open it again to see what changed."
        ) from None


class Per(StrEnum):
    """In what time so many people need the service."""

    WEEK = "week"
    YEAR = "year"


@dataclass(frozen=True)
class Said:
    """What a commissioner says of a need. `people` in the time `per`; `answer_by` is the last day to answer."""

    organisation: str
    title: str
    services: tuple[str, ...]
    areas: tuple[str, ...]
    words: str
    answer_by: date | None
    contact_name: str
    contact_email: str
    client_groups: tuple[str, ...] = ()
    people: int | None = None
    per: str = Per.YEAR.value
    starts_on: date | None = None
    ends_on: date | None = None


_NEEDED = {
    "organisation": "Enter the body that you work for.",
    "title": "Enter a title, such as Befriending in Lancaster from April.",
    "services": "Choose at least one service.",
    "areas": "Choose at least one council area.",
    "words": "Say in your own words what is needed.",
    "contact_name": "Enter who can be asked about it.",
    "contact_email": "Enter an e-mail address at which questions are answered.",
}
_LONGEST = {
    "organisation": LONGEST_NAME,
    "title": LONGEST_TITLE,
    "words": LONGEST_WORDS,
    "contact_name": 120,
    "contact_email": 254,
}


def check_said(said: Said, today: date) -> None:
    """Refuse what cannot be published on `today`, naming every field at once. Raises Invalid."""
    errors = _missing(said) | _too_much(said) | _days(said, today)
    if errors:
        raise Invalid(errors)


def check_draft(said: Said) -> None:
    """A draft may be unfinished, but has a title and is not too long to keep. Raises Invalid."""
    missing = {} if said.title.strip() else {"title": _NEEDED["title"]}
    errors = missing | _too_much(said)
    if errors:
        raise Invalid(errors)


def _missing(said: Said) -> dict[str, str]:
    found = {}
    for name, sentence in _NEEDED.items():
        value = getattr(said, name)
        if not (value.strip() if isinstance(value, str) else value):
            found[name] = sentence
    if "contact_email" not in found and "@" not in said.contact_email.strip()[1:-1]:
        found["contact_email"] = "Enter a whole e-mail address, such as name@example.org."
    return found


def _too_much(said: Said) -> dict[str, str]:
    found = {
        name: f"Keep this under {longest:,} characters. It has {len(getattr(said, name)):,}."
        for name, longest in _LONGEST.items()
        if len(getattr(said, name)) > longest
    }
    for name, most in (("services", MOST_SERVICES), ("areas", MOST_AREAS), ("client_groups", MOST_GROUPS)):
        if len(getattr(said, name)) > most:
            found[name] = f"Choose {most} at most. You chose {len(getattr(said, name))}."
    if said.people is not None and not 1 <= said.people <= MOST_PEOPLE:
        found["people"] = f"How many people must be between 1 and {MOST_PEOPLE:,}, or empty."
    if said.per not in set(Per):
        found["per"] = "Choose a week or a year."
    return found


def _days(said: Said, today: date) -> dict[str, str]:
    found = {}
    if said.answer_by is None:
        found["answer_by"] = "Enter the last day on which providers can answer."
    elif said.answer_by < today:
        found["answer_by"] = "Enter a last day that is today or later."
    elif said.answer_by > today + OPEN_AT_MOST:
        found["answer_by"] = "Enter a last day within a year from today."
    if said.ends_on and said.starts_on and said.ends_on < said.starts_on:
        found["ends_on"] = "The service must end after it begins."
    return found


_CHANGED_WORDS: Mapping[str, str] = {
    "organisation": "who asks",
    "title": "the title",
    "services": "the services",
    "client_groups": "whom it is for",
    "areas": "the council areas",
    "people": "how many people",
    "per": "how many people",
    "starts_on": "when it begins",
    "ends_on": "when it ends",
    "words": "what is said in words",
    "answer_by": "the last day to answer",
    "contact_name": "whom to ask",
    "contact_email": "whom to ask",
}


def changes(before: Said, said: Said) -> tuple[str, ...]:
    """What differs, in words that the public reads, each once; a date with what it was and is."""
    found: dict[str, None] = {}
    for name, words in _CHANGED_WORDS.items():
        old, new = getattr(before, name), getattr(said, name)
        if old == new:
            continue
        dates = isinstance(old, date) and isinstance(new, date)
        found[f"{words} from {spoken(old)} to {spoken(new)}" if dates else words] = None
    return tuple(found)


LONGEST_ANSWER = 1_000


@dataclass(frozen=True)
class Answered:
    """What an approved provider answers: how many people it could take on, from when, and its words."""

    people: int | None
    from_on: date | None
    words: str = ""


def check_answer(answer: Answered, today: date) -> None:
    """Raises Invalid."""
    errors = {}
    if answer.people is None or not 1 <= answer.people <= MOST_PEOPLE:
        errors["people"] = "Enter how many people you could take on, such as 12."
    if answer.from_on is None:
        errors["from_on"] = "Enter from when you could begin."
    elif answer.from_on < today - timedelta(days=31):
        errors["from_on"] = "Enter a day from today on."
    if len(answer.words) > LONGEST_ANSWER:
        errors["words"] = f"Keep this under {LONGEST_ANSWER:,} characters. It has {len(answer.words):,}."
    if errors:
        raise Invalid(errors)
