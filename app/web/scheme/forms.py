"""What the scheme's office fills in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from dataclasses import replace

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Optional

from app.domain.errors import Invalid
from app.services.awards import Change
from app.services.panels import PanelPlan
from app.web.fields import CheckboxesField, DayField
from app.web.refusals import show_on


class ReasonForm(FlaskForm):
    """Why something is done; the person it concerns reads it."""

    reason = TextAreaField("Why")


class ReopenForm(FlaskForm):
    """What an assessor is to look at again, and by when."""

    note = TextAreaField("What needs another look", description="The assessor will read it.")
    due_on = DayField("Date to hand in by", required="Enter the date by which the assessment is needed.")


class SendBackForm(FlaskForm):
    """What the provider has to change."""

    note = TextAreaField("What the provider has to change", description="They will read it as you write it.")


class PanelForm(FlaskForm):
    """Who sits, who chairs, when they meet."""

    members = CheckboxesField("Members", coerce=int, validate_choice=False)
    chair = RadioField("Chair", coerce=int, validators=[Optional()], validate_choice=False)
    meets_on = DayField("Date of the meeting", required="Enter the date on which the panel meets.")

    def plan(self) -> PanelPlan:
        """What was entered, as plain values."""
        return PanelPlan(tuple(self.members.data or ()), self.chair.data, self.meets_on.data)


class AwardForm(FlaskForm):
    """Why an award changes, and what the register says of it."""

    reason = TextAreaField("Reason", description="The provider will read it. It is not published.")
    public = TextAreaField(
        "What the register says",
        description="One sentence that everybody can read. Leave out names and anything private.",
    )

    seen = HiddenField()

    def change(self) -> Change:
        """What was entered, as plain values."""
        return Change(self.reason.data or "", self.public.data or "", seen=self.seen.data or "")


class SuspensionForm(AwardForm):
    """As AwardForm, with the last day of a suspension."""

    until = DayField("Last day of the suspension", required="Enter the last day of the suspension.")
    longer = TextAreaField(
        "Why it takes longer than usual",
        description="Only if the suspension lasts longer than the scheme usually lets it.",
    )

    def change(self) -> Change:
        """What was entered, as plain values."""
        return replace(super().change(), until=self.until.data, longer=self.longer.data or "")


def show_on_list(form: FlaskForm, error: Invalid) -> None:
    """As `show_on`; what concerns a list from which nothing can be chosen goes to the form, since the list is not shown."""
    empty = {name for name in error.errors if name in form and getattr(form[name], "choices", None) == []}
    form.form_errors.extend(error.errors[name] for name in error.errors if name in empty)
    show_on(form, Invalid({name: words for name, words in error.errors.items() if name not in empty}))
