"""Answering offline: the spreadsheet that is downloaded, brought back, looked at and applied."""

from __future__ import annotations

from io import BytesIO

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now
from app.frameworks.answer_sheet import answer_workbook
from app.frameworks.diff.marks import Mark, Piece, marked
from app.frameworks.in_words import language_name, languages_of
from app.frameworks.workbooks import MEDIA_TYPE
from app.queries.answer_sheets import SheetPage, answer_book, offline_page, sheet_page
from app.services.answer_sheets import Applied, PlanChanged, apply_answers, bring_answers, discard_answers
from app.services.uploads import Upload
from app.web.jinja import plural
from app.web.provider import bp
from app.web.refusals import show_on

SHOWN = 1_000
"""How many characters of a text the preview shows of each cell. The file and the page of the criterion hold the rest."""

MOST_COMPARED = 100_000
"""How many characters of all reasons together are compared word by word."""


class AnswerSheetForm(FlaskForm):
    """The file that was filled in."""

    file = FileField("The file that you filled in")

    def upload(self) -> Upload | None:
        """What was chosen; None where nothing was."""
        file = self.file.data
        if not file or not getattr(file, "filename", ""):
            return None
        return Upload(file.filename, file.stream, current_app.config["UPLOAD_LIMIT"])


@bp.route("/applications/<int:application_id>/offline", methods=["GET", "POST"])
@allow(Action.ANSWER)
def answer_sheets(application_id: int) -> ResponseReturnValue:
    page, form, status = offline_page(application_id, me(), now()), AnswerSheetForm(), 200
    if form.is_submitted():
        try:
            sheet_id = bring_answers(application_id, form.upload(), actor=me(), now=now())
            return redirect(url_for(".answer_sheet", application_id=application_id, sheet_id=sheet_id))
        except Invalid as error:
            show_on(form, error)
            status = 422
    names = {code: language_name(code) for code in page.languages}
    return render_template("provider/answer_sheets.html", page=page, form=form, languages=names), status


@bp.get("/applications/<int:application_id>/answers.xlsx")
@allow(Action.SEE_APPLICATION)
def answers_xlsx(application_id: int) -> Response:
    """The workbook with the answers as they stand."""
    book = answer_book(application_id, me(), now())
    offered = languages_of(book.framework)
    language = request.args.get("language", "")
    file = BytesIO(answer_workbook(book, language if language in offered else offered[0]))
    name = f"answers-{book.framework.code}-{book.framework.edition}-{application_id}.xlsx"
    response = send_file(file, MEDIA_TYPE, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"  # answers change, and belong to their people alone
    return response


@bp.route("/applications/<int:application_id>/offline/<int:sheet_id>", methods=["GET", "POST"])
@allow(Action.ANSWER)
def answer_sheet(application_id: int, sheet_id: int) -> ResponseReturnValue:
    page = sheet_page(application_id, sheet_id, me(), now())
    if request.method == "GET":
        return _show(page)
    kept = {line.criterion.code: request.form.get(f"keep-{line.criterion.code}", "") for line in page.conflicts}
    try:
        token = request.form.get("token", "")
        applied = apply_answers(application_id, sheet_id, token, kept, actor=me(), now=now())
    except Invalid as error:
        undecided = [(f"keep-{code}-mine", sentence) for code, sentence in error.errors.items()]
        return _show(page, kept=kept, undecided=undecided, status=422)
    except PlanChanged as error:
        return _show(sheet_page(application_id, sheet_id, me(), now()), kept=kept, changed=error.message, status=409)
    flash(_in_words(applied))
    return redirect(url_for(".application", application_id=application_id))


def _show(page: SheetPage, status: int = 200, **more: object) -> ResponseReturnValue:
    return render_template(
        "provider/answer_sheet.html", page=page, shortened=shortened, marked=_marked(page), **more
    ), status


def _marked(page: SheetPage) -> dict[str, tuple[Piece, ...]]:
    """What goes out of each reason and what comes in, by cell.

    Word by word in short texts, and no more of them than are compared in a moment; else the one text and the other.
    """
    found: dict[str, tuple[Piece, ...]] = {}
    room = MOST_COMPARED
    for change in (each for line in page.changes for each in line.cells if each.column == "reason"):
        length = len(change.before) + len(change.after)
        if length <= min(2 * SHOWN, room):
            room -= length
            found[change.cell] = marked(change.before, change.after)
        else:
            whole = ((Mark.OUT, change.before), (Mark.IN, change.after))
            found[change.cell] = tuple(Piece(mark, shortened(text)) for mark, text in whole if text)
    return found


def shortened(text: str) -> str:
    """The text as the preview has room for it, saying how much is left out."""
    rest = len(text) - SHOWN
    return text if rest <= 0 else f"{text[:SHOWN]} … and {plural(rest, 'more character', 'more characters')}"


def _in_words(applied: Applied) -> str:
    saved = f"{plural(applied.changed, 'answer is', 'answers are')} saved from your file."
    if not applied.kept_theirs:
        return saved
    return f"{saved} {plural(applied.kept_theirs, 'answer stays', 'answers stay')} as written online."


@bp.post("/applications/<int:application_id>/offline/<int:sheet_id>/discard")
@allow(Action.ANSWER)
def discard_answer_sheet(application_id: int, sheet_id: int) -> ResponseReturnValue:
    discard_answers(application_id, sheet_id, actor=me(), now=now())
    flash("Your file is discarded. No answer was changed.")
    return redirect(url_for(".answer_sheets", application_id=application_id))
