"""Answers in parts: sites and members answer each for themselves, and the answer is always what they come to."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus
from app.domain.parts import SiteKind
from app.domain.self_assessment import Claim
from app.models import (
    Answer,
    AnswerPart,
    AttachedEvidence,
    ConsortiumMember,
    EvidenceItem,
    EvidenceVersion,
    MailMessage,
)
from app.queries.to_do import parts as parts_to_do
from app.services import answers, carrying, consortia, lending, parts, sites
from app.services.answers import ChangedMeanwhile
from app.services.evidence import Behind
from app.services.sites import SiteFacts
from tests import factories as make
from tests.conftest import NOON

ASKS_SITES = make.SMALL_FRAMEWORK.replace(
    "            required: 2\n", "            required: 2\n            answered_by: each-site\n"
)
ANY_SITE = ASKS_SITES + "members: {sites: any}\n"
NEXT_EDITION = ASKS_SITES.replace('"2026"', '"2027"').replace("everybody knows", "everybody keeps to")
BY_LEAD = make.SMALL_FRAMEWORK + "members: {met_by: lead}\n"
SAFE = "SAFE.1.1"


@pytest.fixture
def organisation(app):
    return make.organisation(facts={"staff": 2})


@pytest.fixture
def lead(organisation):
    return make.member(organisation)


def draft(organisation, lead, source=ASKS_SITES):
    return make.application(organisation, make.edition(make.scheme(), source), started_by=lead)


def add_site(organisation, lead, name, kind=SiteKind.PLACE) -> int:
    return sites.add_site(organisation.id, SiteFacts(name, kind), actor=make.actor(lead), now=NOON)


def say(application, person, kind, giver, point, reason="Seen to.", version=0, code=SAFE):
    return parts.record_part(
        application.id, code, kind, giver, Claim(point, False, reason), version, actor=make.actor(person), now=NOON
    )


def answer_of(application, code=SAFE) -> Answer | None:
    make.db.session.rollback()
    return make.db.session.scalars(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == code)
    ).first()


def test_the_lowest_of_all_sites_counts_and_only_once_each_has_answered(organisation, lead):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    application = draft(organisation, lead)
    say(application, lead, "site", elm, 3, "All staff know it.")
    assert answer_of(application).point is None
    say(application, lead, "site", oak, 1, "Half of them do.")
    answer = answer_of(application)
    assert answer.point == 1
    assert "Elm House: 3 Embedded and reviewed. All staff know it." in answer.reason
    assert "Oak Lodge: 1 Started. Half of them do." in answer.reason


def test_where_any_site_is_enough_the_best_counts_at_once(organisation, lead):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    application = draft(organisation, lead, ANY_SITE)
    say(application, lead, "site", elm, 1)
    assert answer_of(application).point == 1
    say(application, lead, "site", oak, 3)
    assert answer_of(application).point == 3


def test_a_site_to_which_it_does_not_apply_is_left_aside(organisation, lead):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Phone line", SiteKind.SERVICE)
    application = draft(organisation, lead)
    say(application, lead, "site", elm, 2)
    parts.record_part(
        application.id, SAFE, "site", oak, Claim(None, True, "Nobody visits."), 0, actor=make.actor(lead), now=NOON
    )
    assert answer_of(application).point == 2


def test_closing_a_site_leaves_its_part_out_and_opening_it_brings_it_back(organisation, lead):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    application = draft(organisation, lead)
    say(application, lead, "site", elm, 3)
    say(application, lead, "site", oak, 1)
    sites.close_site(oak, True, actor=make.actor(lead), now=NOON)
    assert answer_of(application).point == 3
    sites.close_site(oak, False, actor=make.actor(lead), now=NOON)
    assert answer_of(application).point == 1


def test_words_that_were_written_for_all_are_kept_when_the_first_site_is_added(organisation, lead):
    application = draft(organisation, lead)
    answers.record_answer(
        application.id, SAFE, Claim(2, False, "We have a policy."), 0, actor=make.actor(lead), now=NOON
    )
    add_site(organisation, lead, "Elm House")
    answer = answer_of(application)
    assert answer.reason == "We have a policy."
    assert "Each site answers this" in answer.review
    with pytest.raises(Conflict, match="in parts"):
        answers.record_answer(
            application.id, SAFE, Claim(3, False, "More."), answer.version, actor=make.actor(lead), now=NOON
        )


def test_what_is_handed_in_stays_when_a_site_is_added_later(organisation, lead, client_for):
    elm = add_site(organisation, lead, "Elm House")
    application = draft(organisation, lead)
    say(application, lead, "site", elm, 3)
    row = make.db.session.get(type(application), application.id)
    row.status, row.submitted_at = ApplicationStatus.SUBMITTED, NOON
    make.save(row)
    add_site(organisation, lead, "Oak Lodge")
    assert answer_of(application).point == 3
    with pytest.raises(Conflict, match="handed in"):
        say(application, lead, "site", elm, 1, version=1)
    page = client_for(lead).get(f"/applications/{application.id}/criteria/{SAFE}")
    assert "Elm House" in page.text
    assert "Oak Lodge" not in page.text


def test_two_who_write_the_same_part_are_told_and_two_parts_never_clash(organisation, lead):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    application = draft(organisation, lead)
    colleague = make.member(organisation, Role.CONTRIBUTOR)
    say(application, lead, "site", elm, 3)
    say(application, colleague, "site", oak, 2)
    with pytest.raises(ChangedMeanwhile):
        say(application, colleague, "site", elm, 1, "Mine.")


def test_another_organisations_site_is_not_there(organisation, lead):
    add_site(organisation, lead, "Elm House")
    other = make.organisation()
    theirs = add_site(other, make.member(other), "Far away")
    with pytest.raises(NotFound):
        say(draft(organisation, lead), lead, "site", theirs, 1)


def test_the_pages_of_sites_and_their_parts_lead_from_one_to_the_next(organisation, lead, client_for):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    application = draft(organisation, lead)
    browser = client_for(lead)
    here = f"/applications/{application.id}/criteria/{SAFE}"
    page = browser.get(here)
    assert "Each site answers this" in page.text
    assert "answer-form" not in page.text
    saved = browser.post(f"{here}/site/{elm}", data={"point": "2", "reason": "Known.", "version": "0"})
    assert saved.location.endswith(f"{here}/site/{oak}")
    saved = browser.post(f"{here}/site/{oak}", data={"point": "2", "reason": "Known.", "version": "0"})
    assert saved.location.endswith(here)
    clash = browser.post(f"{here}/site/{oak}", data={"point": "1", "reason": "Not known.", "version": "0"})
    assert clash.status_code == 409
    assert "Not known." in clash.text
    twice = browser.post(f"/organisations/{organisation.id}/sites", data={"name": "elm house", "kind": "place"})
    assert twice.status_code == 422
    assert 'value="elm house"' in twice.text


def joined(consortium, lead, *, role=Role.LEAD):
    """Another organisation that joins by the link in the mail; its lead and itself."""
    member = make.organisation(facts={"staff": 2})
    person = make.member(member)
    consortia.invite_member(consortium.id, person.email, actor=make.actor(lead), now=NOON)
    mail = make.db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1)).one()
    token = mail.text.partition("/invitations/")[2].split()[0]
    consortia.join_consortium(token, member.id, actor=make.actor(person), now=NOON)
    return member, person


def test_each_member_answers_its_own_part_and_reads_the_others(organisation, lead, client_for):
    application = draft(organisation, lead, make.SMALL_FRAMEWORK)
    (first, one), (second, two) = joined(organisation, lead), joined(organisation, lead)
    say(application, one, "member", first.id, 3, code="GOV.1.1")
    with pytest.raises(NotAllowed, match="Another member"):
        say(application, two, "member", first.id, 0, version=1, code="GOV.1.1")
    say(application, two, "member", second.id, 2, code="GOV.1.1")
    assert answer_of(application, "GOV.1.1").point == 2
    theirs = client_for(two).get(f"/applications/{application.id}/criteria/GOV.1.1/member/{first.id}")
    assert "Seen to." in theirs.text
    assert "answer-form" not in theirs.text


def test_only_the_lead_member_is_asked_where_the_framework_says_so(organisation, lead):
    application = draft(organisation, lead, BY_LEAD)
    (first, one), (second, two) = joined(organisation, lead), joined(organisation, lead)
    say(application, one, "member", first.id, 3, code="GOV.1.1")
    assert answer_of(application, "GOV.1.1").point == 3
    with pytest.raises(NotFound):
        say(application, two, "member", second.id, 1, code="GOV.1.1")
    row = make.db.session.scalars(select(ConsortiumMember).where(ConsortiumMember.member_id == second.id)).one()
    consortia.make_lead_member(row.id, actor=make.actor(lead), now=NOON)
    say(application, two, "member", second.id, 1, code="GOV.1.1")
    assert answer_of(application, "GOV.1.1").point == 1


def test_a_member_that_leaves_sees_nothing_more_at_once_and_no_longer_counts(organisation, lead, client_for):
    application = draft(organisation, lead, make.SMALL_FRAMEWORK)
    (first, one), (second, two) = joined(organisation, lead), joined(organisation, lead)
    say(application, one, "member", first.id, 3, code="GOV.1.1")
    say(application, two, "member", second.id, 1, code="GOV.1.1")
    row = make.db.session.scalars(select(ConsortiumMember).where(ConsortiumMember.member_id == second.id)).one()
    browser = client_for(two)
    assert browser.get(f"/applications/{application.id}").status_code == 200
    consortia.end_membership(row.id, actor=make.actor(two), now=NOON)
    assert browser.get(f"/applications/{application.id}").status_code == 403
    assert answer_of(application, "GOV.1.1").point == 3
    assert make.db.session.scalars(select(AnswerPart).where(AnswerPart.member_id == second.id)).one().point == 1


def test_a_consortium_is_no_member_and_joins_nobody_twice(organisation, lead):
    member, person = joined(organisation, lead)
    with pytest.raises(Conflict, match="member of a consortium itself"):
        consortia.invite_member(member.id, "x@example.org", actor=make.actor(person), now=NOON)
    consortia.invite_member(organisation.id, person.email, actor=make.actor(lead), now=NOON)
    mail = make.db.session.scalars(
        select(MailMessage).where(MailMessage.text.contains("/invitations/")).order_by(MailMessage.id.desc()).limit(1)
    ).one()
    token = mail.text.partition("/invitations/")[2].split()[0]
    with pytest.raises(Conflict, match="already"):
        consortia.join_consortium(token, member.id, actor=make.actor(person), now=NOON)


def test_a_member_lends_a_copy_of_its_evidence_which_stays(organisation, lead):
    application = draft(organisation, lead, make.SMALL_FRAMEWORK)
    member, person = joined(organisation, lead)
    item = make.save(
        EvidenceItem(
            organisation_id=member.id, title="Policy", kind="statement", created_at=NOON, created_by_id=person.id
        )
    )
    make.save(
        EvidenceVersion(item_id=item.id, number=1, sha256="a" * 64, text="Ours", added_at=NOON, added_by_id=person.id)
    )
    behind = Behind(application.id, "GOV.1.1")
    copy_id = lending.lend_evidence(item.id, member.id, behind, actor=make.actor(person), now=NOON)
    assert lending.lend_evidence(item.id, member.id, behind, actor=make.actor(person), now=NOON) == copy_id
    copy = make.db.session.get(EvidenceItem, copy_id)
    assert (copy.organisation_id, copy.title, copy.versions[0].text) == (
        organisation.id,
        f"Policy ({member.name})",
        "Ours",
    )
    attached = make.db.session.scalars(select(AttachedEvidence)).all()
    assert [row.item_id for row in attached] == [copy_id]
    with pytest.raises(NotFound):
        lending.lend_evidence(copy_id, member.id, behind, actor=make.actor(person), now=NOON)


def test_each_parts_earlier_words_stay_in_the_history_with_who_and_when(organisation, lead, client_for):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    application = draft(organisation, lead)
    colleague = make.member(organisation, Role.CONTRIBUTOR)
    say(application, lead, "site", elm, 3, "Staff learn it.")
    say(application, lead, "site", oak, 2, "Staff read it.")
    say(application, lead, "site", oak, 2, "Staff read it twice.", version=1)
    say(application, colleague, "site", elm, 1, "Nobody knows.", version=1)
    page = client_for(lead).get(f"/applications/{application.id}/criteria/{SAFE}/history")
    entries = page.text.split('<li id="change-')[1:]
    assert len(entries) == 3  # what one person writes for one site in one sitting stands together
    assert "Elm House: changed what it says" in entries[0] and colleague.name in entries[0]
    assert "learn" in entries[0] and "Oak" not in entries[0]
    assert "Oak Lodge: changed what it says" in entries[1] and "twice" in entries[1]
    assert "copy them into the part" in page.text and "Bring these words back" not in page.text


def test_when_the_last_site_is_closed_the_answer_is_marked_until_a_site_opens_again(organisation, lead):
    elm = add_site(organisation, lead, "Elm House")
    application = draft(organisation, lead)
    say(application, lead, "site", elm, 3)
    sites.close_site(elm, True, actor=make.actor(lead), now=NOON)
    assert answer_of(application).point == 3 and "answered once now" in answer_of(application).review
    sites.close_site(elm, False, actor=make.actor(lead), now=NOON)
    assert answer_of(application).review == ""


def test_parts_go_over_to_the_next_edition_and_saving_one_unchanged_takes_the_mark_off(organisation, lead):
    elm, oak = add_site(organisation, lead, "Elm House"), add_site(organisation, lead, "Oak Lodge")
    scheme = make.scheme()
    old = make.application(organisation, make.edition(scheme, ASKS_SITES, code="small-mark"), started_by=lead)
    say(old, lead, "site", elm, 3, "Staff learn it.")
    say(old, lead, "site", oak, 2, "Staff read it.")
    later = make.edition(scheme, NEXT_EDITION, code="small-mark", edition="2027")
    new = make.db.session.get(
        type(old), carrying.carry_over(old.id, later.id, "bronze", actor=make.actor(lead), now=NOON)
    )
    answer = answer_of(new)
    assert answer.point == 2 and "new wording" in answer.review
    rows = make.db.session.scalars(select(AnswerPart).where(AnswerPart.application_id == new.id)).all()
    assert {(row.site_id, row.point, row.reason) for row in rows} == {
        (elm, 3, "Staff learn it."),
        (oak, 2, "Staff read it."),
    }
    say(new, lead, "site", oak, 2, "Staff read it.", version=1)
    assert answer_of(new).review == ""
    say(new, lead, "site", oak, 3, "Staff know it.", version=1)
    assert answer_of(new).point == 3


def test_the_people_of_a_member_have_its_part_to_do_until_it_is_done(organisation, lead):
    application = draft(organisation, lead, BY_LEAD)
    (first, one), (_second, two) = joined(organisation, lead), joined(organisation, lead)

    def to_do(person):
        make.db.session.rollback()
        return [thing.when for thing in parts_to_do.things([organisation.id], make.actor(person), NOON.date())]

    assert to_do(one) == ["4 criteria wait for it"]
    assert to_do(two) == [] == to_do(lead)  # the lead member answers for all
    say(application, one, "member", first.id, 3, code="GOV.1.1")
    say(application, one, "member", first.id, None, "Still being written.", code="GOV.1.2")
    assert to_do(one) == ["3 criteria wait for it"]
