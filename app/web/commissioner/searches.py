"""Saved searches: kept from the search page, looked at, changed, and their feed."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField

from app.domain.access import Action
from app.domain.errors import DomainError, NotFound
from app.domain.watching import Pace
from app.edge.backends import places
from app.edge.session import allow, me, now, today
from app.queries import watching as queries
from app.queries.matching import asked_of
from app.queries.register import RegisterPage, search_register
from app.queries.watching import TeamRow, teams_of
from app.services import saved_searches as services
from app.services.saved_searches import Alert, Kept
from app.web.commissioner import bp
from app.web.commissioner.watching import MINE, PACES
from app.web.fields import choices
from app.web.public.register import address, search_from
from app.web.refusals import show_on

DONE = {
    "pause": "Paused. You hear nothing of this search until you let it go on.",
    "resume": "The search goes on. What it finds is told from now on, with what came meanwhile.",
    "put-back": "The search is back.",
}


class SearchForm(FlaskForm):
    """The name of a search and what is told of it."""

    name = StringField("Name of this search")
    on_new = BooleanField("Tell me of providers that newly fit")
    on_gone = BooleanField("Tell me of providers that no longer fit")
    pace = RadioField("When do you want to hear of it?", choices=choices(PACES.items()), validate_choice=False)
    whose = RadioField("Whose search is it?", validate_choice=False)

    @classmethod
    def for_teams(cls, teams: tuple[TeamRow, ...], name: str) -> SearchForm:
        form = cls(data={"name": name, "on_new": True, "pace": Pace.DAILY.value})
        form.whose.choices = choices(
            [(MINE, "Mine"), *((str(each.team_id), f"My team’s, {each.name}") for each in teams)]
        )
        form.whose.data = form.whose.data or MINE
        return form

    def alert(self, version: int = 1) -> Alert:
        return Alert(
            self.name.data or "", bool(self.on_new.data), bool(self.on_gone.data), self.pace.data or "", version
        )

    def team_id(self) -> int | None:
        return int(self.whose.data) if (self.whose.data or "").isdecimal() else None


@bp.route("/watching/searches/new", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def new_search() -> ResponseReturnValue:
    """The rest of the address is the search's own, as the search page writes it."""
    search = replace(search_from(request.args), page=1)
    page = search_register(search, places(), today())
    form = SearchForm.for_teams(teams_of(me()), _name_for(page))
    if form.validate_on_submit():
        kept = Kept(address(search).partition("?")[2], asked_of(search, places()))
        try:
            services.save_search(kept, form.alert(), team_id=form.team_id(), actor=me(), now=now(), today=today())
        except DomainError as error:
            show_on(form, error)
        else:
            flash("The search is saved.")
            return redirect(url_for(".watching"))
    return render_template(
        "commissioner/new_search.html", page=page, form=form, chosen=_in_words(page), back=address(search)
    )


@bp.route("/watching/searches/<int:search_id>", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def one_search(search_id: int) -> ResponseReturnValue:
    page = queries.one_search(search_id, me())
    row = page.row
    form = SearchForm(data={"name": row.name, "on_new": row.on_new, "on_gone": row.on_gone, "pace": row.pace})
    del form.whose
    if form.validate_on_submit():
        try:
            version = request.form.get("version", 0, type=int)
            services.change_search(search_id, form.alert(version), actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
        else:
            flash("Saved.")
            return redirect(url_for(".one_search", search_id=search_id))
    return render_template("commissioner/one_search.html", page=page, form=form)


@bp.get("/watching/searches/<int:search_id>/open")
@allow(Action.USE_LISTS)
def open_search(search_id: int) -> ResponseReturnValue:
    """The search as it is now; what was found up to now counts as seen."""
    query = services.note_looked_at(search_id, actor=me(), now=now())
    return redirect(url_for("public.register") + (f"?{query}" if query else ""))


@bp.post("/watching/searches/<int:search_id>/<verb>")
@allow(Action.USE_LISTS)
def change_search(search_id: int, verb: str) -> ResponseReturnValue:
    if verb == "remove":
        services.remove_search(search_id, actor=me(), now=now())
        return redirect(url_for(".watching", ended_search=search_id))
    if verb == "put-back":
        services.put_back_search(search_id, actor=me(), now=now())
    elif verb in {"pause", "resume"}:
        services.pause_search(search_id, verb == "pause", actor=me(), now=now())
    else:
        raise NotFound("There is no such page, or it is not open to you.")
    flash(DONE[verb])
    return redirect(url_for(".watching"))


def _in_words(page: RegisterPage) -> tuple[str, ...]:
    """What is looked for, in words: the page's own titles of what is chosen."""
    search = page.search
    said = [f"“{search.words}”"] if search.words else []
    said += [choice.title for choices_ in page.facets.values() for choice in choices_ if choice.chosen]
    if page.place:
        said.append(f"within {search.miles} miles of {page.place.label}")
    return tuple(said)


def _name_for(page: RegisterPage) -> str:
    """A name to begin with."""
    words = ", ".join(_in_words(page)) or "All approved providers"
    return words if len(words) <= 80 else f"{words[:79].rstrip()}…"
