"""What the standing of each branch is worked out from: what there is, what the level asks, what it would be if all were alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.alike import alike, position
from app.domain.conditions import AllWhen, Comparator, Measure, Quantifier, Stands, When
from app.domain.framework import Criterion, Framework, Level, Method, Node, RateBy
from app.domain.readiness import Figure, Progressed, Standing
from app.domain.scoring import Outcome
from app.domain.scoring.explained import got_in_words, words_given
from app.domain.scoring.parts import COUNTED, NodeTotal
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.totals import totals
from app.domain.scoring.verdict import judge
from app.domain.wording import counted, percent

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Look:
    """One self-assessment looked at with one level in mind.

    `so_far` is the outcome of what was claimed. `sheet` has the lowest point for what has none, and `ended` is the outcome
    of that. `alike` are the points with which the level is
    just reached if all stood alike, None where no points reach it; `even` the totals of that, and `least` the totals if only
    the required points were there, both by node. `conditions` are what the level asks of the shares of branches.
    """

    sheet: Sheet
    level: Level
    progressed: Progressed
    so_far: Outcome
    ended: Outcome
    alike: Mapping[str, int] | None
    even: Mapping[str, NodeTotal]
    least: Mapping[str, NodeTotal]
    conditions: tuple[Stands, ...]

    @classmethod
    def at(cls, so_far: Outcome, level: Level, progressed: Progressed) -> Look:
        sheet = so_far.sheet
        worst = {each.code: each.scale.worst for each in sheet.criteria if each.code in sheet.missing}
        filled = replace(sheet, points={**sheet.points, **worst}, missing=())
        same = alike(filled, level)
        only_required = {
            each.code: each.required.get(level.code, each.scale.worst)
            for each in sheet.criteria
            if each.code in filled.points
        }
        return cls(
            sheet=filled,
            level=level,
            progressed=progressed,
            so_far=so_far,
            ended=judge(filled),
            alike=same,
            even=totals(sheet.framework, same, sheet.facts).nodes if same is not None else {},
            least=totals(sheet.framework, only_required, sheet.facts).nodes,
            conditions=tuple(asked_of_shares(sheet.framework, level)),
        )

    @property
    def framework(self) -> Framework:
        return self.sheet.framework

    def standing(self, node: Node, depth: int) -> Standing:
        """How far `node` is."""
        codes = frozenset(each.code for each in node.all_criteria)
        here = [each for each in self.sheet.criteria if each.code in codes]
        figure = Figure.SHARE if self._by_share(node) else Figure.THERE
        value, said, figured = self._share_of(node) if figure is Figure.SHARE else self._there_of(node, here)
        aim, aim_said = self._aim_of_share(node) if figure is Figure.SHARE else self._aim_of_there(node)
        return Standing(
            code=node.code,
            title=str(node.title),
            depth=depth,
            figure=figure,
            value=value,
            said=said,
            figured=figured,
            aim=aim,
            aim_said=aim_said,
            alone=self._alone(value, here) if figure is Figure.SHARE else "",
            short=tuple(each.code for each in here if self._is_short(each, self.level)),
            answered=sum(each.code in self.progressed.finished for each in here),
            asked=len(here),
            lacking=sum(gap.blocks and gap.code in codes for gap in self.progressed.gaps),
            opens=bool(node.children),
        )

    def _alone(self, share: Fraction, here: Sequence[Criterion]) -> str:
        """The highest level whose cut-off a share reaches, with every point there that it and those below it require."""
        reached = ""
        for level in self.framework.levels[: self.sheet.top + 1]:
            enough = level.cut_off is not None and not self.framework.outcome.in_marks and share >= level.cut_off
            if not enough or any(self._is_short(each, level) for each in here):
                break
            reached = str(level.title)
        return reached

    def whole(self) -> Fraction:
        """How far the whole is: its share where a share decides, else how much of what is needed is there."""
        share = self.ended.totals.share
        if self.level.cut_off is not None and not self._counted_whole and share is not None:
            return _bounded(share)
        return self._there(self.sheet.criteria)[0]

    @property
    def _counted_whole(self) -> bool:
        """Whether the whole counts what is met, or measures distances: then no share tells how far anything is."""
        return self.framework.outcome.stages[-1].method in (*COUNTED, Method.DISTANCE)

    def _by_share(self, node: Node) -> bool:
        """Whether the share of a branch tells how far it is."""
        total = self.ended.nodes[node.code].total
        if total.share is None or total.method in (*COUNTED, Method.DISTANCE):
            return False
        if any(not each.scale.counts for each in node.all_criteria):
            return False  # a share of some of its criteria would be taken for all of them
        rater = self.framework.rater_of(node)
        if rater is not None:
            return rater.by is RateBy.BANDS and not rater.in_marks
        return self.level.cut_off is not None and self.framework.outcome.rater is None and not self._counted_whole

    def _share_of(self, node: Node) -> tuple[Fraction, str, str]:
        """The share of a branch, what it is called, and the same as a figure."""
        result = self.ended.nodes[node.code]
        share = result.total.share or NOTHING
        figured = result.sum_words.removesuffix(" points.") if result.told_as_sum else percent(share)
        return _bounded(share), got_in_words(self.ended, result) or percent(share), figured

    def _there_of(self, node: Node, here: Sequence[Criterion]) -> tuple[Fraction, str, str]:
        """How much of what is needed is there, in words and as a figure."""
        value, enough, many = self._there(here)
        given = words_given(self.so_far, node)
        figured = f"{enough:,} of {many:,}"
        told = f"{figured} {'as needed' if self.alike is not None else 'at their best'}"
        rating = self.ended.nodes[node.code].rating_title
        return value, ", ".join(filter(None, (rating, f"{told} ({given})" if given else told))), figured

    def _there(self, here: Sequence[Criterion]) -> tuple[Fraction, int, int]:
        """How much of what is needed is there, how many criteria are as needed, and how many count."""
        parts = [self._part(each) for each in here if each.code in self.sheet.points]
        value = sum(parts, NOTHING) / len(parts) if parts else NOTHING
        return value, sum(part == 1 for part in parts), len(parts)

    def _part(self, criterion: Criterion) -> Fraction:
        """How much of the point that is needed a criterion has, from 0 to 1."""
        wanted = self.alike[criterion.code] if self.alike is not None else criterion.scale.best
        needed, has = position(criterion.scale, wanted), position(criterion.scale, self.sheet.points[criterion.code])
        return Fraction(1) if has >= needed else has / needed

    def _aim_of_there(self, node: Node) -> tuple[Fraction | None, str]:
        if self.alike is None:
            return None, ""
        total = self.ended.nodes[node.code].total
        if total.method is not Method.AT_LEAST:
            return Fraction(1), "all of them"
        own = node.way is not None or any(stage.of == node.kind for stage in self.framework.outcome.stages)
        parts = total.parts if own else self.ended.totals.parts
        weighing = [part for part in parts if part.weight]
        needed = (
            total.way.least_share if total.way.least_share is not None else Fraction(total.way.least, len(weighing))
        )
        return _bounded(needed), f"at least {percent(_bounded(needed))} of them"

    def _aim_of_share(self, node: Node) -> tuple[Fraction | None, str]:
        asked = [condition.value for condition in self.conditions if self._is_about(condition, node)]
        least = self.least[node.code].share or NOTHING
        aim = _bounded(max([*asked, least, self._band_or_even(node)]))
        return (aim, self._aim_said(node, aim)) if aim else (None, "")

    def _is_about(self, condition: Stands, node: Node) -> bool:
        within = self.framework.nodes_within(condition.within)
        return condition.kind == node.kind and any(each.code == node.code for each in within)

    def _band_or_even(self, node: Node) -> Fraction:
        """Where the branch would be if all stood alike: the start of the band that it would be in, else the cut-off."""
        rater, even = self.framework.rater_of(node), self.even.get(node.code)
        if rater is not None:
            share = even.share if even is not None and even.share is not None else None
            return max(
                (band.start for band in rater.bands if share is not None and band.start <= share), default=NOTHING
            )
        cut_off = self.level.cut_off or NOTHING
        if not self.framework.outcome.in_marks:
            return Fraction(cut_off)
        best = {each.code: each.scale.best for each in self.sheet.criteria if each.code in self.sheet.points}
        possible = totals(self.framework, best, self.sheet.facts).marks
        return Fraction(cut_off) / possible if possible else NOTHING

    def _aim_said(self, node: Node, aim: Fraction) -> str:
        result = self.ended.nodes[node.code]
        if not result.told_as_sum:
            return percent(aim)
        parts = [part for part in result.total.parts if part.weight and part.possible]
        points = aim * sum((Fraction(part.weight) * part.possible for part in parts), NOTHING)
        return counted(-(-points.numerator // points.denominator), "point")  # what is said to be enough must be

    def _is_short(self, criterion: Criterion, level: Level) -> bool:
        required, point = criterion.required.get(level.code), self.sheet.points.get(criterion.code)
        return required is not None and point is not None and not criterion.scale.reaches(point, required)


def asked_of_shares(framework: Framework, level: Level) -> Iterator[Stands]:
    """What a level asks of the share of every branch of a kind, as conditions that must hold.

    A limit that holds the outcome below the level while any branch is below a share asks for that share.
    """
    for each in framework.levels[: level.rank + 1]:
        if each.needs is not None:
            yield from (part for part in _all_parts(each.needs) if _is_floor(part))
    for limit in framework.outcome.limits:
        bars = limit.cap is None and (limit.at_most is None or framework.level(limit.at_most).rank < level.rank)
        when = limit.when
        if bars and isinstance(when, Stands) and _is_bar(when):
            yield replace(when, quantifier=Quantifier.ALL, comparator=Comparator.AT_LEAST)


def _all_parts(when: When) -> Iterator[Stands]:
    """The simple conditions that must hold for `when` to hold."""
    if isinstance(when, AllWhen):
        for each in when.whens:
            yield from _all_parts(each)
    elif isinstance(when, Stands):
        yield when


def _is_floor(when: Stands) -> bool:
    return (when.measure, when.quantifier, when.comparator) == (Measure.SHARE, Quantifier.ALL, Comparator.AT_LEAST)


def _is_bar(when: Stands) -> bool:
    return (when.measure, when.quantifier, when.comparator) == (Measure.SHARE, Quantifier.ANY, Comparator.BELOW)


def _bounded(share: Fraction) -> Fraction:
    return min(max(share, NOTHING), Fraction(1))
