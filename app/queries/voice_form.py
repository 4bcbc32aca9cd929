"""What the feedback form asks: the shipped statements, what a framework asks of people's views, and themes of words."""

from __future__ import annotations

import re
from functools import lru_cache

from app.backends.search_words import stem, words_of
from app.domain.asks import EvidenceKind
from app.domain.framework import Framework
from app.domain.voice import MOST_FROM_FRAMEWORK, Form, Question
from app.domain.voice_themes import ANY_ENDING, Phrase, Theme, phrase, themes_of
from app.domain.wording import Text
from app.frameworks import load_list

WELSH = "cy"
_TOKENS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@lru_cache(maxsize=1)
def core_form() -> Form:
    """What everybody is asked: standards/lists/feedback-*.yaml."""
    return Form(
        points=tuple((item.code, item.title) for item in load_list("feedback-scale")),
        statements=tuple(Question(item.code, item.title) for item in load_list("feedback-questions")),
        words=tuple(Question(item.code, item.title) for item in load_list("feedback-comments")),
    )


def form_for(framework: Framework | None) -> Form:
    """The shipped form and, under a framework, the criteria for which it asks what people say, each as a statement."""
    core = core_form()
    if framework is None:
        return core
    return Form(core.points, core.statements + asked_by(framework), core.words)


def asked_by(framework: Framework) -> tuple[Question, ...]:
    """The first few criteria whose evidence asks for user feedback, in plain words where there are any for them."""
    plain = _plain_words()
    found = [
        Question(
            f"ask-{criterion.code}", plain.get(f"{framework.code}:{criterion.code}", criterion.text), criterion.code
        )
        for criterion in framework.criteria
        if any(ask.kind is EvidenceKind.USER_FEEDBACK for ask in criterion.evidence)
    ]
    return tuple(found[:MOST_FROM_FRAMEWORK])


@lru_cache(maxsize=1)
def _plain_words() -> dict[str, Text]:
    """What a criterion wants to know of people, by `framework:criterion`."""
    return {asks: item.title for item in load_list("feedback-asked") for asks in item.also}


@lru_cache(maxsize=1)
def theme_titles() -> dict[str, Text]:
    """Each theme's title, in the order of the list."""
    return {item.code: item.title for item in load_list("feedback-themes")}


def themes_in(text: str, language: str) -> list[str]:
    """The codes of the themes that a comment touches. Whoever fills in the Welsh form may write English too."""
    found = set(themes_of([stem(word) for word in words_of(text)], _english()))
    if language == WELSH:
        found.update(themes_of(_TOKENS.findall(text.lower()), _welsh()))
    return [code for code in theme_titles() if code in found]


@lru_cache(maxsize=1)
def _english() -> tuple[Theme, ...]:
    return tuple(
        Theme(item.code, tuple(phrase([stem(word) for word in words_of(words)]) for words in item.also))
        for item in load_list("feedback-themes")
    )


@lru_cache(maxsize=1)
def _welsh() -> tuple[Theme, ...]:
    def written(words: str) -> Phrase:
        return phrase(_TOKENS.findall(words.lower()), open_ended=words.endswith(ANY_ENDING))

    return tuple(Theme(item.code, tuple(map(written, item.also))) for item in load_list("feedback-themes-cy"))
