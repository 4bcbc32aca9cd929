"""What a manager with no part in the matter does with an appeal: admit it or turn it away, appoint reviewers, close it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.appeals import LONGEST, LONGEST_SHORT, Terms, check_team, terms_of
from app.domain.errors import Incomplete, Invalid, NotFound, check_length
from app.domain.lifecycle import AppealMove, DecisionMove
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Appeal, Application, Decision, Reviewer
from app.queries.appeals import appeal_candidates
from app.queries.reviewers import Chosen, subject_of_appeal
from app.services.casework import edition_words, mail_leads, record_on, user_id
from app.services.telling import by_id, tell
from app.services.transactions import locked, transaction


@dataclass(frozen=True)
class Team:
    """Whom a manager wants as reviewers, by their ids, and which of them leads."""

    reviewers: tuple[int, ...]
    leads: int | None


def admit(appeal_id: int, reason: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Let an appeal be looked into. One that came late needs a `reason`, which the provider reads.

    Raises NotFound, NotAllowed, Invalid (`reason`), IllegalMove.
    """
    check_length(reason, LONGEST_SHORT, "reason")
    with transaction() as session:
        appeal, application = held_appeal(session, appeal_id, actor, Action.HANDLE_APPEAL, today)
        if uk_day(appeal.lodged_at) > appeal.last_day and not reason.strip():
            raise Invalid({"reason": "It came after the last day. Say why it is admitted all the same."})
        _triage(session, appeal, application, AppealMove.ADMIT, reason, actor, now)
        mail_leads(
            session, application, "appeal_admitted", now,
            appeal_id=appeal.id, number=appeal.number, due_on=appeal.due_on, reason=reason.strip(),
        )  # fmt: skip


