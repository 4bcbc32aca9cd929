"""Carrying an application over to a later edition: what would go over, and doing it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now
from app.queries.carrying import CarryPage, carry_page
from app.services import applications, carrying
from app.web.fields import choices
from app.web.provider import bp
from app.web.refusals import show_on

ADDRESS = "/applications/<int:application_id>/carry/<int:edition_id>"


class CarryForm(FlaskForm):
    """The level to apply for, and what becomes of the old draft."""

    target = RadioField("Which level do you want to apply for?", validate_choice=False)
    withdraw = BooleanField("Also withdraw the old draft")

    @classmethod
    def for_page(cls, page: CarryPage) -> CarryForm:
        form = cls(data={"target": page.target})
        form.target.choices = choices((level.code, str(level.title)) for level in page.levels)
        form.withdraw.label.text = f"Also withdraw my draft under edition {page.from_edition}"
        return form


@bp.route(ADDRESS, methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def carry_over(application_id: int, edition_id: int) -> ResponseReturnValue:
    """What would go over, what must be looked at again, what is new; posted, it is done."""
    page = carry_page(application_id, edition_id, me())
    form = CarryForm.for_page(page)
    if not form.is_submitted():
        return render_template("provider/carry_over.html", page=page, form=form)
    try:
        target = form.target.data or ""
        new_id = carrying.carry_over(application_id, edition_id, target, actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return render_template("provider/carry_over.html", page=page, form=form), 422
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".application", application_id=application_id))
    flash(_what_was_done(page, withdrawn=_withdraw(page, form)))
    return redirect(url_for(".application", application_id=new_id))


def _withdraw(page: CarryPage, form: CarryForm) -> bool:
    """Withdraw the old draft where its lead ticked that. It is a step of its own: the old one is else never touched."""
    if not (page.from_draft and form.withdraw.data):
        return False
    note = f"Carried over to edition {page.to_edition}."
    applications.withdraw_application(page.application_id, note, actor=me(), now=now())
    return True


def _what_was_done(page: CarryPage, *, withdrawn: bool) -> str:
    if page.same_edition:
        return "Your new application has begun, with what you wrote before. Your earlier application is unchanged."
    old = f"Your draft under edition {page.from_edition} is withdrawn and stays here to read."
    if not withdrawn:
        old = f"Your application under edition {page.from_edition} is unchanged."
    return f"Your application now stands under edition {page.to_edition}. {old}"
