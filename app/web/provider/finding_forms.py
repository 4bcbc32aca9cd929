"""What a provider fills in about a finding. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.corrective import PlanOffer
from app.queries.own_findings import OwnFindingPage
from app.web.fields import DayField, choices
from app.web.provider.evidence_forms import EvidenceForm
from app.web.provider.forms import row_id


class PlanForm(FlaskForm):
    """How a finding will be put right. `version` is that of the finding which the page showed."""

    cause = TextAreaField("Why it happened", description="Look for what let it happen, so that it does not come back.")
    action = TextAreaField("What you will do")
    owner = StringField("Who sees to it", description="A name or a position, such as the chair.")
    by_on = DayField("When it will be done")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: OwnFindingPage) -> PlanForm:
        """The form, beginning with what was offered last."""
        plan = page.detail.plans[0] if page.detail.plans else None
        said = {"cause": plan.cause, "action": plan.action, "owner": plan.owner, "by_on": plan.by_on} if plan else {}
        return cls(data={**said, "version": page.detail.row.version})

    def offer(self) -> PlanOffer:
        """What was entered, as plain values."""
        words = [(field.data or "").replace("\r\n", "\n") for field in (self.cause, self.action, self.owner)]
        return PlanOffer(*words, self.by_on.data)


class PutRightForm(EvidenceForm):
    """What was done, with evidence from the library and, if there is any, a new piece."""

    words = TextAreaField("What you did, and what shows that it will last")
    item = SelectField("Evidence from your library", validate_choice=False)
    more = SelectField("A second piece from your library", validate_choice=False)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, page: OwnFindingPage) -> None:
        """Let the page's library be chosen from."""
        pieces = [("", "No evidence"), *((str(item_id), title) for item_id, title in page.library)]
        self.item.choices = self.more.choices = choices(pieces)

    def item_ids(self) -> tuple[int, ...]:
        """The pieces chosen from the library."""
        chosen = (row_id(field.data) for field in (self.item, self.more))
        return tuple(each for each in chosen if each is not None)
