"""The minutes of a panel on one case, or of a whole meeting, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.certificates.paper import Kind, Line, Paper, Section, paper_pdf, row


@dataclass(frozen=True)
class MinutesFacts:
    """What the record holds of one case, in words. Times are as people write them: "16 Nov 2026 at 14:05".

    `present`, `absent` and `declared` are names; `aside` pairs a name with why it left. `votes` pairs an outcome with its
    number, `named` a member with their vote, empty where the scheme counts votes alone. `course` tells what happened to
    the vote, in order. `dissents` pairs a member with the reasons that they asked to be put down. `signed` is empty for a
    draft.
    """

    provider: str
    framework: str
    awarding_body: str
    colour: str
    when: str
    where: str
    chair: str
    present: Sequence[str]
    absent: Sequence[str]
    aside: Sequence[tuple[str, str]]
    declared: Sequence[str]
    quorum: str
    computed: str
    because: Sequence[str]
    counted: str
    discussion: str
    votes: Sequence[tuple[str, int]]
    named: Sequence[tuple[str, str]]
    course: Sequence[str]
    dissents: Sequence[tuple[str, str]]
    decision: str
    reasons: str
    departure: str
    conditions: Sequence[tuple[str, str]]
    recorded: str
    signed: str = ""


def minutes_pdf(facts: MinutesFacts, font_dir: Path) -> bytes:
    """The minutes of one case. The same facts give the same bytes. Raises FileNotFoundError without typefaces."""
    paper = Paper(
        title=f"Minutes: {facts.provider}",
        caption=f"{facts.awarding_body}, {facts.framework}",
        author=facts.awarding_body,
        foot=f"Minutes · {facts.provider} · {facts.when} · Confidential{'' if facts.signed else ' · Draft'}",
        colour=facts.colour,
        lead=(
            row("When", facts.when),
            *((row("Where", facts.where),) if facts.where else ()),
            row("State", facts.signed or "Draft, not signed yet"),
        ),
        sections=tuple(_case(facts)),
    )
    return paper_pdf(paper, font_dir)


def meeting_minutes_pdf(
    title: str, lead: Sequence[tuple[str, str]], cases: Sequence[MinutesFacts], font_dir: Path
) -> bytes:
    """The minutes of several cases of one meeting, each on pages of its own. `lead` are pairs below the title."""
    first = cases[0]
    sections: list[Section] = []
    for number, each in enumerate(cases, 1):
        state = (row("State", each.signed or "Draft, not signed yet"),)
        sections.append(Section(f"{number}. {each.provider}", (Line(each.framework), *state), new_page=number > 1))
        sections += _case(each)
    paper = Paper(
        title=title,
        caption=first.awarding_body,
        author=first.awarding_body,
        foot=f"{title} · Confidential",
        colour=first.colour,
        lead=tuple(row(key, words) for key, words in lead),
        sections=tuple(sections),
    )
    return paper_pdf(paper, font_dir)


def _case(facts: MinutesFacts) -> Iterator[Section]:
    yield Section("Who was there", tuple(_people(facts)))
    yield Section("What the scores gave", tuple(_computed(facts)))
    yield Section("Discussion", (Line(facts.discussion or "Nothing was recorded."),))
    yield Section("Votes", tuple(_votes(facts)))
    yield Section("Decision", tuple(_decision(facts)))


def _people(facts: MinutesFacts) -> Iterator[Line]:
    yield row("Chair", facts.chair)
    yield row("Present", "\n".join(facts.present) or "Nobody")
    if facts.absent:
        yield row("Not present", "\n".join(facts.absent))
    for name, why in facts.aside:
        yield row("Left for this case", f"{name}: {why}")
    if facts.declared:
        yield Line(f"Declared that they have no interest: {', '.join(facts.declared)}.")
    yield Line(facts.quorum)


def _computed(facts: MinutesFacts) -> Iterator[Line]:
    yield Line(facts.computed, Kind.STRONG)
    yield from (Line(words, Kind.ITEM) for words in facts.because)
    if facts.counted:
        yield Line(facts.counted)


def _votes(facts: MinutesFacts) -> Iterator[Line]:
    yield from (row(outcome, str(number)) for outcome, number in facts.votes)
    yield from (Line(f"{name}: {vote}", Kind.ITEM) for name, vote in facts.named)
    yield from (Line(words) for words in facts.course)
    for name, reasons in facts.dissents:
        yield Line(f"{name} asked that these reasons for voting otherwise stand here", Kind.HEADING)
        yield Line(reasons)


def _decision(facts: MinutesFacts) -> Iterator[Line]:
    yield Line(facts.decision, Kind.STRONG)
    if not facts.recorded:
        return
    yield Line("Reasons", Kind.HEADING)
    yield Line(facts.reasons)
    if facts.departure:
        yield Line("Why it differs from what the scores gave", Kind.HEADING)
        yield Line(facts.departure)
    for number, (words, due) in enumerate(facts.conditions, 1):
        yield Line(f"Condition {number}, by {due}", Kind.HEADING)
        yield Line(words)
    yield Line(facts.recorded, Kind.SMALL)
