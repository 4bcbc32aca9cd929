"""Gates: what must hold before a case goes on, in the order in which it is asked."""

from typing import Any

from app.domain.clauses import Before, Gate, SelfAssessed
from app.frameworks.clause_shapes import GateShape, SelfAssessedShape
from app.frameworks.clauses.reading import claim, items, whole_entry
from app.frameworks.header import Names
from app.frameworks.problems import Path, Problems, suggestion
from app.frameworks.rules import read_rule

ORDER = list(Before)


def read_gates(data: Any, names: Names, problems: Problems) -> tuple[Gate, ...]:
    gates: dict[str, Gate] = {}
    entries = list(items(data, ("gates",), "gates, each with `code`, `title`, `before` and `because`", problems))
    codes = [str(entry.get("code")) for entry, _ in entries if isinstance(entry, dict)]
    for entry, path in entries:
        gate = _gate(entry, path, names, problems)
        if gate is None or not claim(gate.code, gates, "gate", path, problems):
            continue
        _check_follows(gate, gates, codes, path, problems)
        gates[gate.code] = gate
    return tuple(gates.values())


def _gate(entry: Any, path: Path, names: Names, problems: Problems) -> Gate | None:
    valid = whole_entry(GateShape, entry, path, problems)
    if valid is None:
        return None
    if "facts" not in valid and "self_assessment" not in valid:
        problems.add(path, "this gate asks nothing; give it `facts`, `self_assessment` or both")
    facts = read_rule(valid["facts"], (*path, "facts"), names, problems) if "facts" in valid else None
    claims = None
    if "self_assessment" in valid:
        claims = _self_assessed(valid["self_assessment"], (*path, "self_assessment"), problems)
        if valid["before"] is not Before.ASSESSMENT:
            message = "a self-assessment is looked at when it is handed in; put this gate before `assessment`"
            problems.add((*path, "before"), message)
    return Gate(valid["code"], valid["title"], valid["before"], valid["because"], facts, claims, valid.get("after"))


def _self_assessed(data: Any, path: Path, problems: Problems) -> SelfAssessed | None:
    valid = whole_entry(SelfAssessedShape, data, path, problems)
    if valid is None:
        return None
    share = valid.get("at_least")
    if share is None and "required" not in valid:
        problems.add(path, "expected `at_least: 60%`, `required: claimed` or both")
    if share is not None and not 0 < share <= 1:
        problems.add(
            (*path, "at_least"), "expected a share above 0% and up to 100%, or the gate stops nobody or everybody"
        )
    return SelfAssessed(share, "required" in valid)


def _check_follows(gate: Gate, earlier: dict[str, Gate], codes: list[str], path: Path, problems: Problems) -> None:
    if gate.after is None:
        return
    here = (*path, "after")
    if gate.after in earlier:
        if ORDER.index(earlier[gate.after].before) > ORDER.index(gate.before):
            message = f"`{gate.after}` stands before `{earlier[gate.after].before}`, which comes later than this gate"
            problems.add(here, message)
    elif gate.after in codes:
        problems.add(
            here, f"`{gate.after}` is not above this gate; write the gates in the order in which they are passed"
        )
    else:
        others = [code for code in codes if code != gate.code]
        problems.add(here, f"there is no gate `{gate.after}`{suggestion(gate.after, others)}")
