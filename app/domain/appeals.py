"""Appeals: against what, on which grounds, until when, who reviews, and what the reviewers' votes come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain.errors import Incomplete, Invalid, check_length
from app.domain.lifecycle import AppealMove

LONGEST = 10_000
LONGEST_SHORT = 2_000
MOST_EVIDENCE = 50


class Against(StrEnum):
    """What an appeal is against."""

    DECISION = "decision"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"


class Ground(StrEnum):
    """Why a decision should not stand."""

    FACTS = "facts"
    RULES = "rules"
    BIAS = "bias"
    NEW_EVIDENCE = "new-evidence"


GROUND_WORDS: Mapping[Ground, str] = {
    Ground.FACTS: "Facts are wrong",
    Ground.RULES: "The rules were not followed",
    Ground.BIAS: "Somebody was not impartial",
    Ground.NEW_EVIDENCE: "There is new evidence that could not be given before",
}
AGAINST_WORDS: Mapping[Against, str] = {
    Against.DECISION: "the decision",
    Against.SUSPENSION: "the suspension of the award",
    Against.WITHDRAWAL: "the withdrawal of the award",
}


class Remedy(StrEnum):
    """What follows where an appeal is right, wholly or in part."""

    DECIDE_AGAIN = "decide-again"
    REINSTATE = "reinstate"
    STANDS = "stands"  # what it is against stands, and something else changes


REMEDY_WORDS: Mapping[Remedy, str] = {
    Remedy.DECIDE_AGAIN: "The decision is set aside, and a new panel decides",
    Remedy.REINSTATE: "The suspension ends today",
    Remedy.STANDS: "It stands, and something else changes",
}
VOTES = (AppealMove.UPHOLD, AppealMove.PARTLY_UPHOLD, AppealMove.DISMISS)
VOTE_WORDS: Mapping[AppealMove, str] = {
    AppealMove.UPHOLD: "Uphold: the provider is right",
    AppealMove.PARTLY_UPHOLD: "Uphold in part",
    AppealMove.DISMISS: "Dismiss: it stands",
}
OUTCOME_WORDS: Mapping[str, str] = {
    "upheld": "Upheld",
    "partly-upheld": "Upheld in part",
    "dismissed": "Dismissed",
    "not-admitted": "Not admitted",
    "withdrawn": "Taken back",
    "not-upheld": "Not upheld",
    "not-taken-up": "Not taken up",
    "referred": "Passed to another body",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """How a scheme handles appeals and complaints: its own numbers, or the usual ones.

    `within` is how many days after a suspension or withdrawal an appeal may come, `decided` within how many days
    reviewers decide. `acknowledged` and `answered` are working days for complaints.
    """

    reviewers: int = 3
    lay: int = 1
    within: int = 28
    decided: int = 60
    acknowledged: int = 3
    answered: int = 20


def terms_of(details: Mapping[str, Any]) -> Terms:
    """The terms in a scheme's details, under `appeals` and `complaints`. What is missing or no whole number is as usual."""
    said = {**_mapping(details.get("appeals")), **_mapping(details.get("complaints"))}
    usual = Terms()
    known = {name: said[name] for name in Terms.__slots__ if isinstance(said.get(name), int) and said[name] >= 0}
    return Terms(**{**{name: getattr(usual, name) for name in Terms.__slots__}, **known})


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Written:
    """What a provider writes in an appeal. `evidence` holds ids of pieces in its library."""

    against: str = ""
    grounds: tuple[str, ...] = ()
    words: str = ""
    asks: str = ""
    late_reason: str = ""
    evidence: tuple[int, ...] = field(default=())


def as_draft(written: Written) -> dict[str, Any]:
    """What was written so far, as JSON for `from_draft`."""
    return {
        "against": written.against,
        "grounds": list(written.grounds),
        "words": written.words,
        "asks": written.asks,
        "late_reason": written.late_reason,
        "evidence": list(written.evidence),
    }


