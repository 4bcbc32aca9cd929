"""Using an answer again that was given elsewhere: on its criterion's page, and several at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries import answers as queries
from app.queries.proposals import Origin
from app.queries.proposals_page import ProposalsPage, proposals_page
from app.services import answers, proposals
from app.services.proposals import Chosen, Taken
from app.web.jinja import plural
from app.web.provider import bp
from app.web.provider.answers import show, show_both
from app.web.provider.forms import AnswerForm
from app.web.refusals import show_on

ORIGIN = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):([A-Za-z0-9][A-Za-z0-9._-]{0,39})")
GONE = "That answer is not offered here any more. See what is offered now."


def origin_of(text: str | None) -> Origin | None:
    """The origin that a button or a box carries; None for anything else."""
    found = ORIGIN.fullmatch(text or "")
    return Origin(int(found[1]), found[3], int(found[2])) if found else None


@bp.post("/applications/<int:application_id>/criteria/<code>/proposals/accept")
@allow(Action.ANSWER)
def accept_proposal(application_id: int, code: str) -> ResponseReturnValue:
    """The button stands in the answer's own form: what was typed there comes along, and is kept first."""
    page = queries.answer_page(application_id, code, me(), today())
    form = AnswerForm.for_page(page)
    try:
        if form.version.data is not None and form.claim() != page.written.claim:
            answers.record_answer(application_id, code, form.claim(), form.version.data, actor=me(), now=now())
        flash(*_take(application_id, code, request.form.get("take", "")))
    except Invalid as error:
        return _too_long(application_id, code, form, error)
    except proposals.OfferChanged as error:
        flash(error.message, "warning")
    except answers.ChangedMeanwhile as error:
        return show_both(page, form, error)
    return _back(application_id, code)


def _take(application_id: int, code: str, button: str) -> tuple[str, str]:
    """What came of it, in words, with the category of the message."""
    part, _, text = button.partition(" ")
    origin = origin_of(text)
    if origin is None or part not in {"words", "evidence"}:
        return GONE, "warning"
    found = proposals.accept_proposal(
        application_id, Chosen(code, origin), words=part == "words", actor=me(), now=now()
    )
    return _in_words(found), "success"


def _in_words(found: Taken) -> str:
    parts = ["The words are in your answer."] if found.words else []
    if found.evidence:
        parts.append(
            f"{plural(found.evidence, 'piece')} of evidence {'stands' if found.evidence == 1 else 'stand'} behind it."
        )
    if found.proposed:
        parts.append(f"The level you chose there, “{found.proposed}”, is proposed here too: check that it holds.")
    return " ".join(parts) or "It is in your answer already."


def _too_long(application_id: int, code: str, form: AnswerForm, error: Invalid) -> ResponseReturnValue:
    page = queries.answer_page(application_id, code, me(), today())
    form.version.process_data(page.written.version)
    form.version.raw_data = None
    show_on(form, error)
    return show(page, form, status=422)


@bp.post("/applications/<int:application_id>/criteria/<code>/proposals/decline")
@allow(Action.ANSWER)
def decline_proposal(application_id: int, code: str) -> ResponseReturnValue:
    return _reply(application_id, code, proposals.decline_proposal, "It is not offered here any more.")


@bp.post("/applications/<int:application_id>/criteria/<code>/proposals/offer-again")
@allow(Action.ANSWER)
def undo_decline(application_id: int, code: str) -> ResponseReturnValue:
    return _reply(application_id, code, proposals.undo_decline, "It is offered here again.")


def _reply(application_id: int, code: str, use_case: Callable[..., None], done: str) -> ResponseReturnValue:
    queries.answer_page(application_id, code, me(), today())  # whatever is sent, the address must name one's own
    origin = origin_of(request.form.get("offer"))
    try:
        if origin is None:
            flash(GONE, "warning")
        else:
            use_case(application_id, Chosen(code, origin), actor=me(), now=now())
            flash(done)
    except proposals.OfferChanged as error:
        flash(error.message, "warning")
    if request.form.get("then") == "list":
        return redirect(url_for(".application_proposals", application_id=application_id))
    return _back(application_id, code)


def _back(application_id: int, code: str) -> ResponseReturnValue:
    return redirect(url_for(".answer_criterion", application_id=application_id, code=code))


@bp.route("/applications/<int:application_id>/proposals", methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def application_proposals(application_id: int) -> ResponseReturnValue:
    page = proposals_page(application_id, me())
    if request.method == "GET":
        return render_template("provider/proposals.html", page=page)
    try:
        found = proposals.accept_proposals(application_id, _ticked(page), actor=me(), now=now())
    except Invalid as error:
        return render_template("provider/proposals.html", page=page, error=error.errors["offer"]), 422
    flash(f"{plural(found.count, 'answer')} used again. Check each: the level is yours to choose.")
    if found.left:
        flash(f"Left out, because it was changed meanwhile: {', '.join(found.left)}.", "warning")
    return redirect(url_for(".application_proposals", application_id=application_id))


def _ticked(page: ProposalsPage) -> list[Chosen]:
    """What was ticked; everything that the page shows where its other button was pressed."""
    if request.form.get("every") == "yes":
        sent = request.form.getlist("shown")
    else:
        sent = request.form.getlist("offer")
    chosen: list[Chosen] = []
    for each in sent[: proposals.MOST_AT_ONCE + 1]:
        code, _, text = each.partition(" ")
        origin = origin_of(text)
        if origin is not None and any(row.code == code for row in page.rows):
            chosen.append(Chosen(code, origin))
    return chosen
