"""What a provider sees of what people said, that it can do nothing to it, and how it becomes evidence."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.access import Role
from app.domain.to_do import Kind
from app.domain.voice_report import Collected, figures, method
from app.extensions import db
from app.models import (
    AttachedEvidence,
    EvidenceItem,
    EvidenceVersion,
    MailMessage,
    Standing,
    VoiceAnswer,
    VoiceConcern,
    VoiceInvite,
    VoiceRound,
    VoiceSnapshot,
)
from app.queries.to_do import things_to_do
from app.queries.voice_data import results_of
from app.services.voice_daily import look_after_feedback
from tests import factories as make
from tests.conftest import NOON
from tests.integration import voices

SECRET = "My brother has bruises."


@pytest.fixture
def provider(app):
    return make.organisation(name="Harbour Visitors", services=["befriending"])


@pytest.fixture
def lead(provider):
    return make.member(provider, Role.LEAD)


@pytest.fixture
def opened(provider, lead):
    return voices.a_round(provider, lead)


@pytest.fixture
def browser(client_for, lead):
    return client_for(lead)


def address(found, rest="") -> str:
    return f"/organisations/{found.organisation_id}/feedback/{found.id}{rest}"


def test_a_provider_opens_a_round_that_asks_what_its_framework_asks_and_nothing_of_its_own(browser, provider):
    asking = make.SMALL_FRAMEWORK.replace(
        "evidence: [{kind: document, code: minutes, title: Minutes of the last four meetings}]",
        "evidence: [{kind: user-feedback, code: said, title: What people say}]",
    )
    edition = make.edition(make.scheme(), source=asking)
    base = f"/organisations/{provider.id}/feedback"
    wrong = browser.post(f"{base}/new", data={"service": "all", "edition_id": "none", "title": " "})
    assert wrong.status_code == 422 and "Say until when people can answer." in wrong.text
    sent = {"title": "Spring", "service": "befriending", "edition_id": edition.id, "questions": "Are we wonderful?"}
    day = {"closes_on-day": "20", "closes_on-month": "12", "closes_on-year": "2026"}
    done = browser.post(f"{base}/new", data={**sent, **day})
    assert done.status_code == 302
    found = db.session.scalars(select(VoiceRound)).one()
    codes = [each["code"] for each in found.questions["statements"]]
    assert codes[:2] == ["respect", "listened"] and codes[-1] == "ask-GOV.1.1"
    form = browser.application.test_client().get(f"/say/{found.link}").text
    assert "Trustees meet at least four times a year" in form and "wonderful" not in form


def test_while_a_round_is_open_the_last_five_answers_wait_and_others_are_shown_five_at_a_time(browser, opened):
    for number in range(9):
        voices.an_answer(opened, comments={"good": f"Comment {number}"})
    few = browser.get(address(opened)).text
    assert "9 people have answered so far" in few and "Comment" not in few and "Always" not in few
    voices.an_answer(opened, comments={"good": "The tenth person"})
    ten = browser.get(address(opened)).text
    assert all(f"Comment {number}" in ten for number in range(5)) and "Comment 5" not in ten
    assert "The tenth person" not in ten and "5 of them wait for others" in ten
    browser.post(address(opened, "/close"), data={})
    assert "The tenth person" in browser.get(address(opened)).text
    assert "Nov 2026" not in ten.split("What people said")[1].split("As evidence")[0]


def test_the_order_of_comments_tells_neither_time_nor_writer_and_stays(app, opened):
    for number in range(15):
        voices.an_answer(opened, comments={"good": f"Good {number:02}", "better": f"Better {number:02}"})
    first, again = (results_of(db.session(), opened).comments for _ in range(2))
    good = [each.text[-2:] for each in first if each.question == "good"]
    better = [each.text[-2:] for each in first if each.question == "better"]
    assert first == again and sorted(good) == sorted(better)
    assert good != sorted(good) and good != better


def test_parts_in_which_fewer_than_five_answered_are_not_told_apart(browser, opened):
    for number in range(10):
        voices.an_answer(opened, personal=number < 3, who="carer" if number < 4 else "self")
    for _ in range(5):
        voices.an_answer(opened, personal=True, who="carer")
    text = browser.get(address(opened)).text
    assert "“Always” or “usually”, by link" not in text and "Carers and relatives" not in text
    for _ in range(5):
        voices.an_answer(opened, personal=True, who="carer")
    text = browser.get(address(opened)).text
    assert (
        "8 by a personal link, 7 by the open link" in text
        and "“Always” or “usually”, by link" in text
        and "Carers and relatives: 9" in text
    )


def test_answers_that_wait_for_the_scheme_do_not_count_until_it_has_looked(browser, client_for, provider, opened):
    scheme = make.scheme()
    make.application(provider, make.edition(scheme), submitted_at=NOON, status="submitted")
    for _ in range(7):
        voices.an_answer(opened, standing=Standing.HELD)
    assert "7 more answers came from one network" in browser.get(address(opened)).text
    manager = client_for(make.officer(scheme, Role.MANAGER))
    assert opened.title in manager.get(f"/schemes/{scheme.code}/concerns").text
    held = f"/schemes/{scheme.code}/feedback/{opened.id}"
    assert manager.post(held, data={"verdict": "count"}).status_code == 422
    elsewhere = make.scheme()
    other = client_for(make.officer(elsewhere, Role.MANAGER))
    assert opened.title not in other.get(f"/schemes/{elsewhere.code}/concerns").text
    assert other.post(f"/schemes/{elsewhere.code}/feedback/{opened.id}", data={"verdict": "count"}).status_code == 404
    assert other.post(held, data={"verdict": "count", "reason": "So I say."}).status_code == 404
    done = manager.post(held, data={"verdict": "count", "reason": "The lunch club answered together."})
    assert done.status_code == 302
    assert "7 answers" in browser.get(address(opened)).text
    assert {each.standing for each in db.session.scalars(select(VoiceAnswer))} == {Standing.COUNTED}


def test_answers_about_a_provider_that_no_scheme_knows_wait_for_any_of_them(client_for, opened):
    voices.an_answer(opened, standing=Standing.HELD)
    scheme = make.scheme()
    manager = client_for(make.officer(scheme, Role.MANAGER))
    assert opened.title in manager.get(f"/schemes/{scheme.code}/concerns").text
    done = manager.post(
        f"/schemes/{scheme.code}/feedback/{opened.id}", data={"verdict": "leave", "reason": "The lead sent them."}
    )
    assert done.status_code == 302
    assert db.session.scalars(select(VoiceAnswer)).one().standing is Standing.LEFT_OUT


def test_results_take_as_many_statements_however_many_answered(browser, opened, count_statements):
    for _ in range(5):
        voices.an_answer(opened)
    browser.get(address(opened))
    with count_statements() as few:
        browser.get(address(opened))
    for _ in range(60):
        voices.an_answer(opened)
    with count_statements() as many:
        browser.get(address(opened))
    assert len(few) == len(many)


def test_comments_are_read_theme_by_theme_and_page_by_page(browser, opened):
    for number in range(105):
        voices.an_answer(opened, comments={"good": f"Kind staff {number}"}, themes=["good people"])
    for _ in range(5):
        voices.an_answer(opened, comments={"good": "Lovely lunches"}, themes=["good food"])
    for _ in range(5):
        voices.an_answer(opened, comments={"good": "These wait"})
    first, second = (browser.get(address(opened), query_string={"page": page}).text for page in (1, 2))
    assert len(re.findall("Kind staff|Lovely lunches", first)) == 100
    assert len(re.findall("Kind staff|Lovely lunches", second)) == 10
    food = browser.get(address(opened), query_string={"theme": "food"}).text
    assert food.count("Lovely lunches") == 5 and "Kind staff" not in food and "Show all comments" in food
    assert browser.get(address(opened), query_string={"theme": "nothing", "page": "99"}).status_code == 200


# Evidence


def test_what_people_said_becomes_evidence_that_nobody_can_change(browser, opened, provider, lead):
    for _ in range(10):
        voices.an_answer(opened)
    assert browser.post(address(opened, "/evidence")).status_code == 302
    item = db.session.scalars(select(EvidenceItem)).one()
    assert (item.kind, item.collected) == ("user-feedback", True)
    page = f"/organisations/{provider.id}/evidence/{item.id}"
    text = db.session.scalars(select(EvidenceVersion.text)).one()
    assert (
        "I feel safe here: always 5, usually 0, sometimes 0, rarely 0, never 0 (100% always or usually)" in text
        and "The people who help: 5 people" in text
    )
    changed = {"kind": "user-feedback", "title": "Better", "text": "Everybody loves us.", "how": "I asked."}
    for verb in ("versions", "archive"):
        assert browser.post(f"{page}/{verb}", data=changed).status_code == 409
    assert browser.get(page).status_code == 200
    again = browser.post(address(opened, "/evidence"), follow_redirects=True)
    assert "Nothing is new" in again.text
    for _ in range(5):
        voices.an_answer(opened, choices={"safe": "never"})
    browser.post(address(opened, "/close"), data={})
    browser.post(address(opened, "/evidence"))
    versions = db.session.scalars(select(EvidenceVersion).order_by(EvidenceVersion.number)).all()
    assert [each.number for each in versions] == [1, 2] and "never 5" in versions[1].text
    snapshots = db.session.scalars(select(VoiceSnapshot).order_by(VoiceSnapshot.id)).all()
    assert snapshots[1].figures["statements"]["safe"]["never"] == 5 and snapshots[1].final


def test_the_evidence_stands_behind_a_criterion_like_any_other(browser, opened, provider, lead):
    for _ in range(10):
        voices.an_answer(opened)
    browser.post(address(opened, "/evidence"))
    item = db.session.scalars(select(EvidenceItem)).one()
    application = make.application(provider, make.edition(make.scheme()), started_by=lead)
    here = f"/applications/{application.id}/criteria/GOV.1.1"
    assert "What people said: What people think" in browser.get(here).text
    browser.post(f"{here}/attach", data={"item": item.id, "item_id": item.id})
    attached = db.session.scalars(select(AttachedEvidence)).all()
    assert [each.item_id for each in attached] == [item.id]


def test_closing_is_final_forgets_addresses_and_makes_the_last_evidence(browser, opened):
    for _ in range(6):
        voices.an_answer(opened)
    browser.post(address(opened, "/invite"), data={"addresses": "ada@example.org"})
    assert browser.post(address(opened, "/close"), data={}).status_code == 302
    db.session.expire_all()
    assert opened.closed_at == NOON
    snapshot = db.session.scalars(select(VoiceSnapshot)).one()
    assert snapshot.final and snapshot.figures["answers"] == 6
    invite = db.session.scalars(select(VoiceInvite)).one()
    assert (invite.email, invite.address_key) == ("", None)
    late = browser.post(address(opened, "/invite"), data={"addresses": "bob@example.org"})
    assert late.status_code == 409


def test_a_provider_that_shows_one_round_of_several_is_seen_to_do_so(browser, opened, provider, lead):
    later = voices.a_round(provider, lead, title="Better this time")
    for _ in range(10):
        voices.an_answer(later)
    browser.post(address(later, "/evidence"))
    text = db.session.scalars(select(EvidenceVersion.text)).one()
    assert "It is one of 2 rounds that the provider opened within a year." in text


def test_the_evidence_says_how_it_was_collected_and_what_does_not_count(app, opened):
    for number in range(11):
        voices.an_answer(opened, personal=number == 0)
    collected = Collected("T", "all", opened.opens_on, opened.closes_on, False, invited=3, held=8, left_out=1)
    found = results_of(db.session(), opened)
    told = method(collected, found)
    assert "5 people answered: 1 of 3 invited by a personal link, 4 by the open link or poster." in told
    assert "8 more answers came from one network" in told and "The scheme left 1 more answer out." in told
    assert figures(collected, found)["answers"] == 5


# Invitations, and the calendar


def test_wrong_lines_are_named_and_nobody_is_written_to_before_all_are_right(browser, opened):
    typed = "ada@example.org\nnot an address\nBob Ray <bob@example.org>; carol@example.org\n"
    wrong = browser.post(address(opened, "/invite"), data={"addresses": typed})
    assert wrong.status_code == 422 and "Line 2: “not an address” is not an e-mail address." in wrong.text
    assert "Bob Ray &lt;bob@example.org&gt;" in wrong.text
    assert db.session.scalars(select(MailMessage)).all() == []
    right = typed.replace("not an address\n", "ADA@example.org\n")
    browser.post(address(opened, "/invite"), data={"addresses": right})
    browser.post(address(opened, "/invite"), data={"addresses": right})
    sent = sorted(each.recipient for each in db.session.scalars(select(MailMessage)))
    assert sent == ["ada@example.org", "bob@example.org", "carol@example.org"]
    page = browser.get(address(opened)).text
    assert "0 of 3 used" in page and "example.org/" not in page and "ada@" not in page


def count_as_sent() -> None:
    for each in db.session.scalars(select(MailMessage)):
        each.sent_at = NOON
    db.session.commit()


def test_each_is_reminded_once_and_then_forgotten_and_rounds_end_by_themselves(browser, opened, client, clock):
    browser.post(address(opened, "/invite"), data={"addresses": "ada@example.org\nbob@example.org"})
    first = db.session.scalars(select(MailMessage).order_by(MailMessage.id)).first()
    path = re.search(r"%BASE%(/say/\w+)\n", first.text)[1]
    client.post(path, data={"respect": "always", "once": "1"})
    look_after_feedback(NOON + timedelta(days=8))
    assert len(db.session.scalars(select(MailMessage)).all()) == 2  # nothing was sent yet
    count_as_sent()
    for days in (6, 8, 8, 9):
        look_after_feedback(NOON + timedelta(days=days))
    db.session.expire_all()
    [letter] = db.session.scalars(select(MailMessage)).all()
    assert letter.recipient == "bob@example.org" and letter.subject.startswith("A reminder")
    reminded = re.search(r"%BASE%(/say/\w+)\n", letter.text)[1]
    assert client.get(reminded).status_code == 200
    assert {each.email for each in db.session.scalars(select(VoiceInvite))} == {""}
    [answer] = db.session.scalars(select(VoiceAnswer)).all()
    assert (answer.network, answer.received_on) == (None, None)
    count_as_sent()
    look_after_feedback(NOON + timedelta(days=29))
    assert db.session.scalars(select(MailMessage)).all() == []
    assert db.session.get(VoiceRound, opened.id).closed_at is not None


def test_the_poster_has_the_address_in_words_and_in_its_code(browser, opened):
    for language, words in (("en", "What do you think of"), ("cy", "Beth yw eich barn am")):
        answer = browser.get(address(opened, f"/poster-{language}.pdf"))
        text = " ".join(PdfReader(BytesIO(answer.data)).pages[0].extract_text().split())
        assert words in text and f"/say/{opened.link}" in text and "14 " in text


# Harm


def test_no_page_of_the_provider_ever_tells_of_a_concern(app, client_for, provider, opened, lead, count_statements):
    """Every page that the provider's people can open, word for word the same with a concern as without."""
    scheme = make.scheme()
    make.application(provider, make.edition(scheme), submitted_at=NOON, status="submitted", started_by=lead)
    for _ in range(5):
        voices.an_answer(opened)
    browser = client_for(lead)
    pages = [
        "/provider", "/account", f"/organisations/{provider.id}", f"/organisations/{provider.id}/profile",
        f"/organisations/{provider.id}/evidence", f"/organisations/{provider.id}/feedback",
        f"/organisations/{provider.id}/people", address(opened), address(opened, "/invite"), address(opened, "/close"),
    ]  # fmt: skip

    def seen() -> list[str]:
        return [re.sub(r'value="[^"]{40,}"', "", browser.get(page, follow_redirects=True).text) for page in pages]

    before = seen()
    concern = voices.a_concern(provider, scheme, text=SECRET)
    assert seen() == before
    for page in (f"/schemes/{scheme.code}/concerns", f"/schemes/{scheme.code}/concerns/{concern.id}"):
        assert browser.get(page).status_code == 403


