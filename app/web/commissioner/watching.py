"""Watching providers: with an account or a team, or by an e-mail address alone; and the page of all that is watched."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from app.domain.access import Action
from app.domain.errors import DomainError, NotFound
from app.domain.topics import Language, Way
from app.domain.watching import ALWAYS, HEARD_WORDS, Heard, Pace
from app.edge.session import allow, me, now, today
from app.extensions import csrf
from app.queries import watching as queries
from app.queries.watching import BeginPage, TeamRow
from app.services import mail_watching
from app.services import watching as services
from app.services.watching import USUAL, Wanted
from app.web.account.tools import network_address, tokens
from app.web.commissioner import bp
from app.web.errors import status_of
from app.web.fields import CheckboxesField, choices
from app.web.refusals import show_on

MINE = "me"
PACES = {
    Pace.AT_ONCE.value: "Within minutes",
    Pace.DAILY.value: "In the day’s e-mail",
    Pace.WEEKLY.value: "In the day’s e-mail, once a week",
}
WAYS = ((Way.AT_ONCE.value, "At once"), (Way.DAILY.value, "In the day’s e-mail"))
OFFERED = tuple(heard for heard in Heard if heard not in ALWAYS)
DONE = {
    "pause": "Paused. You hear nothing of it until you let it go on.",
    "resume": "It goes on.",
    "put-back": "You watch it again.",
}


class WatchForm(FlaskForm):
    """What to hear of a provider, how, and for whom."""

    hears = CheckboxesField(
        "What else do you want to hear of?", choices=choices((each.value, HEARD_WORDS[each]) for each in OFFERED)
    )
    way = RadioField("When do you want to hear of these?", choices=choices(WAYS), validate_choice=False)
    whose = RadioField("Who watches?", validate_choice=False)

    @classmethod
    def for_teams(cls, teams: tuple[TeamRow, ...], **values: object) -> WatchForm:
        form = cls(**values)
        form.whose.choices = choices(
            [(MINE, "I do"), *((str(team.team_id), f"My team, {team.name}") for team in teams)]
        )
        if not form.whose.data:
            form.whose.data = MINE
        return form

    def wanted(self) -> Wanted:
        return Wanted(tuple(self.hears.data or ()), self.way.data or "")

    def team_id(self) -> int | None:
        return int(self.whose.data) if (self.whose.data or "").isdecimal() else None


class MailForm(FlaskForm):
    """An address to which messages go, for who has no account. `website` is a trap for programs."""

    email = StringField(
        "Your e-mail address", description="We send a link to it first. Nothing is kept before you open it."
    )
    language = RadioField(
        "Language of the messages",
        choices=choices([(Language.ENGLISH.value, "English"), (Language.WELSH.value, "Cymraeg (Welsh)")]),
        default=Language.ENGLISH.value,
        validate_choice=False,
    )
    website = StringField("Leave this empty")


@bp.route("/register/<slug>/watch", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def watch(slug: str) -> ResponseReturnValue:
    """For who is signed in, what to hear; for everybody else, by e-mail or a feed reader."""
    page = queries.begin_page(slug, me(), today())
    if not me().signed_in:
        return _by_mail(page)
    form = WatchForm.for_teams(page.teams, data={"hears": list(USUAL), "way": Way.AT_ONCE.value})
    if form.validate_on_submit():
        try:
            services.watch(slug, form.wanted(), team_id=form.team_id(), actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
        else:
            flash(f"You watch {page.name} now.")
            return redirect(url_for(".watching"))
    return render_template("commissioner/watch.html", page=page, form=form, always=ALWAYS)


def _by_mail(page: BeginPage) -> ResponseReturnValue:
    form = MailForm()
    if form.validate_on_submit():
        if form.website.data:
            return render_template("commissioner/watch_mail_sent.html", page=page, email=form.email.data)
        try:
            language = Language(form.language.data) if form.language.data in set(Language) else Language.ENGLISH
            place = network_address()
            mail_watching.ask_for_mail(
                page.slug, form.email.data or "", language, place=place, tokens=tokens(), now=now()
            )
        except DomainError as error:
            show_on(form, error)
            return render_template("commissioner/watch_by_mail.html", page=page, form=form), status_of(error)
        return render_template("commissioner/watch_mail_sent.html", page=page, email=form.email.data)
    return render_template("commissioner/watch_by_mail.html", page=page, form=form)


@bp.route("/watch/confirm/<token>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def confirm_mail_watch(token: str) -> ResponseReturnValue:
    """The link of the first message. Opening it asks, so that a program that looks at links begins nothing."""
    try:
        email, slug = mail_watching.asked_for(token, tokens=tokens(), now=now())
        page = queries.begin_page(slug, me(), today())
        if request.method == "POST":
            mail_watching.confirm_mail(token, tokens=tokens(), now=now())
            return render_template("commissioner/watch_mail_begun.html", page=page, email=email)
    except NotFound as error:
        return render_template("commissioner/watch_stale.html", message=error.message), 404
    return render_template("commissioner/watch_mail_confirm.html", page=page, email=email)


@bp.route("/watch/end/<secret>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
@csrf.exempt  # a mail program posts here by itself (RFC 8058); the secret of the address is the proof
def end_mail_watch(secret: str) -> ResponseReturnValue:
    try:
        name = mail_watching.watched_by(secret)
        if request.method == "POST":
            mail_watching.end_mail(secret, now=now())
    except NotFound as error:
        return render_template("commissioner/watch_stale.html", message=error.message), 404
    return render_template("commissioner/watch_mail_end.html", name=name, ended=request.method == "POST")


@bp.get("/watching")
@allow(Action.USE_LISTS)
def watching() -> ResponseReturnValue:
    page = queries.watching_page(me(), today(), request.args.get("page", 1, type=int))
    undo = request.args.get("ended", type=int), request.args.get("ended_search", type=int)
    return render_template("commissioner/watching.html", page=page, undo=undo, **_words(), address="")


def _words() -> dict[str, object]:
    return {"ways": dict(WAYS), "paces": PACES, "turn": lambda number: url_for(".watching", page=number)}


@bp.route("/watching/providers/<int:watch_id>", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def one_watch(watch_id: int) -> ResponseReturnValue:
    row = queries.one_watch(watch_id, me(), today())
    form = WatchForm(data={"hears": list(row.codes), "way": row.way})
    del form.whose
    if form.validate_on_submit():
        try:
            version = request.form.get("version", 0, type=int)
            services.choose(watch_id, form.wanted(), version, actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
        else:
            flash(f"Saved what you hear of {row.name}.")
            return redirect(url_for(".watching"))
    return render_template("commissioner/one_watch.html", row=row, form=form)


@bp.post("/watching/providers/<int:watch_id>/<verb>")
@allow(Action.USE_LISTS)
def change_watch(watch_id: int, verb: str) -> ResponseReturnValue:
    if verb == "remove":
        services.remove(watch_id, actor=me(), now=now())
        return redirect(url_for(".watching", ended=watch_id))
    if verb == "put-back":
        services.put_back(watch_id, actor=me(), now=now())
    elif verb in {"pause", "resume"}:
        services.pause(watch_id, verb == "pause", actor=me(), now=now())
    else:
        raise NotFound("There is no such page, or it is not open to you.")
    flash(DONE[verb])
    return redirect(url_for(".watching"))


@bp.post("/watching/feed")
@allow(Action.USE_LISTS)
def make_watch_feed() -> ResponseReturnValue:
    """The private address is shown this once."""
    whose = request.form.get("whose", MINE)
    token = services.make_feed(team_id=int(whose) if whose.isdecimal() else None, actor=me(), now=now())
    address = current_app.config["BASE_URL"] + url_for("public.watched_feed", token=token)
    page = queries.watching_page(me(), today())
    body = render_template("commissioner/watching.html", page=page, undo=(None, None), **_words(), address=address)
    response = current_app.make_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/watching/feed/<int:feed_id>/end")
@allow(Action.USE_LISTS)
def end_watch_feed(feed_id: int) -> ResponseReturnValue:
    services.end_feed(feed_id, actor=me(), now=now())
    flash("The private address is dead now. Readers that used it get nothing more.")
    return redirect(url_for(".watching"))
