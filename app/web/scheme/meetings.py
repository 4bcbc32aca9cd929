"""Meetings of a panel for its office: called, changed, their agenda put in order."""

from __future__ import annotations

import re
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import Optional

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, Invalid
from app.domain.meetings import MeetingPlan
from app.domain.uk_time import UK
from app.edge.session import allow, me, now, today
from app.queries.meetings import CallMeetingPage, MeetingPage, call_meeting_page, meetings_page, office_meeting
from app.services import meetings
from app.web.errors import status_of
from app.web.fields import CheckboxesField, DayField, choices
from app.web.refusals import show_on
from app.web.scheme import bp

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")


class MeetingForm(FlaskForm):
    """When, where and who; and the cases, where a meeting is called."""

    day = DayField("Day of the meeting")
    time = StringField("Time", description="Such as 14:00.")
    minutes_long = IntegerField("How many minutes does it take?", validators=[Optional()])
    place = StringField("Where", description="The address and the room.")
    link = StringField("Link for those who join online")
    members = CheckboxesField("Who is called", coerce=int, validate_choice=False)
    chair = RadioField("Chair", coerce=int, validators=[Optional()], validate_choice=False)
    cases = CheckboxesField("Cases, in the order in which they have waited", coerce=int, validate_choice=False)

    def plan(self) -> MeetingPlan:
        """What was entered. A time that cannot be read leaves the moment out, which the rules then ask for."""
        clock = CLOCK.fullmatch((self.time.data or "").strip())
        starts = None
        if self.day.data and clock:
            day = self.day.data
            starts = datetime(day.year, day.month, day.day, int(clock[1]), int(clock[2]), tzinfo=UK)
        return MeetingPlan(
            starts_at=starts,
            minutes_long=self.minutes_long.data,
            place=self.place.data or "",
            link=self.link.data or "",
            members=tuple(self.members.data or ()),
            chair=self.chair.data,
        )


class AddCaseForm(FlaskForm):
    """One more case for the agenda."""

    cases = RadioField("Which case?", coerce=int, validators=[Optional()], validate_choice=False)


@bp.get("/schemes/<code>/meetings")
@allow(Action.SEE_PIPELINE)
def panel_meetings(code: str) -> ResponseReturnValue:
    return render_template("scheme/meetings.html", page=meetings_page(code, me(), now()))


@bp.route("/schemes/<code>/meetings/new", methods=["GET", "POST"])
@allow(Action.CALL_MEETING)
def call_meeting(code: str) -> ResponseReturnValue:
    page, form, status = call_meeting_page(code, me()), MeetingForm(), 200
    _offer(form, page)
    if not form.is_submitted():
        form.minutes_long.data = 120
    elif form.validate():
        try:
            cases = form.cases.data or ()
            meeting_id = meetings.call_meeting(code, form.plan(), cases, actor=me(), now=now(), today=today())
            flash("The meeting is called. Everybody gets an invitation.")
            return redirect(url_for(".panel_meeting", code=code, meeting_id=meeting_id))
        except DomainError as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("scheme/call_meeting.html", page=page, form=form, meeting=None), status


def _offer(form: MeetingForm, page: CallMeetingPage) -> None:
    form.members.choices = choices(page.members)
    form.chair.choices = choices(page.members)
    form.cases.choices = choices(page.cases)


@bp.get("/schemes/<code>/meetings/<int:meeting_id>")
@allow(Action.SEE_PIPELINE)
def panel_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    return _meeting(code, meeting_id, AddCaseForm())


def _meeting(code: str, meeting_id: int, form: AddCaseForm, status: int = 200) -> ResponseReturnValue:
    page = office_meeting(code, meeting_id, me())
    form.cases.choices = choices(call_meeting_page(code, me()).cases) if page.manages else []
    return render_template("scheme/meeting.html", page=page, form=form), status


@bp.route("/schemes/<code>/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
@allow(Action.CALL_MEETING)
def change_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    meeting, page, status = office_meeting(code, meeting_id, me()), call_meeting_page(code, me()), 200
    form = MeetingForm(data=_as_it_stands(meeting))
    _offer(form, page)
    if form.validate_on_submit():
        try:
            meetings.change_meeting(meeting_id, form.plan(), actor=me(), now=now(), today=today())
            flash("The meeting is changed. Everybody gets a new invitation.")
            return redirect(url_for(".panel_meeting", code=code, meeting_id=meeting_id))
        except DomainError as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("scheme/call_meeting.html", page=page, form=form, meeting=meeting), status


def _as_it_stands(meeting: MeetingPage) -> dict[str, object]:
    starts = meeting.starts_at.astimezone(UK)
    return {
        "day": starts.date(),
        "time": f"{starts:%H:%M}",
        "minutes_long": meeting.minutes_long,
        "place": meeting.place,
        "link": meeting.link,
        "members": [each.user_id for each in meeting.members],
        "chair": next((each.user_id for each in meeting.members if each.chair), None),
    }


@bp.post("/schemes/<code>/meetings/<int:meeting_id>/cases")
@allow(Action.CALL_MEETING)
def add_to_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    """Put one more case on the agenda."""
    office_meeting(code, meeting_id, me())
    form = AddCaseForm()
    try:
        if not form.cases.data:
            raise Invalid({"cases": "Choose a case."})
        meetings.add_case(meeting_id, form.cases.data, actor=me(), now=now(), today=today())
    except DomainError as error:
        show_on(form, error)
        return _meeting(code, meeting_id, form, status_of(error))
    flash("The case is on the agenda.")
    return redirect(url_for(".panel_meeting", code=code, meeting_id=meeting_id))


@bp.post("/schemes/<code>/meetings/<int:meeting_id>/cases/<int:panel_id>/<verb>")
@allow(Action.CALL_MEETING)
def move_on_agenda(code: str, meeting_id: int, panel_id: int, verb: str) -> ResponseReturnValue:
    """Earlier, later, or off the agenda."""
    office_meeting(code, meeting_id, me())
    try:
        if verb == "off":
            meetings.take_off(meeting_id, panel_id, actor=me(), now=now(), today=today())
            flash("The case is off the agenda. Its panel stays called.")
        else:
            meetings.move_case(meeting_id, panel_id, up=verb == "earlier", actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for(".panel_meeting", code=code, meeting_id=meeting_id))


@bp.post("/schemes/<code>/meetings/<int:meeting_id>/cancel")
@allow(Action.CALL_MEETING)
def cancel_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    office_meeting(code, meeting_id, me())
    try:
        meetings.cancel_meeting(meeting_id, actor=me(), now=now())
        flash("The meeting is called off. Everybody is told, and its cases wait for another one.")
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for(".panel_meetings", code=code))
