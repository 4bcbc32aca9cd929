"""Findings: which ones scores raise, when several become a graver one, and what an open one does to the award."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from app.domain.clauses import WHOLE, Escalation, FindingRules, Grade, Overdue
from app.domain.framework import Criterion, Framework, Level, Scale
from app.domain.wording import counted


class FindingSource(StrEnum):
    """What a finding comes from."""

    BY_HAND = "by-hand"
    SCORE = "score"
    ESCALATION = "escalation"
    SURVEILLANCE = "surveillance"
    COMPLAINT = "complaint"


class PlanAnswer(StrEnum):
    """What the scheme said to a plan that was offered."""

    WAITS = "waits"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REPLACED = "replaced"  # by another offer, before anybody answered


@dataclass(frozen=True, slots=True)
class Found:
    """A finding. `where` is the code of a criterion or node, or "whole"; `because` a sentence.

    `made_of` is the grade of the lighter findings that it stands for, empty where it stands for itself.
    """

    where: str
    grade: str
    because: str
    made_of: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """The highest level that open findings leave possible, None for no award, and the finding that holds it down."""

    at_most: str | None
    because: str
    finding: Found


Settled = frozenset[tuple[str, str]]
"""(where, grade) of findings that scores or a rule make and that count no more."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is on record of a case's findings: those `raised` and still open, and those of scores and rules that are closed."""

    raised: tuple[Found, ...] = ()
    settled: Settled = frozenset()

    def at(self, framework: Framework, level: Level) -> "Recorded":
        """Those that concern a level: what lies only in criteria of higher levels does not hold this one down."""
        here = tuple(each for each in self.raised if _concerns(framework, each.where, level.rank))
        return self if len(here) == len(self.raised) else Recorded(here, self.settled)


NOTHING_RECORDED = Recorded()


def _concerns(framework: Framework, where: str, rank: int) -> bool:
    return where == WHOLE or any(framework.rank_of(each.code) <= rank for each in framework.within((where,)))


def found(
    framework: Framework, points: Mapping[str, int], raised: Sequence[Found] = (), settled: Settled = frozenset()
) -> tuple[Found, ...]:
    """Every finding of an assessment: from its scores, raised by hand, and what these become together, in that order.

    `points` maps a criterion's code to its point. Where a score and a person find something in the same criterion, the
    graver of the two counts; two that people raised stay two. What is `settled` is not found again.
    """
    if not framework.clauses.findings.grades:
        return tuple(raised)
    here = points.get
    scored = [finding for code, by_point in _by_point(framework).items() if (finding := by_point.get(here(code)))]
    if settled:
        scored = [finding for finding in scored if (finding.where, finding.grade) not in settled]
    if not scored and not raised:
        return ()
    return _escalated(framework, _together(framework, scored, raised) if raised else scored, settled)


def holds(framework: Framework, findings: Sequence[Found]) -> Holding | None:
    """What holds the award down the lowest; None where nothing does. Several that hold alike: the first of them."""
    heights = _heights(framework)
    holding = [finding for finding in findings if finding.grade in heights]
    if not holding:
        return None
    lowest = min(holding, key=lambda finding: heights[finding.grade])  # the first of those that hold alike
    hold = framework.clauses.findings.grade(lowest.grade).holds
    at_most = hold.at_most if hold else None
    return Holding(at_most, _held_words(framework, at_most, lowest), lowest)


def put_right_by(framework: Framework, grade: str, found_on: date) -> date | None:
    """The last day to put a finding right; None where the scheme sets no time."""
    within = framework.clauses.findings.grade(grade).put_right_within
    return within.add_to(found_on) if within else None


def overdue(framework: Framework, grade: str, found_on: date, today: date) -> Overdue | None:
    """What the scheme does about a finding that is still open today; None while there is time, or where it does nothing."""
    last = put_right_by(framework, grade, found_on)
    return framework.clauses.findings.grade(grade).overdue if last is not None and today > last else None


def _held_words(framework: Framework, at_most: str | None, finding: Found) -> str:
    most = f"nothing above {framework.level(at_most).title} is possible" if at_most else "no award is possible"
    return f"{finding.because} While this is open, {most}."


@lru_cache(maxsize=64)
def _heights(framework: Framework) -> dict[str, int]:
    """Grade -> rank of the highest level that it leaves possible, -1 for none; only the grades that hold at all."""
    ranks = {level.code: level.rank for level in framework.levels}
    grades = framework.clauses.findings.grades
    return {each.code: ranks[each.holds.at_most] if each.holds.at_most else -1 for each in grades if each.holds}


