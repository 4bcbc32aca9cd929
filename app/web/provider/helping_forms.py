"""What is filled in about people from outside, sites and members. Shape alone; the rules are in the services."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import EmailInput, HiddenInput

from app.domain.access import GIVEN_TO_ADVISERS, Right
from app.domain.parts import SiteKind
from app.queries.advising import AdviserRow
from app.services.advising import Help
from app.services.sites import SiteFacts
from app.web.fields import CheckboxesField, DayField, choices

RIGHT_TITLES = {
    Right.SEE: "See your home, applications and answers",
    Right.PROFILE: "Change the profile",
    Right.ANSWER: "Write answers and comments",
    Right.EVIDENCE: "Open the evidence library and add to it",
    Right.REPLY: "Reply to assessors’ questions",
    Right.PLAN: "Work on the improvement plan",
    Right.FEEDBACK: "Ask people for feedback and read the results",
    Right.PACK: "Prepare pre-qualification packs",
    Right.PART: "Answer the part of their own organisation",
}
RIGHT_MEANINGS = {
    Right.SEE: "Goes with each of the others.",
    Right.EVIDENCE: "Without this they see the titles of what stands behind an answer, and cannot open it.",
    Right.PACK: "Only a lead of yours can share a pack.",
}


class RightsForm(FlaskForm):
    """What an adviser may do, for whom they work, and until when. `version` is that of the grant shown."""

    rights = CheckboxesField("What they may do", validate_choice=False)
    works_for = StringField(
        "Where they work (optional)", description="For example the umbrella body or council for voluntary service."
    )
    ends_on = DayField("Last day (optional)")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def of(cls, row: AdviserRow) -> RightsForm:
        """The form, filled with the rights as they stand."""
        rights = [right.value for right in row.rights]
        values = {"rights": rights, "works_for": row.works_for, "ends_on": row.ends_on, "version": row.version}
        return cls(data=values)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.rights.choices = choices((right.value, RIGHT_TITLES[right]) for right in GIVEN_TO_ADVISERS)

    def help(self) -> Help:
        """What was entered. A right that is not offered is none."""
        given = frozenset(Right(value) for value in self.rights.data or () if value in set(GIVEN_TO_ADVISERS))
        return Help(given, self.works_for.data or "", self.ends_on.data)


class AdviserForm(RightsForm):
    """The same, for somebody who is invited."""

    email = StringField("Their e-mail address", [InputRequired("Enter their e-mail address.")], widget=EmailInput())

    @classmethod
    def fresh(cls) -> AdviserForm:
        """An empty form: to see and to answer is what most are asked to help with."""
        return cls(data={"rights": [Right.SEE.value, Right.ANSWER.value]})


SITE_KINDS = {SiteKind.PLACE: "A place", SiteKind.SERVICE: "A service that is run on its own"}


class SiteForm(FlaskForm):
    """A place, or a service run on its own. `version` is that of the site shown."""

    name = StringField("Name", description="As your colleagues call it, for example “Elm House”.")
    kind = RadioField("What is it?", validators=[Optional()], validate_choice=False)
    about = StringField("Address, or what the service does (optional)")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices((kind.value, words) for kind, words in SITE_KINDS.items())

    def facts(self) -> SiteFacts:
        """What was entered. A kind that is not offered is none."""
        chosen = self.kind.data if self.kind.data in set(SiteKind) else None
        return SiteFacts(self.name.data or "", SiteKind(chosen) if chosen else None, self.about.data or "")


class MemberForm(FlaskForm):
    """Who is asked to join with their organisation."""

    email = StringField(
        "E-mail address of somebody who leads it",
        [InputRequired("Enter the e-mail address of somebody who leads the organisation.")],
        widget=EmailInput(),
    )
