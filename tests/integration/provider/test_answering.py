"""A provider answers criterion by criterion, alone and with a colleague, with script and without."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.lifecycle import ApplicationMove, ApplicationStatus
from app.extensions import db
from app.models import Answer, AuditRow
from app.queries.sittings import whole_details
from tests import factories


def _url(application, code="GOV.1.1", more=""):
    return f"/applications/{application.id}/criteria/{code}{more}"


def _answer(application, code="GOV.1.1"):
    return db.session.scalars(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == code)
    ).first()


def test_an_answer_is_kept_and_the_next_criterion_follows(browser, draft):
    answer = {"point": "2", "reason": "Minutes of every meeting.\r\nSigned.", "version": "0"}
    response = browser.post(_url(draft), data=answer)
    assert response.location == _url(draft, "GOV.1.2")
    kept = _answer(draft)
    assert (kept.point, kept.reason, kept.version) == (2, "Minutes of every meeting.\nSigned.", 1)
    assert "1 of 4 criteria answered" in browser.get(_url(draft, "GOV.1.2")).text


def test_a_reason_without_a_level_is_kept_and_the_page_says_what_is_missing(browser, draft):
    page = browser.post(_url(draft), data={"reason": "We meet.", "version": "0"}, follow_redirects=True).text
    assert "GOV.1.1 still needs a level" in page
    assert _answer(draft).point is None


def test_a_level_off_the_scale_is_refused_and_the_words_stay(browser, draft):
    for point in ("7", "-1", "²", "two"):
        response = browser.post(_url(draft), data={"point": point, "reason": "Kept words", "version": "0"})
        assert response.status_code == 422
        assert "Choose one of the levels shown" in response.text and "Kept words" in response.text
    assert _answer(draft) is None


def test_autosave_keeps_half_an_answer_and_counts_whole_ones(browser, draft):
    half = browser.post(_url(draft, more="/autosave"), data={"reason": "Half a", "version": "0"})
    assert half.json == {
        "saved_at": "12:00",
        "version": 1,
        "progress": {"done": 0, "total": 4, "words": "0 of 4 criteria answered"},
    }
    whole = browser.post(
        _url(draft, more="/autosave"), data={"point": "1", "reason": "Half a sentence", "version": "1"}
    )
    assert (whole.json["version"], whole.json["progress"]["done"]) == (2, 1)
    long = browser.post(_url(draft, more="/autosave"), data={"reason": "x" * 10_001, "version": "2"})
    assert long.status_code == 422 and "10,000" in long.json["errors"]["reason"]


def test_autosaves_of_one_sitting_are_each_on_record_and_told_as_one_and_those_of_the_next_are_not(
    browser, draft, clock
):
    for version, words in enumerate(("A", "A b", "A b c")):
        browser.post(_url(draft, more="/autosave"), data={"reason": words, "version": version})
        clock.forward(minutes=4)
    (row,) = db.session.scalars(select(AuditRow).where(AuditRow.action == "answer.recorded"))
    assert row.detail["after"]["reason"] == "A"
    told = whole_details(db.session(), [row])[row.id]
    assert told["before"] is None and told["after"]["reason"] == "A b c"
    saves = db.session.scalars(
        select(AuditRow).where(AuditRow.action == "answer.continued").order_by(AuditRow.id)
    ).all()
    assert [save.detail["change"]["put"] for save in saves] == [" b", " c"]
    browser.post(_url(draft, more="/autosave"), data={"reason": "A b c d", "version": 3})
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "answer.recorded").order_by(AuditRow.id)).all()
    assert [row.detail["before"] and row.detail["before"]["reason"] for row in rows] == [None, "A b c"]


def test_what_was_handed_in_stays_on_the_trail_though_it_is_changed_again_within_minutes(browser, draft, clock):
    browser.post(_url(draft, more="/autosave"), data={"reason": "As handed in", "version": 0})
    clock.forward(minutes=1)
    for move in (ApplicationMove.SUBMIT, ApplicationMove.SEND_BACK):
        draft.make(move, clock())
    db.session.commit()
    clock.forward(minutes=1)
    browser.post(_url(draft, more="/autosave"), data={"reason": "As changed later", "version": 1})
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "answer.recorded").order_by(AuditRow.id)).all()
    assert [row.detail["after"]["reason"] for row in rows] == ["As handed in", "As changed later"]


def test_two_colleagues_who_edit_one_answer_are_told_and_lose_nothing(browser, client_for, provider, draft):
    colleague = factories.member(provider, name="Rose Hall")
    client_for(colleague).post(_url(draft), data={"point": "1", "reason": "What Rose wrote", "version": "0"})

    mine = {"point": "2", "reason": "What I wrote", "version": "0"}
    autosaved = browser.post(_url(draft, more="/autosave"), data=mine)
    assert autosaved.status_code == 409
    assert autosaved.json["theirs"] == {"Level": "Started", "Reason": "What Rose wrote"}
    assert (autosaved.json["by"], autosaved.json["version"]) == ("Rose Hall", 1)

    page = browser.post(_url(draft), data=mine)
    assert page.status_code == 409
    assert "What Rose wrote" in page.text and "What I wrote" in page.text and "Rose Hall wrote" in page.text
    assert 'name="version" type="hidden" value="1"' in page.text
    assert _answer(draft).reason == "What Rose wrote"

    kept_mine = browser.post(_url(draft), data={**mine, "version": "1"})
    assert kept_mine.status_code == 302
    assert (_answer(draft).reason, _answer(draft).version) == ("What I wrote", 2)


def test_the_same_save_sent_twice_is_no_conflict(browser, draft):
    answer = {"point": "2", "reason": "Sent twice", "version": "0"}
    assert [browser.post(_url(draft), data=answer).status_code for _ in range(2)] == [302, 302]
    assert _answer(draft).version == 1


def test_not_applicable_is_open_only_where_the_scale_allows_it(browser, provider, lead):
    strict = factories.edition(
        source=factories.SMALL_FRAMEWORK.replace("not_applicable: with-reason", "not_applicable: never")
    )
    application = factories.application(provider, strict, started_by=lead)
    answer = {"point": "na", "reason": "Not for us", "version": "0"}
    response = browser.post(_url(application), data=answer)
    assert response.status_code == 422 and "cannot be marked as not applicable" in response.text
    loose = factories.application(provider, factories.edition(), started_by=lead)
    browser.post(_url(loose), data=answer)
    assert _answer(loose).not_applicable


def test_a_criterion_that_does_not_concern_the_provider_is_not_asked(client_for, storage):
    without_staff = factories.organisation(facts={"staff": 0})
    browser = client_for(factories.member(without_staff))
    application = factories.application(without_staff, factories.edition())
    assert browser.get(_url(application, "SAFE.1.2")).status_code == 404
    refused = browser.post(_url(application, "SAFE.1.2", "/autosave"), data={"point": "1", "version": "0"})
    assert refused.status_code == 403
    assert "not asked of your organisation" in refused.get_data(as_text=True)
    assert "0 of 3 criteria answered" in browser.get(f"/applications/{application.id}").text


def test_nobody_answers_for_another_organisation_or_after_it_was_handed_in(browser, client_for, draft):
    stranger = client_for(factories.member(factories.organisation()))
    for path in ("", "/autosave"):
        assert stranger.post(_url(draft, more=path), data={"point": "3", "version": "0"}).status_code == 404
    draft.status = ApplicationStatus.SUBMITTED
    db.session.commit()
    late = browser.post(_url(draft, more="/autosave"), data={"point": "3", "version": "0"})
    assert late.status_code == 409
    assert _answer(draft) is None
    assert "cannot be changed now" in browser.get(_url(draft)).text
