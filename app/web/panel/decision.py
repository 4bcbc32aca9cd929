"""Recording the decision: the chair writes it, reads it once more, and confirms it."""

from __future__ import annotations

from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import Conflict, Incomplete, Invalid
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.deciding import DecisionPage, decision_page
from app.services.decisions import check_decided, record_decision
from app.services.granting import Issue
from app.web.errors import status_of
from app.web.panel import bp
from app.web.panel.forms import DecisionForm

NO_ROOM = (
    "There is no room to store the certificate just now, so nothing was recorded. What you typed is below. "
    "Tell whoever runs this service, then record it again."
)


@bp.route("/panels/<int:panel_id>/decision", methods=["GET", "POST"])
@allow(Action.DECIDE)
def decide(panel_id: int) -> ResponseReturnValue:
    """The form; then the decision to read once more; then the record of it. Two chairs at once: the second is told."""
    page = decision_page(panel_id, me(), today())
    form = DecisionForm()
    if page.case.decided:
        return _decided_already(page, lost=form.is_submitted())
    carried = page.carried
    if carried is None or not page.count.quorate or not page.shown:
        return render_template("panel/no_decision.html", page=page, case=page.case)
    if carried.verdict is Verdict.AWARD_WITH_CONDITIONS and not form.conditions.entries:
        form.conditions.append_entry()
    if not form.is_submitted():
        form.outcome.data, form.level.data = carried.verdict.value, carried.level or ""
    elif form.validate():
        return _next(page, carried, form)
    return _form(page, carried, form, 422 if form.errors else 200)


def _decided_already(page: DecisionPage, *, lost: bool) -> ResponseReturnValue:
    flash(
        "The decision of this panel is recorded already. What you sent was not kept: read what stands."
        if lost
        else "The decision of this panel is recorded.",
        "warning" if lost else "success",
    )
    return redirect(url_for(".case", panel_id=page.case.panel_id))


def _changed_meanwhile(form: DecisionForm, panel_id: int, message: str) -> ResponseReturnValue:
    """What to show when the votes, or the record, changed while the chair wrote: nothing typed is lost."""
    page = decision_page(panel_id, me(), today())
    if page.case.decided:
        return _decided_already(page, lost=True)
    if page.carried is None:
        return render_template("panel/no_decision.html", page=page, case=page.case), 409
    form.outcome.data, form.level.data = page.carried.verdict.value, page.carried.level or ""
    form.form_errors.append(message)
    return _form(page, page.carried, form, 409)


def _form(page: DecisionPage, carried: Ballot, form: DecisionForm, status: int) -> ResponseReturnValue:
    conditional = carried.verdict is Verdict.AWARD_WITH_CONDITIONS
    return render_template("panel/decide.html", page=page, case=page.case, form=form, conditional=conditional), status


def _next(page: DecisionPage, carried: Ballot, form: DecisionForm) -> ResponseReturnValue:
    decided, step = form.decided(carried), request.form.get("step", "")
    if step in ("add", "drop"):
        form.change_conditions(step)
        return _form(page, carried, form, 200)
    try:
        if step == "confirm":
            record_decision(
                page.case.panel_id,
                decided,
                issue=Issue(current_app.config["BASE_URL"], Path(current_app.config["FONT_DIR"])),
                storage=storage(),
                actor=me(),
                now=now(),
                today=today(),
            )
            flash("The decision is recorded. The provider is told.")
            return redirect(url_for(".case", panel_id=page.case.panel_id))
        if step != "change":
            check_decided(decided, page.computed_level, today())
    except (Invalid, Incomplete) as error:
        form.refuse(error)
        return _form(page, carried, form, status_of(error))
    except Conflict as error:
        return _changed_meanwhile(form, page.case.panel_id, error.message)
    except StorageFull:
        form.form_errors.append(NO_ROOM)
        return _form(page, carried, form, 507)
    if step == "change":
        return _form(page, carried, form, 200)
    return render_template("panel/confirm_decision.html", page=page, case=page.case, form=form, decided=decided)
