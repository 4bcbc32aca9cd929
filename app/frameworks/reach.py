"""Whether every level of a framework can be reached: with every criterion at its best, all of them must be."""

from app.domain.conditions import OfFacts, parts_of
from app.domain.framework import Framework
from app.domain.scoring import Scored, outcome_so_far
from app.frameworks.problems import Problems


def check_reach(framework: Framework, problems: Problems) -> None:
    """Notes the lowest level that even the best scores do not reach. A better score never lowers an outcome."""
    best = {criterion.code: Scored(criterion.scale.best) for criterion in framework.criteria}
    outcome = outcome_so_far(framework, best, {})
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
