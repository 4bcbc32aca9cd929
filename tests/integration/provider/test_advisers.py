"""Advisers from outside: exactly the rights that each organisation gave, until the moment it takes them away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Action, Right, Role, Subject, may
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.plan import ActionState, Source
from app.domain.to_do import Kind
from app.models import AdviserGrant, Interest, Invitation, MailMessage, Passport, PlanAction
from app.queries.people import actor_of
from app.queries.to_do import things_to_do
from app.services import advising, invitations
from app.services.advice_ending import end_advice_past_its_day
from app.services.advising import Help
from app.services.digests import write_digests
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()


@pytest.fixture
def organisation(app):
    return make.organisation()


@pytest.fixture
def lead(organisation):
    return make.member(organisation)


@pytest.fixture
def adviser(app):
    return make.user(name="Mair Owen")


def invite(organisation, lead, adviser, *rights, ends_on: date | None = None) -> str:
    """Invite the adviser; returns the token of the mail's link."""
    help_ = Help(frozenset(rights), "Voluntary Action", ends_on)
    advising.invite_adviser(organisation.id, adviser.email, help_, actor=make.actor(lead), now=NOON, today=TODAY)
    mail = make.db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1)).one()
    return mail.text.partition("/invitations/")[2].split()[0]


def let_help(organisation, lead, adviser, *rights, **more) -> AdviserGrant:
    token = invite(organisation, lead, adviser, *rights, **more)
    invitations.accept_invitation(token, actor=make.actor(adviser), now=NOON)
    return make.db.session.scalars(select(AdviserGrant).order_by(AdviserGrant.id.desc()).limit(1)).one()


def test_an_adviser_holds_the_rights_that_were_offered_once_they_accept(organisation, lead, adviser):
    token = invite(organisation, lead, adviser, Right.ANSWER)
    assert not make.actor(adviser).helps
    invitations.accept_invitation(token, actor=make.actor(adviser), now=NOON)
    assert make.actor(adviser).helps == {organisation.id: {Right.SEE, Right.ANSWER}}
    assert make.actor(adviser).roles == {Role.ADVISER}
    assert not make.actor(adviser).organisations


def test_an_adviser_writes_where_they_may_and_is_told_where_they_may_not(organisation, lead, adviser, client_for):
    draft = make.application(organisation, make.edition(make.scheme()), started_by=lead)
    let_help(organisation, lead, adviser, Right.ANSWER)
    browser = client_for(adviser)
    page = f"/applications/{draft.id}/criteria/GOV.1.1"
    assert browser.get(page).status_code == 200
    answer = {"point": "2", "reason": "They meet every month.", "version": "0"}
    assert browser.post(page, data=answer).status_code == 302
    assert browser.get(f"/organisations/{organisation.id}/evidence").status_code == 403
    assert browser.get(f"/organisations/{organisation.id}/people").status_code == 403
    assert browser.get(f"/applications/{draft.id}/submit").status_code == 403
    assert "did not give you the right" in browser.get(f"/organisations/{organisation.id}/evidence").text


def test_rights_end_at_once_also_on_a_page_that_is_open(organisation, lead, adviser, client_for):
    draft = make.application(organisation, make.edition(make.scheme()), started_by=lead)
    grant = let_help(organisation, lead, adviser, Right.ANSWER)
    browser = client_for(adviser)
    assert browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").status_code == 200
    advising.end_advice(grant.id, actor=make.actor(lead), now=NOON)
    saved = browser.post(
        f"/applications/{draft.id}/criteria/GOV.1.1/autosave",
        data={"point": "2", "reason": "Too late", "version": "0"},
        headers={"X-Requested-With": "autosave", "Accept": "application/json"},
    )
    assert saved.status_code == 403
    assert organisation.name not in saved.text
    assert "no longer lets you help" in saved.text
    assert not make.actor(adviser).helps


