"""The plan as a calendar (RFC 5545), to download once or to subscribe to at a private address."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from app.domain.access import Action
from app.domain.errors import NotFound
from app.domain.plan import STATE_WORDS, STILL_TO_DO, ActionState
from app.edge.session import allow, me, now, today
from app.queries import plan_feeds as queries
from app.queries.plan import ActionRow
from app.services import plan_feeds
from app.web.provider import bp

MEDIA_TYPE = "text/calendar"
KEPT = timedelta(days=60)
"""So long what is done or dropped stays in a calendar: one that was subscribed to takes it away after that."""
LONGEST_NOTES = 1_000


@bp.route("/organisations/<int:organisation_id>/plan/calendar", methods=["GET", "POST"])
@allow(Action.SEE_PLAN)
def plan_calendar(organisation_id: int) -> ResponseReturnValue:
    """Download, or make a private address, which is shown once."""
    page = queries.calendar_page(organisation_id, me())
    if request.method == "GET":
        return render_template("provider/plan_calendar.html", page=page, address="")
    if request.form.get("then") == "end":
        plan_feeds.end_feed(organisation_id, actor=me(), now=now())
        flash("The private address is dead now. Calendars that used it get nothing more.")
        return redirect(url_for(".plan_calendar", organisation_id=organisation_id))
    only_mine = request.form.get("whose") != "all"
    token = plan_feeds.make_feed(organisation_id, only_mine=only_mine, actor=me(), now=now())
    address = current_app.config["BASE_URL"] + url_for(".plan_feed", token=token)
    page = queries.calendar_page(organisation_id, me())
    response = current_app.make_response(render_template("provider/plan_calendar.html", page=page, address=address))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/organisations/<int:organisation_id>/plan.ics")
@allow(Action.SEE_PLAN)
def plan_ics(organisation_id: int) -> Response:
    only_mine = request.args.get("owner") == "me"
    found = queries.calendar_of(organisation_id, me(), today(), only_mine=only_mine)
    name = "my-actions.ics" if only_mine else "improvement-plan.ics"
    response = Response(ics(found, today()), mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/calendars/<token>.ics")
@allow(Action.USE_PUBLIC_SITE)
def plan_feed(token: str) -> Response:
    """What a calendar program reads, which cannot sign in: the address itself is the secret."""
    try:
        found = queries.calendar_at(token, today())
    except NotFound as error:
        return Response(f"{error.message}\n", status=404, mimetype="text/plain")
    response = Response(ics(found, today()), mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def ics(found: queries.Calendar, on: date) -> bytes:
    """The actions that have a date as all-day events: most calendars leave tasks out, and a day needs no time zone.

    An action keeps its UID for ever; SEQUENCE rises with every change. What was done is said to be, what was dropped is
    cancelled, for two months.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Touchstone//Improvement plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = f"{found.organisation}: {'my actions' if found.only_mine else 'improvement plan'}"
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for row in found.rows:
        if row.due_on is not None and (row.state in STILL_TO_DO or (row.ended_on and row.ended_on >= on - KEPT)):
            calendar.add_component(_event(row, row.due_on, found.organisation))
    return bytes(calendar.to_ical())


def _event(row: ActionRow, due_on: date, organisation: str) -> Event:
    event = Event()
    address = current_app.config["BASE_URL"] + url_for("provider.plan_action", action_id=row.action_id)
    host = current_app.config["BASE_URL"].partition("//")[2].partition("/")[0]
    event.add("uid", f"action-{row.action_id}@{host}")
    event.add("dtstamp", row.updated_at)
    event.add("created", row.created_at)
    event.add("last-modified", row.updated_at)
    event.add("sequence", row.version - 1)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", f"{'Done: ' if row.state is ActionState.DONE else ''}{row.title}")
    event.add("description", _description(row, organisation, address))
    event.add("url", address)
    event.add("status", "CANCELLED" if row.state is ActionState.DROPPED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["Improvement plan"])
    return event


def _description(row: ActionRow, organisation: str, address: str) -> str:
    notes = row.notes if len(row.notes) <= LONGEST_NOTES else f"{row.notes[:LONGEST_NOTES].rstrip()}…"
    lines = [f"{row.owner or 'Nobody yet'} · {STATE_WORDS[row.state]} · {organisation}", row.about, notes, address]
    return "\n\n".join(line for line in lines if line)
