"""A provider carries an application over to the next edition; the old one stays as it is, to the last byte."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from app.domain.access import Role
from app.domain.errors import Conflict, IllegalMove, Incomplete, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Answer, Application, AttachedEvidence, AuditRow, EvidenceItem, EvidenceVersion, OwnAnswer
from app.services.answers import record_answer
from app.services.applications import Declaration, open_application, submit, withdraw_application
from app.services.carrying import carry_over
from tests import factories
from tests.conftest import NOON
from tests.unit.frameworks.editions import BEFORE, source_with

CODE = "good-neighbours"
LATER = source_with(
    ('edition: "2026"', 'edition: "2027"'),
    ("at least four times", "at least six times"),  # GOV.1.1 has new wording
    ("- code: GOV.1.2", "- code: GOV.1.3\n            was: GOV.1.2"),  # has a new code and is else the same
    ("- code: CARE.1.1", "- {code: CARE.1.3, text: Complaints are welcome., scale: yes-no}\n          - code: CARE.1.1"),
    (
        "          - code: CARE.1.2\n            text: The service acts on what it learns.\n"
        "            scale: fulfilment\n            level: gold\n",
        "",
    ),
)  # fmt: skip
SAID = {
    "GOV.1.1": Claim(2, False, "Four times a year."),
    "GOV.1.2": Claim(1, False, "Every May."),
    "GOV.2.1": Claim(1, False, "All have one."),
    "CARE.1.1": Claim(None, True, "Nobody answered yet."),
    "CARE.1.2": Claim(2, False, "We learn."),
}
DECLARED = Declaration("Pat Doe", "Chair", agreed=True)


@pytest.fixture
def scheme(storage):
    return factories.scheme()


@pytest.fixture
def earlier(scheme):
    return factories.edition(scheme, BEFORE, code=CODE, edition="2026", title="Good Neighbours Mark")


@pytest.fixture
def later(scheme, earlier):
    return factories.edition(scheme, LATER, code=CODE, edition="2027", title="Good Neighbours Mark")


@pytest.fixture
def actor(lead):
    return factories.actor(lead)


@pytest.fixture
def old(provider, earlier, lead):
    """A draft in which everything is said, with minutes behind the first criterion."""
    provider.facts = {"staff": 3, "income": 20_000, "breach": False}
    db.session.commit()
    application = factories.application(provider, earlier, started_by=lead, target="gold")
    for code, claim in SAID.items():
        said = {"point": claim.point, "not_applicable": claim.not_applicable, "reason": claim.reason}
        db.session.add(
            Answer(application_id=application.id, criterion_code=code, updated_at=NOON, updated_by_id=lead.id, **said)
        )
    for title, archived_at in (("Minutes", None), ("Old minutes", NOON)):
        item = EvidenceItem(organisation_id=provider.id, title=title, kind="statement", created_at=NOON, created_by_id=lead.id, archived_at=archived_at)  # fmt: skip
        factories.save(item)
        factories.save(EvidenceVersion(item_id=item.id, number=1, text="We met.", added_at=NOON, added_by_id=lead.id, sha256=title))  # fmt: skip
        factories.save(AttachedEvidence(application_id=application.id, criterion_code="GOV.1.1", item_id=item.id, asked_code="minutes", attached_at=NOON, attached_by_id=lead.id))  # fmt: skip
    return application


def everything_of(application_id: int) -> list[list[tuple]]:
    """All that is stored of an application: its own row, answers, evidence and trail."""
    queries = (
        select(Application.__table__).where(Application.id == application_id),
        select(Answer.__table__).where(Answer.application_id == application_id).order_by(Answer.id),
        select(AttachedEvidence.__table__)
        .where(AttachedEvidence.application_id == application_id)
        .order_by(AttachedEvidence.id),
        select(AuditRow.__table__).where(AuditRow.application_id == application_id).order_by(AuditRow.id),
    )
    return [[tuple(row) for row in db.session.execute(query)] for query in queries]


def answers_of(application_id: int) -> dict[str, Answer]:
    rows = db.session.scalars(select(Answer).where(Answer.application_id == application_id)).all()
    return {row.criterion_code: row for row in rows}


def carry(old, later, actor, **more):
    return carry_over(old.id, later.id, actor=actor, now=NOON, **more)


def test_the_new_application_begins_with_what_is_the_same_and_the_old_one_is_untouched(old, later, actor):
    before = everything_of(old.id)
    new = db.session.get(Application, carry(old, later, actor))
    assert (new.edition.edition, new.status, new.target, new.carried_from_id) == ("2027", ApplicationStatus.DRAFT, "gold", old.id)  # fmt: skip
    found = answers_of(new.id)
    assert {
        code: (each.point, each.not_applicable, each.reason, bool(each.review)) for code, each in found.items()
    } == {
        "GOV.1.1": (2, False, "Four times a year.", True),
        "GOV.1.3": (1, False, "Every May.", False),
        "GOV.2.1": (1, False, "All have one.", False),
        "CARE.1.1": (None, True, "Nobody answered yet.", False),
    }
    assert found["GOV.1.1"].review == (
        "The criterion has new wording. “Old minutes” does not stand behind it any more: you have put it away."
    )
    assert everything_of(old.id) == before


def test_evidence_in_use_goes_over_unpinned_and_the_audit_row_accounts_for_every_answer(old, later, actor):
    new_id = carry(old, later, actor)
    (attached,) = db.session.scalars(select(AttachedEvidence).where(AttachedEvidence.application_id == new_id))
    assert (attached.item.title, attached.criterion_code, attached.asked_code, attached.version_id) == ("Minutes", "GOV.1.1", "minutes", None)  # fmt: skip
    (row,) = db.session.scalars(select(AuditRow).where(AuditRow.application_id == new_id))
    went = {code for codes in row.detail["origins"].values() for code in codes}
    assert went | set(row.detail["left_behind"]) == set(SAID)
    assert (row.action, row.detail["look_again"], row.detail["left_behind"]) == ("application.carried-over", ["GOV.1.1"], ["CARE.1.2"])  # fmt: skip


def test_what_the_provider_chose_to_answer_itself_although_a_certificate_would_goes_over(old, later, actor, lead):
    for code in ("GOV.1.2", "CARE.1.2"):  # the first has a new code, the second is no longer asked
        factories.save(OwnAnswer(application_id=old.id, criterion_code=code, chosen_at=NOON, chosen_by_id=lead.id))
    new_id = carry(old, later, actor)
    chosen = db.session.scalars(select(OwnAnswer.criterion_code).where(OwnAnswer.application_id == new_id)).all()
    assert chosen == ["GOV.1.3"]


def test_a_double_click_carries_over_once(old, later, actor):
    assert carry(old, later, actor) == carry(old, later, actor)
    assert len(db.session.scalars(select(Application)).all()) == 2


def test_the_mark_goes_when_the_answer_is_saved_or_confirmed(old, later, actor):
    new_id = carry(old, later, actor)
    record_answer(new_id, "GOV.1.1", SAID["GOV.1.1"], 1, actor=actor, now=NOON)
    assert answers_of(new_id)["GOV.1.1"].review == ""
    (row,) = db.session.scalars(select(AuditRow).where(AuditRow.action == "answer.confirmed"))
    assert row.detail["looked_at"].startswith("The criterion has new wording.")
    assert answers_of(new_id)["GOV.1.1"].version == 1


def test_nothing_is_handed_in_while_a_mark_is_left(old, later, actor):
    new_id = carry(old, later, actor, target="bronze")
    record_answer(new_id, "CARE.1.3", Claim(0, False, "Not yet."), 0, actor=actor, now=NOON)
    with pytest.raises(Incomplete, match="is not finished yet"):
        submit(new_id, DECLARED, actor=actor, now=NOON)
    record_answer(new_id, "GOV.1.1", Claim(2, False, "Six times a year."), 1, actor=actor, now=NOON)
    submit(new_id, DECLARED, actor=actor, now=NOON)
    assert db.session.get(Application, new_id).status is ApplicationStatus.SUBMITTED


def test_of_two_drafts_only_the_later_is_handed_in_and_found_as_the_open_one(old, later, actor, provider):
    new_id = carry(old, later, actor)
    assert open_application(db.session(), provider.id, CODE) == new_id
    with pytest.raises(IllegalMove, match="You carried this application over to edition 2027"):
        submit(old.id, DECLARED, actor=actor, now=NOON)
    withdraw_application(new_id, "", actor=actor, now=NOON)
    again = carry(old, later, actor)
    assert again not in {old.id, new_id}


@pytest.mark.parametrize("status", [ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN])
def test_a_case_that_has_ended_begins_the_next_application(old, later, actor, status):
    old.status, old.submitted_at = status, NOON
    db.session.commit()
    before = everything_of(old.id)
    assert "GOV.1.3" in answers_of(carry(old, later, actor))
    assert everything_of(old.id) == before


@pytest.mark.parametrize("status", [ApplicationStatus.SUBMITTED, ApplicationStatus.WITH_PANEL, ApplicationStatus.DEFERRED])  # fmt: skip
def test_a_case_that_the_scheme_looks_at_stays_where_it_is(old, later, actor, status):
    old.status = status
    db.session.commit()
    with pytest.raises(Conflict, match="looking at this application"):
        carry(old, later, actor)


def test_another_open_application_stands_in_the_way(old, later, actor, provider):
    factories.application(provider, later)
    with pytest.raises(Conflict, match="open application under edition 2027"):
        carry(old, later, actor)


def test_a_level_that_the_later_edition_does_not_have_must_be_chosen(old, later, actor):
    old.target = "platinum"
    db.session.commit()
    with pytest.raises(Invalid):
        carry(old, later, actor)
    assert db.session.get(Application, carry(old, later, actor, target="silver")).target == "silver"


def test_only_forward_only_the_same_framework_only_while_it_takes_applications(old, earlier, later, actor, scheme):
    for other in (earlier, factories.edition(scheme), factories.edition(scheme, BEFORE, code=CODE, edition="2025")):
        with pytest.raises(NotFound):
            carry(old, other, actor)
    later.open = False
    db.session.commit()
    with pytest.raises(Conflict, match="takes no new applications"):
        carry(old, later, actor)


def test_what_has_ended_is_begun_anew_under_the_same_edition_with_every_answer(browser, old, earlier):
    old.status = ApplicationStatus.AWARDED
    db.session.commit()
    before, path = everything_of(old.id), f"/applications/{old.id}/carry/{earlier.id}"
    assert "Begin anew with what you wrote" in browser.get(path).text
    assert "Your new application has begun" in browser.post(path, data={"target": "gold"}, follow_redirects=True).text
    new = db.session.scalars(select(Application).where(Application.carried_from_id == old.id)).one()
    assert (new.edition_id, new.status) == (earlier.id, ApplicationStatus.DRAFT)
    said = {code: (each.point, each.not_applicable, each.reason) for code, each in answers_of(new.id).items()}
    assert said == {code: (each.point, each.not_applicable, each.reason) for code, each in SAID.items()}
    assert {code for code, each in answers_of(new.id).items() if each.review} == {"GOV.1.1"}  # its old minutes are gone
    assert everything_of(old.id) == before


def test_an_edition_that_is_not_for_the_organisation_is_not_carried_to(browser, old, scheme, earlier, actor, provider):
    gate = (
        "{code: small, title: Size, before: application, facts: {staff: {below: 10}}, because: Fewer than ten staff.}"
    )
    source = LATER.replace("outcome:\n", f"gates: [{gate}]\noutcome:\n", 1)
    closed = factories.edition(scheme, source, code=CODE, edition="2027", title="Good Neighbours Mark")
    provider.facts = {**provider.facts, "staff": 40}
    db.session.commit()
    with pytest.raises(Conflict, match="Fewer than ten staff"):
        carry(old, closed, actor)
    assert "Fewer than ten staff" in browser.get(f"/applications/{old.id}/carry/{closed.id}").text
    assert len(db.session.scalars(select(Application)).all()) == 1


def test_the_old_draft_is_held_while_it_is_carried_over_so_that_nobody_hands_it_in_meanwhile(old, later, actor):
    held = []

    def note(state):
        if state.is_select and state.statement._for_update_arg is not None:
            held.append(state.bind_mapper.local_table.name)

    factory = db.session.session_factory
    event.listen(factory, "do_orm_execute", note)
    try:
        carry(old, later, actor)
    finally:
        event.remove(factory, "do_orm_execute", note)
    assert held == ["organisation", "application"]  # in the order of everything else that holds both


def test_only_a_lead_of_the_organisation_carries_over(old, later, provider):
    contributor = factories.actor(factories.member(provider, Role.CONTRIBUTOR))
    with pytest.raises(NotAllowed):
        carry(old, later, contributor)
    with pytest.raises(NotFound):
        carry(old, later, factories.actor(factories.user()))


def test_a_code_taken_in_an_edition_between_is_followed(old, later, actor, scheme):
    source = source_with(('edition: "2027"', 'edition: "2028"'), ("was: GOV.1.2", "was: GOV.1.3"), ("- code: GOV.1.3", "- code: GOV.1.4"), source=LATER)  # fmt: skip
    last = factories.edition(scheme, source, code=CODE, edition="2028")
    found = answers_of(carry(old, last, actor))
    assert (found["GOV.1.4"].reason, found["GOV.1.4"].review) == ("Every May.", "")


def test_the_pages_offer_the_newer_edition_show_what_goes_over_and_mark_what_to_look_at(browser, old, later):
    offer = browser.get(f"/applications/{old.id}").text
    assert "There is a newer edition: Good Neighbours Mark 2027." in offer
    address = f"/applications/{old.id}/carry/{later.id}"
    preview = browser.get(address).text
    assert "To look at again (1)" in preview and "The criterion has new wording." in preview
    assert "Was GOV.1.2." in preview
    assert "Still to answer (1)" in preview and "Complaints are welcome." in preview
    assert "Stay behind (1)" in preview and "The service acts on what it learns." in preview
    assert "1 piece that you have put away in your library stays behind." in preview
    done = browser.post(address, data={"target": "gold"})
    page = browser.get(done.location).text
    assert "Your application under edition 2026 is unchanged." in page
    assert "1 answer was carried over to criteria that have changed." in page and "Look again" in page
    criterion = browser.get(f"{done.location}/criteria/GOV.1.1").text
    assert "Look at this again." in criterion and "The criterion has new wording." in criterion
    assert "What is new in its words" in criterion and "[put in: </span>six<" in criterion
    browser.post(
        f"{done.location}/criteria/GOV.1.1", data={"point": "2", "reason": "Four times a year.", "version": "1"}
    )
    assert "Look again" not in browser.get(done.location).text
    assert "You carried this application over to" in browser.get(f"/applications/{old.id}").text


def test_the_old_draft_is_withdrawn_only_where_that_is_ticked(browser, old, later):
    done = browser.post(f"/applications/{old.id}/carry/{later.id}", data={"target": "silver", "withdraw": "y"})
    assert "Your draft under edition 2026 is withdrawn" in browser.get(done.location).text
    db.session.expire_all()
    assert (old.status, old.note) == (ApplicationStatus.WITHDRAWN, "Carried over to edition 2027.")


def test_a_preview_without_a_level_is_given_back_with_what_to_do(browser, old, later):
    old.target = "platinum"  # which the later edition does not have
    db.session.commit()
    answer = browser.post(f"/applications/{old.id}/carry/{later.id}", data={})
    assert answer.status_code == 422 and "Choose the level that you want to apply for." in answer.text


def test_a_contributor_sees_the_preview_and_whom_to_ask(client_for, provider, old, later):
    contributor = client_for(factories.member(provider, Role.CONTRIBUTOR))
    assert "Only a lead of" in contributor.get(f"/applications/{old.id}/carry/{later.id}").text


def test_the_organisations_page_offers_it_and_then_leaves_the_old_draft_out_of_what_to_do(
    browser, provider, old, later
):
    home = f"/organisations/{provider.id}"
    assert f"/applications/{old.id}/carry/{later.id}" in browser.get(home).text
    browser.post(f"/applications/{old.id}/carry/{later.id}", data={"target": "gold"})
    page = browser.get(home).text
    assert f"/carry/{later.id}" not in page and "Carried over to a new application" in page
    assert "Answer the criteria of Good Neighbours Mark 2027" in page
    assert "Answer the criteria of Good Neighbours Mark 2026" not in page
