"""What the readers of clauses share."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema

from app.frameworks.header import NO_AWARD, Names
from app.frameworks.problems import Path, Problems
from app.frameworks.schemas import shaped


def items(data: Any, path: Path, expected: str, problems: Problems) -> Iterator[tuple[Any, Path]]:
    """Each entry of a list with its path; a problem where there is no list, or an empty one."""
    if not isinstance(data, list) or not data:
        problems.add(path, f"expected a list of {expected}: lines that start with a dash")
        return
    for index, entry in enumerate(data):
        yield entry, (*path, index)


def whole_entry(shape: type[Schema], data: Any, path: Path, problems: Problems) -> dict[str, Any] | None:
    """What `data` says, where it has the right shape in all its parts; None with the problems noted where it has not."""
    before = len(problems.found)
    valid = shaped(shape, data, path, problems)
    return valid if len(problems.found) == before else None


def claim(code: str, taken: dict[str, Any], noun: str, path: Path, problems: Problems) -> bool:
    """Whether the code is still free; a problem where it is not."""
    if code not in taken:
        return True
    problems.add((*path, "code"), f"the {noun} `{code}` stands here twice")
    return False


def no_award_words(header: dict[str, Any], names: Names) -> list[str]:
    """The bands, or the rows of a table, that stand for no award: those of no level. `no-award` where none has a name."""
    outcome = header.get("outcome")
    lists = [outcome.get(key) for key in ("bands", "table")] if isinstance(outcome, dict) else []
    entries = [entry for each in lists if isinstance(each, list) for entry in each if isinstance(entry, dict)]
    words = [entry.get(key) for entry in entries for key in ("is", "otherwise")]
    return [word for word in words if isinstance(word, str) and word not in names.levels] or [NO_AWARD]
