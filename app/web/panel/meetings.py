"""A meeting for those who are called to it: its agenda on a page, on paper and in a calendar."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.certificates.agenda import AgendaFacts, AgendaItem, agenda_pdf
from app.domain.access import Action
from app.domain.uk_time import UK, spoken
from app.edge.session import allow, me, now
from app.queries.meetings import MeetingPage, own_meeting
from app.services import voting
from app.services.meeting_calendar import Invitation, as_ics
from app.web.fields import CheckboxesField, choices
from app.web.panel import bp


class ThereForm(FlaskForm):
    """Who is at the meeting."""

    present = CheckboxesField("Who is there?", coerce=int, validate_choice=False)


@bp.get("/panels/meetings/<int:meeting_id>")
@allow(Action.SEE_PANELS)
def meeting(meeting_id: int) -> ResponseReturnValue:
    return render_template("panel/meeting.html", page=own_meeting(meeting_id, me()))


@bp.get("/panels/meetings/<int:meeting_id>/agenda.pdf")
@allow(Action.SEE_PANELS)
def agenda(meeting_id: int) -> ResponseReturnValue:
    page = own_meeting(meeting_id, me())
    pdf = agenda_pdf(_facts(page), Path(current_app.config["FONT_DIR"]))
    return _file(pdf, "application/pdf", f"agenda-{meeting_id}.pdf")


def _facts(page: MeetingPage) -> AgendaFacts:
    starts, ends = page.starts_at.astimezone(UK), page.ends_at.astimezone(UK)
    return AgendaFacts(
        awarding_body=page.awarding_body,
        scheme=page.scheme,
        when=f"{spoken(starts.date())}, {starts:%H:%M} to {ends:%H:%M}",
        place=page.place,
        link=page.link,
        members=[f"{each.name}{', chair' if each.chair else ''}{', lay' if each.lay else ''}" for each in page.members],
        items=[
            AgendaItem(
                each.provider,
                f"{each.framework}{f', for {each.target}' if each.target else ''}",
                [f"{name} ({why})" for name, why in each.leaving],
                each.chair,
            )
            for each in page.items
        ],
        colour=page.colour,
    )


@bp.get("/panels/meetings/<int:meeting_id>/meeting.ics")
@allow(Action.SEE_PANELS)
def meeting_ics(meeting_id: int) -> ResponseReturnValue:
    page = own_meeting(meeting_id, me())
    invitation = Invitation(
        meeting_id=page.meeting_id,
        title=f"Panel of {page.scheme}",
        starts_at=page.starts_at,
        minutes_long=page.minutes_long,
        place=page.place,
        link=page.link,
        organiser=page.awarding_body,
        organiser_email="",
        agenda=tuple(f"{each.number}. {each.provider}" for each in page.items),
        sequence=0,
        cancelled=page.cancelled,
    )
    words = as_ics(invitation, "", now(), current_app.config["BASE_URL"])
    return _file(words.encode(), "text/calendar", f"meeting-{meeting_id}.ics")


def _file(data: bytes, media_type: str, name: str) -> ResponseReturnValue:
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/panels/meetings/<int:meeting_id>/presence", methods=["GET", "POST"])
@allow(Action.DECIDE)
def meeting_presence(meeting_id: int) -> ResponseReturnValue:
    """Who is there, for every case of the meeting that its reader chairs."""
    page = own_meeting(meeting_id, me())
    form = ThereForm(data={"present": [each.user_id for each in page.members]})
    form.present.choices = choices((each.user_id, each.name) for each in page.members)
    if form.validate_on_submit():
        count = voting.record_presence_at(meeting_id, form.present.data or (), actor=me(), now=now())
        flash(f"Recorded for {count} case{'' if count == 1 else 's'}. Who stands aside from a case is left out of it.")
        return redirect(url_for(".meeting", meeting_id=meeting_id))
    return render_template("panel/meeting_presence.html", page=page, form=form), 422 if form.errors else 200
