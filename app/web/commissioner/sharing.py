"""Links to a list: made and ended by its own people, opened by whoever has one."""

from __future__ import annotations

from flask import Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries.shortlists import list_page, shared_list, shares_of
from app.services import shortlist_shares as services
from app.web.commissioner import bp
from app.web.commissioner.files import list_file
from app.web.commissioner.forms import ShareForm
from app.web.commissioner.lists import written_on
from app.web.errors import status_of
from app.web.refusals import show_on

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin"}


@bp.route("/shortlists/<int:list_id>/share", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def share_list(list_id: int) -> ResponseReturnValue:
    form, made, status = ShareForm(), "", 200
    if form.is_submitted():
        try:
            made = _share(list_id, form)
            form = ShareForm(None)
        except Invalid as error:
            show_on(form, error)
            status = status_of(error)
    page = render_template(
        "commissioner/share_list.html",
        page=list_page(list_id, me(), today()),
        rows=shares_of(list_id, me(), today()),
        form=form,
        made=made,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"  # the new link is shown once
    return response


def _share(list_id: int, form: ShareForm) -> str:
    """The whole address of a new link. Raises Invalid."""
    if form.ends_on.errors or not form.validate():
        raise Invalid({})
    token = services.share_list(
        list_id,
        form.words.data or "",
        bool(form.with_notes.data),
        form.ends_on.data,
        actor=me(),
        now=now(),
        today=today(),
    )
    return str(current_app.config["BASE_URL"]) + url_for(".shared", token=token)


@bp.post("/shortlists/<int:list_id>/shares/<int:share_id>/end")
@allow(Action.USE_LISTS)
def end_share(list_id: int, share_id: int) -> ResponseReturnValue:
    services.end_share(list_id, share_id, actor=me(), now=now())
    flash("The link is ended. It opens nothing any more.")
    return redirect(url_for(".share_list", list_id=list_id))


@bp.get("/shared-lists/<token>")
@allow(Action.USE_PUBLIC_SITE)
def shared(token: str) -> ResponseReturnValue:
    page, with_notes = shared_list(token, today())
    body = render_template("commissioner/shared_list.html", page=page, with_notes=with_notes, token=token, now=now())
    return _private(make_response(body))


@bp.get("/shared-lists/<token>/list.<any(csv,xlsx,pdf):ending>")
@allow(Action.USE_PUBLIC_SITE)
def shared_file(token: str, ending: str) -> ResponseReturnValue:
    page, with_notes = shared_list(token, today())
    return _private(list_file("shortlist", page.name, page.purpose, written_on(page, with_notes=with_notes), ending))


def _private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response
