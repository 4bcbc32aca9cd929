"""What the office fills in on an award's page: a new certificate, a return, spot checks."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from app.services.award_changes import Lower, NewScope, Reissue
from app.web.fields import CheckboxesField, DayField


class ReissueForm(FlaskForm):
    """Why a new certificate is issued, and what the register says of it."""

    reason = TextAreaField("Reason", description="The provider will read it. It is not published.")
    public = TextAreaField(
        "What the register says (optional)",
        description="One sentence that everybody can read. Left empty, it says what was done.",
    )
    seen = HiddenField()

    def change(self) -> Reissue:
        """What was entered, as plain values."""
        return Reissue(self.reason.data or "", self.public.data or "", self.seen.data or "")


class ScopeForm(ReissueForm):
    """Which services and sites the award covers from now on."""

    services = CheckboxesField("Services that it covers", validate_choice=False)
    sites = CheckboxesField(
        "Sites named on the certificate", description="Tick none to name no sites.", validate_choice=False
    )
    assessed = TextAreaField(
        "How what you add was assessed",
        description="Needed only where you add a service or a site: who looked at it, when, and what they saw.",
    )

    def change(self) -> NewScope:
        """What was entered, as plain values."""
        return NewScope(
            self.reason.data or "",
            self.public.data or "",
            self.seen.data or "",
            services=tuple(self.services.data or ()),
            sites=tuple(self.sites.data or ()),
            assessed=self.assessed.data or "",
        )


class LevelForm(ReissueForm):
    """Which lower level."""

    level = RadioField("New level", validators=[Optional()], validate_choice=False)

    def change(self) -> Lower:
        """What was entered, as plain values."""
        return Lower(self.reason.data or "", self.public.data or "", self.seen.data or "", level=self.level.data or "")


class JudgeForm(FlaskForm):
    """What comes of a return."""

    note = TextAreaField("What you say to the provider", description="Needed where you ask for more.")
    due_on = DayField("New date, where you ask for more")


class DrawForm(FlaskForm):
    """How many awards are drawn."""

    percent = IntegerField("Share of the awards, in per cent", validators=[Optional()])


class SpotAssignForm(FlaskForm):
    """Who makes a spot check, and by when."""

    assessor = SelectField("Assessor", validate_choice=False)
    due_on = DayField("To be done by", required="Enter the date by which it is to be done.")


class SeenForm(FlaskForm):
    """What was seen."""

    seen = TextAreaField("What you saw", description="The scheme reads it. Leave out what identifies people.")
