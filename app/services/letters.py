"""The words of messages: templates in English and Welsh, filled in. What is sent of them is in mail_sending.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

from app.domain.mail_text import kept_apart
from app.domain.topics import DAILY, Language, Topic, Way, ways
from app.domain.uk_time import UK

BASE_URL_MARK = "%BASE%"
"""Stands in a queued message for the product's address, which the sender fills in: queued text outlives a move."""
TURN_OFF_MARK = "%TURN-OFF%"
"""Stands in a queued message for the signed end of the address that turns off messages of its kind."""
IN_WELSH = "\nYn Gymraeg\n----------\n"
"""Parts what a message says in English from the same in Welsh, where nobody knows the language of who gets it."""
FOOT = "\n-- \n"
"""Parts what a message says from how to get fewer of its kind, as mail programs part a signature."""
LONGEST_SUBJECT = 200
MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.ENGLISH: tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
    Language.WELSH: tuple(
        "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr".split()
    ),
}

TOPIC_TITLES: Mapping[Language, Mapping[Topic, str]] = {
    Language.ENGLISH: {
        Topic.REQUESTS: "Questions from assessors",
        Topic.DECISIONS: "Decisions and awards",
        Topic.CASES: "Cases",
        Topic.COLLEAGUES: "Colleagues",
        Topic.EVIDENCE: "Evidence",
        Topic.PLAN: "Improvement plan",
        Topic.PASSPORTS: "Certificates held elsewhere",
        Topic.FEEDBACK: "Feedback from people who use the service",
        Topic.SHARING: "Sharing",
        Topic.REGISTER: "Your entry on the register",
        Topic.PEOPLE: "Who works with your organisation",
        Topic.SECURITY: "Your account",
        Topic.SAFEGUARDING: "Safeguarding",
        Topic.WATCHED: "Providers that you watch",
        Topic.WATCHED_LOSS: "Providers that you watch: suspended or withdrawn",
        Topic.SEARCHES: "Saved searches",
        Topic.NEEDS: "What commissioners need",
    },
    Language.WELSH: {
        Topic.REQUESTS: "Cwestiynau gan aseswyr",
        Topic.DECISIONS: "Penderfyniadau a dyfarniadau",
        Topic.CASES: "Achosion",
        Topic.COLLEAGUES: "Cydweithwyr",
        Topic.EVIDENCE: "Tystiolaeth",
        Topic.PLAN: "Cynllun gwella",
        Topic.PASSPORTS: "Tystysgrifau gan gyrff eraill",
        Topic.FEEDBACK: "Adborth gan bobl sy’n defnyddio’r gwasanaeth",
        Topic.SHARING: "Rhannu",
        Topic.REGISTER: "Eich cofnod ar y gofrestr",
        Topic.PEOPLE: "Pwy sy’n gweithio gyda’ch sefydliad",
        Topic.SECURITY: "Eich cyfrif",
        Topic.SAFEGUARDING: "Diogelu",
        Topic.WATCHED: "Darparwyr rydych yn eu gwylio",
        Topic.WATCHED_LOSS: "Darparwyr rydych yn eu gwylio: wedi’u hatal neu eu tynnu’n ôl",
        Topic.SEARCHES: "Chwiliadau wedi’u cadw",
        Topic.NEEDS: "Yr hyn sydd ei angen ar gomisiynwyr",
    },
}
TRIMMED = frozenset({"digest", "_foot", "search_news", "need_closed"})
"""Templates of many lines that may be left out: a line that holds nothing but a tag leaves none behind."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words, its addresses still with the mark of the product's own."""

    subject: str
    text: str


def written(template: str, language: Language = Language.ENGLISH, /, **values: Any) -> Written:
    """The message `app/templates/email/<template>.txt`: its first line is the subject, the rest the body.

    In Welsh it is that of `email/cy/`, and in English where there is none. In a template `{{ link("/path") }}` gives an
    absolute address and `{{ day|date }}` a day in words; `{{ dyddiad(day) }}` is one in Welsh whatever the language.
    """
    text = _template(template, language).render(link=_link, **values)
    subject, _, body = text.partition("\n")
    subject = " ".join(subject.split())  # a line end of any kind in a name would make a header that no server takes
    body = re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", body)  # tags that say nothing leave empty lines behind
    return Written(subject[:LONGEST_SUBJECT], body.strip() + "\n")


def with_foot(words: Written, topic: str, language: Language) -> Written:
    """The message with how to get fewer of its kind beneath it. `topic` may be DAILY, for the day's e-mail."""
    lines = _template("_foot", language).render(
        link=_link, mark=TURN_OFF_MARK, daily=topic == DAILY, optional=may_be_turned_off(topic)
    )
    return Written(words.subject, f"{words.text}{FOOT}{lines.strip()}\n")


def may_be_turned_off(topic: str) -> bool:
    """Whether messages of this kind carry a link that ends them."""
    return topic == DAILY or (topic in set(Topic) and Way.NEVER in ways(Topic(topic)))


def day_in_words(day: date | datetime | None, language: Language = Language.ENGLISH) -> str:
    """31 Mar 2029, or 31 Mawrth 2029; nothing for None. A moment counts as the day it is in the United Kingdom."""
    if day is None:
        return ""
    there = day.astimezone(UK) if isinstance(day, datetime) else day
    return f"{there.day} {MONTHS[language][there.month - 1]} {there.year}"


def _link(path: str) -> str:
    return BASE_URL_MARK + path


def _safe(value: Any) -> Any:
    return kept_apart(value) if isinstance(value, str) else value


def _template(name: str, language: Language) -> Template:
    return _templates(language, name in TRIMMED).get_template(f"{name}.txt")


@lru_cache(maxsize=len(Language) * 2)
def _templates(language: Language, trimmed: bool) -> Environment:
    folders = ["templates/email/cy"] if language is Language.WELSH else []
    loader = ChoiceLoader([PackageLoader("app", folder) for folder in [*folders, "templates/email"]])
    # Plain text, so nothing is escaped; an undefined name is a mistake of ours and must be heard.
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        finalize=_safe,
        trim_blocks=trimmed,
        lstrip_blocks=trimmed,
    )
    environment.filters["date"] = lambda day: day_in_words(day, language)
    environment.globals["dyddiad"] = lambda day: day_in_words(day, Language.WELSH)
    environment.globals["topics"] = TOPIC_TITLES[language]
    return environment
