"""Handing criteria to a colleague, one from its own page or several from a list."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries.answers import answer_page
from app.queries.hand_over import HandOverPage, hand_over_page
from app.services import handing_over as services
from app.web.jinja import plural
from app.web.provider import bp
from app.web.provider.colleague_forms import HandOverForm
from app.web.refusals import show_on


@bp.route("/applications/<int:application_id>/hand-over", methods=["GET", "POST"])
@allow(Action.ANSWER)
def hand_over(application_id: int) -> ResponseReturnValue:
    page = hand_over_page(application_id, me(), today(), request.values.get("part"), request.values.get("show", "all"))
    ticked, areas = set(request.values.getlist("codes")), set(request.values.getlist("areas"))
    form, status = HandOverForm.among(page.colleagues), 200
    if form.is_submitted():
        try:
            if form.validate():
                return _given(page, form, page.codes_of(ticked, areas))
            status = 422
        except Invalid as error:
            show_on(form, error)
            status = 422
    return render_template("provider/hand_over.html", page=page, form=form, ticked=ticked, areas=areas), status


def _given(page: HandOverPage, form: HandOverForm, codes: tuple[str, ...]) -> ResponseReturnValue:
    handing = form.handing(codes)
    name = services.hand_over(page.application_id, handing, actor=me(), now=now(), today=today())
    flash(f"{plural(len(codes), 'criterion', 'criteria')} handed to {name}.")
    if request.form.get("from") == "criterion":
        return redirect(url_for(".answer_criterion", application_id=page.application_id, code=codes[0]))
    return redirect(url_for(".application", application_id=page.application_id, _anchor="criteria"))


@bp.post("/applications/<int:application_id>/criteria/<code>/handed/<int:handed_id>/<any('done','take-back'):verb>")
@allow(Action.ANSWER)
def handed_over(application_id: int, code: str, handed_id: int, verb: str) -> ResponseReturnValue:
    answer_page(application_id, code, me(), today())  # whatever is sent, the address must name one's own
    if verb == "done":
        services.say_done(handed_id, actor=me(), now=now())
        flash(f"{code} is marked as done.")
    else:
        services.take_over(handed_id, actor=me(), now=now())
        flash(f"{code} is not handed to anybody now.")
    return redirect(url_for(".answer_criterion", application_id=application_id, code=code))
