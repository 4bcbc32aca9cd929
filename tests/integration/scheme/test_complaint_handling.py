"""Complaints in the scheme's hands: by whom, by when, and that the provider never learns who complained."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.access import Role
from app.domain.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import ComplaintStatus
from app.extensions import db
from app.models import AuditRow, Complaint, ComplaintPerson, Reviewer
from app.queries.appeal_figures import appeal_figures
from app.queries.to_do import things_to_do
from app.services import complaint_handling as handling
from app.services import review_decisions, reviewing
from app.services.review_decisions import Answer
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, voted_case
from tests.integration.disputes import a_complaint
from tests.told import told

CANARY, CANARY_MAIL = "Canary Quillfeather", "canary.quillfeather@example.org"
ANSWER = Answer("uphold", "The door was locked, as you said. It is mended.", "finding", "Raise it as a major one.")


@pytest.fixture
def case(app):
    """An assessed case with a panel: manager, assessor and sitters had a part in it. The deputy and the judge had none."""
    found, _ = voted_case()
    found.deputy = make.officer(found.scheme, Role.MANAGER, name="Deputy Dale")
    found.judge = make.officer(found.scheme, Role.ASSESSOR, name="Judge Jo")
    return found


@pytest.fixture
def complaint(case):
    secret = {"name": CANARY, "email": CANARY_MAIL, "secret": "the-link-of-the-canary"}
    return a_complaint(case.scheme, case.provider, words="The door was locked.", **secret)


def by(person, **values) -> dict:
    return {"actor": make.actor(person), "now": NOON, **values}


def fresh(complaint) -> Complaint:
    db.session.rollback()
    return db.session.get(Complaint, complaint.id)


def looked_into(case, complaint) -> int:
    """Confirmed, with the judge appointed, who has declared. Returns the review's id."""
    handling.acknowledge(complaint.id, "We have read it.", **by(case.deputy))
    handling.investigate(complaint.id, case.judge.id, **by(case.deputy))
    review_id = db.session.query(Reviewer).one().id
    reviewing.declare_for_review(review_id, conflict=False, words="", **by(case.judge, today=TODAY))
    return review_id


def test_who_had_a_part_in_the_providers_case_neither_triages_nor_investigates(case, complaint, client_for):
    address = f"/schemes/{case.scheme.code}/complaints/{complaint.id}"
    with pytest.raises((NotAllowed, NotFound)):
        handling.acknowledge(complaint.id, "Read.", **by(case.manager))
    assert client_for(case.manager).get(address).status_code == 404
    handling.acknowledge(complaint.id, "Read.", **by(case.deputy))
    page = client_for(case.deputy).get(address)
    for person in (case.manager, case.assessor, *case.sitters):
        assert f"{person.name}: Had a part" in page.text
        with pytest.raises(Invalid, match="cannot look into this"):
            handling.investigate(complaint.id, person.id, **by(case.deputy))


def test_a_complaint_is_confirmed_looked_into_answered_and_closed(case, complaint, client, client_for):
    address = f"/schemes/{case.scheme.code}/complaints/{complaint.id}"
    office = client_for(case.deputy)
    bad = office.post(address, data={"step": "acknowledge", "acknowledge_letter": " "})
    assert bad.status_code == 422 and "Write to whoever complained" in bad.text
    office.post(address, data={"step": "acknowledge", "acknowledge_letter": "Thank you for telling us."})
    office.post(address, data={"step": "investigate", "investigator": str(case.judge.id)})
    review_id = db.session.query(Reviewer).one().id
    judge = client_for(case.judge)
    assert "The door was locked." not in judge.get(f"/reviews/{review_id}", follow_redirects=True).text
    judge.post(f"/reviews/{review_id}/declare", data={"conflict": "no"})
    assert "The door was locked." in judge.get(f"/reviews/{review_id}").text
    late = judge.post(f"/reviews/{review_id}/answer", data={"outcome": "uphold", "letter": "So it was."})
    assert late.status_code == 422 and "So it was." in late.text and "Choose what follows." in late.text
    sent = {"outcome": "uphold", "letter": ANSWER.letter, "follow": "finding", "follow_words": ANSWER.follow_words}
    judge.post(f"/reviews/{review_id}/answer", data=sent)
    assert fresh(complaint).status is ComplaintStatus.UPHELD
    own = client.get("/complaints/followed/the-link-of-the-canary").text
    assert "Thank you for telling us." in own and ANSWER.letter in own and ANSWER.follow_words not in own
    assert any(ANSWER.letter in each.text for each in told() if each.recipient == CANARY_MAIL)
    assert "What follows" in office.get(address).text
    office.post(address, data={"step": "close", "learned": "Ask for the fire plan at each visit."})
    assert fresh(complaint).status is ComplaintStatus.CLOSED and fresh(complaint).outcome == "upheld"


