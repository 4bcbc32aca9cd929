"""What somebody tries in a sandbox, read from an address or a form and written back as an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid
from app.domain.framework import Criterion, Fact, FactKind, Framework, NotApplicableRule
from app.domain.rules import known
from app.domain.scoring import NotApplicable, NotRated, Passported, Score, Scored
from app.queries.lists import titles
from app.queries.sandbox import Trial

LONGEST_VALUE = 40
MOST_CHOICES = 60
MOST_STRAYS = 50
"""Of scores that are of nothing in the framework: anybody can write an address with as many as they like."""
SCORE, STATE, FACT = "score.", "state.", "fact."
TRIED = "Tried in the sandbox."
# Scores that are no points, by their token in an address.
STATES: dict[str, Score] = {
    "na": NotApplicable(TRIED),
    "nr": NotRated(TRIED),
    "pp": Passported("another body's award"),
}
STATE_WORDS = {"na": "Not applicable", "nr": "Could not be rated", "pp": "Answered by another award"}
EVERY = ("worst", "best", "none")


@dataclass(frozen=True)
class Typed:
    """A trial as it came. `facts` is what was typed for each fact, `errors` a sentence for each fact that makes no sense.

    `left_out` are scores that do not fit their scale, or are of nothing that the framework asks (any more), by code.
    """

    trial: Trial
    part: str | None
    facts: Mapping[str, list[str]]
    errors: Mapping[str, str]
    left_out: Mapping[str, str]

    def problems(self, shown: Iterable[Criterion]) -> list[tuple[str, str]]:
        """What makes no sense, as (id of its control where it is shown, sentence)."""
        here = {criterion.code for criterion in shown}
        facts = [(f"fact-{code}", sentence) for code, sentence in self.errors.items()]
        scores = [(f"score-{pair[0]}" if pair[0] in here else "", does_not_fit(pair)) for pair in self.left_out.items()]
        return facts + scores

    def elsewhere(self, shown: Iterable[Criterion]) -> str:
        """The scores of criteria that are not shown, as an address writes them."""
        here = {criterion.code for criterion in shown}
        return written({code: score for code, score in self.trial.scores.items() if code not in here})

    def address(self, part: str | None) -> dict[str, Any]:
        """The arguments of an address that shows the same trial."""
        facts = {FACT + code: given for code, given in self.facts.items() if given}
        plain = {"level": self.trial.target, "part": part, "scores": written(self.trial.scores)}
        return {**facts, **{name: value for name, value in plain.items() if value}}


def read_trial(framework: Framework, values: MultiDict[str, str]) -> Typed:
    """What `values` try on the framework. What makes no sense counts as not given, and is told."""
    scores, left_out = _scores(framework, values)
    typed = {code: _given(values.getlist(FACT + code)) for code in framework.facts}
    facts: dict[str, object] = {}
    errors: dict[str, str] = {}
    for code, fact in framework.facts.items():
        try:
            value = _fact(fact, typed[code])
        except Invalid as error:
            errors[code] = str(error)
        else:
            facts.update({} if value is None else {code: value})
    target = values.get("level")
    target = target if target in {level.code for level in framework.levels} else None
    return Typed(Trial(scores, facts, target), (values.getlist("part") or [None])[-1], typed, errors, left_out)


def is_form(values: MultiDict[str, str]) -> bool:
    """Whether the values are those of the form as a browser sends it, and not those of an address made here."""
    return "every" in values or any(name.startswith(SCORE) for name in values)


def written(scores: Mapping[str, Score]) -> str:
    """Scores as an address writes them: GOV.1.1:2,GOV.1.2:na."""
    return ",".join(f"{code}:{token(score)}" for code, score in scores.items())


def token(score: Score) -> str:
    if isinstance(score, Scored):
        return str(score.point)
    return next(state for state, each in STATES.items() if type(each) is type(score))


def options(criterion: Criterion) -> list[tuple[str, str]]:
    """(token, words) of everything that the criterion can be given, the worst first; none for a range, which is typed."""
    scale = criterion.scale
    given = [
        (str(value), f"{value} {scale.label_of(value)}" if scale.counts else scale.label_of(value))
        for value in (() if scale.span else scale.from_worst)
    ]
    return given + [(state, STATE_WORDS[state]) for state in _states(criterion)]


def _states(criterion: Criterion) -> list[str]:
    """The tokens of what the criterion can be given beside points."""
    allowed = {
        "na": criterion.scale.not_applicable is NotApplicableRule.WITH_REASON,
        "nr": criterion.scale.not_rated is NotApplicableRule.WITH_REASON,
        "pp": bool(criterion.passports),
    }
    return [state for state, may in allowed.items() if may]


def choices(fact: Fact) -> dict[str, str]:
    """The codes and titles of a fact that is chosen from a list."""
    return titles(fact.list) if fact.list else {code: str(title) for code, title in fact.choices}


def _scores(framework: Framework, values: MultiDict[str, str]) -> tuple[dict[str, Score], dict[str, str]]:
    """Those of the address, those of the form over them, and a button for all over both. In reading order.

    Second, what could not be taken: code -> what was given.
    """
    tokens = dict(pair.rpartition(":")[::2] for pair in values.get("scores", "").split(",") if pair)
    tokens |= {name.removeprefix(SCORE): value for name, value in values.items() if name.startswith(SCORE)}
    tokens |= {name.removeprefix(STATE): value for name, value in values.items() if name.startswith(STATE) and value}
    given = {code: value.strip() for code, value in tokens.items() if value.strip()}
    every = values.get("every")
    if every in EVERY:
        scores = {each.code: _every(each, every) for each in framework.criteria}
        given = {}
    else:
        scores = {each.code: _score(each, given.get(each.code, "")) for each in framework.criteria}
    fitting = {code: score for code, score in scores.items() if score is not None}
    wrong = {code: given[code] for code in scores if code in given and code not in fitting}
    strays = islice(((code[:LONGEST_VALUE], value) for code, value in given.items() if code not in scores), MOST_STRAYS)
    return fitting, {**wrong, **dict(strays)}


def _every(criterion: Criterion, every: str | None) -> Score | None:
    if every == "none":
        return None
    return Scored(criterion.scale.best if every == "best" else criterion.scale.worst)


def _score(criterion: Criterion, given: str) -> Score | None:
    if given in STATES:
        return _state(criterion, given) if given in _states(criterion) else None
    if not re.fullmatch(r"[0-9]{1,9}", given) or int(given) not in criterion.scale.values:
        return None
    return Scored(int(given))


def _state(criterion: Criterion, given: str) -> Score:
    if given != "pp":
        return STATES[given]
    passport = criterion.passports[0]
    return Passported(passport.scheme, point=passport.counts_as)


def _given(values: list[str]) -> list[str]:
    return [value.strip()[:LONGEST_VALUE] for value in values[:MOST_CHOICES] if value.strip()]


def _fact(fact: Fact, given: list[str]) -> object:
    """The value as the rules take it; None where nothing is known. Raises Invalid with what to type instead."""
    if not given:
        return None
    if fact.kind in (FactKind.MONEY, FactKind.COUNT):
        exact = known(fact, re.sub(r"[£,\s]", "", given[0]))
        return None if exact is None else exact
    there = [code for code in given if code in choices(fact)]
    if fact.kind is FactKind.CODES:
        return tuple(there) or None
    if fact.kind is FactKind.CHOICE:
        return there[0] if there else None
    return known(fact, given[0])


def does_not_fit(left_out: tuple[str, str]) -> str:
    """The sentence about a score that could not be taken: a (code, what was given) pair."""
    code, given = left_out
    return f"{code} cannot be “{given[:LONGEST_VALUE]}”, so it has no score here."