def turn_away(appeal_id: int, reason: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Not look into an appeal, for a reason that the provider reads: what it was against stands. Raises as `admit`."""
    check_length(reason, LONGEST_SHORT, "reason")
    if not reason.strip():
        raise Invalid({"reason": "Say why it is not admitted. The provider will read it."})
    with transaction() as session:
        appeal, application = held_appeal(session, appeal_id, actor, Action.HANDLE_APPEAL, today)
        _triage(session, appeal, application, AppealMove.NOT_ADMIT, reason, actor, now)
        appeal.outcome, appeal.ended_at = appeal.status.value, now
        if appeal.decision_id is not None:
            locked(session, Decision, appeal.decision_id).make(DecisionMove.GIVE_UP_APPEAL)
        mail_leads(
            session, application, "appeal_not_admitted", now,
            appeal_id=appeal.id, number=appeal.number, reason=reason.strip(),
        )  # fmt: skip


def _triage(
    session: Session,
    appeal: Appeal,
    application: Application,
    move: AppealMove,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    before = appeal.status
    appeal.make(move)
    appeal.triage_reason, appeal.triaged_at, appeal.triaged_by_id = reason.strip(), now, user_id(actor)
    record_on(
        session, actor, f"appeal.{appeal.status.value}", appeal, application, now,
        number=appeal.number, before=before.value, after=appeal.status.value, reason=reason.strip(),
    )  # fmt: skip


def appoint_reviewers(appeal_id: int, team: Team, *, actor: Actor, now: datetime, today: date) -> None:
    """Appoint those who review the appeal, or change who does: whoever has declared stays unless barred meanwhile.

    Raises NotFound, NotAllowed, IllegalMove, Invalid (`reviewers`, `leads`): enough of them, a lay one among them, nobody
    with a part in the matter or a tie.
    """
    with transaction() as session:
        appeal, application = held_appeal(session, appeal_id, actor, Action.HANDLE_APPEAL, today)
        candidates = {each.user_id: each for each in appeal_candidates(session, appeal, actor, today)}
        seats = {seat.user_id: seat for seat in _seats(session, appeal) if seat.ended_at is None}
        chosen = _check(team, candidates, seats, terms_of(application.edition.scheme.details))
        appeal.make(AppealMove.APPOINT)
        gone = [seat for seat in seats.values() if seat.user_id not in {each.user_id for each in chosen}]
        for seat in gone:
            seat.ended_at = now
        fresh = [each for each in chosen if each.user_id not in seats]
        for each in fresh:
            session.add(_seat(appeal, each, actor, now))
        session.flush()
        for seat in _seats(session, appeal):
            seat.leads = seat.ended_at is None and seat.user_id == team.leads
        record_on(
            session, actor, "appeal.reviewers-appointed", appeal, application, now,
            number=appeal.number, members=[each.name for each in chosen],
            replaced=[candidates[seat.user_id].name for seat in gone if seat.user_id in candidates],
        )  # fmt: skip
        _ask(session, appeal, application, [each.user_id for each in fresh], now)


def _seats(session: Session, appeal: Appeal) -> list[Reviewer]:
    found = session.scalars(select(Reviewer).where(Reviewer.appeal_id == appeal.id).order_by(Reviewer.id))
    return list(found)


def _seat(appeal: Appeal, chosen: Chosen, actor: Actor, now: datetime) -> Reviewer:
    return Reviewer(
        appeal_id=appeal.id,
        user_id=chosen.user_id,
        lay=chosen.lay,
        appointed_at=now,
        appointed_by_id=user_id(actor),
    )


def _check(team: Team, candidates: dict[int, Chosen], seats: dict[int, Reviewer], terms: Terms) -> list[Chosen]:
    """Those chosen. Raises Invalid with every mistake."""
    chosen = [candidates[each] for each in dict.fromkeys(team.reviewers) if each in candidates]
    wrong = [f"{each.name} cannot review this. {each.bar}" for each in chosen if each.bar]
    if len(chosen) < len(set(team.reviewers)):
        wrong.append("Choose people of this scheme.")
    kept = [who for who, seat in seats.items() if seat.declared_at and not candidates[who].bar]
    missing = [candidates[who].name for who in kept if who not in team.reviewers]
    wrong += [f"{name} has declared and keeps the part." for name in missing]
    errors = {"reviewers": " ".join(wrong)} if wrong else {}
    try:
        check_team([each.lay for each in chosen], terms)
    except Incomplete as too_few:
        errors.setdefault("reviewers", too_few.message)
    if team.leads not in team.reviewers:
        errors["leads"] = "Choose one of the reviewers to lead."
    if errors:
        raise Invalid(errors)
    return chosen


def _ask(session: Session, appeal: Appeal, application: Application, people: list[int], now: datetime) -> None:
    seats = session.scalars(select(Reviewer).where(Reviewer.appeal_id == appeal.id, Reviewer.user_id.in_(people)))
    for seat in seats:
        tell(
            session, by_id(session, [seat.user_id]), "appeal_to_review", now, topic=Topic.CASES,
            provider=application.organisation.name, framework=edition_words(application),
            number=appeal.number, due_on=appeal.due_on, review_id=seat.id,
        )  # fmt: skip


def close_appeal(appeal_id: int, learned: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Close an appeal with what the scheme learned from it. Raises as `admit` (`learned`)."""
    check_length(learned, LONGEST, "learned")
    if not learned.strip():
        raise Invalid({"learned": "Say what the scheme learned, or that there was nothing to learn and why."})
    with transaction() as session:
        appeal, application = held_appeal(session, appeal_id, actor, Action.HANDLE_APPEAL, today)
        appeal.make(AppealMove.CLOSE)
        appeal.learned, appeal.closed_at, appeal.closed_by_id = learned.strip(), now, user_id(actor)
        record_on(session, actor, "appeal.closed", appeal, application, now, number=appeal.number)


def held_appeal(
    session: Session, appeal_id: int, actor: Actor, action: Action, today: date
) -> tuple[Appeal, Application]:
    """The appeal and its case, both held, the case first, if the actor may. Raises NotFound, NotAllowed."""
    found = session.get(Appeal, appeal_id)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = locked(session, Application, found.application_id)
    appeal = locked(session, Appeal, appeal_id)
    require(actor, action, subject_of_appeal(session, appeal, today))
    return appeal, application