def test_the_provider_never_learns_who_complained_without_consent(case, complaint, client_for):
    with pytest.raises(Invalid, match="tell who complained"):
        handling.put_to_provider(complaint.id, f"{CANARY.upper()} says so.", **by(case.deputy))
    review_id = looked_into(case, complaint)
    handling.put_to_provider(complaint.id, "It is said that a door was locked.", **by(case.deputy))
    reviewing.keep_notes(review_id, f"{CANARY} was calm.", 1, **by(case.judge, today=TODAY))
    handling.note(complaint.id, f"Rang {CANARY}.", "", **by(case.deputy))
    review_decisions.answer_complaint(review_id, ANSWER, **by(case.judge, today=TODAY))
    assert any("a door was locked" in each.text for each in told(case.lead))
    read = everything_that_the_provider_reads(case, client_for)
    trail = client_for(case.auditor).get(f"/schemes/{case.scheme.code}/audit").text
    for hidden in (CANARY, CANARY_MAIL, "Quillfeather"):
        assert hidden not in read and hidden not in trail
        assert hidden not in "".join(f"{row.detail} {row.actor_name}" for row in db.session.query(AuditRow))


def everything_that_the_provider_reads(case, client_for) -> str:
    """Its pages that need no other thing, those of its case and organisation, and all that it was sent.

    The outbox is left out: it shows everybody's mail, and is there in demonstrations alone.
    """
    browser, app = client_for(case.lead), client_for(case.lead).application
    args = {"organisation_id": case.provider.id, "application_id": case.application_id}
    pages = []
    for rule in app.url_map.iter_rules():
        theirs = rule.endpoint.split(".")[0] in {"provider", "account"} and "outbox" not in rule.endpoint
        if theirs and "GET" in rule.methods and rule.arguments <= set(args):
            with app.test_request_context():
                pages.append(app.url_for(rule.endpoint, **{name: args[name] for name in rule.arguments}))
    assert len(pages) > 20
    read = [browser.get(page).get_data() for page in pages]
    mails = [f"{each.subject}\n{each.text}" for each in told(case.lead)]
    return b"".join(read).decode("utf-8", "replace") + "".join(mails)


def test_with_consent_the_provider_is_told_the_name_and_never_the_address(case):
    willing = a_complaint(case.scheme, case.provider, name=CANARY, email=CANARY_MAIL, may_name=True)
    handling.put_to_provider(willing.id, "It is said that a door was locked.", **by(case.deputy))
    (letter,) = [each for each in told(case.lead) if willing.number in each.text]
    assert CANARY in letter.text and CANARY_MAIL not in letter.text


def test_what_concerns_safety_can_be_passed_on_at_once_by_a_manager_with_a_part_in_the_case(case, client_for):
    urgent = a_complaint(case.scheme, case.provider, safety=True)
    address = f"/schemes/{case.scheme.code}/complaints/{urgent.id}"
    browser = client_for(case.manager)
    assert "call 999" in browser.get(address).text
    sent = {"step": "note", "note_words": "Rang them at ten.", "note_to_whom": "The council's safeguarding team"}
    assert browser.post(address, data=sent).status_code == 302
    assert "safeguarding team" in browser.get(address).text
    assert browser.post(address, data={"step": "acknowledge", "acknowledge_letter": "Read."}).status_code in {403, 404}
    handling.refer(urgent.id, "The council", "They can act at once.", **by(case.deputy))
    assert fresh(urgent).status is ComplaintStatus.REFERRED


