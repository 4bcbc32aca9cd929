"""Putting findings right: the grades there are, last days and warnings, and what a finding and a plan must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.clauses import WHOLE, Audience, Grade, Overdue
from app.domain.errors import Invalid
from app.domain.findings import FindingSource
from app.domain.framework import Framework
from app.domain.lifecycle import ApplicationStatus, FindingStatus
from app.domain.publication import Part, may_see
from app.domain.wording import Text, dated

BUILT_IN = (
    Grade(
        "observation",
        Text.plain("Observation"),
        0,
        Text.plain("Something that would be better otherwise. Nothing has to be done about it."),
    ),
    Grade(
        "minor", Text.plain("Minor finding"), 1, Text.plain("Something is not as it should be, and can be put right.")
    ),
    Grade("major", Text.plain("Major finding"), 2, Text.plain("What a criterion is there for is not achieved.")),
)
"""The grades of a framework that names none. They set no time and have no consequence: an edition that does not say so does
not begin to hold awards down because findings can be written."""

LATE_IN = frozenset({FindingStatus.OPEN, FindingStatus.PLAN_OFFERED, FindingStatus.PLANNED})
"""Where the provider has something to do. What was offered in time as put right waits for the scheme, and is not late."""
FOR_THE_PROVIDER = frozenset({FindingStatus.OPEN, FindingStatus.PLANNED})
"""Where it is the provider's turn: to offer a plan, or to do what it planned."""

NOTHING_HANGS_ON_IT = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.REFUSED})
"""Applications that came to nothing: nobody is asked to put their findings right, though they may."""

WARN_AHEAD = (60, 30, 14, 7, 1, 0)
"""Days before the last one on which the provider is warned, once each."""
OVERDUE_TOLD = -1
"""The stage after all warnings: that it is overdue."""
AFTER_A_RETURN = timedelta(days=14)
"""What there is at least, once evidence came back: the scheme may have taken the provider's time to look at it."""

LONGEST_TITLE, LONGEST_WORDS, LONGEST_OWNER = 200, 10_000, 120

STATUS_WORDS: Mapping[FindingStatus, str] = {
    FindingStatus.RAISED: "Not told to the provider yet",
    FindingStatus.OPEN: "To be put right",
    FindingStatus.PLAN_OFFERED: "Plan offered",
    FindingStatus.PLANNED: "Plan accepted",
    FindingStatus.PUT_RIGHT: "Put right, to be checked",
    FindingStatus.CLOSED: "Closed",
    FindingStatus.TAKEN_BACK: "Taken back",
}
SOURCE_WORDS: Mapping[FindingSource, str] = {
    FindingSource.BY_HAND: "Found in the assessment",
    FindingSource.SCORE: "Follows from a score",
    FindingSource.ESCALATION: "Made of several lighter findings",
    FindingSource.SURVEILLANCE: "Found while the award ran",
    FindingSource.COMPLAINT: "Found after a complaint",
}


def grades_of(framework: Framework) -> tuple[Grade, ...]:
    """From the lightest to the gravest: the framework's own, else the built-in ones."""
    return framework.clauses.findings.grades or BUILT_IN


def grade_of(framework: Framework, code: str) -> Grade:
    """The grade of that code. Raises KeyError: no finding is stored with another."""
    return {grade.code: grade for grade in grades_of(framework)}[code]


def asks_nothing(grade: Grade) -> bool:
    """Whether it is only to be noted: the lightest of all, without a time or a consequence."""
    return grade.rank == 0 and not (grade.put_right_within or grade.holds or grade.overdue)


def told_to_provider(framework: Framework) -> bool:
    """Whether the provider hears of its findings. Where the scheme keeps them to itself, no time runs for them either."""
    return may_see(framework.clauses.publication, Part.FINDINGS, Audience.PROVIDER)


def status_words(status: FindingStatus, grade: Grade) -> str:
    return "To be noted" if status is FindingStatus.OPEN and asks_nothing(grade) else STATUS_WORDS[status]


def place_title(framework: Framework, place: str) -> str:
    """A criterion with its code, a node by its title, or "The whole"."""
    if place == WHOLE:
        return "The whole"
    for criterion in framework.criteria:
        if criterion.code == place:
            return f"{criterion.code} {criterion.heading}"
    return next((str(node.title) for node in framework.nodes if node.code == place), place)


def place_order(framework: Framework) -> dict[str, int]:
    """Where each place comes in the framework: nodes before what is in them, the whole first."""
    places = [WHOLE]
    for root in framework.roots:
        for node in root.walk():
            places += [node.code, *(criterion.code for criterion in node.criteria)]
    return {place: number for number, place in enumerate(places)}


def last_day(framework: Framework, grade: str, told_on: date) -> date | None:
    """The last day to put a finding right, from the day on which the provider is told; None where the scheme sets none."""
    within = grade_of(framework, grade).put_right_within
    return within.add_to(told_on) if within else None


