"""Votes of a panel: cast, changed, closed by the chair, opened again; and who was there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.deciding import GRANTING, Ballot, Verdict, open_to
from app.domain.errors import Conflict, Incomplete, Invalid, NotFound, check_length
from app.domain.lifecycle import PanelMove, PanelStatus
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Panel, PanelSeat
from app.queries.frameworks import framework_of
from app.queries.gates import levels_barred
from app.queries.outcomes import levels_open
from app.queries.votes import count_votes, missing_presence, tally_words
from app.services.casework import record_on
from app.services.sitting import held_panel, own_seat, undecided_panel
from app.services.telling import by_id, tell
from app.services.transactions import transaction

LONGEST = 5_000
UNDECIDED = (PanelStatus.CALLED, PanelStatus.VOTE_CLOSED)
CLOSED = (
    "The chair has closed the vote, so this vote was not counted. What you wrote is below. "
    "Tell the chair if it should count: the vote can be opened again until the decision is recorded."
)


def vote(
    panel_id: int,
    ballot: Ballot,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    minuted: bool = False,
) -> None:
    """Cast one's vote with its reason, or change it until the chair closes the vote or records the decision.

    `minuted` asks that the reason stands in the minutes with the name, should the panel decide otherwise.
    Raises NotFound, NotAllowed, Invalid (`outcome`, `level`, `reason`), Conflict once the vote is closed.
    """
    check_length(reason, LONGEST, "reason")
    with transaction() as session:
        panel, application = undecided_panel(session, panel_id, actor, Action.VOTE)
        seat = own_seat(session, panel, actor)
        if panel.status is PanelStatus.VOTE_CLOSED:
            raise Conflict(CLOSED)
        _check_ballot(session, application, ballot, reason, today)
        before = seat.vote or None
        seat.vote, seat.vote_level = ballot.verdict.value, ballot.level
        seat.vote_reason, seat.minuted = reason.strip(), minuted
        seat.voted_at = now
        record_on(
            session, actor, "panel.voted", panel, application, now, vote=seat.vote, level=ballot.level, before=before
        )


def _check_ballot(session: Session, application: Application, ballot: Ballot, reason: str, today: date) -> None:
    framework = framework_of(application.edition)
    levels = {level.code for level in levels_open(framework, application.target)}
    errors = {}
    if ballot.verdict not in (*open_to(framework.panel), Verdict.ABSTAIN):
        errors["outcome"] = "A panel of this scheme cannot decide that. Choose another outcome."
    if ballot.verdict in GRANTING and ballot.level not in levels:
        errors["level"] = "Choose the level."
    elif ballot.verdict in GRANTING and (against := levels_barred(session, application, today).get(ballot.level or "")):
        errors["level"] = " ".join(against)
    if ballot.verdict not in GRANTING and ballot.level is not None:
        errors["level"] = "Only an award has a level."
    if ballot.verdict is not Verdict.ABSTAIN and not reason.strip():
        errors["reason"] = "Say why. The panel will read it."
    if errors:
        raise Invalid(errors)


def close_vote(panel_id: int, *, actor: Actor, now: datetime) -> None:
    """End the vote: whoever votes at that moment is counted, or told that it is closed.

    Raises NotFound, NotAllowed to everybody but the chair, Conflict once it is closed or decided, Incomplete without a
    quorum of those who are there, or where a meeting's presence is not recorded.
    """
    with transaction() as session:
        panel, application = undecided_panel(session, panel_id, actor, Action.DECIDE)
        if panel.status is PanelStatus.VOTE_CLOSED:
            raise Conflict("The vote is closed already.")
        if missing := missing_presence(panel):
            raise Incomplete(f"Record first who is at the meeting: nothing is recorded for {', '.join(missing)}.")
        framework = framework_of(application.edition)
        votes = count_votes(session, panel, framework, uk_day(now))
        if not votes.quorate:
            raise Incomplete(votes.quorum_sentence)
        panel.make(PanelMove.CLOSE_VOTE)
        panel.vote_closed_at = now
        tally = dict(tally_words(framework, votes))
        record_on(session, actor, "panel.vote-closed", panel, application, now, tally=tally)


def reopen_vote(panel_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Open a closed vote again, before the decision is recorded. The other members are told why.

    Raises NotFound, NotAllowed to everybody but the chair, Invalid (`reason`), IllegalMove, Conflict once decided.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why. The members read it, and it stands in the minutes."})
    check_length(reason, LONGEST, "reason")
    with transaction() as session:
        panel, application = undecided_panel(session, panel_id, actor, Action.DECIDE)
        panel.make(PanelMove.REOPEN_VOTE)
        panel.vote_closed_at = None
        record_on(session, actor, "panel.vote-reopened", panel, application, now, reason=reason.strip())
        others = [seat.user_id for seat in panel.seats if not seat.conflicted and seat.user_id != actor.user_id]
        tell(
            session,
            by_id(session, others),
            "panel_vote_reopened",
            now,
            topic=Topic.CASES,
            provider=application.organisation.name,
            chair=actor.name,
            reason=reason.strip(),
            panel_id=panel.id,
        )


def record_presence(panel_id: int, present: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Record who is there for a case, by the ids of the members: the quorum is counted from them alone.

    Raises NotFound, NotAllowed to everybody but the chair, Conflict once it is decided.
    """
    with transaction() as session:
        panel, application = undecided_panel(session, panel_id, actor, Action.DECIDE)
        mark_present(session, panel, application, present, actor, now)


