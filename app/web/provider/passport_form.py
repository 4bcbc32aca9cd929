"""The form of a certificate of another body."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField

from app.domain.certificates_held import Certificate
from app.edge.backends import upload_of
from app.queries.certificate_choices import ANOTHER, certificate_choices, checking_schemes, key_of
from app.queries.held_elsewhere import HeldRow
from app.services.passports import NewPassport
from app.web.fields import CheckboxesField, DayField, choices


class PassportForm(FlaskForm):
    """One certificate, its proof, and which schemes are to check it."""

    choice = SelectField("Which certificate is it?", validate_choice=False)
    title = StringField(
        "What it is called", description="Only if you chose “Another one”. Give its name, and who awards it."
    )
    number = StringField("Number or reference")
    holder = StringField("Name of the holder", description="As it is written on the certificate.")
    issued_on = DayField("Day of issue", description="For example, 31 3 2026")
    ends_on = DayField("Last day on which it is valid")
    endless = BooleanField("It has no end")
    file = FileField("File that shows it")
    url = StringField("Public page on which it can be checked", description="If there is one.")
    ask = CheckboxesField("Have it checked by", validate_choice=False)
    version = HiddenField()

    @classmethod
    def blank(cls, holder: str, ask: frozenset[int]) -> PassportForm:
        """A form to fill in, or as it was sent. `holder` is who probably holds it, `ask` the schemes to tick."""
        schemes = checking_schemes()
        form = cls(data={"holder": holder, "ask": [str(each) for each in ask]})
        form.ask.choices = choices((str(scheme_id), title) for scheme_id, title in schemes)
        return form._with_choices()

    @classmethod
    def about(cls, row: HeldRow, *, follows: bool = False) -> PassportForm:
        """The form of a certificate that is corrected, or of the one that `follows` it: without its number and dates."""
        values = _values(row)
        if follows:
            values |= {"number": "", "issued_on": None, "ends_on": None}
        form = cls(data=values)
        form.ask.choices = []
        return form._with_choices()

    def _with_choices(self) -> PassportForm:
        known = [(each.key, each.words) for each in certificate_choices()]
        self.choice.choices = choices([("", "Choose one"), *known, (ANOTHER, "Another one")])
        return self

    def given(self) -> NewPassport:
        """What was entered, as plain values."""
        certificate = Certificate(
            title=self.title.data or "",
            number=self.number.data or "",
            holder=self.holder.data or "",
            issued_on=self.issued_on.data,
            ends_on=self.ends_on.data,
            endless=bool(self.endless.data),
            url=self.url.data or "",
        )
        file = self.file.data
        upload = upload_of(file) if file and getattr(file, "filename", "") else None
        return NewPassport(self.choice.data or "", certificate, upload, self._asked())

    def _asked(self) -> frozenset[int]:
        """The ids of the schemes that were ticked."""
        return frozenset(int(each) for each in self.ask.data or () if each.isdecimal() and len(each) < 10)

    def seen_version(self) -> int:
        """The version that the form showed; 0 for anything that is no number."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


def _values(row: HeldRow) -> dict[str, object]:
    known = bool(row.codes[0])
    return {
        "choice": key_of(*row.codes),
        "title": "" if known else row.title,
        "number": row.number,
        "holder": row.holder,
        "issued_on": row.issued_on,
        "ends_on": row.ends_on,
        "endless": row.ends_on is None,
        "url": row.url,
        "version": str(row.version),
    }
