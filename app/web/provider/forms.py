"""What a provider fills in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

import re
from typing import Any, Protocol

from flask_wtf import FlaskForm
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

from app.domain.framework import Criterion
from app.domain.self_assessment import Claim
from app.queries.answers import AnswerPage, Written
from app.services.applications import Declaration
from app.web.fields import CheckboxesField, choices
from app.web.provider.evidence_forms import EvidenceForm

NOT_APPLICABLE = "na"


def row_id(text: str | None) -> int | None:
    """The id that a hidden field or a choice carries; None for anything else."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None


class AnswerForm(FlaskForm):
    """One answer. `version` is that of the answer which the page showed, `was_*` what it said then."""

    point = RadioField("How far is this in place?", validators=[Optional()], validate_choice=False)
    reason = TextAreaField("Why you say so")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    was_point = HiddenField()
    was_reason = HiddenField()

    @classmethod
    def for_page(cls, page: AnswerPage) -> AnswerForm:
        """The form, filled with the answer as it stands."""
        form = cls(data=_fields(page.written.claim, page.written))
        form.point.choices = choices(point_labels(page).items())
        return form

    @classmethod
    def of_claim(cls, page: OneCriterion, claim: Claim, over: Written) -> AnswerForm:
        """The form filled with a claim that is to take the place of what is written: not with what was sent."""
        form = cls(formdata=None, data=_fields(claim, over))
        form.point.choices = choices(point_labels(page).items())
        return form

    def claim(self) -> Claim:
        """What was entered. A point that is no number is off every scale."""
        return _claim(self.point.data, self.reason.data)

    def was(self) -> Claim | None:
        """What the answer said when the page was made; None where the form does not know."""
        known = bool(self.was_reason.raw_data)
        return _claim(self.was_point.data, self.was_reason.data) if known else None


def _fields(claim: Claim, written: Written) -> dict[str, Any]:
    """What the form of a claim holds that is to take the place of what is written."""
    was = {"was_point": point_of(written.claim), "was_reason": written.claim.reason}
    return {"point": point_of(claim) or None, "reason": claim.reason, "version": written.version, **was}


def _claim(point: str | None, reason: str | None) -> Claim:
    """Words come with line ends as they are kept: browsers send them in two characters."""
    text, words = (point or "").strip(), (reason or "").replace("\r\n", "\n").strip()
    if not text or text == NOT_APPLICABLE:
        return Claim(None, text == NOT_APPLICABLE, words)
    number = row_id(text)
    return Claim(-1 if number is None else number, False, words)


def point_of(claim: Claim) -> str:
    """The choice of a claim as forms carry it; nothing where there is none."""
    if claim.not_applicable:
        return NOT_APPLICABLE
    return "" if claim.point is None else str(claim.point)


class OneCriterion(Protocol):
    """A page, or a part of one, on which one criterion is answered."""

    @property
    def criterion(self) -> Criterion: ...

    @property
    def may_leave_out(self) -> bool: ...


def point_labels(page: OneCriterion) -> dict[str, str]:
    """What can be chosen on a criterion: the points of its scale, and not applicable where that is open to choice."""
    scale = page.criterion.scale
    labels = {str(value): scale.label_of(value) for value in scale.values}
    if page.may_leave_out:
        labels[NOT_APPLICABLE] = "Not applicable"
    return labels


class ReplyForm(EvidenceForm):
    """A reply to an assessor, with evidence from the library and, if there is any, a new piece."""

    reply = TextAreaField("Your reply")
    item = SelectField("Evidence from your library", validate_choice=False)
    also = CheckboxesField("This reply also answers what was asked about", validate_choice=False)

    def also_ids(self) -> tuple[int, ...]:
        """The other questions of the same request that were ticked."""
        return tuple(found for each in self.also.data or () if (found := row_id(each)) is not None)

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