def mark_present(
    session: Session, panel: Panel, application: Application, present: Collection[int], actor: Actor, now: datetime
) -> None:
    """The same for a panel that is held already. Who stood aside is not at the table for this case, wherever they are."""
    for seat in panel.seats:
        seat.present = seat.user_id in present and not seat.conflicted
    there = [seat.user.name for seat in panel.seats if seat.present]
    away = [seat.user.name for seat in panel.seats if not seat.present and not seat.conflicted]
    record_on(session, actor, "panel.presence-recorded", panel, application, now, present=there, absent=away)


def ask_for_minutes(panel_id: int, minuted: bool, *, actor: Actor, now: datetime) -> None:
    """Ask that the reasons of one's vote stand in the minutes, or no longer, until they are signed.

    Raises NotFound, NotAllowed, Conflict once the minutes are signed or where one has not voted.
    """
    with transaction() as session:
        panel, application = held_panel(session, panel_id, actor, Action.VOTE)
        seat = own_seat(session, panel, actor)
        if panel.decision is not None and panel.decision.signed_at is not None:
            raise Conflict("The chair has signed the minutes, so they cannot change.")
        if not seat.vote:
            raise Conflict("You have not voted, so there are no reasons to put into the minutes.")
        seat.minuted = minuted
        record_on(session, actor, "panel.dissent-noted", panel, application, now, minuted=minuted)


def record_presence_at(meeting_id: int, present: Collection[int], *, actor: Actor, now: datetime) -> int:
    """Record who is at a meeting, on each undecided case of it that the actor chairs and has declared for. Returns how many.

    Raises NotFound where that is none.
    """
    with transaction() as session:
        ids = session.scalars(
            select(Panel.id)
            .join(PanelSeat, PanelSeat.panel_id == Panel.id)
            .where(
                Panel.meeting_id == meeting_id,
                Panel.chair_id == actor.user_id,
                Panel.status.in_(UNDECIDED),
                PanelSeat.user_id == actor.user_id,
                PanelSeat.declared_at.is_not(None),
                PanelSeat.conflicted.is_(False),
            )
            .order_by(Panel.id)
        ).all()
        if not ids:
            raise NotFound("You chair no case of this meeting that is open to you and not decided.")
        for panel_id in ids:
            panel, application = undecided_panel(session, panel_id, actor, Action.DECIDE)
            mark_present(session, panel, application, present, actor, now)
        return len(ids)
