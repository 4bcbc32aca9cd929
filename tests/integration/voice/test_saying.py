"""People say what they think by a link: once, without a name, in English or Welsh; and what stuffing the box comes to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.voice import BURST
from app.extensions import db
from app.models import (
    AuditRow,
    ConsortiumMember,
    MailMessage,
    Membership,
    SignInAttempt,
    Standing,
    VoiceAnswer,
    VoiceConcern,
    VoiceConcernScheme,
    VoiceInvite,
)
from app.services import voice_rounds
from app.web.account.tools import tokens
from tests import factories as make
from tests.conftest import NOON
from tests.integration import voices

KIND = {"respect": "always", "safe": "usually", "say-good": "The staff are kind and the lunches are good."}


@pytest.fixture
def provider(app):
    return make.organisation(name="Harbour Visitors", services=["befriending"])


@pytest.fixture
def lead(provider):
    return make.member(provider, Role.LEAD)


@pytest.fixture
def opened(provider, lead):
    return voices.a_round(provider, lead)


def page_of(client, opened, **query):
    return client.get(f"/say/{opened.link}", query_string=query)


def once_of(page) -> str:
    return re.search(r'name="once" value="([^"]+)"', page.text)[1]


def send(client, opened, ip="192.0.2.1", **fields):
    """Fill in a fresh page and send it."""
    once = once_of(page_of(client, opened))
    return client.post(
        f"/say/{opened.link}", data={"language": "en", "once": once, **fields}, environ_base={"REMOTE_ADDR": ip}
    )


def answers() -> list[VoiceAnswer]:
    return list(db.session.scalars(select(VoiceAnswer).order_by(VoiceAnswer.id)))


def test_an_answer_is_kept_without_saying_who_gave_it_or_when(client, opened):
    page = page_of(client, opened)
    assert "What do you think of Harbour Visitors?" in page.text
    done = send(client, opened, **KIND, who="carer")
    assert done.status_code == 303
    assert "What you said is counted" in client.get(done.location).text
    [kept] = answers()
    assert kept.choices == {"respect": "always", "safe": "usually"}
    assert kept.themes == ["good people", "good food"]
    assert (kept.who, kept.personal, kept.standing) == ("carer", False, Standing.COUNTED)
    assert str(kept.month) == "2026-11-01"
    assert "192.0.2.1" not in " ".join(map(str, vars(kept).values()))
    assert db.session.scalars(select(AuditRow)).all() == []


def test_the_form_speaks_welsh_and_keeps_what_was_typed_when_the_language_changes(client, opened):
    once = once_of(page_of(client, opened))
    typed = {"language": "en", "switch": "cy", "once": once, "respect": "never", "say-good": "Mae'r bwyd yn dda"}
    welsh = client.post(f"/say/{opened.link}", data=typed)
    assert '<html lang="cy"' in welsh.text and "Rwy&#39;n teimlo&#39;n ddiogel yma" in welsh.text
    assert "Mae&#39;r bwyd yn dda</textarea>" in welsh.text
    assert re.search(r'name="respect" type="radio" value="never" checked', welsh.text)
    assert answers() == []
    empty = client.post(f"/say/{opened.link}", data={"language": "cy", "once": once})
    assert empty.status_code == 422 and "Gwall: " in empty.text
    done = client.post(f"/say/{opened.link}", data={**typed, "switch": "", "language": "cy"})
    assert "Diolch" in client.get(done.location).text
    assert answers()[0].themes == ["good food"]


def test_words_that_are_too_many_come_back_with_their_error(client, opened):
    again = send(client, opened, **{"say-better": "x" * 2001, "respect": "always"})
    assert again.status_code == 422
    assert "Keep this under 2,000 characters. It has 2,001." in again.text
    assert "x" * 2001 in again.text and answers() == []


def test_the_same_page_sent_twice_counts_once(client, opened):
    once = once_of(page_of(client, opened))
    sent = [client.post(f"/say/{opened.link}", data={"once": once, **KIND}) for _ in range(2)]
    assert [each.status_code for each in sent] == [303, 303]
    assert len(answers()) == 1


def test_each_way_in_which_a_link_leads_nowhere_has_its_own_page(client, opened, provider, lead):
    early = voices.a_round(provider, lead, opens_on=NOON.date() + timedelta(days=3))
    over = voices.a_round(provider, lead, closed_at=NOON)
    assert (client.get("/say/nothinghere").status_code, client.get("/say/nothinghere/thanks").status_code) == (404, 404)
    assert "We do not know this link" in client.get("/say/nothinghere").text
    assert "You can say what you think from 19 Nov 2026." in client.get(f"/say/{early.link}").text
    closed = client.get(f"/say/{over.link}")
    assert closed.status_code == 410 and "This has ended" in closed.text and "call 999" in closed.text
    welsh = client.get(re.search(r'href="([^"]+language=cy)"', closed.text)[1])
    assert welsh.status_code == 410 and "Mae hyn wedi dod i ben" in welsh.text
    late = client.post(f"/say/{over.link}", data=KIND)
    assert late.status_code == 410 and answers() == []


def test_nobody_of_the_organisation_answers_in_a_browser_where_they_are_signed_in(client_for, opened, lead):
    browser = client_for(lead)
    assert "This is for the people you support" in browser.get(f"/say/{opened.link}").text
    refused = browser.post(f"/say/{opened.link}", data=KIND)
    assert refused.status_code == 403 and answers() == []


def test_many_answers_from_one_network_in_an_hour_wait_for_the_scheme(app, opened, clock):
    for _ in range(BURST):
        assert send(app.test_client(), opened, **KIND).status_code == 303
    assert {each.standing for each in answers()} == {Standing.COUNTED}
    send(app.test_client(), opened, **KIND)
    assert [each.standing for each in answers()] == [Standing.HELD] * (BURST + 1)
    send(app.test_client(), opened, ip="198.51.100.7", **KIND)
    clock.forward(hours=1)
    send(app.test_client(), opened, **KIND)
    assert [each.standing for each in answers()][BURST + 1 :] == [Standing.COUNTED] * 2


def test_a_device_is_slowed_down_and_its_words_are_given_back(client, opened):
    statuses = [send(client, opened, ip=f"192.0.2.{number}", **KIND).status_code for number in range(16)]
    assert statuses == [303] * 15 + [429]
    last = send(client, opened, ip="192.0.2.99", **KIND)
    assert "Your words are still here" in last.text and KIND["say-good"] in last.text
    assert len(answers()) == 15


# Personal links


def invited(opened, lead, typed: str) -> list[str]:
    """Invite and return the paths that were mailed."""
    actor = make.actor(lead)
    voice_rounds.invite(opened.id, typed, tokens=tokens(), actor=actor, now=NOON, today=NOON.date())
    texts = db.session.scalars(select(MailMessage.text).order_by(MailMessage.id)).all()
    return [re.search(r"%BASE%(/say/\w+)\n", text)[1] for text in texts]


def test_a_personal_link_works_once_and_its_address_is_forgotten_with_it(client, opened, lead):
    [path] = invited(opened, lead, "Ada <Ada@Example.org>")
    once = once_of(client.get(path))
    first = client.post(path, data={"once": once, **KIND})
    again = client.post(path, data={"once": once, **KIND})
    assert (first.status_code, again.status_code) == (303, 303)
    other = client.post(path, data={"once": "another", **KIND})
    assert other.status_code == 410 and "This link was used already" in other.text
    assert "This link was used already" in client.get(path).text
    db.session.expire_all()
    [kept] = answers()
    invite = db.session.scalars(select(VoiceInvite)).one()
    assert kept.personal and invite.used and invite.email == ""


def test_a_personal_link_is_kept_only_as_long_as_the_address(client, opened, lead):
    [path] = invited(opened, lead, "ada@example.org")
    client.post(path, data={"once": "1", **KIND})
    invite = db.session.scalars(select(VoiceInvite)).one()
    assert path.removeprefix("/say/") not in map(str, vars(invite).values())
    assert client.get(f"/say/{invite.key}").status_code == 404


# Harm


@pytest.fixture
def scheme(app, provider):
    """A scheme to which the provider has applied."""
    scheme = make.scheme(title="Harbour Mark")
    make.application(provider, make.edition(scheme), submitted_at=NOON, status="submitted")
    return scheme


HARM = {"harmed": "yes", "concern": "A driver hits my brother.", "contact": "07700 900123"}


def test_a_concern_reaches_the_managers_at_once_without_details_in_the_message(client, opened, lead, scheme):
    manager, tied = make.officer(scheme, Role.MANAGER), make.officer(scheme, Role.MANAGER)
    make.save(
        make.Membership(user_id=tied.id, organisation_id=opened.organisation_id, role=Role.CONTRIBUTOR, created_at=NOON)
    )
    other = make.officer(make.scheme(), Role.MANAGER)
    done = send(client, opened, **KIND, **HARM)
    assert "has gone to the people who run the quality scheme" in client.get(done.location).text
    messages = db.session.scalars(select(MailMessage)).all()
    assert [each.recipient for each in messages] == [manager.email]
    assert other.email not in {each.recipient for each in messages}
    for hidden in ("driver", "07700", opened.organisation.name):
        assert hidden not in messages[0].text + messages[0].subject
    concern = db.session.scalars(select(VoiceConcern)).one()
    assert (concern.text, concern.contact) == (HARM["concern"], HARM["contact"])
    assert "driver" not in str([vars(each) for each in answers()])
    audit = db.session.scalars(select(AuditRow)).one()
    assert (audit.action, audit.organisation_id, audit.detail) == ("concern.received", None, {})


def test_a_concern_is_kept_when_the_answers_cannot_be(client, opened, scheme, lead):
    make.officer(scheme, Role.MANAGER)
    for number in range(16):
        send(client, opened, ip=f"192.0.2.{number}", **KIND)
    told = send(client, opened, ip="192.0.2.50", **KIND, **HARM)
    assert told.status_code == 303 and "done=told-only" in told.location
    alone = send(client, opened, ip="198.51.100.1", harmed="yes")
    assert alone.status_code == 303
    voice_rounds.close_round(opened.id, actor=make.actor(lead), now=NOON, today=NOON.date())
    late = client.post(f"/say/{opened.link}", data={"once": "late", **KIND, **HARM})
    assert late.status_code == 303
    assert len(answers()) == 15 and len(db.session.scalars(select(VoiceConcern)).all()) == 3


def test_a_concern_that_is_added_after_going_back_is_kept_too_and_nothing_ties_it_to_the_answers(
    client, opened, scheme
):
    once = once_of(page_of(client, opened))
    for harm in ({}, HARM, HARM, {**HARM, "concern": "He hits my sister too."}):
        done = client.post(f"/say/{opened.link}", data={"language": "en", "once": once, **KIND, **harm})
        assert done.status_code == 303
    [answer] = answers()
    concerns = list(db.session.scalars(select(VoiceConcern).order_by(VoiceConcern.id)))
    assert [each.text for each in concerns] == [HARM["concern"], "He hits my sister too."]
    assert answer.once not in {each.once for each in concerns}


def test_a_concern_about_an_organisation_that_holds_nothing_goes_to_every_scheme(client, opened):
    managers = [make.officer(make.scheme(), Role.MANAGER) for _ in range(2)]
    send(client, opened, harmed="yes", concern="He shouts at us.")
    assert len(db.session.scalars(select(VoiceConcernScheme)).all()) == 2
    told = {each.recipient for each in db.session.scalars(select(MailMessage))}
    assert told == {manager.email for manager in managers}


def test_a_concern_goes_elsewhere_where_every_manager_has_an_interest(client, opened, scheme):
    tied, free = make.officer(scheme, Role.MANAGER), make.officer(make.scheme(), Role.MANAGER)
    interest = {"nature": "Sister of the chair.", "declared_at": NOON}
    make.save(make_interest(tied, opened, **interest))
    send(client, opened, harmed="yes")
    assert [each.recipient for each in db.session.scalars(select(MailMessage))] == [free.email]


def test_a_concern_goes_elsewhere_where_the_only_manager_works_for_a_member_of_the_consortium(client, opened, scheme):
    torn, free = make.officer(scheme, Role.MANAGER), make.officer(make.scheme(), Role.MANAGER)
    member = make.organisation()
    make.save(Membership(user_id=torn.id, organisation_id=member.id, role=Role.CONTRIBUTOR, created_at=NOON))
    joined = {"joined_at": NOON, "joined_by_id": torn.id}
    make.save(ConsortiumMember(consortium_id=opened.organisation_id, member_id=member.id, **joined))
    send(client, opened, harmed="yes")
    assert [each.recipient for each in db.session.scalars(select(MailMessage))] == [free.email]


def make_interest(user, opened, **values):
    from app.models import Interest

    return Interest(user_id=user.id, organisation_id=opened.organisation_id, **values)


def test_turns_are_counted_under_hashes(client, opened):
    send(client, opened, **KIND)
    keys = db.session.scalars(select(SignInAttempt.key)).all()
    assert len(keys) == 3 and all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
