"""Meetings of a panel: calling one with several cases, changing it, its order, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.lifecycle import ApplicationMove, ApplicationStatus, PanelStatus
from app.domain.meetings import MOST_CASES, MeetingPlan, check_meeting, moved
from app.domain.uk_time import uk_day
from app.models import Application, MeetingMember, Panel, PanelMeeting, PanelSeat, Scheme, SchemePost
from app.queries.candidates import panel_candidates
from app.queries.frameworks import framework_of
from app.services.casework import managed, record_on, user_id
from app.services.meeting_news import tell_members
from app.services.sitting import stands_in_the_way
from app.services.transactions import locked, record, transaction

OPEN = (PanelStatus.CALLED, PanelStatus.VOTE_CLOSED)


def call_meeting(
    code: str, plan: MeetingPlan, cases: Sequence[int], *, actor: Actor, now: datetime, today: date
) -> int:
    """Call a meeting on assessed cases of a scheme, in this order. Returns its id. Each member gets an invitation.

    Raises NotFound, NotAllowed, IllegalMove, and Invalid by field (`cases` where too few of those called may decide one).
    """
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == code)).one_or_none()
        require(actor, Action.CALL_MEETING, Subject(scheme_id=scheme.id if scheme else None))
        assert scheme is not None  # nobody may call a meeting of no scheme
        lay = _holders(session, scheme.id)
        check_meeting(plan, lay, now)
        if not cases:
            raise Invalid({"cases": "Choose the cases that the meeting decides."})
        meeting = _meeting(scheme, plan, lay, actor, now)
        session.add(meeting)
        session.flush()
        for application_id in dict.fromkeys(cases):
            _put_on(session, meeting, application_id, actor, now, today)
        _record(
            session, actor, "meeting.called", meeting, now, cases=len(cases), starts_at=meeting.starts_at.isoformat()
        )
        tell_members(session, meeting, "meeting_called", now)
        return meeting.id


def _meeting(scheme: Scheme, plan: MeetingPlan, lay: dict[int, bool], actor: Actor, now: datetime) -> PanelMeeting:
    assert plan.starts_at is not None and plan.minutes_long is not None and plan.chair is not None  # checked
    return PanelMeeting(
        scheme_id=scheme.id,
        scheme=scheme,
        starts_at=plan.starts_at,
        minutes_long=plan.minutes_long,
        place=plan.place.strip(),
        link=plan.link.strip(),
        chair_id=plan.chair,
        called_at=now,
        called_by_id=user_id(actor),
        members=[MeetingMember(user_id=who, lay=lay[who]) for who in dict.fromkeys(plan.members)],
    )


def _holders(session: Session, scheme_id: int) -> dict[int, bool]:
    """Whether each panel member of the scheme is lay, by id."""
    found = session.execute(
        select(SchemePost.user_id, SchemePost.lay).where(
            SchemePost.scheme_id == scheme_id, SchemePost.role == Role.PANEL_MEMBER
        )
    )
    return {who: lay for who, lay in found}


def add_case(meeting_id: int, application_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Put one more case at the end of the agenda. Raises as `call_meeting`, and Conflict once the meeting is called off."""
    with transaction() as session:
        meeting = _held(session, meeting_id, actor)
        _put_on(session, meeting, application_id, actor, now, today)


def _held(session: Session, meeting_id: int, actor: Actor) -> PanelMeeting:
    """The meeting, held, if the actor may change it. Raises NotFound, NotAllowed, Conflict once it is called off."""
    meeting = locked(session, PanelMeeting, meeting_id)
    require(actor, Action.CALL_MEETING, Subject(scheme_id=meeting.scheme_id))
    if meeting.cancelled_at is not None:
        raise Conflict("This meeting was called off.")
    return meeting


def _put_on(
    session: Session, meeting: PanelMeeting, application_id: int, actor: Actor, now: datetime, today: date
) -> None:
    """Make a case an item of a meeting: call its panel, or bring the one that was to meet on its own."""
    application = managed(session, application_id, actor, today)
    if application.scheme_id != meeting.scheme_id:
        raise Invalid({"cases": "Choose cases of this scheme."})
    held = session.scalars(select(Panel).where(Panel.meeting_id == meeting.id)).all()
    if len(held) >= MOST_CASES:
        raise Invalid({"cases": f"A meeting takes at most {MOST_CASES} cases."})
    panel = _open_panel(session, application, meeting, actor, now, today)
    panel.meeting_id = meeting.id
    panel.meets_on = uk_day(meeting.starts_at)
    panel.position = max((each.position for each in held if each.id != panel.id), default=0) + 1
    _seat_members(session, panel, application, meeting, today)
    names = [seat.user.name for seat in panel.seats]
    record_on(session, actor, "panel.called", panel, application, now, members=names, meets_on=str(panel.meets_on))


