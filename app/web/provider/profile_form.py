"""The form of an organisation's profile, with a field for every fact that the open frameworks ask for."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.backends.postcodes import Places
from app.domain.framework import Fact, FactKind
from app.frameworks import ListItem
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, items
from app.services.organisations import Profile
from app.web.fields import CheckboxesField, CountField, PoundsField, choices

FACT = "fact_"
YES_NO = {"yes": "Yes", "no": "No"}
PLAIN = (
    "name kind summary description charity_number company_number cqc_provider_id website email phone address postcode strengths"
).split()
SPARE_AREAS = 2
MOST_AREAS = 400


def _pairs(items: tuple[ListItem, ...]) -> list[tuple[str, str]]:
    return [(item.code, str(item.title)) for item in items]


class ProfileForm(FlaskForm):
    """What is asked of every organisation. `profile_form` adds the facts."""

    name = StringField("Name of the organisation", description="As in your governing document.")
    kind = SelectField("What kind of organisation is it?", validate_choice=False)
    charity_number = StringField("Charity number", description="Leave it empty if you have none.")
    company_number = StringField(
        "Company, CIO or society number",
        description="Of Companies House, or of the Mutuals Register. Leave it empty if you have none.",
    )
    cqc_provider_id = StringField(
        "CQC provider ID", description="Only if you are registered with the Care Quality Commission."
    )
    summary = TextAreaField(
        "What you do, in one sentence",
        description="It stands beside your name on the register. For example: Visits and phone calls for older people who live alone.",
    )
    description = TextAreaField("More about what you do", description="For the page about you. You may leave it empty.")
    postcode = StringField("Postcode", description="Of your main address.")
    address = TextAreaField("Address")
    address_private = BooleanField(
        "Keep our address private",
        description="For refuges and other places that must not be found. The register then shows only your council area.",
    )
    website = StringField("Website")
    email = StringField("E-mail address for the public")
    phone = StringField("Phone number for the public")
    services = CheckboxesField("Services that you provide", validate_choice=False)
    client_groups = CheckboxesField("People whom you support", validate_choice=False)
    areas = FieldList(
        StringField("Council area"),
        label="Council areas where you work",
        description="Type the name of a council, a postcode or the first part of one. Leave boxes that you do not need empty.",
        max_entries=MOST_AREAS,
    )
    languages = CheckboxesField(
        "Languages in which people can use your services",
        description="Tick those that your staff or volunteers speak. Leave out what only a hired interpreter speaks.",
        validate_choice=False,
    )
    access = CheckboxesField("How people can reach and use your services", validate_choice=False)
    strengths = TextAreaField(
        "What you are good at, in your own words",
        description="Your page shows it apart from what was assessed, and says that these are your own words.",
    )
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def profile(self, facts: tuple[Fact, ...]) -> Profile:
        """What was entered, as plain values."""
        plain = {name: (self[name].data or "").replace("\r\n", "\n") for name in PLAIN}
        return Profile(
            **plain,
            address_private=bool(self.address_private.data),
            services=tuple(self.services.data or ()),
            client_groups=tuple(self.client_groups.data or ()),
            languages=tuple(self.languages.data or ()),
            access=tuple(self.access.data or ()),
            areas=tuple(text.strip() for text in self.areas.data if text and text.strip()),
            facts={fact.code: self[FACT + fact.code].data for fact in facts},
        )

    def pad_areas(self, spare: int = SPARE_AREAS) -> None:
        """Leave at least one box empty, so that another council can be added."""
        while len(self.areas.entries) < MOST_AREAS and sum(not entry.data for entry in self.areas.entries) < spare:
            self.areas.append_entry("")


def profile_form(facts: tuple[Fact, ...], places: Places, values: dict[str, Any] | None = None) -> ProfileForm:
    """The form for these facts, filled with what was sent, else with `values` (the columns of a stored profile)."""
    fields: dict[str, Field] = {FACT + fact.code: _field(fact) for fact in facts}
    kind = type("ProfileFormWithFacts", (ProfileForm,), fields)
    form: ProfileForm = kind(data=as_data(facts, places, values) if values else None)
    form.kind.choices = [("", "Choose one"), *_pairs(items(ORGANISATION_TYPES))]
    form.services.choices = choices(_pairs(items(SERVICES)))
    form.client_groups.choices = choices(_pairs(items(CLIENT_GROUPS)))
    form.languages.choices = choices(_pairs(items(LANGUAGES)))
    form.access.choices = choices(_pairs(items(ACCESS)))
    return form


def as_data(facts: tuple[Fact, ...], places: Places, values: dict[str, Any]) -> dict[str, Any]:
    """A stored profile as the form holds it."""
    data = {name: value for name, value in values.items() if name != "facts"}
    data["areas"] = [places.area_name(code) for code in values["areas"]]
    for fact in facts:
        value = values["facts"].get(fact.code)
        if fact.kind is FactKind.YES_NO and value is not None:
            value = "yes" if value else "no"
        data[FACT + fact.code] = value
    return data


def _field(fact: Fact) -> Field:
    title, hint = str(fact.title), str(fact.help)
    if fact.kind is FactKind.MONEY:
        return PoundsField(title, description=hint)
    if fact.kind is FactKind.COUNT:
        return CountField(title, description=hint)
    if fact.kind is FactKind.YES_NO:
        return RadioField(title, description=hint, choices=choices(YES_NO.items()), validate_choice=False)
    options = [(code, str(words)) for code, words in fact.choices] or _pairs(items(fact.list or ""))
    if fact.kind is FactKind.CHOICE:
        return SelectField(title, description=hint, choices=[("", "Choose one"), *options], validate_choice=False)
    return CheckboxesField(title, description=hint, choices=choices(options), validate_choice=False)
