"""Calling the panel of a case, and changing who sits on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries.cases import CallPage, call_page
from app.services import panels
from app.web.fields import choices
from app.web.scheme import bp
from app.web.scheme.forms import PanelForm, show_on_list


@bp.route("/schemes/<code>/cases/<int:application_id>/panel", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def panel(code: str, application_id: int) -> ResponseReturnValue:
    """Call the panel, or change the one that sits."""
    page = call_page(code, application_id, me(), today())
    form = _form(page)
    if form.validate_on_submit():
        try:
            _save(page, form)
        except Invalid as error:
            show_on_list(form, error)
        else:
            done = "The panel is called." if page.panel_id is None else "The panel is changed."
            flash(f"{done} Members declare their interests before they read the case.")
            return redirect(url_for(".case", code=code, application_id=application_id))
    return render_template("scheme/panel.html", page=page, head=page.head, form=form), 422 if form.errors else 200


def _form(page: CallPage) -> PanelForm:
    form = PanelForm(data={"members": list(page.members), "chair": page.chair, "meets_on": page.meets_on})
    free = [each for each in page.candidates if not each.bar]
    form.members.choices = choices((each.user_id, f"{each.name} (lay)" if each.lay else each.name) for each in free)
    form.chair.choices = choices((each.user_id, each.name) for each in free)
    return form


def _save(page: CallPage, form: PanelForm) -> None:
    if page.panel_id is None:
        panels.call_panel(page.head.application_id, form.plan(), actor=me(), now=now(), today=today())
    else:
        panels.change_panel(page.panel_id, form.plan(), actor=me(), now=now(), today=today())
