"""One edition of a framework: what a scheme asks and how it judges. Built by app.frameworks, never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from app.domain.asks import EvidenceAsk, EvidenceKind, Learning, Lighter, Passport
from app.domain.clauses import AnsweredBy, Clauses, MetBy
from app.domain.conditions import Rule, When
from app.domain.crosslinks import Extent, MapsTo
from app.domain.errors import NotFound
from app.domain.judging import (
    Band,
    Excluded,
    Limit,
    Method,
    Modifier,
    OutcomeRules,
    RateBy,
    Rater,
    Rating,
    Rounding,
    Row,
    Stage,
    Way,
)
from app.domain.scales import NotApplicableRule, Point, Scale, ScaleKind, Span
from app.domain.terms import AssessmentTerms, AwardTerms, PanelTerms, Prerequisite
from app.domain.wording import NO_TEXT, Text

__all__ = [
    "AssessmentTerms",
    "AwardTerms",
    "Band",
    "Criterion",
    "EvidenceAsk",
    "EvidenceKind",
    "Excluded",
    "Extent",
    "Fact",
    "FactKind",
    "Framework",
    "Learning",
    "Level",
    "Lighter",
    "Limit",
    "MapsTo",
    "Method",
    "Modifier",
    "Node",
    "NotApplicableRule",
    "OutcomeRules",
    "PanelTerms",
    "Passport",
    "Point",
    "RateBy",
    "Rater",
    "Rating",
    "Rounding",
    "Row",
    "Scale",
    "ScaleKind",
    "Span",
    "Stage",
    "Way",
]


class FactKind(StrEnum):
    MONEY = "money"
    COUNT = "count"
    YES_NO = "yes-no"
    CHOICE = "choice"
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a provider that rules ask for. Values: Fraction or int, bool, a code, or a set of codes, by kind.

    `choices` are (code, title) pairs; `list` names a list of codes under standards/lists; `help` says how to answer.
    """

    code: str
    kind: FactKind
    title: Text
    choices: tuple[tuple[str, Text], ...] = ()
    list: str | None = None
    help: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is answered and scored.

    `required` maps each level's code at which a knock-out holds to the point needed there; `level` is the code of the
    level at which the criterion starts to count; `applies` is None where everyone is asked. `was` are its codes in the
    edition before, several where criteria were merged. `prompts` say what to look for, `expected` the point from which
    distances are measured. `met_by` is None where the framework's rule for members holds.
    """

    code: str
    text: Text
    scale: Scale
    level: str
    title: Text = NO_TEXT
    why: Text = NO_TEXT
    guidance: Text = NO_TEXT
    required: Mapping[str, int] = field(default_factory=dict)
    weight: Fraction = Fraction(1)
    applies: Rule | None = None
    lighter: Lighter | None = None
    evidence: tuple[EvidenceAsk, ...] = ()
    learn: tuple[Learning, ...] = ()
    maps_to: tuple[MapsTo, ...] = ()
    passports: tuple[Passport, ...] = ()
    was: tuple[str, ...] = ()
    prompts: tuple[Text, ...] = ()
    expected: int | None = None
    answered_by: AnsweredBy = AnsweredBy.ORGANISATION
    met_by: MetBy | None = None

    @property
    def heading(self) -> Text:
        return self.title or self.text


@dataclass(frozen=True, slots=True)
class Node:
    """A branch of the tree. `kind` is its name in the framework, such as standard.

    It holds children, criteria or both; `weight` counts against its siblings where scores are summed in stages. `way` and
    `rate` say how it is summed up and rated where that differs from its stage; None where it does not.
    """

    code: str
    title: Text
    kind: str
    children: tuple["Node", ...] = ()
    criteria: tuple[Criterion, ...] = ()
    summary: Text = NO_TEXT
    weight: Fraction = Fraction(1)
    was: tuple[str, ...] = ()
    way: Way | None = None
    rate: Rater | None = None

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def all_criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for node in self.walk() for criterion in node.criteria)


@dataclass(frozen=True, slots=True)
class Level:
    """What can be awarded. `rank` is 0 for the lowest.

    `cut_off` is what the sum over its criteria must reach, a share or marks; None where no sum decides. `needs` is a
    condition that must hold as well. `after` is what must be held before it; a level that is given `once` is never
    granted to an organisation again.
    """

    code: str
    title: Text
    rank: int
    cut_off: Fraction | None
    summary: Text = NO_TEXT
    after: Prerequisite | None = None
    once: bool = False
    needs: When | None = None


@dataclass(frozen=True, eq=False)
class Framework:
    """One edition. `tree_names` run from the top to the criterion; `levels` from the lowest to the highest."""

    code: str
    edition: str
    title: Text
    tree_names: tuple[str, ...]
    scales: Mapping[str, Scale]
    facts: Mapping[str, Fact]
    roots: tuple[Node, ...]
    levels: tuple[Level, ...]
    outcome: OutcomeRules
    award: AwardTerms = field(default_factory=AwardTerms)
    assessment: AssessmentTerms = field(default_factory=AssessmentTerms)
    panel: PanelTerms = field(default_factory=PanelTerms)
    summary: Text = NO_TEXT
    clauses: Clauses = field(default_factory=Clauses)
    declared_ratings: tuple[Rating, ...] = ()

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node in reading order."""
        return tuple(node for root in self.roots for node in root.walk())

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion in reading order."""
        return tuple(criterion for node in self.nodes for criterion in node.criteria)

    @cached_property
    def _criteria_by_code(self) -> dict[str, Criterion]:
        return {criterion.code: criterion for criterion in self.criteria}

    @cached_property
    def _levels_by_code(self) -> dict[str, Level]:
        return {level.code: level for level in self.levels}

    @cached_property
    def _paths(self) -> dict[str, tuple[Node, ...]]:
        paths: dict[str, tuple[Node, ...]] = {}

        def go_down(node: Node, above: tuple[Node, ...]) -> None:
            path = (*above, node)
            paths.update({criterion.code: path for criterion in node.criteria})
            for child in node.children:
                go_down(child, path)

        for root in self.roots:
            go_down(root, ())
        return paths

    def criterion(self, code: str) -> Criterion:
        """The criterion of that code. Raises NotFound."""
        try:
            return self._criteria_by_code[code]
        except KeyError:
            raise NotFound(f"{self.title} {self.edition} has no criterion {code}.") from None

    def level(self, code: str) -> Level:
        """The level of that code. Raises NotFound."""
        try:
            return self._levels_by_code[code]
        except KeyError:
            raise NotFound(f"{self.title} {self.edition} has no level {code}.") from None

    def node_of(self, criterion_code: str) -> tuple[Node, ...]:
        """The nodes above a criterion, from the top down. Raises NotFound."""
        self.criterion(criterion_code)
        return self._paths[criterion_code]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {criterion.code: self.level(criterion.level).rank for criterion in self.criteria}

    def rank_of(self, criterion_code: str) -> int:
        """The rank of the level at which the criterion starts to count, 0 for the lowest. Raises NotFound."""
        self.criterion(criterion_code)
        return self._ranks[criterion_code]

    @cached_property
    def ratings(self) -> tuple[Rating, ...]:
        """The words in which parts are rated, the lowest first: those declared, or else the levels."""
        return self.declared_ratings or tuple(Rating(level.code, level.title, level.rank) for level in self.levels)

    @cached_property
    def _rating_ranks(self) -> dict[str, int]:
        return {rating.code: rating.rank for rating in self.ratings}

    def rating_rank(self, code: str) -> int:
        """The rank of a rating, 0 for the lowest; -1 for a word that is none, which stands below all."""
        return self._rating_ranks.get(code, -1)

    def rater_of(self, node: Node) -> Rater | None:
        """How a node is rated; None where it is not."""
        return node.rate or self.outcome.rates.get(node.kind)

    @property
    def criterion_name(self) -> str:
        """What the framework calls the things that are scored: the last name of its tree."""
        return self.tree_names[-1]

    @cached_property
    def _within(self) -> dict[tuple[str, ...], tuple[tuple[Node, ...], tuple[Criterion, ...]]]:
        return {(): (self.nodes, self.criteria)}

    def _found_within(self, codes: tuple[str, ...]) -> tuple[tuple[Node, ...], tuple[Criterion, ...]]:
        if codes not in self._within:
            found = {below.code: below for node in self.nodes if node.code in codes for below in node.walk()}
            inside = {each.code for node in found.values() for each in node.criteria}.union(codes)
            criteria = tuple(each for each in self.criteria if each.code in inside)
            self._within[codes] = tuple(node for node in self.nodes if node.code in found), criteria
        return self._within[codes]

    def nodes_within(self, codes: tuple[str, ...]) -> tuple[Node, ...]:
        """The nodes with these codes and all below them; every node where there are no codes."""
        return self._found_within(codes)[0]

    def within(self, codes: tuple[str, ...]) -> tuple[Criterion, ...]:
        """The criteria with these codes, or below nodes with these codes; every criterion where there are no codes."""
        return self._found_within(codes)[1]
