"""A finding as somebody writes it down: an assessor in a case, a manager about a holder. It checks shape alone."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.corrective import Given
from app.domain.findings import FindingSource
from app.queries.finding_writing import GradeRow
from app.web.fields import DayField, choices

SOURCES = {
    FindingSource.SURVEILLANCE.value: "In surveillance or a spot check",
    FindingSource.COMPLAINT.value: "After a complaint",
}


class FindingForm(FlaskForm):
    """A finding as somebody writes it down."""

    place = SelectField("Where", validate_choice=False)
    grade = RadioField("How grave is it?", validate_choice=False)
    title = StringField("What is wrong, in a few words")
    words = TextAreaField("What was found, and what shows it", description="The provider will read it as you write it.")
    due_on = DayField("To be put right by (if you want to set a day)")
    source = RadioField("Where was it found?", choices=choices(SOURCES.items()), validate_choice=False)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, grades: tuple[GradeRow, ...], places: tuple[tuple[str, str], ...]) -> None:
        """Let these be chosen from."""
        self.grade.choices = choices((grade.code, grade.title) for grade in grades)
        self.place.choices = choices(places)

    def given(self) -> Given:
        """What was entered, as plain values."""
        words = (self.words.data or "").replace("\r\n", "\n")
        return Given(self.place.data or "", self.grade.data or "", self.title.data or "", words, self.due_on.data)

    def found_in(self) -> FindingSource | None:
        """Where it was found, as a manager chose it; None where nothing was chosen."""
        return FindingSource(self.source.data) if self.source.data in SOURCES else None