def _open_panel(
    session: Session, application: Application, meeting: PanelMeeting, actor: Actor, now: datetime, today: date
) -> Panel:
    """The case's panel: one that was called already and has not decided, or a new one.

    Raises IllegalMove, Conflict, and Invalid (`cases`) where no panel can be called yet.
    """
    if application.status is ApplicationStatus.WITH_PANEL:
        panel = session.scalars(
            select(Panel)
            .where(Panel.application_id == application.id, Panel.status.in_(OPEN))
            .order_by(Panel.id.desc())
            .limit(1)
        ).first()
        if panel is not None and panel.meeting_id not in (None, meeting.id):
            raise Conflict(f"The case of {application.organisation.name} is on the agenda of another meeting already.")
        if panel is not None:
            return panel
    application.make(ApplicationMove.CALL_PANEL, now)
    if in_the_way := stands_in_the_way(session, application, today):
        raise Invalid({"cases": f"{application.organisation.name}: {in_the_way}"})
    panel = Panel(application_id=application.id, chair_id=meeting.chair_id, called_at=now, called_by_id=user_id(actor))
    session.add(panel)
    session.flush()
    return panel


def _seat_members(session: Session, panel: Panel, application: Application, meeting: PanelMeeting, today: date) -> None:
    """Seat everybody of the meeting whom nothing bars from this case; who declared keeps the seat as the record of it.

    Where the chair of the meeting is barred the first member who is not takes the chair for this case. Raises Invalid.
    """
    candidates = {each.user_id: each for each in panel_candidates(session, application, today)}
    wanted = [each for each in meeting.members if each.user_id in candidates and candidates[each.user_id].bar is None]
    seated = {seat.user_id: seat for seat in panel.seats}
    wanted_ids = {each.user_id for each in wanted}
    for who, seat in seated.items():
        if who not in wanted_ids and seat.declared_at is None:
            session.delete(seat)
    for member in wanted:
        if member.user_id not in seated:
            session.add(PanelSeat(panel_id=panel.id, user_id=member.user_id, lay=member.lay))
    session.flush()
    session.refresh(panel, ["seats"])
    barred = {who for who, each in candidates.items() if each.bar is not None}
    sitting = [seat for seat in panel.seats if not seat.conflicted and seat.user_id not in barred]
    _check_quorum(application, sitting)
    ids = [seat.user_id for seat in sitting]
    panel.chair_id = meeting.chair_id if meeting.chair_id in ids else ids[0]


def _check_quorum(application: Application, sitting: Sequence[PanelSeat]) -> None:
    terms, name = framework_of(application.edition).panel, application.organisation.name
    lay = sum(seat.lay for seat in sitting)
    if len(sitting) < terms.quorum:
        raise Invalid(
            {
                "cases": f"Only {len(sitting)} of those called may decide on {name}, and it takes {terms.quorum}. Call "
                "more members, or leave the case out."
            }
        )
    if lay < terms.lay_members:
        raise Invalid(
            {
                "cases": f"Only {lay} lay members of those called may decide on {name}, and it takes "
                f"{terms.lay_members}. Call more members, or leave the case out."
            }
        )


def change_meeting(meeting_id: int, plan: MeetingPlan, *, actor: Actor, now: datetime, today: date) -> None:
    """Change when, where or who. Everybody gets a newer invitation; who is no longer called gets one that takes it back.

    Raises NotFound, NotAllowed, Invalid by field, Conflict once it is called off or a case of it is decided.
    """
    with transaction() as session:
        meeting = _held(session, meeting_id, actor)
        lay = _holders(session, meeting.scheme_id)
        known = {**lay, **{each.user_id: each.lay for each in meeting.members}}
        check_meeting(plan, known, now)
        assert plan.starts_at is not None and plan.minutes_long is not None and plan.chair is not None  # checked
        gone = [each.user_id for each in meeting.members if each.user_id not in plan.members]
        held = {each.user_id for each in meeting.members}
        meeting.members = [each for each in meeting.members if each.user_id in plan.members] + [
            MeetingMember(user_id=who, lay=known[who]) for who in dict.fromkeys(plan.members) if who not in held
        ]
        before = meeting.starts_at.isoformat()
        meeting.starts_at, meeting.minutes_long, meeting.chair_id = plan.starts_at, plan.minutes_long, plan.chair
        meeting.place, meeting.link = plan.place.strip(), plan.link.strip()
        meeting.sequence += 1
        session.flush()
        _seat_again(session, meeting, actor, today)
        _record(session, actor, "meeting.changed", meeting, now, before=before, after=meeting.starts_at.isoformat())
        tell_members(session, meeting, "meeting_changed", now)
        tell_members(session, meeting, "meeting_cancelled", now, only=gone)


