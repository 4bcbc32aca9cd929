"""The criteria of one application as a list: how far each is, who holds it, and the list narrowed to one state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from app.domain.framework import Node
from app.domain.self_assessment import Progress
from app.queries.handed_over import Holding
from app.queries.long_lists import open_branches
from app.queries.self_assessments import SelfAssessment


class Show(StrEnum):
    """What a list of criteria can be narrowed to. Those in a colleague's hands are `to-` and the user's id."""

    ALL = "all"
    NOT_STARTED = "not-started"
    STARTED = "started"
    NEEDS_EVIDENCE = "needs-evidence"
    LOOK_AGAIN = "look-again"
    DONE = "done"
    MINE = "mine"
    COMMENTS = "comments"


WORDS: Mapping[Show, str] = {
    Show.ALL: "All",
    Show.NOT_STARTED: "Not started",
    Show.STARTED: "Started",
    Show.NEEDS_EVIDENCE: "Needs evidence",
    Show.LOOK_AGAIN: "Look again",
    Show.DONE: "Done",
    Show.MINE: "Handed to me",
    Show.COMMENTS: "With comments",
}
WHILE_EDITABLE = frozenset({Show.NOT_STARTED, Show.STARTED, Show.NEEDS_EVIDENCE, Show.LOOK_AGAIN, Show.DONE, Show.MINE})


@dataclass(frozen=True)
class TaskRow:
    """One asked criterion in the list. `claim` is the label of the point, or that it does not apply; "" for neither.

    `look_again` says that its answer was carried over and the criterion has changed since. `holding` says in whose
    hands it is, where it still waits for them. `passport` is the certificate that answers it, `waits` one that would once
    the scheme has accepted it.
    """

    code: str
    heading: str
    progress: Progress
    claim: str
    evidence: int
    lacks_evidence: bool
    look_again: bool = False
    comments: int = 0
    holding: Holding | None = None
    passport: str = ""
    waits: str = ""


@dataclass(frozen=True)
class Branch:
    """One node of the framework with the asked criteria directly under it. `depth` is 0 at the top.

    Of a long application only one top branch is shown with what is below it; the others are `folded`. In a `settled` one
    everything is answered, with its evidence, and nothing is to be looked at again. `found` counts what the list was
    narrowed to.
    """

    code: str
    title: str
    summary: str
    depth: int
    done: int
    total: int
    found: int
    tasks: tuple[TaskRow, ...]
    settled: bool
    folded: bool = False


@dataclass(frozen=True)
class Choice:
    """One way to narrow the list, and how many criteria it leaves."""

    value: str
    words: str
    count: int


@dataclass(frozen=True)
class TaskList:
    """The list, what it is narrowed to (`show`, "all" for everything), and what it could be."""

    branches: tuple[Branch, ...]
    show: str
    choices: tuple[Choice, ...]
    found: int


@dataclass(frozen=True)
class Together:
    """What colleagues do on an application: who holds which criterion, and how many comments stand on each."""

    holdings: Mapping[str, Holding]
    comments: Mapping[str, int]
    me: int | None


def task_list(
    work: SelfAssessment, together: Together, show: str, part: str | None, next_code: str | None, *, editable: bool
) -> TaskList:
    """The list narrowed to `show`; to nothing where nobody knows it. No statement."""
    groups = _groups(work, together)
    if show not in groups or (not editable and show in WHILE_EDITABLE):
        show = Show.ALL.value
    codes = groups[show]
    names = {str(each.to_id): each.to for each in together.holdings.values()}
    choices = tuple(
        Choice(value, _words(value, names), len(found))
        for value, found in groups.items()
        if (found or value in {Show.ALL, show}) and (editable or value not in WHILE_EDITABLE)
    )
    return TaskList(
        _all_branches(work, together, codes, part, next_code if next_code in codes else None), show, choices, len(codes)
    )


def _words(value: str, names: Mapping[str, str]) -> str:
    holder = value.removeprefix("to-")
    return f"Handed to {names[holder]}" if value.startswith("to-") else WORDS[Show(value)]


def _groups(work: SelfAssessment, together: Together) -> dict[str, frozenset[str]]:
    """The codes of the asked criteria in each state, in the order of the choices."""
    by_progress: dict[Progress, set[str]] = {each: set() for each in Progress}
    for each in work.applying:
        by_progress[work.progress(each.criterion)].add(each.criterion.code)
    again = work.asked_codes.intersection(work.reviews)
    lacking = frozenset(by_progress[Progress.DONE] & work.blocked) - again
    held = {code: each for code, each in together.holdings.items() if each.open and code in work.asked_codes}
    groups = {
        Show.ALL.value: work.asked_codes,
        Show.NOT_STARTED.value: frozenset(by_progress[Progress.NOT_STARTED]),
        Show.STARTED.value: frozenset(by_progress[Progress.STARTED]),
        Show.NEEDS_EVIDENCE.value: lacking,
        Show.LOOK_AGAIN.value: again,
        Show.DONE.value: frozenset(by_progress[Progress.DONE]) - lacking - again,
        Show.MINE.value: frozenset(code for code, each in held.items() if each.to_id == together.me),
    }
    for each in sorted(held.values(), key=lambda each: (each.to, each.to_id)):
        if each.to_id != together.me:
            groups[f"to-{each.to_id}"] = groups.get(f"to-{each.to_id}", frozenset()) | {each.code}
    groups[Show.COMMENTS.value] = work.asked_codes.intersection(together.comments)
    return groups


def _all_branches(
    work: SelfAssessment, together: Together, codes: frozenset[str], part: str | None, next_code: str | None
) -> tuple[Branch, ...]:
    shown = open_branches(work.framework, codes, part, next_code)
    return tuple(
        branch if root.code in shown else replace(branch, tasks=(), folded=True)
        for root in work.framework.roots
        for branch in _of_root(work, together, codes, root, whole=root.code in shown)
    )


def _of_root(
    work: SelfAssessment, together: Together, codes: frozenset[str], root: Node, *, whole: bool
) -> Iterator[Branch]:
    branches = _branches(work, together, codes, root, 0)
    return branches if whole else islice(branches, 1)


def _branches(
    work: SelfAssessment, together: Together, codes: frozenset[str], node: Node, depth: int
) -> Iterator[Branch]:
    """The node and those below it that hold any of `codes`."""
    below = [criterion for criterion in node.all_criteria if criterion.code in work.asked_codes]
    found = sum(criterion.code in codes for criterion in below)
    if not found:
        return
    yield Branch(
        code=node.code,
        title=str(node.title),
        summary=str(node.summary),
        depth=depth,
        done=sum(work.progress(criterion) is Progress.DONE for criterion in below),
        total=len(below),
        found=found,
        tasks=tuple(_task(work, together, criterion.code) for criterion in node.criteria if criterion.code in codes),
        settled=all(work.finished(criterion.code) and criterion.code not in work.blocked for criterion in below),
    )
    for child in node.children:
        yield from _branches(work, together, codes, child, depth + 1)


def _task(work: SelfAssessment, together: Together, code: str) -> TaskRow:
    criterion = work.framework.criterion(code)
    claim = work.claim(criterion)
    words = "Not applicable" if claim.not_applicable else ""
    if claim.point is not None and claim.point in criterion.scale.values:
        words = criterion.scale.shown(claim.point)
    holding = together.holdings.get(code)
    answered, waits = work.passports.answered.get(code), work.passports.waiting.get(code)
    return TaskRow(
        code=code,
        heading=str(criterion.heading),
        progress=work.progress(criterion),
        claim=words,
        evidence=len(work.evidence.get(code, ())),
        lacks_evidence=work.finished(code) and code in work.blocked,
        look_again=code in work.reviews,
        comments=together.comments.get(code, 0),
        holding=holding if holding and holding.open else None,
        passport=answered.score.by if answered else "",
        waits=waits.score.by if waits else "",
    )
