"""What a provider fills in to ask people what they think."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField

from app.domain.voice import NewRound
from app.queries.voice import Choices
from app.web.fields import DayField, choices

ALL = "all"
NONE = "none"


class RoundForm(FlaskForm):
    """A new round. What is asked is not in it: that is not the provider's to choose."""

    title = StringField(
        "Name of this round",
        description="Your colleagues and assessors see it. Such as “What people think, spring 2027”.",
    )
    service = RadioField("About which service?", validate_choice=False)
    edition_id = RadioField("Is it for a framework?", validate_choice=False)
    opens_on = DayField("First day", description="Leave it empty to begin today.")
    closes_on = DayField("Last day")

    @classmethod
    def offering(cls, offered: Choices) -> RoundForm:
        form = cls()
        form.service.choices = choices([(ALL, "All our services"), *offered.services])
        none = "No. Ask the statements that everybody is asked."
        frameworks = [(str(edition_id), title) for edition_id, title, _ in offered.frameworks]
        form.edition_id.choices = choices([(NONE, none), *frameworks])
        if not form.is_submitted():
            form.service.data, form.edition_id.data = ALL, NONE
        return form

    def new(self, editions: Sequence[int]) -> NewRound:
        """What was entered. A framework that is not offered counts as none."""
        chosen = self.edition_id.data or ""
        edition_id = int(chosen) if chosen.isascii() and chosen.isdecimal() and int(chosen) in editions else None
        service = "" if self.service.data in {ALL, None} else str(self.service.data)
        return NewRound(self.title.data or "", service, edition_id, self.opens_on.data, self.closes_on.data)


class InviteForm(FlaskForm):
    """Addresses to write to."""

    addresses = TextAreaField(
        "E-mail addresses",
        description="Paste as many as you like, one on each line. We write to each once, once more after a week if they "
        "have not answered, and then forget the address.",
    )


class CloseForm(FlaskForm):
    """Nothing but that it is meant."""
