"""Forms of needs: what a commissioner says, what a provider answers, and a reason."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField

from app.backends.postcodes import Places
from app.domain.errors import Invalid
from app.domain.needs import Answered, Per, Said
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.watching import TeamRow
from app.web.commissioner.watching import MINE
from app.web.fields import CheckboxesField, CountField, DayField, choices

PLAIN = ("organisation", "title", "words", "contact_name", "contact_email")


class NeedForm(FlaskForm):
    """What a commissioner needs, in words and codes."""

    title = StringField("Title", description="Such as Befriending in Lancaster from April.")
    organisation = StringField("Who asks", description="The body that you work for, in full.")
    services = CheckboxesField("Services", validate_choice=False)
    client_groups = CheckboxesField("Who it is for", validate_choice=False)
    areas = TextAreaField("Council areas", description="One on each line: a council’s name, or a postcode in it.")
    people = CountField("About how many people", description="You can leave this empty.")
    per = SelectField(
        "In what time",
        choices=choices([(Per.YEAR.value, "a year"), (Per.WEEK.value, "a week")]),
        default=Per.YEAR.value,
        validate_choice=False,
    )
    starts_on = DayField("When it begins")
    ends_on = DayField("When it ends")
    words = TextAreaField(
        "In your own words", description="What people need, what matters to them, and how you may go on."
    )
    answer_by = DayField("Last day to answer")
    contact_name = StringField("Who answers questions", description="A person or a team. Everybody can read this.")
    contact_email = StringField("E-mail address for questions", description="Everybody can read this.")
    whose = RadioField("Who keeps it?", validate_choice=False)

    @classmethod
    def of(cls, said: Said | None, places: Places, teams: tuple[TeamRow, ...] | None) -> NeedForm:
        """The form for a new need (`teams` are whose it may be) or for one that says `said`."""
        form = cls(data=_as_data(said, places) if said else None)
        form.services.choices = choices(titles(SERVICES).items())
        form.client_groups.choices = choices(titles(CLIENT_GROUPS).items())
        if teams is None:
            del form.whose
        else:
            own = [(MINE, "I do"), *((str(team.team_id), f"My team, {team.name}") for team in teams)]
            form.whose.choices = choices(own)
            form.whose.data = form.whose.data or MINE
        return form

    def said(self, places: Places) -> Said:
        """What was entered. Raises Invalid (`areas`) where a line names no council."""
        texts = {name: (self[name].data or "").replace("\r\n", "\n").strip() for name in PLAIN}
        return Said(
            **texts,
            services=tuple(code for code in self.services.data or () if code in titles(SERVICES)),
            client_groups=tuple(code for code in self.client_groups.data or () if code in titles(CLIENT_GROUPS)),
            areas=_codes(self.areas.data or "", places),
            people=self.people.data,
            per=self.per.data or Per.YEAR.value,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            answer_by=self.answer_by.data,
        )

    def team_id(self) -> int | None:
        return int(self.whose.data) if "whose" in self and (self.whose.data or "").isdecimal() else None


class AnswerForm(FlaskForm):
    """What a provider answers."""

    people = CountField("How many people could you take on?")
    from_on = DayField("From when?")
    words = TextAreaField("Anything that helps to understand this", description="You can leave this empty.")

    def answer(self) -> Answered:
        return Answered(self.people.data, self.from_on.data, (self.words.data or "").replace("\r\n", "\n"))


class ReasonForm(FlaskForm):
    """A reason that everybody reads."""

    reason = TextAreaField("Why?", description="Everybody can read this.")


def _as_data(said: Said, places: Places) -> dict[str, Any]:
    data = {name: getattr(said, name) for name in (*PLAIN, "people", "per", "starts_on", "ends_on", "answer_by")}
    data["services"], data["client_groups"] = list(said.services), list(said.client_groups)
    data["areas"] = "\n".join(places.area_name(code) for code in said.areas)
    return data


def _codes(text: str, places: Places) -> tuple[str, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found: dict[str, None] = {}
    unknown = []
    for line in lines[:60]:
        try:
            code = places.locate(line).area_code
        except Invalid:
            code = ""
        if code:
            found[code] = None
        else:
            unknown.append(line[:80])
    if unknown:
        raise Invalid(
            {
                "areas": f"We know no council for: {'; '.join(unknown)}. Write its name, such as Lancaster, or a postcode in it."
            }
        )
    return tuple(found)
