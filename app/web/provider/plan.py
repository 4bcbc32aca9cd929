"""The improvement plan: the list, one action, a new one, and many at once from what was found missing."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import IllegalMove, Invalid
from app.domain.plan import (
    SOURCE_WORDS,
    STATE_WORDS,
    ActionMove,
    ActionState,
    Source,
    Wanted,
)
from app.edge.session import allow, me, now, today
from app.queries.plan import SHOWN, SORTS, TO_DO, Looked, form_choices, plan_page
from app.queries.plan_action import ActionPage, action_page
from app.queries.plan_suggestions import Suggestion, SuggestionsPage, suggestions_page
from app.services import plan as services
from app.web.jinja import plural
from app.web.provider import bp
from app.web.provider.forms import row_id
from app.web.provider.plan_forms import ActionForm, DropForm, ManyForm
from app.web.refusals import show_on

COLOURS = {ActionState.IN_PROGRESS: "blue", ActionState.DONE: "green", ActionState.DROPPED: "grey"}
MOVED = {
    ActionMove.START: "It is in progress.",
    ActionMove.FINISH: "It is done.",
    ActionMove.DROP: "It is dropped.",
    ActionMove.REOPEN: "It is open again.",
}


@bp.get("/organisations/<int:organisation_id>/plan")
@allow(Action.SEE_PLAN)
def plan(organisation_id: int) -> ResponseReturnValue:
    page = plan_page(organisation_id, me(), today(), _looked())
    return render_template("provider/plan.html", page=page, words=STATE_WORDS, colours=COLOURS)


def _looked() -> Looked:
    """What of the plan the address asks for; what it cannot ask for is left out."""
    asked = request.args
    state, sort = asked.get("state", TO_DO), asked.get("sort", SORTS[0])
    return Looked(
        state=state if state in SHOWN else TO_DO,
        owner=asked.get("owner", "")[:130],
        part=asked.get("part", "")[:200],
        sort=sort if sort in SORTS else SORTS[0],
        page=row_id(asked.get("page")) or 1,
    )


@bp.route("/organisations/<int:organisation_id>/plan/new", methods=["GET", "POST"])
@allow(Action.EDIT_PLAN)
def new_action(organisation_id: int) -> ResponseReturnValue:
    """A free action, or one for the application and criterion that the address names."""
    organisation, colleagues = form_choices(organisation_id, me())
    form, status = ActionForm(data={"title": request.args.get("title", "")[:200]}), 200
    form.offer(colleagues)
    application_id, code = row_id(request.args.get("application")), request.args.get("criterion", "")[:40]
    if form.is_submitted():
        try:
            if form.validate():
                wanted = form.wanted(application_id, code if application_id else "")
                services.add_actions(organisation_id, [wanted], actor=me(), now=now())
                flash("The action is in the plan.")
                return redirect(url_for(".plan", organisation_id=organisation_id))
        except Invalid as error:
            show_on(form, error)
        status = 422
    return render_template(
        "provider/new_action.html",
        organisation_id=organisation_id,
        organisation=organisation,
        form=form,
        code=code if application_id else "",
    ), status


@bp.route("/plan/actions/<int:action_id>", methods=["GET", "POST"])
@allow(Action.SEE_PLAN)
def plan_action(action_id: int) -> ResponseReturnValue:
    page = action_page(action_id, me(), today())
    form = ActionForm.for_row(page.row, page.colleagues)
    if not form.is_submitted():
        return _show(page, form)
    try:
        if not form.validate():
            return _show(page, form, status=422)
        services.change_action(action_id, form.wanted(), form.version.data or 0, actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return _show(page, form, status=422)
    except services.ActionChanged as error:
        return _show_both(form, action_id, error)
    flash("The action is saved.")
    return redirect(url_for(".plan_action", action_id=action_id))


def _show(
    page: ActionPage, form: ActionForm, drop: DropForm | None = None, status: int = 200, **more: object
) -> ResponseReturnValue:
    drop = drop or DropForm(formdata=None)
    shown = [drop] if drop.errors or drop.form_errors else [form]
    return render_template(
        "provider/plan_action.html",
        page=page,
        edit=form,
        drop=drop,
        forms=shown,
        words=STATE_WORDS,
        sources=SOURCE_WORDS,
        colours=COLOURS,
        **more,
    ), status


def _show_both(form: ActionForm, action_id: int, error: services.ActionChanged) -> ResponseReturnValue:
    """The page with what a colleague saved beside what was typed. Saving again keeps what was typed."""
    page = action_page(action_id, me(), today())
    form.version.process_data(page.row.version)
    form.version.raw_data = None
    return _show(page, form, status=409, theirs=page.row, message=error.message)


@bp.post("/plan/actions/<int:action_id>/<any('start','finish','drop','reopen'):verb>")
@allow(Action.EDIT_PLAN)
def move_action(action_id: int, verb: str) -> ResponseReturnValue:
    move, drop = ActionMove(verb), DropForm()
    try:
        services.move_action(action_id, move, drop.reason.data or "", actor=me(), now=now())
    except Invalid as error:
        show_on(drop, error)
        page = action_page(action_id, me(), today())
        form = ActionForm.for_row(page.row, page.colleagues)
        return _show(page, form, drop, status=422)
    except IllegalMove as error:
        flash(error.message, "warning")
        return redirect(url_for(".plan_action", action_id=action_id))
    flash(MOVED[move])
    if request.form.get("then") == "list":
        page = action_page(action_id, me(), today())
        return redirect(url_for(".plan", organisation_id=page.organisation_id))
    return redirect(url_for(".plan_action", action_id=action_id))


@bp.post("/plan/actions/<int:action_id>/evidence")
@allow(Action.EDIT_PLAN)
def action_evidence(action_id: int) -> ResponseReturnValue:
    """Show a piece of the library with the action, or take one off it."""
    action_page(action_id, me(), today())
    item = row_id(request.form.get("item"))
    if item is None:
        flash("Choose a piece of evidence from the list first.", "warning")
    elif request.form.get("then") == "take-off":
        services.detach_from_action(action_id, item, actor=me(), now=now())
        flash("The evidence is off this action. It is still in your library.")
    else:
        try:
            services.attach_to_action(action_id, item, actor=me(), now=now())
            flash("The evidence is shown with this action.")
        except Invalid as error:
            flash(error.message, "warning")
    return redirect(url_for(".plan_action", action_id=action_id, _anchor="evidence"))


@bp.route("/applications/<int:application_id>/plan", methods=["GET", "POST"])
@allow(Action.EDIT_PLAN)
def plan_suggestions(application_id: int) -> ResponseReturnValue:
    """What could be planned: ticked, looked through with owner and date, then added together."""
    page, form = suggestions_page(application_id, me(), today()), ManyForm()
    form.offer(page.colleagues)
    ticked = set(request.values.getlist("pick"))
    chosen = [each for each in page.suggestions if each.key in ticked]
    if not form.is_submitted():
        return _choose(page, form, ticked | _gaps_of(page, ticked))
    if not chosen:
        form.chosen.errors = ["Tick at least one thing that you want to plan."]
        return _choose(page, form, ticked, status=422)
    titles = {each.key: request.form.get(f"title-{each.key}", each.title) for each in chosen}
    if request.form.get("then") != "add":
        return _preview(page, form, chosen, titles)
    return _add(page, form, chosen, titles)


def _gaps_of(page: SuggestionsPage, asked: set[str]) -> set[str]:
    """The keys of what is missing on the criteria that an address names as gap:CODE."""
    gaps = (each for each in page.suggestions if each.source is Source.GAP)
    return {each.key for each in gaps if f"gap:{each.criterion_code}" in asked}


def _choose(page: SuggestionsPage, form: ManyForm, ticked: set[str], status: int = 200) -> ResponseReturnValue:
    return render_template(
        "provider/plan_suggestions.html", page=page, form=form, ticked=ticked, sources=SOURCE_WORDS
    ), status


def _preview(
    page: SuggestionsPage, form: ManyForm, chosen: list[Suggestion], titles: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    return render_template("provider/plan_preview.html", page=page, form=form, chosen=chosen, titles=titles), status


def _add(
    page: SuggestionsPage, form: ManyForm, chosen: list[Suggestion], titles: dict[str, str]
) -> ResponseReturnValue:
    wanted = [_wanted(page, form, each, titles[each.key]) for each in chosen]
    try:
        if not form.validate():
            return _preview(page, form, chosen, titles, status=422)
        added = services.add_actions(page.organisation_id, wanted, actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return _preview(page, form, chosen, titles, status=422)
    known = len(wanted) - len(added)
    beside = f" {plural(known, 'other was', 'others were')} there already." if known else ""
    flash(f"{plural(len(added), 'action is', 'actions are')} added to the plan.{beside}")
    return redirect(url_for(".plan", organisation_id=page.organisation_id))


def _wanted(page: SuggestionsPage, form: ManyForm, each: Suggestion, title: str) -> Wanted:
    """One suggestion with what was entered for all. A date of its own counts where none was entered."""
    plain = Wanted(title, each.notes, application_id=page.application_id, criterion_code=each.criterion_code)
    return replace(
        plain,
        owner_id=row_id(form.owner.data),
        owner_name=form.owner_name.data or "",
        due_on=form.due_on.data or each.due_on,
        source=each.source,
    )