def test_managers_pass_a_concern_on_and_write_down_what_they_did(client_for, provider):
    scheme = make.scheme()
    concern = voices.a_concern(provider, scheme, text=SECRET)
    manager = client_for(make.officer(scheme, Role.MANAGER, name="Mia Reed"))
    listed = manager.get(f"/schemes/{scheme.code}/concerns").text
    assert "Not read yet" in listed and SECRET not in listed
    here = f"/schemes/{scheme.code}/concerns/{concern.id}"
    assert SECRET in manager.get(here).text
    assert manager.post(here, data={"kind": "read", "version": 1}).status_code == 302
    nobody = manager.post(here, data={"kind": "passed-on", "version": 2, "words": "Rang them."})
    assert nobody.status_code == 422 and "Say to whom you passed it on" in nobody.text and "Rang them." in nobody.text
    stale = manager.post(here, data={"kind": "note", "version": 1, "words": "Also rang."})
    assert stale.status_code == 409 and "Another manager has written" in stale.text and "Also rang." in stale.text
    manager.post(here, data={"kind": "passed-on", "version": 2, "to_whom": "Council team", "words": "Rang them."})
    manager.post(here, data={"kind": "closed", "version": 3, "words": "The council took it over."})
    done = manager.get(here).text
    assert "Passed on to Council team" in done and "Mia Reed" in done
    db.session.expire_all()
    assert db.session.scalars(select(VoiceConcern)).one().closed_at is not None
    trail = manager.get(f"/schemes/{scheme.code}/audit").text
    assert "Safeguarding concern passed on" in trail and SECRET not in trail and provider.name not in trail


