"""The registers of interests of a scheme's people, as its managers and auditors see them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.interests import InterestRow, PersonPage, person_page, registers_page
from app.services import interests as services
from app.web.account.words import ROLE_TITLES
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.forms import ReasonForm

PERSON = "/schemes/<code>/interests/<int:user_id>"


@bp.get("/schemes/<code>/interests")
@allow(Action.SEE_INTERESTS)
def interests(code: str) -> ResponseReturnValue:
    return render_template("scheme/interests.html", page=registers_page(code, me(), today()), titles=ROLE_TITLES)


@bp.get(PERSON)
@allow(Action.SEE_INTERESTS)
def person_interests(code: str, user_id: int) -> ResponseReturnValue:
    page = person_page(code, user_id, me(), today())
    return render_template("scheme/person_interests.html", page=page, titles=ROLE_TITLES)


@bp.route(f"{PERSON}/<int:interest_id>/strike-out", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def strike_interest(code: str, user_id: int, interest_id: int) -> ResponseReturnValue:
    page = person_page(code, user_id, me(), today())
    row, form = _entry(page, interest_id), ReasonForm()
    if form.validate_on_submit():
        try:
            services.strike_interest(interest_id, page.scheme.scheme_id, form.reason.data or "", actor=me(), now=now())
        except (Conflict, Invalid) as error:
            show_on(form, error)
        else:
            flash("The entry is struck out. It stays on record with your reason.")
            return redirect(url_for(".person_interests", code=code, user_id=user_id))
    status = 422 if form.errors or form.form_errors else 200
    return render_template("scheme/strike_interest.html", page=page, row=row, form=form), status


def _entry(page: PersonPage, interest_id: int) -> InterestRow:
    rows = (*page.register.lasting, *page.register.over)
    found = next((row for row in rows if row.interest_id == interest_id and row.changeable), None)
    if found is None or not page.strikes:
        raise NotFound("There is no such page, or it is not open to you.")
    return found
