"""Panels: calling one, changing it, declaring interests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.lifecycle import ApplicationMove
from app.domain.terms import PanelTerms
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Panel, PanelSeat
from app.queries.candidates import Candidate, known_tie, panel_candidates
from app.queries.frameworks import framework_of
from app.services.casework import check_day, edition_words, managed, record_on, user_id
from app.services.sitting import not_decided, own_seat, stands_in_the_way, undecided_panel
from app.services.standing_aside import leave_panel
from app.services.telling import by_id, tell
from app.services.transactions import locked, transaction

LONGEST = 5_000
Candidates = Mapping[int, Candidate]  # by the id of the person


@dataclass(frozen=True)
class PanelPlan:
    """Whom a manager calls: ids of members, which of them takes the chair, and the day of the meeting."""

    members: tuple[int, ...]
    chair: int | None
    meets_on: date | None


def call_panel(application_id: int, plan: PanelPlan, *, actor: Actor, now: datetime, today: date) -> int:
    """Call a panel on an assessed case. Returns its id.

    Raises NotFound, NotAllowed, IllegalMove, and Invalid (`members`, `chair`, `meets_on`): members must be enough for
    the quorum, lay members among them, and nobody barred; the report, or an assessor's interest, may be in the way
    (`report`).
    """
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        application.make(ApplicationMove.CALL_PANEL, now)
        if in_the_way := stands_in_the_way(session, application, today):
            raise Invalid({"report": in_the_way})
        seats = _check_plan(
            plan, _candidates(session, application, today), framework_of(application.edition).panel, today
        )
        assert plan.chair is not None  # checked with the plan
        panel = Panel(
            application_id=application.id,
            chair_id=plan.chair,
            meets_on=plan.meets_on,
            called_at=now,
            called_by_id=user_id(actor),
        )
        session.add(panel)
        session.flush()
        for member in seats:
            _seat(session, panel, application, member, now)
        names = [member.name for member in seats]
        record_on(session, actor, "panel.called", panel, application, now, members=names, meets_on=str(plan.meets_on))
        return panel.id


def change_panel(panel_id: int, plan: PanelPlan, *, actor: Actor, now: datetime, today: date) -> None:
    """Change who sits, who chairs or when the panel meets. Whoever has declared keeps the seat, as the record of it.

    Somebody who has been barred since, as by joining the provider, stands aside: the seat stays and no vote of it counts.
    Raises as `call_panel`, and Conflict once the panel has decided.
    """
    with transaction() as session:
        found = session.get(Panel, panel_id)
        application = managed(session, found.application_id if found else 0, actor, today)
        panel = locked(session, Panel, panel_id)
        not_decided(session, panel)
        candidates = _candidates(session, application, today)
        seats = _check_plan(plan, candidates, framework_of(application.edition).panel, today, panel)
        held = {seat.user_id: seat for seat in panel.seats}
        aside = _take_off(session, panel, candidates, {member.user_id for member in seats})
        for member in seats:
            if member.user_id not in held:
                _seat(session, panel, application, member, now)
        assert plan.chair is not None  # checked with the plan
        panel.chair_id, panel.meets_on = plan.chair, plan.meets_on
        names = [member.name for member in seats]
        record_on(
            session,
            actor,
            "panel.changed",
            panel,
            application,
            now,
            members=names,
            meets_on=str(plan.meets_on),
            stood_aside=aside,
        )


def _take_off(session: Session, panel: Panel, candidates: Candidates, wanted: set[int]) -> list[str]:
    """Free the seats of those not wanted. Returns the names of those who declared, are barred now and so stand aside."""
    aside = []
    for seat in panel.seats:
        if seat.user_id in wanted:
            continue
        if seat.declared_at is None:
            session.delete(seat)
        elif not seat.conflicted and _is_barred(candidates, seat.user_id):
            seat.conflicted = True
            aside.append(seat.user.name)
    return aside


def _is_barred(candidates: Candidates, who: int) -> bool:
    return who in candidates and candidates[who].bar is not None


def _candidates(session: Session, application: Application, today: date) -> Candidates:
    return {each.user_id: each for each in panel_candidates(session, application, today)}


def _check_plan(
    plan: PanelPlan, candidates: Candidates, terms: PanelTerms, today: date, panel: Panel | None = None
) -> list[Candidate]:
    """The candidates that the plan names. Raises Invalid with every mistake. Who stood aside does not count."""
    chosen = [candidates[member] for member in plan.members if member in candidates]
    kept = {
        seat.user_id
        for seat in (panel.seats if panel else ())
        if seat.declared_at and not seat.conflicted and not _is_barred(candidates, seat.user_id)
    }
    errors = {}
    barred = [f"{each.name} cannot sit. {each.bar}" for each in chosen if each.bar]
    if len(chosen) < len(set(plan.members)):
        barred.append("Choose panel members of this scheme.")
    if missing := kept.difference(plan.members):
        barred.append(f"{_names(candidates, missing)} has declared and keeps the seat.")
    if problem := " ".join(barred) or _too_few(chosen, terms):
        errors["members"] = problem
    if plan.chair not in plan.members:
        errors["chair"] = "Choose one of the members as chair."
    try:
        check_day(plan.meets_on, today, "meets_on")
    except Invalid as problem_of_day:
        errors |= problem_of_day.errors
    if errors:
        raise Invalid(errors)
    return chosen


def _names(candidates: Candidates, ids: set[int]) -> str:
    return " and ".join(sorted(candidates[each].name for each in ids if each in candidates)) or "A member"


def _too_few(chosen: list[Candidate], terms: PanelTerms) -> str:
    if len(chosen) < terms.quorum:
        return f"Choose at least {terms.quorum} members: that is the quorum. You chose {len(chosen)}."
    lay = sum(each.lay for each in chosen)
    if lay < terms.lay_members:
        return f"At least {terms.lay_members} of the members must be lay. You chose {lay}."
    return ""


def _seat(session: Session, panel: Panel, application: Application, member: Candidate, now: datetime) -> None:
    session.add(PanelSeat(panel_id=panel.id, user_id=member.user_id, lay=member.lay))
    tell(
        session,
        by_id(session, [member.user_id]),
        "panel_called",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        meets_on=panel.meets_on,
        panel_id=panel.id,
    )


def declare_for_panel(panel_id: int, *, conflict: bool, words: str, actor: Actor, now: datetime) -> None:
    """Declare before reading the case. A conflict closes it: the member stands aside, and the tie is kept.

    Raises NotFound, NotAllowed, Invalid (`words`), Conflict if declared already or decided.
    """
    if conflict and not words.strip():
        raise Invalid({"words": "Say what the interest is, so that the scheme can record it."})
    check_length(words, LONGEST, "words")
    with transaction() as session:
        panel, application = undecided_panel(session, panel_id, actor, Action.DECLARE_FOR_PANEL)
        seat = own_seat(session, panel, actor)
        if seat.declared_at is not None:
            raise Conflict("You have declared already. If something has changed, tell the scheme.")
        if conflict:
            leave_panel(session, panel, seat, words, now)
        else:
            _nothing_known(session, application, seat, now)
            seat.declared_at, seat.declaration = now, words.strip()
        record_on(session, actor, "panel.stood-aside" if conflict else "panel.declared", panel, application, now)


def _nothing_known(session: Session, application: Application, seat: PanelSeat, now: datetime) -> None:
    """Raises Invalid where a tie of the member is known, whatever they declare."""
    if why := known_tie(session, application, seat.user_id, uk_day(now)):
        raise Invalid(
            {"conflict": f"Our records say otherwise. {why} Declare the interest, or ask the scheme about it."}
        )
