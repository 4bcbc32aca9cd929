"""What an import brought over, what it had to choose, and what had no place: said in words, with numbers and examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.framework import Framework
from app.domain.wording import counted
from app.frameworks.problems import Problem

MOST_EXAMPLES = 3
LONGEST_EXAMPLE = 80


@dataclass(frozen=True, slots=True)
class Left:
    """One kind of thing that our format has no place for: how many there were, and some of them; `more` if not all."""

    what: str
    count: int
    examples: tuple[str, ...] = ()
    more: bool = False

    def __str__(self) -> str:
        some = f" ({'; '.join(self.examples)}{' …' if self.more else ''})" if self.examples else ""
        return f"{self.what}: {self.count:,}{some}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`nodes` and `assessable` count the foreign file's own things; `came` says what became of them.

    `chosen` are sentences on what the file left open and was chosen for it. `moved` came over to another place than it
    had, `left` did not come over. `languages` are those of its texts.
    """

    format: str
    source: str
    nodes: int
    assessable: int
    languages: tuple[str, ...]
    came: tuple[str, ...]
    chosen: tuple[str, ...]
    moved: tuple[Left, ...]
    left: tuple[Left, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole report as lines to print."""
        head = f"{self.format}: {counted(self.nodes, 'node')}, {self.assessable:,} assessable"
        return (
            head,
            *(f"  came over: {each}" for each in self.came),
            *(f"  chosen: {each}" for each in self.chosen),
            *(f"  moved: {each}" for each in self.moved),
            *(f"  no place for: {each}" for each in self.left),
        )


@dataclass(frozen=True)
class ImportResult:
    """`source` is the text of an edition in our format, `codes` maps each foreign thing's own id to its code in it.

    `framework` is None, and `problems` say why, only where the foreign file asks for what our format refuses.
    """

    source: str
    framework: Framework | None
    problems: tuple[Problem, ...]
    report: ImportReport
    codes: Mapping[str, str]


@dataclass(slots=True)
class Tally:
    """Counts things by kind and remembers the first few of each."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    more: set[str] = field(default_factory=set)

    def add(self, what: str, example: str, count: int) -> None:
        if count < 1:
            return
        self.counts[what] = self.counts.get(what, 0) + count
        examples = self.examples.setdefault(what, [])
        example = " ".join(example.split())
        example = example if len(example) <= LONGEST_EXAMPLE else example[: LONGEST_EXAMPLE - 1].rstrip() + "…"
        if not example or example in examples:
            return
        if len(examples) < MOST_EXAMPLES:
            examples.append(example)
        else:
            self.more.add(what)

    @property
    def all(self) -> tuple[Left, ...]:
        return tuple(
            Left(what, count, tuple(self.examples[what]), what in self.more) for what, count in self.counts.items()
        )


@dataclass(slots=True)
class Notes:
    """Collects the report while a file is read. `chosen` holds each sentence with the key of our format that it is about."""

    came: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    left: Tally = field(default_factory=Tally)
    moved: Tally = field(default_factory=Tally)

    def leave(self, what: str, example: str = "", count: int = 1) -> None:
        """Note that something of the kind `what` had no place."""
        self.left.add(what, example, count)

    def move(self, what: str, example: str = "", count: int = 1) -> None:
        """Note that something came over to another place than it had."""
        self.moved.add(what, example, count)

    def choose(self, key: str, sentence: str) -> None:
        """Note what the file left open and was chosen for it."""
        self.chosen[key] = sentence
