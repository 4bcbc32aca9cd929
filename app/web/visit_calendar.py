"""A visit as a calendar takes it: one event that is replaced, confirmed or cancelled as the plan goes on."""

from __future__ import annotations

from flask import Response, current_app
from icalendar import Calendar, Event

from app.domain.visits import VisitStatus
from app.queries.assess_visits import VisitRow

STATUS = {
    VisitStatus.PLANNED: "TENTATIVE",
    VisitStatus.CONFIRMED: "CONFIRMED",
    VisitStatus.HELD: "CONFIRMED",
    VisitStatus.CANCELLED: "CANCELLED",
}


def visit_ics(row: VisitRow, summary: str, path: str) -> Response:
    """The visit as a file. `path` is the page on which its reader finds it."""
    response = Response(_calendar(row, summary, path), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="visit-{row.visit_id}.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _calendar(row: VisitRow, summary: str, path: str) -> bytes:
    base = current_app.config["BASE_URL"]
    calendar = Calendar()
    calendar.add("prodid", "-//Touchstone//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"visit-{row.visit_id}@{base.partition('//')[2].partition('/')[0]}")
    event.add("dtstamp", row.updated_at)
    event.add("created", row.created_at)
    event.add("last-modified", row.updated_at)
    event.add("sequence", row.version - 1)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", summary)
    event.add("location", ", ".join(filter(None, (row.place, *row.sites))))
    event.add("description", "\n\n".join(filter(None, (row.how, row.meets, row.about))))
    event.add("url", base + path)
    event.add("status", STATUS[row.status])
    calendar.add_component(event)
    return bytes(calendar.to_ical())
