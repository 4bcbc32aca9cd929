"""One's reviews: the list, the declaration, the appeal or complaint with all there is to read, notes, vote, outcome."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Incomplete, Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.review_reading import appeal_review, complaint_review, review_area
from app.queries.reviews import own_review, reviews_home
from app.services import review_decisions, reviewing
from app.web.panel.forms import DeclarationForm
from app.web.refusals import show_on
from app.web.reviews import bp
from app.web.reviews.forms import AnswerForm, NotesForm, RulingForm, VoteForm


@bp.get("/reviews")
@allow(Action.SEE_REVIEWS)
def home() -> ResponseReturnValue:
    return render_template("reviews/home.html", rows=reviews_home(me(), today()))


@bp.get("/reviews/<int:review_id>")
@allow(Action.SEE_REVIEWS)
def review(review_id: int) -> ResponseReturnValue:
    """The matter, once its reader has declared that nothing ties them to it."""
    own = own_review(review_id, me(), today())
    if own.aside or not own.declared:
        return redirect(url_for(".declare", review_id=review_id))
    return _page(review_id, 200)


def _page(review_id: int, status: int, *, sent: FlaskForm | None = None) -> ResponseReturnValue:
    """The whole page, with the form that was sent and refused in place of an empty one of its kind."""
    if own_review(review_id, me(), today()).appeal:
        page = appeal_review(review_id, me(), today())
        forms = {"notes": NotesForm.about(page.own), "vote": VoteForm.about(page.own), "ruling": RulingForm.about(page)}
        template = "reviews/appeal.html"
    else:
        page = complaint_review(review_id, me(), today())
        forms = {"notes": NotesForm.about(page.own), "answer": AnswerForm.fresh()}
        template = "reviews/complaint.html"
    if sent is not None:
        forms[sent.called] = sent
        if isinstance(sent, RulingForm):
            sent.offer(page)
    return render_template(template, page=page, own=page.own, shown=sent, form=sent, **forms), status


@bp.route("/reviews/<int:review_id>/declare", methods=["GET", "POST"])
@allow(Action.DECLARE_FOR_REVIEW)
def declare(review_id: int) -> ResponseReturnValue:
    own, form = own_review(review_id, me(), today()), DeclarationForm()
    if own.aside:
        return render_template("reviews/aside.html", own=own)
    if own.declared:
        return redirect(url_for(".review", review_id=review_id))
    if form.validate_on_submit():
        conflict, words = form.conflict.data != "no", form.words.data or ""
        try:
            reviewing.declare_for_review(
                review_id, conflict=conflict, words=words, actor=me(), now=now(), today=today()
            )
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            flash(error.message, "warning")
            return redirect(url_for(".home"))
        else:
            return redirect(url_for(".review", review_id=review_id))
    return render_template("reviews/declare.html", own=own, form=form), 422 if form.errors else 200


@bp.get("/reviews/<int:review_id>/areas/<area>")
@allow(Action.DECIDE_APPEAL)
def area(review_id: int, area: str) -> ResponseReturnValue:
    """One area of the case under appeal, criterion by criterion."""
    own, reading = review_area(review_id, area, me(), today())
    return render_template("reviews/area.html", own=own, area=reading)


@bp.post("/reviews/<int:review_id>/notes")
@allow(Action.SEE_REVIEWS)
def notes(review_id: int) -> ResponseReturnValue:
    form = NotesForm()
    return _done(
        review_id, form, "Your notes are kept.", lambda by: reviewing.keep_notes(review_id, form.text, form.seen, **by)
    )


@bp.post("/reviews/<int:review_id>/vote")
@allow(Action.DECIDE_APPEAL)
def vote(review_id: int) -> ResponseReturnValue:
    form = VoteForm()
    return _done(
        review_id,
        form,
        "Your vote is recorded. You can change it until the outcome is recorded.",
        lambda by: reviewing.vote_on_appeal(review_id, form.vote.data or "", form.reason.data or "", **by),
    )


@bp.post("/reviews/<int:review_id>/outcome")
@allow(Action.DECIDE_APPEAL)
def outcome(review_id: int) -> ResponseReturnValue:
    form = RulingForm()
    return _done(
        review_id,
        form,
        "The outcome is recorded, and the provider is told.",
        lambda by: review_decisions.decide_appeal(review_id, form.ruling(), **by),
    )


@bp.post("/reviews/<int:review_id>/answer")
@allow(Action.DECIDE_COMPLAINT)
def answer(review_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    return _done(
        review_id,
        form,
        "The answer is recorded and sent.",
        lambda by: review_decisions.answer_complaint(review_id, form.answer(), **by),
    )


def _done(review_id: int, form: FlaskForm, words: str, act) -> ResponseReturnValue:
    """Act, and go back to the review; what was refused stands on its page with what was typed."""
    own = own_review(review_id, me(), today())
    if own.appeal is isinstance(form, AnswerForm) and not isinstance(form, NotesForm):
        raise NotFound("There is no such page, or it is not open to you.")
    try:
        if not form.validate():
            return _page(review_id, 422, sent=form)
        act({"actor": me(), "now": now(), "today": today()})
    except Invalid as error:
        show_on(form, error)
        return _page(review_id, 422, sent=form)
    except (Conflict, IllegalMove, Incomplete) as error:
        form.form_errors.append(error.message)
        return _page(review_id, 409, sent=form)
    flash(words)
    return redirect(
        url_for(".review", review_id=review_id) + ("#own-notes" if request.endpoint == "reviews.notes" else "")
    )
