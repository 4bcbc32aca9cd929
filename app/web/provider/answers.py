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
from app.queries.proposals import proposals_for
from app.services import answers, evidence
from app.services.answers import ChangedMeanwhile
from app.services.evidence import Behind
from app.web.jinja import clock_time
from app.web.provider import bp
from app.web.provider.colleague_forms import CommentForm, HandOverForm
from app.web.provider.forms import NOT_APPLICABLE, AnswerForm, EvidenceForm, point_labels, row_id
from app.web.refusals import show_on


@bp.route("/applications/<int:application_id>/criteria/<code>", methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def answer_criterion(application_id: int, code: str) -> ResponseReturnValue:
    page = queries.answer_page(application_id, code, me(), today())
    form = AnswerForm.for_page(page)
    if not form.is_submitted():
        return show(page, form)
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
    if request.form.get("then") == "stay":
        return url_for(".answer_criterion", application_id=page.application_id, code=page.criterion.code)
    if page.next_code is None:
        return url_for(".application", application_id=page.application_id)
    return url_for(".answer_criterion", application_id=page.application_id, code=page.next_code)


def show_both(page: queries.AnswerPage, form: AnswerForm, error: ChangedMeanwhile) -> ResponseReturnValue:
    """The page with the colleague's answer beside one's own. The form carries the newer version: saving keeps mine."""
    theirs = queries.written_answer(page.application_id, page.criterion.code, me())
    form.version.process_data(theirs.version)
    form.version.raw_data = None
    if request.form.get("then") == "theirs":
        return redirect(url_for(".answer_criterion", application_id=page.application_id, code=page.criterion.code))
    return show(
        page, form, status=409, theirs=theirs, theirs_words=_in_words(page, theirs.claim), message=error.message
    )


def _in_words(page: queries.AnswerPage, claim: Claim) -> dict[str, str]:
    point = NOT_APPLICABLE if claim.not_applicable else str(claim.point)
    return {"Level": point_labels(page).get(point, "None chosen"), "Reason": claim.reason}


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
