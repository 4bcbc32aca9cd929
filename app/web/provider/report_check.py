"""The provider's check of the assessment report: read it, comment on a paragraph, hand in or say that nothing is wrong."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, Invalid
from app.domain.evidence import AlreadyInLibrary, Brought
from app.domain.report import LONGEST_COMMENT
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.report_check_pages import CommentPage, check_page, comment_page
from app.services import report_checks
from app.services.report_checks import CommentChanged
from app.web.fields import choices
from app.web.jinja import clock_time
from app.web.provider import bp
from app.web.provider.evidence import refuse
from app.web.provider.evidence_forms import EvidenceForm
from app.web.provider.forms import row_id
from app.web.refusals import show_on


class CommentForm(EvidenceForm):
    """What is wrong in one paragraph, and what shows it. `version` is that of the comment which the page showed."""

    comment = TextAreaField("What is factually wrong, and what is right")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    item = SelectField("Evidence from your library", validate_choice=False)

    @property
    def item_ids(self) -> tuple[int, ...]:
        chosen = row_id(self.item.data)
        return () if chosen is None else (chosen,)


@bp.get("/applications/<int:application_id>/report")
@allow(Action.CHECK_REPORT)
def report(application_id: int) -> ResponseReturnValue:
    return render_template("provider/report.html", page=check_page(application_id, me()))


@bp.route("/applications/<int:application_id>/report/paragraphs/<int:number>", methods=["GET", "POST"])
@allow(Action.CHECK_REPORT)
def comment_on_report(application_id: int, number: int) -> ResponseReturnValue:
    """One paragraph with the comment on it, and evidence beside that."""
    if not check_page(application_id, me()).open:
        if request.method == "POST":
            flash(f"{report_checks.CLOSED} Copy what you need with the back button.", "error")
        return redirect(url_for(".report", application_id=application_id))
    page = comment_page(application_id, number, me())
    form = CommentForm(data={"comment": page.comment, "version": page.comment_version})
    theirs, twin, status = None, None, 200
    if not form.is_submitted():
        form.kind.data = Brought.DOCUMENT.value
    else:
        try:
            if form.validate():
                return _saved(page, form)
            status = 422
        except CommentChanged:
            theirs, status = {"Comment": page.comment}, 409
            form.version.raw_data, form.version.data = None, page.comment_version
        except (AlreadyInLibrary, StorageFull) as error:
            twin, status = refuse(form, error), 422
        except DomainError as error:
            show_on(form, error)
            status = 409 if isinstance(error, Conflict) else 422
    form.item.choices = choices([("", "No evidence"), *((str(item_id), title) for item_id, title in page.library)])
    return render_template(
        "provider/report_comment.html", page=page, form=form, theirs=theirs, twin=twin, longest=LONGEST_COMMENT
    ), status


def _saved(page: CommentPage, form: CommentForm) -> ResponseReturnValue:
    """Save the comment, then what is shown beside it, and go back to the report or stay to show more."""
    number = page.passage.number
    saved = _write(page.report_id, number, form)
    form.version.raw_data, form.version.data = None, saved.version
    if form.item_ids or not form.empty:
        report_checks.show_evidence(
            page.report_id,
            number,
            storage=storage(),
            actor=me(),
            now=now(),
            today=today(),
            item_ids=form.item_ids,
            new=None if form.empty else form.given(),
        )
    flash(f"Your comment on paragraph {number} is saved. Hand it in when you are done with the report.")
    if request.form.get("then") == "stay":
        return redirect(url_for(".comment_on_report", application_id=page.application_id, number=number))
    return redirect(url_for(".report", application_id=page.application_id, _anchor=f"p{number}"))


def _write(report_id: int, number: int, form: CommentForm) -> report_checks.SavedComment:
    return report_checks.write_comment(
        report_id, number, form.comment.data or "", form.version.data or 0, actor=me(), now=now()
    )


@bp.post("/applications/<int:application_id>/report/paragraphs/<int:number>/autosave")
@allow(Action.CHECK_REPORT)
def autosave_report_comment(application_id: int, number: int) -> ResponseReturnValue:
    page = check_page(application_id, me())
    if page.report_id is None or not page.open:
        return {"title": report_checks.CLOSED}, 409
    try:
        saved = _write(page.report_id, number, CommentForm())
    except Invalid as error:
        return {"errors": error.errors}, 422
    except CommentChanged as error:
        shown = comment_page(application_id, number, me())
        theirs = {"Comment": shown.comment}
        return {"message": error.message, "theirs": theirs, "by": "A colleague", "version": shown.comment_version}, 409
    except Conflict as error:
        return {"title": error.message}, 409
    return {"saved_at": clock_time(saved.saved_at), "version": saved.version}


@bp.post("/applications/<int:application_id>/report/hand-in")
@allow(Action.CHECK_REPORT)
def hand_in_report_check(application_id: int) -> ResponseReturnValue:
    """Hand the comments in, or say that there are none to make: the button says which."""
    page = check_page(application_id, me())
    here = redirect(url_for(".report", application_id=application_id))
    if page.report_id is None or not page.open:
        flash("The check of this report is over already.", "error")
        return here
    act = (
        report_checks.find_no_mistakes if request.form.get("said") == "no-mistakes" else report_checks.hand_in_comments
    )
    try:
        act(page.report_id, actor=me(), now=now())
    except DomainError as error:
        flash(error.message, "error")
    else:
        flash("Thank you. The assessors have what you said.")
    return here
