"""The clauses of a scheme beside its scores: gates, findings, members, what is published, what is kept, languages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from app.domain.conditions import Rule
from app.domain.duration import Duration
from app.domain.wording import NO_TEXT, Text


class Before(StrEnum):
    """What a gate stands before: applying at all, handing in for assessment, or an award."""

    APPLICATION = "application"
    ASSESSMENT = "assessment"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class SelfAssessed:
    """What a gate asks of a self-assessment: a share of at least `at_least`, and every required point claimed."""

    at_least: Fraction | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must hold before a case goes on. `after` is the code of a gate that is passed first.

    `facts` is a rule over facts, `self_assessment` what the provider's own claims must come to; a gate has one or both.
    """

    code: str
    title: Text
    before: Before
    because: Text
    facts: Rule | None = None
    self_assessment: SelfAssessed | None = None
    after: str | None = None


class Overdue(StrEnum):
    """What happens to an award when a finding is not put right in time."""

    SUSPEND = "suspend"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Hold:
    """The highest level that is possible while something is open; `at_most` is None for no award at all."""

    at_most: str | None


@dataclass(frozen=True, slots=True)
class Grade:
    """How grave a finding is. `rank` is 0 for the lightest. Without `holds` an open finding leaves the award alone."""

    code: str
    title: Text
    rank: int
    summary: Text = NO_TEXT
    put_right_within: Duration | None = None
    holds: Hold | None = None
    overdue: Overdue | None = None


WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Escalation:
    """`at_least` findings of the grade `of` in one node of the kind `in_one` become one of the grade `become`.

    `in_one` is a name of the tree, or "whole". A finding graver than `of` counts as one of them.
    """

    at_least: int
    of: str
    in_one: str
    become: str


@dataclass(frozen=True, slots=True)
class FromScores:
    """On `scale`, the point `at` and every worse one is a finding of `grade`, unless a graver one says so too."""

    scale: str
    at: int
    grade: str


@dataclass(frozen=True, slots=True)
class FindingRules:
    """Grades from the lightest to the gravest, and what raises them."""

    grades: tuple[Grade, ...] = ()
    from_scores: tuple[FromScores, ...] = ()
    escalation: tuple[Escalation, ...] = ()

    def grade(self, code: str) -> Grade:
        """The grade of that code. Raises KeyError: files are checked for it."""
        for grade in self.grades:
            if grade.code == code:
                return grade
        raise KeyError(code)

    def rank(self, code: str) -> int:
        """How grave a grade is, 0 for the lightest. Raises KeyError."""
        return self.grade(code).rank


class MetBy(StrEnum):
    """Whose results count where several members or sites answer: the worst of all, the best of any, or the lead's."""

    EACH = "each"
    ANY = "any"
    LEAD = "lead"


class AnsweredBy(StrEnum):
    """Whether a criterion is answered once for the organisation or once at each of its sites."""

    ORGANISATION = "organisation"
    EACH_SITE = "each-site"


@dataclass(frozen=True, slots=True)
class MemberRules:
    """How a consortium meets a criterion that says nothing of its own, and how an organisation with several sites does."""

    met_by: MetBy = MetBy.EACH
    sites: MetBy = MetBy.EACH


class Audience(StrEnum):
    """Who may see something, from everybody to nobody. Each sees what those before it may see."""

    PUBLIC = "public"
    COMMISSIONERS = "commissioners"
    PROVIDER = "provider"
    SCHEME = "scheme"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Publication:
    """The widest audience of each part of a result. The level is always public: a register says what was awarded."""

    level: Audience = Audience.PUBLIC
    conditions: Audience = Audience.PUBLIC
    share: Audience = Audience.PROVIDER
    node_scores: Audience = Audience.PROVIDER
    criterion_scores: Audience = Audience.PROVIDER
    findings: Audience = Audience.PROVIDER
    reasons: Audience = Audience.PROVIDER


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of record is kept after it has ended; None for as long as the scheme exists."""

    ended_awards: Duration | None = None
    refused: Duration | None = None
    withdrawn: Duration | None = None
    drafts: Duration | None = None


@dataclass(frozen=True, slots=True)
class Clauses:
    """Everything that a file says beside its tree and its scores. `languages` are in order, the first the fallback."""

    gates: tuple[Gate, ...] = ()
    findings: FindingRules = field(default_factory=FindingRules)
    members: MemberRules = field(default_factory=MemberRules)
    publication: Publication = field(default_factory=Publication)
    retention: Retention = field(default_factory=Retention)
    languages: tuple[str, ...] = ()

    def gates_before(self, *stages: Before) -> Iterator[Gate]:
        """The gates that stand before these, in order."""
        return (gate for gate in self.gates if gate.before in stages)
