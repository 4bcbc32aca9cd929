"""Answering criterion by criterion, with and without script."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.evidence import Brought
from app.domain.proposals import Here
from app.domain.self_assessment import Claim, Progress
from app.edge.session import allow, me, now, today
from app.queries import answers as queries
from app.queries.merging import clash_of
from app.queries.parts import parts_page
from app.queries.proposals import proposals_for
from app.services import answers, evidence
from app.services.answer_history import set_aside
from app.services.answers import ChangedMeanwhile
from app.services.evidence import Behind
from app.web.jinja import clock_time
from app.web.provider import bp
from app.web.provider.colleague_forms import CommentForm, HandOverForm
from app.web.provider.forms import AnswerForm, EvidenceForm, point_labels, point_of, row_id
from app.web.refusals import show_on


@bp.route("/applications/<int:application_id>/criteria/<code>", methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def answer_criterion(application_id: int, code: str) -> ResponseReturnValue:
    page = queries.answer_page(application_id, code, me(), today())
    form = AnswerForm.for_page(page)
    if not form.is_submitted():
        return show(page, form)
    if request.form.get("then") == "theirs":
        return _take_theirs(page, form)
    try:
        saved = answers.record_answer(application_id, code, form.claim(), form.version.data or 0, actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return show(page, form, status=422)
    except ChangedMeanwhile as error:
        return show_both(page, form, error)
    if saved.progress is not Progress.DONE:
        lacks = "a reason" if (form.point.data or "") else "a level"
        flash(f"Saved. {code} still needs {lacks}.")
    return redirect(_onward(page))


def _take_theirs(page: queries.AnswerPage, form: AnswerForm) -> ResponseReturnValue:
    """Leave a colleague's words. One's own go on record, so that they can be brought back."""
    here = {"application_id": page.application_id, "code": page.criterion.code}
    try:
        set_aside(page.application_id, page.criterion.code, form.claim(), actor=me(), now=now())
        flash("Your colleague’s words stay. Yours are in the history, and you can bring them back.")
    except Invalid as error:
        show_on(form, error)
        return show(page, form, status=422)
    return redirect(url_for(".answer_criterion", **here))


def show(
    page: queries.AnswerPage,
    form: AnswerForm | None = None,
    evidence_form: EvidenceForm | None = None,
    comment_form: CommentForm | None = None,
    status: int = 200,
    **more: object,
) -> ResponseReturnValue:
    """The page of one criterion, with the forms of the answer, new evidence, comments and handing it over."""
    form = form or AnswerForm.for_page(page)
    adding = evidence_form or EvidenceForm(formdata=None, data={"kind": Brought.DOCUMENT.value})
    adding.shows.choices = shown_choices(page)
    other = evidence_form or comment_form
    return render_template(
        "provider/answer_criterion.html",
        page=page,
        proposals=proposals_for(page.application_id, page.criterion.code, _standing(page), me()),
        parts=parts_page(page.application_id, page.criterion, me()),
        answer=form,
        adding=adding,
        commenting=comment_form or CommentForm(formdata=None),
        handing=HandOverForm.among(page.colleagues, formdata=None),
        forms=[other] if other else [form],
        **more,
    ), status


def _standing(page: queries.AnswerPage) -> Here:
    return Here(page.written.claim, frozenset(row.item_id for row in page.evidence))


def shown_choices(page: queries.AnswerPage) -> list[tuple[str, str]]:
    """What a piece of evidence can show of what the criterion asks for."""
    asked = [(ask.code, str(ask.title)) for ask in page.asked.evidence]
    return [("", "Nothing in particular"), *asked]


def _onward(page: queries.AnswerPage) -> str:
    if request.form.get("then") == "many":
        number, here = row_id(request.form.get("page")) or 1, f"answer-{page.criterion.code}"
        return url_for(".answer_many", application_id=page.application_id, page=number, _anchor=here)
    if request.form.get("then") in {"stay", "merge"}:
        return url_for(".answer_criterion", application_id=page.application_id, code=page.criterion.code)
    if page.next_code is None:
        return url_for(".application", application_id=page.application_id)
    return url_for(".answer_criterion", application_id=page.application_id, code=page.next_code)


def show_both(page: queries.AnswerPage, form: AnswerForm, error: ChangedMeanwhile) -> ResponseReturnValue:
    """Both versions side by side, and a text that brings them together, to choose from. Nothing is saved yet."""
    theirs = queries.written_answer(page.application_id, page.criterion.code, me())
    clash = clash_of(form.claim(), form.was(), theirs)
    return render_template(
        "provider/merge_answer.html",
        page=page,
        clash=clash,
        form=AnswerForm.of_claim(page, clash.together, theirs),
        mine_words=_in_words(page, clash.mine),
        theirs_words=_in_words(page, theirs.claim),
        message=error.message,
    ), 409


def _in_words(page: queries.AnswerPage, claim: Claim) -> dict[str, str]:
    return {"Level": point_labels(page).get(point_of(claim), "None chosen"), "Reason": claim.reason}


@bp.post("/applications/<int:application_id>/criteria/<code>/autosave")
@allow(Action.ANSWER)
def autosave_answer(application_id: int, code: str) -> ResponseReturnValue:
    form = AnswerForm()
    try:
        saved = answers.record_answer(application_id, code, form.claim(), form.version.data or 0, actor=me(), now=now())
    except Invalid as error:
        return {"errors": error.errors}, 422
    except ChangedMeanwhile as error:
        page = queries.answer_page(application_id, code, me(), today())
        return {
            "message": error.message,
            "theirs": _in_words(page, page.written.claim),
            "by": page.written.by,
            "at": clock_time(page.written.at),
            "version": page.written.version,
            "merges": True,
        }, 409
    words = f"{saved.done} of {saved.total} criteria answered"
    return {
        "saved_at": clock_time(saved.saved_at),
        "version": saved.version,
        "progress": {"done": saved.done, "total": saved.total, "words": words},
    }


@bp.post("/applications/<int:application_id>/criteria/<code>/attach")
@allow(Action.ANSWER)
def attach_evidence(application_id: int, code: str) -> ResponseReturnValue:
    queries.answer_page(application_id, code, me(), today())  # whatever is sent, the address must name one's own
    item = row_id(request.form.get("item"))
    if item is None:
        flash("Choose a piece of evidence from the list first.", "warning")
        return redirect(_evidence_of(application_id, code))
    behind = Behind(application_id, code, request.form.get("shows", ""))
    evidence.attach_evidence(item, behind, actor=me(), now=now())
    flash("The evidence is attached.")
    return redirect(_evidence_of(application_id, code))


@bp.post("/applications/<int:application_id>/criteria/<code>/detach")
@allow(Action.ANSWER)
def detach_evidence(application_id: int, code: str) -> ResponseReturnValue:
    queries.answer_page(application_id, code, me(), today())
    attached = row_id(request.form.get("attached"))
    if attached is not None:
        evidence.detach_evidence(attached, actor=me(), now=now())
        flash("The evidence is no longer attached here. It is still in your library.")
    return redirect(_evidence_of(application_id, code))


def _evidence_of(application_id: int, code: str) -> str:
    return url_for(".answer_criterion", application_id=application_id, code=code, _anchor="evidence")
