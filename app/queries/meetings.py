"""Meetings of a panel: the list, the agenda with who must leave for which case, and what could be put on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.access import Action, Actor, Role, Subject, may
from app.domain.errors import NotFound
from app.domain.lifecycle import ApplicationStatus, PanelStatus
from app.domain.meetings import ends_at
from app.extensions import db
from app.models import Application, MeetingMember, Panel, PanelMeeting, PanelSeat, SchemePost, User
from app.queries.frameworks import framework_of, scheme_details
from app.queries.outcomes import level_title
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.votes import decided_words

MOST = 100
NOT_HERE = "There is no such page, or it is not open to you."


@dataclass(frozen=True)
class MemberRow:
    """Somebody who is called to a meeting."""

    user_id: int
    name: str
    lay: bool
    chair: bool


@dataclass(frozen=True)
class ItemRow:
    """One case on an agenda. `leaving` are those called to the meeting who have no part in it, and why in a word.

    `chair` names who takes the chair where that is not the meeting's own. `state` is where it stands.
    """

    panel_id: int
    application_id: int
    number: int
    provider: str
    framework: str
    target: str
    leaving: tuple[tuple[str, str], ...]
    undeclared: tuple[str, ...]
    chair: str
    state: str
    decided: bool
    own: bool


@dataclass(frozen=True)
class MeetingPage:
    """One meeting with its agenda. `own` of its items tells whether the reader sits on it; `chairs` whether they chair."""

    meeting_id: int
    scheme_code: str
    scheme: str
    awarding_body: str
    colour: str
    starts_at: datetime
    ends_at: datetime
    minutes_long: int
    place: str
    link: str
    chair: str
    chairs: bool
    manages: bool
    cancelled: bool
    members: tuple[MemberRow, ...]
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list."""

    meeting_id: int
    starts_at: datetime
    place: str
    chair: str
    cases: int
    undecided: int
    cancelled: bool


@dataclass(frozen=True)
class MeetingsPage:
    """The meetings of a scheme, those to come first."""

    scheme: SchemeRow
    to_come: tuple[MeetingRow, ...]
    past: tuple[MeetingRow, ...]


@dataclass(frozen=True)
class CallMeetingPage:
    """What a meeting can be called from: (id, words) of panel members and of cases that wait for a panel."""

    scheme: SchemeRow
    members: tuple[tuple[int, str], ...]
    cases: tuple[tuple[int, str], ...]


def meetings_page(code: str, actor: Actor, now: datetime) -> MeetingsPage:
    """The newest 100 meetings of a scheme. Three statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    found = db.session.scalars(
        select(PanelMeeting)
        .where(PanelMeeting.scheme_id == scheme.scheme_id)
        .options(joinedload(PanelMeeting.chair), selectinload(PanelMeeting.panels))
        .order_by(PanelMeeting.starts_at.desc(), PanelMeeting.id.desc())
        .limit(MOST)
    ).all()
    rows = [(_meeting_row(each), each) for each in found]
    return MeetingsPage(
        scheme=scheme,
        to_come=tuple(row for row, each in reversed(rows) if each.starts_at >= now),
        past=tuple(row for row, each in rows if each.starts_at < now),
    )


def _meeting_row(meeting: PanelMeeting) -> MeetingRow:
    return MeetingRow(
        meeting_id=meeting.id,
        starts_at=meeting.starts_at,
        place=meeting.place or meeting.link,
        chair=meeting.chair.name,
        cases=len(meeting.panels),
        undecided=sum(panel.status in (PanelStatus.CALLED, PanelStatus.VOTE_CLOSED) for panel in meeting.panels),
        cancelled=meeting.cancelled_at is not None,
    )


def call_meeting_page(code: str, actor: Actor) -> CallMeetingPage:
    """Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.CALL_MEETING)
    people = db.session.execute(
        select(User.id, User.name, SchemePost.lay)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme.scheme_id, SchemePost.role == Role.PANEL_MEMBER, User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(300)
    )
    return CallMeetingPage(
        scheme=scheme,
        members=tuple((who, f"{name} (lay)" if lay else name) for who, name, lay in people),
        cases=_waiting(scheme.scheme_id),
    )


def _waiting(scheme_id: int) -> tuple[tuple[int, str], ...]:
    """The cases that wait for a panel, or whose panel was to meet on its own: those that wait longest first."""
    alone = select(Panel.application_id).where(
        Panel.meeting_id.is_(None), Panel.status.in_((PanelStatus.CALLED, PanelStatus.VOTE_CLOSED))
    )
    found = db.session.scalars(
        select(Application)
        .where(
            Application.scheme_id == scheme_id,
            (Application.status == ApplicationStatus.ASSESSED)
            | ((Application.status == ApplicationStatus.WITH_PANEL) & Application.id.in_(alone)),
        )
        .options(joinedload(Application.organisation), joinedload(Application.edition))
        .order_by(Application.status_at, Application.id)
        .limit(MOST)
    )
    return tuple((each.id, f"{each.organisation.name}, {each.edition.title} {each.edition.edition}") for each in found)


