"""The sandbox: scores and facts that somebody tries on a framework, and what they give. Nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.applicability import Asked, asked
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework, Node
from app.domain.scoring import Outcome, Score, outcome_so_far
from app.extensions import db
from app.models import FrameworkEdition
from app.queries.frameworks import framework_of

MOST_ON_A_PAGE = 80


@dataclass(frozen=True)
class Trial:
    """What is tried: scores by criterion code, facts by fact code as the rules take them, the level applied for."""

    scores: Mapping[str, Score]
    facts: Mapping[str, object]
    target: str | None = None


@dataclass(frozen=True)
class Part:
    """As much of a framework as is scored on one page. `key` names it in addresses."""

    key: str
    title: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Row:
    """One criterion to score. `opens` are the nodes that begin with it, `not_asked` is empty where it is asked."""

    criterion: Criterion
    opens: tuple[Node, ...]
    not_asked: str


@dataclass(frozen=True)
class SandboxPage:
    """What was tried and what came of it. `rows` are those of the part that is shown; `asked` counts all that apply."""

    framework: Framework
    trial: Trial
    outcome: Outcome
    parts: tuple[Part, ...]
    shown: Part
    rows: tuple[Row, ...]
    asked: int

    @property
    def next_part(self) -> Part | None:
        after = self.parts.index(self.shown) + 1
        return self.parts[after] if after < len(self.parts) else None

    @property
    def total(self) -> int:
        return len(self.framework.criteria)


def published_framework(code: str, edition: str) -> Framework:
    """A published edition. One statement. Raises NotFound."""
    found = db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
    ).first()
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    return framework_of(found)


def sandbox_page(framework: Framework, trial: Trial, part: str | None) -> SandboxPage:
    """What `trial` gives. An unknown `part` is the first. Reads nothing: no statements.

    Raises NotFound for a level or criterion that is not there, OffScale, and Invalid for a fact of the wrong kind.
    """
    every = {each.criterion.code: each for each in asked(framework, trial.facts, trial.target)}
    parts = parts_of(framework)
    shown = next((each for each in parts if each.key == part), parts[0])
    return SandboxPage(
        framework=framework,
        trial=trial,
        outcome=outcome_so_far(framework, trial.scores, trial.facts, target=trial.target),
        parts=parts,
        shown=shown,
        rows=rows_of(framework, shown, every),
        asked=sum(each.applies for each in every.values()),
    )


def parts_of(framework: Framework) -> tuple[Part, ...]:
    """The framework whole where it is small, else one part for each branch, cut where a branch is long."""
    if len(framework.criteria) <= MOST_ON_A_PAGE:
        return (Part("all", str(framework.title), framework.criteria),)
    return tuple(part for root in framework.roots for part in _cut(root))


def _cut(root: Node) -> list[Part]:
    criteria = root.all_criteria
    pieces = [criteria[start : start + MOST_ON_A_PAGE] for start in range(0, len(criteria), MOST_ON_A_PAGE)]
    if len(pieces) == 1:
        return [Part(root.code, str(root.title), pieces[0])]
    return [
        Part(f"{root.code}-{number}", f"{root.title}, {piece[0].code} to {piece[-1].code}", piece)
        for number, piece in enumerate(pieces, 1)
    ]


def rows_of(framework: Framework, part: Part, every: Mapping[str, Asked]) -> tuple[Row, ...]:
    """The criteria of a part, each with the nodes that begin with it. `every` is what is asked, by code."""
    rows: list[Row] = []
    above: tuple[Node, ...] = ()
    for criterion in part.criteria:
        path = framework.node_of(criterion.code)
        because = "" if every[criterion.code].applies else every[criterion.code].because
        rows.append(Row(criterion, tuple(node for node in path if node not in above), because))
        above = path
    return tuple(rows)
