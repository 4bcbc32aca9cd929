"""Complaints as the scheme's office handles them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
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


# Which box of the form holds what a use-case asks for, by step: each step opens boxes of its own.
BOXES = {
    ACKNOWLEDGE: {"letter": "acknowledge_letter"},
    INVESTIGATE: {"investigator": "investigator"},
    NOTE: {"words": "note_words", "to_whom": "note_to_whom"},
    PUT: {"words": "put_words"},
    HOLDER: {"name": "name"},
    REFER: {"to_whom": "refer_to_whom", "letter": "refer_letter"},
    NOT_TAKE_UP: {"letter": "not_take_up_letter"},
    TAKE_BACK: {"words": "take_back_words"},
    CLOSE: {"learned": "learned"},
}
READ_BY_THEM = "They read it by e-mail, if they left an address, and by their link."


class HandleForm(FlaskForm):
    """What a manager does next: a step, and its boxes."""

    step = RadioField("What do you do?", validate_choice=False)
    acknowledge_letter = TextAreaField("What you write to whoever complained", description=READ_BY_THEM)
    investigator = RadioField("Who looks into it", validate_choice=False)
    note_words = TextAreaField("What was done or said", description="The scheme alone reads it.")
    note_to_whom = StringField(
        "To whom you passed it on, if you did", description="Such as the council's safeguarding team, by telephone."
    )
    put_words = TextAreaField(
        "What is said of the provider",
        description="In your own words, so that nobody can tell who complained, and by when it should answer.",
    )
    name = StringField("The provider's name on the register")
    refer_to_whom = StringField("To which body it goes", description="Such as the council's safeguarding team.")
    refer_letter = TextAreaField("Why, for whoever complained", description=READ_BY_THEM)
    not_take_up_letter = TextAreaField("Why, for whoever complained", description=READ_BY_THEM)
    take_back_words = TextAreaField("How they asked for it", description="For the record.")
    learned = TextAreaField("What the scheme learned", description="For the scheme alone, and for its yearly report.")

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
    """Make the step with what its boxes hold. Raises Invalid under the names of these boxes."""
    said = {asked: form[box].data or "" for asked, box in BOXES[step].items()}
    try:
        _act(step, complaint_id, said)
    except Invalid as wrong:
        raise Invalid({BOXES[step].get(name, name): words for name, words in wrong.errors.items()}) from None


def _act(step: str, complaint_id: int, said: dict[str, str]) -> None:
    by = {"actor": me(), "now": now()}
    if step == INVESTIGATE:
        chosen = said["investigator"]
        handling.investigate(complaint_id, int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0, **by)
    else:
        USE_CASES[step](complaint_id, **said, **by)


USE_CASES = {
    ACKNOWLEDGE: handling.acknowledge,
    REFER: handling.refer,
    NOT_TAKE_UP: handling.not_take_up,
    TAKE_BACK: handling.take_back,
    CLOSE: handling.close_complaint,
    NOTE: handling.note,
    PUT: handling.put_to_provider,
    HOLDER: handling.name_holder,
}
