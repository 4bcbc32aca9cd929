"""Earlier words of an answer, and two people's words at once: nothing that anybody wrote is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import Answer, AuditRow
from app.queries.sittings import BEGUN, whole_details
from tests import factories

BASE = "Trustees meet four times a year. Minutes are kept."


def _url(application, more="", code="GOV.1.2"):
    return f"/applications/{application.id}/criteria/{code}{more}"


def _save(browser, application, reason, version, point="2", was=None, **more):
    data = {"point": point, "reason": reason, "version": version, **more}
    if was is not None:
        data |= {"was_reason": was, "was_point": "2"}
    return browser.post(_url(application), data=data)


def _stored(application):
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.application_id == application.id)).one()


def _history(browser, application, page=1):
    return unescape(browser.get(_url(application, f"/history?page={page}")).text)


def _rows():
    return db.session.scalars(select(AuditRow).where(AuditRow.subject == "answer").order_by(AuditRow.id)).all()


@pytest.fixture
def written(browser, draft):
    """The draft with one answer at version 1."""
    _save(browser, draft, BASE, 0)
    return draft


def test_the_history_tells_who_wrote_what_when_with_its_marks(browser, colleague, lead, written, clock):
    clock.forward(minutes=30)
    _save(colleague, written, BASE.replace("four", "six"), 1, point="3")
    page = _history(browser, written)
    assert page.index("Changed the answer") < page.index("Wrote the first answer")
    assert re.search(r"<del>.*?four.*?</del><ins>.*?six.*?</ins>", page)
    assert "Rose Hall, 16 Nov 2026 at 12:30. Level: 2 In place, then 3 Embedded and reviewed" in page
    assert f"{lead.name}, 16 Nov 2026 at 12:00" in page


def test_evidence_that_came_and_went_stands_in_the_history(browser, draft):
    here = _url(draft, code="GOV.1.1")
    link = {"kind": "link", "url": "https://example.org/minutes", "title": "Minutes of May"}
    browser.post(f"{here}/evidence", data=link)
    attached = re.search(r'name="attached" value="(\d+)"', browser.get(here).text)
    browser.post(f"{here}/detach", data={"attached": attached[1]})
    page = browser.get(f"{here}/history").text
    assert page.index("Evidence taken off</b>: Minutes of May") < page.index("Evidence attached</b>: Minutes of May")


def test_earlier_words_come_back_as_a_new_version_and_nothing_is_lost(browser, written, clock):
    first = _rows()[0]
    clock.forward(minutes=30)
    _save(browser, written, "Something else altogether.", 1)
    clock.forward(minutes=1)
    assert (
        browser.post(_url(written, f"/history/{first.id}"), data={"version": "2", "side": "after"}).status_code == 302
    )
    answer = _stored(written)
    assert (answer.reason, answer.version) == (BASE, 3)
    _save(browser, written, BASE + " And signed.", 3)  # in the same ten minutes, and still a change of its own
    page = _history(browser, written)
    assert "Earlier words brought back" in page and "Something else altogether." in page
    assert [row.action for row in _rows()] == ["answer.recorded"] * 2 + ["answer.restored", "answer.recorded"]


def test_earlier_words_are_not_brought_back_over_a_colleagues_or_after_handing_in(browser, colleague, written, clock):
    first = _rows()[0]
    clock.forward(minutes=30)
    _save(browser, written, "Second words.", 1)
    _save(colleague, written, "Rose's words.", 2)
    back = _url(written, f"/history/{first.id}")
    page = browser.post(back, data={"version": "2", "side": "after"}, follow_redirects=True).text
    assert "A colleague changed this answer while you looked" in page
    assert _stored(written).reason == "Rose's words."
    db.session.get(type(written), written.id).status = ApplicationStatus.SUBMITTED
    db.session.commit()
    assert "no earlier words can be brought back now" in _history(browser, written)
    assert browser.post(back, data={"version": "3", "side": "after"}).status_code == 409


def test_a_change_of_another_answer_brings_nothing_back(browser, written, client_for):
    other = client_for(factories.member(factories.organisation()))
    first = _rows()[0]
    browser.post(_url(written, code="GOV.1.1"), data={"point": "1", "reason": "Another answer", "version": "0"})
    wrong = browser.post(_url(written, f"/history/{first.id}", "GOV.1.1"), data={"version": "1", "side": "after"})
    assert wrong.status_code == 404
    assert browser.post(_url(written, f"/history/{first.id}"), data={"version": "1", "side": "up"}).status_code == 404
    assert other.post(_url(written, f"/history/{first.id}"), data={"version": "1"}).status_code == 404


def test_much_that_is_taken_out_within_one_sitting_can_be_brought_back(browser, draft, clock):
    long = " ".join(f"Sentence {n} of a long answer." for n in range(10))
    for version, words in enumerate((long[:40], long, "", "Anew")):
        browser.post(_url(draft, "/autosave"), data={"reason": words, "version": version})
        clock.forward(seconds=20)
    rows = [row for row in _rows() if row.action == BEGUN]
    told = whole_details(db.session(), rows)
    assert [told[row.id]["after"]["reason"] for row in rows] == [long, "Anew"]
    assert "Sentence 9 of a long answer." in _history(browser, draft)


def test_changes_in_different_places_are_merged_and_marked(browser, colleague, written):
    _save(colleague, written, BASE.replace("four", "six"), 1, was=BASE)
    page = _save(browser, written, BASE + " We publish them.", 1, was=BASE)
    assert page.status_code == 409
    text = unescape(page.text)
    assert "You changed different places" in text and "What Rose Hall wrote" in text
    assert re.search(r"<ins>.*?We publish them\.", text) and re.search(r"<ins>.*?six", text)
    merged = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", text, re.S)[1]
    assert merged == "Trustees meet six times a year. Minutes are kept. We publish them."
    assert _stored(written).reason == BASE.replace("four", "six")
    _save(browser, written, merged, 2, was=BASE.replace("four", "six"))
    assert _stored(written).reason == merged


def test_changes_of_one_place_both_stand_in_the_merged_text(browser, colleague, written):
    _save(colleague, written, BASE + " Rose adds this.", 1, was=BASE)
    text = unescape(_save(browser, written, BASE + " I add that.", 1, was=BASE, point="3").text)
    assert "both versions stand there, yours first" in text
    assert BASE + " I add that. Rose adds this." in text
    assert "You chose different levels" in text


def test_words_given_up_for_a_colleagues_can_still_be_brought_back(browser, colleague, written):
    _save(colleague, written, "Rose's words.", 1)
    mine = {"point": "2", "reason": "My words.", "version": "1"}
    assert browser.post(_url(written), data={**mine, "then": "theirs"}).status_code == 302
    assert _stored(written).reason == "Rose's words."
    (aside,) = [row for row in _rows() if row.action == "answer.set-aside"]
    browser.post(_url(written, f"/history/{aside.id}"), data={"version": "2", "side": "after"})
    assert _stored(written).reason == "My words."


def test_a_third_save_meanwhile_leads_to_the_choice_again_with_all_words(browser, colleague, written):
    _save(colleague, written, "Rose's first words.", 1, was=BASE)
    _save(browser, written, "My words.", 1, was=BASE)
    _save(colleague, written, "Rose's first words. And more.", 2, was="Rose's first words.")
    again = _save(browser, written, "My words.", 2, was="Rose's first words.")
    assert again.status_code == 409
    assert "My words." in again.text and "And more." in again.text
    assert _stored(written).reason == "Rose's first words. And more."


def test_without_what_stood_before_what_both_share_stands_once(browser, colleague, written):
    _save(colleague, written, "First by Rose. " + BASE, 1)
    text = unescape(_save(browser, written, BASE + " Last by me.", 1).text)
    assert "First by Rose. " + BASE + " Last by me.</textarea>" in text


def test_the_history_takes_as_many_statements_for_many_changes_as_for_few(browser, written, clock, count_statements):
    def sent():
        with count_statements() as statements:
            page = browser.get(_url(written, "/history"))
        assert page.status_code == 200
        return len(statements)

    few = sent()
    for version in range(1, 31):
        clock.forward(minutes=30)
        _save(browser, written, f"Version {version} of it.", version)
    assert sent() == few
    assert "Wrote the first answer" in _history(browser, written, 2)
