"""How a panel decides: votes, quorum, majority, and when a decision departs from what the scores gave.

docs/adr/0003-how-a-panel-decides.md says why the rules are these.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.terms import ChairVotes, PanelTerms
from app.domain.wording import counted


class Verdict(StrEnum):
    """What a panel can decide, and what a member can vote for. Only a member can abstain."""

    AWARD = "award"
    AWARD_WITH_CONDITIONS = "award-with-conditions"
    DEFER = "defer"
    REFUSE = "refuse"
    ABSTAIN = "abstain"


RECOMMENDABLE = (Verdict.AWARD, Verdict.AWARD_WITH_CONDITIONS, Verdict.DEFER, Verdict.REFUSE)
"""What an assessor recommends and a panel decides, in the order in which people are offered it."""

GRANTING = frozenset({Verdict.AWARD, Verdict.AWARD_WITH_CONDITIONS})
"""The verdicts that grant an award, and so name a level."""

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.AWARD: "Award",
    Verdict.AWARD_WITH_CONDITIONS: "Award with conditions",
    Verdict.DEFER: "Defer",
    Verdict.REFUSE: "Refuse",
    Verdict.ABSTAIN: "Abstain",
}


def open_to(terms: PanelTerms) -> tuple[Verdict, ...]:
    """What a panel under these terms can decide, in the order in which people are offered it."""
    return tuple(verdict for verdict in RECOMMENDABLE if verdict.value in terms.outcomes)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a vote is for. `level` is the code of the level where the verdict grants an award, else None."""

    verdict: Verdict
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One sitting member's vote."""

    member: int
    lay: bool
    ballot: Ballot


@dataclass(frozen=True, slots=True)
class Count:
    """The votes of a panel, counted.

    `tally` leaves abstentions out, most votes first; `present` counts everyone who voted or abstained. `carried` is the
    ballot that the panel has decided for, None where none has; `casting` tells that the chair's vote broke a tie.
    """

    tally: tuple[tuple[Ballot, int], ...]
    abstained: int
    present: int
    lay_present: int
    terms: PanelTerms
    carried: Ballot | None
    casting: bool

    @property
    def quorate(self) -> bool:
        return self.present >= self.terms.quorum and self.lay_present >= self.terms.lay_members

    @property
    def quorum_sentence(self) -> str:
        """Whether enough members took part, and how many it takes."""
        needs = counted(self.terms.quorum, "member")
        if self.terms.lay_members:
            needs += f", {self.terms.lay_members} of them lay"
        have = f"{counted(self.present, 'member has', 'members have')} voted"
        if self.terms.lay_members:
            have += f", {self.lay_present or 'none'} of them lay"
        return f"{'The quorum is met' if self.quorate else 'The quorum is not met'}: it takes {needs}, and {have}."

    @property
    def majority_sentence(self) -> str:
        """What carried it, or why nothing has."""
        if self.carried is None:
            return "No outcome has more than half of the votes. Members can talk again and change their votes."
        if self.casting:
            return "The votes are tied, so the chair's vote decides."
        return "More than half of the votes agree."


def count(votes: Iterable[Vote], chair: int, terms: PanelTerms) -> Count:
    """Count the votes of those who sit. `chair` is the member whose vote breaks a tie of two halves.

    The terms say whether the chair votes with the others, only breaks ties, or does neither; present it is in any case.
    """
    cast = list(votes)
    counting = [vote for vote in cast if vote.member != chair or terms.chair_votes is ChairVotes.ALWAYS]
    ballots = Counter(vote.ballot for vote in counting if vote.ballot.verdict is not Verdict.ABSTAIN)
    tally = tuple(ballots.most_common())
    chairs = next((vote.ballot for vote in cast if vote.member == chair), None)
    carried, casting = _carried(tally, None if terms.chair_votes is ChairVotes.NEVER else chairs)
    return Count(
        tally=tally,
        abstained=len(counting) - sum(ballots.values()),
        present=len(cast),
        lay_present=sum(vote.lay for vote in cast),
        terms=terms,
        carried=carried,
        casting=casting,
    )


def _carried(tally: tuple[tuple[Ballot, int], ...], chairs: Ballot | None) -> tuple[Ballot | None, bool]:
    total = sum(votes for _, votes in tally)
    for ballot, votes in tally:
        if votes * 2 > total:
            return ballot, False
        if votes * 2 == total and len(tally) == 2 and ballot == chairs:
            return ballot, True
    return None, False


def departs(decided: Ballot, computed_level: str | None) -> bool:
    """Whether a decision differs from what the scores gave, and so needs a written rationale.

    `computed_level` is the level that the scores reach, None for none. Conditions alone are no departure: the level
    stands. Neither is a deferral where the scores reach nothing: it gives time to do so.
    """
    level = decided.level if decided.verdict in GRANTING else None
    return level != computed_level
