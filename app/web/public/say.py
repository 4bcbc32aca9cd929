"""Where people who use a service say what they think: by a link, without an account, in their own language."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotAllowed, NotFound, Throttled
from app.domain.topics import Language
from app.domain.voice import Ended, form_of, refuse_own
from app.domain.voice_words import FORM_LANGUAGES, NAMES, words_in
from app.edge.session import allow, me, now, today
from app.extensions import csrf
from app.queries.voice_public import Way, way_in
from app.services import voice_answers
from app.services.letters import day_in_words
from app.services.voice_answers import Sender
from app.web.account.tools import network_address, tokens
from app.web.public import bp
from app.web.public.say_form import SayForm, spoken, wanted_language

DEVICE = "voice_device"


@bp.route("/say/<link>", methods=["GET", "POST"])
@csrf.exempt  # nobody is signed in here, and browsers that refuse cookies must be able to answer
@allow(Action.USE_PUBLIC_SITE)
def say(link: str) -> ResponseReturnValue:
    try:
        way = way_in(link, today())
        refuse_own(me(), way.organisation_id, wanted_language())
    except NotFound:
        return _notice("unknown", link, wanted_language(), 404)
    except NotAllowed:
        return _notice("own", link, wanted_language(), 403)
    asks = form_of(way.questions)
    if request.method == "POST":
        form = SayForm.sent(asks)
        return _page(way, link, form) if request.form.get("switch") else _take(way, link, form)
    if way.ended:
        return _notice(way.ended, link, wanted_language(), 200 if way.ended == "early" else 410, way)
    session.setdefault(DEVICE, token_urlsafe(12))
    return _page(way, link, SayForm.fresh(asks))


def _take(way: Way, link: str, form: SayForm) -> ResponseReturnValue:
    sender = Sender(network_address(), session.get(DEVICE, ""))
    try:
        taken = voice_answers.answer(
            link, form.said(), form.told(), form.once,
            sender=sender, tokens=tokens(), actor=me(), now=now(), today=today(),
        )  # fmt: skip
    except Ended as ended:
        return _notice(ended.why, link, form.language, 410, way)
    except (Invalid, Throttled) as error:
        form.refuse(error)
        return _page(way, link, form, 429 if isinstance(error, Throttled) else 422)
    done = "told-only" if not taken.kept else "told" if taken.told else None
    return redirect(url_for(".say_thanks", link=link, language=form.language, done=done), 303)


def _page(way: Way, link: str, form: SayForm, status: int = 200) -> ResponseReturnValue:
    return _private(
        render_template("public/say.html", way=way, link=link, form=form, spoken=spoken, **_frame(form.language)),
        status,
    )


def _notice(kind: str, link: str, language: str, status: int, way: Way | None = None) -> ResponseReturnValue:
    """A page of its own for every way in which a link does not lead to the form."""
    day = day_in_words(way.opens_on, Language(language)) if way else ""
    return _private(
        render_template("public/say_notice.html", kind=kind, link=link, day=day, **_frame(language)), status
    )


@bp.get("/say/<link>/thanks")
@allow(Action.USE_PUBLIC_SITE)
def say_thanks(link: str) -> ResponseReturnValue:
    language = wanted_language()
    try:
        way = way_in(link, today())
    except NotFound:
        return _notice("unknown", link, language, 404)
    again = way.invite_id is None and not way.ended
    done = request.args.get("done", "")
    return _private(
        render_template("public/say_thanks.html", link=link, again=again, done=done, **_frame(language)), 200
    )


def _frame(language: str) -> dict[str, object]:
    return {
        "language": language,
        "words": words_in(language),
        "languages": [(code, NAMES[code]) for code in FORM_LANGUAGES],
    }


def _private(page: str, status: int) -> ResponseReturnValue:
    """Neither kept by the browser, nor found by search, nor told to where a link on it leads."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
