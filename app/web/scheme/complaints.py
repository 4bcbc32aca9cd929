"""Complaints as the scheme's office handles them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.lifecycle import ComplaintMove
from app.edge.session import allow, me, now, today
from app.queries.complaints import ComplaintPage, complaint_page, complaints_page
from app.services import complaint_handling as handling
from app.web.fields import choices
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.pipeline import page_number, same_page_at

ACKNOWLEDGE, INVESTIGATE, REFER = "acknowledge", "investigate", "refer"
NOT_TAKE_UP, TAKE_BACK, CLOSE = "not-take-up", "take-back", "close"
NOTE, PUT, HOLDER = "note", "put", "holder"
WORDS = (
    (ACKNOWLEDGE, "Confirm to whoever complained that you have read it"),
    (INVESTIGATE, "Choose who looks into it"),
    (NOTE, "Write down what was done, or that it was passed on"),
    (PUT, "Put it to the provider"),
    (HOLDER, "Say which provider it is about"),
    (REFER, "Pass the whole of it to another body"),
    (NOT_TAKE_UP, "Say that it is not looked into"),
    (TAKE_BACK, "Record that whoever complained ended it"),
    (CLOSE, "Close it with what was learned"),
)
BY_MOVE = {
    ACKNOWLEDGE: ComplaintMove.ACKNOWLEDGE,
    INVESTIGATE: ComplaintMove.INVESTIGATE,
    REFER: ComplaintMove.REFER,
    NOT_TAKE_UP: ComplaintMove.NOT_TAKE_UP,
    TAKE_BACK: ComplaintMove.WITHDRAW,
    CLOSE: ComplaintMove.CLOSE,
}


class HandleForm(FlaskForm):
    """What a manager does next. Each step reads the boxes that it needs."""

    step = RadioField("What do you do?", validate_choice=False)
    letter = TextAreaField(
        "What you write to whoever complained",
        description="They read it by e-mail, if they left an address, and by their link.",
    )
    to_whom = StringField("To whom", description="Such as the council's safeguarding team, by telephone.")
    words = TextAreaField("Words")
    learned = TextAreaField("What the scheme learned", description="For the scheme alone, and for its yearly report.")
    name = StringField("The provider's name on the register")
    investigator = RadioField("Who looks into it", validate_choice=False)

    @classmethod
    def about(cls, page: ComplaintPage) -> HandleForm:
        form = cls()
        form.step.choices = choices((step, words) for step, words in WORDS if step in steps_open(page))
        form.investigator.choices = choices(
            (str(each.user_id), each.name + (" (lay)" if each.lay else "")) for each in page.candidates if not each.bar
        )
        return form


def steps_open(page: ComplaintPage) -> frozenset[str]:
    """What the reader may do now."""
    found = {step for step, move in BY_MOVE.items() if move in page.moves}
    found |= {NOTE} if page.acts else set()
    if page.handles and page.acts:
        found.add(PUT if page.provider else HOLDER)
    return frozenset(found)


@bp.get("/schemes/<code>/complaints")
@allow(Action.SEE_COMPLAINTS)
def complaints(code: str) -> ResponseReturnValue:
    page = complaints_page(code, page_number(), me(), today())
    return render_template("scheme/complaints.html", page=page, address=same_page_at)


@bp.get("/schemes/<code>/complaints/<int:complaint_id>")
@allow(Action.SEE_COMPLAINTS)
def complaint(code: str, complaint_id: int) -> ResponseReturnValue:
    page = complaint_page(code, complaint_id, me(), today())
    return render_template("scheme/complaint.html", page=page, form=HandleForm.about(page))


@bp.post("/schemes/<code>/complaints/<int:complaint_id>")
@allow(Action.HANDLE_COMPLAINT)
def handle_complaint(code: str, complaint_id: int) -> ResponseReturnValue:
    page = complaint_page(code, complaint_id, me(), today())
    form = HandleForm.about(page)
    step, status = form.step.data or "", 422
    try:
        if step not in dict(WORDS):
            raise Invalid({"step": "Choose what you do."})
        _do(step, complaint_id, form)
    except Invalid as error:
        show_on(form, error)
    except (Conflict, IllegalMove) as error:
        page, status = complaint_page(code, complaint_id, me(), today()), 409
        form.form_errors.append(f"{error.message} Somebody else may have acted meanwhile. It stands as shown now.")
    else:
        flash("It is on the record.")
        return redirect(url_for(".complaint", code=code, complaint_id=complaint_id))
    return render_template("scheme/complaint.html", page=page, form=form), status


def _do(step: str, complaint_id: int, form: HandleForm) -> None:
    by = {"actor": me(), "now": now()}
    letter, words, to_whom = form.letter.data or "", form.words.data or "", form.to_whom.data or ""
    chosen = request.form.get("investigator", "")
    tasks = {
        ACKNOWLEDGE: lambda: handling.acknowledge(complaint_id, letter, **by),
        INVESTIGATE: lambda: handling.investigate(complaint_id, int(chosen) if chosen.isdecimal() else 0, **by),
        REFER: lambda: handling.refer(complaint_id, to_whom, letter, **by),
        NOT_TAKE_UP: lambda: handling.not_take_up(complaint_id, letter, **by),
        TAKE_BACK: lambda: handling.take_back(complaint_id, words, **by),
        CLOSE: lambda: handling.close_complaint(complaint_id, form.learned.data or "", **by),
        NOTE: lambda: handling.note(complaint_id, words, to_whom, **by),
        PUT: lambda: handling.put_to_provider(complaint_id, words, **by),
        HOLDER: lambda: handling.name_holder(complaint_id, form.name.data or "", **by),
    }
    tasks[step]()
