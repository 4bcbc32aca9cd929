"""The history of an answer, and bringing earlier words back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now
from app.queries.answer_history import answer_history as history_page
from app.services import answer_history as services
from app.services.answers import ChangedMeanwhile
from app.web.provider import bp
from app.web.provider.forms import row_id as number


@bp.get("/applications/<int:application_id>/criteria/<code>/history")
@allow(Action.SEE_APPLICATION)
def answer_history(application_id: int, code: str) -> ResponseReturnValue:
    page = history_page(application_id, code, number(request.args.get("page")) or 1, me())
    return render_template("provider/answer_history.html", page=page)


@bp.post("/applications/<int:application_id>/criteria/<code>/history/<int:row_id>")
@allow(Action.ANSWER)
def restore_answer(application_id: int, code: str, row_id: int) -> ResponseReturnValue:
    version, side = number(request.form.get("version")) or 0, request.form.get("side", "after")
    try:
        services.restore_answer(application_id, code, row_id, side, version, actor=me(), now=now())
    except (ChangedMeanwhile, Invalid) as error:
        flash(error.message, "warning")
        return redirect(url_for(".answer_history", application_id=application_id, code=code))
    flash("The earlier words are the answer again. What stood there before is in the history.")
    return redirect(url_for(".answer_criterion", application_id=application_id, code=code))
