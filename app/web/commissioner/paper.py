"""Lists and comparisons on paper: as a PDF, or as plain text where the typefaces lack a name's letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from flask import Response, current_app, send_file

from app.certificates.pack import Kind, PackFacts, Section, pack_pdf, pack_text
from app.certificates.pack import Line as Paragraph
from app.certificates.typesetting import Unprintable
from app.domain.wording import dated
from app.edge.session import today
from app.queries.chosen_providers import Provider
from app.queries.side_by_side import Line, side_by_side
from app.web.jinja import plural


@dataclass(frozen=True)
class Written:
    """A provider with what was written beside it; `verdict` in words, "" where there is none."""

    provider: Provider
    note: str = ""
    verdict: str = ""


def compared_paper(providers: Sequence[Provider], lines: Sequence[Line], day: date) -> PackFacts:
    """Line by line, what each provider says under its name: six columns would not fit on a page that one can read."""
    names = ", ".join(each.name for each in providers)
    return PackFacts(
        organisation="Providers side by side",
        what=plural(len(providers), "provider"),
        pack=names,
        day=dated(day),
        sections=tuple(_groups(providers, lines)),
    )


def _groups(providers: Sequence[Provider], lines: Sequence[Line]) -> Iterator[Section]:
    groups: dict[str, list[Paragraph]] = {}
    for line in lines:
        found = groups.setdefault(line.group, [])
        if not line.differs:
            found += [Paragraph(line.title, Kind.ITEM), Paragraph(f"All: {_said(line, 0)}", Kind.BULLET)]
            continue
        found.append(Paragraph(f"{line.title} (differs)", Kind.ITEM))
        found += [Paragraph(f"{each.name}: {_said(line, place)}", Kind.BULLET) for place, each in enumerate(providers)]
    yield from (Section(name, tuple(found)) for name, found in groups.items())


def _said(line: Line, place: int) -> str:
    return "; ".join(f"{piece.text} ({piece.flag})" if piece.flag else piece.text for piece in line.cells[place])


def listed_paper(title: str, purpose: str, written: Sequence[Written], day: date) -> PackFacts:
    """A section for each provider: the decision and the note, then what the register says."""
    return PackFacts(
        organisation=title,
        what=f"Shortlist of {plural(len(written), 'provider')}",
        pack=purpose or "From the register of approved providers",
        day=dated(day),
        sections=tuple(Section(each.provider.name, tuple(_told(each))) for each in written),
    )


def _told(each: Written) -> Iterator[Paragraph]:
    if each.verdict:
        yield Paragraph(each.verdict, Kind.WARNING)
    if each.note:
        yield Paragraph(f"Note: {each.note}")
    yield from facts_of(each.provider)


def facts_of(provider: Provider) -> Iterator[Paragraph]:
    """What the register says of one provider, a paragraph a line."""
    for line in side_by_side([provider]):
        yield Paragraph(f"{line.title}: {_said(line, 0)}", Kind.BULLET)


def send_paper(name: str, facts: PackFacts) -> Response:
    """The paper to keep; as plain text where the typefaces lack its letters."""
    try:
        data, kind, ending = pack_pdf(facts, Path(current_app.config["FONT_DIR"])), "application/pdf", "pdf"
    except Unprintable:
        data, kind, ending = pack_text(facts), "text/plain; charset=utf-8", "txt"
    called = f"{name}-{today().isoformat()}.{ending}"
    return send_file(BytesIO(data), kind, as_attachment=True, download_name=called, max_age=0)
