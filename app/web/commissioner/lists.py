"""Lists that are kept on an account: one's own and those of one's teams."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid, NotFound
from app.edge.session import allow, me, today
from app.edge.session import now as clock
from app.queries.shortlists import ListPage, list_page, own_lists, own_locked
from app.queries.teams import own_teams
from app.services import shortlist_items as items
from app.services import shortlists as services
from app.web.commissioner import bp
from app.web.commissioner.files import list_file
from app.web.commissioner.forms import ItemForm, ListForm, NewListForm
from app.web.commissioner.paper import Written
from app.web.errors import status_of
from app.web.fields import choices
from app.web.refusals import show_on


@bp.get("/shortlists")
@allow(Action.USE_LISTS)
def lists() -> ResponseReturnValue:
    return render_template(
        "commissioner/lists.html",
        rows=own_lists(me()),
        deleted=own_lists(me(), deleted=True),
        locked=own_locked(me()),
        teams=own_teams(me()),
    )


def team_choices() -> list[tuple[str, str]]:
    """Whose a list may be."""
    return [("", "Mine alone"), *((str(team.team_id), f"The team {team.name}") for team in own_teams(me()))]


@bp.route("/shortlists/new", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def new_list() -> ResponseReturnValue:
    form = NewListForm()
    form.team.choices = choices(team_choices())
    if form.is_submitted():
        try:
            list_id = services.make_list(form.described(), form.team_id, actor=me(), now=clock())
            return redirect(url_for(".one_list", list_id=list_id))
        except Invalid as error:
            show_on(form, error)
            return render_template("commissioner/new_list.html", form=form), status_of(error)
    return render_template("commissioner/new_list.html", form=form)


@bp.get("/shortlists/<int:list_id>")
@allow(Action.USE_LISTS)
def one_list(list_id: int) -> ResponseReturnValue:
    return _show(list_page(list_id, me(), today()))


def _show(page: ListPage, typed: ItemForm | None = None, item_id: int = 0, status: int = 200) -> ResponseReturnValue:
    """The list; with what somebody typed beside one provider and could not be saved."""
    forms = {
        item.item_id: typed
        if typed and item.item_id == item_id
        else ItemForm(None, data={"note": item.note, "verdict": item.verdict.value, "version": item.version})
        for item in page.items
    }
    for key, form in forms.items():
        for field in (form.note, form.verdict):
            field.id = f"{field.short_name}-{key}"
            field.label.field_id = field.id
    return render_template(
        "commissioner/one_list.html",
        page=page,
        item_forms=forms,
        forms=[typed] if typed else [],
        moved=request.args.get("moved", "")[:2000],
    ), status


@bp.post("/shortlists/<int:list_id>/items/<int:item_id>")
@allow(Action.USE_LISTS)
def write_item(list_id: int, item_id: int) -> ResponseReturnValue:
    form = ItemForm()
    version = int(form.version.data) if str(form.version.data or "").isdecimal() else 0
    try:
        items.write_item(
            list_id, item_id, form.note.data or "", form.verdict.data or "", version, actor=me(), now=clock()
        )
    except (Invalid, services.ListChanged) as error:
        page = list_page(list_id, me(), today())
        item = next((each for each in page.items if each.item_id == item_id), None)
        if item is None:
            raise NotFound("There is no such page, or it is not open to you.") from None
        form.version.raw_data, form.version.data = None, str(item.version)
        show_on(form, Invalid({"note": error.message}) if isinstance(error, Conflict) else error)
        return _show(page, form, item_id, status_of(error))
    flash("Saved.")
    return redirect(url_for(".one_list", list_id=list_id, _anchor=f"item-{item_id}"))


@bp.post("/shortlists/<int:list_id>/items/<int:item_id>/<any(off,back,up,down):verb>")
@allow(Action.USE_LISTS)
def change_item(list_id: int, item_id: int, verb: str) -> ResponseReturnValue:
    anchor = f"item-{item_id}"
    try:
        if verb == "off":
            items.take_off(list_id, item_id, actor=me(), now=clock())
            flash("It is off the list. You can put it back at the foot of the page.")
            anchor = "removed"
        elif verb == "back":
            items.put_back(list_id, item_id, actor=me(), now=clock())
            flash("It is on the list again, where it was.")
        else:
            items.move_item(list_id, item_id, verb == "up", actor=me(), now=clock())
    except Invalid as error:
        flash(error.message, "warning")
    return redirect(url_for(".one_list", list_id=list_id, _anchor=anchor))


@bp.route("/shortlists/<int:list_id>/describe", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def describe_list(list_id: int) -> ResponseReturnValue:
    page = list_page(list_id, me(), today())
    form = ListForm(
        data={"name": page.name, "purpose": page.purpose, "criteria": page.criteria, "version": page.version}
    )
    if not form.is_submitted():
        return render_template("commissioner/describe_list.html", page=page, form=form)
    version = int(form.version.data) if str(form.version.data or "").isdecimal() else 0
    try:
        services.describe_list(list_id, form.described(), version, actor=me(), now=clock())
    except (Invalid, services.ListChanged) as error:
        show_on(form, error)
        theirs = None
        if isinstance(error, services.ListChanged):
            theirs = list_page(list_id, me(), today())
            form.version.raw_data, form.version.data = None, str(theirs.version)
        return render_template("commissioner/describe_list.html", page=page, form=form, theirs=theirs), status_of(error)
    flash("Saved.")
    return redirect(url_for(".one_list", list_id=list_id))


@bp.post("/shortlists/<int:list_id>/<any(delete,restore):verb>")
@allow(Action.USE_LISTS)
def delete_list(list_id: int, verb: str) -> ResponseReturnValue:
    if verb == "delete":
        services.delete_list(list_id, actor=me(), now=clock())
        flash("The list is deleted. You can bring it back for 30 days.")
        return redirect(url_for(".lists"))
    try:
        services.restore_list(list_id, actor=me(), now=clock())
        flash("The list is back.")
    except Invalid as error:
        flash(error.message, "warning")
        return redirect(url_for(".lists"))
    return redirect(url_for(".one_list", list_id=list_id))


@bp.get("/shortlists/<int:list_id>/list.<any(csv,xlsx,pdf):ending>")
@allow(Action.USE_LISTS)
def one_list_file(list_id: int, ending: str) -> ResponseReturnValue:
    page = list_page(list_id, me(), today())
    return list_file("shortlist", page.name, page.purpose, written_on(page), ending)


def written_on(page: ListPage, *, with_notes: bool = True) -> list[Written]:
    """Each provider with what stands beside it; without, where the notes are not for the reader."""
    return [
        Written(item.provider, item.note if with_notes else "", item.verdict_words if with_notes else "")
        for item in page.items
    ]
