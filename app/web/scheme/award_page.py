"""One award with its whole history, and the yearly returns of its holder, as the office reads them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import IllegalMove, Invalid
from app.edge.session import allow, me, now, today
from app.queries.award_page import office_award_page
from app.queries.surveillance import return_to_judge
from app.services import surveillance
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.award_forms import JudgeForm


@bp.get("/schemes/<code>/awards/<int:award_id>")
@allow(Action.SEE_CASE)
def award(code: str, award_id: int) -> ResponseReturnValue:
    return render_template(
        "scheme/award.html",
        page=office_award_page(code, award_id, me(), today()),
        return_address=lambda number: url_for(".yearly_return", code=code, award_id=award_id, number=number),
    )


@bp.route("/schemes/<code>/awards/<int:award_id>/returns/<int:number>", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def yearly_return(code: str, award_id: int, number: int) -> ResponseReturnValue:
    page = return_to_judge(code, award_id, number, me(), today())
    form = JudgeForm()
    if form.validate_on_submit():
        try:
            _judge(award_id, number, form)
        except (Invalid, IllegalMove) as error:
            show_on(form, error)
        else:
            flash("More is asked of the provider." if "more" in request.form else "The return is accepted.")
            return redirect(url_for(".award", code=code, award_id=award_id))
    return render_template("scheme/yearly_return.html", page=page, form=form), 422 if form.errors else 200


def _judge(award_id: int, number: int, form: JudgeForm) -> None:
    note = form.note.data or ""
    if "more" in request.form:
        surveillance.ask_more(award_id, number, note, form.due_on.data, actor=me(), now=now(), today=today())
    else:
        surveillance.accept_return(award_id, number, note, actor=me(), now=now(), today=today())
