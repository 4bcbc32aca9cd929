"""Who works for an organisation here."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action, Role
from app.domain.errors import Conflict, Invalid, NotFound, Throttled
from app.edge.session import allow, me, now
from app.queries.colleagues import PeoplePage, PersonRow
from app.queries.colleagues import organisation_people as people_page
from app.services import colleagues, invitations
from app.web.account import bp
from app.web.account.forms import InviteForm
from app.web.account.words import ROLE_MEANINGS, ROLE_TITLES
from app.web.errors import status_of
from app.web.fields import choices
from app.web.offers import deal_with_offer
from app.web.refusals import show_on

CHOICES = (Role.CONTRIBUTOR, Role.LEAD)


@bp.get("/organisations/<int:organisation_id>/people")
@allow(Action.SEE_PEOPLE)
def organisation_people(organisation_id: int) -> ResponseReturnValue:
    return _show(people_page(organisation_id, actor=me(), now=now()), _form())


@bp.post("/organisations/<int:organisation_id>/people")
@allow(Action.INVITE_COLLEAGUE)
def invite_colleague(organisation_id: int) -> ResponseReturnValue:
    page, form = people_page(organisation_id, actor=me(), now=now()), _form()
    if not form.validate():
        return _show(page, form, 422)
    try:
        invitations.invite_to_organisation(
            organisation_id, form.email.data or "", form.chosen_role(), actor=me(), now=now()
        )
    except (Conflict, Invalid, Throttled) as error:
        show_on(form, error)
        return _show(page, form, status_of(error))
    flash(f"We have sent an invitation to {(form.email.data or '').strip()}.")
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/people/<int:user_id>/role")
@allow(Action.INVITE_COLLEAGUE)
def change_role(organisation_id: int, user_id: int) -> ResponseReturnValue:
    role = Role.LEAD if request.form.get("role") == Role.LEAD.value else Role.CONTRIBUTOR
    try:
        colleagues.change_role(organisation_id, user_id, role, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
    else:
        flash(f"The role is changed to {ROLE_TITLES[role].lower()}.")
    return _back(organisation_id)


@bp.get("/organisations/<int:organisation_id>/people/<int:user_id>/remove")
@allow(Action.INVITE_COLLEAGUE)
def remove_colleague(organisation_id: int, user_id: int) -> ResponseReturnValue:
    page = people_page(organisation_id, actor=me(), now=now())
    return render_template("account/remove_colleague.html", page=page, person=person_in(page, user_id))


@bp.post("/organisations/<int:organisation_id>/people/<int:user_id>/remove")
@allow(Action.INVITE_COLLEAGUE)
def removed_colleague(organisation_id: int, user_id: int) -> ResponseReturnValue:
    try:
        colleagues.remove_colleague(organisation_id, user_id, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
        return _back(organisation_id)
    if user_id == me().user_id:
        flash("You no longer work with this organisation here.")
        return redirect(url_for(".home"))
    flash("They no longer work with this organisation here.")
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/invitations/<int:invitation_id>/<any(cancel,resend):verb>")
@allow(Action.INVITE_COLLEAGUE)
def organisation_invitation(organisation_id: int, invitation_id: int, verb: str) -> ResponseReturnValue:
    deal_with(people_page(organisation_id, actor=me(), now=now()), invitation_id, verb)
    return _back(organisation_id)


def deal_with(page: PeoplePage, invitation_id: int, verb: str) -> None:
    """Cancel an invitation of this page or send it again, and say so. Raises NotFound and NotAllowed."""
    deal_with_offer({row.invitation_id for row in page.invitations}, invitation_id, verb)


def person_in(page: PeoplePage, user_id: int, role: Role | None = None) -> PersonRow:
    """The person on the page, in that role. Raises NotFound."""
    for person in page.people:
        if person.user_id == user_id and role in {None, person.role}:
            return person
    raise NotFound("There is no such page, or it is not open to you.")


def _form() -> InviteForm:
    form = InviteForm()
    form.role.choices = choices((role.value, ROLE_TITLES[role]) for role in CHOICES)
    return form


def _show(page: PeoplePage, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    hints = {role.value: ROLE_MEANINGS[role] for role in CHOICES}
    return render_template(
        "account/organisation_people.html",
        page=page,
        form=form,
        titles=ROLE_TITLES,
        hints=hints,
    ), status


def _back(organisation_id: int) -> ResponseReturnValue:
    return redirect(url_for(".organisation_people", organisation_id=organisation_id))
