"""Colleagues talk about a criterion and hand it to each other, and nobody outside the provider hears of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus
from app.domain.to_do import Kind
from app.extensions import db
from app.models import (
    AdviserGrant,
    Answer,
    AttachedEvidence,
    AuditRow,
    Comment,
    EvidenceItem,
    HandedOver,
    Membership,
    Notice,
    User,
)
from app.queries.to_do import criteria, handed_over
from tests import factories
from tests.conftest import NOON
from tests.integration import everything

TODAY = NOON.date()


@pytest.fixture
def rose(provider):
    return factories.member(provider, Role.CONTRIBUTOR, name="Rose Hall", email="rose@example.org")


def _url(application, code="GOV.1.2", more=""):
    return f"/applications/{application.id}/criteria/{code}{more}"


def _say(browser, application, words, code="GOV.1.2"):
    return browser.post(_url(application, code, "/comments"), data={"comment": words})


def _hand(browser, application, to, codes=("GOV.1.2",), **more):
    data = {"to": to.id, "codes": list(codes), "due_on-day": "", "due_on-month": "", "due_on-year": "", **more}
    return browser.post(f"/applications/{application.id}/hand-over", data=data)


def _mail():
    """What waits for the day's e-mail of each person."""
    told = select(User.email, Notice.subject).join(User, User.id == Notice.user_id).order_by(Notice.id)
    return [(address, subject) for address, subject in db.session.execute(told)]


def _answer(application, code, by, point=2, reason="We do."):
    values = {"point": point, "reason": reason, "updated_at": NOON, "updated_by_id": by.id}
    factories.save(Answer(application_id=application.id, criterion_code=code, **values))


def test_a_comment_is_read_by_colleagues_in_order_with_its_lines(browser, client_for, draft, rose):
    _say(browser, draft, "First line.\r\nSecond <b>line</b>.")
    _say(client_for(rose), draft, "I have asked the chair.")
    page = browser.get(_url(draft)).text
    assert "First line.\nSecond &lt;b&gt;line&lt;/b&gt;." in page
    assert page.index("First line.") < page.index("I have asked the chair.")
    assert "2 comments" in browser.get(f"/applications/{draft.id}").text


def test_those_who_wrote_there_before_are_told_of_a_comment_and_its_author_never(
    browser, client_for, draft, lead, rose
):
    _answer(draft, "GOV.1.2", lead)
    _say(client_for(rose), draft, "Is this still so?")
    _say(browser, draft, "Yes, since May.")
    gone = factories.member(draft.organisation, Role.CONTRIBUTOR)
    _say(client_for(gone), draft, "I am leaving.")
    db.session.delete(db.session.query(Membership).filter_by(user_id=gone.id).one())
    db.session.commit()
    before = len(_mail())
    _say(browser, draft, "Thank you, all.")
    assert _mail()[:2] == [
        (lead.email, "Rose Hall wrote a comment on GOV.1.2 Trustees know their duties"),
        ("rose@example.org", f"{lead.name} wrote a comment on GOV.1.2 Trustees know their duties"),
    ]
    assert [address for address, _ in _mail()[before:]] == ["rose@example.org"]


def test_a_comment_that_is_empty_or_too_long_is_refused_with_its_words(browser, draft):
    assert "Write a comment first." in _say(browser, draft, " \n ").text
    long = _say(browser, draft, "word " * 401)
    assert long.status_code == 422 and "This one has 2,004." in long.text and "word word word" in long.text
    assert db.session.scalars(select(Comment)).all() == []
    assert [_say(browser, draft, "Pressed twice").status_code for _ in range(2)] == [302, 302]
    assert len(db.session.scalars(select(Comment)).all()) == 1


def test_only_its_author_changes_a_comment_or_takes_it_back_and_may_put_it_back(browser, client_for, draft, rose):
    _say(browser, draft, "Written in haste.")
    comment = db.session.scalars(select(Comment)).one()
    theirs, edit = client_for(rose), f"/applications/{draft.id}/comments/{comment.id}"
    take, put = (_url(draft, more=f"/comments/{comment.id}/{verb}") for verb in ("take-back", "put-back"))
    assert [theirs.get(edit).status_code, theirs.post(take).status_code] == [403, 403]
    assert browser.post(edit, data={"comment": "Written again."}).status_code == 302
    browser.post(take)
    assert "Written again." in browser.get(_url(draft)).text
    read = theirs.get(_url(draft)).text
    assert "Taken back." in read and "Written" not in read
    browser.post(put)
    assert "Written again." in theirs.get(_url(draft)).text


