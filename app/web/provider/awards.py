"""An award as its holder sees it: where it stands, what comes, its certificates, its yearly returns, and giving it up."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.yearly_return import YearlyReturn, field_of
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.appealing import appeals_here
from app.queries.applications import certificate_file
from app.queries.award_page import award_page, certificate_version
from app.queries.surveillance import Asked, ReturnPage, return_page
from app.services import surveillance
from app.services.awards import Change, give_up
from app.web.provider import bp
from app.web.refusals import show_on


class GiveUpForm(FlaskForm):
    """Giving an award up, and the word that it is meant."""

    reason = TextAreaField("Why (optional)", description="The scheme reads it. It is not published.")
    sure = BooleanField("I understand that the award ends today and cannot be brought back")
    seen = HiddenField()


@bp.get("/awards/<int:award_id>/certificate.pdf")
@allow(Action.SEE_EVIDENCE)
def certificate(award_id: int) -> ResponseReturnValue:
    file = certificate_file(award_id, me())
    return send_file(
        storage().open(file.storage_key), mimetype="application/pdf", as_attachment=True, download_name=file.filename
    )


@bp.get("/awards/<int:award_id>/certificates/<int:version>.pdf")
@allow(Action.SEE_EVIDENCE)
def old_certificate(award_id: int, version: int) -> ResponseReturnValue:
    """A certificate as it was issued, whether or not a newer one has taken its place."""
    file = certificate_version(award_id, version, me())
    return send_file(
        storage().open(file.storage_key), mimetype="application/pdf", as_attachment=True, download_name=file.filename
    )


@bp.get("/awards/<int:award_id>")
@allow(Action.SEE_APPLICATION)
def award(award_id: int) -> ResponseReturnValue:
    page = award_page(award_id, me(), today())
    return render_template(
        "provider/award.html",
        page=page,
        here=appeals_here(page.application_id, me(), today()),
        on=today(),
        return_address=lambda number: url_for(".yearly_return", award_id=award_id, number=number),
    )


@bp.route("/awards/<int:award_id>/give-up", methods=["GET", "POST"])
@allow(Action.SURRENDER_AWARD)
def give_up_award(award_id: int) -> ResponseReturnValue:
    page = award_page(award_id, me(), today())
    if not page.may_give_up:
        return redirect(url_for(".award", award_id=award_id))
    form = GiveUpForm(data={"seen": page.row.seen})
    if form.validate_on_submit():
        try:
            if not form.sure.data:
                raise Invalid({"sure": "Tick this if you are sure. To keep the award, leave this page."})
            change = Change(form.reason.data or "", "", seen=form.seen.data or "")
            give_up(award_id, change, actor=me(), now=now(), today=today())
            flash("The award has ended. The register says so from now on.")
            return redirect(url_for(".award", award_id=award_id))
        except (Invalid, Conflict, IllegalMove) as error:
            show_on(form, error)
            form.seen.data = award_page(award_id, me(), today()).row.seen
    return render_template("provider/give_up_award.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/awards/<int:award_id>/returns/<int:number>", methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def yearly_return(award_id: int, number: int) -> ResponseReturnValue:
    page = return_page(award_id, number, me())
    form = _return_form(page)
    if page.may_write and form.validate_on_submit():
        send = "send" in request.form
        use_case = surveillance.send_return if send else surveillance.save_return
        try:
            use_case(award_id, number, _given(form, page), actor=me(), now=now())
        except (Invalid, Conflict) as error:
            show_on(form, error)
            page = return_page(award_id, number, me())
            form["seen"].data = page.seen
        else:
            flash(
                "The return is sent. The scheme reads it and you will hear." if send else "Saved. Nothing is sent yet."
            )
            return redirect(url_for(".award", award_id=award_id) if send else request.path)
    return render_template("provider/yearly_return.html", page=page, form=form), 422 if form.errors else 200


def _return_form(page: ReturnPage) -> FlaskForm:
    """The form of one return: a box for each question and for each criterion that is answered again."""

    class ReturnForm(FlaskForm):
        """What has changed in the year."""

        seen = HiddenField()
        confirmed = BooleanField("I confirm, for the organisation, that this is true and complete")

    asked = (*page.parts, *page.criteria)
    for each in asked:
        title = each.title if each in page.parts else f"{each.code}: {each.title}"
        setattr(ReturnForm, field_of(each.code), TextAreaField(title, description=each.asks))
    return ReturnForm(data={"seen": page.seen, **{field_of(each.code): each.said for each in asked}})


def _given(form: FlaskForm, page: ReturnPage) -> YearlyReturn:
    def words(asked: Sequence[Asked]) -> dict[str, str]:
        return {each.code: form[field_of(each.code)].data or "" for each in asked}

    return YearlyReturn(
        words(page.parts), words(page.criteria), bool(form["confirmed"].data), seen=form["seen"].data or ""
    )
