"""What people of a scheme fill in about findings. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.lifecycle import FindingMove
from app.queries.scheme_findings import CheckPage
from app.services.finding_checks import Check
from app.web.fields import DayField, choices

MOVE_WORDS: Mapping[FindingMove, str] = {
    FindingMove.ACCEPT_PLAN: "Accept the plan",
    FindingMove.RETURN_PLAN: "Return the plan",
    FindingMove.VERIFY: "Close it: I have seen that it is put right",
    FindingMove.RETURN_EVIDENCE: "Return it: something is still missing",
    FindingMove.REOPEN: "Open it again",
    FindingMove.TAKE_BACK: "Take it back: it was no finding, or another says the same",
}
DONE: Mapping[FindingMove, str] = {
    FindingMove.ACCEPT_PLAN: "The plan is accepted.",
    FindingMove.RETURN_PLAN: "The plan is returned.",
    FindingMove.VERIFY: "The finding is closed.",
    FindingMove.RETURN_EVIDENCE: "The finding is back with the provider.",
    FindingMove.REOPEN: "The finding is open again.",
    FindingMove.TAKE_BACK: "The finding is taken back.",
}
_VALUES = {move.name.lower().replace("_", "-"): move for move in MOVE_WORDS}


class CheckForm(FlaskForm):
    """What somebody decides about a finding. `version` is that of the finding which the page showed."""

    move = RadioField("What do you decide?", validate_choice=False)
    words = TextAreaField("Why, or what you saw", description="The provider will read it as you write it.")
    same_as = SelectField("It says the same as", description="Only where you take it back.", validate_choice=False)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: CheckPage) -> CheckForm:
        """The form with what can be decided now."""
        form = cls(data={"version": page.detail.row.version})
        form.move.choices = choices((value, MOVE_WORDS[move]) for value, move in _VALUES.items() if move in page.moves)
        form.same_as.choices = choices([("", "No other finding"), *((str(key), title) for key, title in page.same)])
        return form

    def check(self) -> Check | None:
        """What was entered, as plain values; None where nothing was chosen."""
        move = _VALUES.get(self.move.data or "")
        if move is None:
            return None
        chosen = self.same_as.data or ""
        same = move is FindingMove.TAKE_BACK and chosen.isdecimal() and len(chosen) < 10
        return Check(move, (self.words.data or "").replace("\r\n", "\n"), int(chosen) if same else None)


class MoreTimeForm(FlaskForm):
    """A later last day, and why."""

    due_on = DayField("The new last day", required="Enter the new last day.")
    reason = TextAreaField("Why", description="The provider will read it as you write it.")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
