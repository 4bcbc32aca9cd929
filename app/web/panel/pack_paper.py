"""A case pack as a paper: the same words in the same order as its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.certificates.paper import Kind, Line, Paper, Section, row
from app.domain.scoring import Explained
from app.domain.wording import counted, dated
from app.queries.case_pack import CasePack
from app.queries.reading import AreaReading, CriterionReading


def pack_paper(pack: CasePack) -> Paper:
    """The pack, to be printed."""
    case = pack.case
    target = f", for {case.target}" if case.target else ""
    return Paper(
        title=case.provider,
        caption=f"Case pack. {pack.awarding_body}, {case.framework}{target}",
        author=pack.awarding_body,
        foot=f"{case.provider} · Case pack of {dated(pack.made_on)} · Confidential: for members of the panel",
        colour=pack.colour,
        lead=tuple(Line(words) for words in (pack.summary,) if words),
        sections=tuple(_sections(pack)),
    )


def _sections(pack: CasePack) -> Iterator[Section]:
    if pack.facts:
        yield Section("The provider at submission", tuple(row(key, value) for key, value in pack.facts), questions=True)
    yield Section("What the scores give", tuple(_outcome(pack)))
    yield Section("What was recommended", tuple(_recommended(pack)))
    if pack.reading.agreement:
        whole = pack.reading.agreement.whole
        yield Section(
            "Agreement of the assessors",
            (Line(f"Same score on {whole.same} of {whole.compared} criteria: {whole.share_said}."),),
        )
    if pack.findings:
        yield Section("Findings", tuple(_findings(pack)))
    if pack.passages:
        yield Section(_report_heading(pack), tuple(_report(pack)), new_page=True)
    if pack.remarks:
        yield Section("What the provider said on the report", tuple(_remarks(pack)))
    if pack.asked:
        yield Section("What assessors asked, and the replies", tuple(_asked(pack)))
    for area in pack.areas:
        yield Section(area.title, tuple(_area(area)), new_page=area is pack.areas[0])


def _outcome(pack: CasePack) -> Iterator[Line]:
    if pack.reading.outcome is None:
        yield Line("No assessment has been handed in.")
        return
    yield from explained_lines(pack.reading.outcome.explained)
    if pack.reading.counts:
        yield Line(pack.reading.counts)
    yield from (Line(words) for words in pack.reading.fallen)


def explained_lines(explained: Explained) -> Iterator[Line]:
    """Why an outcome is as it is, in lines."""
    yield Line(explained.headline, Kind.STRONG)
    yield from (Line(words) for words in explained.beside)
    for level in reversed(explained.levels):
        yield Line(f"{level.title}: {'reached' if level.reached else 'not reached'}", Kind.HEADING)
        yield from (Line(words, Kind.ITEM) for words in level.sentences)
    if explained.lift:
        yield Line("What would lift it", Kind.HEADING)
        yield from (Line(words, Kind.ITEM) for words in explained.lift)


def _recommended(pack: CasePack) -> Iterator[Line]:
    for each in pack.reading.recommendations:
        level = f" at {each.level}" if each.level else ""
        yield Line(f"{each.assessor}: {each.outcome}{level}", Kind.HEADING)
        yield Line(each.words)


def _findings(pack: CasePack) -> Iterator[Line]:
    for each in pack.findings:
        yield Line(f"{each.grade_title}: {each.title}", Kind.HEADING)
        due = f", to be put right by {dated(each.due_on)}" if each.due_on and not each.closed_on else ""
        yield Line(f"{each.where_title}. {each.status_words}{due}", Kind.SMALL)
        yield Line(each.words)
        if each.plan:
            yield Line(f"The provider’s plan: {each.plan}")


def _report_heading(pack: CasePack) -> str:
    report = pack.report
    return f"The report, version {report.version} ({report.state.lower()})" if report else "The report"


def _report(pack: CasePack) -> Iterator[Line]:
    for passage in pack.passages:
        if passage.heading:
            yield Line(passage.heading, Kind.HEADING)
        if passage.content.text.strip():
            yield Line(f"{passage.number}. {passage.content.text.strip()}")
        grid = passage.content.grid
        if grid:
            yield Line(f"{passage.number}. {grid.caption}", Kind.STRONG)
            yield from (Line(": ".join(filter(None, each)), Kind.ITEM) for each in grid.rows)


def _remarks(pack: CasePack) -> Iterator[Line]:
    for each in pack.remarks:
        yield Line(each.heading, Kind.HEADING)
        yield Line(each.text)
        if each.verdict:
            yield Line(f"{each.verdict}. {each.answer}")


def _asked(pack: CasePack) -> Iterator[Line]:
    for each in pack.asked:
        yield Line(each.code, Kind.HEADING)
        yield Line(each.text)
        yield Line(f"Reply: {each.reply}" if each.reply else "No reply.")


def _area(area: AreaReading) -> Iterator[Line]:
    for node in area.nodes:
        if node.title != area.title:
            yield Line(node.title, Kind.STRONG)
        for each in node.criteria:
            yield from _criterion(each)


def _criterion(each: CriterionReading) -> Iterator[Line]:
    yield Line(f"{each.code} {each.heading}", Kind.HEADING)
    yield row("The provider’s claim", each.claim or "No answer")
    if each.claim_reason:
        yield Line(each.claim_reason)
    for score in each.scores:
        yield row(f"Score by {score.assessor}", f"{score.label or 'No score'}\n{score.reason}".strip())
    if not each.scores:
        stands = each.passport is not None and each.passport.stands
        yield row("Score", "Answered by another body’s certificate" if stands else "Not scored")
    if each.evidence:
        pieces = ", ".join(_piece_words(each))
        yield row(counted(len(each.evidence), "piece of evidence", "pieces of evidence"), pieces)


def _piece_words(each: CriterionReading) -> Iterable[str]:
    return (f"{piece.title} (version {piece.number})" for piece in each.evidence)
