"""Lists of approved providers that a scheme brings into the register: the file, a look at every row, and its undoing."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.widgets import HiddenInput

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.domain.list_import import ABOUT, Column, Outcome
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.register_imports import (
    OUTCOME_WORDS,
    EditionChoice,
    ListPage,
    edition_choices,
    list_page,
    lists_page,
    progress_of,
    rows_left,
)
from app.services import register_imports as services
from app.services.register_imports import Asked
from app.web.fields import DayField, choices
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.list_words import what_was_read
from app.web.spreadsheets import csv_file

LARGEST = 100 * 1024 * 1024
NO_COLUMN = ""


class TermsForm(FlaskForm):
    """On which decisions the awards rest, and what is meant where a row says nothing."""

    edition = SelectField("Edition of the framework", coerce=int, validate_choice=False)
    basis = TextAreaField(
        "Who decided on these awards, when, and by which rules",
        description="The register shows it with each award. For example: Decided by the scheme’s board between 2023 and "
        "June 2026 under its rules of 2022; minutes are kept at its office.",
    )
    level = SelectField("Level of rows that name none", validate_choice=False)
    granted_on = DayField("Day of the award of rows that name none")
    expires_on = DayField(
        "Last day of rows that name none",
        description="Leave it empty to count it from the day of the award, as the framework says.",
    )

    def offer(self, editions: tuple[EditionChoice, ...]) -> None:
        """Fill the choices: every edition, and every level that one of them has."""
        self.edition.choices = choices((each.edition_id, each.title) for each in editions)
        levels = {code: title for each in editions for code, title in each.levels}
        self.level.choices = choices([("", "Each row must name its level"), *levels.items()])

    def asked(self) -> Asked:
        return Asked(
            edition_id=self.edition.data,
            basis=self.basis.data or "",
            level=self.level.data or "",
            granted_on=self.granted_on.data,
            expires_on=self.expires_on.data,
        )


class NewListForm(TermsForm):
    """The same, with the file."""

    file = FileField(
        "The list",
        description="A CSV file, an Excel workbook (.xlsx), CQC’s directory as it is, or the saved answer of an Open "
        "Referral feed (.json). Up to 100 MB and 200,000 rows.",
    )


class MappingForm(TermsForm):
    """The same for a list that was read, with the column of the file for each of ours (`column_<ours>`)."""

    version = IntegerField(widget=HiddenInput())


class ConfirmForm(FlaskForm):
    version = IntegerField(widget=HiddenInput())


class UndoForm(FlaskForm):
    reason = TextAreaField("Why it is undone", description="The register shows it with each award that is taken back.")


class ChoiceForm(FlaskForm):
    choice = HiddenField()


@bp.url_value_preprocessor
def _make_room_for_list(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form is read for its token: a list may be larger than a piece of evidence."""
    if request.method == "POST" and endpoint == "scheme.new_list" and me().signed_in:
        request.max_content_length = LARGEST


@bp.get("/schemes/<code>/brought-in")
@allow(Action.SEE_PIPELINE)
def lists(code: str) -> ResponseReturnValue:
    return render_template("scheme/lists.html", page=lists_page(code, me()))


@bp.route("/schemes/<code>/brought-in/new", methods=["GET", "POST"])
@allow(Action.IMPORT_REGISTER)
def new_list(code: str) -> ResponseReturnValue:
    """Choose a file and say what its awards rest on."""
    page, form = lists_page(code, me()), NewListForm()
    form.offer(edition_choices(page.scheme.scheme_id))
    if form.validate_on_submit():
        sent = form.file.data
        try:
            if not getattr(sent, "filename", ""):
                raise Invalid({"file": "Choose the file with the list."})
            with sent.stream as stream:
                key = storage().put(stream).key
            import_id = services.start_import(
                code, sent.filename, key, form.asked(), actor=me(), now=now(), today=today()
            )
        except Invalid as error:
            show_on(form, error)
        else:
            return redirect(url_for(".list", import_id=import_id))
    return render_template("scheme/new_list.html", page=page, form=form), 422 if form.errors else 200


@bp.get("/brought-in/<int:import_id>", endpoint="list")
@allow(Action.SEE_PIPELINE)
def one_list(import_id: int) -> ResponseReturnValue:
    return _show(_page(import_id), UndoForm(formdata=None))


def _page(import_id: int) -> ListPage:
    asked = request.args.get("outcome", "")
    outcome = Outcome(asked) if asked in set(Outcome) else None
    return list_page(import_id, me(), now(), outcome, request.args.get("page", 1, type=int))


