"""Texts of a framework on pages, each marked with its language where that is not English: the frame is in English."""

from __future__ import annotations

from markupsafe import Markup, escape

from app.domain.wording import FALLBACK, Text

FROM_THE_RIGHT = frozenset({"ar", "fa", "he", "ur"})


def lang_of(text: Text, language: str = FALLBACK) -> Markup:
    """The attributes of an element that holds `text` and nothing else: ` lang="cy"`, or nothing where it is in English."""
    used = _used(text, language)
    if used == FALLBACK:
        return Markup("")
    direction = ' dir="rtl"' if used.split("-")[0] in FROM_THE_RIGHT else ""
    return Markup(' lang="{}"').format(used) + Markup(direction)  # noqa: S704 one of two constants


def said(text: Text, language: str = FALLBACK) -> Markup:
    """The text in that language, in an element of its own where it is not in English."""
    words, marked = escape(text.in_(language)), lang_of(text, language)
    return Markup("<span{}>{}</span>").format(marked, words) if marked else words


def _used(text: Text, language: str) -> str:
    """The language in which `text.in_(language)` is written."""
    words = dict(text.by_language)
    return next((each for each in (language, FALLBACK) if words.get(each)), text.by_language[0][0])