@lru_cache(maxsize=64)
def _by_point(framework: Framework) -> dict[str, dict[int | None, Found]]:
    """Criterion's code -> point -> the finding that it is, for the criteria whose scale raises any.

    A framework never changes, so that each finding is made and worded once, however many applications are scored.
    """
    rules = framework.clauses.findings
    by_scale: dict[str, dict[int, str]] = {}
    found_at: dict[str, dict[int | None, Found]] = {}
    for criterion in framework.criteria:
        scale = criterion.scale
        if scale.code not in by_scale:
            by_scale[scale.code] = _grades_of(rules, scale)
        grades = by_scale[scale.code].items()
        if grades:
            found_at[criterion.code] = {
                point: _from_score(rules.grade(grade), criterion, point) for point, grade in grades
            }
    return found_at


def _grades_of(rules: FindingRules, scale: Scale) -> dict[int, str]:
    ranks = {grade.code: grade.rank for grade in rules.grades}
    table: dict[int, str] = {}
    for value in scale.values:
        said = [rule.grade for rule in rules.from_scores if rule.scale == scale.code and scale.reaches(rule.at, value)]
        if scale.points and scale.point(value).finding:
            said.append(scale.point(value).finding)
        if said:
            table[value] = max(said, key=ranks.__getitem__)
    return table


def _together(framework: Framework, scored: Sequence[Found], raised: Sequence[Found]) -> list[Found]:
    rank = framework.clauses.findings.rank
    by_hand: dict[str, int] = {}
    for finding in raised:
        by_hand[finding.where] = max(by_hand.get(finding.where, 0), rank(finding.grade))
    graver = [each for each in scored if each.where not in by_hand or rank(each.grade) > by_hand[each.where]]
    taken = {finding.where for finding in graver}
    return [*graver, *(finding for finding in raised if finding.where not in taken)]


def _from_score(grade: Grade, criterion: Criterion, point: int) -> Found:
    return Found(
        criterion.code, grade.code, f"{grade.title} in {criterion.code}: it has {criterion.scale.said(point)}."
    )


def _escalated(framework: Framework, findings: list[Found], settled: Settled) -> tuple[Found, ...]:
    """The findings with those that they become, rule by rule."""
    rules = framework.clauses.findings
    if not rules.escalation:
        return tuple(findings)
    ranks = {grade.code: grade.rank for grade in rules.grades}
    for rule in _in_order(framework):
        of, become = ranks[rule.of], ranks[rule.become]
        inside: dict[str, list[Found]] = {}
        places = _places(framework, rule.in_one)
        for finding in findings:
            if finding.where in places:
                inside.setdefault(places[finding.where], []).append(finding)
        for place, here in inside.items():
            as_grave = (place, rule.become) in settled or any(ranks[each.grade] >= become for each in here)
            if len(here) < rule.at_least or as_grave:
                continue  # where one as grave is there already, nothing is added: mending it must never make it worse
            count = sum(ranks[each.grade] >= of and (not each.made_of or ranks[each.made_of] < of) for each in here)
            if count >= rule.at_least:
                findings = [*findings, _become(framework, rule, place, count)]
    return tuple(findings)


@lru_cache(maxsize=64)
def _in_order(framework: Framework) -> tuple[Escalation, ...]:
    """Rules on lighter grades first, so that one may lead to another; then those on narrower places.

    So a wider one does not make a second finding of what has become one already.
    """
    rules = framework.clauses.findings
    widths = {name: width for width, name in enumerate((*reversed(framework.tree_names), WHOLE))}
    return tuple(
        sorted(rules.escalation, key=lambda each: (rules.rank(each.of), widths[each.in_one], -rules.rank(each.become)))
    )


def _become(framework: Framework, rule: Escalation, place: str, count: int) -> Found:
    rules = framework.clauses.findings
    lighter, graver = rules.grade(rule.of), rules.grade(rule.become)
    what = counted(count, f"“{lighter.title}”", f"“{lighter.title}” or graver")
    title = "the whole" if place == WHOLE else next(str(node.title) for node in framework.nodes if node.code == place)
    return Found(place, graver.code, f"{graver.title} in {title}: {what}, and {rule.at_least} make one.", lighter.code)


@lru_cache(maxsize=256)
def _places(framework: Framework, kind: str) -> dict[str, str]:
    """Code of each criterion and node -> code of the node of that kind that it lies in, or is; "whole" for the whole."""
    if kind == WHOLE:
        codes = [WHOLE, *(node.code for node in framework.nodes), *(each.code for each in framework.criteria)]
        return dict.fromkeys(codes, WHOLE)
    places: dict[str, str] = {}
    for node in framework.nodes:
        if node.kind == kind:
            places.update(dict.fromkeys([below.code for below in node.walk()], node.code))
            places.update(dict.fromkeys([each.code for each in node.all_criteria], node.code))
    return places