def office_meeting(code: str, meeting_id: int, actor: Actor) -> MeetingPage:
    """A meeting for the office of its scheme. Six statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    meeting = _meeting(meeting_id)
    if meeting.scheme_id != scheme.scheme_id:
        raise NotFound(NOT_HERE)
    return _page(meeting, actor)


def own_meeting(meeting_id: int, actor: Actor) -> MeetingPage:
    """A meeting for those who are called to it, and for the office. Raises NotFound."""
    meeting = _meeting(meeting_id)
    called = any(each.user_id == actor.user_id for each in meeting.members)
    sits = called and may(actor, Action.SEE_PANELS, Subject(scheme_id=meeting.scheme_id))
    if not sits and not may(actor, Action.SEE_PIPELINE, Subject(scheme_id=meeting.scheme_id)):
        raise NotFound(NOT_HERE)
    return _page(meeting, actor)


def _meeting(meeting_id: int) -> PanelMeeting:
    panels = selectinload(PanelMeeting.panels)
    meeting = db.session.get(
        PanelMeeting,
        meeting_id,
        options=[
            joinedload(PanelMeeting.scheme),
            joinedload(PanelMeeting.chair),
            selectinload(PanelMeeting.members).joinedload(MeetingMember.user),
            panels.selectinload(Panel.seats).joinedload(PanelSeat.user),
            panels.joinedload(Panel.decision),
            panels.joinedload(Panel.application).joinedload(Application.organisation),
            panels.joinedload(Panel.application).joinedload(Application.edition),
        ],
    )
    if meeting is None:
        raise NotFound(NOT_HERE)
    return meeting


def _page(meeting: PanelMeeting, actor: Actor) -> MeetingPage:
    scheme = scheme_details(meeting.scheme)
    return MeetingPage(
        meeting_id=meeting.id,
        scheme_code=scheme.code,
        scheme=scheme.title,
        awarding_body=scheme.awarding_body,
        colour=scheme.brand["colour"],
        starts_at=meeting.starts_at,
        ends_at=ends_at(meeting.starts_at, meeting.minutes_long),
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        link=meeting.link,
        chair=meeting.chair.name,
        chairs=actor.user_id == meeting.chair_id,
        manages=may(actor, Action.CALL_MEETING, Subject(scheme_id=meeting.scheme_id)),
        cancelled=meeting.cancelled_at is not None,
        members=tuple(
            MemberRow(each.user_id, each.user.name, each.lay, each.user_id == meeting.chair_id)
            for each in meeting.members
        ),
        items=tuple(_item(meeting, panel, place, actor) for place, panel in enumerate(meeting.panels, 1)),
    )


def _item(meeting: PanelMeeting, panel: Panel, place: int, actor: Actor) -> ItemRow:
    application = panel.application
    framework = framework_of(application.edition)
    sitting = [seat for seat in panel.seats if not seat.conflicted]
    return ItemRow(
        panel_id=panel.id,
        application_id=application.id,
        number=place,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        target=level_title(framework, application.target),
        leaving=_leaving(meeting.members, panel.seats),
        undeclared=tuple(seat.user.name for seat in sitting if seat.declared_at is None),
        chair=next((seat.user.name for seat in sitting if seat.user_id == panel.chair_id != meeting.chair_id), ""),
        state=_state(panel),
        decided=panel.decision is not None,
        own=any(seat.user_id == actor.user_id for seat in sitting),
    )


def _leaving(members: Sequence[MeetingMember], seats: Sequence[PanelSeat]) -> tuple[tuple[str, str], ...]:
    """Who of those called leaves for a case: who stood aside, and who was never given a seat because something bars them."""
    by_user = {seat.user_id: seat for seat in seats}
    found = []
    for member in members:
        seat = by_user.get(member.user_id)
        if seat is None:
            found.append((member.user.name, "may not sit on it"))
        elif seat.conflicted:
            found.append((member.user.name, "stood aside"))
    return tuple(found)


def _state(panel: Panel) -> str:
    if panel.decision is not None:
        return decided_words(framework_of(panel.application.edition), panel.decision)
    return {
        PanelStatus.CALLED: "To be decided",
        PanelStatus.VOTE_CLOSED: "The vote is closed",
        PanelStatus.STOOD_DOWN: "Taken back by the provider",
    }.get(panel.status, "To be decided")
