"""Certificates of other bodies that the scheme was asked to check: accept, refuse, revoke."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from app.domain.access import Action
from app.domain.certificates_held import CheckMove, CheckState
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.edge.session import allow, me, now, today
from app.queries.passports_to_check import CheckPage, check_page, to_check_page
from app.services.passport_checks import check_passport
from app.web.fields import choices
from app.web.refusals import show_on
from app.web.scheme import bp

DONE = {
    CheckMove.ACCEPT: "You accepted the certificate. The provider is told.",
    CheckMove.REFUSE: "You did not accept the certificate. The provider is told why.",
    CheckMove.REVOKE: "The certificate is no longer accepted. The provider is told why.",
}


class CheckForm(FlaskForm):
    """What comes of a certificate, and why. `version` is that of the certificate which was looked at."""

    move = RadioField("Do you accept it?", validate_choice=False)
    reason = TextAreaField("Reason", description="Needed where you do not accept it. The provider reads it.")
    version = HiddenField()

    @classmethod
    def for_page(cls, page: CheckPage) -> CheckForm:
        """The form for what can be done with it now."""
        waiting = page.row.state is CheckState.WAITING
        form = cls(data={"version": str(page.version), "move": None if waiting else CheckMove.REVOKE.value})
        form.move.choices = choices(
            [(CheckMove.ACCEPT.value, "Accept it"), (CheckMove.REFUSE.value, "Do not accept it")]
        )
        return form

    def chosen(self, page: CheckPage) -> CheckMove:
        """What was chosen; an accepted certificate can only be revoked. Raises Invalid."""
        if page.row.state is not CheckState.WAITING:
            return CheckMove.REVOKE
        try:
            return CheckMove(self.move.data or "")
        except ValueError:
            raise Invalid({"move": "Say whether you accept it."}) from None

    def seen_version(self) -> int:
        """The version that the page showed; 0 for anything that is no number."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


@bp.get("/schemes/<code>/passports")
@allow(Action.SEE_CHECKS)
def passports(code: str) -> ResponseReturnValue:
    show = request.args.get("show", CheckState.WAITING.value)
    page = to_check_page(code, show, request.args.get("page", 1, type=int), me(), today())

    def address(number: int) -> str:
        return url_for(".passports", code=code, show=page.show, page=number)

    return render_template("scheme/passports.html", page=page, address=address)


@bp.route("/schemes/<code>/passports/<int:passport_id>", methods=["GET", "POST"])
@allow(Action.SEE_CHECKS)
def passport(code: str, passport_id: int) -> ResponseReturnValue:
    page = check_page(code, passport_id, me(), today())
    form, status = CheckForm.for_page(page), 200
    if form.is_submitted():
        status = _sent(page, form)
        if status == 303:
            return redirect(url_for(".passports", code=code))
        page = check_page(code, passport_id, me(), today())
    return render_template("scheme/passport.html", page=page, form=form, forms=[form]), status


def _sent(page: CheckPage, form: CheckForm) -> int:
    try:
        move = form.chosen(page)
        check_passport(
            page.scheme.scheme_id,
            page.row.passport_id,
            move,
            version=form.seen_version(),
            reason=form.reason.data or "",
            actor=me(),
            now=now(),
            today=today(),
        )
    except (Conflict, IllegalMove) as error:
        show_on(form, error)
        form.version.raw_data, form.version.data = None, str(page.version)
        return 409
    except Invalid as error:
        show_on(form, error)
        return 422
    flash(DONE[move])
    return 303
