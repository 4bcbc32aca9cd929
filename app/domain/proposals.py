"""What a provider can do with an answer of its own that is offered again, and what becomes of its claim."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.domain.crosslinks import Extent
from app.domain.errors import Invalid
from app.domain.framework import Criterion
from app.domain.scales import Scale
from app.domain.self_assessment import LONGEST_REASON, NO_CLAIM, Claim


class Reply(StrEnum):
    """What became of an offered answer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Offered:
    """An answer as it stands elsewhere: to which criterion, what it says, and how far it answers the one here."""

    criterion: Criterion
    claim: Claim
    extent: Extent


def worth_offering(claim: Claim, evidence: int) -> bool:
    """Whether there is anything to take: words or evidence. That a criterion does not apply says nothing of another."""
    return not claim.not_applicable and (bool(claim.reason.strip()) or evidence > 0)


@dataclass(frozen=True, slots=True)
class Here:
    """What stands on a criterion already: the own claim, and the ids of the pieces of evidence behind it."""

    claim: Claim = NO_CLAIM
    items: frozenset[int] = frozenset()

    def lacks_words(self, claim: Claim) -> bool:
        """Whether the other answer has words that are not here yet."""
        return bool(claim.reason.strip()) and claim.reason.strip() not in self.claim.reason

    def lacks_evidence(self, items: Collection[int]) -> bool:
        """Whether any of these pieces is not behind this criterion yet."""
        return not self.items.issuperset(items)


NOTHING_HERE = Here()


def taken(here: Criterion, mine: Claim, offered: Offered, *, words: bool) -> Claim:
    """What the claim on `here` becomes when an offered answer is taken, with its words or its evidence alone.

    Nothing that somebody wrote or chose is lost: words go below those that are there, once, and a level is proposed only
    where none is chosen, the other answer answers this criterion whole, and both scales are the same. Raises Invalid
    where the words would grow too long.
    """
    reason = _below(mine.reason, offered.claim.reason) if words else mine.reason
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            {
                "reason": f"With these words below yours the reason would have {len(reason):,} characters, and it may "
                f"have at most {LONGEST_REASON:,}. Take the evidence alone, or shorten your words first."
            }
        )
    point = mine.point
    if words and proposes_point(here, mine, offered):
        point = offered.claim.point
    return Claim(point, mine.not_applicable, reason)


def proposes_point(here: Criterion, mine: Claim, offered: Offered) -> bool:
    """Whether the level chosen there is proposed: nothing is chosen here, and there it answers the same labels in full."""
    if mine.point is not None or mine.not_applicable or offered.claim.point is None:
        return False
    return offered.extent is Extent.FULL and same_labels(here.scale, offered.criterion.scale)


def same_labels(one: Scale, other: Scale) -> bool:
    """Whether two scales offer the same choices in the same words. Anchors may differ: they explain, they do not name."""
    return _labels(one) == _labels(other)


def _labels(scale: Scale) -> tuple[object, ...]:
    points = tuple((point.value, str(point.label)) for point in scale.points)
    return scale.kind, scale.span, scale.lower_is_better, points


def _below(mine: str, other: str) -> str:
    mine, other = mine.rstrip(), other.strip()
    if not other or other in mine:
        return mine
    return f"{mine}\n\n{other}" if mine else other
