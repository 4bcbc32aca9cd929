"""What a provider fills in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

import re

from flask import current_app
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.evidence import Brought, Contents
from app.domain.self_assessment import Claim
from app.queries.answers import AnswerPage
from app.services.applications import Declaration
from app.services.evidence import NewEvidence
from app.services.uploads import Upload
from app.web.fields import DayField, choices

NOT_APPLICABLE = "na"
KINDS = {
    Brought.DOCUMENT.value: "A file",
    Brought.LINK.value: "A link to a web page",
    Brought.STATEMENT.value: "A statement in your own words",
}


def row_id(text: str | None) -> int | None:
    """The id that a hidden field or a choice carries; None for anything else."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None


class AnswerForm(FlaskForm):
    """One answer. `version` is that of the answer which the page showed."""

    point = RadioField("How far is this in place?", validators=[Optional()], validate_choice=False)
    reason = TextAreaField("Why you say so")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: AnswerPage) -> AnswerForm:
        """The form, filled with the answer as it stands."""
        claim = page.written.claim
        point = NOT_APPLICABLE if claim.not_applicable else (None if claim.point is None else str(claim.point))
        form = cls(data={"point": point, "reason": claim.reason, "version": page.written.version})
        form.point.choices = choices(point_labels(page).items())
        return form

    def claim(self) -> Claim:
        """What was entered. A point that is no number is off every scale."""
        text = (self.point.data or "").strip()
        if not text or text == NOT_APPLICABLE:
            return Claim(None, text == NOT_APPLICABLE, self.words())
        point = row_id(text)
        return Claim(-1 if point is None else point, False, self.words())

    def words(self) -> str:
        """The reason with line ends as they are kept: browsers send them in two characters."""
        return (self.reason.data or "").replace("\r\n", "\n").strip()


def point_labels(page: AnswerPage) -> dict[str, str]:
    """What can be chosen on a criterion: the points of its scale, and not applicable where that is open to choice."""
    scale = page.criterion.scale
    labels = {str(value): scale.label_of(value) for value in scale.values}
    if page.may_leave_out:
        labels[NOT_APPLICABLE] = "Not applicable"
    return labels


class EvidenceForm(FlaskForm):
    """A new piece of evidence, or a new version of one. `shows` names what it answers of what a criterion asks for."""

    kind = RadioField("What do you want to add?", choices=choices(KINDS.items()), validate_choice=False)
    file = FileField("File")
    url = StringField("Address of the page")
    text = TextAreaField("Statement")
    title = StringField("Title", description="How colleagues and the assessor will know it.")
    issued_on = DayField("Date of issue", description="For example, 31 3 2026. Leave it empty where there is none.")
    expires_on = DayField(
        "Expiry date", description="The last day on which it counts. Leave it empty if it does not run out."
    )
    shows = SelectField("What it shows", validate_choice=False)

    def given(self) -> NewEvidence:
        """What was entered, as plain values."""
        kind = self.meant()
        contents = Contents(
            url=self.url.data or "",
            text=(self.text.data or "").replace("\r\n", "\n"),
            issued_on=self.issued_on.data,
            expires_on=self.expires_on.data,
        )
        file, upload = self.file.data, None
        if self.has_file and kind == Brought.DOCUMENT:
            upload = Upload(file.filename, file.stream, current_app.config["UPLOAD_LIMIT"])
        return NewEvidence(kind, (self.title.data or "").strip(), contents, upload)

    def meant(self) -> str:
        """The kind: the one chosen, unless only another's field is filled. Without script all three stand open."""
        chosen = self.kind.data or ""
        filled = self.filled()
        if chosen not in filled and len(filled) == 1:
            self.kind.data = filled[0]
        return self.kind.data or ""

    def filled(self) -> list[str]:
        """The kinds of which something was entered."""
        entered = {
            Brought.DOCUMENT.value: self.has_file,
            Brought.LINK.value: bool((self.url.data or "").strip()),
            Brought.STATEMENT.value: bool((self.text.data or "").strip()),
        }
        return [kind for kind, given in entered.items() if given]

    @property
    def has_file(self) -> bool:
        return bool(self.file.data and getattr(self.file.data, "filename", ""))

    @property
    def empty(self) -> bool:
        """Whether nothing at all was brought."""
        return not self.filled()


class ReplyForm(EvidenceForm):
    """A reply to an assessor, with evidence from the library and, if there is any, a new piece."""

    reply = TextAreaField("Your reply")
    item = SelectField("Evidence from your library", validate_choice=False)

    def item_ids(self) -> tuple[int, ...]:
        """The piece chosen from the library."""
        chosen = row_id(self.item.data)
        return () if chosen is None else (chosen,)


class StartForm(FlaskForm):
    """Which level to apply for."""

    target = RadioField("Which level will you apply for?", validate_choice=False)


TICK = {
    "true": "Tick that what you say is true and complete.",
    "approved": "Tick that the people who govern the organisation agree, or ask them first.",
    "shared": "Tick that the scheme may show your answers and evidence.",
    "changes": "Tick that you will tell the scheme of changes.",
}


class SubmitForm(FlaskForm):
    """The declaration with which an application is handed in."""

    true = BooleanField("What we say is true and complete, as far as we know.")
    approved = BooleanField("The people who govern the organisation know of this application and agree to it.")
    shared = BooleanField("The scheme may show our answers and evidence to its assessors and its panel.")
    changes = BooleanField("We will tell the scheme of anything that changes while it decides.")
    name = StringField("Name of the person who declares this")
    position = StringField("Position in the organisation", description="Such as chair, trustee or chief executive.")

    def declaration(self) -> Declaration:
        """What was entered, as plain values."""
        ticked = all((self.true.data, self.approved.data, self.shared.data, self.changes.data))
        return Declaration(self.name.data or "", self.position.data or "", bool(ticked))

    def tick_errors(self) -> dict[str, str]:
        """A sentence for each statement that is not ticked."""
        return {name: sentence for name, sentence in TICK.items() if not self[name].data}


class WithdrawForm(FlaskForm):
    """Taking an application back."""

    reason = TextAreaField("Why you withdraw it", description="You do not have to say. The scheme reads it.")
    sure = HiddenField()