def test_comments_go_on_after_submission_and_no_scheme_assessor_or_panel_reads_them(app, client_for):
    side, _ = everything.afresh()
    people = side.people
    lead = client_for(people[Role.LEAD])
    for application in (side.application, side.in_assessment):
        assert _say(lead, application, "Not for the scheme: the minutes of May are lost.", "GOV.1.1").status_code == 302
    assert "minutes of May are lost" in lead.get(_url(side.application, "GOV.1.1")).text
    here = f"/schemes/{side.scheme.code}"
    office = [f"{here}/cases/{side.application.id}", f"{here}/cases/{side.application.id}/areas/GOV", f"{here}/audit"]
    read = {
        Role.ASSESSOR: [f"/assessments/{side.assessment.id}", f"/assessments/{side.assessment.id}/criteria/GOV.1.1"],
        Role.PANEL_MEMBER: [f"/panels/{side.panel.id}", f"/panels/{side.panel.id}/areas/GOV"],
        Role.MANAGER: office,
        Role.AUDITOR: office,
    }
    for role, addresses in read.items():
        for address in addresses:
            page = client_for(people[role]).get(address)
            assert page.status_code == 200, address
            assert "minutes of May are lost" not in page.text and "omment written" not in page.text
        comment = client_for(people[role]).post(_url(side.application, "GOV.1.1", "/comments"), data={"comment": "x"})
        assert comment.status_code in {403, 404}
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action.like("comment.%"))).all()
    assert {(row.scheme_id, row.application_id, row.organisation_id) for row in rows} == {
        (None, None, side.organisation.id)
    }


def test_an_adviser_reads_comments_and_is_told_of_them_only_with_the_right_to_answer(browser, client_for, draft, lead):
    adviser = factories.user(name="Ann Adviser")
    grant = factories.save(
        AdviserGrant(
            organisation_id=draft.organisation_id,
            user_id=adviser.id,
            rights=["see", "answer"],
            granted_at=NOON,
            granted_by_id=lead.id,
        )
    )
    outside = client_for(adviser)
    assert _say(outside, draft, "Have you seen the new guide?").status_code == 302
    _say(browser, draft, "Not yet.")
    assert adviser.email in dict(_mail())
    grant.rights = ["see"]
    db.session.commit()
    page = outside.get(_url(draft))
    assert page.status_code == 200 and "Have you seen" not in page.text and 'id="comments"' not in page.text
    assert "1 comment" not in outside.get(f"/applications/{draft.id}").text
    told = len(_mail())
    _say(browser, draft, "I have read it now.")
    assert _say(outside, draft, "And?").status_code == 403 and len(_mail()) == told


def test_a_criterion_handed_over_stands_with_its_day_and_the_colleague_is_told(browser, client_for, draft, rose):
    day = {"due_on-day": "3", "due_on-month": "12", "due_on-year": "2026"}
    _hand(browser, draft, rose, note="Ask the chair first.", **{"from": "criterion"}, **day)
    page = client_for(rose).get(_url(draft)).text
    assert "Handed to you</b> by" in page and "to be done by 3 Dec 2026" in page and "Ask the chair first." in page
    assert "With you, by 3 Dec 2026" in client_for(rose).get(f"/applications/{draft.id}").text
    mail = db.session.scalars(select(Notice)).one()
    assert (_mail()[0][0], "by 3 Dec 2026" in mail.text, "Ask the chair first." in mail.text) == (
        "rose@example.org",
        True,
        True,
    )
    (thing,) = handed_over.things([draft.organisation_id], factories.actor(rose), TODAY)
    assert (thing.kind, thing.due_on, thing.path) == (Kind.HANDED_OVER, date(2026, 12, 3), _url(draft))
    assert "GOV.1.2" in thing.what


def test_ticked_criteria_and_whole_areas_go_over_at_once_with_one_message(browser, draft, lead, rose):
    assert "All 2 of this area" in browser.get(f"/applications/{draft.id}/hand-over").text
    _hand(browser, draft, rose, ["GOV.1.1"], areas=["SAFE"])
    codes = {row.criterion_code for row in db.session.scalars(select(HandedOver))}
    assert codes == {"GOV.1.1", "SAFE.1.1", "SAFE.1.2"}
    assert [subject for _, subject in _mail()] == [f"{lead.name} handed you 3 criteria of Small Mark 2026"]
    (thing,) = handed_over.things([draft.organisation_id], factories.actor(rose), TODAY)
    assert thing.what.startswith("Answer 3 criteria") and thing.path.endswith("?show=mine")


def test_what_cannot_be_handed_over_is_refused_all_at_once_and_the_ticks_stay(browser, draft, rose):
    stranger = factories.member(factories.organisation())
    yesterday = TODAY - timedelta(days=1)
    day = {"due_on-day": yesterday.day, "due_on-month": yesterday.month, "due_on-year": yesterday.year}
    page = _hand(browser, draft, stranger, ["GOV.1.1"], **day)
    assert page.status_code == 422 and "The date is in the past." in page.text
    assert 'value="GOV.1.1" checked' in page.text
    assert "does not work for your organisation" in _hand(browser, draft, stranger, ["GOV.1.1"]).text
    assert "Tick the criteria" in _hand(browser, draft, rose, []).text
    assert db.session.scalars(select(HandedOver)).all() == []


