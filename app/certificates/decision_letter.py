"""The letter in which a provider reads what the panel decided, why, what it has to do, and how to appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.certificates.paper import Kind, Line, Paper, Section, paper_pdf, row
from app.domain.award_conditions import ConditionTerm
from app.domain.deciding import Verdict
from app.domain.scoring import Explained
from app.domain.wording import dated

APPEAL = (
    "People who took no part in the assessment or in this decision look at the appeal. The decision stands meanwhile. "
    "An appeal does not count against you, now or later."
)


@dataclass(frozen=True)
class LetterFacts:
    """What the letter is made from. `number` and the days of the award are None where none is granted.

    `explained` holds no more than the provider may see. `departure` says why the panel decided otherwise than the scores.
    """

    provider: str
    address: str
    awarding_body: str
    contact: str
    framework: str
    edition: str
    verdict: Verdict
    level: str
    decided_on: date
    reasons: str
    departure: str
    explained: Explained
    conditions: tuple[ConditionTerm, ...]
    appeal_by: date
    appeal_url: str
    chair: str
    colour: str
    reference: str
    number: str | None = None
    granted_on: date | None = None
    expires_on: date | None = None
    invented: bool = False


def decision_letter_pdf(facts: LetterFacts, font_dir: Path) -> bytes:
    """The letter as a PDF of A4 pages. The same facts give the same bytes. Raises FileNotFoundError without typefaces."""
    return paper_pdf(letter(facts), font_dir)


def letter(facts: LetterFacts) -> Paper:
    """The letter as a paper."""
    body = facts.awarding_body
    sections = (
        _what_was_decided(facts),
        Section("Why", (Line(facts.reasons), *_departure(facts))),
        Section("What the scores gave", tuple(_scores(facts.explained))),
        *_conditions(facts),
        *_next(facts),
        _appeal(facts),
    )
    return Paper(
        title=f"The decision on {facts.provider}",
        caption=f"{body}, {facts.framework} {facts.edition}",
        author=body,
        foot=f"{body} · Decision {facts.reference} · {dated(facts.decided_on)}",
        colour=facts.colour,
        lead=(
            *(Line(part) for part in (facts.provider, facts.address) if part),
            Line(f"{dated(facts.decided_on)}. Our reference: {facts.reference}", Kind.SMALL),
            *((Line("This is an example. The organisation and the award are made up.", Kind.SMALL),) * facts.invented),
        ),
        sections=sections,
    )


def _what_was_decided(facts: LetterFacts) -> Section:
    told = {
        Verdict.AWARD: f"The panel has decided to award {facts.level}.",
        Verdict.AWARD_WITH_CONDITIONS: f"The panel has decided to award {facts.level}, with conditions.",
        Verdict.DEFER: "The panel has not decided yet. It needs more from you, and your application is open to you again.",
        Verdict.REFUSE: "The panel has decided not to make an award.",
    }[facts.verdict]
    rows = [row("Certificate", facts.number)] if facts.number else []
    if facts.granted_on and facts.expires_on:
        rows.append(row("Valid", f"from {dated(facts.granted_on)} until {dated(facts.expires_on)}"))
    return Section("What was decided", (Line(told, Kind.STRONG), *rows))


def _departure(facts: LetterFacts) -> tuple[Line, ...]:
    if not facts.departure:
        return ()
    return (Line("Why this differs from what the scores gave", Kind.HEADING), Line(facts.departure))


def _scores(explained: Explained) -> list[Line]:
    lines = [Line(explained.headline, Kind.STRONG), *(Line(sentence) for sentence in explained.beside)]
    for level in reversed(explained.levels):
        lines.append(Line(f"{level.title}: {'reached' if level.reached else 'not reached'}", Kind.HEADING))
        lines += [Line(sentence, Kind.ITEM) for sentence in level.sentences]
    top = [part for part in explained.parts if part.depth == 0]
    if top:
        lines.append(Line("What each part got", Kind.HEADING))
        lines += [Line(f"{part.title}: {'. '.join(filter(None, (part.got, part.because)))}", Kind.ITEM) for part in top]
    if explained.lift:
        lines.append(Line("What would lift it", Kind.HEADING))
        lines += [Line(sentence, Kind.ITEM) for sentence in explained.lift]
    return lines


def _conditions(facts: LetterFacts) -> tuple[Section, ...]:
    if not facts.conditions:
        return ()
    lines = [Line("The award stands on condition that you do this:")]
    for number, term in enumerate(facts.conditions, 1):
        due = f", by {dated(term.due_on)}" if term.due_on else ""
        lines += [Line(f"Condition {number}{due}", Kind.HEADING), Line(term.text)]
    lines.append(
        Line("Tell us when each is met, with evidence, on the page of your award. We remind you before each day.")
    )
    return (Section("Conditions", tuple(lines)),)


def _next(facts: LetterFacts) -> tuple[Section, ...]:
    if facts.verdict is Verdict.DEFER:
        words = "Nothing that you entered is lost. Change what is needed, and submit your application again."
    elif facts.verdict is Verdict.REFUSE:
        words = "Everything that you entered stays yours. You can use it again, and you can apply again."
    else:
        return ()
    return (Section("What you can do now", (Line(words),)),)


def _appeal(facts: LetterFacts) -> Section:
    where = f"On the service: {facts.appeal_url}. Or write to {facts.contact or facts.awarding_body}."
    return Section(
        "If you think this is wrong",
        (
            Line(f"You may appeal until {dated(facts.appeal_by)}. That day still counts.", Kind.STRONG),
            Line(f"Say which part of the decision you think is wrong, and why. {where}"),
            Line(APPEAL),
            Line(f"{facts.chair}, chair of the panel, for {facts.awarding_body}"),
        ),
    )
