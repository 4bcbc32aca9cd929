"""A provider brings a certificate, a scheme checks it, and it answers criteria for as long as it stands."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import url_for

from app.domain.certificates_held import CheckMove, CheckState
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.lifecycle import AwardStatus
from app.domain.scoring import Passported
from app.extensions import db
from app.models import Application, AuditRow, EvidenceItem, EvidenceVersion, Interest, Passport
from app.queries.self_assessments import self_assessment_of
from app.services import passports, using_passports
from tests import factories as make
from tests.conftest import NOON
from tests.integration.passports.holding import CERTIFICATE, CYBER, TAKES, TODAY, bring, check, mails

LAST = CERTIFICATE.ends_on
FORM = {
    "choice": CYBER,
    "number": "CE-4711",
    "holder": "The Provider",
    "issued_on-day": "1",
    "issued_on-month": "3",
    "issued_on-year": str(TODAY.year - 1),
    "ends_on-day": str(LAST.day),
    "ends_on-month": str(LAST.month),
    "ends_on-year": str(LAST.year),
}


def work_on(application, day=TODAY):
    db.session.expire_all()
    return self_assessment_of(db.session(), db.session.get(Application, application.id), today=day)


def test_a_certificate_is_brought_with_its_proof_checked_and_then_answers_a_criterion(
    browser, office, provider, scheme, draft
):
    here = f"/organisations/{provider.id}/held-elsewhere"
    sent = browser.post(f"{here}/new", data={**FORM, "ask": str(scheme.id), "file": (BytesIO(b"Proof."), "ce.txt")})
    assert sent.status_code == 302
    page = browser.get(sent.location).text
    assert "Cyber Essentials, certified" in page and "Waiting to be checked" in page and "GOV.1.1, GOV.1.2" in page
    assert db.session.scalar(db.select(EvidenceItem.title)) == "Cyber Essentials, certified, CE-4711"
    assert "Waiting for the scheme" in browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text
    assert not work_on(draft).passports.answered

    listed = office.get(f"/schemes/{scheme.code}/passports").text
    assert provider.name in listed
    passport_id = db.session.scalar(db.select(Passport.id))
    one = f"/schemes/{scheme.code}/passports/{passport_id}"
    assert "ce.txt" in office.get(one).text
    assert office.post(one, data={"move": "accept", "version": "1"}).status_code == 302

    page = browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text
    assert "Answered by your certificate" in page and "counts as “2 In place”" in page
    assert "By certificate" in browser.get(f"/applications/{draft.id}").text
    assert "Accepted" in browser.get(here).text


def test_what_it_answers_is_done_lacks_nothing_and_counts_in_the_outcome(provider, lead, scheme, manager, draft):
    passport_id = bring(provider, lead, CYBER, scheme)
    before = work_on(draft)
    assert {"GOV.1.1", "GOV.1.2"} <= before.blocked and before.done == 0
    check(scheme, passport_id, manager)
    after = work_on(draft)
    assert after.done == 2
    assert after.blocked == before.blocked - {"GOV.1.1", "GOV.1.2"}
    title = "Cyber Essentials, certified"
    assert after.passports.scores == {"GOV.1.1": Passported(title, LAST, 2), "GOV.1.2": Passported(title, LAST, 1)}
    assert not set(after.outcome.missing) & {"GOV.1.1", "GOV.1.2"}


def test_its_last_day_counts_and_on_the_day_after_the_criterion_is_open_again(provider, lead, scheme, manager, draft):
    check(scheme, bring(provider, lead, CYBER, scheme), manager)
    assert "GOV.1.1" in work_on(draft, LAST).passports.answered
    assert "GOV.1.1" in work_on(draft, LAST + timedelta(days=1)).blocked


def test_two_schemes_say_different_things_and_each_is_heard_only_by_itself(provider, lead, scheme, manager, draft):
    other = make.edition(source=TAKES)
    theirs = make.officer(other.scheme, *make.actor(manager).schemes[scheme.id])
    there = make.application(provider, other, started_by=lead)
    passport_id = bring(provider, lead, CYBER, scheme, other.scheme)
    check(scheme, passport_id, manager)
    check(other.scheme, passport_id, theirs, CheckMove.REFUSE)
    assert "GOV.1.1" in work_on(draft).passports.answered
    assert not work_on(there).passports.answered
    assert mails("does not accept your certificate") == mails("accepts your certificate") == [lead.email]


def test_a_revoked_certificate_opens_what_it_answered_at_once(office, provider, lead, scheme, manager, draft):
    passport_id = bring(provider, lead, CYBER, scheme)
    check(scheme, passport_id, manager)
    one = f"/schemes/{scheme.code}/passports/{passport_id}"
    assert "Say why" in office.post(one, data={"version": "1"}).text
    assert office.post(one, data={"version": "1", "reason": "They took it back."}).status_code == 302
    assert "GOV.1.1" in work_on(draft).blocked
    assert mails("They took it back.") == [lead.email]


def test_a_refused_one_says_why_and_is_brought_again(browser, provider, lead, scheme, manager, draft):
    first = bring(provider, lead, CYBER, scheme)
    check(scheme, first, manager, CheckMove.REFUSE)
    here = f"/organisations/{provider.id}/held-elsewhere/{first}"
    page = browser.get(here).text
    assert "The number is not on their list." in page and "Bring it again" in page
    assert browser.get(f"{here}/change").status_code == 200
    assert "can no longer be changed" in browser.post(f"{here}/change", data={**FORM, "version": "1"}).text
    sent = browser.post(f"{here}/renew", data={**FORM, "url": "https://example.org/check"})
    assert sent.status_code == 302
    second = db.session.scalar(db.select(Passport).where(Passport.replaces_id == first))
    assert [(each.scheme_id, each.state) for each in second.checks] == [(scheme.id, CheckState.WAITING)]


def test_a_renewed_one_takes_over_without_a_gap(provider, lead, scheme, manager, draft):
    first = bring(provider, lead, CYBER, scheme, ends_on=TODAY + timedelta(days=10))
    check(scheme, first, manager)
    second = bring(provider, lead, CYBER, scheme, number="CE-4712")
    check(scheme, second, manager)
    for day in (TODAY, TODAY + timedelta(days=10), TODAY + timedelta(days=11), LAST):
        assert "GOV.1.1" in work_on(draft, day).passports.answered, day


def test_what_waits_can_be_corrected_and_the_office_never_accepts_what_it_did_not_see(
    browser, office, provider, lead, scheme, manager
):
    passport_id = bring(provider, lead, CYBER, scheme)
    here = f"/organisations/{provider.id}/held-elsewhere/{passport_id}"
    changed = {**FORM, "number": "CE-4799", "version": "1"}
    assert browser.post(f"{here}/change", data=changed).status_code == 302
    stale = browser.post(f"{here}/change", data={**changed, "number": "CE-9", "version": "1"})
    assert stale.status_code == 409 and "CE-9" in stale.text
    again = {**changed, "version": "2", "file": (BytesIO(b"A clearer copy."), "copy.txt")}
    assert browser.post(f"{here}/change", data=again).status_code == 302
    assert all(db.session.scalars(db.select(EvidenceVersion.handed_in)))  # neither proof can be edited unseen
    one = f"/schemes/{scheme.code}/passports/{passport_id}"
    sent = office.post(one, data={"move": "accept", "version": "2"})
    assert sent.status_code == 409 and "CE-4799" in sent.text
    assert office.post(one, data={"move": "accept", "version": "3"}).status_code == 302


def test_what_no_framework_takes_is_kept_and_answers_nothing(provider, lead, scheme, draft):
    bring(provider, lead, "another", scheme, title="Investors in People")
    assert db.session.scalar(db.select(Passport.title)) == "Investors in People"
    here = work_on(draft).passports
    assert not here.answered and not here.waiting


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"choice": ""}, "Choose which certificate it is"),
        ({"number": ""}, "Enter the number"),
        ({"ends_on-year": "2001"}, "It ended on"),
        ({"endless": "y"}, "Not both"),
        ({"issued_on-year": "2199"}, "cannot be in the future"),
        ({"url": "not an address"}, "Enter a web address"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field_and_nothing_is_lost(browser, provider, scheme, changes, words):
    sent = browser.post(f"/organisations/{provider.id}/held-elsewhere/new", data={**FORM, "url": "", **changes})
    assert sent.status_code == 422
    assert words in sent.text and "The Provider" in sent.text
    assert db.session.scalar(db.select(Passport.id)) is None


def test_without_a_file_or_a_page_nothing_shows_it(browser, provider, scheme):
    sent = browser.post(f"/organisations/{provider.id}/held-elsewhere/new", data=FORM)
    assert "Bring a file that shows it" in sent.text


def test_the_provider_may_answer_itself_and_leave_it_to_the_certificate_again(
    browser, provider, lead, scheme, manager, draft
):
    check(scheme, bring(provider, lead, CYBER, scheme), manager)
    here = f"/applications/{draft.id}/criteria/GOV.1.1"
    browser.post(f"{here}/myself", data={"myself": "yes"})
    page = browser.get(here).text
    assert "You answer this yourself" in page and "Save and next" in page
    assert "GOV.1.1" in work_on(draft).blocked
    browser.post(f"{here}/myself", data={"myself": "no"})
    assert "GOV.1.1" not in work_on(draft).blocked
    assert "Save and next" not in browser.get(here).text


def test_an_award_of_another_scheme_kept_here_counts_without_proof_while_it_stands(provider, lead, edition, draft):
    fire = make.edition(make.scheme(code="fire-mark"))
    award = make.award(make.application(provider, fire, started_by=lead))
    assert "GOV.1.2" in work_on(draft, award.expires_on).passports.answered
    assert "GOV.1.2" not in work_on(draft, award.expires_on + timedelta(days=1)).passports.answered
    award.status = AwardStatus.SUSPENDED
    db.session.commit()
    assert "GOV.1.2" not in work_on(draft).passports.answered


def test_nobody_checks_for_an_organisation_that_they_are_tied_to(provider, lead, scheme, manager):
    passport_id = bring(provider, lead, CYBER, scheme)
    make.save(Interest(user_id=manager.id, organisation_id=provider.id, nature="Trustee.", declared_at=NOON))
    with pytest.raises(NotAllowed, match="another manager"):
        check(scheme, passport_id, manager)


def test_a_scheme_that_was_not_asked_sees_neither_the_certificate_nor_its_proof(
    client_for, provider, lead, scheme, manager
):
    passport_id = bring(provider, lead, CYBER, scheme)
    version_id = db.session.get(Passport, passport_id).proof_id
    other = make.edition(source=TAKES).scheme
    stranger = client_for(make.officer(other, *make.actor(manager).schemes[scheme.id]))
    assert client_for(manager).get(f"/evidence/{version_id}/file").status_code == 200
    assert stranger.get(f"/evidence/{version_id}/file").status_code in {403, 404}
    assert stranger.get(f"/schemes/{other.code}/passports/{passport_id}").status_code == 404
    assert stranger.get(f"/schemes/{scheme.code}/passports/{passport_id}").status_code in {403, 404}
    assert provider.name not in stranger.get(f"/schemes/{other.code}/passports").text


def test_what_was_taken_back_before_anybody_looked_is_nobodys_any_more(client_for, provider, lead, scheme, manager):
    passport_id = bring(provider, lead, CYBER, scheme)
    version_id = db.session.get(Passport, passport_id).proof_id
    passports.withdraw_passport(passport_id, actor=make.actor(lead), now=NOON)
    office = client_for(manager)
    assert office.get(f"/evidence/{version_id}/file").status_code in {403, 404}
    assert office.get(f"/schemes/{scheme.code}/passports/{passport_id}").status_code == 404
    with pytest.raises(Conflict, match="took this certificate back"):
        check(scheme, passport_id, manager)


def test_a_certificate_is_never_used_for_another_organisation(provider, lead, scheme, manager, draft, edition):
    check(scheme, bring(provider, lead, CYBER, scheme), manager)
    elsewhere = make.application(make.organisation(facts={"staff": 3}), edition)
    assert not work_on(elsewhere).passports.answered
    with pytest.raises(NotFound):
        using_passports.answer_myself(draft.id, "GOV.1.1", True, actor=make.actor(make.user()), now=NOON, today=TODAY)


def test_every_step_is_on_record(provider, lead, scheme, manager, draft):
    passport_id = bring(provider, lead, CYBER, scheme)
    check(scheme, passport_id, manager)
    check(scheme, passport_id, manager, CheckMove.REVOKE)
    rows = db.session.execute(
        db.select(AuditRow.action, AuditRow.actor_name).where(AuditRow.subject == "passport").order_by(AuditRow.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("passport.added", "Lead Lane"),
        ("passport.check-asked", "Lead Lane"),
        ("passport.accepted", "Manager Morgan"),
        ("passport.revoked", "Manager Morgan"),
    ]


def test_checking_twice_changes_nothing_and_tells_nobody_again(provider, lead, scheme, manager):
    passport_id = bring(provider, lead, CYBER, scheme)
    check(scheme, passport_id, manager)
    check(scheme, passport_id, manager)
    assert mails("accepts your certificate") == [lead.email]


def test_a_page_takes_one_statement_more_where_passports_are_named(count_statements, provider, lead, edition, draft):
    plain = make.application(provider, make.edition(), started_by=lead)
    work_on(plain), work_on(draft)  # what is read once for each worker is read
    with count_statements() as without:
        work_on(plain)
    with count_statements() as with_passports:
        work_on(draft)
    assert len(with_passports) == len(without) + 1


def test_pages_of_many_criteria_ask_no_answer_where_a_certificate_gives_it(
    browser, provider, lead, scheme, manager, draft
):
    check(scheme, bring(provider, lead, CYBER, scheme), manager)
    with browser.application.test_request_context():
        many, full = (
            url_for(view, application_id=draft.id) for view in ("provider.answer_many", "provider.application_in_full")
        )
    asked = browser.get(many).text
    assert "SAFE.1.1" in asked and "answer-GOV.1.1" not in asked and "2 of 4 criteria answered" in asked
    assert "Answered by Cyber Essentials, certified" in browser.get(full).text
