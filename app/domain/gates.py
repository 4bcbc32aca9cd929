"""What stands before a case can go on, and before a level can be granted, in sentences for whoever is stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from app.domain.clauses import Before, Gate, SelfAssessed
from app.domain.framework import Framework
from app.domain.rules import decide
from app.domain.terms import Prerequisite
from app.domain.wording import dated, joined, percent

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a self-assessment comes to: its share, 0 to 1, None where nothing counts; and the required points not claimed."""

    share: Fraction | None = None
    short: tuple[str, ...] = ()


class GateState(StrEnum):
    """Undecided where facts are not known; waiting where an earlier gate is not passed yet."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class GateResult:
    """How a case stands at one gate. `sentences` say why it is not passed; none where it is. `missing` are titles of facts."""

    gate: Gate
    state: GateState
    sentences: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.state is GateState.PASSED


def passes(
    framework: Framework, facts: Mapping[str, object], claims: Claims | None, *stages: Before
) -> tuple[GateResult, ...]:
    """How a case stands at each gate before these stages, in the order of the framework; at all gates without stages.

    `claims` is None while there is no self-assessment. A gate after one that is not passed waits, whatever it asks; a gate
    of an earlier stage that is not looked at counts as passed. Raises Invalid for a fact of the wrong kind.
    """
    results: dict[str, GateResult] = {}
    for gate in framework.clauses.gates_before(*(stages or tuple(Before))):
        first = results.get(gate.after or "")
        if first is not None and not first.passed:
            results[gate.code] = GateResult(gate, GateState.WAITING, (f"{first.gate.title} comes first.",))
        else:
            results[gate.code] = _stand(framework, gate, facts, claims)
    return tuple(results.values())


def stopped(results: Sequence[GateResult], *, by: Sequence[GateState] = tuple(GateState)) -> tuple[str, ...]:
    """Every sentence of the gates that stop a case; with `by`, only of those that stand so."""
    return tuple(sentence for each in results if each.state in by for sentence in each.sentences)


def _stand(framework: Framework, gate: Gate, facts: Mapping[str, object], claims: Claims | None) -> GateResult:
    sentences: list[str] = []
    missing: tuple[str, ...] = ()
    failed = False
    if gate.facts is not None:
        verdict = decide(gate.facts, framework.facts, facts)
        if verdict.holds is None:
            missing = verdict.missing
            sentences.append(f"We do not know yet: {joined(missing)}{'' if missing[-1].endswith('?') else '.'}")
        elif not verdict.holds:
            failed = True
            sentences.append(f"As things stand, {joined(verdict.because)}.")
    if gate.self_assessment is not None:
        lacking = _lacking(gate.self_assessment, claims)
        failed = failed or bool(lacking)
        sentences += lacking
    if not sentences:
        return GateResult(gate, GateState.PASSED)
    state = GateState.FAILED if failed else GateState.UNDECIDED
    return GateResult(gate, state, (str(gate.because), *sentences), missing)


def _lacking(asked: SelfAssessed, claims: Claims | None) -> list[str]:
    if claims is None:
        return ["There is no self-assessment yet."]
    lacking = []
    if asked.at_least is not None and (claims.share is None or claims.share < asked.at_least):
        stands = "is not rated" if claims.share is None else f"stands at {percent(claims.share)}"
        lacking.append(f"The self-assessment {stands}, and {percent(asked.at_least)} is needed.")
    if asked.required and claims.short:
        are = "is a required point" if len(claims.short) == 1 else "are required points"
        lacking.append(f"{joined(claims.short)} {are} that the self-assessment does not claim.")
    return lacking


@dataclass(frozen=True, slots=True)
class Held:
    """A level that was held from one day to another, both included. `until_on` is None where no end is known."""

    level: str
    from_on: date
    until_on: date | None = None


def may_hold(framework: Framework, level: str, held: Sequence[Held], today: date) -> tuple[str, ...]:
    """What stands against granting a level today to whoever held these; nothing where it may be granted.

    A level includes those below it, so what one of them builds on is needed for it too. `held` are all the levels that
    were ever granted under this framework, in any edition. Raises NotFound.
    """
    wanted = framework.level(level)
    against: list[str] = []
    before = [each.from_on for each in held if each.level == level]
    if wanted.once and before:
        against.append(f"{wanted.title} is given only once, and was given on {dated(min(before))}.")
    for each in framework.levels[: wanted.rank + 1]:
        words = _not_held(framework, str(each.title), each.after, held, today) if each.after else ""
        if words:
            against.append(words if each is wanted else f"{wanted.title} includes {each.title}. {words}")
    return tuple(against)


def _not_held(framework: Framework, title: str, asked: Prerequisite, held: Sequence[Held], today: date) -> str:
    lower = framework.level(asked.level)
    ranks = {each.code: each.rank for each in framework.levels}
    high_enough = [each for each in held if ranks.get(each.level, -1) >= lower.rank]
    since = _held_since(high_enough, today)
    comes_after = f"{title} comes after {lower.title}"
    if since is None:
        return f"{comes_after}{f' held for {asked.held}' if asked.held else ''}, and {lower.title} is not held now."
    if asked.held is not None and (due := asked.held.add_to(since)) > today:
        return f"{comes_after} held for {asked.held}: it is held since {dated(since)}, so not before {dated(due)}."
    return ""


def _held_since(spells: Sequence[Held], today: date) -> date | None:
    """The first day of the unbroken time up to today; None where nothing is held today. A day between two is no break."""
    since: date | None = None
    reached: date | None = None
    for spell in sorted(spells, key=lambda each: each.from_on):
        if spell.from_on > today:
            break
        if since is None or (reached is not None and spell.from_on > reached + A_DAY):
            since, reached = spell.from_on, spell.until_on
        elif reached is not None:
            reached = None if spell.until_on is None else max(reached, spell.until_on)
    return since if reached is None or reached >= today else None