def is_overdue(status: FindingStatus, due_on: date | None, today: date) -> bool:
    return status in LATE_IN and due_on is not None and today > due_on


def warning_due(due_on: date, told_on: date, warned: int | None, today: date) -> int | None:
    """The warning to give today: days ahead of the last day, OVERDUE_TOLD once it has passed, None for none.

    Each is given once. One that was missed is made up for by the next, and none is given whose day was before the provider
    was told: being told said as much.
    """
    left = (due_on - today).days
    stage = OVERDUE_TOLD if left < 0 else min((each for each in WARN_AHEAD if left <= each), default=None)
    if stage is None or (warned is not None and stage >= warned):
        return None
    return None if stage != OVERDUE_TOLD and due_on - timedelta(days=stage) <= told_on else stage


def due_after_return(due_on: date | None, today: date) -> date | None:
    """The last day once evidence was returned: never sooner than a fortnight from then."""
    return max(due_on, today + AFTER_A_RETURN) if due_on else None


def consequences(framework: Framework, grade: Grade) -> tuple[str, ...]:
    """What an open finding of that grade means for the award, in sentences for the provider."""
    said = []
    if grade.holds:
        top = grade.holds.at_most
        most = f"no level above {framework.level(top).title}" if top else "no award"
        said.append(f"While it is open, {most} can be granted.")
    if grade.overdue:
        what = "suspended" if grade.overdue is Overdue.SUSPEND else "withdrawn"
        said.append(f"If it is not put right in time, the award is {what}, no sooner than 60 days after a warning.")
    if not said and not asks_nothing(grade):
        said.append("The scheme sets no consequence beforehand. Those who decide on the award read it.")
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Given:
    """A finding as somebody writes it down. `due_on` only where the scheme sets no time for its grade, and wants one."""

    place: str
    grade: str
    title: str
    words: str
    due_on: date | None = None

    def check(self, framework: Framework, today: date) -> None:
        """Raises Invalid."""
        wrong = {
            "place": "" if self.place in place_order(framework) else "Choose where it was found.",
            "grade": "" if self.grade in {each.code for each in grades_of(framework)} else "Choose how grave it is.",
            "title": _wrong_title(self.title.strip()),
            "words": _wrong_words(self.words, "Say what was found and what shows it. The provider will read it."),
        }
        wrong["due_on"] = "" if wrong["grade"] else self._wrong_day(grade_of(framework, self.grade), today)
        _refuse(wrong)

    def _wrong_day(self, grade: Grade, today: date) -> str:
        if self.due_on is None:
            return ""
        if grade.put_right_within:
            return f"The scheme gives {grade.put_right_within} for this. Leave the date empty."
        return "Enter a date that is today or later, or leave it empty." if self.due_on < today else ""


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """How the provider means to put a finding right: why it happened, what will be done, by whom and until when."""

    cause: str
    action: str
    owner: str
    by_on: date | None

    def check(self, due_on: date | None, today: date) -> None:
        """Raises Invalid. `due_on` is the finding's last day."""
        long = len(self.owner.strip()) > LONGEST_OWNER
        owner = f"The name may have at most {LONGEST_OWNER} characters." if long else ""
        _refuse(
            {
                "cause": _wrong_words(self.cause, "Say why it happened, so that it does not happen again."),
                "action": _wrong_words(self.action, "Say what you will do."),
                "owner": owner if self.owner.strip() else "Say who will see to it.",
                "by_on": _wrong_day(self.by_on, due_on, today),
            }
        )


def _refuse(wrong: Mapping[str, str]) -> None:
    """Raises Invalid with every sentence that says something."""
    if errors := {name: sentence for name, sentence in wrong.items() if sentence}:
        raise Invalid(errors)


def _wrong_title(title: str) -> str:
    if not title:
        return "Say in a few words what is wrong."
    return "" if len(title) <= LONGEST_TITLE else f"Say it in at most {LONGEST_TITLE} characters. The details go below."


def _wrong_words(words: str, missing: str) -> str:
    if not words.strip():
        return missing
    long = len(words) > LONGEST_WORDS
    return f"Keep this under {LONGEST_WORDS:,} characters. It has {len(words):,}." if long else ""


def check_words(name: str, words: str, missing: str) -> None:
    """Raises Invalid under `name` where nothing is said, or too much."""
    _refuse({name: _wrong_words(words, missing)})


def _wrong_day(by_on: date | None, due_on: date | None, today: date) -> str:
    """What is wrong with the day of a plan. Once the last day has passed, any coming day can still be offered."""
    if by_on is None:
        return "Enter the date by which it will be done."
    if by_on < today:
        return "Enter a date that is today or later."
    if due_on is not None and due_on >= today and by_on > due_on:
        return f"The scheme’s last day is {dated(due_on)}. Enter that day or an earlier one, or ask the scheme for more time."
    if by_on.year > today.year + 10:
        return "Enter a date within the next ten years."
    return ""
