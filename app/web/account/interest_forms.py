"""The forms of a register of interests. Shape alone; what an entry needs is in app.domain.interests."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.domain.impartiality import TieKind, Whose
from app.domain.interests import KIND_WORDS, WHOSE_WORDS, Given
from app.queries.interests import InterestRow
from app.web.fields import DayField, choices

KINDS = choices((kind.value, words) for kind, words in KIND_WORDS.items())
WHOSE = choices((whose.value, words) for whose, words in WHOSE_WORDS.items())


class InterestForm(FlaskForm):
    """One interest in one organisation."""

    organisation = StringField(
        "Which organisation?",
        [InputRequired("Enter the name of the organisation.")],
        description="Its name in full, whether or not it is known here.",
    )
    kind = RadioField("What joins you to it?", [InputRequired("Choose what joins you to it.")], choices=KINDS)
    whose = RadioField("Whose interest is it?", [InputRequired("Choose whose interest it is.")], choices=WHOSE)
    nature = TextAreaField(
        "What is it, in a sentence?",
        [InputRequired("Say in a sentence what the interest is.")],
        description="The managers and auditors of your schemes read it. Providers do not.",
    )
    since_on = DayField("Since when?", description="Leave it empty if you do not know.")
    until_on = DayField("Until when?", description="The last day. Leave it empty while the interest lasts.")

    def given(self) -> Given:
        """What was entered, once the form is valid."""
        return Given(
            organisation=self.organisation.data or "",
            kind=TieKind(self.kind.data),
            nature=self.nature.data or "",
            whose=Whose(self.whose.data),
            since_on=self.since_on.data,
            until_on=self.until_on.data,
        )


class CorrectForm(InterestForm):
    """An entry put down anew, and what was wrong. The organisation stays."""

    because = StringField(
        "What was wrong?",
        [InputRequired("Say what was wrong. The scheme reads it.")],
        description="The scheme reads it.",
    )

    @classmethod
    def about(cls, row: InterestRow, **kwargs: Any) -> CorrectForm:
        values = {
            "organisation": row.organisation,
            "kind": row.kind,
            "whose": row.whose,
            "nature": row.nature,
            "since_on": row.since_on,
            "until_on": row.until_on,
        }
        form = cls(data=values, **kwargs)
        form.organisation.data, form.organisation.raw_data = row.organisation, [row.organisation]
        return form


class EndForm(FlaskForm):
    """The last day of an interest."""

    until_on = DayField("What was its last day?", required="Enter the last day of the interest.")
