"""Mistakes in a file: where each stands, what was expected, what was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from app.domain.errors import Invalid

NEAR = 70


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`line` and `column` count from 1, as editors do."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class FrameworkInvalid(Invalid):
    """A file that is no framework. `problems` holds every mistake, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        message = f"The framework has {count} mistake{'' if count == 1 else 's'}: {self.problems[0]}"
        super().__init__({f"{each.line}:{each.column}": each.message for each in self.problems}, message)


Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(slots=True)
class Problems:
    """Collects mistakes by their path in the document. `values` and `keys` give the place of each path, `texts` each scalar."""

    file: str
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)
    _told: set[Problem] = field(default_factory=set)

    def add(self, path: Path, message: str) -> None:
        """A mistake in the value at `path`; where there is none, in the nearest thing around it."""
        while path and path not in self.values:
            path = path[:-1]
        self.at(self.values.get(path, (1, 1)), message)

    def add_at_key(self, path: Path, message: str) -> None:
        """A mistake in the key at the end of `path`, or in the item where the path ends in a number."""
        if path in self.keys:
            self.at(self.keys[path], message)
        else:
            self.add(path, message)

    def at(self, place: Place, message: str) -> None:
        problem = Problem(self.file, *place, message)
        if problem not in self._told:
            self._told.add(problem)
            self.found.append(problem)

    def in_order(self) -> list[Problem]:
        return sorted(self.found)


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """ "; did you mean `title`?" where something known is near, else what there is to choose from, if that is short."""
    choices = list(dict.fromkeys(known))
    best = process.extractOne(wrong.lower(), choices, scorer=fuzz.ratio, processor=str.lower, score_cutoff=NEAR)
    if best:
        return f"; did you mean `{best[0]}`?"
    if 0 < len(choices) <= 8:
        return f"; expected {listed(choices)}"
    return ""


def listed(choices: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{choice}`" for choice in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
