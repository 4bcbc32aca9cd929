"""What the manager of the demonstration's scheme added to the words of the search."""

from __future__ import annotations

from datetime import date

from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.services.search_words import add_words, change_words

ADDED = 24  # days ago


def words_stories(stage: Stage, today: date) -> list[Story]:
    return [_chair_classes(stage, today)]


def _chair_classes(stage: Stage, today: date) -> Story:
    """People asked for exercise at a chair under names that no provider uses; a week later one more name came up."""
    who = stage.cast.manager
    yield at(today - days(ADDED), 14)
    words = ("chair exercise", "seated exercise")
    key = add_words(words, actor=stage.actor(who), now=stage.now)
    yield at(today - days(ADDED - 7), 10)
    change_words(key, (*words, "armchair aerobics"), 1, actor=stage.actor(who), now=stage.now)
