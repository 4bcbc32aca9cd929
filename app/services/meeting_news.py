"""Telling the members of a meeting, with an invitation for their calendars. No use-case of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.topics import Topic
from app.domain.uk_time import UK, spoken, uk_day
from app.models import Application, Panel, PanelMeeting, User
from app.queries.frameworks import scheme_details
from app.services.meeting_calendar import Invitation, as_ics
from app.services.telling import by_id, invite


def tell_members(
    session: Session, meeting: PanelMeeting, template: str, now: datetime, *, only: Collection[int] | None = None
) -> None:
    """Send every member, or `only` these, the message with the invitation beside it."""
    ids = [each.user_id for each in meeting.members] if only is None else list(only)
    if not ids:
        return
    agenda = _agenda(session, meeting)
    invitation = invitation_of(meeting, agenda, cancelled=template == "meeting_cancelled")

    def calendar(person: User) -> str:
        return as_ics(invitation, person.email, now)

    invite(
        session,
        by_id(session, ids),
        template,
        now,
        topic=Topic.CASES,
        calendar=calendar,
        scheme=meeting.scheme.title,
        day=uk_day(meeting.starts_at),
        time=f"{meeting.starts_at.astimezone(UK):%H:%M}",
        place=meeting.place or meeting.link,
        link_to=meeting.link,
        agenda=agenda,
        meeting_id=meeting.id,
    )


def invitation_of(meeting: PanelMeeting, agenda: Collection[str], *, cancelled: bool = False) -> Invitation:
    """What a calendar is told of the meeting."""
    scheme = scheme_details(meeting.scheme)
    return Invitation(
        meeting_id=meeting.id,
        title=f"Panel of {meeting.scheme.title}, {spoken(uk_day(meeting.starts_at))}",
        starts_at=meeting.starts_at,
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        link=meeting.link,
        organiser=scheme.awarding_body,
        organiser_email=str(scheme.details.get("contact") or ""),
        agenda=tuple(agenda),
        sequence=meeting.sequence,
        cancelled=cancelled,
    )


def _agenda(session: Session, meeting: PanelMeeting) -> list[str]:
    """The agenda in lines: "1. Brightwater Community Care"."""
    panels = session.scalars(
        select(Panel)
        .where(Panel.meeting_id == meeting.id)
        .options(joinedload(Panel.application).joinedload(Application.organisation))
        .order_by(Panel.position, Panel.id)
    ).all()
    return [f"{place}. {panel.application.organisation.name}" for place, panel in enumerate(panels, 1)]
