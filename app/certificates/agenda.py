"""The agenda of a panel's meeting on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.certificates.paper import Kind, Line, Paper, Section, paper_pdf, row


@dataclass(frozen=True)
class AgendaItem:
    """One case. `leaving` are those who are out of the room for it; `chair` takes the chair where that is somebody else."""

    provider: str
    about: str
    leaving: Sequence[str]
    chair: str


@dataclass(frozen=True)
class AgendaFacts:
    """All that an agenda says. `when` is such as "16 Nov 2026, 14:00 to 16:00"."""

    awarding_body: str
    scheme: str
    when: str
    place: str
    link: str
    members: Sequence[str]
    items: Sequence[AgendaItem]
    colour: str


def agenda_pdf(facts: AgendaFacts, font_dir: Path) -> bytes:
    """The agenda as a PDF. The same facts give the same bytes. Raises FileNotFoundError without typefaces."""
    paper = Paper(
        title="Agenda of the panel",
        caption=f"{facts.awarding_body}, {facts.scheme}",
        author=facts.awarding_body,
        foot=f"{facts.scheme} · Panel of {facts.when} · Confidential",
        colour=facts.colour,
        lead=(
            row("When", facts.when),
            *((row("Where", facts.place),) if facts.place else ()),
            *((row("Online", facts.link),) if facts.link else ()),
            row("Called", "\n".join(facts.members)),
        ),
        sections=(
            Section(
                "At the beginning",
                (
                    Line("Who is there, and whether the quorum is met", Kind.ITEM),
                    Line("Interests: what has changed since members declared", Kind.ITEM),
                ),
            ),
            *(_item(number, item) for number, item in enumerate(facts.items, 1)),
        ),
    )
    return paper_pdf(paper, font_dir)


def _item(number: int, item: AgendaItem) -> Section:
    lines = [Line(item.about)]
    if item.leaving:
        lines.append(Line(f"Out of the room for this case: {', '.join(item.leaving)}.", Kind.STRONG))
    if item.chair:
        lines.append(Line(f"{item.chair} takes the chair for this case."))
    return Section(f"{number}. {item.provider}", tuple(lines))
