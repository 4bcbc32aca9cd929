"""What people fill in to pass the lead of an organisation on, to ask for it, and to decide on it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.domain.access import Role
from app.web.fields import choices


class HandOverForm(FlaskForm):
    """To whom, and what becomes of the giver. The page sets the colleagues."""

    person = RadioField("Who leads from now on", validators=[InputRequired("Choose a colleague.")])
    giver_becomes = RadioField(
        "What you do afterwards",
        choices=choices(
            [
                ("lead", "I lead as well"),
                ("contributor", "I go on as a contributor"),
                ("leaves", "I leave the organisation"),
            ]
        ),
        validators=[InputRequired("Choose what you do afterwards.")],
    )


class TakeOverForm(FlaskForm):
    """Why a contributor asks to lead."""

    reason = TextAreaField(
        "Why you ask",
        description="What has happened to the lead, and how you tried to reach them. Everybody in the organisation reads this.",
    )


class LetMeInForm(FlaskForm):
    """Somebody from outside an organisation that is here already."""

    which = StringField(
        "Your organisation",
        description="Its charity number, its company number, or its name just as the register has it.",
    )
    position = StringField("What you are in it", description="For example, chair of trustees or manager.")
    reason = TextAreaField("Why nobody there can let you in")
    proof = TextAreaField(
        "How we can make sure of you",
        description="Who can confirm it, and at which public address or telephone number of the organisation we reach them. "
        "For example, the one on the charity register.",
    )


class WordsForm(FlaskForm):
    """A reason: to refuse, or to object."""

    words = TextAreaField("Why")


class DecideForm(FlaskForm):
    """A scheme's decision. The page sets the choices."""

    decision = RadioField("Your decision", validators=[InputRequired("Choose what you decide.")])
    words = TextAreaField(
        "How you made sure, or why you refuse",
        description="Whom you asked, at which public number or address, and when. "
        "The organisation reads this, and it is kept.",
    )


class LetInAsForm(FlaskForm):
    """As what a lead lets somebody in."""

    role = RadioField(
        "They come in as",
        choices=choices([(Role.CONTRIBUTOR.value, "Contributor"), (Role.LEAD.value, "Lead")]),
        default=Role.LEAD.value,
    )
