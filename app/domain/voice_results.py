"""What a round's answers add up to, and what of it may be shown so that nobody can be recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256

from app.domain.voice import MINIMUM, NOT_SAID, STEP, Form, Question, Who
from app.domain.wording import Text


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that counts, as it was kept. `themes` are (question, theme); `once` is of this answer alone."""

    personal: bool
    who: str
    month: date
    choices: Mapping[str, str]
    comments: Mapping[str, str]
    themes: tuple[tuple[str, str], ...]
    once: str


@dataclass(frozen=True, slots=True)
class PointCount:
    """How many chose one point, and their share of those who chose any."""

    code: str
    title: Text
    count: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Statement:
    """What came of one statement. Without `points`, fewer than MINIMUM people gave an answer.

    `by_link` holds the best two points' share among personal and open answers, where both are large enough to be shown.
    """

    question: Question
    answered: int
    points: tuple[PointCount, ...]
    by_link: tuple[Fraction, Fraction] | None = None

    @property
    def well(self) -> Fraction:
        """The share that chose one of the best two points."""
        return sum((each.share for each in self.points[:2]), Fraction(0))


@dataclass(frozen=True, slots=True)
class Comment:
    """What one person wrote to one question, and the themes found in it."""

    question: str
    text: str
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme, and how many people wrote of it."""

    code: str
    people: int


@dataclass(frozen=True, slots=True)
class Results:
    """What may be shown of a round. `answers` of `counted` answers are in it; both links' numbers add up to `answers`.

    `groups` are (who, how many) or empty where one of them is too small to be shown. Nothing but numbers where `answers`
    is 0. `first` and `last` are the months of the first and last answers.
    """

    counted: int
    answers: int
    personal: int
    open: int
    groups: tuple[tuple[str, int], ...] = ()
    statements: tuple[Statement, ...] = ()
    themes: tuple[ThemeCount, ...] = ()
    comments: tuple[Comment, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def waiting(self) -> int:
        """Answers that wait for others before they are shown."""
        return self.counted - self.answers


def large_enough(*parts: int) -> bool:
    """Whether every part is either empty or too large for anybody to be recognised in it."""
    return all(part == 0 or part >= MINIMUM for part in parts)


def shown_of(given: Sequence[Given], *, closed: bool) -> Sequence[Given]:
    """The answers whose sum may be seen: none of fewer than MINIMUM; while the round is open, in steps.

    Until it closes the last of them wait, at least MINIMUM: what closing adds must not be what one person said.
    """
    if len(given) < MINIMUM:
        return ()
    return given if closed else given[: max(0, (len(given) - MINIMUM) // STEP * STEP)]


def results(form: Form, given: Sequence[Given], theme_codes: Sequence[str], *, closed: bool) -> Results:
    """The results of the answers that count, in the order in which they came."""
    seen = shown_of(given, closed=closed)
    personal = sum(each.personal for each in seen)
    who = Counter(each.who for each in seen)
    groups = tuple((each.value, who[each.value]) for each in Who if who[each.value])
    if not seen:
        return Results(counted=len(given), answers=0, personal=0, open=0)
    months = [each.month for each in seen]
    return Results(
        counted=len(given),
        answers=len(seen),
        personal=personal,
        open=len(seen) - personal,
        groups=groups if large_enough(*(count for _, count in groups)) else (),
        statements=tuple(_statement(each, form, seen) for each in form.statements),
        themes=_themes(seen, theme_codes),
        comments=_comments(form, seen),
        first=min(months),
        last=max(months),
    )


def _statement(question: Question, form: Form, seen: Sequence[Given]) -> Statement:
    chosen = [(each.choices.get(question.code), each.personal) for each in seen]
    chosen = [(point, personal) for point, personal in chosen if point and point != NOT_SAID]
    if len(chosen) < MINIMUM:
        return Statement(question, len(chosen), ())
    counts = Counter(point for point, _ in chosen)
    total = len(chosen)
    points = tuple(PointCount(code, title, counts[code], Fraction(counts[code], total)) for code, title in form.scale)
    best = {code for code, _ in form.scale[:2]}
    personal = [point in best for point, is_personal in chosen if is_personal]
    by_open = [point in best for point, is_personal in chosen if not is_personal]
    both = min(len(personal), len(by_open)) >= MINIMUM
    parts = (Fraction(sum(personal), len(personal)), Fraction(sum(by_open), len(by_open))) if both else None
    return Statement(question, total, points, parts)


def _themes(seen: Sequence[Given], codes: Sequence[str]) -> tuple[ThemeCount, ...]:
    """Themes that anybody wrote of, the one of most people first."""
    people = Counter(code for each in seen for code in {theme for _, theme in each.themes})
    found = [ThemeCount(code, people[code]) for code in codes if people[code]]
    return tuple(sorted(found, key=lambda each: -each.people))


def _comments(form: Form, seen: Sequence[Given]) -> tuple[Comment, ...]:
    """Every comment, question by question, in an order that says nothing of when it came or what else its writer wrote."""

    def place(code: str, each: Given) -> str:
        return sha256(f"{code} {each.once}".encode()).hexdigest()

    return tuple(
        Comment(
            question.code,
            each.comments[question.code],
            tuple(theme for asked, theme in each.themes if asked == question.code),
        )
        for question in form.words
        for each in sorted(
            (each for each in seen if each.comments.get(question.code)), key=lambda each: place(question.code, each)
        )
    )
