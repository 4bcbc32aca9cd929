"""How ready an organisation is, as a report for its trustees: two to four pages that need no system beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.certificates.chart_drawing import draw_bar, draw_key, draw_radar
from app.certificates.fitting import name_lines
from app.certificates.flow import (
    BODY,
    FOOT,
    H2,
    H3,
    HIGH,
    INK,
    ITEM,
    LEFT,
    QUIET,
    RIGHT,
    ROOM,
    RULE,
    SMALL,
    STRONG,
    TOP,
    WIDE,
    Flow,
)
from app.certificates.lettering import BOLD, SANS, SEMIBOLD, Style
from app.domain.charts import Axis, fits_a_radar, radar
from app.domain.readiness import Figure, Readiness, Standing
from app.domain.way_up import WayUp
from app.domain.wording import counted, dated

BULLET = "•"
MOST_MISSING, MOST_ACTIONS, MOST_CHANGES = 24, 24, 12
SCALE = 0.8
BAR = 8.0
NAME_SIZES = (26.0, 18.0, 19.0)


@dataclass(frozen=True)
class PlannedAction:
    """One action of the improvement plan, in words; `due_on` is None where it has no date, `owner` may be empty."""

    title: str
    owner: str
    due_on: date | None
    state: str
    overdue: bool = False


@dataclass(frozen=True)
class ReportFacts:
    """What a report is made from. `missing` are (criterion, sentence), `changed` (heading, sentences).

    `lift` are the sentences of the framework's own explanation on what leads to the next level.
    """

    provider: str
    scheme: str
    framework: str
    edition: str
    made_on: date
    readiness: Readiness
    axes: tuple[Axis, ...]
    lift: tuple[str, ...]
    up: WayUp | None
    missing: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    actions: tuple[PlannedAction, ...] = ()
    more_actions: int = 0
    colour: str = "#4b2142"


def readiness_report_pdf(facts: ReportFacts, font_dir: Path) -> bytes:
    """The report as a PDF of A4 pages. The same facts give the same bytes. Raises FileNotFoundError without typefaces."""
    flow = Flow(
        title=f"Readiness of {facts.provider}: {facts.framework} {facts.edition}",
        subject=f"How far {facts.provider} is on the way to {facts.readiness.aimed_title}",
        author=facts.provider,
        foot=f"{facts.provider} · {facts.framework} {facts.edition} · {dated(facts.made_on)}",
        colour=facts.colour,
    )
    return flow.pdf(font_dir, lambda to: _Report(facts, to).set())


class _Report:
    def __init__(self, facts: ReportFacts, flow: Flow) -> None:
        self.facts, self.flow, self.readiness = facts, flow, facts.readiness

    def set(self) -> None:
        self._head()
        self._in_short()
        self._picture()
        self._parts()
        self._way_up()
        self._missing()
        self._plan()
        self._changed()
        self._about()

    def _head(self) -> None:
        flow, facts = self.flow, self.facts
        flow.turn()
        flow.artifact(_band(facts.colour))
        flow.y = TOP - 14
        flow.lines(facts.provider, STRONG.style, ROOM)  # notes letters that cannot be printed
        lines, size = name_lines(facts.provider, SEMIBOLD, ROOM, NAME_SIZES)
        for line in lines:
            flow.y -= size * 1.1
            flow.at(LEFT, flow.y, line, Style(SEMIBOLD, size, INK), tag="H1")
        flow.text(f"Readiness for {facts.framework}, edition {facts.edition}", STRONG)
        flow.text(f"{dated(facts.made_on)}. Made by the organisation itself, for its trustees.", SMALL)

    def _in_short(self) -> None:
        found, flow = self.readiness, self.flow
        flow.text("In short", H2, keep=40)
        with_all = f" ({found.in_all})" if found.in_all else ""
        if found.reached:
            flow.text(f"As it stands, our own answers reach {found.now}{with_all}. We aim at {found.aimed_title}.")
        else:
            flow.text(f"As it stands, our own answers point to {found.now}{with_all}. We aim at {found.aimed_title}.")
        needed = sum(each.as_needed for each in found.top)
        parts = counted(len(found.top), "part")
        flow.text(
            f"{found.answered:,} of {counted(found.asked, 'criterion', 'criteria')} answered in full. {needed:,} of {parts} "
            f"{'is' if needed == 1 else 'are'} where {found.aimed_title} needs {'it' if needed == 1 else 'them'}."
        )
        if not found.complete:
            flow.text("What is not answered yet counts as the lowest answer, so the figures rise as answers are added.")

    def _picture(self) -> None:
        axes, flow = self.facts.axes, self.flow
        if not fits_a_radar(axes):
            return
        picture = radar(axes)
        flow.need(picture.height * SCALE + 30)
        flow.space(10)
        left = LEFT + (ROOM - picture.wide * SCALE) / 2
        flow.artifact(draw_radar(picture, left, flow.y, SCALE, self.facts.colour))
        flow.space(picture.height * SCALE + 16)
        self._key(left)

    def _key(self, left: float) -> None:
        flow, style = self.flow, Style(SANS, 9, QUIET)
        flow.artifact(draw_key(left, flow.y, self.facts.colour))
        flow.at(left + 26, flow.y, "where we stand", style)
        flow.at(left + 156, flow.y, f"what {self.readiness.aimed_title} needs", style)
        flow.space(4)

    def _parts(self) -> None:
        if not self.readiness.top:
            return
        self.flow.text("Part by part", H2, keep=90)
        self.flow.text(
            f"The mark on each bar shows where that part would be if all parts stood alike and {self.readiness.aimed_title} "
            "were just reached, or higher where more is asked of it.",
            SMALL,
        )
        for each in self.readiness.top:
            self._part(each)

    def _part(self, each: Standing) -> None:
        flow = self.flow
        strong, plain = Style(BOLD, 10.5, INK), Style(SANS, 10, INK)
        needs = f"; needs {each.aim_said}" if each.aim_said and each.figure is Figure.SHARE else ""
        names = flow.lines(each.name, strong, ROOM * 0.62)
        figure = flow.lines(f"{each.said}{needs}", plain, ROOM * 0.36)
        lines = max(len(names), len(figure))
        flow.need(lines * 13.5 + BAR + 26)
        flow.space(7)
        for place in range(lines):
            flow.space(13.5)
            if place < len(names):
                flow.at(LEFT, flow.y, names[place], strong)
            if place < len(figure):
                flow.at(RIGHT, flow.y, figure[place], plain, right=True)
        flow.space(BAR + 5)
        aim = None if each.aim is None else float(each.aim)
        flow.artifact(draw_bar((LEFT, flow.y, ROOM, BAR), float(each.value), aim, self.facts.colour))
        flow.text(_state_of(each), SMALL)

    def _way_up(self) -> None:
        facts, flow, up = self.facts, self.flow, self.facts.up
        if up is None:
            flow.text("The way up", H2, keep=30)
            if self.readiness.complete:
                flow.text("Our answers reach every level that we can be given here. The work is to keep them true.")
            else:
                aimed = self.readiness.aimed_title
                flow.text(f"What we have answered so far is good enough for {aimed}, if the rest is as good.")
            return
        flow.text(f"The shortest way to {up.level_title}", H2, keep=40)
        for sentence in facts.lift or ("Answers are needed first: they show what leads to the next level.",):
            flow.text(sentence)
        if up.steps:
            flow.text(up.introduced, BODY, keep=20)
        for step in up.steps:
            flow.text(f"{step.code} {step.heading}: from “{step.has}” to “{step.point}”", ITEM, mark=BULLET)
        if up.more:
            flow.text(f"And {up.more:,} more.", SMALL)

    def _missing(self) -> None:
        facts, flow = self.facts, self.flow
        flow.text("What is missing", H2, keep=40)
        if not facts.missing:
            flow.text("Nothing that is needed to apply is missing.")
            return
        flow.text(f"{counted(len(facts.missing), 'thing is', 'things are')} needed before we can apply:")
        for criterion, sentence in facts.missing[:MOST_MISSING]:
            flow.text(f"{criterion}: {sentence}", ITEM, mark=BULLET)
        if len(facts.missing) > MOST_MISSING:
            flow.text(f"And {len(facts.missing) - MOST_MISSING:,} more, listed on the readiness page.", SMALL)

    def _plan(self) -> None:
        facts, flow = self.facts, self.flow
        flow.text("Our improvement plan", H2, keep=40)
        if not facts.actions:
            flow.text("No action is planned yet. Trustees may want to ask who will do what, and by when.")
            return
        for action in facts.actions[:MOST_ACTIONS]:
            self._action(action)
        more = facts.more_actions + max(len(facts.actions) - MOST_ACTIONS, 0)
        if more:
            flow.text(f"And {counted(more, 'more action', 'more actions')}, in the plan itself.", SMALL)

    def _action(self, action: PlannedAction) -> None:
        flow = self.flow
        flow.need(34)
        flow.text(action.title, ITEM, mark=BULLET)
        due = f"by {dated(action.due_on)}" if action.due_on else "without a date"
        late = ", overdue" if action.overdue else ""
        lines = flow.lines(f"{action.owner or 'Nobody yet'}, {due}. {action.state}{late}.", SMALL.style, ROOM - 14)
        for line in lines:
            flow.need(SMALL.leading)
            flow.space(SMALL.leading)
            flow.at(LEFT + 14, flow.y, line, SMALL.style)

    def _changed(self) -> None:
        flow = self.flow
        flow.text("What changed", H2, keep=40)
        if not self.facts.changed:
            flow.text("There is no earlier day to compare with yet.")
        for heading, sentences in self.facts.changed:
            flow.text(heading, H3, keep=20)
            for sentence in sentences[:MOST_CHANGES] or ("Nothing changed.",):
                flow.text(sentence, ITEM, mark=BULLET)

    def _about(self) -> None:
        facts, flow = self.facts, self.flow
        flow.text("About this report", H2, keep=150)
        flow.text(
            f"{facts.framework} is a quality standard of {facts.scheme}. It asks an organisation about a number of criteria. "
            "For each one the organisation says how far it is and shows evidence. Later an independent assessor looks at "
            "the evidence, and a panel decides on an award."
        )
        flow.text(
            "This report shows only what the organisation says of itself. Nobody from outside has checked it, and the award "
            f"may come out higher or lower. It is about edition {facts.edition}, which does not change while we prepare."
        )
        flow.text(
            "Useful questions for trustees: Do we recognise ourselves in this? Which risks do we carry until the missing "
            "things are done? Who needs time or money to do them, and when shall we look again?"
        )
        if flow.lost:
            flow.text("Letters that this typeface does not have are printed as a question mark.", SMALL)


def _state_of(each: Standing) -> str:
    answered = f"{each.answered:,} of {each.asked:,} answered"
    missing = f"; {counted(each.lacking, 'thing')} missing" if each.lacking else ""
    short = f"; below what is required: {', '.join(each.short[:8])}" if each.short else ""
    more = f" and {len(each.short) - 8:,} more" if len(each.short) > 8 else ""
    alone = f" Alone it would be {each.alone}." if each.alone else ""
    return f"{'As needed' if each.as_needed else 'Not there yet'}: {answered}{missing}{short}{more}.{alone}"


def _band(colour: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colour)
        canvas.rect(0, HIGH - 22, WIDE, 22, stroke=0, fill=1)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, FOOT - 12, RIGHT, FOOT - 12)

    return draw
