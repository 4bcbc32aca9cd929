"""The forms of lists and teams: their shape alone. What they may say is checked further down."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from app.domain.choosing import VERDICT_WORDS
from app.services.shortlists import Described
from app.web.fields import DayField, choices

NEW = "new"


class ListForm(FlaskForm):
    """What a list is called and for."""

    name = StringField("Name of the list", description="Such as: Befriending in Lancaster, autumn 2026.")
    purpose = TextAreaField(
        "What it is for", description="The need, and how you will choose. It is shown to those with whom you share it."
    )
    criteria = TextAreaField(
        "How you searched",
        description="The address of your search, or a sentence about it. It goes into the procurement file.",
    )
    version = HiddenField()

    def described(self) -> Described:
        return Described(self.name.data or "", self.purpose.data or "", self.criteria.data or "")


class NewListForm(ListForm):
    """A new list, and whose it is: "" for oneself, else a team's id."""

    team = SelectField("Whose list it is", choices=choices([("", "Mine alone")]), validate_choice=False)

    @property
    def team_id(self) -> int | None:
        return int(self.team.data) if str(self.team.data or "").isdecimal() else None


class AddForm(FlaskForm):
    """Onto which list: one's own lists by id, or a new one."""

    list = RadioField("Which list?", validate_choice=False)
    name = StringField("Name of the new list")
    team = SelectField("Whose list it is", choices=choices([("", "Mine alone")]), validate_choice=False)


class ItemForm(FlaskForm):
    """What is written beside a provider."""

    note = TextAreaField("Note")
    verdict = SelectField(
        "Decision", choices=choices((verdict.value, words) for verdict, words in VERDICT_WORDS.items())
    )
    version = HiddenField()


class ShareForm(FlaskForm):
    """A link to a list."""

    words = StringField("Who it is for", description="For you to remember. They do not see it.")
    with_notes = BooleanField("Show our notes and decisions too")
    ends_on = DayField(
        "Last day on which it works", description="Leave it empty for a link that works until you end it."
    )


class TeamForm(FlaskForm):
    """What a team is called."""

    name = StringField("Name of the team")
    organisation = StringField("The organisation that you work for", description="You can leave this empty.")
    version = HiddenField()


class InviteForm(FlaskForm):
    """Whom to invite."""

    email = StringField("E-mail address")


class LockForm(FlaskForm):
    """What goes into the procurement file beside what the register says."""

    on_behalf = StringField("On whose behalf", description="It stands in the file, so that a reader knows who made it.")
    reasons = TextAreaField("Why you chose as you did", description="In your own words. You cannot change it later.")
    criteria = TextAreaField("How you searched", description="The address of your search, or a sentence about it.")
    with_notes = BooleanField("Put our notes and decisions into the file")
    as_of = DayField("As of which day", description="Today, or an earlier day.")