def test_it_is_over_by_itself_when_the_answer_is_whole_and_open_again_when_it_is_not(browser, draft, lead, rose):
    def waits():
        return bool(handed_over.things([draft.organisation_id], factories.actor(rose), TODAY))

    _hand(browser, draft, rose, ["GOV.1.1"])
    _answer(draft, "GOV.1.1", lead)
    assert waits()  # evidence is asked for, and there is none
    item = factories.save(
        EvidenceItem(
            organisation_id=draft.organisation_id,
            title="Minutes",
            kind="link",
            created_at=NOON,
            created_by_id=lead.id,
        )
    )
    attached = {"item_id": item.id, "attached_at": NOON, "attached_by_id": lead.id}
    factories.save(AttachedEvidence(application_id=draft.id, criterion_code="GOV.1.1", **attached))
    assert not waits()
    db.session.scalars(select(Answer)).one().reason = ""
    db.session.commit()
    assert waits()


def test_an_answer_that_was_whole_waits_until_somebody_says_it_is_done(browser, client_for, draft, lead, rose):
    _answer(draft, "GOV.1.2", lead)
    _hand(browser, draft, rose)
    assert handed_over.things([draft.organisation_id], factories.actor(rose), TODAY)
    row = db.session.scalars(select(HandedOver)).one()
    client_for(rose).post(_url(draft, more=f"/handed/{row.id}/done"))
    assert handed_over.things([draft.organisation_id], factories.actor(rose), TODAY) == []
    assert "Handed to Rose" not in browser.get(_url(draft)).text


def test_handing_on_moves_it_and_who_left_holds_nothing_even_after_coming_back(browser, clock, draft, lead, rose):
    _hand(browser, draft, rose)
    clock.forward(minutes=1)
    _hand(browser, draft, lead)
    assert "with you" in browser.get(f"/applications/{draft.id}").text.lower()
    assert handed_over.things([draft.organisation_id], factories.actor(rose), TODAY) == []
    _hand(browser, draft, rose)
    db.session.delete(db.session.query(Membership).filter_by(user_id=rose.id).one())
    db.session.commit()
    assert "Rose Hall" not in browser.get(f"/applications/{draft.id}").text.split('id="criteria"')[1]
    back = {"organisation_id": draft.organisation_id, "role": Role.CONTRIBUTOR}
    factories.save(Membership(user_id=rose.id, created_at=clock() + timedelta(hours=1), **back))
    assert handed_over.things([draft.organisation_id], factories.actor(rose), TODAY) == []


def test_the_list_narrows_to_a_state_with_counts_and_stays_whole_for_an_unknown_one(browser, draft, lead, rose):
    _answer(draft, "GOV.1.1", lead)
    _answer(draft, "SAFE.1.1", lead, point=None)
    _answer(draft, "SAFE.1.2", lead)
    db.session.query(Answer).filter_by(criterion_code="SAFE.1.2").one().review = "It has new wording."
    db.session.commit()
    _say(browser, draft, "Here", "SAFE.1.1")
    _hand(browser, draft, rose, ["SAFE.1.1", "GOV.1.2"])

    def shown(show):
        page = browser.get(f"/applications/{draft.id}?show={show}").text.split('id="criteria"')[1]
        return [code for code in everything.CODES if f">{code} " in page]

    assert shown("not-started") == ["GOV.1.2"]
    assert shown("started") == ["SAFE.1.1"]
    assert shown("needs-evidence") == ["GOV.1.1"]
    assert shown("look-again") == ["SAFE.1.2"]
    assert shown("comments") == ["SAFE.1.1"]
    assert shown(f"to-{rose.id}") == ["GOV.1.2", "SAFE.1.1"]
    assert shown("mine") == [] and shown("what-is-this") == list(everything.CODES)
    page = browser.get(f"/applications/{draft.id}").text
    assert f'show=to-{rose.id}#criteria">Handed to Rose Hall <span class="ts-filter__count">2</span>' in page
    assert "Handed to me" not in page


def test_open_applications_are_things_to_do_until_nothing_is_left_but_submitting(draft, lead):
    def thing():
        (found,) = criteria.things([draft.organisation_id], factories.actor(lead), TODAY)
        return found.what, found.when

    assert thing() == ("Answer the criteria of Small Mark 2026", "0 of 4 answered")
    for code in everything.CODES:
        _answer(draft, code, lead)
    assert thing() == ("Check and submit Small Mark 2026", "every criterion is answered")
    draft.status = ApplicationStatus.SUBMITTED
    db.session.commit()
    assert criteria.things([draft.organisation_id], factories.actor(lead), TODAY) == []


def test_things_to_do_take_as_many_statements_for_many_applications_as_for_one(
    browser, provider, lead, rose, draft, count_statements
):
    def sent():
        db.session.expire_all()
        with count_statements() as statements:
            handed_over.things([provider.id], factories.actor(rose), TODAY)
            criteria.things([provider.id], factories.actor(rose), TODAY)
        return len(statements)

    _hand(browser, draft, rose)
    sent()
    one = sent()
    for _ in range(3):
        _hand(
            browser,
            factories.application(provider, factories.edition(), started_by=lead),
            rose,
            ["GOV.1.1", "SAFE.1.1"],
        )
    sent()
    assert sent() == one
