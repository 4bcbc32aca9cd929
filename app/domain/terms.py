"""The terms beside the scores: how long an award lasts, who assesses, who decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from app.domain.duration import Duration
from app.domain.sampling import SampleRule

SIX_MONTHS = Duration(months=6)
ONE_YEAR = Duration(years=1)
TWO_YEARS = Duration(years=2)
THREE_YEARS = Duration(years=3)


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """What must be held before a level is granted: `level` or a higher one, without a break for `held` up to that day."""

    level: str
    held: Duration | None = None


@dataclass(frozen=True, slots=True)
class Reassess:
    """What is scored again while an award runs: the criteria with these codes or below these nodes, so often."""

    every: Duration
    criteria: tuple[str, ...]


class LateReturn(StrEnum):
    """What becomes of an award whose regular look is overdue, once its holder was warned: the office hears, or it is suspended."""

    REMIND = "remind"
    SUSPEND = "suspend"


class AfterSuspension(StrEnum):
    """What becomes of an award whose suspension has lasted to its last day: the office is reminded, or it is withdrawn."""

    REMIND = "remind"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class SuspensionTerms:
    """How long a suspension lasts at most, unless a manager says why it takes longer, and what follows it."""

    at_most: Duration = SIX_MONTHS
    then: AfterSuspension = AfterSuspension.REMIND


@dataclass(frozen=True, slots=True)
class AwardTerms:
    """`carry_results` is how long a result may be carried into a later assessment; None for never.

    With `ends_with_passports` an award ends no later than the first passport that it rests on. `provisional`, which only
    a level's own terms say, is of awards that have to be confirmed.
    """

    valid: Duration = THREE_YEARS
    surveillance: Duration | None = ONE_YEAR
    renewal_opens: Duration = SIX_MONTHS
    restore_within: Duration = SIX_MONTHS
    by_level: Mapping[str, "AwardTerms"] = field(default_factory=dict)
    ends_with_passports: bool = False
    reassess: Reassess | None = None
    carry_results: Duration | None = None
    surveillance_overdue: LateReturn = LateReturn.REMIND
    suspension: SuspensionTerms = SuspensionTerms()
    provisional: bool = False

    def for_level(self, level: str | None) -> "AwardTerms":
        """The terms of an award at that level."""
        return self.by_level.get(level, self) if level else self

    def with_level(self, level: str, **changes: Duration | bool) -> "AwardTerms":
        terms = replace(self, by_level={}, **changes)  # type: ignore[arg-type]  # each has its own kind
        return replace(self, by_level={**self.by_level, level: terms})


class Reconciliation(StrEnum):
    """What happens to the scores of several assessors that differ.

    The lead settles them alone; the assessors meet over all that differ (always) or only where they agree too little
    (below the floor) and the lead settles the rest; or they go to the panel side by side.
    """

    LEAD = "lead"
    BELOW_FLOOR = "below-floor"
    ALWAYS = "always"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class AssessmentTerms:
    """`samples` maps sites, files or people to how many of them are looked at.

    With `confidence` every score says how sure its assessor is; without, it may.
    """

    assessors: int = 1
    blind: bool = False
    confidence: bool = False
    conflict_bar: Duration = TWO_YEARS
    agreement_floor: Fraction | None = None
    reconciliation: Reconciliation = Reconciliation.LEAD
    samples: Mapping[str, SampleRule] = field(default_factory=dict)

    def must_meet(self, agreement: Fraction | None) -> bool:
        """Whether assessors who agree so far have to meet over what differs. Agreement not known is too little."""
        if self.reconciliation is Reconciliation.BELOW_FLOOR:
            return agreement is None or (self.agreement_floor is not None and agreement < self.agreement_floor)
        return self.reconciliation is Reconciliation.ALWAYS


class ChairVotes(StrEnum):
    """Whether the chair votes with the others and breaks ties, votes only to break a tie, or never votes."""

    ALWAYS = "always"
    TIES = "ties"
    NEVER = "never"


PANEL_OUTCOMES = ("award", "award-with-conditions", "defer", "refuse")


@dataclass(frozen=True, slots=True)
class PanelTerms:
    """`outcomes` are the verdicts that the panel may reach."""

    quorum: int = 3
    lay_members: int = 0
    outcomes: tuple[str, ...] = PANEL_OUTCOMES
    chair_votes: ChairVotes = ChairVotes.ALWAYS