def test_rights_run_out_after_their_last_day(organisation, lead, adviser):
    let_help(organisation, lead, adviser, Right.ANSWER, ends_on=TODAY)
    here = Subject(organisation_id=organisation.id)
    assert may(actor_of(adviser, TODAY), Action.ANSWER, here)
    assert not may(actor_of(adviser, TODAY + timedelta(days=1)), Action.ANSWER, here)


def test_changed_rights_replace_the_old_ones_and_the_adviser_is_told(organisation, lead, adviser):
    grant = let_help(organisation, lead, adviser, Right.ANSWER, Right.PLAN)
    new = Help(frozenset({Right.EVIDENCE}))
    advising.change_rights(grant.id, new, 1, actor=make.actor(lead), now=NOON, today=TODAY)
    assert make.actor(adviser).helps[organisation.id] == {Right.SEE, Right.EVIDENCE}
    told = make.db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1)).one()
    assert told.recipient == adviser.email
    assert "evidence library" in told.text
    with pytest.raises(Conflict, match="meanwhile"):
        advising.change_rights(grant.id, new, 1, actor=make.actor(lead), now=NOON, today=TODAY)


def test_two_organisations_give_the_same_adviser_different_rights(organisation, lead, adviser):
    other = make.organisation()
    let_help(organisation, lead, adviser, Right.ANSWER)
    let_help(other, make.member(other), adviser, Right.PROFILE)
    actor = make.actor(adviser)
    assert may(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=other.id))
    assert not may(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=organisation.id))


def test_who_advises_is_barred_from_judging_until_the_bar_has_passed(organisation, lead, adviser):
    grant = let_help(organisation, lead, adviser, Right.ANSWER)
    tie = make.db.session.scalars(select(Interest).where(Interest.user_id == adviser.id)).one()
    assert tie.ended_at is None
    advising.end_advice(grant.id, actor=make.actor(lead), now=NOON + timedelta(days=3))
    make.db.session.refresh(tie)
    assert tie.ended_at == NOON + timedelta(days=3)


def test_a_declared_tie_that_goes_on_is_not_ended_with_the_advice(organisation, lead, adviser):
    make.save(
        Interest(user_id=adviser.id, organisation_id=organisation.id, nature="Sister works there.", declared_at=NOON)
    )
    grant = let_help(organisation, lead, adviser, Right.ANSWER)
    advising.end_advice(grant.id, actor=make.actor(lead), now=NOON)
    ties = make.db.session.scalars(select(Interest).where(Interest.user_id == adviser.id).order_by(Interest.id))
    assert [(tie.nature, tie.ended_at) for tie in ties] == [
        ("Sister works there.", None),
        ("Advises the organisation from outside.", NOON),
    ]


def test_only_a_lead_lets_others_help_and_nobody_passes_rights_on(organisation, lead, adviser):
    let_help(organisation, lead, adviser, *[right for right in Right if right is not Right.PART])
    for person in (adviser, make.member(organisation, Role.CONTRIBUTOR)):
        with pytest.raises(NotAllowed):
            advising.invite_adviser(
                organisation.id, "x@example.org", Help(frozenset()), actor=make.actor(person), now=NOON, today=TODAY
            )
    with pytest.raises(Invalid, match="list"):
        advising.invite_adviser(
            organisation.id,
            "x@example.org",
            Help(frozenset({Right.PART})),
            actor=make.actor(lead),
            now=NOON,
            today=TODAY,
        )


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(organisation, lead, client_for):
    browser = client_for(lead)
    page = browser.post(
        f"/organisations/{organisation.id}/advisers",
        data={"email": "nobody", "works_for": "Umbrella", "rights": ["plan"]},
    )
    assert page.status_code == 422
    assert 'value="Umbrella"' in page.text
    assert make.db.session.scalars(select(Invitation)).first() is None


