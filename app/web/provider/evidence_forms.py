"""What a provider fills in about a piece of evidence. Forms check shape alone; the rules are in the domain."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from app.domain.evidence import CARRIERS, Brought, Carrier, Contents
from app.domain.evidence_details import DETAILS, Detail, details_as_given
from app.edge.backends import upload_of
from app.queries.evidence import ItemPage
from app.services.evidence import NewEvidence
from app.services.evidence_editing import Edit
from app.web.fields import CountField, DayField, choices

SIMPLE = {
    Brought.DOCUMENT.value: "A file",
    Brought.LINK.value: "A link to a web page",
    Brought.STATEMENT.value: "A statement in your own words",
}
"""The kinds that one form offers together: each has one field of its own."""
OTHERS = {
    Brought.DATA.value: "Data",
    Brought.OUTCOME_MEASURE.value: "Outcome measure",
    Brought.OBSERVATION.value: "Observation",
    Brought.INTERVIEW.value: "Interview notes",
    Brought.USER_FEEDBACK.value: "User feedback that you gathered",
}
"""The kinds that have a form each: they ask for more."""


class DetailFields(FlaskForm):
    """What the kinds ask for, each field once; a page shows those of one kind."""

    source = StringField()
    measures = StringField()
    method = TextAreaField()
    period_from = DayField("The first day")
    period_to = DayField("The last day")
    people = CountField("The number of people")
    unit = StringField()
    baseline = StringField()
    result = StringField()
    who = StringField()
    on = DayField("The date")
    place = StringField()
    how = StringField()

    def details(self, kind: str) -> dict[str, Any]:
        """What was entered of what the kind asks for."""
        return {detail.code: self[detail.code].data for detail in DETAILS.get(kind, ())}

    @staticmethod
    def asked(kind: str) -> tuple[Detail, ...]:
        """What the kind asks for, for a page to show."""
        return DETAILS.get(kind, ())


class EvidenceForm(DetailFields):
    """A new piece of evidence, or a new version of one. `shows` names what it answers of what a criterion asks for."""

    kind = RadioField("What do you want to add?", choices=choices(SIMPLE.items()), validate_choice=False)
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
            details=self.details(kind),
        )
        takes_file = Carrier.FILE in CARRIERS.get(kind, ())
        upload = upload_of(self.file.data) if self.has_file and takes_file else None
        return NewEvidence(kind, (self.title.data or "").strip(), contents, upload)

    def meant(self) -> str:
        """The kind: the one chosen, unless only another's field is filled. Without script all three stand open."""
        chosen = self.kind.data or ""
        filled = self.filled()
        if chosen in SIMPLE and chosen not in filled and len(filled) == 1:
            self.kind.data = filled[0]
        return self.kind.data or ""

    def filled(self) -> list[str]:
        """The simple kinds of which something was entered."""
        entered = {
            Brought.DOCUMENT.value: self.has_file,
            Brought.LINK.value: bool((self.url.data or "").strip()),
            Brought.STATEMENT.value: bool((self.text.data or "").strip()),
        }
        return [kind for kind, given in entered.items() if given]

    @property
    def carriers(self) -> tuple[str, ...]:
        """The names of the fields for what holds the kind: file, address, words."""
        found = CARRIERS.get(self.kind.data or "", frozenset())
        return tuple(each.value for each in Carrier if each in found)

    @property
    def has_file(self) -> bool:
        return bool(self.file.data and getattr(self.file.data, "filename", ""))

    @property
    def empty(self) -> bool:
        """Whether nothing at all was brought."""
        return not self.filled()

    @classmethod
    def for_version(cls, page: ItemPage) -> EvidenceForm:
        """The form for a newer version, beginning with what the newest one says."""
        newest = page.newest
        details = details_as_given(page.kind, newest.details)
        return cls(formdata=None, data={"kind": page.kind, "title": page.title, "text": newest.text, **details})


class EditForm(DetailFields):
    """What a piece is called, what kind it is, and its dates."""

    kind = SelectField("Kind", validate_choice=False)
    title = StringField("Title", description="How colleagues and the assessor will know it.")
    issued_on = DayField("Date of issue", description="For example, 31 3 2026. Leave it empty where there is none.")
    expires_on = DayField(
        "Expiry date", description="The last day on which it counts. Leave it empty if it does not run out."
    )
    began_from = HiddenField()

    @classmethod
    def for_page(cls, page: ItemPage, kind: str) -> EditForm:
        """The form, filled with what the newest version says; `kind` is the one that is to be edited as."""
        newest = page.newest
        filled = {"title": page.title, "issued_on": newest.issued_on, "expires_on": newest.expires_on}
        details = details_as_given(page.kind, newest.details)
        return cls(formdata=None, data={**filled, **details, "kind": kind, "began_from": page.began_from})

    def edit(self) -> Edit:
        """What was entered, as plain values."""
        kind = self.kind.data or ""
        contents = Contents(issued_on=self.issued_on.data, expires_on=self.expires_on.data, details=self.details(kind))
        return Edit(self.title.data or "", kind, contents, self.began_from.data or "")


class ManyFilesForm(FlaskForm):
    """Many files at once. `shows` names what they answer of what a criterion asks for."""

    files = MultipleFileField("Files")
    shows = SelectField("What they show", validate_choice=False)
