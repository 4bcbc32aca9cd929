"""Worked examples beside the editions: cases.yaml is scored with every change, and each expectation must come true."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from app.domain.applicability import counting
from app.domain.errors import DomainError
from app.domain.framework import Criterion, Framework
from app.domain.scoring import NotApplicable, NotRated, Outcome, Passported, Score, Scored, outcome_so_far
from app.frameworks import fields as f
from app.frameworks import positions
from app.frameworks.problems import Path as Place
from app.frameworks.problems import Problems, suggestion
from app.frameworks.read import read_framework
from app.frameworks.schemas import CaseShape, shaped

EVERY = "every"
STATES: dict[str, Callable[[str], Score]] = {
    "not_applicable": NotApplicable,
    "not_rated": NotRated,
    "passported": Passported,
}
EXPECTATIONS = ("level", "band", "share", "points", "nodes", "ratings", "knocked_out", "limits", "missing", "not_rated")


def check_cases(source: str, path: Path, problems: Problems) -> int:
    """Scores every case in `source` with the editions beside `path`; the number of cases, mistakes noted."""
    document = positions.load(source, problems)
    if document is None:
        return 0
    if not isinstance(document, list) or not document:
        problems.at((1, 1), "expected a list of cases, each with `name`, `scores` and `expect`")
        return 0
    editions = _editions(path.parent)
    for index, entry in enumerate(document):
        valid = shaped(CaseShape, entry, (index,), problems)
        if {"name", "scores", "expect"} <= valid.keys():
            _check_case(valid, (index,), editions, problems)
    return len(document)


def _editions(folder: Path) -> dict[str, Framework]:
    """The editions in a folder that can be read; what is wrong with the others is told where they are checked."""
    editions = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.stem not in ("scheme", "cases"):
            framework = read_framework(file.read_text("utf-8"), Problems(str(file)))
            if framework:
                editions[framework.edition] = framework
    return editions


def _check_case(case: dict[str, Any], path: Place, editions: Mapping[str, Framework], problems: Problems) -> None:
    edition = case.get("edition") or (next(iter(editions)) if len(editions) == 1 else "")
    if edition not in editions:
        message = (
            f"there is no edition `{edition}`{suggestion(edition, editions)}" if edition else "say which `edition`"
        )
        problems.add((*path, "edition"), message)
        return
    framework = editions[edition]
    try:
        facts = parse_facts(case.get("facts") or {})
        scores = parse_scores(case["scores"], framework, facts, case.get("target"))
        result = outcome_so_far(framework, scores, facts, target=case.get("target"))
    except DomainError as refusal:
        problems.add((*path, "scores"), f"{case['name']}: {refusal}")
        return
    _compare(case, result, (*path, "expect"), problems)


def _compare(case: dict[str, Any], result: Outcome, path: Place, problems: Problems) -> None:
    expect = case["expect"]
    if not isinstance(expect, dict) or not expect:
        problems.add(path, f"expected some of {', '.join(EXPECTATIONS)}")
        return
    found = _found(result)
    for key, wanted in expect.items():
        if key not in EXPECTATIONS:
            problems.add_at_key((*path, key), f"`{key}` is not known here{suggestion(key, EXPECTATIONS)}")
        elif key in ("nodes", "ratings"):
            _compare_nodes(case["name"], key, wanted, result, (*path, key), problems)
        elif (exactly(wanted) if key == "share" else wanted) != found[key]:
            problems.add((*path, key), f"{case['name']}: expected {key} {_said(wanted)}, got {_said(found[key])}")


def _compare_nodes(name: str, key: str, wanted: Any, result: Outcome, path: Place, problems: Problems) -> None:
    for code, value in (wanted if isinstance(wanted, dict) else {}).items():
        node = result.nodes.get(code)
        if node is None:
            problems.add_at_key((*path, code), f"there is no node `{code}`{suggestion(code, result.nodes)}")
            continue
        expected, got = (exactly(value), node.share) if key == "nodes" else (value, node.rating or None)
        if expected != got:
            problems.add((*path, code), f"{name}: expected {code} at {_said(value)}, got {_said(got)}")


def _found(result: Outcome) -> dict[str, Any]:
    held_back = result.next_level
    return {
        "level": result.level,
        "band": result.band,
        "share": result.share,
        "points": None if result.marks is None else str(result.marks),
        "not_rated": list(result.sheet.not_rated),
        "knocked_out": list(held_back.knocked_out) if held_back else [],
        "limits": [str(limit.because) for limit in result.limits_holding],
        "missing": list(result.missing),
    }


def exactly(value: Any) -> Any:
    """The exact share that the file means; the text itself where it is none, which then equals nothing."""
    try:
        return None if value is None else f.share(value)
    except ValidationError:
        return value


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    return ", ".join(str(each) for each in value) or "none" if isinstance(value, list) else str(value)


def parse_scores(
    data: Any, framework: Framework, facts: Mapping[str, object], target: str | None = None
) -> dict[str, Score]:
    """Scores as a file says them: {code: 2}, {code: met} for words, {code: {not_applicable: reason}}, also with not_rated and passported,
    {every: 2} for all others that apply, {code: null} for none.

    Raises NotFound for an unknown code, DomainError for what is no score.
    """
    if not isinstance(data, dict):
        raise DomainError("Scores are a code and a point each, such as GOV.1.1: 2.")
    scores: dict[str, Score] = {}
    if EVERY in data:
        every = counting(framework, facts, target)
        scores = {criterion.code: _score(criterion, data[EVERY]) for criterion in every}
    for code, value in data.items():
        if code != EVERY and value is None:
            scores.pop(framework.criterion(code).code, None)
        elif code != EVERY:
            scores[code] = _score(framework.criterion(code), value)
    return scores


def _score(criterion: Criterion, value: Any) -> Score:
    if isinstance(value, dict) and len(value) == 1:
        state, words = next(iter(value.items()))
        if state in STATES:
            return STATES[state](str(words or ""))
    point = criterion.scale.value_of(value) if isinstance(value, str) else None
    if point is not None:
        return Scored(point)
    if isinstance(value, str) and f.DIGITS.fullmatch(value) and criterion.scale.counts:
        return Scored(int(value))  # off the scale, which scoring says better
    said = "a word of its scale" if not criterion.scale.counts else "a whole number"
    raise DomainError(f"The score of {criterion.code} is {said} or {{not_applicable: reason}}, not `{value}`.")


def parse_facts(data: Any) -> dict[str, object]:
    """Facts as a file says them. Raises DomainError."""
    if not isinstance(data, dict):
        raise DomainError("Facts are a name and a value each, such as staff: 3.")
    return {code: True if value == "true" else False if value == "false" else value for code, value in data.items()}
