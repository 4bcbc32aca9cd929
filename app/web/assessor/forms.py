"""What an assessor fills in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app.domain.confidence import WORDS as CONFIDENCE_WORDS
from app.domain.confidence import Confidence
from app.domain.framework import NotApplicableRule, Scale
from app.queries.assess_beside import NoteRow
from app.queries.scoring import ScorePage
from app.services.assessments import GivenScore
from app.services.recommendations import Recommendation
from app.web.fields import DayField, choices

NOT_APPLICABLE, NOT_RATED = "na", "nr"
NOTE = "note"
CONFLICT = {"no": "I have none", "yes": "I have, or may seem to have, an interest"}
OUTCOMES = {
    "award": "Award",
    "award-with-conditions": "Award with conditions",
    "defer": "Defer: more is needed first",
    "refuse": "Refuse",
}


def point_labels(page: ScorePage) -> dict[str, str]:
    """What can be chosen on this criterion: the points of its scale, and the states that are open to choice."""
    return scale_labels(page.criterion.scale)


def scale_labels(scale: Scale) -> dict[str, str]:
    """The points of a scale by what a form sends for each, and the states beside them that may be chosen."""
    labels = {str(value): scale.label_of(value) for value in scale.values}
    if scale.not_applicable is NotApplicableRule.WITH_REASON:
        labels[NOT_APPLICABLE] = "Not applicable"
    if scale.not_rated is NotApplicableRule.WITH_REASON:
        labels[NOT_RATED] = "Not rated: I could not tell"
    return labels


def chosen(page: ScorePage) -> str | None:
    """What the page's score chose among these; None where there is no score."""
    if page.not_applicable:
        return NOT_APPLICABLE
    return NOT_RATED if page.not_rated else (None if page.point is None else str(page.point))


class DeclarationForm(FlaskForm):
    """Interests, before any access to the case."""

    conflict = RadioField(
        "Do you have an interest in this organisation?",
        choices=choices(CONFLICT.items()),
        validators=[InputRequired("Say whether you have an interest.")],
    )
    words = TextAreaField("What is the interest?")


class ScoreForm(FlaskForm):
    """A score with its reason. `version` is that of the score that the page showed."""

    point = RadioField("Your score", validators=[Optional()], validate_choice=False)
    reason = TextAreaField("Why, and what shows it")
    confidence = RadioField("How sure are you?", validators=[Optional()], validate_choice=False)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: ScorePage) -> ScoreForm:
        """The form, filled with the score as it stands."""
        sure = page.confidence.value if page.confidence else None
        form = cls(data={"point": chosen(page), "reason": page.reason, "confidence": sure, "version": page.version})
        form.point.choices = choices(point_labels(page).items())
        form.confidence.choices = choices((each.value, CONFIDENCE_WORDS[each]) for each in Confidence)
        return form

    def given(self) -> GivenScore:
        """What was entered, as plain values. A point that is no number is off every scale."""
        text = self.point.data or ""
        number = int(text) if text.isdecimal() and len(text) < 10 else None
        off = -1 if text and number is None and text not in (NOT_APPLICABLE, NOT_RATED) else number
        reason, version = self.reason.data or "", self.version.data or 0
        sure = self.confidence.data
        confidence = Confidence(sure) if sure in set(Confidence) else None
        return GivenScore(off, text == NOT_APPLICABLE, reason, version, text == NOT_RATED, confidence)


class NoteForm(FlaskForm):
    """An assessor's own note. `version` is that of the note that the page showed."""

    text = TextAreaField("Your own notes")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_note(cls, note: NoteRow) -> NoteForm:
        """The form, filled with the note as it stands."""
        return cls(formdata=None, data={"text": note.text, "version": note.version}, prefix=NOTE)


class PhraseForm(FlaskForm):
    """A phrase that reasons begin with."""

    text = TextAreaField("The phrase")
    point = StringField("Goes with the score", description="Such as 2. Leave it empty where it goes with any.")


class QuestionForm(FlaskForm):
    """What an assessor needs to know from the provider."""

    text = TextAreaField("What do you need from the provider?")
    codes = StringField("Other criteria that this is about")
    due_on = DayField("Last day for the reply")

    def criteria(self) -> tuple[str, ...]:
        """The codes that were entered, in order, each once."""
        return tuple(dict.fromkeys(re.split(r"[\s,;]+", (self.codes.data or "").strip()))) if self.codes.data else ()


class ExtendForm(FlaskForm):
    """More time for a reply."""

    due_on = DayField("New last day")
    reason = TextAreaField("Why", description="The provider reads it.")


class HandInForm(FlaskForm):
    """A recommendation to the panel."""

    outcome = RadioField("What do you recommend?", choices=choices(OUTCOMES.items()), validate_choice=False)
    level = RadioField("At which level?", validators=[Optional()], validate_choice=False)
    words = TextAreaField("Why")
    confirm = HiddenField()

    def recommendation(self) -> Recommendation:
        """What was entered, as plain values. Without an award there is no level."""
        outcome = self.outcome.data or ""
        level = self.level.data if outcome.startswith("award") else None
        return Recommendation(outcome, level or None, self.words.data or "")
