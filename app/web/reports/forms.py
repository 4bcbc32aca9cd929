"""What those who make a report fill in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.report_check import Answered
from app.web.fields import DayField, choices


class BeginForm(FlaskForm):
    """Why another report is needed; nothing for the first."""

    reason = TextAreaField("Why another report is needed", description="The panel and the provider will read it.")


class ParagraphForm(FlaskForm):
    """The words of one paragraph. `version` is that of the paragraph which the page showed."""

    text = TextAreaField("Words of this paragraph")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class SendForm(FlaskForm):
    """The last day of the provider's check."""

    due_on = DayField("Last day to comment", required="Enter the last day on which the provider can comment.")


class WhyForm(FlaskForm):
    """Why a report is taken back."""

    why = TextAreaField("Why you take it back", description="The provider will read it.")


class AnswerForm(FlaskForm):
    """What the assessors make of a comment."""

    answered = RadioField(
        "What do you make of it?",
        choices=choices(
            [
                (Answered.ACCEPTED.value, "Accepted: the words are changed"),
                (Answered.NOT_ACCEPTED.value, "Not accepted"),
            ]
        ),
        validate_choice=False,
    )
    answer = TextAreaField("Your answer", description="The provider and the panel will read it.")


class SignForm(FlaskForm):
    """The lead assessor's confirmation."""

    confirmed = BooleanField("I led this assessment, and this report says what it found.")
