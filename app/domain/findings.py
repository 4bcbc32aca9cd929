"""Findings: which ones scores raise, when several become a graver one, and what an open one does to the award."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.domain.clauses import WHOLE, Escalation, FindingRules, Grade, Overdue
from app.domain.framework import Criterion, Framework, Scale
from app.domain.wording import counted


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


def found(framework: Framework, points: Mapping[str, int], raised: Sequence[Found] = ()) -> tuple[Found, ...]:
    """Every finding of an assessment: from its scores, raised by hand, and what these become together, in that order.

    `points` maps a criterion's code to its point. Where a score and a person find something in the same criterion, the
    graver of the two counts; two that people raised stay two.
    """
    rules = framework.clauses.findings
    if not rules.grades:
        return tuple(raised)
    tables = _tables(framework)
    scored = [(code, grade) for code, table in tables.items() if code in points and (grade := table.get(points[code]))]
    if not scored and not raised:
        return ()
    return _escalated(framework, _together(framework, scored, points, raised))


def holds(framework: Framework, findings: Sequence[Found]) -> Holding | None:
    """What holds the award down the lowest; None where nothing does. Several that hold alike: the first of them."""
    rules = framework.clauses.findings
    ranks = {level.code: level.rank for level in framework.levels}
    lowest: tuple[int, Holding] | None = None
    for finding in findings:
        hold = rules.grade(finding.grade).holds
        if hold is None:
            continue
        rank = ranks[hold.at_most] if hold.at_most else -1
        if lowest is None or rank < lowest[0]:
            lowest = rank, Holding(hold.at_most, _held_words(framework, hold.at_most, finding), finding)
    return lowest[1] if lowest else None


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
def _tables(framework: Framework) -> dict[str, dict[int, str]]:
    """Criterion's code -> point -> grade, for the criteria whose scale raises findings. A framework never changes."""
    by_scale: dict[str, dict[int, str]] = {}
    tables: dict[str, dict[int, str]] = {}
    for criterion in framework.criteria:
        scale = criterion.scale
        if scale.code not in by_scale:
            by_scale[scale.code] = _grades_of(framework.clauses.findings, scale)
        if by_scale[scale.code]:
            tables[criterion.code] = by_scale[scale.code]
    return tables


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


def _together(
    framework: Framework, scored: Sequence[tuple[str, str]], points: Mapping[str, int], raised: Sequence[Found]
) -> list[Found]:
    rules = framework.clauses.findings
    by_hand: dict[str, int] = {}
    for finding in raised:
        by_hand[finding.where] = max(by_hand.get(finding.where, 0), rules.grade(finding.grade).rank)
    from_scores = [
        _from_score(rules.grade(grade), framework.criterion(code), points[code])
        for code, grade in scored
        if code not in by_hand or rules.grade(grade).rank > by_hand[code]
    ]
    graver = {finding.where for finding in from_scores}
    return [*from_scores, *(finding for finding in raised if finding.where not in graver)]


def _from_score(grade: Grade, criterion: Criterion, point: int) -> Found:
    return Found(
        criterion.code, grade.code, f"{grade.title} in {criterion.code}: it has {criterion.scale.said(point)}."
    )


def _escalated(framework: Framework, findings: list[Found]) -> tuple[Found, ...]:
    """The findings with those that they become.

    Rules on lighter grades are applied first, so that one may lead to another; then those on narrower places, so that a
    wider one does not make a second finding of what has become one already.
    """
    rules = framework.clauses.findings
    ranks = {grade.code: grade.rank for grade in rules.grades}
    widths = {name: width for width, name in enumerate((*reversed(framework.tree_names), WHOLE))}
    for rule in sorted(rules.escalation, key=lambda each: (ranks[each.of], widths[each.in_one], -ranks[each.become])):
        for where, title, codes in _places(framework, rule.in_one):
            inside = [each for each in findings if each.where in codes]
            if any(ranks[each.grade] >= ranks[rule.become] for each in inside):
                continue  # as grave already: mending one of them must never make it worse
            counting = [each for each in inside if ranks[each.grade] >= ranks[rule.of] and _own(each, rule, ranks)]
            if len(counting) >= rule.at_least:
                findings.append(_become(rules, rule, where, title, len(counting)))
    return tuple(findings)


def _own(finding: Found, rule: Escalation, ranks: Mapping[str, int]) -> bool:
    """Whether a finding counts beside those that it is made of: not where they are counted themselves."""
    return not finding.made_of or ranks[finding.made_of] < ranks[rule.of]


def _become(rules: FindingRules, rule: Escalation, where: str, title: str, count: int) -> Found:
    lighter, graver = rules.grade(rule.of), rules.grade(rule.become)
    what = counted(count, f"“{lighter.title}”", f"“{lighter.title}” or graver")
    return Found(where, graver.code, f"{graver.title} in {title}: {what}, and {rule.at_least} make one.", lighter.code)


@lru_cache(maxsize=256)
def _places(framework: Framework, kind: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """(code, title, codes of all that lies in it) of every node of that kind, or of the whole."""
    if kind == WHOLE:
        codes = {WHOLE, *(node.code for node in framework.nodes), *(each.code for each in framework.criteria)}
        return ((WHOLE, "the whole", frozenset(codes)),)
    return tuple(
        (
            node.code,
            str(node.title),
            frozenset([*(below.code for below in node.walk()), *(each.code for each in node.all_criteria)]),
        )
        for node in framework.nodes
        if node.kind == kind
    )
