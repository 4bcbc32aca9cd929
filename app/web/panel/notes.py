"""Notes of the members on one case, and the chair's record of the discussion. Both save themselves."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, Invalid
from app.edge.session import allow, me, now
from app.queries.panel_notes import NotesPage, notes_page
from app.services.panel_notes import Saved, write_discussion, write_note
from app.web.errors import status_of
from app.web.jinja import clock_time
from app.web.panel import bp
from app.web.refusals import show_on


class NoteForm(FlaskForm):
    """One text. `version` is that of the text which the page showed."""

    text = TextAreaField("What the other members should know")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class DiscussionForm(FlaskForm):
    """The chair's record."""

    text = TextAreaField("What was discussed")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


Write = Callable[..., Saved]


@bp.route("/panels/<int:panel_id>/notes", methods=["GET", "POST"])
@allow(Action.SEE_PANEL_CASE)
def notes(panel_id: int) -> ResponseReturnValue:
    page = notes_page(panel_id, me())
    form = NoteForm(prefix="note")
    return _save(panel_id, page, form, write_note, "Your note is saved.")


@bp.post("/panels/<int:panel_id>/discussion")
@allow(Action.DECIDE)
def discussion(panel_id: int) -> ResponseReturnValue:
    """The chair's record: the form stands on the page of the notes."""
    page = notes_page(panel_id, me())
    return _save(panel_id, page, DiscussionForm(prefix="discussion"), write_discussion, "The record is saved.")


def _save(panel_id: int, page: NotesPage, form: FlaskForm, write: Write, done: str) -> ResponseReturnValue:
    if not form.is_submitted():
        return _page(page, None, 200)
    by_script = request.headers.get("X-Requested-With") == "autosave"
    text = (form.text.data or "").replace("\r\n", "\n")  # type: ignore[attr-defined]
    try:
        saved = write(panel_id, text, form.version.data or 0, actor=me(), now=now())  # type: ignore[attr-defined]
    except DomainError as error:
        if by_script:
            return _refusal(page, form, error)
        show_on(form, error)
        return _page(notes_page(panel_id, me()), form, status_of(error))
    if by_script:
        return {"saved_at": clock_time(saved.saved_at), "version": saved.version}
    flash(done)
    return redirect(url_for(".notes", panel_id=panel_id))


def _refusal(page: NotesPage, form: FlaskForm, error: DomainError) -> ResponseReturnValue:
    """What the script of a form that saves itself is told (app/assets/js/autosave.js)."""
    if isinstance(error, Invalid):
        return {"errors": error.errors}, 422
    if isinstance(error, Conflict) and not page.signed:
        own = isinstance(form, NoteForm)
        theirs = page.text if own else page.discussion
        version = page.version if own else page.discussion_version
        return {"message": error.message, "theirs": {"As saved": theirs}, "version": version}, 409
    return {"title": error.message}, status_of(error)


def _page(page: NotesPage, refused: FlaskForm | None, status: int) -> ResponseReturnValue:
    """Both forms as they stand; the one that was refused with what was typed."""
    note = refused if isinstance(refused, NoteForm) else _filled(NoteForm, "note", page.text, page.version)
    record = (
        refused
        if isinstance(refused, DiscussionForm)
        else _filled(DiscussionForm, "discussion", page.discussion, page.discussion_version)
    )
    page_of = render_template(
        "panel/notes.html", page=page, case=page.case, note=note, record=record, forms=[note, record]
    )
    return page_of, status


def _filled(kind: type[FlaskForm], prefix: str, text: str, version: int) -> FlaskForm:
    return kind(formdata=None, prefix=prefix, data={"text": text, "version": version})
