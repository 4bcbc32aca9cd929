"""What colleagues write to each other and hand to each other."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField

from app.services.handing_over import Handing
from app.web.fields import DayField, choices
from app.web.provider.forms import row_id


class CommentForm(FlaskForm):
    """Some words to colleagues."""

    comment = TextAreaField(
        "Comment", description="Your colleagues, and advisers who answer with you, read this. The scheme never does."
    )

    def words(self) -> str:
        """The words with line ends as they are kept."""
        return (self.comment.data or "").replace("\r\n", "\n")


class HandOverForm(FlaskForm):
    """To whom, by when, with what words."""

    to = SelectField("Colleague", validate_choice=False)
    due_on = DayField("By when", description="For example, 31 3 2026. Leave it empty if there is no hurry.")
    note = TextAreaField("Note", description="You do not have to write one. It goes with the message.")

    @classmethod
    def among(cls, colleagues: Iterable[tuple[int, str]], **kwargs: object) -> HandOverForm:
        """The form with the people who may be chosen."""
        form = cls(**kwargs)
        form.to.choices = choices([("", "Choose"), *((str(key), name) for key, name in colleagues)])
        return form

    def handing(self, codes: tuple[str, ...]) -> Handing:
        """What was entered, as plain values."""
        note = (self.note.data or "").replace("\r\n", "\n")
        return Handing(codes, row_id(self.to.data), self.due_on.data, note)
