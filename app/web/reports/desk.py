"""Making a report: begin it, write its words, answer what the provider says to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, Invalid
from app.domain.report import LONGEST_PARAGRAPH
from app.edge.session import allow, me, now, today
from app.queries.report_desk import AnswerPage, WritePage, answer_page, begin_page, desk_page, write_page
from app.services import report_checks, reports
from app.services.reports import ParagraphChanged
from app.web.jinja import clock_time
from app.web.refusals import show_on
from app.web.reports import bp
from app.web.reports.forms import AnswerForm, BeginForm, ParagraphForm


@bp.route("/cases/<int:application_id>/report", methods=["GET", "POST"])
@allow(Action.HANDLE_REPORT)
def begin_report(application_id: int) -> ResponseReturnValue:
    """The report that is being written; where there is none, the page on which it is begun."""
    page = begin_page(application_id, me(), today())
    if isinstance(page, int):
        return redirect(url_for(".report", report_id=page))
    form, status = BeginForm(), 200
    if form.validate_on_submit():
        try:
            report_id = reports.begin_report(
                application_id, actor=me(), now=now(), today=today(), reason=form.reason.data or ""
            )
            return redirect(url_for(".report", report_id=report_id))
        except DomainError as error:
            show_on(form, error)
            status = 422
    return render_template("reports/begin_report.html", page=page, form=form), status


@bp.get("/reports/<int:report_id>")
@allow(Action.HANDLE_REPORT)
def report(report_id: int) -> ResponseReturnValue:
    page = desk_page(report_id, me(), today())
    return render_template("reports/report.html", page=page, head=page.head)


@bp.route("/reports/<int:report_id>/paragraphs/<int:number>", methods=["GET", "POST"])
@allow(Action.HANDLE_REPORT)
def paragraph(report_id: int, number: int) -> ResponseReturnValue:
    """The words of one paragraph: the lead assessor's to write, the others' to read."""
    page = write_page(report_id, number, me(), today())
    form = ParagraphForm(data={"text": page.paragraph.content.text, "version": page.paragraph.version})
    theirs, status = None, 200
    if form.is_submitted():
        try:
            _save(report_id, number, form)
            flash(f"Paragraph {number} is saved.")
            return redirect(url_for(".report", report_id=report_id, _anchor=f"p{number}"))
        except ParagraphChanged:
            theirs, status = _as_saved(page), 409
            form.version.raw_data, form.version.data = None, page.paragraph.version
        except DomainError as error:
            show_on(form, error)
            status = 409 if isinstance(error, Conflict) else 422
    longest = LONGEST_PARAGRAPH
    return render_template(
        "reports/paragraph.html", page=page, head=page.head, form=form, theirs=theirs, longest=longest
    ), status


def _save(report_id: int, number: int, form: ParagraphForm) -> reports.Saved:
    return reports.write_paragraph(
        report_id, number, form.text.data or "", form.version.data or 0, actor=me(), now=now(), today=today()
    )


def _as_saved(page: WritePage) -> dict[str, str]:
    return {"Words": page.paragraph.content.text}


@bp.post("/reports/<int:report_id>/paragraphs/<int:number>/autosave")
@allow(Action.HANDLE_REPORT)
def autosave_paragraph(report_id: int, number: int) -> ResponseReturnValue:
    try:
        saved = _save(report_id, number, ParagraphForm())
    except Invalid as error:
        return {"errors": error.errors}, 422
    except ParagraphChanged as error:
        page = write_page(report_id, number, me(), today())
        theirs = {"message": error.message, "theirs": _as_saved(page), "by": page.paragraph.updated_by}
        return {**theirs, "version": page.paragraph.version}, 409
    except Conflict as error:
        return {"title": error.message}, 409
    return {"saved_at": clock_time(saved.saved_at), "version": saved.version}


@bp.route("/reports/<int:report_id>/comments/<int:comment_id>", methods=["GET", "POST"])
@allow(Action.HANDLE_REPORT)
def answer_comment(report_id: int, comment_id: int) -> ResponseReturnValue:
    """One comment of the provider, to be answered."""
    page = answer_page(report_id, comment_id, me(), today())
    form, status = _answer_form(page), 200
    if form.is_submitted():
        try:
            report_checks.answer_comment(
                report_id,
                comment_id,
                form.answered.data or "",
                form.answer.data or "",
                actor=me(),
                now=now(),
                today=today(),
            )
            flash(f"Your answer on paragraph {page.comment.number} is saved.")
            return redirect(url_for(".report", report_id=report_id, _anchor="checks"))
        except DomainError as error:
            show_on(form, error)
            status = 409 if isinstance(error, Conflict) else 422
    return render_template("reports/answer_comment.html", page=page, head=page.head, form=form), status


def _answer_form(page: AnswerPage) -> AnswerForm:
    answered = page.comment.answered.value if page.comment.answered else None
    return AnswerForm(data={"answered": answered, "answer": page.comment.answer})
