"""Every message is there in English and in Welsh, says the same, and leads to the same places."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from app.domain.topics import DAILY, Language, Topic
from app.services.letters import (
    BASE_URL_MARK,
    MONTHS,
    TOPIC_TITLES,
    _templates,
    day_in_words,
    may_be_turned_off,
    with_foot,
    written,
)
from app.services.mail_html import as_html

ENGLISH = Path(__file__).resolve().parents[2] / "app" / "templates" / "email"
WELSH = ENGLISH / "cy"
IN_BOTH = {"feedback_invitation", "feedback_reminder"}
"""Messages to people without an account, whose language nobody knows: each says everything in both."""
NAMES = sorted(path.stem for path in ENGLISH.glob("*.txt") if path.stem not in IN_BOTH)


def parsed(folder: Path, name: str) -> nodes.Template:
    return _templates(Language.ENGLISH, False).parse((folder / f"{name}.txt").read_text("utf-8"))


def places(tree: nodes.Template) -> list[str]:
    """What every `link(...)` is called with, as written."""
    calls = (
        call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name == "link"
    )
    return sorted(repr(call.args[0]) for call in calls)


def choices(tree: nodes.Template) -> list[list[str]]:
    """The keys of every dictionary, in which words are chosen by a value."""
    return sorted(sorted(pair.key.value for pair in each.items) for each in tree.find_all(nodes.Dict))


def test_every_message_has_its_welsh_twin_and_no_twin_is_left_over():
    assert sorted(path.stem for path in WELSH.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_twins_take_the_same_values_lead_to_the_same_places_and_differ_in_words(name):
    english, welsh = parsed(ENGLISH, name), parsed(WELSH, name)
    assert meta.find_undeclared_variables(welsh) == meta.find_undeclared_variables(english)
    assert places(welsh) == places(english)
    assert choices(welsh) == choices(english)
    texts = [(folder / f"{name}.txt").read_text("utf-8") for folder in (ENGLISH, WELSH)]
    assert texts[0] != texts[1]
    assert "strftime" not in texts[0] + texts[1], "days would look different from message to message: use |date"


def test_what_is_in_both_languages_at_once_really_is():
    for name in IN_BOTH:
        text = (ENGLISH / f"{name}.txt").read_text("utf-8")
        assert "Hello," in text and "Helo," in text and "language=cy" in text


@pytest.mark.parametrize("name", sorted(IN_BOTH))
def test_what_is_in_both_languages_marks_its_welsh_and_writes_its_day_in_it(name):
    words = written(name, provider="Aelwyd", until=date(2026, 12, 9), path="/say/abc")
    page = as_html(words.subject, words.text, Language.ENGLISH, BASE_URL_MARK)
    english, welsh = page.split('<div lang="cy">')
    assert "9 Dec 2026" in english and "9 Rhagfyr 2026" not in english
    assert "9 Rhagfyr 2026" in welsh and "9 Dec 2026" not in welsh and "Helo," in welsh


def test_tags_that_say_nothing_leave_no_empty_lines():
    words = written(
        "facts_recorded", name="Ann", provider="A", framework="F", facts=["x"], source="y", application_id=1
    )
    assert "\n\n\n" not in words.text and "\n\nx\n\n" in words.text


def test_a_day_is_written_with_the_month_of_the_language():
    day = date(2026, 8, 9)
    assert day_in_words(day) == "9 Aug 2026" and day_in_words(day, Language.WELSH) == "9 Awst 2026"
    assert [len(set(months)) for months in MONTHS.values()] == [12, 12]


def test_every_topic_has_a_title_in_both_languages_and_only_some_can_be_turned_off():
    for titles in TOPIC_TITLES.values():
        assert set(titles) == set(Topic) and all(titles.values())
    kept = {topic for topic in Topic if not may_be_turned_off(topic.value)}
    assert {Topic.SECURITY, Topic.SAFEGUARDING, Topic.REQUESTS, Topic.DECISIONS, Topic.PASSPORTS} <= kept
    assert may_be_turned_off(DAILY) and may_be_turned_off("evidence") and not may_be_turned_off("")


@pytest.mark.parametrize("language", list(Language))
def test_what_stands_beneath_a_message_offers_to_end_only_what_can_be_ended(language):
    words = written("test_message", language)
    assert "/turn-off/%TURN-OFF%" in with_foot(words, "evidence", language).text
    assert "/turn-off/" not in with_foot(words, "decisions", language).text
    assert re.search(r"\n-- \n", with_foot(words, "decisions", language).text)
