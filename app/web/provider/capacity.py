"""Saying whom each service can take on, and how long people wait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.offers import TAKING_WORDS, Said, Taking
from app.edge.session import allow, me, now, today
from app.queries.lists import SERVICES, title
from app.queries.offers import CapacityPage, ServiceRow, capacity_page
from app.services import offers as services
from app.services.offers import Change, OffersChanged
from app.web.fields import CountField, choices
from app.web.provider import bp
from app.web.refusals import show_on

NOTHING = ("", "Nothing is said yet")
FIGURES = ("capacity", "free", "weeks")
MOST_VERSION_DIGITS = 9


@bp.route("/organisations/<int:organisation_id>/capacity", methods=["GET", "POST"])
@allow(Action.EDIT_ORGANISATION)
def capacity(organisation_id: int) -> ResponseReturnValue:
    page = capacity_page(organisation_id, me(), today())
    form = _form(page)
    if not form.is_submitted():
        return _show(page, form)
    try:
        if form.validate():
            count = services.say_offers(organisation_id, _changes(page, form), actor=me(), now=now())
            flash("Saved. The register says so from now on." if count else "Nothing was new, so nothing was changed.")
            return redirect(url_for(".capacity", organisation_id=organisation_id))
    except Invalid as error:
        show_on(form, error)
    except OffersChanged as clash:
        return _clash(organisation_id, form, clash)
    return _show(page, form, 422)


@bp.post("/organisations/<int:organisation_id>/capacity/still-right")
@allow(Action.EDIT_ORGANISATION)
def still_right(organisation_id: int) -> ResponseReturnValue:
    page = capacity_page(organisation_id, me(), today())
    seen = {row.service: _version(request.form.get(f"{row.service}-version", "")) for row in page.told}
    try:
        services.confirm_offers(organisation_id, seen, actor=me(), now=now())
        flash("Thank you. Everything below is dated today.")
    except OffersChanged:
        flash("A colleague changed something meanwhile. Look at what it says now, then confirm it.", "warning")
    return redirect(url_for(".capacity", organisation_id=organisation_id))


def _clash(organisation_id: int, form: FlaskForm, clash: OffersChanged) -> ResponseReturnValue:
    """What a colleague said meanwhile, above what was typed: saved once more, the latter stands."""
    page = capacity_page(organisation_id, me(), today())
    stands = {row.service: row for row in page.rows}
    for service in clash.services:
        form[f"{service}-was"].process_data(_as_shown(stands[service]))
        form[f"{service}-was"].raw_data = None
    theirs = {title(SERVICES, service): _in_words(stands[service].said) for service in clash.services}
    return _show(page, form, 409, theirs)


def _show(
    page: CapacityPage, form: FlaskForm, status: int = 200, theirs: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    template = "provider/capacity.html"
    return render_template(template, page=page, form=form, theirs=theirs), status


def _form(page: CapacityPage) -> FlaskForm:
    """A form with the boxes of every service of the page."""
    fields: dict[str, Field] = {}
    data: dict[str, Any] = {}
    for row in page.rows:
        fields |= {f"{row.service}-{name}": field for name, field in _fields().items()}
        said = row.said
        values = {"taking": said.taking or "", "capacity": said.capacity, "free": said.free, "weeks": said.weeks}
        values |= {"how": said.how, "was": _as_shown(row)}
        data |= {f"{row.service}-{name}": value for name, value in values.items()}
    kind = type("CapacityForm", (FlaskForm,), fields)
    form: FlaskForm = kind(data=data)
    return form


def _fields() -> dict[str, Field]:
    taking = choices([NOTHING, *((each.value, words) for each, words in TAKING_WORDS.items())])
    return {
        "taking": SelectField("Does it take people on?", choices=taking),
        "capacity": CountField("People it can serve at a time"),
        "free": CountField("Places free now"),
        "weeks": CountField("Weeks that people wait now"),
        "how": TextAreaField("How people are referred"),
        "was": HiddenField(),
    }


def _changes(page: CapacityPage, form: FlaskForm) -> list[Change]:
    """What was typed, of the services where it differs from what the form began with."""
    found = []
    for row in page.rows:
        version, began = _was(form[f"{row.service}-was"].data)
        typed = _typed(row.service, form)
        if _plain(typed) != began:
            found.append(Change(typed, version))
    return found


def _typed(service: str, form: FlaskForm) -> Said:
    taking = form[f"{service}-taking"].data
    figures = {name: form[f"{service}-{name}"].data for name in FIGURES}
    how = (form[f"{service}-how"].data or "").replace("\r\n", "\n").strip()
    return Said(service, Taking(taking) if taking else None, how=how, **figures)


def _as_shown(row: ServiceRow) -> str:
    """The version of a row and what it said, as the form carries it."""
    return json.dumps([row.version, *_plain(row.said)])


def _was(text: str | None) -> tuple[int, list[Any]]:
    try:
        version, *began = json.loads(text or "")
    except (ValueError, TypeError):
        return 0, []
    return (version if isinstance(version, int) else 0), began


def _plain(said: Said) -> list[Any]:
    return [said.taking or "", said.capacity, said.free, said.weeks, said.how]


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_VERSION_DIGITS else -1


def _in_words(said: Said) -> str:
    """A row in one line, for who finds that a colleague was quicker."""
    if said.taking is None:
        return NOTHING[1]
    parts = [TAKING_WORDS[said.taking]]
    named = (("places", said.capacity), ("free", said.free), ("weeks to wait", said.weeks))
    parts += [f"{value:,} {words}" for words, value in named if value is not None]
    return ", ".join(parts) + (f". {said.how}" if said.how else "")
