"""Words that mean the same to the search: read by everybody, changed by the managers of schemes."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, Invalid
from app.domain.same_words import words_in
from app.edge.session import allow, me, now, today
from app.queries import word_pages as queries
from app.queries.word_pages import GroupPage, Tried
from app.services import search_words as services
from app.web.errors import status_of
from app.web.public import bp
from app.web.public.register_address import LONGEST, written
from app.web.refusals import show_on

LONGEST_TEXT = 2_000
VERBS = {
    "off": (services.switch_off, "Switched off. The search heeds this group no more. You can undo it."),
    "undo": (services.undo, "Undone. Every search from now on knows it."),
    "put-back": (services.put_back, "Put back to what the list says."),
}


class WordsForm(FlaskForm):
    """A group as it is typed, and a search to try it with."""

    words = TextAreaField(
        "Words that mean the same", description="One word or phrase on each line, or dementia = memory loss."
    )
    search = StringField(
        "A search to try them with", description="You can leave this empty. Each of the words is tried too."
    )

    def group(self) -> tuple[str, ...]:
        """What was typed. Raises Invalid (`words`) where that is far too much."""
        text = self.words.data or ""
        if len(text) > LONGEST_TEXT:
            raise Invalid({"words": f"Keep this under {LONGEST_TEXT:,} characters. It has {len(text):,}."})
        return words_in(text)


@bp.get("/register/words")
@allow(Action.USE_PUBLIC_SITE)
def words() -> ResponseReturnValue:
    looked_for = request.args.get("q", "")[:LONGEST].strip()
    page = queries.words_page(looked_for, request.args.get("page", 1, type=int), me())
    return render_template(
        "public/words.html",
        page=page,
        looked_for=looked_for,
        turn=lambda number: written(
            url_for(".words"), {"q": looked_for or None, "page": number if number > 1 else None}
        ),
    )


@bp.route("/register/words/new", methods=["GET", "POST"])
@allow(Action.EDIT_SEARCH_WORDS)
def new_words() -> ResponseReturnValue:
    queries.may_edit_words(me())
    return _edited(None, WordsForm())


@bp.route("/register/words/<key>", methods=["GET", "POST"])
@allow(Action.EDIT_SEARCH_WORDS)
def edit_words(key: str) -> ResponseReturnValue:
    page = queries.group_page(key, me())
    return _edited(page, WordsForm(data={"words": "\n".join(page.group.words)}))


def _edited(page: GroupPage | None, form: WordsForm) -> ResponseReturnValue:
    """The form; what is typed is tried or saved where it was sent."""
    if not form.validate_on_submit():
        return _form(page, form)
    version = request.form.get("version", 0, type=int)
    try:
        group = form.group()
        if request.form.get("do") == "try":
            tried = queries.try_words(
                page.group.key if page else None, group, (form.search.data or "")[:LONGEST], today()
            )
            return _form(page, form, version, tried)
        if page is None:
            services.add_words(group, actor=me(), now=now())
        else:
            services.change_words(page.group.key, group, version, actor=me(), now=now())
    except DomainError as error:
        show_on(form, error)
        fresh = (
            page.group.version if page and isinstance(error, Conflict) else version
        )  # shown, so it may be overwritten
        return _form(page, form, fresh, status=status_of(error))
    flash("Saved. Every search from now on knows it.", "success")
    return redirect(url_for(".words"))


def _form(
    page: GroupPage | None,
    form: WordsForm,
    version: int | None = None,
    tried: tuple[Tried, ...] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    current = page.group.version if page else 0
    version = current if version is None else version
    return render_template("public/words_form.html", page=page, form=form, version=version, tried=tried), status


@bp.post("/register/words/<key>/<any('off', 'undo', 'put-back'):verb>")
@allow(Action.EDIT_SEARCH_WORDS)
def turn_words(key: str, verb: str) -> ResponseReturnValue:
    page = queries.group_page(key, me())
    act, done = VERBS[verb]
    try:
        act(key, request.form.get("version", 0, type=int), actor=me(), now=now())
    except (Conflict, Invalid) as error:
        form = WordsForm(formdata=None, data={"words": "\n".join(page.group.words)})
        show_on(form, error)
        return _form(page, form, status=status_of(error))
    flash(done, "success")
    return redirect(url_for(".edit_words", key=key))
