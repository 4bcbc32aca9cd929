"""The invitation that goes with a meeting's e-mail, for people's own calendars (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vText

from app.domain.meetings import ends_at
from app.services.letters import BASE_URL_MARK


@dataclass(frozen=True)
class Invitation:
    """What a calendar is told of a meeting. `sequence` rises with every change; `cancelled` takes it out again."""

    meeting_id: int
    title: str
    starts_at: datetime
    minutes_long: int
    place: str
    link: str
    organiser: str
    organiser_email: str
    agenda: Sequence[str]
    sequence: int
    cancelled: bool = False


def as_ics(invitation: Invitation, attendee: str, now: datetime, base_url: str = BASE_URL_MARK) -> str:
    """The invitation as iCalendar for one attendee; without one, something to put into a calendar by hand. Its times are in UTC, so that no change of the clock moves them.

    It names the cases in no way that tells more than the agenda does: calendars are often shared.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Touchstone//Panel meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if invitation.cancelled else "REQUEST" if attendee else "PUBLISH")
    event = Event()
    event.add("uid", f"panel-meeting-{invitation.meeting_id}@touchstone")
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("dtend", ends_at(invitation.starts_at, invitation.minutes_long).astimezone(UTC))
    event.add("summary", invitation.title)
    event.add("location", invitation.place or invitation.link)
    address = f"{base_url}/panels/meetings/{invitation.meeting_id}"
    event.add("description", "\n".join([*invitation.agenda, *([invitation.link] if invitation.link else []), address]))
    event.add("status", "CANCELLED" if invitation.cancelled else "CONFIRMED")
    if invitation.organiser_email:
        organiser = vCalAddress(f"mailto:{invitation.organiser_email}")
        organiser.params["cn"] = vText(invitation.organiser)
        event["organizer"] = organiser
    if attendee:
        event.add("attendee", f"mailto:{attendee}")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())
