"""Each person hears of things as they chose, is reminded once a day, and can end it with one click and without signing in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.backends.mail import MemoryMail, NotSent
from app.backends.tokens import Tokens
from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus
from app.domain.topics import Language, Topic, Way
from app.extensions import db
from app.models import (
    AdviserGrant,
    AuditRow,
    MailMessage,
    MailSetting,
    Membership,
    MessagePreference,
    Notice,
    Question,
)
from app.services.advising import stop_advising
from app.services.colleagues import leave_organisation
from app.services.digests import write_digests
from app.services.mail_sending import Post, send_due_mail
from app.services.telling import tell
from app.services.transactions import transaction
from app.services.wishes import Chosen, choose_messages
from tests import factories as make
from tests.conftest import NOON
from tests.integration.account.conftest import mails, send, sign_in
from tests.told import told

BASE = "https://touchstone.example"
EIGHT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)  # a Monday; winter, so that UTC is the time in the United Kingdom
VALUES = {"provider": "Bay Friends", "criterion": "GOV.1.1", "assessment_id": 7}


def say(person, topic=Topic.CASES, template="question_replied", now=EIGHT, **values):
    with transaction() as session:
        tell(session, [person], template, now, topic=topic, **(values or VALUES))


def choose(person, *, language=Language.ENGLISH, digest=True, hour=7, days="1234567", **ways):
    chosen = Chosen(language, digest, hour, days, {Topic(topic): way for topic, way in ways.items()})
    choose_messages(chosen, actor=make.actor(person), now=NOON)


@pytest.fixture
def lead(app):
    return make.member(make.organisation())


def sent_to(person) -> list:
    """What a mail server would get for `person` now."""
    mail = MemoryMail()
    send_due_mail(Post(mail, BASE, Tokens(db_secret())), NOON + timedelta(days=300))
    return [letter for letter in mail.letters if letter.recipient == person.email]


def db_secret() -> str:
    from flask import current_app

    return current_app.config["SECRET_KEY"]


def test_what_can_wait_comes_with_the_days_e_mail_and_what_cannot_at_once(lead):
    say(lead)
    say(lead, Topic.SECURITY, "password_changed", name=lead.name)
    assert [(each.subject, each.waits) for each in told(lead)] == [
        ("Your password was changed", False),
        ("Bay Friends has replied on GOV.1.1", True),
    ]


def test_a_person_chooses_the_way_of_each_topic_but_not_of_what_must_come(lead):
    choose(lead, cases=Way.AT_ONCE, evidence=Way.NEVER)
    say(lead)
    say(lead, Topic.EVIDENCE)
    assert [(each.subject, each.waits) for each in told(lead)] == [("Bay Friends has replied on GOV.1.1", False)]
    with pytest.raises(Exception, match="Choose one of the ways"):
        choose(lead, security=Way.NEVER)


def test_who_wants_no_days_e_mail_still_hears_at_once_of_what_must_come(lead):
    choose(lead, digest=False)
    say(lead)
    say(lead, Topic.COLLEAGUES)
    assert [each.waits for each in told(lead)] == [False]


def test_what_waits_for_a_days_e_mail_that_is_turned_off_comes_at_once_where_it_must(lead):
    say(lead)
    say(lead, Topic.COLLEAGUES)
    choose(lead, digest=False)
    assert [(each.subject, each.waits) for each in told(lead)] == [("Bay Friends has replied on GOV.1.1", False)]
    [message] = mails(lead.email)
    assert message.topic == "cases" and message.text.count("\n-- \n") == 1


def test_the_days_e_mail_tells_everything_once_and_in_the_persons_own_morning(lead):
    choose(lead, hour=9)
    say(lead)
    say(lead, Topic.COLLEAGUES, "password_changed", name=lead.name)
    assert write_digests(EIGHT).queued == 0
    assert write_digests(EIGHT + timedelta(hours=1)).queued == 1
    assert write_digests(EIGHT + timedelta(hours=2)).queued == 0
    [message] = mails(lead.email)
    assert message.subject == "2 things happened" and message.topic == "daily"
    assert "Bay Friends:\n- Bay Friends has replied on GOV.1.1\n" in message.text
    assert "  %BASE%/assessments/7/criteria/GOV.1.1\n" in message.text
    assert db.session.scalars(select(Notice)).all() == []
    assert write_digests(EIGHT + timedelta(days=1, hours=2)).queued == 0, "nothing happened and nothing is due"


def test_many_are_looked_at_a_few_at_a_time_and_each_gets_theirs(app):
    people = [make.member(make.organisation()) for _ in range(5)]
    for person in people:
        say(person)
    rounds = [write_digests(EIGHT, 2) for _ in range(4)]
    assert [(each.looked_at, each.queued) for each in rounds] == [(2, 2), (2, 2), (1, 1), (0, 0)]
    assert all(len(mails(person.email)) == 1 for person in people)


def test_the_days_e_mail_waits_for_the_days_that_were_chosen(lead):
    choose(lead, days="3")
    say(lead)
    assert [write_digests(EIGHT + timedelta(days=days)).queued for days in range(4)] == [0, 0, 1, 0]


def test_the_days_e_mail_keeps_to_the_clock_of_the_united_kingdom_in_summer(lead):
    half_past_six_utc = datetime(2026, 6, 15, 6, 30, tzinfo=UTC)  # half past seven in London
    say(lead, now=half_past_six_utc)
    assert write_digests(half_past_six_utc - timedelta(hours=1)).queued == 0
    assert write_digests(half_past_six_utc).queued == 1


def test_what_comes_due_is_reminded_of_on_its_days_and_listed_with_the_rest(lead):
    organisation_id = next(iter(make.actor(lead).organisations))
    edition = make.edition()
    application = make.application(
        db.session.get(type(make.organisation()), organisation_id), edition, status=ApplicationStatus.IN_ASSESSMENT
    )
    assessor = make.officer(edition.scheme, Role.ASSESSOR)
    assessment = _assessment(application, assessor)
    due_on = EIGHT.date() + timedelta(days=10)
    make.save(
        Question(
            assessment_id=assessment.id,
            application_id=application.id,
            criterion_code="GOV.1.1",
            text="Please send the minutes.",
            asked_at=EIGHT,
            due_on=due_on,
        )
    )
    came = [write_digests(EIGHT + timedelta(days=days)).queued for days in range(13)]
    assert came == [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0], "7, 3, 1 and 0 days ahead, and the day after"
    texts = [message.text for message in mails(lead.email)]
    assert "Reply to 1 question from the assessor of Small Mark 2026" in texts[0]
    assert "by 26 Nov 2026, in 7 days" in texts[0]
    assert "Late: was due on 26 Nov 2026" in texts[-1]


def _assessment(application, assessor):
    from app.domain.lifecycle import AssessmentStatus
    from app.models import Assessment

    return make.save(
        Assessment(
            application_id=application.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.OPEN,
            assigned_at=EIGHT,
            assigned_by_id=assessor.id,
            declared_at=EIGHT,
        )
    )


def test_a_welsh_speaker_gets_welsh_with_welsh_dates(lead):
    choose(lead, language=Language.WELSH)
    say(lead, Topic.REQUESTS, "question_asked", **QUESTION)
    [message] = mails(lead.email)
    assert "9 Rhagfyr 2026" in message.text and "Annwyl" in message.text and message.language == "cy"
    [letter] = sent_to(lead)
    assert '<html lang="cy"' in letter.html


QUESTION = {
    "provider": "Bay Friends",
    "framework": "Small Mark 2026",
    "count": 2,
    "codes": ["GOV.1.1", "GOV.1.2"],
    "due_on": datetime(2026, 12, 9, tzinfo=UTC).date(),
    "application_id": 1,
}


def test_one_click_in_a_mail_program_ends_the_days_e_mail_without_signing_in(lead, client):
    say(lead)
    write_digests(EIGHT)
    [letter] = sent_to(lead)
    path = letter.turn_off.removeprefix(BASE)
    assert letter.turn_off in letter.text and path in letter.html
    asked = client.get(path)
    assert "Turn off the day’s e-mail" in asked.text
    assert db.session.get(MailSetting, lead.id).digest is True, "looking at the link turns nothing off"
    client.application.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "does not get the day’s e-mail any more" in answer.text
    db.session.expire_all()
    assert db.session.get(MailSetting, lead.id).digest is False
    say(lead, Topic.COLLEAGUES)
    assert write_digests(EIGHT + timedelta(days=1)).queued == 0
    assert "They come again" in send(client, f"{path}/undo", at=path).text
    db.session.expire_all()
    assert db.session.get(MailSetting, lead.id).digest is True
    rows = db.session.scalars(select(AuditRow.action).where(AuditRow.action.like("account.messages%")))
    assert list(rows) == ["account.messages-turned-off", "account.messages-turned-on"]


def test_a_link_ends_its_own_topic_alone_and_works_for_years(lead, client, clock):
    choose(lead, evidence=Way.AT_ONCE)
    say(lead, Topic.EVIDENCE)
    [letter] = sent_to(lead)
    clock.forward(days=9 * 365)
    client.post(letter.turn_off.removeprefix(BASE))
    [row] = db.session.scalars(select(MessagePreference))
    assert (row.topic, row.way) == (Topic.EVIDENCE, Way.NEVER)


def test_what_nobody_can_turn_off_has_no_link_that_would(lead, client, app):
    say(lead, Topic.SECURITY, "password_changed", name=lead.name)
    [letter] = sent_to(lead)
    assert letter.turn_off == "" and "/turn-off/" not in letter.text
    forged = Tokens(db_secret()).sign("turn-off", {"user": lead.id, "topic": "security"}, NOON, timedelta(days=1))
    assert client.get(f"/turn-off/{forged}").status_code == 404
    broken = client.post("/turn-off/nonsense")
    assert broken.status_code == 404 and "/account/messages" in broken.text and "Nothing was changed" in broken.text


def test_the_page_of_messages_keeps_what_was_chosen_and_says_what_is_wrong(lead, client_for):
    browser = client_for(lead)
    page = browser.get("/account/messages").text
    assert re.search(r'<option selected[^>]*value="daily">', page)
    data = {"language": "cy", "digest": "yes", "hour": "18", "days": ["1", "5"], **_fields(page)}
    assert send(browser, "/account/messages", {**data, "way_evidence": "never"}).status_code == 302
    setting = db.session.get(MailSetting, lead.id)
    assert (setting.language, setting.digest_hour, setting.digest_days) == (Language.WELSH, 18, "15")
    [row] = db.session.scalars(select(MessagePreference))
    assert (row.topic, row.way) == (Topic.EVIDENCE, Way.NEVER)
    wrong = send(browser, "/account/messages", {**data, "days": []})
    assert wrong.status_code == 422 and "Choose at least one day" in wrong.text


def _fields(page: str) -> dict[str, str]:
    """What stands in each list of the page's topics."""
    usual = {"requests": "at-once", "decisions": "at-once", "people": "at-once"}
    return {name: usual.get(name[4:], "daily") for name in set(re.findall(r'name="(way_[a-z]+)"', page))}


