"""Forms of needs: what a commissioner says, what a provider answers, and a reason."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField

from app.backends.geography import ICB, REGION, group_names
from app.backends.postcodes import Places
from app.domain.errors import Invalid
from app.domain.needs import Answered, Per, Said
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.watching import TeamRow
from app.web.commissioner.watching import MINE
from app.web.fields import CheckboxesField, CountField, DayField, choices

MOST_LINES = 200
PLAIN = ("organisation", "title", "words", "contact_name", "contact_email")


class NeedForm(FlaskForm):
    """What a commissioner needs, in words and codes."""

    title = StringField("Title", description="Such as Befriending in Lancaster from April.")
    organisation = StringField("Who asks", description="The body that you work for, in full.")
    services = CheckboxesField("Services", validate_choice=False)
    client_groups = CheckboxesField("Who it is for", validate_choice=False)
    areas = TextAreaField(
        "Council areas",
        description="One on each line: a council’s name or a postcode in it, or a county, region or care board for all of its councils.",
    )
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
        form = cls(data=_as_data(said, places) if said else _asked_for(places))
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


def _asked_for(places: Places) -> dict[str, Any]:
    """What the address of a new need begins it with, as a gap of the market map does: a service, a group, a council."""
    chosen = {name: request.args.get(name, "") for name in ("service", "group", "area")}
    return {
        "services": [chosen["service"]] if chosen["service"] in titles(SERVICES) else [],
        "client_groups": [chosen["group"]] if chosen["group"] in titles(CLIENT_GROUPS) else [],
        "areas": places.areas.get(chosen["area"], "")
        or (group_names(ICB) | group_names(REGION)).get(chosen["area"], ""),
    }


def _as_data(said: Said, places: Places) -> dict[str, Any]:
    data = {name: getattr(said, name) for name in (*PLAIN, "people", "per", "starts_on", "ends_on", "answer_by")}
    data["services"], data["client_groups"] = list(said.services), list(said.client_groups)
    data["areas"] = "\n".join(places.area_name(code) for code in said.areas)
    return data


def _codes(text: str, places: Places) -> tuple[str, ...]:
    """The councils that the lines name, each once. Raises Invalid (`areas`) for lines that name none, or too many lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid({"areas": f"These are {len(lines):,} lines. Enter {MOST_LINES} at most."})
    named = {line: _councils_of(line, places) for line in lines}
    unknown = [line[:80] for line, codes in named.items() if not codes]
    if unknown:
        raise Invalid(
            {
                "areas": f"We know no council for: {'; '.join(unknown)}. Write its name, such as Lancaster, or a postcode in it."
            }
        )
    return tuple(dict.fromkeys(code for codes in named.values() for code in codes))


def _councils_of(line: str, places: Places) -> tuple[str, ...]:
    """The council that a line names or lies in, or all of a county, region or care board."""
    try:
        return tuple(filter(None, (places.locate(line).area_code,)))
    except Invalid:
        wide = places.look_up(line).wide
        return wide.councils if wide else ()
