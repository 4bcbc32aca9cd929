"""Needs: one need as everybody reads it, and what its owners, providers and managers do with it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import DomainError, Invalid
from app.edge.backends import places
from app.edge.session import allow, me, now, today
from app.queries import needs as queries
from app.queries.needs import Answering, NeedPage
from app.queries.watching import teams_of
from app.services import need_answers
from app.services import needs as services
from app.web.commissioner import bp
from app.web.commissioner.need_forms import AnswerForm, NeedForm, ReasonForm
from app.web.errors import status_of
from app.web.refusals import show_on


@bp.get("/needs/<int:need_id>")
@allow(Action.USE_PUBLIC_SITE)
def need(need_id: int) -> ResponseReturnValue:
    return _show(queries.need_page(need_id, me(), today()))


def _show(page: NeedPage, problems: tuple[str, ...] = (), status: int = 200) -> ResponseReturnValue:
    return render_template("commissioner/need.html", page=page, problems_here=problems), status


@bp.get("/needs/mine")
@allow(Action.USE_LISTS)
def my_needs() -> ResponseReturnValue:
    return render_template("commissioner/my_needs.html", rows=queries.own_needs(me(), today()))


@bp.route("/needs/new", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def new_need() -> ResponseReturnValue:
    """A draft first, which shows what everybody would read."""
    form = NeedForm.of(None, places(), teams_of(me()))
    if form.validate_on_submit():
        try:
            need_id = services.draft_need(form.said(places()), team_id=form.team_id(), actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
        else:
            return redirect(url_for(".need", need_id=need_id))
    return render_template("commissioner/need_form.html", form=form, title="Publish a need", version=0, back="")


@bp.route("/needs/<int:need_id>/edit", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def edit_need(need_id: int) -> ResponseReturnValue:
    kept = queries.own_need(need_id, me())
    form = NeedForm.of(kept.said, places(), None)
    if form.validate_on_submit():
        version = request.form.get("version", 0, type=int)
        try:
            said = form.said(places())
            services.change_need(need_id, said, version, actor=me(), now=now(), today=today())
        except DomainError as error:
            show_on(form, error)
        else:
            flash("Saved." if kept.draft else "Saved. What changed is shown with its day.")
            return redirect(url_for(".need", need_id=need_id))
    back = url_for(".need", need_id=need_id)
    title = "Change the draft" if kept.draft else "Change the need"
    return render_template("commissioner/need_form.html", form=form, title=title, version=kept.version, back=back)


@bp.post("/needs/<int:need_id>/publish")
@allow(Action.USE_LISTS)
def publish_need(need_id: int) -> ResponseReturnValue:
    try:
        services.publish_need(need_id, actor=me(), now=now(), today=today())
    except Invalid as error:
        return _show(queries.need_page(need_id, me(), today()), tuple(error.errors.values()), status_of(error))
    flash("Published. Approved providers that fit are told within minutes.")
    return redirect(url_for(".need", need_id=need_id))


@bp.post("/needs/<int:need_id>/close")
@allow(Action.USE_LISTS)
def close_need(need_id: int) -> ResponseReturnValue:
    services.close_need(need_id, actor=me(), now=now())
    flash("Closed. You can open it again.")
    return redirect(url_for(".need", need_id=need_id))


@bp.post("/needs/<int:need_id>/reopen")
@allow(Action.USE_LISTS)
def reopen_need(need_id: int) -> ResponseReturnValue:
    try:
        services.reopen_need(need_id, actor=me(), now=now(), today=today())
    except Invalid as error:
        return _show(queries.need_page(need_id, me(), today()), tuple(error.errors.values()), status_of(error))
    flash("Open for answers again.")
    return redirect(url_for(".need", need_id=need_id))


@bp.route("/needs/<int:need_id>/withdraw", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def withdraw_need(need_id: int) -> ResponseReturnValue:
    queries.own_need(need_id, me())
    page, form = queries.need_page(need_id, me(), today()), ReasonForm()
    if form.validate_on_submit():
        try:
            services.withdraw_need(need_id, form.reason.data or "", actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
        else:
            return redirect(url_for(".need", need_id=need_id))
    return render_template("commissioner/need_reason.html", page=page, form=form, verb="Withdraw")


@bp.route("/needs/<int:need_id>/hide", methods=["GET", "POST"])
@allow(Action.HIDE_NEED)
def hide_need(need_id: int) -> ResponseReturnValue:
    page, form = queries.need_page(need_id, me(), today()), ReasonForm()
    if form.validate_on_submit():
        try:
            services.hide_need(need_id, form.reason.data or "", actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
        else:
            return redirect(url_for(".need", need_id=need_id))
    return render_template("commissioner/need_reason.html", page=page, form=form, verb="Hide")


@bp.post("/needs/<int:need_id>/show")
@allow(Action.HIDE_NEED)
def show_need(need_id: int) -> ResponseReturnValue:
    services.show_need(need_id, actor=me(), now=now())
    flash("It is shown again, closed.")
    return redirect(url_for(".need", need_id=need_id))


@bp.route("/needs/<int:need_id>/answers/<int:organisation_id>", methods=["GET", "POST"])
@allow(Action.ANSWER_NEED)
def answer_need(need_id: int, organisation_id: int) -> ResponseReturnValue:
    page = queries.need_page(need_id, me(), today())
    mine = queries.answering_for(page, organisation_id, me())
    form = AnswerForm(data={"people": mine.people, "from_on": mine.from_on, "words": mine.words})
    if form.validate_on_submit():
        try:
            _answer(need_id, mine, form)
        except DomainError as error:
            show_on(form, error)
        else:
            flash(f"{mine.name} is shown as interested.")
            return redirect(url_for(".need", need_id=need_id))
    return render_template("commissioner/need_answer.html", page=page, mine=mine, form=form)


def _answer(need_id: int, mine: Answering, form: AnswerForm) -> None:
    version = request.form.get("version", mine.version, type=int)
    need_answers.answer_need(
        need_id, mine.organisation_id, form.answer(), version=version, actor=me(), now=now(), today=today()
    )


@bp.post("/needs/<int:need_id>/answers/<int:organisation_id>/take-back")
@allow(Action.ANSWER_NEED)
def take_back_answer(need_id: int, organisation_id: int) -> ResponseReturnValue:
    need_answers.take_back(need_id, organisation_id, actor=me(), now=now(), today=today())
    flash("Taken back. You can answer again until the last day.")
    return redirect(url_for(".need", need_id=need_id))
