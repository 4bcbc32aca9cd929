"""Certificates of other bodies: bring one, correct it, renew it, take it back, have it checked; and answer oneself."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.answers import answer_page
from app.queries.held_elsewhere import PassportPage, held_page, passport_page, schemes_at_work
from app.services import passports, using_passports
from app.web.provider import bp
from app.web.provider.forms import row_id
from app.web.provider.passport_form import PassportForm
from app.web.refusals import show_on

BASE = "/organisations/<int:organisation_id>/held-elsewhere"


@bp.get(BASE)
@allow(Action.SEE_PASSPORTS)
def held_elsewhere(organisation_id: int) -> ResponseReturnValue:
    return render_template("provider/held_elsewhere.html", page=held_page(organisation_id, me(), today()))


@bp.route(f"{BASE}/new", methods=["GET", "POST"])
@allow(Action.ADD_PASSPORT)
def add_passport(organisation_id: int) -> ResponseReturnValue:
    page = held_page(organisation_id, me(), today())
    form, status = PassportForm.blank(page.organisation, schemes_at_work(organisation_id)), 200
    if form.is_submitted():
        status, passport_id = _sent(form, lambda: _add(organisation_id, form, None))
        if passport_id is not None:
            flash("The certificate is here. It answers criteria as soon as a scheme has accepted it.")
            return redirect(url_for(".passport", organisation_id=organisation_id, passport_id=passport_id))
    return render_template("provider/add_passport.html", page=page, form=form, forms=[form]), status


def _add(organisation_id: int, form: PassportForm, replaces_id: int | None) -> int:
    return passports.add_passport(
        organisation_id,
        form.given(),
        storage=storage(),
        actor=me(),
        now=now(),
        today=today(),
        replaces_id=replaces_id,
    )


def _sent(form: PassportForm, save: Callable[[], int]) -> tuple[int, int | None]:
    """(the page's status, the certificate's id where it was saved). What was refused stands on the form."""
    if not form.validate():
        return 422, None
    try:
        return 303, save()
    except StorageFull as error:
        show_on(form, Invalid({"file": error.message}))
        return 507, None
    except Conflict as error:
        show_on(form, error)
        return 409, None
    except Invalid as error:
        show_on(form, error)
        return 422, None


@bp.get(f"{BASE}/<int:passport_id>")
@allow(Action.SEE_PASSPORTS)
def passport(organisation_id: int, passport_id: int) -> ResponseReturnValue:
    page = passport_page(organisation_id, passport_id, me(), today())
    return render_template("provider/passport.html", page=page)


@bp.route(f"{BASE}/<int:passport_id>/change", methods=["GET", "POST"])
@allow(Action.ADD_PASSPORT)
def change_passport(organisation_id: int, passport_id: int) -> ResponseReturnValue:
    page = passport_page(organisation_id, passport_id, me(), today())
    form, status = PassportForm.about(page.row), 200
    if form.is_submitted():
        status, saved = _sent(form, lambda: _change(passport_id, form))
        if saved is not None:
            flash("The certificate is corrected.")
            return _back_to(page)
    return _form(page, form, status, follows=False)


def _change(passport_id: int, form: PassportForm) -> int:
    passports.change_passport(
        passport_id, form.given(), form.seen_version(), storage=storage(), actor=me(), now=now(), today=today()
    )
    return passport_id


@bp.route(f"{BASE}/<int:passport_id>/renew", methods=["GET", "POST"])
@allow(Action.ADD_PASSPORT)
def renew_passport(organisation_id: int, passport_id: int) -> ResponseReturnValue:
    page = passport_page(organisation_id, passport_id, me(), today())
    form, status = PassportForm.about(page.row, follows=True), 200
    if form.is_submitted():
        status, follower = _sent(form, lambda: _follow(page, form))
        if follower is not None:
            flash("The new certificate is here, and the same schemes are asked to check it.")
            return redirect(url_for(".passport", organisation_id=organisation_id, passport_id=follower))
    return _form(page, form, status, follows=True)


def _follow(page: PassportPage, form: PassportForm) -> int:
    return _add(page.organisation_id, form, page.row.passport_id)


def _form(page: PassportPage, form: PassportForm, status: int, *, follows: bool) -> ResponseReturnValue:
    return render_template("provider/change_passport.html", page=page, form=form, forms=[form], follows=follows), status


@bp.route(f"{BASE}/<int:passport_id>/withdraw", methods=["GET", "POST"])
@allow(Action.ADD_PASSPORT)
def withdraw_passport(organisation_id: int, passport_id: int) -> ResponseReturnValue:
    page = passport_page(organisation_id, passport_id, me(), today())
    if request.method == "GET":
        return render_template("provider/withdraw_passport.html", page=page)
    passports.withdraw_passport(passport_id, actor=me(), now=now())
    flash("You took the certificate back. It answers nothing any more.")
    return _back_to(page)


@bp.post(f"{BASE}/<int:passport_id>/ask")
@allow(Action.ADD_PASSPORT)
def ask_to_check(organisation_id: int, passport_id: int) -> ResponseReturnValue:
    page = passport_page(organisation_id, passport_id, me(), today())
    scheme_id = row_id(request.form.get("scheme"))
    if scheme_id is None:
        flash("Choose the scheme first.", "warning")
        return _back_to(page)
    passports.ask_to_check(passport_id, scheme_id, actor=me(), now=now())
    flash("The scheme is asked to check it.")
    return _back_to(page)


def _back_to(page: PassportPage) -> ResponseReturnValue:
    return redirect(url_for(".passport", organisation_id=page.organisation_id, passport_id=page.row.passport_id))


@bp.post("/applications/<int:application_id>/criteria/<code>/myself")
@allow(Action.ANSWER)
def answer_myself(application_id: int, code: str) -> ResponseReturnValue:
    answer_page(application_id, code, me(), today())  # whatever is sent, the address must name one's own
    myself = request.form.get("myself") == "yes"
    try:
        using_passports.answer_myself(application_id, code, myself, actor=me(), now=now(), today=today())
        flash("It is yours to answer now." if myself else "It is left to the certificate again.")
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for(".answer_criterion", application_id=application_id, code=code))