def test_an_address_that_is_refused_for_good_is_told_at_the_next_sign_in_until_mail_arrives(person, client):
    say(person, Topic.SECURITY, "password_changed", name=person.name)
    refusing = MemoryMail(failing=NotSent("550 no such mailbox", bounced=True))
    send_due_mail(Post(refusing, BASE, Tokens(db_secret())), NOON)
    [message] = mails(person.email)
    assert message.failed_at == NOON and "550" in message.last_error
    sign_in(client, person.email)
    assert f"Mail to {person.email} comes back" in client.get("/account").text
    assert "550 no such mailbox" in client.get("/account/messages").text
    say(person, Topic.SECURITY, "password_changed", name=person.name)
    assert len(sent_to(person)) == 1
    assert "550" not in client.get("/account/messages").text


def test_a_refusal_that_is_not_the_addresss_fault_marks_nobody(person):
    say(person, Topic.SECURITY, "password_changed", name=person.name)
    spam = MemoryMail(failing=NotSent("554 looks like spam", permanent=True))
    send_due_mail(Post(spam, BASE, Tokens(db_secret())), NOON)
    assert mails(person.email)[0].failed_at == NOON
    assert db.session.get(MailSetting, person.id) is None


def test_an_invitation_to_ones_own_address_waits_at_home_and_is_taken_up_there(person, client_for):
    from app.services.invitations import invite_to_organisation

    organisation = make.organisation(name="Bay Friends")
    host = make.member(organisation)
    offer = invite_to_organisation(organisation.id, person.email, Role.CONTRIBUTOR, actor=make.actor(host), now=NOON)
    browser, stranger = client_for(person), client_for(make.user())
    assert "Say whether you want to work with Bay Friends" in browser.get("/home").text
    accept = f"/account/invitations/{offer}/accept"
    assert "Bay Friends" not in stranger.get("/account/invitations").text
    stranger.application.config["WTF_CSRF_ENABLED"] = False
    assert stranger.post(accept).status_code == 404
    assert browser.post(accept).location == "/home"
    assert make.actor(person).organisations == {organisation.id: Role.CONTRIBUTOR}
    assert browser.get("/home").location == f"/organisations/{organisation.id}", "one place of work: its home is theirs"


