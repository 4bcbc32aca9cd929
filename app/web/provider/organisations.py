"""Describing an organisation: the first time, and ever after."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.framework import Fact, FactKind
from app.edge.backends import places
from app.edge.session import allow, me, now, person
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, title
from app.queries.organisations import ProfilePage, open_editions, profile_facts, profile_page
from app.queries.starting import fact_in_words
from app.services import organisations
from app.services.organisations import ProfileChanged
from app.web.provider import bp
from app.web.provider.filling_in import begun
from app.web.provider.profile_form import FACT, ProfileForm, as_data, profile_form
from app.web.refusals import show_on

ADD_AREA = "add_area"
LISTS = {"services": SERVICES, "client_groups": CLIENT_GROUPS, "languages": LANGUAGES, "access": ACCESS}


@bp.route("/organisations/new", methods=["GET", "POST"])
@allow(Action.START_ORGANISATION)
def new_organisation() -> ResponseReturnValue:
    known = person()
    if known is not None and not known.confirmed:
        return redirect(url_for(".home"))
    facts = profile_facts()
    values, taken = begun()
    form, status = profile_form(facts, places(), values), 200
    if form.is_submitted() and ADD_AREA not in request.form:
        try:
            if form.validate():
                organisation_id = organisations.start_organisation(
                    form.profile(facts), places=places(), actor=me(), now=now(), taken=taken
                )
                return _started(organisation_id)
        except Invalid as error:
            refuse(form, error)
        status = 422
    return _show("provider/new_organisation.html", form, facts, status)


def _started(organisation_id: int) -> ResponseReturnValue:
    """On to what will be asked, where there is one framework to look at; else to the organisation's home."""
    flash("Your organisation is here now. You are its lead.")
    editions = open_editions()
    if len(editions) == 1:
        return redirect(url_for(".framework", organisation_id=organisation_id, edition_id=editions[0].id))
    return redirect(url_for(".organisation", organisation_id=organisation_id))


def refuse(form: ProfileForm, error: Invalid) -> None:
    """Put the sentences onto their fields; that about councils onto the first box."""
    errors = dict(error.errors)
    areas = errors.pop("areas", None)
    if areas:
        form.pad_areas(1)
        form.areas.entries[0].errors = [areas]
    show_on(form, Invalid(errors))


def _show(template: str, form: ProfileForm, facts: tuple[Fact, ...], status: int, **more: Any) -> ResponseReturnValue:
    form.pad_areas(4 if ADD_AREA in request.form else 2)
    return render_template(
        template,
        form=form,
        facts=[form[FACT + fact.code] for fact in facts],
        councils=places().areas.values(),
        **more,
    ), status


@bp.route("/organisations/<int:organisation_id>/profile", methods=["GET", "POST"])
@allow(Action.EDIT_ORGANISATION)
def profile(organisation_id: int) -> ResponseReturnValue:
    page, facts = profile_page(organisation_id, me()), profile_facts()
    form = profile_form(facts, places(), {**page.values, "version": page.version})
    status, theirs = 200, None
    if form.is_submitted() and ADD_AREA not in request.form:
        status = 422
        try:
            if form.validate():
                organisations.edit_organisation(
                    organisation_id,
                    form.profile(facts),
                    form.version.data or 0,
                    places=places(),
                    actor=me(),
                    now=now(),
                )
                flash("The profile is saved.")
                return redirect(url_for(".organisation", organisation_id=organisation_id))
        except Invalid as error:
            refuse(form, error)
        except ProfileChanged:
            page = profile_page(organisation_id, me())
            theirs, status = _theirs(page, form, facts), 409
            form.version.process_data(page.version)
            form.version.raw_data = None
    return _show("provider/profile.html", form, facts, status, page=page, theirs=theirs)


def _theirs(page: ProfilePage, form: ProfileForm, facts: tuple[Fact, ...]) -> dict[str, str]:
    """What a colleague saved, for every field that differs from this form: label to text."""
    stored = type(form)(formdata=None, data=as_data(facts, places(), page.values))
    differing: dict[str, str] = {}
    for field in stored:
        if field.name in {"version", "csrf_token"}:
            continue
        mine, theirs = _comparable(form[field.name].data), _comparable(field.data)
        if mine != theirs:
            differing[field.label.text] = _words(field.name, theirs, facts)
    return differing


def _comparable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(text.strip() for text in value if text and text.strip())
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    return value


def _words(name: str, value: Any, facts: tuple[Fact, ...]) -> str:
    if name in LISTS:
        return ", ".join(title(LISTS[name], code) for code in value)
    if name == "kind":
        return title(ORGANISATION_TYPES, value or "")
    fact = next((each for each in facts if FACT + each.code == name), None)
    if fact is not None and fact.kind is FactKind.YES_NO:
        return {"yes": "Yes", "no": "No"}.get(value, "")
    if value is None:
        return ""
    if fact is not None:
        return fact_in_words(fact, value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ", ".join(value) if isinstance(value, list) else str(value)