def _seat_again(session: Session, meeting: PanelMeeting, actor: Actor, today: date) -> None:
    for panel in _panels(session, meeting):
        application = managed(session, panel.application_id, actor, today)
        _refuse_gone(panel, meeting)
        panel.meets_on = uk_day(meeting.starts_at)
        _seat_members(session, panel, application, meeting, today)


def _refuse_gone(panel: Panel, meeting: PanelMeeting) -> None:
    """A member who declared keeps the seat. Raises Invalid."""
    members = {each.user_id for each in meeting.members}
    kept = [
        seat.user.name
        for seat in panel.seats
        if seat.declared_at and not seat.conflicted and seat.user_id not in members
    ]
    if kept:
        raise Invalid({"members": f"{' and '.join(kept)} has declared for a case of this meeting and stays a member."})


def _panels(session: Session, meeting: PanelMeeting) -> Sequence[Panel]:
    """Its cases that are not decided yet, in the order of the agenda."""
    return session.scalars(
        select(Panel).where(Panel.meeting_id == meeting.id, Panel.status.in_(OPEN)).order_by(Panel.position, Panel.id)
    ).all()


def move_case(meeting_id: int, panel_id: int, *, up: bool, actor: Actor, now: datetime) -> None:
    """Put a case one place earlier or later on the agenda. Raises NotFound, NotAllowed, Conflict."""
    with transaction() as session:
        meeting = _held(session, meeting_id, actor)
        panels = session.scalars(
            select(Panel).where(Panel.meeting_id == meeting.id).order_by(Panel.position, Panel.id)
        ).all()
        by_id = {panel.id: panel for panel in panels}
        if panel_id not in by_id:
            _gone(session, meeting, panel_id)
        order = moved([panel.id for panel in panels], panel_id, up)
        for place, each in enumerate(order, 1):
            by_id[each].position = place
        _record(session, actor, "meeting.reordered", meeting, now, order=order)


def _gone(session: Session, meeting: PanelMeeting, panel_id: int) -> NoReturn:
    """Raises Conflict where a case of the scheme is not on the agenda any more, NotFound for any other number."""
    panel = session.get(Panel, panel_id)
    if panel is None or panel.application.scheme_id != meeting.scheme_id:
        raise NotFound("There is no such page, or it is not open to you.")
    raise Conflict("This case is decided, or not on the agenda any more. Load the page again.")


def take_off(meeting_id: int, panel_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Take a case off the agenda: its panel stays called, and meets on its own or at another meeting.

    Raises NotFound, NotAllowed, Conflict where it is decided or not on the agenda.
    """
    with transaction() as session:
        meeting = _held(session, meeting_id, actor)
        panel = next((each for each in _panels(session, meeting) if each.id == panel_id), None)
        if panel is None:
            _gone(session, meeting, panel_id)
        application = managed(session, panel.application_id, actor, today)
        panel.meeting_id, panel.position = None, 0
        record_on(session, actor, "panel.taken-off-agenda", panel, application, now, meeting=meeting.id)


def cancel_meeting(meeting_id: int, *, actor: Actor, now: datetime) -> None:
    """Call a meeting off. Its cases wait for another one; what it has decided stays. Everybody is told.

    Raises NotFound, NotAllowed, Conflict where it was called off already.
    """
    with transaction() as session:
        meeting = _held(session, meeting_id, actor)
        meeting.cancelled_at = now
        meeting.sequence += 1
        _record(session, actor, "meeting.cancelled", meeting, now)
        tell_members(session, meeting, "meeting_cancelled", now)
        for panel in _panels(session, meeting):
            panel.meeting_id, panel.position = None, 0


def _record(session: Session, actor: Actor, action: str, meeting: PanelMeeting, now: datetime, **detail: Any) -> None:
    record(session, actor, action, meeting, now, scheme_id=meeting.scheme_id, **detail)