def test_a_place_in_a_consortium_is_taken_up_at_home_with_an_organisation_and_not_without_one(person, client_for):
    from app.models import ConsortiumMember, Membership
    from app.services.consortia import invite_member

    own, valley = make.organisation(name="Own Work"), make.organisation(name="Valley Together")
    make.save(Membership(user_id=person.id, organisation_id=own.id, role=Role.LEAD, created_at=NOON))
    host = make.member(valley)
    offer = invite_member(valley.id, person.email, actor=make.actor(host), now=NOON)
    browser, stranger = client_for(person), client_for(host)
    page = browser.get("/account/invitations").text
    assert "Join Valley Together" in page and ">Own Work</option>" in page
    browser.application.config["WTF_CSRF_ENABLED"] = False
    accept = f"/account/invitations/{offer}/accept"
    assert browser.post(accept).location == "/account/invitations", "it has to be said with which organisation"
    assert stranger.post(accept, data={"member": str(valley.id)}).status_code == 404
    assert browser.post(accept, data={"member": str(valley.id)}).status_code == 403, "one cannot join with another's"
    assert db.session.scalars(select(ConsortiumMember)).all() == []
    assert browser.post(accept, data={"member": str(own.id)}).location == "/home"
    [joined] = db.session.scalars(select(ConsortiumMember))
    assert (joined.consortium_id, joined.member_id) == (valley.id, own.id)


