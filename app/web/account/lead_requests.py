"""Passing the lead of an organisation on, asking for it, and answering."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action, Role
from app.domain.errors import Conflict, DomainError, Invalid
from app.edge.session import allow, me, now
from app.queries.colleagues import PeoplePage
from app.queries.colleagues import organisation_people as people_page
from app.queries.lead_requests import LeadRequestPage, lead_request_page, leads_of
from app.services import lead_answers, lead_requests
from app.web.account import bp
from app.web.account.lead_forms import HandOverForm, LetInAsForm, LetMeInForm, TakeOverForm, WordsForm
from app.web.account.proof import proof_first
from app.web.account.words import BECOMES, ROLE_TITLES
from app.web.errors import status_of
from app.web.fields import choices
from app.web.refusals import show_on

VERBS = "agree,refuse,withdraw,object"


@bp.route("/organisations/<int:organisation_id>/lead/hand-over", methods=["GET", "POST"])
@allow(Action.HAND_OVER_LEAD)
def hand_over_lead(organisation_id: int) -> ResponseReturnValue:
    page = people_page(organisation_id, actor=me(), now=now())
    first = proof_first()
    if first:
        return first
    form, status = _hand_over_form(page), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                return _offer(organisation_id, form)
        except (Invalid, Conflict) as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("account/hand_over_lead.html", page=page, form=form, titles=ROLE_TITLES), status


def _offer(organisation_id: int, form: HandOverForm) -> ResponseReturnValue:
    person = int(form.person.data or 0)
    request_id = lead_requests.offer_lead(organisation_id, person, form.giver_becomes.data or "", actor=me(), now=now())
    flash("We have told your colleague. Nothing changes until they accept.")
    return redirect(url_for(".lead_request", request_id=request_id))


@bp.route("/organisations/<int:organisation_id>/lead/take-over", methods=["GET", "POST"])
@allow(Action.ASK_TO_LEAD)
def take_over_lead(organisation_id: int) -> ResponseReturnValue:
    page, form, status = people_page(organisation_id, actor=me(), now=now()), TakeOverForm(), 200
    if form.is_submitted():
        try:
            reason = form.reason.data or ""
            request_id = lead_requests.ask_to_lead(organisation_id, reason, actor=me(), now=now())
            flash("Everybody in the organisation is told of your request.")
            return redirect(url_for(".lead_request", request_id=request_id))
        except (Invalid, Conflict) as error:
            show_on(form, error)
            status = status_of(error)
    leads = leads_of(organisation_id)
    return render_template("account/take_over_lead.html", page=page, form=form, leads=leads), status


@bp.get("/let-me-in")
@allow(Action.USE_PUBLIC_SITE)
def let_me_in() -> ResponseReturnValue:
    return render_template("account/let_me_in.html", form=LetMeInForm(), signed_in=me().signed_in)


@bp.post("/let-me-in")
@allow(Action.USE_ACCOUNT)
def asked_to_be_let_in() -> ResponseReturnValue:
    form = LetMeInForm()
    texts = [field.data or "" for field in (form.which, form.position, form.reason, form.proof)]
    try:
        request_id = lead_requests.ask_to_be_let_in(*texts, actor=me(), now=now())
    except (Invalid, Conflict) as error:
        show_on(form, error)
        return render_template("account/let_me_in.html", form=form, signed_in=True), status_of(error)
    flash("Your request is made. Whoever works with the organisation here is told.")
    return redirect(url_for(".lead_request", request_id=request_id))


@bp.get("/lead-requests/<int:request_id>")
@allow(Action.USE_ACCOUNT)
def lead_request(request_id: int) -> ResponseReturnValue:
    return _show(lead_request_page(request_id, actor=me(), now=now()), WordsForm())


@bp.post(f"/lead-requests/<int:request_id>/<any({VERBS}):verb>")
@allow(Action.USE_ACCOUNT)
def answer_lead_request(request_id: int, verb: str) -> ResponseReturnValue:
    page, form = lead_request_page(request_id, actor=me(), now=now()), WordsForm()
    first = proof_first() if verb == "agree" else None
    if first:
        flash("Confirm that it is you, then press the button again.")
        return redirect(url_for(".prove", next=url_for(".lead_request", request_id=request_id)))
    try:
        _answer(page, verb, form.words.data or "")
    except Invalid as error:
        show_on(form, error)
        return _show(page, form, status_of(error))
    except DomainError as error:
        flash(error.message, "warning")
    return redirect(url_for(".lead_request", request_id=request_id) if still_open(request_id) else url_for(".home"))


def _answer(page: LeadRequestPage, verb: str, words: str) -> None:
    values = {"actor": me(), "now": now()}
    request_id = page.row.request_id
    if verb == "agree":
        role = Role.CONTRIBUTOR if request.form.get("role") == Role.CONTRIBUTOR.value else Role.LEAD
        lead_answers.agree(request_id, role=role, **values)
        flash("It is done. Everybody in the organisation is told.")
    elif verb == "refuse":
        lead_answers.refuse(request_id, words, **values)
        flash("It is refused. Who asked is told.")
    elif verb == "withdraw":
        lead_answers.withdraw(request_id, **values)
        flash("It is taken back.")
    else:
        lead_answers.object_to(request_id, words, **values)
        flash("Your objection is noted. All is as it was before, until it is settled.")


def still_open(request_id: int) -> bool:
    """Whether the page of the request still opens for who is here: who has just left may be its giver, and sees it on."""
    try:
        lead_request_page(request_id, actor=me(), now=now())
    except DomainError:
        return False
    return True


def _show(page: LeadRequestPage, form: WordsForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "account/lead_request.html", page=page, row=page.row, form=form, as_form=LetInAsForm(), becomes=BECOMES
    ), status


def _hand_over_form(page: PeoplePage) -> HandOverForm:
    form = HandOverForm()
    form.person.choices = choices(
        (str(person.user_id), f"{person.name}, {ROLE_TITLES[person.role].lower()}")
        for person in page.people
        if not person.is_me
    )
    return form