def test_who_is_concerned_sees_nothing_of_it_in_list_page_or_to_do(case, client_for):
    about = a_complaint(case.scheme, about="manager", whom="Deputy Dale")
    make.save(ComplaintPerson(complaint_id=about.id, user_id=case.deputy.id))
    assert about.number not in client_for(case.deputy).get(f"/schemes/{case.scheme.code}/complaints").text
    assert client_for(case.deputy).get(f"/schemes/{case.scheme.code}/complaints/{about.id}").status_code == 404
    assert not [each for each in things_to_do(make.actor(case.deputy), TODAY) if "complaint" in each.what]
    assert about.number in client_for(case.manager).get(f"/schemes/{case.scheme.code}/complaints").text
    with pytest.raises((NotAllowed, NotFound)):
        handling.acknowledge(about.id, "Read.", **by(case.deputy))


def test_what_is_late_to_confirm_or_to_answer_stands_in_the_managers_list(case, complaint):
    late = complaint.acknowledge_by + timedelta(days=1)
    (thing,) = [each for each in things_to_do(make.actor(case.deputy), late) if "complaint" in each.what]
    assert "Confirm" in thing.what and thing.due_on == complaint.acknowledge_by and complaint.number not in thing.what
    handling.acknowledge(complaint.id, "Read.", **by(case.deputy))
    (thing,) = [each for each in things_to_do(make.actor(case.deputy), late) if "complaint" in each.what]
    assert thing.due_on == complaint.answer_by


def test_two_managers_at_once_and_moves_that_are_not_open_are_refused(case, complaint):
    handling.acknowledge(complaint.id, "Read.", **by(case.deputy))
    with pytest.raises(IllegalMove):
        handling.acknowledge(complaint.id, "Read.", **by(case.deputy))
    handling.not_take_up(complaint.id, "It is about a bill.", **by(case.deputy))
    handling.close_complaint(complaint.id, "Nothing: it was not for us.", **by(case.deputy))
    with pytest.raises(Conflict):
        handling.note(complaint.id, "One more thing.", "", **by(case.deputy))


def test_a_conflict_of_who_looks_into_it_lets_another_be_appointed(case, complaint):
    handling.acknowledge(complaint.id, "Read.", **by(case.deputy))
    handling.investigate(complaint.id, case.judge.id, **by(case.deputy))
    review_id = db.session.query(Reviewer).one().id
    reviewing.declare_for_review(review_id, conflict=True, words="My cousin.", **by(case.judge, today=TODAY))
    with pytest.raises(Invalid):
        handling.investigate(complaint.id, case.judge.id, **by(case.deputy))
    other = make.officer(case.scheme, Role.ASSESSOR, name="Judge Jess")
    handling.investigate(complaint.id, other.id, **by(case.deputy))
    with pytest.raises(NotAllowed):
        review_decisions.answer_complaint(review_id, ANSWER, **by(case.judge, today=TODAY))


def test_the_years_figures_name_nobody_and_count_what_came_and_what_was_upheld(case, complaint):
    review_id = looked_into(case, complaint)
    review_decisions.answer_complaint(review_id, ANSWER, **by(case.judge, today=TODAY))
    a_complaint(case.scheme)
    (year,) = appeal_figures(db.session(), case.scheme.id)
    assert (year.year, year.complaints, year.complaints_upheld, year.complaints_ended) == (2026, 2, 1, 1)
    assert (year.appeals, year.appeals_upheld, year.complaint_days) == (0, 0, 0)
    assert CANARY not in repr(year)


def test_lists_and_things_to_do_take_as_many_statements_for_many_as_for_one(
    case, complaint, client_for, count_statements
):
    office, actor = client_for(case.deputy), make.actor(case.deputy)
    address = f"/schemes/{case.scheme.code}/complaints"
    office.get(address)

    def taken() -> tuple[int, int]:
        with count_statements() as listing:
            office.get(address)
        with count_statements() as doing:
            things_to_do(actor, TODAY)
        return len(listing), len(doing)

    one = taken()
    for _ in range(6):
        a_complaint(case.scheme, case.provider)
    assert taken() == one
