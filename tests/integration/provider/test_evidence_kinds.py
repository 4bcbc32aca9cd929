"""Evidence of every kind: what each asks for, how it is put right afterwards, and what assessors keep of it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from app.domain.evidence import Brought, Contents
from app.domain.lifecycle import ApplicationMove, ApplicationStatus
from app.extensions import db
from app.models import AttachedEvidence, EvidenceItem, EvidenceVersion
from app.queries.evidence import item_page
from app.queries.reading import area_reading
from app.queries.scoring import score_page
from app.services import applications, evidence
from app.services.applications import Declaration
from app.services.evidence import Behind, NewEvidence
from app.services.evidence_editing import Edit, edit_evidence
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, assess, call, submitted_case

DAYS = {"period_from-day": "1", "period_from-month": "4", "period_from-year": "2025",
        "period_to-day": "31", "period_to-month": "3", "period_to-year": "2026"}  # fmt: skip
MEASURE = {
    "kind": "outcome-measure", "title": "Loneliness, first year", "measures": "Loneliness",
    "method": "The three questions of the national survey, at the start and after six months.", "people": "1,041",
    "unit": "points of 9", "baseline": "7.1", "result": "4.8", **DAYS,
}  # fmt: skip
SHOWN = ("Loneliness", "three questions of the national survey", "1 Apr 2025 to 31 Mar 2026", "1,041", "7.1", "4.8")
AREA = {"kind": "observation", "title": "A visit", "who": "Team leader", "text": "Calm and kind."}
ON = {"on-day": "3", "on-month": "10", "on-year": "2026"}


def _add(browser, provider, data, behind=""):
    return browser.post(f"/organisations/{provider.id}/evidence/new?kind={data['kind']}{behind}", data=data)


def _only() -> EvidenceVersion:
    db.session.expire_all()
    return db.session.scalars(select(EvidenceVersion)).one()


def test_an_outcome_measure_keeps_what_it_asks_for_and_reads_well(browser, provider):
    assert _add(browser, provider, MEASURE).status_code == 302
    version = _only()
    assert version.details["people"] == 1041 and version.details["period_from"] == "2025-04-01"
    page = browser.get(f"/organisations/{provider.id}/evidence/{version.item_id}").text
    assert all(words in page for words in (*SHOWN, "Outcome measure"))


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [
        ("outcome-measure", ("Say what is measured", "Say how it is measured", "Enter the figure at the end")),
        ("data", ("Say where they come from", "Choose the file with the figures, or enter the address")),
        ("observation", ("Enter the role of who observed", "Enter the day", "Write what was observed")),
        ("interview", ("Enter the role of who was spoken with", "Write what was said")),
        ("user-feedback", ("Say how it was gathered", "Write what people said")),
    ],
)
def test_each_kind_says_what_it_needs_and_loses_nothing_that_was_typed(browser, provider, kind, sentences):
    answer = _add(browser, provider, {"kind": kind, "title": "A title to keep", "unit": "points", **DAYS})
    assert answer.status_code == 422 and "A title to keep" in answer.text
    assert all(sentence in answer.text for sentence in sentences)
    if kind != "observation" and kind != "interview":
        assert 'value="2026"' in answer.text


def test_days_that_cannot_be_are_refused(browser, provider):
    turned = {**MEASURE, "period_to-year": "2024"}
    assert "on or after the first day" in _add(browser, provider, turned).text
    ahead = {**AREA, **ON, "on-year": "2030"}
    assert "cannot be in the future" in _add(browser, provider, ahead).text
    many = {**MEASURE, "people": "many"}
    assert "must be a whole number" in _add(browser, provider, many).text
    assert db.session.scalars(select(EvidenceItem)).all() == []


@pytest.mark.parametrize("kind", [each.value for each in Brought])
def test_every_kind_has_a_form_that_opens_and_a_piece_of_it_that_is_found(browser, provider, kind):
    assert browser.get(f"/organisations/{provider.id}/evidence/new?kind={kind}").status_code == 200
    assert browser.get(f"/organisations/{provider.id}/evidence?kind={kind}").status_code == 200


def test_what_a_criterion_asks_for_is_brought_and_attached_in_one_step(browser, provider, draft):
    behind = f"&application={draft.id}&criterion=GOV.1.1&shows=minutes"
    page = browser.get(f"/organisations/{provider.id}/evidence/new?kind=observation{behind}").text
    assert "GOV.1.1" in page and "Add and attach" in page
    answer = _add(browser, provider, {**AREA, **ON, "shows": "minutes"}, behind)
    assert answer.location.endswith(f"/applications/{draft.id}/criteria/GOV.1.1#evidence")
    assert db.session.scalars(select(AttachedEvidence.asked_code)).one() == "minutes"
    criterion = browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text
    assert "Observation, version 1" in criterion and "Team leader" in criterion
    theirs = make.application(make.organisation(), draft.edition)
    other = f"&application={theirs.id}&criterion=GOV.1.1"
    assert browser.get(f"/organisations/{provider.id}/evidence/new?kind=data{other}").status_code in {403, 404}


def test_feedback_that_a_provider_brings_says_so_and_what_was_collected_here_cannot_be_touched(browser, provider):
    brought = {"kind": "user-feedback", "title": "Survey", "how": "By post", "text": "All were pleased."}
    _add(browser, provider, brought)
    item = db.session.scalars(select(EvidenceItem)).one()
    address = f"/organisations/{provider.id}/evidence/{item.id}"
    assert "User feedback, brought by the provider" in browser.get(address).text
    item.collected = True
    db.session.commit()
    page = browser.get(address).text
    assert "User feedback, collected here" in page
    assert "Bring a newer version" not in page and "Archive it" not in page
    began = item_page(provider.id, item.id, make.actor(make.member(provider))).began_from
    posts = {
        "versions": {"title": "Better", "how": "By post", "text": "All were delighted."},
        "archive": {},
        "edit": {"title": "Better", "kind": "user-feedback", "how": "By post", "began_from": began},
    }
    assert [browser.post(f"{address}/{verb}", data=data).status_code for verb, data in posts.items()] == [409] * 3
    assert _only().text == "All were pleased." and db.session.get(EvidenceItem, item.id).title == "Survey"


# --- putting right ---------------------------------------------------------------------------------------------------


def test_a_file_is_given_its_title_kind_and_dates_afterwards(browser, provider):
    path = f"/organisations/{provider.id}/evidence"
    browser.post(f"{path}/files", data={"files": (BytesIO(b"a,b\n1,2\n"), "أرقام 2026.csv")})
    item = db.session.scalars(select(EvidenceItem)).one()
    assert item.title == "أرقام 2026"
    page = browser.get(f"{path}/{item.id}/edit")
    began = page.text.partition('name="began_from"')[2].partition('value="')[2].partition('"')[0]
    typed = {"title": "Falls", "kind": "data", "began_from": began, "issued_on-day": "2", "issued_on-month": "10",
             "issued_on-year": "2026"}  # fmt: skip
    asked = browser.post(f"{path}/{item.id}/edit", data={**typed, "then": "kind"})
    assert asked.status_code == 200 and "Where the figures come from" in asked.text and 'value="Falls"' in asked.text
    refused = browser.post(f"{path}/{item.id}/edit", data=typed)
    assert refused.status_code == 422 and "Say where they come from" in refused.text
    assert browser.post(f"{path}/{item.id}/edit", data={**typed, "source": "Our case system"}).status_code == 302
    version = _only()
    assert (version.number, version.kind, version.title) == (1, "data", "Falls")
    assert version.issued_on == date(2026, 10, 2) and version.details == {"source": "Our case system"}


def test_two_who_edit_at_once_are_told_and_nothing_is_lost(browser, provider, lead):
    _add(browser, provider, MEASURE)
    item_id = _only().item_id
    began = item_page(provider.id, item_id, make.actor(lead)).began_from
    path, typed = f"/organisations/{provider.id}/evidence/{item_id}/edit", {**MEASURE, "began_from": began}
    assert browser.post(path, data={**typed, "title": "By a colleague"}).status_code == 302
    mine = browser.post(path, data={**typed, "title": "By me"})
    assert mine.status_code == 409 and "By a colleague" in mine.text and 'value="By me"' in mine.text
    began = mine.text.partition('name="began_from"')[2].partition('value="')[2].partition('"')[0]
    assert browser.post(path, data={**typed, "title": "By me", "began_from": began}).status_code == 302
    assert _only().title == "By me"


# --- what was handed in ----------------------------------------------------------------------------------------------


@pytest.fixture
def assessed(storage):
    """(case, assessment, item, common words of use-cases): a measure was behind GOV.1.1 when it was handed in."""
    case = submitted_case(status=ApplicationStatus.DRAFT)
    by = {"storage": storage, "actor": make.actor(case.lead), "now": NOON, "today": TODAY}
    new = NewEvidence("outcome-measure", "Loneliness, first year", Contents(details=_details()))
    item_id = evidence.add_evidence(case.provider.id, new, behind=Behind(case.application_id, "GOV.1.1"), **by)
    words = Declaration("Ada Reed", "Chair", True)
    applications.submit(case.application_id, words, actor=by["actor"], now=NOON)
    return case, assess(case), item_id, by


def _details(**values: str) -> dict:
    return {"measures": "Loneliness", "method": "Three questions", "period_from": date(2025, 4, 1),
            "period_to": date(2026, 3, 31), "result": "4.8", **values}  # fmt: skip


def _seen(case, assessment_id: int) -> list[tuple]:
    """What stands behind GOV.1.1 as the assessor reads it, and as panel and office do."""
    db.session.rollback()
    scoring = score_page(assessment_id, "GOV.1.1", make.actor(case.assessor), TODAY).evidence
    area = area_reading(db.session(), case.application, "GOV", TODAY)
    read = [row for node in area.nodes for criterion in node.criteria for row in criterion.evidence]
    return [(row.title, row.kind, row.number, row.url, row.text, dict(row.details)) for row in (*scoring, *read)]


def _edit(item_id: int, organisation_id: int, by: dict, title: str, details: dict) -> int:
    began = item_page(organisation_id, item_id, by["actor"]).began_from
    edit = Edit(title, "outcome-measure", Contents(details=details), began)
    return edit_evidence(item_id, edit, actor=by["actor"], now=NOON, today=TODAY)


def test_assessor_and_panel_keep_what_was_handed_in_whatever_its_provider_does_afterwards(assessed):
    case, assessment_id, item_id, by = assessed
    before = _seen(case, assessment_id)
    assert len(before) == 2 and before[0] == before[1]
    assert before[0][:3] == ("Loneliness, first year", "outcome-measure", 1) and before[0][5]["result"] == "4.8"
    assert _edit(item_id, case.provider.id, by, "Much better", _details(result="1.0")) == 2
    assert _seen(case, assessment_id) == before
    newer = NewEvidence("outcome-measure", "Other", Contents(details=_details(unit="%")))
    assert evidence.add_version(item_id, newer, **by) == 3
    evidence.archive_evidence(item_id, True, actor=by["actor"], now=NOON)
    assert _seen(case, assessment_id) == before
    assert item_page(case.provider.id, item_id, by["actor"]).title == "Other"


def test_a_new_title_alone_makes_no_new_version_and_assessors_go_on_reading_the_old_one(assessed):
    case, assessment_id, item_id, by = assessed
    assert _edit(item_id, case.provider.id, by, "A new name", _details()) == 1
    assert [row[0] for row in _seen(case, assessment_id)] == ["Loneliness, first year"] * 2


def test_what_an_assessor_saw_is_not_corrected_even_once_it_stands_behind_nothing(assessed):
    case, _, item_id, by = assessed
    call(case)
    case.application.make(ApplicationMove.DEFER, NOON)
    db.session.commit()
    attached = db.session.scalars(select(AttachedEvidence.id)).one()
    evidence.detach_evidence(attached, actor=by["actor"], now=NOON)
    assert _edit(item_id, case.provider.id, by, "Corrected", _details(result="1.0")) == 2
