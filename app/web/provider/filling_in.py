"""Filling in a profile from the Charity Commission's register: theirs beside ours, and only what is ticked."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Form, StringField

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.backends import charities, places
from app.edge.session import allow, me, now
from app.queries.charity_comparison import LABELS, Comparison, compare, taken
from app.queries.charity_lookup import LookUp, look_up
from app.queries.organisations import ProfilePage, own_organisation, profile_facts, profile_page
from app.services import organisations
from app.services.organisations import Profile, ProfileChanged, Taken
from app.web.provider import bp
from app.web.refusals import show_on

SOURCE = "Charity Commission for England and Wales"
LONGEST = 40


@bp.route("/organisations/<int:organisation_id>/profile/charity-commission", methods=["GET", "POST"])
@allow(Action.EDIT_ORGANISATION)
def fill_in(organisation_id: int) -> ResponseReturnValue:
    """What the register says beside what the profile says; posted, what was ticked is taken."""
    own_organisation(organisation_id, me(), Action.EDIT_ORGANISATION)
    page = profile_page(organisation_id, me())
    known = page.values["charity_number"] or page.values["company_number"] or ""
    typed = _typed(known)
    found = look_up(typed, charities())
    if request.method == "POST" and len(found.found) == 1:
        return _take(page, found, typed)
    return _show(page, found, typed)


def _typed(known: str = "") -> str:
    return request.values.get("number", known).strip()[:LONGEST]


def _show(
    page: ProfilePage,
    found: LookUp,
    typed: str,
    *,
    errors: dict[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    comparison = _compared(found, page.values, page.organisation_id)
    asked = "take" in request.values or request.method == "POST"
    ticked = set(request.values.getlist("take")) if asked else comparison.preselected if comparison else set()
    return render_template(
        "provider/fill_in.html",
        page=page,
        look=found,
        typed=typed,
        comparison=comparison,
        ticked=ticked,
        number=_number_form(typed, found),
        forms=[_number_form(typed, found), _form(errors or {})],
        trouble=trouble,
    ), status


class NumberForm(Form):
    """A number to look up, asked for by GET: nothing changes, so nothing needs a token."""

    number = StringField(
        "Charity or company number",
        description="For example 1123456, 1123456-1 for a linked charity, or 01234567 for its company.",
    )


def _number_form(typed: str, found: LookUp) -> NumberForm:
    form = NumberForm(data={"number": typed})
    problem = found.problem or ("Enter a charity or company number." if "number" in request.args and not typed else "")
    if problem:
        show_on(form, Invalid({"number": problem}))
    return form


def _form(errors: dict[str, str]) -> FlaskForm:
    """The form with what is wrong with what was ticked, each sentence after the name of its field."""
    form = FlaskForm()
    form.form_errors = [f"{LABELS[field]}: {words}" if field in LABELS else words for field, words in errors.items()]
    return form


def _compared(found: LookUp, values: dict[str, Any], organisation_id: int | None) -> Comparison | None:
    if len(found.found) != 1:
        return None
    return compare(found.found[0], values, profile_facts(), places(), organisation_id)


def _take(page: ProfilePage, found: LookUp, typed: str) -> ResponseReturnValue:
    comparison = _compared(found, page.values, page.organisation_id)
    chosen = request.form.getlist("take")
    if comparison is None or comparison.holder:
        return _show(page, found, typed, status=409)
    if request.form.get("extracted_on", "") != str(found.extracted_on or ""):
        trouble = "A newer extract of the register was loaded meanwhile. Look again at what it says, then take it."
        return _show(page, found, typed, trouble=trouble, status=409)
    if not chosen:
        return _show(page, found, typed, errors={"": "Tick at least one thing to take over."}, status=422)
    try:
        organisations.edit_organisation(
            page.organisation_id,
            as_profile(taken(comparison, chosen, page.values)),
            request.form.get("version", 0, type=int),
            places=places(),
            actor=me(),
            now=now(),
            taken=note_of(comparison, found, chosen),
        )
    except ProfileChanged:
        trouble = (
            "A colleague changed the profile meanwhile. Look again at what it says now, then take over what you want."
        )
        return _show(profile_page(page.organisation_id, me()), found, typed, trouble=trouble, status=409)
    except Invalid as error:
        return _show(page, found, typed, errors=error.errors, status=422)
    flash("What you ticked is in the profile now. Check it, and add what is missing.")
    return redirect(url_for(".profile", organisation_id=page.organisation_id))


def as_profile(values: dict[str, Any]) -> Profile:
    """A profile's stored values as if somebody had typed them."""
    names = {field.name for field in fields(Profile)}
    typed = {name: value for name, value in values.items() if name in names}
    lists = {
        name: tuple(typed.get(name) or ()) for name in ("services", "client_groups", "areas", "languages", "access")
    }
    plain = {name: "" if value is None else value for name, value in typed.items()}
    return Profile(**{**plain, **lists})


def note_of(comparison: Comparison, found: LookUp, chosen: list[str]) -> Taken:
    """What the audit row says of it."""
    picked = tuple(sorted(set(chosen) & comparison.choices))
    return Taken(SOURCE, str(found.extracted_on or ""), comparison.record.charity_number, picked)


EMPTY: dict[str, Any] = {"facts": {}, "services": [], "client_groups": [], "areas": []}


@bp.get("/organisations/new/charity-commission")
@allow(Action.START_ORGANISATION)
def begin_from_register() -> ResponseReturnValue:
    """A number, what the register says of it, and on to the form of a new organisation with what was ticked."""
    typed = _typed()
    found = look_up(typed, charities())
    comparison = _compared(found, EMPTY, None)
    ticked = comparison.preselected | {"kind"} if comparison else set()
    return render_template(
        "provider/begin_from_register.html",
        look=found,
        typed=typed,
        comparison=comparison,
        ticked=ticked,
        number=_number_form(typed, found),
        forms=[_number_form(typed, found)],
    )


def begun() -> tuple[dict[str, Any] | None, Taken | None]:
    """What the address of a new organisation's form says was taken from the register: values, and the audit's note of it.

    Both are None where it says nothing, and where another organisation has the number: its own form would say so too.
    """
    typed = request.args.get("charity", "").strip()[:LONGEST]
    found = look_up(typed, charities()) if typed else None
    comparison = _compared(found, EMPTY, None) if found else None
    if found is None or comparison is None or comparison.holder:
        return None, None
    chosen = request.args.getlist("take")
    return taken(comparison, chosen, EMPTY), note_of(comparison, found, chosen)