def from_draft(stored: Mapping[str, Any]) -> Written:
    """What `as_draft` kept."""
    return Written(
        **{key: str(stored.get(key, "")) for key in ("against", "words", "asks", "late_reason")},
        grounds=tuple(str(each) for each in stored.get("grounds", ())),
        evidence=tuple(int(each) for each in stored.get("evidence", ())),
    )


def check_draft(written: Written) -> None:
    """Whether it can be kept as it is. Raises Invalid where something is too long."""
    check_length(written.words, LONGEST, "words")
    check_length(written.asks, LONGEST_SHORT, "asks")
    check_length(written.late_reason, LONGEST_SHORT, "late_reason")
    if len(written.evidence) > MOST_EVIDENCE:
        raise Invalid({"evidence": f"Choose at most {MOST_EVIDENCE} pieces of evidence."})


def check_written(written: Written, last_day: date, today: date) -> None:
    """Whether it is a whole appeal. The last day still counts. Raises Invalid with every sentence by its field."""
    check_draft(written)
    errors = {}
    if not written.grounds or not set(written.grounds) <= set(Ground):
        errors["grounds"] = "Choose at least one ground."
    if not written.words.strip():
        errors["words"] = "Say what is wrong, and why."
    if not written.asks.strip():
        errors["asks"] = "Say what you ask for."
    if today > last_day and not written.late_reason.strip():
        errors["late_reason"] = "The last day has passed. Say why you could not appeal in time."
    if errors:
        raise Invalid(errors)


def last_day_after(changed_on: date, terms: Terms) -> date:
    """The last day to appeal against what became of an award on a day."""
    return changed_on + timedelta(days=terms.within)


def remedies_open(against: Against, move: AppealMove) -> tuple[Remedy, ...]:
    """What may follow `move`, the usual one first. Nothing but that it stands follows a dismissal."""
    whole = Remedy.REINSTATE if against is Against.SUSPENSION else Remedy.DECIDE_AGAIN
    if move is AppealMove.UPHOLD:
        return (whole,)
    return (whole, Remedy.STANDS) if move is AppealMove.PARTLY_UPHOLD else (Remedy.STANDS,)


def carried(votes: Iterable[str], needed: int) -> AppealMove | None:
    """What more than half of the reviewers voted for; None while fewer than `needed` voted, or they differ too much.

    Nobody abstains: a reviewer who cannot say stands aside and is replaced.
    """
    cast = [AppealMove(vote) for vote in votes if vote]
    if len(cast) < needed:
        return None
    move, count = Counter(cast).most_common(1)[0]
    return move if 2 * count > len(cast) else None


def check_decided(move: AppealMove, against: Against, remedy: str, reasons: str, changes: str) -> Remedy:
    """The remedy, if what the lead reviewer wrote is whole. Raises Invalid by field."""
    check_length(reasons, LONGEST, "reasons")
    check_length(changes, LONGEST_SHORT, "changes")
    open_ = remedies_open(against, move)
    errors = {}
    chosen = remedy if len(open_) > 1 else open_[0].value
    if chosen not in open_:
        errors["remedy"] = "Choose what follows."
    if not reasons.strip():
        errors["reasons"] = "Write the reasons. The provider will read them."
    if move is AppealMove.PARTLY_UPHOLD and not changes.strip():
        errors["changes"] = "Say what changes."
    if errors:
        raise Invalid(errors)
    return Remedy(chosen)


def check_team(lay: Iterable[bool], terms: Terms) -> None:
    """Whether those chosen are enough. Raises Incomplete."""
    chosen = list(lay)
    if len(chosen) < terms.reviewers:
        raise Incomplete(f"Choose at least {terms.reviewers} reviewers. You chose {len(chosen)}.")
    if sum(chosen) < terms.lay:
        raise Incomplete(f"At least {terms.lay} of the reviewers must be lay. You chose {sum(chosen)}.")