def _show(page: ListPage, undo: UndoForm) -> str:
    return render_template(
        "scheme/list.html",
        page=page,
        undo=undo,
        outcome_words=OUTCOME_WORDS,
        outcomes=tuple(Outcome),
        read=lambda row: what_was_read(row.read, page.levels),
        turn=lambda number: url_for(
            ".list", import_id=page.import_id, outcome=page.outcome, page=number, _anchor="rows"
        ),
    )


@bp.route("/brought-in/<int:import_id>/columns", methods=["GET", "POST"])
@allow(Action.IMPORT_REGISTER)
def list_columns(import_id: int) -> ResponseReturnValue:
    """Say which column says what, and what is meant where a row says nothing; the list is then read again."""
    page = list_page(import_id, me(), now(), None, 1)
    form = MappingForm(data=_said(page))
    form.offer(edition_choices(page.scheme.scheme_id))
    mapping = _mapping() if request.method == "POST" else {Column(key): value for key, value in page.mapping.items()}
    problem = ""
    if form.validate_on_submit():
        try:
            services.read_again(
                import_id, form.version.data or 0, form.asked(), mapping, actor=me(), now=now(), today=today()
            )
        except Invalid as error:
            problem = error.errors.get("name") or error.errors.get("mapping") or ""
            show_on(form, error)
        except Conflict as error:
            problem = error.message
        else:
            return redirect(url_for(".list", import_id=import_id))
    wrong = bool(problem or form.errors)
    return render_template(
        "scheme/list_columns.html", page=page, form=form, about=ABOUT, mapping=mapping, problem=problem
    ), 422 if wrong else 200


def _said(page: ListPage) -> dict[str, object]:
    return {
        "edition": page.edition_id,
        "basis": page.basis,
        "level": page.level,
        "granted_on": page.granted_on,
        "expires_on": page.expires_on,
        "version": page.version,
    }


def _mapping() -> dict[Column, str]:
    """The header that was chosen for each of our columns."""
    chosen = {column: request.form.get(f"column_{column.value}", NO_COLUMN) for column in Column}
    return {column: header for column, header in chosen.items() if header}


@bp.post("/brought-in/<int:import_id>/rows/<int:row_id>")
@allow(Action.IMPORT_REGISTER)
def decide_row(import_id: int, row_id: int) -> ResponseReturnValue:
    try:
        services.decide_row(import_id, row_id, request.form.get("choice", ""), actor=me(), now=now())
    except (Invalid, Conflict) as error:
        flash(error.message, "warning")
    where = {name: request.args[name] for name in ("outcome", "page") if name in request.args}
    return redirect(url_for(".list", import_id=import_id, **where, _anchor=f"row-{row_id}"))


@bp.post("/brought-in/<int:import_id>/confirm")
@allow(Action.IMPORT_REGISTER)
def confirm_list(import_id: int) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            services.confirm_import(import_id, form.version.data or 0, actor=me(), now=now())
        except Conflict as error:
            flash(error.message, "warning")
    return redirect(url_for(".list", import_id=import_id))


@bp.post("/brought-in/<int:import_id>/stop")
@allow(Action.IMPORT_REGISTER)
def stop_list(import_id: int) -> ResponseReturnValue:
    services.stop_import(import_id, actor=me(), now=now())
    flash("Stopped. What was brought in so far stands, and can be undone.")
    return redirect(url_for(".list", import_id=import_id))


@bp.post("/brought-in/<int:import_id>/discard")
@allow(Action.IMPORT_REGISTER)
def discard_list(import_id: int) -> ResponseReturnValue:
    services.discard_import(import_id, actor=me(), now=now())
    flash("The list is discarded. Nothing of it was brought in.")
    return redirect(url_for(".list", import_id=import_id))


@bp.post("/brought-in/<int:import_id>/undo")
@allow(Action.IMPORT_REGISTER)
def undo_list(import_id: int) -> ResponseReturnValue:
    form = UndoForm()
    if form.validate_on_submit():
        try:
            services.undo_import(import_id, form.reason.data or "", actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
            return _show(_page(import_id), form), 422
        except Conflict as error:
            flash(error.message, "warning")
    return redirect(url_for(".list", import_id=import_id))


@bp.get("/brought-in/<int:import_id>/progress.json")
@allow(Action.SEE_PIPELINE)
def list_progress(import_id: int) -> ResponseReturnValue:
    """How far the work has come, for the page that waits for it."""
    state, done, total = progress_of(import_id, me())
    return jsonify(state=state, done=done, total=total)


@bp.get("/brought-in/<int:import_id>/left-out.csv")
@allow(Action.SEE_PIPELINE)
def list_left_out(import_id: int) -> ResponseReturnValue:
    """The rows that were not brought in, with the reason of each, to be mended and brought in as a list of their own."""
    headers, rows = rows_left(import_id, me())
    return csv_file(f"left-out-of-list-{import_id}", headers, rows)
