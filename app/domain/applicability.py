"""Facts about a provider -> which criteria it is asked, with which evidence, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.conditions import Rule
from app.domain.framework import Criterion, EvidenceAsk, Framework
from app.domain.rules import Verdict, decide, holds
from app.domain.wording import joined

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether a criterion is asked of a provider, the sentence that says why, and the evidence it owes there.

    `lighter_because` is the sentence that says why less evidence is owed, empty where all of it is.
    """

    criterion: Criterion
    applies: bool
    because: str
    evidence: tuple[EvidenceAsk, ...]
    lighter_because: str = ""


def asked(framework: Framework, facts: Facts, target: str | None = None) -> tuple[Asked, ...]:
    """Every criterion in reading order, asked or not. `target` is the level applied for; None looks at all levels.

    `facts` maps a fact's code to its value; a fact that is missing or None is unknown, and then the criterion is asked.
    Raises NotFound for an unknown target, Invalid for a fact of the wrong kind.
    """
    top = framework.level(target).rank if target else len(framework.levels) - 1
    return tuple(_ask(framework, criterion, facts, top) for criterion in framework.criteria)


def counting(framework: Framework, facts: Facts, target: str | None = None) -> tuple[Criterion, ...]:
    """Only the criteria that are asked, without the reasons: what scoring needs, and quicker."""
    top = framework.level(target).rank if target else len(framework.levels) - 1
    return tuple(
        criterion
        for criterion in framework.criteria
        if framework.rank_of(criterion.code) <= top
        and (criterion.applies is None or holds(criterion.applies, framework.facts, facts) is not False)
    )


def _ask(framework: Framework, criterion: Criterion, facts: Facts, top: int) -> Asked:
    rank = framework.rank_of(criterion.code)
    if rank > top:
        starts, applied = framework.levels[rank].title, framework.levels[top].title
        return Asked(criterion, False, f"Not asked for {applied}: it counts from {starts}.", ())
    verdict = _verdict(framework, criterion.applies, facts)
    if verdict is None:
        because = "Asked of everyone."
    elif verdict.holds is None:
        unknown = joined(verdict.missing)
        because = f"Asked because we do not know yet: {unknown}{'' if unknown.endswith('?') else '.'}"
    else:
        because = f"{'Asked' if verdict.holds else 'Not asked'} because {joined(verdict.because)}."
    if verdict is not None and verdict.holds is False:
        return Asked(criterion, False, because, ())
    return Asked(criterion, True, because, *_evidence(framework, criterion, facts))


def _evidence(framework: Framework, criterion: Criterion, facts: Facts) -> tuple[tuple[EvidenceAsk, ...], str]:
    if criterion.lighter is None:
        return criterion.evidence, ""
    verdict = decide(criterion.lighter.when, framework.facts, facts)
    if not verdict.holds:
        return criterion.evidence, ""
    owed = tuple(ask for ask in criterion.evidence if ask.code in criterion.lighter.evidence)
    return owed, f"Less evidence is needed because {joined(verdict.because)}."


def _verdict(framework: Framework, rule: Rule | None, facts: Facts) -> Verdict | None:
    return None if rule is None else decide(rule, framework.facts, facts)