@pytest.mark.parametrize("tie", ["member", "interest", "auditor"])
def test_managers_with_an_interest_learn_nothing_not_even_that_there_is_a_concern(client_for, provider, tie):
    scheme = make.scheme()
    concern = voices.a_concern(provider, scheme, text=SECRET)
    person = make.officer(scheme, Role.AUDITOR if tie == "auditor" else Role.MANAGER)
    if tie == "member":
        make.save(make.Membership(user_id=person.id, organisation_id=provider.id, role=Role.LEAD, created_at=NOON))
    if tie == "interest":
        from app.models import Interest

        values = {"nature": "Sister of the chair.", "declared_at": NOON}
        make.save(Interest(user_id=person.id, organisation_id=provider.id, **values))
    browser = client_for(person)
    listed, one = (browser.get(f"/schemes/{scheme.code}/concerns{rest}") for rest in ("", f"/{concern.id}"))
    if tie == "auditor":
        assert (listed.status_code, one.status_code) == (403, 403)
    else:
        assert "Nobody has told you of harm." in listed.text and one.status_code == 404


# What is to be done


def test_what_is_to_be_done_is_told_to_each_and_no_organisation_to_managers(app, provider, lead, opened):
    scheme = make.scheme(title="Harbour Mark")
    make.application(provider, make.edition(scheme), submitted_at=NOON, status="submitted")
    manager = make.officer(scheme, Role.MANAGER)
    voices.a_concern(provider, scheme)
    voices.an_answer(opened, standing=Standing.HELD)
    opened.closes_on = NOON.date() + timedelta(days=5)
    done = voices.a_round(provider, lead, title="Autumn", closed_at=NOON)
    for _ in range(5):
        voices.an_answer(done)
    told = [each.what for each in things_to_do(make.actor(lead), NOON.date()) if each.kind is Kind.FEEDBACK]
    assert told == [
        "Invite more people to “What people think”",
        "Read what people said in “Autumn”, and tell them what you do",
    ]
    office = [each for each in things_to_do(make.actor(manager), NOON.date()) if "/concerns" in each.path]
    assert [each.what for each in office] == [
        "Look after 1 safeguarding concern in Harbour Mark",
        "Look at feedback that came many at once in Harbour Mark",
    ]
    assert {each.organisation_id for each in office} == {None}
