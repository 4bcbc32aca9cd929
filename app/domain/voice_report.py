"""A round's results in words, as the evidence that they become: figures, themes, and how it was collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.voice import MINIMUM
from app.domain.voice_results import Results, Statement
from app.domain.wording import Text, counted


@dataclass(frozen=True, slots=True)
class Collected:
    """How a round was collected. `invited` got a personal link; `held` and `left_out` answers are not in the results.

    `rounds` is how many the provider opened within a year up to this one, itself among them.
    """

    title: str
    about: str
    opens_on: date
    until: date
    final: bool
    invited: int
    held: int = 0
    left_out: int = 0
    rounds: int = 1


def method(collected: Collected, found: Results) -> str:
    """How it was collected, in sentences."""
    sentences = [
        "Collected by this service from people who use the provider's services, without an account. The provider could "
        "not see who wrote what, nor change, hide or choose answers.",
        f"{counted(found.answers, 'person', 'people')} answered: {_by_link(collected, found)}.",
    ]
    if collected.held:
        sentences.append(
            f"{counted(collected.held, 'more answer')} came from one network in a short time and wait until the scheme "
            "has looked at them."
        )
    if collected.left_out:
        sentences.append(f"The scheme left {counted(collected.left_out, 'more answer')} out.")
    if collected.rounds > 1:  # so that nobody can show the best of many without its being seen
        sentences.append(f"It is one of {collected.rounds} rounds that the provider opened within a year.")
    return " ".join(sentences)


def _by_link(collected: Collected, found: Results) -> str:
    if not collected.invited:
        return "all by the open link or poster"
    return (
        f"{found.personal} of {collected.invited} invited by a personal link, {found.open} by the open link or poster"
    )


def report(collected: Collected, found: Results, themes: Mapping[str, Text]) -> str:
    """The whole text of the evidence."""
    state = "Final: the round is closed." if collected.final else "So far: the round is still open."
    parts = [
        f"{collected.title}\nAbout: {collected.about}\n{state}",
        method(collected, found),
        "\n".join(["What people said", *(_line(each) for each in found.statements)]),
    ]
    if found.themes:
        lines = [f"- {themes[each.code]}: {counted(each.people, 'person', 'people')}" for each in found.themes]
        parts.append("\n".join(["What people wrote about, found by the words in their comments", *lines]))
    if found.comments:
        parts.append(
            "\n".join(["In their words, in no order", *(f"- {' '.join(c.text.split())}" for c in found.comments)])
        )
    return "\n\n".join(parts)


def _line(each: Statement) -> str:
    if not each.points:
        return f"- {each.question.text}: fewer than {MINIMUM} people said"
    told = ", ".join(f"{point.title.in_('en').lower()} {point.count}" for point in each.points)
    best = " or ".join(str(point.title).lower() for point in each.points[:2])
    return f"- {each.question.text}: {told} ({each.well * 100 // 1}% {best})"


def figures(collected: Collected, found: Results) -> dict[str, Any]:
    """The same as numbers, which JSON can hold."""
    return {
        "answers": found.answers,
        "personal": found.personal,
        "open": found.open,
        "invited": collected.invited,
        "held": collected.held,
        "left_out": collected.left_out,
        "statements": {
            each.question.code: {point.code: point.count for point in each.points} for each in found.statements
        },
        "themes": {each.code: each.people for each in found.themes},
        "asked_for": _asked_for(found.statements),
    }


def _asked_for(statements: Sequence[Statement]) -> dict[str, int]:
    """By the criterion whose evidence asks for it: how many people answered."""
    return {each.question.asks: each.answered for each in statements if each.question.asks}
