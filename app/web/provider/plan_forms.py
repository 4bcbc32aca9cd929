"""What is entered for the improvement plan."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField

from app.domain.plan import Source, Wanted
from app.queries.plan import ActionRow
from app.web.fields import DayField, choices
from app.web.provider.forms import row_id

Colleagues = Iterable[tuple[int, str]]
BY_WHEN = "For example, 31 3 2027. You can leave it empty and decide later."


class OwnerForm(FlaskForm):
    """Whose it is and by when."""

    owner = SelectField("Who does it", validate_choice=False)
    owner_name = StringField(
        "Or the name of somebody else", description="For somebody without an account here, such as a trustee."
    )
    due_on = DayField("By when", description=BY_WHEN)

    def offer(self, colleagues: Colleagues) -> None:
        self.owner.choices = choices(
            [("", "Nobody yet, or somebody else"), *((str(key), name) for key, name in colleagues)]
        )


class ActionForm(OwnerForm):
    """One action."""

    title = StringField("What is to be done", description="One thing, in a few words, such as “Renew the fire policy”.")
    notes = TextAreaField("Notes", description="Anything that helps whoever does it. You do not have to write any.")
    version = IntegerField()

    @classmethod
    def for_row(cls, row: ActionRow, colleagues: Colleagues) -> ActionForm:
        """The form as the action stands. Somebody who has left stays its owner until another is chosen."""
        known = list(colleagues)
        if row.owner_id is not None and row.owner_id not in {key for key, _ in known}:
            known.append((row.owner_id, row.owner))
        form = cls(
            data={
                "title": row.title,
                "notes": row.notes,
                "owner": str(row.owner_id or ""),
                "owner_name": "" if row.owner_id else row.owner,
                "due_on": row.due_on,
                "version": row.version,
            }
        )
        form.offer(known)
        return form

    def wanted(
        self, application_id: int | None = None, criterion_code: str = "", source: Source = Source.FREE
    ) -> Wanted:
        """What was entered, as plain values."""
        return Wanted(
            title=self.title.data or "",
            notes=(self.notes.data or "").replace("\r\n", "\n"),
            owner_id=row_id(self.owner.data),
            owner_name=self.owner_name.data or "",
            due_on=self.due_on.data,
            application_id=application_id,
            criterion_code=criterion_code,
            source=source,
        )


class DropForm(FlaskForm):
    """Why an action is dropped."""

    reason = TextAreaField("Why is it dropped?", description="Whoever reads the plan later wants to know.")


class ManyForm(OwnerForm):
    """Several actions at once: those chosen, with one owner and one date."""

    chosen = HiddenField()
