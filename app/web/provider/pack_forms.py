"""Forms about packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.pack import PART_TITLES, USUAL_SHARE, Opens
from app.queries.pack_results import Offer
from app.queries.packs import PackPage
from app.services.pack_pieces import Shown
from app.services.pack_shares import Recipient
from app.services.packs import Description
from app.web.fields import CheckboxesField, DayField, PoundsField, choices

OPENS_WORDS = {
    Opens.FILES.value: "The page and its files",
    Opens.PAGE.value: "The page only",
}


class NameForm(FlaskForm):
    """What a pack is called."""

    name = StringField(
        "Name", description="Only you and your colleagues see lists of names; readers see that of theirs."
    )


class DescribeForm(FlaskForm):
    """What a pack says."""

    name = StringField("Name", description="Readers see it too. For example: Carers support tender 2027.")
    words = TextAreaField("A few words to the reader", description="You may leave this empty.")
    parts = CheckboxesField("What the pack says about your organisation", validate_choice=False)
    asks_name = BooleanField(
        "Ask who opens it",
        description="Whoever opens the pack first gives a name and an organisation. You see both.",
    )
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def of(cls, page: PackPage) -> DescribeForm:
        form = cls(data={name: getattr(page, name) for name in ("name", "words", "parts", "asks_name", "version")})
        form.parts.choices = choices((part.value, words) for part, words in PART_TITLES.items())
        return form

    def description(self) -> Description:
        return Description(
            self.name.data or "", self.words.data or "", tuple(self.parts.data or ()), bool(self.asks_name.data)
        )


class PieceForm(FlaskForm):
    """What a piece in a slot covers."""

    cover = PoundsField("Cover")
    label = StringField("Which one")


class NoteForm(FlaskForm):
    """Why nothing is in a slot."""

    note = StringField("Why it is not in the pack", description="For example: We employ nobody.")


class ShareForm(FlaskForm):
    """For whom a code is, what it opens, until when."""

    recipient = StringField("Who is it for?", description="For example: Lancaster City Council, procurement.")
    note = StringField(
        "Note for yourself", description="You may leave this empty. Only you and your colleagues see it."
    )
    opens = RadioField("What the code opens", choices=choices(OPENS_WORDS.items()), validate_choice=False)
    ends_on = DayField("Last day")

    @classmethod
    def from_today(cls, today: date) -> ShareForm:
        return cls(data={"opens": Opens.FILES.value, "ends_on": today + USUAL_SHARE})

    def recipient_given(self) -> Recipient:
        return Recipient(self.recipient.data or "", self.note.data or "", self.opens.data or "", self.ends_on.data)


def results_sent(sent: Mapping[str, str], offers: Iterable[Offer]) -> dict[int, Shown]:
    """The awards that were ticked, with what of each: fields `show-12`, `standards-12`, `scores-12`, `reasons-12`."""
    found: dict[int, Shown] = {}
    for offer in offers:
        number = offer.award.application_id
        if f"show-{number}" in sent:
            found[number] = Shown(
                standards=f"standards-{number}" in sent,
                scores=f"scores-{number}" in sent,
                reasons=f"reasons-{number}" in sent,
            )
    return found
