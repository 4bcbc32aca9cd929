"""What a framework asks of an organisation, and starting an application under it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.starting import StartPage, start_page
from app.services import applications
from app.web.fields import choices
from app.web.provider import bp
from app.web.provider.forms import StartForm
from app.web.refusals import show_on


@bp.get("/organisations/<int:organisation_id>/frameworks/<int:edition_id>")
@allow(Action.SEE_ORGANISATION)
def framework(organisation_id: int, edition_id: int) -> ResponseReturnValue:
    return _show(_page(organisation_id, edition_id))


def _page(organisation_id: int, edition_id: int) -> StartPage:
    try:
        return start_page(organisation_id, edition_id, request.args.get("level"), me(), today())
    except NotFound:
        if request.args.get("level") is None:
            raise
        return start_page(organisation_id, edition_id, None, me(), today())


def _show(page: StartPage, form: StartForm | None = None, status: int = 200) -> ResponseReturnValue:
    form = form or StartForm(formdata=None, data={"target": page.level.code})
    form.target.choices = choices((level.code, str(level.title)) for level in page.levels)
    return render_template("provider/framework.html", page=page, form=form), status


@bp.post("/organisations/<int:organisation_id>/frameworks/<int:edition_id>/start")
@allow(Action.START_APPLICATION)
def start(organisation_id: int, edition_id: int) -> ResponseReturnValue:
    form = StartForm()
    try:
        application_id = applications.start_application(
            organisation_id, edition_id, form.target.data, actor=me(), now=now()
        )
    except Invalid as error:
        show_on(form, error)
        return _show(_page(organisation_id, edition_id), form, 422)
    return redirect(url_for(".application", application_id=application_id))
