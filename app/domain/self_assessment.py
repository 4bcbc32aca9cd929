"""A provider's self-assessment: what a claim on a criterion is, when it is finished, and what a submission still lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.domain.applicability import Asked
from app.domain.errors import Invalid
from app.domain.framework import Criterion, EvidenceAsk, EvidenceKind, NotApplicableRule
from app.domain.scoring import NotApplicable, Score, Scored

LONGEST_REASON = 10_000

BROUGHT_AS_EVIDENCE = frozenset(
    {
        EvidenceKind.DOCUMENT,
        EvidenceKind.LINK,
        EvidenceKind.DATA,
        EvidenceKind.USER_FEEDBACK,
        EvidenceKind.OUTCOME_MEASURE,
    }
)
"""What a provider has to attach. A statement may as well stand in the reason; the rest the assessor sees or hears."""


class Progress(StrEnum):
    """How far the answer to one criterion is."""

    NOT_STARTED = "not-started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a provider says on one criterion: a point of its scale, or that it does not apply, and the reason."""

    point: int | None = None
    not_applicable: bool = False
    reason: str = ""

    @property
    def progress(self) -> Progress:
        chosen = self.point is not None or self.not_applicable
        if chosen and self.reason.strip():
            return Progress.DONE
        return Progress.STARTED if chosen or self.reason.strip() else Progress.NOT_STARTED

    @property
    def score(self) -> Score | None:
        """The claim as a score, None while there is no point and no reason for leaving the criterion out."""
        if self.not_applicable:
            return NotApplicable(self.reason) if self.reason.strip() else None
        return None if self.point is None else Scored(self.point)


NO_CLAIM = Claim()


def may_leave_out(criterion: Criterion) -> bool:
    """Whether a provider may say, with a reason, that the criterion does not apply."""
    return criterion.scale.not_applicable is NotApplicableRule.WITH_REASON


def check_claim(criterion: Criterion, claim: Claim) -> None:
    """Refuse a claim that the criterion's scale does not allow. An unfinished one is fine. Raises Invalid."""
    errors: dict[str, str] = {}
    if claim.not_applicable and not may_leave_out(criterion):
        errors["point"] = f"{criterion.code} cannot be marked as not applicable. Choose one of the levels."
    elif claim.point is not None and claim.point not in criterion.scale.values:
        errors["point"] = "Choose one of the levels shown."
    if len(claim.reason) > LONGEST_REASON:
        errors["reason"] = (
            f"The reason may have at most {LONGEST_REASON:,} characters and has {len(claim.reason):,}. "
            "Shorten it, or attach a document."
        )
    if errors:
        raise Invalid(errors)


NOTHING_TO_REVIEW: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a self-assessment lacks on one criterion. A gap that does not block is advice."""

    code: str
    sentence: str
    blocks: bool


def gaps(
    asked: Sequence[Asked],
    claims: Mapping[str, Claim],
    attached: Mapping[str, Sequence[str]],
    reviews: Mapping[str, str] = NOTHING_TO_REVIEW,
) -> tuple[Gap, ...]:
    """What is missing, in reading order.

    `attached` maps a criterion's code to the codes of the evidence asked for that each attached piece answers ("" where
    nobody said which). Missing answers block, and so does a claim above the lowest point without any evidence where
    evidence is asked for. A piece that is asked for and not there, beside others that are, is advice. `reviews` maps
    criteria whose answer was carried over to why it must be looked at again: until that is done it blocks too.
    """
    found: list[Gap] = []
    for each in asked:
        if each.applies:
            code = each.criterion.code
            if reviews.get(code):
                found.append(Gap(code, f"Look at this again: {reviews[code]}", blocks=True))
            found += _gaps_of(each, claims.get(code, NO_CLAIM), attached.get(code, ()))
    return tuple(found)


def _gaps_of(asked: Asked, claim: Claim, attached: Sequence[str]) -> Iterator[Gap]:
    code = asked.criterion.code
    if claim.progress is not Progress.DONE:
        yield Gap(code, _what_the_answer_lacks(claim), blocks=True)
    if claim.point is None or claim.point == asked.criterion.scale.worst:
        return
    missing = evidence_missing(asked.evidence, attached)
    if missing and not attached:
        yield Gap(code, f"No evidence is attached. Needed: {'; '.join(missing)}.", blocks=True)
    elif missing:
        yield Gap(code, f"Not attached: {'; '.join(missing)}.", blocks=False)


def evidence_missing(asks: Sequence[EvidenceAsk], attached: Sequence[str]) -> tuple[str, ...]:
    """Titles of the evidence asked for that nothing attached answers. A piece for nothing in particular answers any."""
    spare = sum(1 for code in attached if not code)
    missing: list[str] = []
    for ask in asks:
        if ask.kind not in BROUGHT_AS_EVIDENCE or ask.code in attached:
            continue
        if spare:
            spare -= 1
        else:
            missing.append(str(ask.title))
    return tuple(missing)


def age_problem(ask: EvidenceAsk | None, issued_on: date | None, expires_on: date | None, today: date) -> str:
    """What is wrong with the age of a piece of evidence, in words; nothing where it is fresh or its age is not known.

    `ask` is what it answers of what the criterion asks for, None where it answers nothing in particular.
    """
    if expires_on is not None and expires_on < today:
        return "It has run out"
    within = ask.newest_within if ask else None
    if within and issued_on is not None and issued_on < within.take_from(today):
        return f"Older than {within}"
    return ""


def _what_the_answer_lacks(claim: Claim) -> str:
    if claim.progress is Progress.NOT_STARTED:
        return "Not answered yet."
    if not claim.reason.strip():
        return "Say why: there is no reason yet."
    return "Choose a level: there is a reason but no level yet."
