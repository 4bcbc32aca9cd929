"""Beside the text of a draft: its mistakes and what may be written, what providers will see, what scores give."""

from __future__ import annotations

import json
import re

import pytest

from app.domain.access import Role
from app.frameworks.positions import MOST_BYTES
from tests import factories as make
from tests.html_audit import Page, words

BEST = "GOV.1.1:3,GOV.1.2:3,SAFE.1.1:3,SAFE.1.2:3"


@pytest.fixture
def scheme(app):
    return make.scheme()


@pytest.fixture
def manager(scheme, client_for):
    return client_for(make.officer(scheme, Role.MANAGER))


@pytest.fixture
def draft(scheme):
    return make.framework_draft(scheme, source=make.SMALL_FRAMEWORK)


def sent(browser, address: str, text: str):
    return browser.post(address, data=text.encode(), content_type="text/plain;charset=utf-8")


def test_the_mistakes_in_a_text_are_told_with_their_places(manager):
    text = make.SMALL_FRAMEWORK.replace("scale: fulfilment", "scale: fulfillment", 1)
    news = sent(manager, "/frameworks/check", text).json
    assert news["said"] == "The text has 1 mistake."
    assert news["problems"] == [
        {"line": 25, "column": 20, "message": "there is no scale `fulfillment`; did you mean `fulfilment`?"}
    ]
    assert sent(manager, "/frameworks/check", make.SMALL_FRAMEWORK).json["problems"] == []


def test_what_may_be_written_at_the_cursor_is_told_with_what_it_is_for(manager):
    text = make.SMALL_FRAMEWORK + "\naw"
    news = sent(manager, f"/frameworks/complete?line={text.count(chr(10)) + 1}&column=3", text).json
    offered = {option["label"]: option for option in news["options"]}
    assert news["column"] == 1
    assert "award" not in offered, "the text has it"
    assert offered["findings"]["about"] == "Grades of findings, and what each does to an award."


@pytest.mark.parametrize("address", ["/frameworks/check", "/frameworks/complete?line=1&column=1"])
def test_a_text_larger_than_any_framework_is_not_read(manager, address):
    answer = sent(manager, address, "#" * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert "which no framework needs" in answer.json["title"]


@pytest.mark.parametrize("place", ["line=0&column=0", "line=99999&column=99999", "line=x&column=-3", ""])
def test_a_place_outside_of_the_text_offers_nothing_and_breaks_nothing(manager, place):
    assert sent(manager, f"/frameworks/complete?{place}", "framework: x").status_code == 200


def test_the_editor_may_add_its_styles_on_its_own_page_alone(manager, draft):
    page = manager.get(f"/frameworks/drafts/{draft.id}")
    nonce = re.search(r'nonce="([^"]+)" data-editor-tools', page.text)[1]
    assert f"style-src 'self' 'nonce-{nonce}'" in page.headers["Content-Security-Policy"]
    again = manager.get(f"/frameworks/drafts/{draft.id}")
    assert nonce not in again.headers["Content-Security-Policy"]
    other = manager.get(f"/frameworks/drafts/{draft.id}/preview")
    assert "nonce" not in other.headers["Content-Security-Policy"]


def test_the_preview_shows_what_an_organisation_would_be_asked(manager, draft):
    address = f"/frameworks/drafts/{draft.id}/preview"
    everything = words(Page(manager.get(address).text).root)
    few = manager.get(address, query_string={"fact.staff": "0"}).text
    assert "is asked 4 of 4 criteria" in everything
    assert "is asked 3 of 4 criteria" in words(Page(few).root)
    assert "Not asked because how many people do you employ? is 0" in few
    assert "/preview/SAFE.1.2?fact.staff=0" in few, "the facts go on to the criterion's page"


def test_the_preview_of_a_criterion_is_the_page_that_providers_will_fill_in(manager, draft):
    page = Page(manager.get(f"/frameworks/drafts/{draft.id}/preview/GOV.1.1").text)
    text = words(page.root)
    for shown in ("Decisions need a record.", "Minutes of the last four meetings", "Embedded and reviewed"):
        assert shown in text
    disabled = [each for each in page.all("fieldset") if each.get("disabled") is not None]
    inside = {id(control) for group in disabled for control in group.iter() if control.tag in ("input", "textarea")}
    fields = [each for each in page.all("input", "textarea") if (each.get("name") or "").startswith("preview-")]
    assert fields
    assert all(id(field) in inside for field in fields)


def test_fact_typed_wrong_is_told_in_the_preview(manager, draft):
    answer = manager.get(f"/frameworks/drafts/{draft.id}/preview", query_string={"fact.staff": "lots"})
    assert answer.status_code == 422
    assert "Enter a whole number, such as 3." in answer.text


def test_a_draft_is_tried_as_a_published_edition_is(manager, draft):
    address = f"/frameworks/drafts/{draft.id}/sandbox"
    assert "The outcome is Silver" in manager.get(address, query_string={"scores": BEST}).text
    sent_form = manager.get(address, query_string={"scores": BEST, "score.GOV.1.1": "0"})
    assert sent_form.location.startswith(address + "?")
    news = json.loads(manager.get(address, query_string={"live": "1", "scores": BEST, "score.GOV.1.1": "0"}).text)
    assert "Bronze needs 1 in GOV.1.1, which has 0." in news["html"]


@pytest.mark.parametrize("view", ["preview", "preview/GOV.1.1", "sandbox"])
def test_a_draft_with_mistakes_says_what_is_to_be_put_right_first(manager, scheme, view):
    draft = make.framework_draft(scheme, source=make.SMALL_FRAMEWORK.replace("text:", "txt:", 1))
    page = manager.get(f"/frameworks/drafts/{draft.id}/{view}").text
    assert "The text has 2 mistakes." in page
    assert f'href="/frameworks/drafts/{draft.id}#L21"' in page


def test_the_preview_names_words_and_long_ranges_as_providers_see_them(manager, scheme):
    source = make.SMALL_FRAMEWORK.replace(
        "facts:\n",
        "  judged: {words: {not-met: Not met, met: Met}}\n  cover: {range: {from: 0, to: 100, unit: '%'}}\nfacts:\n",
        1,
    )
    source = source.replace("scale: fulfilment\n            required: 1", "scale: judged", 1)
    source = source.replace("scale: fulfilment\n            required: 2", "scale: cover", 1)
    draft = make.framework_draft(scheme, source=source)
    shown = Page(manager.get(f"/frameworks/drafts/{draft.id}/preview/GOV.1.1").text)
    cards = [words(card) for card in shown.classed("ts-scale__card")]
    assert cards == ["Not met", "Met"]
    long = Page(manager.get(f"/frameworks/drafts/{draft.id}/preview/SAFE.1.1").text)
    select = next(each for each in long.all("select") if each.get("name") == "preview-point")
    assert [words(option) for option in select][:2] == ["Choose", "0%"]
