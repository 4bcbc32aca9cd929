"""The form by which a manager asks assessors to take a case."""

from __future__ import annotations

from datetime import date, timedelta

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from app.domain.allocation import Proposal
from app.queries.allocation import USUAL_TIME, AssignPage
from app.services.cases import ANSWER_WITHIN, Asked
from app.web.fields import CheckboxesField, DayField, choices

MOST_CHOSEN = 10


class AssignForm(FlaskForm):
    """Who assesses and who leads, by when, and in whose place. `whose` names nobody where the newcomer takes nobody's."""

    assessor = CheckboxesField("Assessors", coerce=int, validators=[Optional()], validate_choice=False)
    lead = SelectField("Who leads?", coerce=int, validators=[Optional()], validate_choice=False)
    due_on = DayField("Date to hand in by", required="Enter the date by which the assessment is needed.")
    answer_by = DayField(
        "Date to answer by", description="By then they declare their interests, or turn the case down."
    )
    in_place_of = SelectField("In whose place?", coerce=int, validators=[Optional()], validate_choice=False)
    hand_over = BooleanField("Hand over the scores that were given, to begin from")

    @classmethod
    def for_page(cls, page: AssignPage, chosen: tuple[int, ...], today: date) -> AssignForm:
        """The form with the page's people; `chosen` are ticked on it at first."""
        due_on: date = today + USUAL_TIME
        answer_by: date = today + min(ANSWER_WITHIN, timedelta(days=7))
        form = cls(
            data={"due_on": due_on, "answer_by": answer_by, "assessor": list(chosen), "lead": 0, "in_place_of": 0}
        )
        people = [each.people[0] for each in page.proposals]
        form.assessor.choices = choices((each.user_id, each.name) for each in people)
        leads = next((each.name for each in page.now_on if each.lead), "The first of those asked")
        form.lead.choices = choices([(0, leads), *((each.user_id, each.name) for each in people)])
        form.in_place_of.choices = choices([(0, "Nobody’s"), *((each.assessment_id, each.name) for each in page.left)])
        return form

    def asked(self) -> Asked:
        """What was entered, once the form is valid."""
        return Asked(
            assessors=tuple(self.assessor.data or ())[:MOST_CHOSEN],
            due_on=self.due_on.data,
            answer_by=self.answer_by.data,
            lead=self.lead.data or None,
            in_place_of=self.in_place_of.data or None,
            hand_over=bool(self.hand_over.data),
        )


def in_words(proposal: Proposal) -> str:
    """A proposal's points with its reasons, and first what speaks against it now."""
    reasons = " ".join(reason.words for reason in proposal.reasons)
    against = f"Not now: {proposal.against} " if proposal.against else ""
    return f"{against}{proposal.points} points. {reasons}"
