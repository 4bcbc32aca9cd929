"""Complaints from anybody, without an account: how to make one, the form, and how one's own stands."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.domain.access import Action
from app.domain.complaints import ABOUT_WORDS, TOLD_WORDS, About, Sent, tidy
from app.domain.errors import Invalid, Throttled
from app.edge.session import allow, now, today
from app.extensions import csrf
from app.queries.complaining import HowTo, following, how_to, schemes_to_complain_to
from app.services import complaints as taking
from app.services.complaints import From
from app.web.account.tools import network_address, tokens
from app.web.fields import choices
from app.web.public import bp
from app.web.refusals import show_on

SHORTEST_ONCE = 16


class ComplaintForm(FlaskForm):
    """What anybody writes. `website` is a trap: people do not see it, and programs fill it in."""

    class Meta:
        csrf = False  # nobody is signed in here, and browsers that refuse cookies must be able to complain

    once = HiddenField()
    website = StringField("Leave this empty")
    danger = RadioField(
        "Is somebody in danger now, or being harmed?",
        [InputRequired("Say whether somebody is in danger or being harmed.")],
        choices=choices([("no", "No"), ("yes", "Yes, or I am not sure")]),
    )
    about = RadioField(
        "What is your complaint about?",
        choices=choices((about.value, words) for about, words in ABOUT_WORDS.items()),
        validate_choice=False,
    )
    provider = StringField("Which provider?", description="Its name as the register writes it, if you can.")
    whom = StringField("Who is it about?", description="The name, or what they do if you do not know it.")
    told = RadioField(
        "Have you told the provider?",
        choices=choices((value, words) for value, words in TOLD_WORDS.items() if value),
        validate_choice=False,
    )
    words = TextAreaField("What happened?", description="Say when and where, and who was there, as far as you know it.")
    wants = TextAreaField("What would put it right?", description="You can leave this empty.")
    name = StringField("Your name", description="You can leave this empty and stay unknown to us.")
    email = StringField(
        "Your e-mail address", description="We use it to answer you. Without one you follow the complaint by a link."
    )
    may_name = BooleanField("You may tell the provider my name")

    def sent(self, slug: str) -> Sent:
        """What was entered. A page that was opened from a register entry is about that provider."""
        return Sent(
            about=About.HOLDER.value if slug else self.about.data or "",
            words=self.words.data or "",
            safety=self.danger.data == "yes",
            provider=self.provider.data or "",
            whom=self.whom.data or "",
            told=self.told.data or "",
            wants=self.wants.data or "",
            name=self.name.data or "",
            email=self.email.data or "",
            may_name=bool(self.may_name.data),
        )


@bp.get("/complaints")
@allow(Action.USE_PUBLIC_SITE)
def complain() -> ResponseReturnValue:
    """To which scheme?"""
    return render_template("public/complain.html", schemes=schemes_to_complain_to())


@bp.get("/complaints/<scheme_code>")
@allow(Action.USE_PUBLIC_SITE)
def complaints(scheme_code: str) -> ResponseReturnValue:
    """How to complain about a holder or the scheme, and how to appeal."""
    return render_template("public/complaints.html", page=how_to(scheme_code, "", now()))


@bp.route("/complaints/<scheme_code>/new", methods=["GET", "POST"])
@csrf.exempt
@allow(Action.USE_PUBLIC_SITE)
def complain_here(scheme_code: str) -> ResponseReturnValue:
    slug = request.args.get("about", "")
    page, form = how_to(scheme_code, slug, now()), ComplaintForm()
    if len(form.once.data or "") < SHORTEST_ONCE:
        form.once.data = token_urlsafe(SHORTEST_ONCE)
    if not form.is_submitted():
        return _form(page, form, 200)
    if form.website.data:  # say nothing that would teach the program better
        return _private(render_template("public/complaint_taken.html", page=page), 200)
    whole = form.validate()
    try:
        secret = _send(scheme_code, form, slug, whole)
    except Invalid as error:
        show_on(form, error)
        return _form(page, form, 422)
    except Throttled as error:
        form.form_errors.append(f"{error.message} What you wrote is still below.")
        return _form(page, form, 429)
    return redirect(url_for(".complaint_followed", secret=secret, new=1), 303)


def _send(scheme_code: str, form: ComplaintForm, slug: str, whole: bool) -> str:
    """Send it, or say with the form's own mistakes what else is wrong. Raises Invalid, Throttled."""
    sent, origin = form.sent(slug), From(form.once.data or "", network_address(), slug)
    if not whole:
        tidy(sent)
        raise Invalid({})
    return taking.complain(scheme_code, sent, origin, tokens=tokens(), now=now(), today=today())


def _form(page: HowTo, form: ComplaintForm, status: int) -> ResponseReturnValue:
    return _private(render_template("public/complain_here.html", page=page, form=form), status)


@bp.get("/complaints/followed/<secret>")
@allow(Action.USE_PUBLIC_SITE)
def complaint_followed(secret: str) -> ResponseReturnValue:
    """One's own complaint, for whoever has its link."""
    page = following(secret, tokens())
    return _private(render_template("public/complaint_followed.html", page=page, new="new" in request.args), 200)


def _private(page: str, status: int) -> ResponseReturnValue:
    """Neither kept by the browser, nor found by search, nor told to where a link on it leads."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