def test_an_adviser_sees_all_whom_they_help_and_can_stop(organisation, lead, adviser, client_for):
    make.application(organisation, make.edition(make.scheme()), started_by=lead)
    let_help(organisation, lead, adviser, Right.ANSWER)
    browser = client_for(adviser)
    page = browser.get("/helping")
    assert organisation.name in page.text
    assert "0 criteria answered" in page.text
    assert browser.get(f"/organisations/{organisation.id}").status_code == 200
    assert browser.post(f"/helping/{organisation.id}/stop").status_code == 302
    assert "No organisation lets you help" in browser.get("/helping").text
    with pytest.raises(NotFound):
        advising.stop_advising(organisation.id, actor=make.actor(adviser), now=NOON)


def held_with_trouble(organisation, lead) -> None:
    """A draft to answer, an action that nobody has, evidence and a certificate that run out soon."""
    make.application(organisation, make.edition(make.scheme()), started_by=lead)
    soon = {"created_at": NOON, "created_by_id": lead.id, "organisation_id": organisation.id}
    make.save(
        PlanAction(
            title="Train the team",
            source=Source.FREE,
            state=ActionState.OPEN,
            due_on=TODAY,
            updated_at=NOON,
            updated_by_id=lead.id,
            **soon,
        )
    )
    make.save(
        Passport(
            title="Fire Mark",
            number="F1",
            holder="Us",
            issued_on=TODAY - timedelta(days=90),
            ends_on=TODAY + timedelta(days=9),
            **soon,
        )
    )


@pytest.mark.parametrize(
    ("rights", "kinds"),
    [
        ((), set()),
        ((Right.ANSWER,), {Kind.CRITERIA}),
        ((Right.PLAN,), {Kind.ACTION}),
        ((Right.EVIDENCE,), {Kind.PASSPORT}),
    ],
)
def test_advisers_have_to_do_what_they_may_do_and_hear_of_it(organisation, lead, adviser, rights, kinds):
    held_with_trouble(organisation, lead)
    let_help(organisation, lead, adviser, *rights)
    things = things_to_do(make.actor(adviser), TODAY)
    assert {thing.kind for thing in things} - {Kind.PROFILE} == kinds
    assert write_digests(NOON).looked_at == 2  # the lead, and the adviser


def test_help_that_ran_out_is_settled_once_and_lets_the_bar_begin(organisation, lead, adviser):
    grant = let_help(organisation, lead, adviser, Right.ANSWER, ends_on=TODAY)
    tie = make.db.session.scalars(select(Interest).where(Interest.user_id == adviser.id)).one()
    assert end_advice_past_its_day(NOON) == 0  # its last day still counts
    later = NOON + timedelta(days=1)
    assert (end_advice_past_its_day(later), end_advice_past_its_day(later)) == (1, 0)
    make.db.session.refresh(tie)
    make.db.session.refresh(grant)
    assert tie.ended_at == grant.ended_at == later
    told = make.db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1)).one()
    assert told.recipient == adviser.email and "as agreed" in told.text


def test_the_plan_is_shown_to_advisers_who_work_on_it_and_to_no_others(organisation, lead, adviser, client_for):
    draft = make.application(organisation, make.edition(make.scheme()), started_by=lead)
    wanted = {
        "title": "Ask Bolton how they do it",
        "state": "open",
        "source": "free",
        "organisation_id": organisation.id,
    }
    when = {"created_at": NOON, "updated_at": NOON, "created_by_id": lead.id, "updated_by_id": lead.id}
    make.save(PlanAction(application_id=draft.id, **wanted, **when))
    let_help(organisation, lead, adviser, Right.ANSWER)
    readiness = f"/applications/{draft.id}/readiness"
    assert "Bolton" not in client_for(adviser).get(readiness).text
    assert client_for(adviser).get(f"/organisations/{organisation.id}/plan").status_code == 403
    let_help(organisation, lead, adviser, Right.PLAN)
    assert "Bolton" in client_for(adviser).get(readiness).text
    assert "Bolton" in client_for(adviser).get(f"/organisations/{organisation.id}/plan").text
