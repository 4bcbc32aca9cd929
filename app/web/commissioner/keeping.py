"""Putting providers on a list of one's account: from the register, from a comparison, or the browser's whole list."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.choosing import LONGEST_NOTE
from app.domain.errors import Invalid
from app.edge.session import allow, me, now
from app.queries.shortlists import own_lists
from app.services import shortlist_items as items
from app.services.shortlists import Described
from app.web.commissioner import bp
from app.web.commissioner.compare import asked
from app.web.commissioner.forms import NEW, AddForm
from app.web.commissioner.lists import team_choices
from app.web.commissioner.shortlist import MOST_IN_BROWSER
from app.web.errors import status_of
from app.web.fields import choices
from app.web.refusals import show_on

WAITING = "notes that wait"
MOST_WAITING = 2_000
"""Characters of notes that wait in the browser's cookie while somebody signs in. With script they stay where they are."""


@bp.post("/shortlist/keep")
@allow(Action.USE_PUBLIC_SITE)
def begin_keeping() -> ResponseReturnValue:
    """From the page of the browser's list to the choice of a list; signing in comes between where it must."""
    slugs = request.form.getlist("p")[:MOST_IN_BROWSER]
    notes = {slug: request.form.get(f"note-{slug}", "").strip()[:LONGEST_NOTE] for slug in slugs}
    notes = {slug: words for slug, words in notes.items() if words}
    if sum(map(len, notes.values())) <= MOST_WAITING:
        session[WAITING] = notes
    return redirect(url_for(".add_to_list", p=slugs))


@bp.route("/shortlists/add", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def add_to_list() -> ResponseReturnValue:
    posted = request.method == "POST"
    chosen = asked(MOST_IN_BROWSER, given=request.form.getlist("p") if posted else None)
    form = _form()
    waiting = session.get(WAITING, {})
    notes = {slug: request.form.get(f"note-{slug}", waiting.get(slug, "")) for slug in chosen.slugs}
    if not posted or not chosen.slugs:
        return render_template("commissioner/add_to_list.html", chosen=chosen, form=form, notes=notes)
    try:
        added = _add(form, notes)
    except Invalid as error:
        show_on(form, error)
        return render_template("commissioner/add_to_list.html", chosen=chosen, form=form, notes=notes), status_of(error)
    session.pop(WAITING, None)
    flash(_said(added))
    return redirect(url_for(".one_list", list_id=added.list_id, moved=" ".join(chosen.slugs)))


def _form() -> AddForm:
    rows = own_lists(me())
    form = AddForm(data={"list": str(rows[0].list_id) if rows else NEW})
    names = [(str(row.list_id), f"{row.name} ({row.team})" if row.team else row.name) for row in rows]
    form.list.choices = choices([*names, (NEW, "A new list")])
    form.team.choices = choices(team_choices())
    return form


def _add(form: AddForm, notes: dict[str, str]) -> items.Added:
    """Raises Invalid, NotFound."""
    wanted = str(form.list.data or "")
    team = str(form.team.data or "")
    return items.add_to_list(
        int(wanted) if wanted.isdecimal() else None,
        Described(form.name.data or "") if wanted == NEW else None,
        int(team) if team.isdecimal() else None,
        notes,
        actor=me(),
        now=now(),
    )


def _said(added: items.Added) -> str:
    new = "1 provider is" if added.new == 1 else f"{added.new} providers are"
    already = f" {added.already} {'was' if added.already == 1 else 'were'} there already." if added.already else ""
    return f"{new} on the list now.{already}"