def test_an_adviser_reads_what_they_could_do_before_they_accept(person, client_for):
    from app.domain.access import Right
    from app.services.advising import Help, invite_adviser

    bay = make.organisation(name="Bay Friends")
    host = make.member(bay)
    help_ = Help(rights=frozenset({Right.SEE, Right.PLAN}), works_for="", ends_on=NOON.date() + timedelta(days=30))
    invite_adviser(bay.id, person.email, help_, actor=make.actor(host), now=NOON, today=NOON.date())
    browser = client_for(person)
    page = browser.get("/account/invitations").text
    assert "Help Bay Friends from outside" in page and "work on its improvement plan" in page
    assert "open its evidence library" not in page and "The last day is" in page
    browser.application.config["WTF_CSRF_ENABLED"] = False
    [offer] = re.findall(r"/account/invitations/(\d+)/accept", page)
    browser.post(f"/account/invitations/{offer}/accept")
    account = browser.get("/account").text
    assert "Organisations you help from outside" in account and "You do not work with" not in account


def test_mail_text_is_never_made_twice_by_two_workers(lead):
    """The second finds the day's e-mail made, however late it looked."""
    from app.services import digests

    say(lead)
    [one] = digests._due(0, 50, EIGHT)
    assert digests.write_digest(one, EIGHT) is True
    assert digests.write_digest(one, EIGHT) is False
    assert len(db.session.scalars(select(MailMessage)).all()) == 1


@pytest.mark.parametrize("ends", ["by-hand", "by-date", "left"])
def test_the_days_e_mail_tells_nothing_of_an_organisation_that_somebody_has_left_or_no_longer_helps(app, person, ends):
    bay = make.organisation(name="Bay Friends", services=[])
    ends_on = NOON.date() + timedelta(days=90)
    if ends == "left":
        make.member(bay)
        make.save(Membership(user_id=person.id, organisation_id=bay.id, role=Role.CONTRIBUTOR, created_at=NOON))
    else:
        rights = ["see", "profile", "answer"]
        make.save(
            AdviserGrant(organisation_id=bay.id, user_id=person.id, rights=rights, granted_at=NOON, ends_on=ends_on)
        )
    words = {
        "who": "Ana",
        "words": "Our treasurer is ill.",
        "heading": "GOV.1.1",
        "application_id": 1,
        "code": "GOV.1.1",
    }
    say(person, Topic.COLLEAGUES, "comment_added", provider="Bay Friends", **words)
    say(person, Topic.CASES, "question_replied", provider="Other House", criterion="GOV.1.1", assessment_id=7)
    when = EIGHT
    if ends == "left":
        leave_organisation(bay.id, actor=make.actor(person), now=NOON)
    elif ends == "by-hand":
        stop_advising(bay.id, actor=make.actor(person), now=NOON)
    else:
        when = datetime.combine(ends_on + timedelta(days=1), EIGHT.time(), UTC)
    assert write_digests(when).queued >= 1
    [letter] = [each for each in sent_to(person) if "Other House" in each.text]
    assert "treasurer" not in letter.text and "Bay Friends" not in letter.text
    assert db.session.scalars(select(Notice).where(Notice.user_id == person.id)).all() == []
