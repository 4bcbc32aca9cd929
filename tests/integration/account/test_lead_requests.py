"""Never stuck with one account: handing the lead over, asking for it, silence, objections, and who may decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from app.domain.lead_request import RequestStatus
from app.domain.lifecycle import ApplicationStatus
from app.domain.plan import ActionState, Reminder, Source
from app.extensions import db
from app.models import AdviserGrant, AuditRow, HandedOver, Interest, LeadRequest, Membership, PlanAction, User
from app.queries.lead_requests import lead_request_page, waiting_for_operator
from app.queries.to_do.people import SECOND_LEAD, TWO_STEPS, for_person, things
from app.services import colleagues, invitations, lead_answers, lead_decisions, lead_requests
from tests import factories as make
from tests.conftest import NOON
from tests.integration.account.conftest import PASSWORD, link_in, mails, send, sign_in

HOW = "Called the chair at the number on the charity register."


@pytest.fixture
def of(app):
    return make.organisation(name="Harbour Visits", charity_number="1234567")


@pytest.fixture
def lead(of):
    return make.member(of, name="Amira Khan")


@pytest.fixture
def contributor(of):
    return make.member(of, Role.CONTRIBUTOR, name="Joe Marsh")


@pytest.fixture
def scheme(of):
    """A scheme to which the organisation has applied."""
    scheme = make.scheme()
    make.application(of, make.edition(scheme), status=ApplicationStatus.SUBMITTED, submitted_at=NOON)
    return scheme


@pytest.fixture
def manager(scheme):
    return make.officer(scheme, Role.MANAGER, name="Mary Shaw")


def roles(of) -> dict[str, Role]:
    db.session.rollback()
    rows = db.session.execute(
        select(User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == of.id)
    )
    return {name: role for name, role in rows}


def request_at(now, request_id) -> RequestStatus:
    db.session.rollback()
    return db.session.get(LeadRequest, request_id).standing(now)


def ask(of, who, now) -> int:
    return lead_requests.ask_to_lead(of.id, "She is in hospital.", actor=make.actor(who), now=now)


def proved(client_for, person, clock):
    browser = client_for(person)
    with browser.session_transaction() as session:
        session["proved_at"] = clock.now.timestamp()
    return browser


@pytest.mark.parametrize(
    ("becomes", "left"),
    [("lead", Role.LEAD), ("contributor", Role.CONTRIBUTOR), ("leaves", None)],
)
def test_a_lead_hands_over_and_becomes_what_they_chose_once_the_colleague_accepts(
    of, lead, contributor, client_for, clock, becomes, left
):
    page = f"/organisations/{of.id}/lead/hand-over"
    assert client_for(lead).get(page).location.startswith("/account/prove")
    browser = proved(client_for, lead, clock)
    answer = send(browser, page, {"person": contributor.id, "giver_becomes": becomes})
    assert roles(of) == {"Amira Khan": Role.LEAD, "Joe Marsh": Role.CONTRIBUTOR}, "nothing changes before the answer"
    assert answer.location in mails(contributor.email)[0].text
    other = proved(client_for, contributor, clock)
    send(other, f"{answer.location}/agree", at=answer.location)
    expected = {"Amira Khan": left, "Joe Marsh": Role.LEAD}
    assert roles(of) == {name: role for name, role in expected.items() if role}
    tie = db.session.scalars(select(Interest.user_id).where(Interest.organisation_id == of.id)).all()
    assert tie == ([lead.id] if left is None else [])
    assert "Joe Marsh leads Harbour Visits" in mails(lead.email)[-1].subject


def test_an_offer_can_be_declined_taken_back_and_runs_out(of, lead, contributor, clock):
    def offer():
        return lead_requests.offer_lead(of.id, contributor.id, "contributor", actor=make.actor(lead), now=clock.now)

    declined = offer()
    lead_answers.refuse(declined, "Not me.", actor=make.actor(contributor), now=clock.now)
    taken_back = offer()
    with pytest.raises(Conflict):
        offer()
    lead_answers.withdraw(taken_back, actor=make.actor(lead), now=clock.now)
    left = offer()
    clock.forward(days=14)
    with pytest.raises(IllegalMove):
        lead_answers.agree(left, actor=make.actor(contributor), now=clock.now)
    assert roles(of) == {"Amira Khan": Role.LEAD, "Joe Marsh": Role.CONTRIBUTOR}
    assert request_at(clock.now, left) is RequestStatus.EXPIRED


def test_who_offered_the_lead_and_leads_no_more_cannot_give_it(of, lead, contributor, clock):
    other = make.member(of)
    request_id = lead_requests.offer_lead(of.id, contributor.id, "leaves", actor=make.actor(lead), now=clock.now)
    colleagues.change_role(of.id, lead.id, Role.CONTRIBUTOR, actor=make.actor(other), now=clock.now)
    with pytest.raises(Conflict):
        lead_answers.agree(request_id, actor=make.actor(contributor), now=clock.now)


def test_everybody_is_told_at_once_when_a_contributor_asks_and_any_lead_may_answer(of, lead, contributor, client_for):
    second, reader = make.member(of), make.member(of, Role.CONTRIBUTOR)
    browser = client_for(contributor)
    page = f"/organisations/{of.id}/lead/take-over"
    assert send(browser, page, {"reason": " "}).status_code == 422
    where = send(browser, page, {"reason": "She is in hospital."}).location
    for person in (lead, second, reader):
        assert "She is in hospital." in mails(person.email)[0].text
    assert b"Joe Marsh asks to lead" in client_for(lead).get(f"/organisations/{of.id}/people").data
    assert b"Let them lead" not in client_for(reader).get(where).data
    assert send(client_for(reader), f"{where}/refuse", at="/account").status_code == 302
    assert roles(of)["Joe Marsh"] is Role.CONTRIBUTOR
    send(client_for(second), f"{where}/refuse", {"words": "She is back on Monday."}, at=where)
    assert request_at(NOON, int(where.rsplit("/", 1)[1])) is RequestStatus.REFUSED
    assert "She is back on Monday." in mails(contributor.email)[-1].text


def test_whoever_signs_in_learns_that_somebody_asks_to_lead(app, of, lead, contributor, client, clock):
    ask(of, contributor, clock.now)
    reader = make.member(of, Role.CONTRIBUTOR, password_hash=app.extensions["passwords"].hash(PASSWORD))
    sign_in(client, reader.email)
    assert b"Joe Marsh asks to lead Harbour Visits" in client.get("/account").data


def test_a_lead_lets_a_contributor_lead(of, lead, contributor, client_for, clock):
    request_id = ask(of, contributor, clock.now)
    page = f"/lead-requests/{request_id}"
    not_proved = send(client_for(lead), f"{page}/agree", at=page)
    assert not_proved.location.startswith("/account/prove")
    send(proved(client_for, lead, clock), f"{page}/agree", at=page)
    assert roles(of) == {"Amira Khan": Role.LEAD, "Joe Marsh": Role.LEAD}


def test_a_scheme_decides_only_after_a_fortnight_of_silence_and_says_how_it_checked(
    of, lead, contributor, scheme, manager, client_for, clock
):
    request_id = ask(of, contributor, clock.now)
    page = f"/schemes/{scheme.code}/lead-requests/{request_id}"
    early = client_for(manager).get(page)
    assert b"30 Nov 2026" in early.data and b"Record the decision" not in early.data
    clock.forward(days=13, hours=23)
    with pytest.raises(Conflict, match="30 Nov 2026"):
        lead_decisions.grant(request_id, scheme.id, HOW, actor=make.actor(manager), now=clock.now)
    clock.forward(hours=1)
    assert lead_decisions.do_lead_requests(clock.now) == 1
    assert lead_decisions.do_lead_requests(clock.now) == 0
    assert link_in(mails(manager.email)[0]) == page
    browser = proved(client_for, manager, clock)
    assert send(browser, page, {"decision": "grant", "words": ""}).status_code == 422
    assert send(browser, page, {"decision": "grant", "words": HOW}).status_code == 302
    assert roles(of) == {"Amira Khan": Role.LEAD, "Joe Marsh": Role.LEAD}
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "lead.granted")).one()
    assert (row.scheme_id, row.actor_id, row.detail["words"]) == (scheme.id, manager.id, HOW)
    assert "object by 7 Dec 2026" in mails(lead.email)[-1].text


def granted(of, contributor, scheme, manager, clock) -> int:
    request_id = ask(of, contributor, clock.now)
    clock.forward(days=14)
    lead_decisions.grant(request_id, scheme.id, HOW, actor=make.actor(manager), now=clock.now)
    return request_id


def test_while_an_earlier_lead_may_object_neither_puts_the_other_out(of, lead, contributor, scheme, manager, clock):
    granted(of, contributor, scheme, manager, clock)
    for one, other in ((contributor, lead), (lead, contributor)):
        with pytest.raises(Conflict, match="7 Dec 2026"):
            colleagues.remove_colleague(of.id, other.id, actor=make.actor(one), now=clock.now)
        with pytest.raises(Conflict):
            colleagues.change_role(of.id, other.id, Role.CONTRIBUTOR, actor=make.actor(one), now=clock.now)
    clock.forward(days=7)
    colleagues.remove_colleague(of.id, lead.id, actor=make.actor(contributor), now=clock.now)
    assert roles(of) == {"Joe Marsh": Role.LEAD}


def test_while_an_earlier_lead_may_object_the_new_one_makes_no_other_lead(
    of, lead, contributor, scheme, manager, clock
):
    friend = make.member(of, Role.CONTRIBUTOR, name="A Friend")
    theirs = ask(of, friend, clock.now)
    request_id = granted(of, contributor, scheme, manager, clock)
    new, now = make.actor(contributor), clock.now
    for tried in (
        lambda: colleagues.change_role(of.id, friend.id, Role.LEAD, actor=new, now=now),
        lambda: invitations.invite_to_organisation(of.id, "friend@example.org", Role.LEAD, actor=new, now=now),
        lambda: lead_answers.agree(theirs, actor=new, now=now),
    ):
        with pytest.raises(Conflict, match="may object"):
            tried()
    invitations.invite_to_organisation(of.id, "other@example.org", Role.CONTRIBUTOR, actor=new, now=now)
    token = link_in(mails("other@example.org")[0]).rpartition("/")[2]
    lead_answers.object_to(request_id, "I was on holiday.", actor=make.actor(lead), now=now)
    with pytest.raises(NotFound):
        invitations.accept_invitation(token, actor=make.actor(make.user(email="other@example.org")), now=now)
    assert set(roles(of).values()) == {Role.LEAD, Role.CONTRIBUTOR} and roles(of)["Amira Khan"] is Role.LEAD


def test_nobody_outside_keeps_its_own_people_from_asking_nor_tells_them_again_and_again(of, lead, contributor, clock):
    words = ("1234567", "Trustee", "Nobody answers.", "Ask the chair.")
    strangers = [make.user() for _ in range(3)]
    for each in strangers:
        request_id = lead_requests.ask_to_be_let_in(*words, actor=make.actor(each), now=clock.now)
    assert ask(of, contributor, clock.now)
    for _ in range(4):
        lead_answers.withdraw(request_id, actor=make.actor(each), now=clock.now)
        request_id = lead_requests.ask_to_be_let_in(*words, actor=make.actor(each), now=clock.now)
    lead_answers.withdraw(request_id, actor=make.actor(each), now=clock.now)
    with pytest.raises(Conflict, match="5 times within a week"):
        lead_requests.ask_to_be_let_in(*words, actor=make.actor(each), now=clock.now)


def test_who_advised_before_they_worked_here_keeps_no_rights_once_they_are_out(of, lead, clock):
    person = make.member(of, Role.CONTRIBUTOR)
    make.save(AdviserGrant(organisation_id=of.id, user_id=person.id, rights=["see", "answer"], granted_at=NOON))
    colleagues.remove_colleague(of.id, person.id, actor=make.actor(lead), now=clock.now)
    db.session.rollback()
    assert make.actor(person).role_at(of.id) is None


def test_an_objection_puts_everything_back_until_the_scheme_settles_it(
    of, lead, contributor, scheme, manager, client_for, clock
):
    request_id = granted(of, contributor, scheme, manager, clock)
    clock.forward(days=6, hours=23)
    where = f"/lead-requests/{request_id}"
    assert send(client_for(lead), f"{where}/object", {"words": ""}, at=where).status_code == 422
    send(client_for(lead), f"{where}/object", {"words": "I was on holiday."}, at=where)
    assert roles(of) == {"Amira Khan": Role.LEAD, "Joe Marsh": Role.CONTRIBUTOR}
    assert "I was on holiday." in mails(manager.email)[-1].text
    with pytest.raises(NotAllowed):
        lead_answers.refuse(request_id, "", actor=make.actor(lead), now=clock.now)
    lead_decisions.uphold(request_id, scheme.id, HOW, actor=make.actor(manager), now=clock.now)
    assert roles(of) == {"Amira Khan": Role.CONTRIBUTOR, "Joe Marsh": Role.LEAD}
    with pytest.raises(IllegalMove):
        lead_answers.object_to(request_id, "Again.", actor=make.actor(make.member(of)), now=clock.now)


def test_after_a_week_it_is_settled_and_told_once(of, lead, contributor, scheme, manager, clock):
    request_id = granted(of, contributor, scheme, manager, clock)
    clock.forward(days=7)
    with pytest.raises(IllegalMove):
        lead_answers.object_to(request_id, "Too late.", actor=make.actor(lead), now=clock.now)
    assert request_at(clock.now, request_id) is RequestStatus.SETTLED, "by the clock, whether or not the day's work ran"
    assert [lead_decisions.do_lead_requests(clock.now) for _ in range(2)] == [1, 0]
    assert "the time to object is over" in mails(lead.email)[-1].subject


def test_a_manager_with_a_tie_an_assessor_and_another_schemes_manager_decide_nothing(
    of, lead, contributor, scheme, manager, client_for, clock
):
    tied = make.officer(scheme, Role.MANAGER)
    make.save(
        Interest(user_id=tied.id, organisation_id=of.id, nature="Was treasurer.", declared_at=NOON, ended_at=NOON)
    )
    own = make.officer(scheme, Role.MANAGER)
    make.save(Membership(user_id=own.id, organisation_id=of.id, role=Role.CONTRIBUTOR, created_at=NOON))
    elsewhere = make.scheme()
    stranger = make.officer(elsewhere, Role.MANAGER)
    request_id = ask(of, contributor, clock.now)
    clock.forward(days=14)
    for person, at, error in (
        (tied, scheme, NotAllowed),
        (own, scheme, NotAllowed),
        (make.officer(scheme, Role.ASSESSOR), scheme, NotAllowed),
        (stranger, elsewhere, NotFound),
        (stranger, scheme, NotFound),
    ):
        with pytest.raises(error):
            lead_decisions.grant(request_id, at.id, HOW, actor=make.actor(person), now=clock.now)
    assert client_for(tied).get(f"/schemes/{scheme.code}/lead-requests/{request_id}").status_code == 403
    assert roles(of)["Joe Marsh"] is Role.CONTRIBUTOR


def test_somebody_from_outside_asks_and_the_scheme_decides_at_once_where_nobody_leads(
    app, of, scheme, manager, client, clock
):
    make.member(of, Role.CONTRIBUTOR, name="Left Behind")
    person = make.user(name="Noor Hale", password_hash=app.extensions["passwords"].hash(PASSWORD))
    assert b"nobody can let me in" in client.get("/sign-up").data
    assert b"You need an account" in client.get("/let-me-in").data
    sign_in(client, person.email)
    texts = {"position": "Chair of trustees", "reason": "Our manager died.", "proof": "The charity register names me."}
    wrong = send(client, "/let-me-in", {**texts, "which": "99", "proof": ""})
    assert wrong.status_code == 422 and b"We know no organisation" in wrong.data and b"Our manager died." in wrong.data
    assert b"Say how we can make sure" in wrong.data
    where = send(client, "/let-me-in", {**texts, "which": " 1234567 "}).location
    assert client.get(where).status_code == 200
    assert client.get(f"/organisations/{of.id}/people").status_code in {403, 404}, "asking opens nothing"
    request_id = int(where.rsplit("/", 1)[1])
    assert link_in(mails(manager.email)[0]) == f"/schemes/{scheme.code}{where}"
    lead_decisions.grant(request_id, scheme.id, HOW, actor=make.actor(manager), now=clock.now)
    assert roles(of)["Noor Hale"] is Role.LEAD
    assert client.get(f"/organisations/{of.id}/people").status_code == 200


def test_an_objection_to_somebody_from_outside_puts_them_out_and_remembers_that_they_were_in(
    of, lead, scheme, manager, clock
):
    person = make.user(name="Noor Hale")
    words = ("1234567", "Trustee", "Nobody answers.", "Ask the chair.")
    request_id = lead_requests.ask_to_be_let_in(*words, actor=make.actor(person), now=clock.now)
    clock.forward(days=14)
    lead_decisions.grant(request_id, scheme.id, HOW, actor=make.actor(manager), now=clock.now)
    lead_answers.object_to(request_id, "She is no trustee.", actor=make.actor(lead), now=clock.now)
    assert roles(of) == {"Amira Khan": Role.LEAD}
    assert db.session.scalars(select(Interest.user_id)).all() == [person.id]
    lead_decisions.refuse_to_grant(request_id, scheme.id, "Not a trustee.", actor=make.actor(manager), now=clock.now)
    assert request_at(clock.now, request_id) is RequestStatus.REFUSED


def test_a_lead_may_let_somebody_in_as_a_contributor(of, lead, clock, client_for):
    person = make.user(name="Noor Hale")
    words = ("Harbour visits", "Volunteer", "Nobody answers.", "Ask Amira.")
    request_id = lead_requests.ask_to_be_let_in(*words, actor=make.actor(person), now=clock.now)
    where = f"/lead-requests/{request_id}"
    send(proved(client_for, lead, clock), f"{where}/agree", {"role": "contributor"}, at=where)
    assert roles(of)["Noor Hale"] is Role.CONTRIBUTOR


def test_the_form_fills_nobodys_mailbox(of, lead, clock):
    words = ("1234567", "Trustee", "Nobody answers.", "Ask the chair.")
    for _ in range(3):
        lead_requests.ask_to_be_let_in(*words, actor=make.actor(make.user()), now=clock.now)
    with pytest.raises(Conflict):
        lead_requests.ask_to_be_let_in(*words, actor=make.actor(make.user()), now=clock.now)
    assert len(mails(lead.email)) == 3


def test_the_operator_decides_where_no_scheme_knows_the_organisation(app, of, lead, contributor, clock):
    request_id = ask(of, contributor, clock.now)
    assert waiting_for_operator(now=clock.now) == ()
    assert [row.request_id for row in waiting_for_operator(now=clock.now + timedelta(days=14))] == [request_id]
    runner = app.test_cli_runner()
    command = ["people", "transfer-lead", contributor.email, "--organisation", str(of.id)]
    assert runner.invoke(args=[*command, "--how", " "]).exit_code == 1
    done = runner.invoke(args=[*command, "--how", HOW])
    assert done.exit_code == 0, done.output
    assert roles(of) == {"Amira Khan": Role.LEAD, "Joe Marsh": Role.LEAD}
    assert "The operator of this site" in mails(lead.email)[-1].text
    lead_answers.object_to(request_id, "No.", actor=make.actor(lead), now=db_time(request_id))
    settled = runner.invoke(args=["people", "settle-objection", str(request_id), "--refuse", "--how", HOW])
    assert settled.exit_code == 0, settled.output
    assert roles(of)["Joe Marsh"] is Role.CONTRIBUTOR


def db_time(request_id):
    db.session.rollback()
    return db.session.get(LeadRequest, request_id).status_at


def test_leaving_says_what_it_means_keeps_the_last_lead_and_is_undone_by_an_invitation(
    of, lead, contributor, client_for
):
    page = f"/organisations/{of.id}/leave"
    assert b"You cannot leave Harbour Visits yet" in client_for(lead).get(page).data
    with pytest.raises(Conflict):
        colleagues.leave_organisation(of.id, actor=make.actor(lead), now=NOON)
    action = action_of(of, contributor, lead)
    draft = make.application(of, make.edition())
    handed = {"to_id": contributor.id, "by_id": lead.id, "given_at": NOON}
    handed_over = make.save(HandedOver(application_id=draft.id, criterion_code="GOV.1.1", **handed))
    browser = client_for(contributor)
    told = browser.get(page).get_data(as_text=True)
    assert "What you have written stays" in told and "1 criterion that was handed" in told and "1 action of" in told
    assert send(browser, page).status_code == 302
    assert roles(of) == {"Amira Khan": Role.LEAD}
    assert db.session.get(HandedOver, handed_over.id).taken_back_at is not None
    assert db.session.get(PlanAction, action.id).owner_id is None
    assert mails(lead.email)[-1].subject == "Joe Marsh has left Harbour Visits"
    assert browser.get(f"/organisations/{of.id}/people").status_code in {403, 404}
    send(client_for(lead), f"/organisations/{of.id}/people", {"email": contributor.email, "role": "contributor"})
    send(client_for(contributor), link_in(mails(contributor.email)[-1]))
    assert roles(of)["Joe Marsh"] is Role.CONTRIBUTOR


def action_of(of, owner, by) -> PlanAction:
    when = {"created_at": NOON, "created_by_id": by.id, "updated_at": NOON, "updated_by_id": by.id}
    values = {"source": Source.FREE, "title": "Buy a safe", "state": ActionState.OPEN, "reminded": Reminder.NONE}
    return make.save(PlanAction(organisation_id=of.id, owner_id=owner.id, **when, **values))


def test_what_waits_is_on_the_home_page_of_who_can_do_it(of, lead, contributor, scheme, manager, clock):
    today = clock.now.date()

    def waits(person):
        actor = make.actor(person)
        return [each.what for each in (*things([of.id], actor, today), *for_person(actor, today))]

    assert waits(lead) == [SECOND_LEAD] and waits(contributor) == []
    request_id = ask(of, contributor, clock.now)
    assert waits(lead) == ["Answer Joe Marsh, who asks to lead", SECOND_LEAD]
    assert waits(manager) == [TWO_STEPS]
    today += timedelta(days=14)
    assert waits(manager) == ["Decide whether Joe Marsh leads Harbour Visits", TWO_STEPS]
    lead_decisions.grant(request_id, scheme.id, HOW, actor=make.actor(manager), now=NOON + timedelta(days=14))
    assert waits(lead) == ["Look whether Joe Marsh should lead, and object if not"]
    assert waits(contributor) == [] and waits(manager) == [TWO_STEPS]


def test_nobody_from_elsewhere_sees_or_answers_a_request(of, lead, contributor, clock):
    request_id = ask(of, contributor, clock.now)
    stranger = make.actor(make.member(make.organisation()))
    with pytest.raises(NotFound):
        lead_request_page(request_id, actor=stranger, now=clock.now)
    for use in (lead_answers.agree, lead_answers.withdraw):
        with pytest.raises(NotFound):
            use(request_id, actor=stranger, now=clock.now)
    with pytest.raises((Invalid, NotFound)):
        lead_answers.object_to(request_id, "No.", actor=stranger, now=clock.now)


def test_the_page_of_people_takes_as_many_statements_for_many_as_for_few(of, lead, client_for, count_statements):
    browser = client_for(lead)

    def statements() -> int:
        with count_statements() as found:
            assert browser.get(f"/organisations/{of.id}/people").status_code == 200
        return len(found)

    ask(of, make.member(of, Role.CONTRIBUTOR), NOON)
    few = statements()
    for _ in range(2):
        ask(of, make.member(of, Role.CONTRIBUTOR), NOON)
    for _ in range(20):
        make.member(of)
    assert statements() == few
