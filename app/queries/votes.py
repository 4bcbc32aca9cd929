"""The members of a panel, their votes and its decision in words: what panel pages and the office's case page share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Subject
from app.domain.deciding import VERDICT_WORDS, Ballot, Count, Verdict, Vote, count
from app.domain.framework import Framework
from app.models import Decision, Panel, PanelSeat
from app.queries.candidates import barred_from_vote
from app.queries.outcomes import level_title
from app.queries.subjects import subject_of


@dataclass(frozen=True)
class SeatRow:
    """One member as the others see them. Vote and reason are empty until the reader has voted."""

    name: str
    lay: bool
    chair: bool
    state: str
    vote: str
    reason: str


@dataclass(frozen=True)
class DecisionRow:
    """A recorded decision in words."""

    outcome: str
    level: str
    reasons: str
    departure: str
    conditions: str
    conditions_due_on: date | None
    decided_at: datetime
    tally: tuple[tuple[str, int], ...]
    decision_id: int
    appeal_by: date | None
    has_letter: bool
    has_minutes: bool


def subject_of_panel(session: Session, panel: Panel) -> Subject:
    """The Subject of the panel's case, with this panel's members, whether or not a later one was called."""
    seats = session.scalars(select(PanelSeat).where(PanelSeat.panel_id == panel.id)).all()
    return replace(
        subject_of(session, panel.application),
        seated=frozenset(seat.user_id for seat in seats if not seat.conflicted),
        sitting=frozenset(seat.user_id for seat in seats if seat.declared_at and not seat.conflicted),
        chair=panel.chair_id,
    )


def outcome_words(framework: Framework, verdict: str, level: str | None) -> str:
    """A verdict in words: "Award at Silver"."""
    words = VERDICT_WORDS[Verdict(verdict)]
    return f"{words} at {level_title(framework, level)}" if level else words


def decided_words(framework: Framework, decision: Decision) -> str:
    """What was decided: "Award at Silver", "Deferred"."""
    words = _decided(decision.outcome)
    return f"{words} at {level_title(framework, decision.level)}" if decision.level else words


def _decided(outcome: str) -> str:
    return {Verdict.DEFER: "Deferred", Verdict.REFUSE: "Refused"}.get(Verdict(outcome)) or VERDICT_WORDS[
        Verdict(outcome)
    ]


def seat_row(framework: Framework, panel: Panel, seat: PanelSeat, shown: bool) -> SeatRow:
    """One member's row; `shown` opens the vote."""
    if seat.conflicted:
        state = "Stood aside: the vote does not count" if seat.vote else "Stood aside"
    elif seat.present is False:
        state = "Not at the meeting: the vote does not count" if seat.vote else "Not at the meeting"
    elif seat.vote:
        state = "Voted"
    else:
        state = "Declared, not voted yet" if seat.declared_at else "Not declared yet"
    return SeatRow(
        name=seat.user.name,
        lay=seat.lay,
        chair=panel.chair_id == seat.user_id,
        state=state,
        vote=outcome_words(framework, seat.vote, seat.vote_level) if seat.vote and shown else "",
        reason=seat.vote_reason if shown else "",
    )


def decision_row(framework: Framework, decision: Decision) -> DecisionRow:
    """A decision in words."""
    return DecisionRow(
        outcome=_decided(decision.outcome),
        level=level_title(framework, decision.level),
        reasons=decision.reasons,
        departure=decision.departure,
        conditions=decision.conditions,
        conditions_due_on=decision.conditions_due_on,
        decided_at=decision.decided_at,
        tally=tuple((words, int(votes)) for words, votes in decision.tally.items()),
        decision_id=decision.id,
        appeal_by=decision.appeal_by,
        has_letter=bool(decision.letter_key),
        has_minutes=bool(decision.minutes_key),
    )


def takes_part(seat: PanelSeat) -> bool:
    """Whether a member's vote counts, and the member for the quorum: declared, not aside, and not recorded as absent."""
    return seat.declared_at is not None and not seat.conflicted and seat.present is not False


def missing_presence(panel: Panel) -> tuple[str, ...]:
    """The members of a meeting's panel of whom nobody recorded whether they are there; none where it met on its own."""
    if panel.meeting_id is None:
        return ()
    return tuple(seat.user.name for seat in panel.seats if seat.present is None and not seat.conflicted)


def count_votes(session: Session, panel: Panel, framework: Framework, today: date) -> Count:
    """The votes of those who sit, counted by the framework's terms. Whoever is barred from the case today has none."""
    barred = barred_from_vote(session, panel.application, [seat.user_id for seat in panel.seats], today)
    cast = [
        Vote(seat.user_id, seat.lay, Ballot(Verdict(seat.vote), seat.vote_level))
        for seat in panel.seats
        if seat.vote and takes_part(seat) and seat.user_id not in barred
    ]
    return count(cast, panel.chair_id, framework.panel)


def tally_words(framework: Framework, votes: Count) -> tuple[tuple[str, int], ...]:
    """The tally as (words, votes), abstentions last."""
    found = [(outcome_words(framework, ballot.verdict, ballot.level), number) for ballot, number in votes.tally]
    return (*found, ("Abstain", votes.abstained)) if votes.abstained else tuple(found)
