"""Invitations and colleagues, in organisations and in schemes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict
from app.extensions import db
from app.models import AuditRow, Membership, SchemePost, User
from app.services import colleagues, invitations
from tests import factories as make
from tests.conftest import NOON
from tests.integration.account.conftest import PASSWORD, link_in, mails, send


@pytest.fixture
def of(app):
    return make.organisation(name="Harbour Visits")


@pytest.fixture
def lead(of):
    return make.member(of)


def roles_at(of) -> dict[str, Role]:
    db.session.rollback()
    rows = db.session.execute(select(User.email, Membership.role).join(Membership, Membership.user_id == User.id))
    return dict(rows.all())


def invite(browser, of, email="new@example.org", role="contributor"):
    return send(browser, f"/organisations/{of.id}/people", {"email": email, "role": role})


def test_a_newcomer_accepts_an_invitation_and_is_in_at_once(of, lead, client, client_for):
    assert invite(client_for(lead), of, " New@Example.org").status_code == 302
    message = mails("new@example.org")[0]
    assert message.subject == f"{lead.name} invites you to Harbour Visits"
    answer = send(client, link_in(message), {"name": "Nia Ward", "password": PASSWORD})
    assert answer.status_code == 302
    assert roles_at(of)["new@example.org"] is Role.CONTRIBUTOR
    assert client.get(f"/organisations/{of.id}/people").status_code == 200
    assert client.get(link_in(message)).status_code == 404, "an invitation is taken up once"


def test_who_has_an_account_signs_in_to_accept(of, lead, client, client_for):
    person = make.user()
    invite(client_for(lead), of, person.email)
    link = link_in(mails(person.email)[0])
    page = client.get(link).get_data(as_text=True)
    assert f"/sign-in?next={link}" in page and 'type="password"' not in page
    answer = client_for(person).get(link)
    assert b"Accept the invitation" in answer.data
    send(client_for(person), link)
    assert roles_at(of)[person.email] is Role.CONTRIBUTOR


def test_an_account_cannot_be_taken_over_through_an_invitation(of, lead, client, client_for):
    person = make.user()
    invite(client_for(lead), of, person.email)
    link = link_in(mails(person.email)[0])
    answer = send(client, link, {"name": "Mallory", "password": PASSWORD}, at="/sign-in")
    assert answer.location.startswith("/sign-in")
    assert person.email not in roles_at(of)


def test_an_invitation_is_for_the_address_it_was_sent_to(of, lead, client_for):
    invite(client_for(lead), of)
    link, other = link_in(mails("new@example.org")[0]), client_for(make.user())
    assert b"You are signed in with another address" in other.get(link).data
    assert send(other, link, at="/account").status_code == 403


def test_an_invitation_ends_when_it_runs_out_is_cancelled_or_sent_again(of, lead, client, client_for, clock):
    browser = client_for(lead)
    invite(browser, of)
    first = link_in(mails("new@example.org")[0])
    invitation_id = invitations.invite_to_organisation(
        of.id, "new@example.org", Role.LEAD, actor=make.actor(lead), now=NOON
    )
    assert client.get(first).status_code == 404, "inviting again replaces the invitation"
    second = link_in(mails("new@example.org")[1])
    send(browser, f"/organisations/{of.id}/invitations/{invitation_id}/resend", at="/account")
    third = link_in(mails("new@example.org")[2])
    assert client.get(second).status_code == 404 and client.get(third).status_code == 200
    clock.forward(days=14, seconds=1)
    assert client.get(third).status_code == 404
    send(browser, f"/organisations/{of.id}/invitations/{invitation_id}/resend", at="/account")
    fourth = link_in(mails("new@example.org")[3])
    assert client.get(fourth).status_code == 200
    send(browser, f"/organisations/{of.id}/invitations/{invitation_id}/cancel", at="/account")
    assert client.get(fourth).status_code == 404


def test_inviting_a_colleague_twice_over_is_told_and_keeps_what_was_typed(of, lead, client_for):
    answer = invite(client_for(lead), of, lead.email)
    assert answer.status_code == 422 and b"works with Harbour Visits here already" in answer.data
    answer = send(client_for(lead), f"/organisations/{of.id}/people", {"email": "new@example.org"})
    assert answer.status_code == 422 and b'value="new@example.org"' in answer.data


def test_only_a_lead_changes_who_works_here(of, lead, client_for):
    helper = client_for(make.member(of, Role.CONTRIBUTOR))
    assert b"Send the invitation" not in helper.get(f"/organisations/{of.id}/people").data
    for address in ("people", f"people/{lead.id}/role", f"people/{lead.id}/remove"):
        assert send(helper, f"/organisations/{of.id}/{address}", at="/account").status_code == 403


def test_the_last_lead_stays(of, lead, client_for):
    browser = client_for(lead)
    helper = make.member(of, Role.CONTRIBUTOR)
    send(browser, f"/organisations/{of.id}/people/{lead.id}/role", {"role": "contributor"}, at="/account")
    send(browser, f"/organisations/{of.id}/people/{lead.id}/remove")
    assert roles_at(of)[lead.email] is Role.LEAD
    assert b"Make another person a lead first" in browser.get("/account").data
    send(browser, f"/organisations/{of.id}/people/{helper.id}/role", {"role": "lead"}, at="/account")
    assert send(browser, f"/organisations/{of.id}/people/{lead.id}/remove").location == "/account"
    assert roles_at(of) == {helper.email: Role.LEAD}
    actions = db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == ["membership.role-changed", "membership.removed"]


def test_a_manager_invites_a_lay_member_to_the_panel(client, client_for):
    of = make.scheme()
    manager = make.officer(of, Role.MANAGER)
    data = {"email": "new@example.org", "role": "panel-member", "lay": "y"}
    assert send(client_for(manager), f"/schemes/{of.code}/people", data).status_code == 302
    send(client, link_in(mails("new@example.org")[0]), {"name": "Nia Ward", "password": PASSWORD})
    post = db.session.scalars(select(SchemePost).where(SchemePost.role == Role.PANEL_MEMBER)).one()
    assert post.lay and post.user.email == "new@example.org"
    page = client_for(manager).get(f"/schemes/{of.code}/people").get_data(as_text=True)
    assert "Panel member, lay" in page


def test_the_last_manager_stays(client_for):
    of = make.scheme()
    manager = make.officer(of, Role.MANAGER, Role.ASSESSOR)
    send(client_for(manager), f"/schemes/{of.code}/people/{manager.id}/assessor/remove")
    with pytest.raises(Conflict, match="another manager first"):
        colleagues.remove_from_post(of.id, manager.id, Role.MANAGER, actor=make.actor(manager), now=NOON)
    db.session.rollback()
    assert db.session.scalars(select(SchemePost.role)).all() == [Role.MANAGER]


def test_the_operator_appoints_the_first_manager(app, client):
    of = make.scheme(code="community-mark")
    run = app.test_cli_runner().invoke(args=["people", "add-manager", "first@example.org", "--scheme", of.code])
    assert run.exit_code == 0 and "is invited to manage community-mark" in run.output
    send(client, link_in(mails("first@example.org")[0]), {"name": "Nia Ward", "password": PASSWORD})
    assert client.get("/people").location == "/schemes/community-mark/people"
    run = app.test_cli_runner().invoke(args=["people", "add-manager", "first@example.org", "--scheme", "no-such"])
    assert run.exit_code == 1 and "There is no scheme no-such" in run.output


def test_nobodys_mailbox_is_filled_with_invitations(of, lead, client_for, clock):
    browser = client_for(lead)
    for _ in range(20):
        assert invite(browser, of).status_code == 302
    refused = invite(browser, of)
    assert refused.status_code == 429
    assert b'value="new@example.org"' in refused.data
    assert b"Invite them again tomorrow" in refused.data
    assert len(mails("new@example.org")) == 20
    clock.forward(days=1)
    assert invite(client_for(lead), of).status_code == 302
