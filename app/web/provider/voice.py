"""Feedback: open a round, invite people, see what they say, make it evidence, end it. Nothing here changes an answer."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.certificates.voice_poster import POSTER_WORDS, Poster, poster_pdf
from app.domain.access import Action
from app.domain.charts import Axis
from app.domain.errors import Conflict, Invalid
from app.domain.topics import Language
from app.domain.voice_results import Results
from app.domain.voice_words import FORM_LANGUAGES, NAMES
from app.edge.session import allow, me, now, today
from app.queries.voice import RoundPage, poster_facts, round_choices, round_page, rounds_page
from app.services import voice_rounds
from app.services.letters import day_in_words
from app.web.account.tools import tokens
from app.web.jinja import percent, plural
from app.web.provider import bp
from app.web.provider.voice_forms import CloseForm, InviteForm, RoundForm
from app.web.refusals import show_on

STATE_WORDS = {"early": "Not begun", "open": "Open", "closed": "Closed"}
STATE_COLOURS = {"early": "yellow", "open": "green", "closed": "grey"}
POSTER_LINES = ("short", "private")


@bp.get("/organisations/<int:organisation_id>/feedback")
@allow(Action.SEE_FEEDBACK)
def feedback(organisation_id: int) -> ResponseReturnValue:
    page = rounds_page(organisation_id, request.args.get("page", 1, type=int), me(), today())
    return render_template("provider/feedback.html", page=page, state_words=STATE_WORDS, state_colours=STATE_COLOURS)


@bp.route("/organisations/<int:organisation_id>/feedback/new", methods=["GET", "POST"])
@allow(Action.ASK_FOR_FEEDBACK)
def new_feedback(organisation_id: int) -> ResponseReturnValue:
    offered = round_choices(organisation_id, me())
    form = RoundForm.offering(offered)
    if form.validate_on_submit():
        editions = [edition_id for edition_id, _, _ in offered.frameworks]
        try:
            round_id = voice_rounds.open_round(
                organisation_id, form.new(editions), actor=me(), now=now(), today=today()
            )
        except Invalid as error:
            show_on(form, error)
        else:
            flash("The round is ready. Put up the poster, send the link, or invite people by e-mail.")
            return redirect(url_for(".feedback_round", organisation_id=organisation_id, round_id=round_id))
    return render_template("provider/new_feedback.html", page=offered, form=form), 422 if form.errors else 200


@bp.get("/organisations/<int:organisation_id>/feedback/<int:round_id>")
@allow(Action.SEE_FEEDBACK)
def feedback_round(organisation_id: int, round_id: int) -> ResponseReturnValue:
    page = round_page(
        organisation_id,
        round_id,
        me(),
        today(),
        theme=request.args.get("theme", ""),
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "provider/feedback_round.html",
        page=page,
        axes=axes_of(page.results),
        address=address_of(page.link),
        languages=NAMES,
        state_words=STATE_WORDS,
        state_colours=STATE_COLOURS,
    )


def axes_of(results: Results) -> list[Axis]:
    """One bar for each statement that enough people answered."""
    return [
        Axis(str(each.question.text), each.well, f"{percent(each.well)} of {each.answered}")
        for each in results.statements
        if each.points
    ]


def address_of(link: str) -> str:
    """The whole address of an open link."""
    return str(current_app.config["BASE_URL"]) + url_for("public.say", link=link)


@bp.get("/organisations/<int:organisation_id>/feedback/<int:round_id>/poster-<language>.pdf")
@allow(Action.SEE_FEEDBACK)
def feedback_poster(organisation_id: int, round_id: int, language: str) -> ResponseReturnValue:
    """A poster in one of the form's languages; in English for any other."""
    language = language if language in FORM_LANGUAGES else FORM_LANGUAGES[0]
    facts = poster_facts(organisation_id, round_id, me())
    words, url = POSTER_WORDS[language], address_of(facts.link)
    about = (words["service"].format(service=facts.service),) if facts.service else ()
    poster = Poster(
        language=language,
        heading=words["heading"].format(provider=facts.provider),
        lines=about + tuple(words[name] for name in POSTER_LINES),
        how=words["how"],
        shown=url.partition("://")[2],
        url=url if language == FORM_LANGUAGES[0] else f"{url}?language={language}",
        foot=words["until"].format(day=day_in_words(facts.closes_on, Language(language))),
    )
    file = poster_pdf(poster, Path(current_app.config["FONT_DIR"]))
    name = f"poster-{facts.link}-{language}.pdf"
    return send_file(BytesIO(file), mimetype="application/pdf", as_attachment=True, download_name=name)


@bp.route("/organisations/<int:organisation_id>/feedback/<int:round_id>/invite", methods=["GET", "POST"])
@allow(Action.ASK_FOR_FEEDBACK)
def invite_to_feedback(organisation_id: int, round_id: int) -> ResponseReturnValue:
    page, form = _asking(organisation_id, round_id), InviteForm()
    if form.validate_on_submit():
        try:
            sent = voice_rounds.invite(
                round_id, form.addresses.data or "", tokens=tokens(), actor=me(), now=now(), today=today()
            )
        except Invalid as error:
            show_on(form, error)
        else:
            known = (
                "They had all been invited before." if not sent else "Who had been invited before is not asked again."
            )
            flash(f"{plural(sent, 'invitation')} on the way. {known}" if sent else known)
            return redirect(url_for(".feedback_round", organisation_id=organisation_id, round_id=round_id))
    return render_template("provider/invite_to_feedback.html", page=page, form=form), 422 if form.errors else 200


def _asking(organisation_id: int, round_id: int) -> RoundPage:
    return round_page(organisation_id, round_id, me(), today(), Action.ASK_FOR_FEEDBACK)


@bp.route("/organisations/<int:organisation_id>/feedback/<int:round_id>/close", methods=["GET", "POST"])
@allow(Action.ASK_FOR_FEEDBACK)
def close_feedback(organisation_id: int, round_id: int) -> ResponseReturnValue:
    page, form = _asking(organisation_id, round_id), CloseForm()
    if form.validate_on_submit():
        voice_rounds.close_round(round_id, actor=me(), now=now(), today=today())
        flash("The round is closed.")
        return redirect(url_for(".feedback_round", organisation_id=organisation_id, round_id=round_id))
    return render_template("provider/close_feedback.html", page=page, form=form)


@bp.post("/organisations/<int:organisation_id>/feedback/<int:round_id>/evidence")
@allow(Action.ASK_FOR_FEEDBACK)
def feedback_as_evidence(organisation_id: int, round_id: int) -> ResponseReturnValue:
    _asking(organisation_id, round_id)
    try:
        item_id = voice_rounds.snapshot_round(round_id, actor=me(), now=now(), today=today())
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".feedback_round", organisation_id=organisation_id, round_id=round_id))
    flash("What people said is in your library as evidence. You can put it behind any criterion that asks for it.")
    return redirect(url_for(".evidence_item", organisation_id=organisation_id, item_id=item_id))
