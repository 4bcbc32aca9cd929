"""One's own register of interests: what a person who judges others has to do with, confirmed each year."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now, today
from app.queries import interests as queries
from app.services import interests as services
from app.web.account import bp
from app.web.account.interest_forms import CorrectForm, EndForm, InterestForm
from app.web.refusals import show_on

KEPT = "It is on your register. Confirm the register once it says everything."


@bp.get("/my/interests")
@allow(Action.KEEP_INTERESTS)
def my_interests() -> ResponseReturnValue:
    return render_template("account/my_interests.html", page=queries.my_register(me(), today()), form=FlaskForm())


@bp.route("/my/interests/new", methods=["GET", "POST"])
@allow(Action.KEEP_INTERESTS)
def add_interest() -> ResponseReturnValue:
    form = InterestForm()
    status = _sent(form, lambda: services.add_interest(form.given(), actor=me(), now=now(), today=today()))
    if status == 303:
        flash(KEPT)
        return redirect(url_for(".my_interests"))
    return render_template("account/add_interest.html", form=form), status


@bp.route("/my/interests/<int:interest_id>/correct", methods=["GET", "POST"])
@allow(Action.KEEP_INTERESTS)
def correct_interest(interest_id: int) -> ResponseReturnValue:
    row = queries.own_interest(interest_id, me(), today())
    form = CorrectForm.about(row)
    status = _sent(form, lambda: _correct(interest_id, form))
    if status == 303:
        flash("The entry is corrected. The earlier one stays on record.")
        return redirect(url_for(".my_interests"))
    return render_template("account/correct_interest.html", row=row, form=form), status


def _correct(interest_id: int, form: CorrectForm) -> int:
    because = form.because.data or ""
    return services.correct_interest(interest_id, form.given(), because, actor=me(), now=now(), today=today())


@bp.route("/my/interests/<int:interest_id>/end", methods=["GET", "POST"])
@allow(Action.KEEP_INTERESTS)
def end_interest(interest_id: int) -> ResponseReturnValue:
    row = queries.own_interest(interest_id, me(), today())
    form = EndForm()
    status = _sent(
        form, lambda: services.end_interest(interest_id, form.until_on.data, actor=me(), now=now(), today=today())
    )
    if status == 303:
        flash("The interest has ended. It stays on record, and bars you for a time.")
        return redirect(url_for(".my_interests"))
    return render_template("account/end_interest.html", row=row, form=form), status


@bp.post("/my/interests/confirm")
@allow(Action.KEEP_INTERESTS)
def confirm_interests() -> ResponseReturnValue:
    page = queries.my_register(me(), today())
    form = FlaskForm()
    status = _sent(form, lambda: services.confirm_register(nothing=not page.lasting, actor=me(), now=now()))
    if status == 303:
        flash("Thank you. Your register is confirmed for a year.")
        return redirect(url_for(".my_interests"))
    return render_template("account/my_interests.html", page=queries.my_register(me(), today()), form=form), status


def _sent(form: FlaskForm, save: Callable[[], object]) -> int:
    """The page's status: 303 once it is saved. What was refused stands on the form."""
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        save()
    except Conflict as error:
        show_on(form, error)
        return 409
    except Invalid as error:
        show_on(form, error)
        return 422
    return 303
