"""Complaints from anybody: taken without an account, confirmed at once, told to the right people, followed by a link."""

from __future__ import annotations

import pytest

from app.domain.access import Role
from app.extensions import db
from app.models import Award, Complaint, ComplaintPerson, MailMessage, Notice
from tests import factories as make
from tests.integration.casework import submitted_case

SENT = {"danger": "no", "about": "scheme", "words": "Nobody answers the telephone.", "once": "a-page-of-its-own-123"}


@pytest.fixture
def case(app):
    return submitted_case()


@pytest.fixture
def entry(case):
    award: Award = make.award(case.application)
    return make.register_entry(award)


def send(client, case, slug: str = "", **values: str):
    address = f"/complaints/{case.scheme.code}/new" + (f"?about={slug}" if slug else "")
    return client.post(address, data={**SENT, **values})


def mail_to(person) -> list[str]:
    address = person if isinstance(person, str) else person.email
    return [f"{each.subject}\n{each.text}" for each in db.session.query(MailMessage).filter_by(recipient=address)]


def notices_to(person) -> list[str]:
    return [f"{each.subject}\n{each.text}" for each in db.session.query(Notice).filter_by(user_id=person.id)]


def test_a_complaint_without_a_name_gets_a_number_and_a_link_that_follows_it(client, case):
    answer = send(client, case)
    assert answer.status_code == 303
    page = client.get(answer.location)
    complaint = db.session.query(Complaint).one()
    assert complaint.number in page.text and "keep the address of this page" in page.text
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert complaint.number in "".join(notices_to(case.manager))
    assert answer.location.rsplit("/", 1)[1].split("?")[0] not in str(vars(complaint)), "the secret is not kept"


def test_who_leaves_an_address_has_the_receipt_by_e_mail_with_the_link(client, case):
    answer = send(client, case, email="Ann@Example.org", name="Ann Other")
    secret = answer.location.rsplit("/", 1)[1].split("?")[0]
    (letter,) = mail_to("ann@example.org")
    assert secret in letter and db.session.query(Complaint).one().number in letter


def test_the_same_page_sent_twice_is_one_complaint_and_other_words_are_another(client, case):
    first, again = send(client, case), send(client, case)
    assert first.location == again.location and db.session.query(Complaint).count() == 1
    assert send(client, case, words="And another thing.").location != first.location
    assert db.session.query(Complaint).count() == 2


def test_bad_input_loses_nothing(client, case):
    answer = client.post(
        f"/complaints/{case.scheme.code}/new", data={"words": "It was cold.", "name": "Ann", "email": "no address"}
    )
    assert answer.status_code == 422
    for kept in (
        "It was cold.",
        'value="Ann"',
        'value="no address"',
        "Say whether somebody is in danger",
        "Choose what",
    ):
        assert kept in answer.text
    assert db.session.query(Complaint).count() == 0


def test_a_program_that_fills_in_the_trap_leaves_nothing(client, case):
    assert send(client, case, website="https://spam.example").status_code == 200
    assert db.session.query(Complaint).count() == 0


def test_too_many_from_one_network_wait_and_their_words_stay_on_the_page(client, case):
    for number in range(10):
        assert send(client, case, words=f"Number {number}").status_code == 303
    late = send(client, case, words="Number eleven")
    assert late.status_code == 429 and "Number eleven" in late.text


def test_from_the_register_it_is_about_that_provider_and_its_people_hear_nothing(client, case, entry):
    assert f"/complaints/{case.scheme.code}/new?about={entry.slug}" in client.get(f"/register/{entry.slug}").text
    assert case.provider.name in client.get(f"/complaints/{case.scheme.code}/new?about={entry.slug}").text
    send(client, case, entry.slug, told="afraid")
    complaint = db.session.query(Complaint).one()
    assert (complaint.organisation_id, complaint.told) == (case.provider.id, "afraid")
    assert mail_to(case.lead) == [] and notices_to(case.lead) == []


def test_what_concerns_safety_reaches_every_manager_at_once_without_details(client, case, entry):
    other = make.officer(case.scheme, Role.MANAGER)
    send(client, case, entry.slug, danger="yes", words="She is locked in at night.")
    for manager in (case.manager, other):
        (letter,) = mail_to(manager)
        assert "safety" in letter and "locked in" not in letter


def test_a_complaint_about_a_manager_passes_that_manager_by(client, client_for, case):
    other = make.officer(case.scheme, Role.MANAGER, name="Deputy Dale")
    send(client, case, about="manager", whom="Mr Morgan")
    complaint = db.session.query(Complaint).one()
    assert {each.user_id for each in db.session.query(ComplaintPerson)} == {case.manager.id}
    assert notices_to(case.manager) == [] and complaint.number in "".join(notices_to(other))
    address = f"/schemes/{case.scheme.code}/complaints"
    assert client_for(case.manager).get(f"{address}/{complaint.id}").status_code == 404
    assert complaint.number not in client_for(case.manager).get(address).text
    assert client_for(other).get(f"{address}/{complaint.id}").status_code == 200


def test_where_every_manager_is_concerned_the_auditor_hears_of_it(client, client_for, case):
    send(client, case, about="manager", whom="whoever runs it")
    complaint = db.session.query(Complaint).one()
    assert "No manager" in "".join(notices_to(case.auditor)) and notices_to(case.manager) == []
    page = client_for(case.auditor).get(f"/schemes/{case.scheme.code}/complaints/{complaint.id}")
    assert page.status_code == 200 and "Nobody answers the telephone." in page.text


def test_a_link_that_is_no_link_tells_nothing(client, case):
    assert client.get("/complaints/followed/abc").status_code == 404
    assert client.get("/complaints/nowhere").status_code == 404
