"""Who works for a scheme: assessors, panel members, managers, auditors."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import SCHEME_ROLES, Action, Role
from app.domain.errors import Conflict, Invalid, NotFound, Throttled
from app.edge.session import allow, me, now
from app.queries.colleagues import PeoplePage, schemes_with
from app.queries.colleagues import scheme_people as people_page
from app.services import colleagues, invitations
from app.web.account import bp
from app.web.account.forms import InviteForm
from app.web.account.organisation_people import deal_with, person_in
from app.web.account.words import ROLE_MEANINGS, ROLE_TITLES
from app.web.errors import status_of
from app.web.fields import choices
from app.web.refusals import show_on

CHOICES = (Role.ASSESSOR, Role.PANEL_MEMBER, Role.MANAGER, Role.AUDITOR)


@bp.get("/people")
@allow(Action.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    """The people of the scheme that one manages; a choice where there are several."""
    schemes = schemes_with(Role.MANAGER, actor=me())
    if len(schemes) == 1:
        return redirect(url_for(".scheme_people", code=schemes[0].code))
    return render_template("account/people.html", schemes=schemes)


@bp.get("/schemes/<code>/people")
@allow(Action.MANAGE_PEOPLE)
def scheme_people(code: str) -> ResponseReturnValue:
    return _show(people_page(code, actor=me(), now=now()), _form())


@bp.post("/schemes/<code>/people")
@allow(Action.MANAGE_PEOPLE)
def invite_to_scheme(code: str) -> ResponseReturnValue:
    page, form = people_page(code, actor=me(), now=now()), _form()
    if not form.validate():
        return _show(page, form, 422)
    try:
        invitations.invite_to_scheme(
            page.id, form.email.data or "", form.chosen_role(), lay=form.lay.data, actor=me(), now=now()
        )
    except (Invalid, Throttled) as error:
        show_on(form, error)
        return _show(page, form, status_of(error))
    flash(f"We have sent an invitation to {(form.email.data or '').strip()}.")
    return redirect(url_for(".scheme_people", code=code))


@bp.get("/schemes/<code>/people/<int:user_id>/<role>/remove")
@allow(Action.MANAGE_PEOPLE)
def remove_from_post(code: str, user_id: int, role: str) -> ResponseReturnValue:
    page = people_page(code, actor=me(), now=now())
    person = person_in(page, user_id, _role(role))
    return render_template("account/remove_from_post.html", page=page, person=person, titles=ROLE_TITLES)


@bp.post("/schemes/<code>/people/<int:user_id>/<role>/remove")
@allow(Action.MANAGE_PEOPLE)
def removed_from_post(code: str, user_id: int, role: str) -> ResponseReturnValue:
    page = people_page(code, actor=me(), now=now())
    person = person_in(page, user_id, _role(role))
    try:
        colleagues.remove_from_post(page.id, user_id, person.role, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".scheme_people", code=code))
    flash(f"{person.name} no longer holds the role of {ROLE_TITLES[person.role].lower()}.")
    gone = person.is_me and person.role is Role.MANAGER
    return redirect(url_for(".home") if gone else url_for(".scheme_people", code=code))


@bp.post("/schemes/<code>/invitations/<int:invitation_id>/<any(cancel,resend):verb>")
@allow(Action.MANAGE_PEOPLE)
def scheme_invitation(code: str, invitation_id: int, verb: str) -> ResponseReturnValue:
    deal_with(people_page(code, actor=me(), now=now()), invitation_id, verb)
    return redirect(url_for(".scheme_people", code=code))


def _role(text: str) -> Role:
    if text not in SCHEME_ROLES:
        raise NotFound("There is no such page, or it is not open to you.")
    return Role(text)


def _form() -> InviteForm:
    form = InviteForm()
    form.role.choices = choices((role.value, ROLE_TITLES[role]) for role in CHOICES)
    return form


def _show(page: PeoplePage, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    hints = {role.value: ROLE_MEANINGS[role] for role in CHOICES}
    return render_template("account/scheme_people.html", page=page, form=form, titles=ROLE_TITLES, hints=hints), status
