"""Looking as another role of one's scheme would, to read and never to act: begun on a page of its own, ended anywhere."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.domain.access import MAY_LOOK_AS, Action, Actor, Role
from app.edge.session import allow, look_as, me, myself, now, stop_looking
from app.queries.schemes import office_scheme
from app.services import looking
from app.web.account.words import ROLE_TITLES
from app.web.fields import choices
from app.web.scheme import bp

BEGINS_AT = {Role.ASSESSOR: "assessor.home", Role.PANEL_MEMBER: "panel.home"}


class LookForm(FlaskForm):
    """As which role."""

    role = RadioField("As whom?", validators=[InputRequired("Choose a role.")], validate_choice=True)

    @classmethod
    def for_scheme(cls, actor: Actor, scheme_id: int) -> LookForm:
        form = cls()
        held = actor.schemes.get(scheme_id, frozenset())
        open_ = frozenset[Role]().union(*(MAY_LOOK_AS.get(each, frozenset()) for each in held)) - held
        form.role.choices = choices((role.value, ROLE_TITLES[role]) for role in Role if role in open_)
        return form


@bp.route("/schemes/<code>/look", methods=["GET", "POST"])
@allow(Action.SEE_PIPELINE)
def look(code: str) -> ResponseReturnValue:
    """Choose a role, and begin to look as it."""
    scheme = office_scheme(code, me(), Action.SEE_PIPELINE)
    form = LookForm.for_scheme(me(), scheme.scheme_id)
    if form.validate_on_submit():
        role = Role(form.role.data)
        look_as(looking.begin_looking(code, role, actor=me(), now=now()), role)
        return redirect(url_for(BEGINS_AT[role]) if role in BEGINS_AT else url_for(".pipeline", code=code))
    return render_template("scheme/look.html", scheme=scheme, form=form), 422 if form.errors else 200


@bp.post("/stop-looking")
@allow(Action.USE_PUBLIC_SITE)
def stop_looking_as() -> ResponseReturnValue:
    """Back to one's own role."""
    if me().viewing is not None:
        looking.end_looking(me(), actor=myself(), now=now())
        stop_looking()
        flash("You see everything as yourself again.")
    return redirect(url_for("account.my_home"))
