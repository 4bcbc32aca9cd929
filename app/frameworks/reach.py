"""Whether every level of a framework can be reached: with every criterion at its best, all of them must be."""

from app.domain.conditions import OfFacts, parts_of
from app.domain.framework import Framework, NotApplicableRule
from app.domain.scoring import Outcome, Scored, outcome_so_far
from app.domain.scoring.parts import Number
from app.domain.wording import number
from app.frameworks.problems import Problems


def check_reach(framework: Framework, problems: Problems) -> None:
    """Notes the lowest level that even the best scores do not reach. A better score never lowers an outcome."""
    best = {criterion.code: Scored(criterion.scale.best) for criterion in framework.criteria}
    outcome = outcome_so_far(framework, best, {})
    _check_marks(framework, outcome, problems)
    missed = outcome.next_level
    if missed is None or _asks_facts(framework):
        return
    why = " ".join(missed.sentences)
    problems.add(("outcome",), f"nothing can reach `{missed.code}`: with every criterion at its best, {why}")


def _asks_facts(framework: Framework) -> bool:
    """Whether facts could lift an outcome, so that the best scores alone prove nothing."""
    whens = [level.needs for level in framework.levels]
    rater = framework.outcome.rater
    whens += [row.when for row in rater.rows] if rater else []
    for node in framework.nodes:
        own = framework.rater_of(node)
        whens += [row.when for row in own.rows] if own else []
        whens += [each.when for each in node.way.add] if node.way else []
    whens += [each.when for stage in framework.outcome.stages for each in stage.way.add]
    return any(isinstance(part, OfFacts) for when in whens if when for part in parts_of(when))


def _check_marks(framework: Framework, best: Outcome, problems: Problems) -> None:
    """Bands in points: none of a part above the most that one can have, none of the whole above the least."""
    for kind, rater in framework.outcome.rates.items():
        found = [node.total.marks for node in best.nodes.values() if node.total.node.kind == kind]
        most = max((marks for marks in found if marks is not None), default=None)
        if rater.in_marks and rater.bands and most is not None and rater.bands[-1].start > most:
            message = f"nothing reaches {number(rater.bands[-1].start)} points: the best {kind} has {number(most)}"
            problems.add(("outcome", "rate", kind, "bands", len(rater.bands) - 1, "from"), message)
    least, bands = _least_marks(framework), framework.outcome.bands
    if bands and least is not None and bands[0].start > least:
        message = f"bands leave a hole: from {number(least)} to below {number(bands[0].start)} points there is none"
        problems.add(("outcome", "bands", 0, "from"), message)


def _least_marks(framework: Framework) -> Number | None:
    """The least that the whole can have; None where it is judged by its share. What is left out earns nothing."""
    if not framework.outcome.in_marks:
        return None
    worst = {criterion.code: Scored(criterion.scale.worst) for criterion in framework.criteria}
    marks = outcome_so_far(framework, worst, {}).marks
    states = {rule for each in framework.criteria for rule in (each.scale.not_applicable, each.scale.not_rated)}
    leaves = NotApplicableRule.WITH_REASON in states or any(each.applies for each in framework.criteria)
    return min(marks, 0) if leaves and marks is not None else marks
