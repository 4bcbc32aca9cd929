"""What a panel fills in. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from app.domain.award_conditions import MOST_CONDITIONS, ConditionTerm
from app.domain.deciding import GRANTING, RECOMMENDABLE, VERDICT_WORDS, Ballot, Verdict
from app.domain.errors import DomainError, Invalid
from app.services.decisions import Decided
from app.web.fields import DayField

CONFLICT = [SelectChoice("no", "I have none"), SelectChoice("yes", "I have, or may seem to have, an interest")]


class DeclarationForm(FlaskForm):
    """Interests, before any access to the case."""

    conflict = RadioField(
        "Do you have an interest in this organisation?",
        choices=CONFLICT,
        validate_choice=False,
        validators=[InputRequired("Say whether you have an interest.")],
    )
    words = TextAreaField("What is the interest?")


class VoteForm(FlaskForm):
    """One's vote with its reason."""

    outcome = RadioField("Your vote", validate_choice=False, validators=[InputRequired("Choose how you vote.")])
    level = RadioField("At which level?", validators=[Optional()], validate_choice=False)
    reason = TextAreaField("Why", description="The other members read it after they have voted.")
    minuted = BooleanField("If the panel decides otherwise, put my reasons into the minutes with my name")

    def offer(self, outcomes: Sequence[Verdict], levels: Iterable[tuple[str, str]]) -> None:
        """What this panel can decide, and the (code, title) of each level that it can grant."""
        verdicts = (*outcomes, Verdict.ABSTAIN)
        self.outcome.choices = [SelectChoice(verdict.value, VERDICT_WORDS[verdict]) for verdict in verdicts]
        self.level.choices = [SelectChoice(code, title) for code, title in levels]

    def validate_reason(self, field: TextAreaField) -> None:
        """Without a vote the rules are not asked: say at once what else is missing."""
        if not self.outcome.data and not (field.data or "").strip():
            raise ValidationError("Say why. The panel will read it.")

    def ballot(self) -> Ballot | None:
        """What was entered; None if it is no outcome. Without an award there is no level."""
        if self.outcome.data not in {verdict.value for verdict in Verdict}:
            return None
        verdict = Verdict(self.outcome.data)
        return Ballot(verdict, self.level.data or None if verdict in GRANTING else None)


class ReopenForm(FlaskForm):
    """Why a closed vote is opened again."""

    reason = TextAreaField(
        "Why is the vote opened again?", description="The members read it, and it stands in the minutes."
    )


class PresenceForm(FlaskForm):
    """Who is there for one case."""

    present = SelectMultipleField("Who is there for this case?", coerce=int)


class ConditionForm(Form):
    """One condition with its last day."""

    text = TextAreaField("What the provider has to do")
    due_on = DayField("Last day to meet it")


class DecisionForm(FlaskForm):
    """What the chair writes. `outcome` and `level` are what the votes carried when the page was shown."""

    outcome = HiddenField()
    level = HiddenField()
    reasons = TextAreaField(
        "Reasons", description="The provider reads them. Say what the panel found, not who said it."
    )
    departure = TextAreaField("Why the decision differs from what the scores give")
    conditions = FieldList(FormField(ConditionForm), max_entries=MOST_CONDITIONS)

    def decided(self, carried: Ballot) -> Decided:
        """What was entered. The ballot is the one that the page was made from, so that a later vote is noticed."""
        known = {verdict.value for verdict in RECOMMENDABLE}
        seen = Ballot(Verdict(self.outcome.data), self.level.data or None) if self.outcome.data in known else carried
        return Decided(
            seen,
            self.reasons.data or "",
            self.departure.data or "",
            tuple(ConditionTerm(each["text"] or "", each["due_on"]) for each in self.conditions.data),
        )

    def change_conditions(self, step: str) -> None:
        """One condition more, or without the last: the way without a script."""
        if step == "add" and len(self.conditions.entries) < MOST_CONDITIONS:
            self.conditions.append_entry()
        elif step == "drop" and len(self.conditions.entries) > 1:
            self.conditions.pop_entry()

    def refuse(self, error: DomainError) -> None:
        """Put what was refused beside what was typed: `conditions-0-text` belongs to a field of the first condition."""
        fields = {field.name: field for part in (self, *(each.form for each in self.conditions)) for field in part}
        sentences = error.errors if isinstance(error, Invalid) else {"": error.message}
        for name, sentence in sentences.items():
            field = fields.get(name)
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
