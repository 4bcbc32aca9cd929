"""What an assessor fills in about visits. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

import re
from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app.domain.errors import Invalid
from app.domain.visits import NOTE_WORDS, WAY_WORDS, NoteKind, VisitWay, moment_of
from app.queries.assess_visit_notes import NotesPage, OwnNote
from app.queries.assess_visits import VisitPage, VisitsPage
from app.services.visit_draws import Wanted
from app.services.visit_notes import NewNote
from app.services.visits import VisitPlan
from app.web.fields import CheckboxesField, DayField, choices
from app.web.jinja import LONDON, clock_time, moment

HOWS = {
    "sites": "The sites that the organisation entered",
    "range": "Numbers, such as those of case records",
    "list": "A list of references",
}


def times(form: FlaskForm) -> tuple[datetime, datetime]:
    """Beginning and end as moments. Raises Invalid."""
    if form.on.data is None:
        raise Invalid({"on": "Enter the day."})
    return moment_of(form.on.data, form.at.data or "", "at"), moment_of(form.on.data, form.until.data or "", "until")


class VisitForm(FlaskForm):
    """The plan of a visit."""

    way = RadioField("How do you meet?", validators=[InputRequired("Say how you meet.")])
    on = DayField("Day", required="Enter the day.")
    at = StringField("From", description="Such as 9:30")
    until = StringField("Until", description="Such as 14:00")
    place = StringField("Where", description="An address, a link or a telephone number")
    sites = CheckboxesField("Which sites", validate_choice=False)
    goers = CheckboxesField("Who goes", validate_choice=False)
    meets = TextAreaField(
        "Whom you want to meet", description="Roles, one on each line, such as “two volunteers”. No names."
    )
    about = TextAreaField("What the provider should have ready or know")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: VisitsPage, visit: VisitPage | None, me_id: int | None) -> VisitForm:
        """The form with what can be chosen, filled from a visit where there is one."""
        form = cls(data=_of_visit(visit) if visit else {"goers": [str(me_id)], "way": VisitWay.ON_SITE.value})
        form.way.choices = choices((way.value, words) for way, words in WAY_WORDS.items())
        form.sites.choices = choices((str(site_id), name) for site_id, name in page.sites)
        form.goers.choices = choices((str(user_id), name) for user_id, name in page.assessors)
        return form

    def plan(self) -> VisitPlan:
        """What was entered, as plain values. Raises Invalid."""
        starts_at, ends_at = times(self)
        return VisitPlan(
            way=VisitWay(self.way.data),
            starts_at=starts_at,
            ends_at=ends_at,
            place=self.place.data or "",
            sites=_ids(self.sites.data),
            goers=_ids(self.goers.data),
            meets=self.meets.data or "",
            about=self.about.data or "",
        )


def _of_visit(visit: VisitPage) -> dict[str, object]:
    row = visit.row
    return {
        "way": row.way.value,
        "on": row.starts_at.astimezone(LONDON).date(),
        "at": clock_time(row.starts_at),
        "until": clock_time(row.ends_at),
        "place": row.place,
        "sites": [str(each) for each in visit.site_ids],
        "goers": [str(each) for each in visit.goer_ids],
        "meets": row.meets,
        "about": row.about,
        "version": row.version,
    }


def _ids(values: list[str] | None) -> tuple[int, ...]:
    return tuple(int(each) for each in values or () if each.isdecimal() and len(each) < 10)


class DrawForm(FlaskForm):
    """What to draw at random."""

    of = StringField("What is drawn", description="Such as files, sites or people")
    how = RadioField("What to draw from", validators=[InputRequired("Say what to draw from.")])
    population = TextAreaField(
        "The numbers or references", description="Numbers like 1-240, or one reference on each line. Never names."
    )
    size = StringField("How many", description="Leave it empty for as many as the framework asks for.")
    reason = TextAreaField("Why you draw again, or another number than the framework asks for")

    @classmethod
    def with_choices(cls) -> DrawForm:
        form = cls()
        form.how.choices = choices(HOWS.items())
        return form

    def wanted(self) -> Wanted:
        """What was entered, as plain values. Raises Invalid."""
        text = (self.size.data or "").strip()
        if text and not re.fullmatch(r"\d{1,6}", text):
            raise Invalid({"size": "Write how many as a whole number, such as 12."})
        return Wanted(
            of=(self.of.data or "").strip().lower(),
            how=self.how.data or "",
            population=self.population.data or "",
            size=int(text) if text else None,
            reason=self.reason.data or "",
        )


class RepeatForm(FlaskForm):
    """What somebody holds, to draw from it again."""

    population = TextAreaField("The numbers or references that there were")


class ReasonForm(FlaskForm):
    """Why a visit is cancelled, or its time stays."""

    reason = TextAreaField("Why", description="The provider reads it.")


class VisitNoteForm(FlaskForm):
    """What was heard, seen or read."""

    kind = RadioField("What is it a note of?", validators=[InputRequired("Say what it is a note of.")])
    role = StringField(
        "Role of the person you spoke to", description="Such as “volunteer” or “carer of a member”. No name."
    )
    criteria = StringField("On which criteria", description="Codes with commas between them, such as GOV.1.1, SAFE.1.1")
    text = TextAreaField("What you heard, saw or read", description="No names of people who use the service.")
    visit = SelectField("On which visit", validate_choice=False)
    on = DayField("Day", required="Enter the day.")
    at = StringField("Time", description="Such as 10:15")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: NotesPage, note: OwnNote | None, now: datetime) -> VisitNoteForm:
        """The form, filled from a note where there is one, else with the time it is."""
        form = cls(data=_of_note(note) if note else _of_now(now))
        form.kind.choices = choices((kind.value, words) for kind, words in NOTE_WORDS.items())
        visits = [(str(visit_id), moment(starts_at)) for visit_id, starts_at in page.visits]
        form.visit.choices = choices([("", "On none"), *visits])
        return form

    def new(self) -> NewNote:
        """What was entered, as plain values. Raises Invalid."""
        if self.on.data is None:
            raise Invalid({"on": "Enter the day."})
        codes = re.split(r"[\s,;]+", (self.criteria.data or "").strip())
        return NewNote(
            kind=NoteKind(self.kind.data),
            criteria=tuple(dict.fromkeys(filter(None, codes))),
            role=self.role.data or "",
            text=(self.text.data or "").replace("\r\n", "\n"),
            happened_at=moment_of(self.on.data, self.at.data or "", "at"),
            visit_id=next(iter(_ids([self.visit.data or ""])), None),
        )


def _of_now(now: datetime) -> dict[str, object]:
    return {"on": now.astimezone(LONDON).date(), "at": clock_time(now)}


def _of_note(note: OwnNote) -> dict[str, object]:
    return {
        "kind": note.kind.value,
        "role": note.role,
        "criteria": ", ".join(note.criteria),
        "text": note.text,
        "visit": str(note.visit_id or ""),
        "on": note.happened_at.astimezone(LONDON).date(),
        "at": clock_time(note.happened_at),
        "version": note.version,
    }
