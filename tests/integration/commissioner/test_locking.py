"""A list that is locked as of a day: what it says, that nothing changes it, and that anybody can check it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import LockedList, RegisterEntry, RegisterEvent, Shortlist
from tests import factories as make
from tests.conftest import NOON
from tests.integration.choosing import a_list

TODAY = NOON.date()


@pytest.fixture
def person(app):
    return make.user(name="Ada Commissioner")


@pytest.fixture
def browser(person, client_for):
    return client_for(person)


def day(value):
    return {"as_of-day": str(value.day), "as_of-month": str(value.month), "as_of-year": str(value.year)}


def lock(browser, kept, as_of=TODAY, **data):
    sent = {"on_behalf": "Bay team", "reasons": "", "criteria": "", "with_notes": "y", **day(as_of), **data}
    return browser.post(f"/shortlists/{kept.id}/lock", data=sent)


def file_of(client, answer):
    return client.get(f"{answer.location}/list.json").get_data()


def event(entry, at, status, words):
    number = entry.award.number
    values = {"kind": "suspended", "number": number, "level_title": entry.level_title}
    return make.save(RegisterEvent(entry_id=entry.id, at=at, status=status, words=words, **values))


def suspend(entry_id, when):
    entry = db.session.get(RegisterEntry, entry_id)
    entry.status, entry.status_on, entry.updated_at = AwardStatus.SUSPENDED, when.date(), when
    db.session.commit()
    event(entry, when, AwardStatus.SUSPENDED, "Suspended")


def test_what_is_locked_says_the_same_whatever_changes_afterwards(browser, client, person, entry):
    kept = a_list(person, [entry(name="Bay Friends")])
    answer = lock(browser, kept, reasons="Nearest to the need.", criteria="/register?service=befriending")
    before = file_of(client, answer)
    entry_id = db.session.get(Shortlist, kept.id).items[0].entry_id
    suspend(entry_id, NOON)
    browser.post(f"/shortlists/{kept.id}/delete")
    assert file_of(client, answer) == before
    page = client.get(answer.location).text
    assert "Nearest to the need." in page and "Note on Bay Friends" in page and "Approved until" in page
    said = json.loads(before)["providers"][0]
    assert said["on_the_day"]["words"] == "Approved" and said["facts_are_of_the_day"]


def test_the_database_itself_refuses_to_change_what_was_locked(browser, person, entry):
    lock(browser, a_list(person, [entry()]))
    locked = db.session.query(LockedList).one().id
    for statement in ("UPDATE locked_list SET content = '{}'", "DELETE FROM locked_list"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert db.session.get(LockedList, locked).content != "{}"


def test_the_fingerprint_is_that_of_the_file(browser, client, person, entry):
    answer = lock(browser, a_list(person, [entry(name="مركز الخليج")]))
    data = file_of(client, answer)
    assert sha256(data).hexdigest() in client.get(answer.location).text
    assert "مركز الخليج" in data.decode()


def test_an_earlier_day_is_told_from_the_log_and_says_what_is_not_known(browser, client, person, entry):
    """It was suspended yesterday: the day before, its status is known, and its other facts are those of now."""
    kept = a_list(person, [entry(name="Bay Friends")])
    item = db.session.get(Shortlist, kept.id).items[0]
    first = db.session.query(RegisterEvent).filter_by(entry_id=item.entry_id).one()
    begun = NOON + timedelta(days=10)
    suspend(item.entry_id, begun)
    browser.application.extensions["clock"].forward(days=11)
    said = json.loads(file_of(client, lock(browser, kept, as_of=TODAY + timedelta(days=9))))["providers"][0]
    assert said["on_the_day"] | {"level": ""} == {
        "known": True,
        "status": "awarded",
        "words": "Approved",
        "level": "",
        "certificate": first.number,
        "event": first.id,
    }
    assert not said["facts_are_of_the_day"]
    assert "may have been different" in said["facts_are"] and "1 change is in its history" in said["facts_are"]
    on_the_day = json.loads(file_of(client, lock(browser, kept, as_of=begun.date())))["providers"][0]
    assert on_the_day["on_the_day"]["status"] == "suspended" and on_the_day["facts_are_of_the_day"]


def test_a_day_before_the_register_knew_a_provider_is_not_made_up(browser, client, person, entry):
    kept = a_list(person, [entry()])
    said = json.loads(file_of(client, lock(browser, kept, as_of=TODAY - timedelta(days=1))))["providers"][0]
    assert said["on_the_day"] == {
        "known": False,
        "status": "",
        "words": "The register's log has nothing about it so early.",
    }


def test_an_award_that_had_run_out_by_the_day_is_expired_without_an_event(browser, client, person, entry):
    kept = a_list(person, [entry(award={"expires_on": TODAY + timedelta(days=5)})])
    browser.application.extensions["clock"].forward(days=20)
    said = json.loads(file_of(client, lock(browser, kept, as_of=TODAY + timedelta(days=6))))["providers"][0]
    assert said["on_the_day"]["status"] == "expired"


def test_a_day_to_come_and_nobody_named_are_refused_with_what_was_typed(browser, person, entry):
    kept = a_list(person, [entry()])
    answer = lock(browser, kept, as_of=TODAY + timedelta(days=1), on_behalf=" ", reasons="My reasons.")
    assert answer.status_code == 422
    assert "still to come" in answer.text and "on whose behalf" in answer.text and "My reasons." in answer.text
    assert db.session.query(LockedList).count() == 0


def test_notes_stay_out_of_the_file_unless_they_were_chosen(browser, client, person, entry):
    answer = lock(browser, a_list(person, [entry(name="Bay Friends")]), with_notes="")
    assert b"Note on" not in file_of(client, answer)


def check(client, data=b"", text=""):
    sent = {"text": text}
    if data:
        sent["file"] = (BytesIO(data), "list.json")
    return client.post("/snapshots/check", data=sent, content_type="multipart/form-data")


def test_anybody_can_check_a_file_or_its_fingerprint(browser, client, person, entry):
    data = file_of(client, lock(browser, a_list(person, [entry(name="Bay Friends")])))
    assert "Unchanged." in check(client, data).text
    assert "Unchanged." in check(client, text=data.decode()).text
    assert "Unchanged." in check(client, b"\xef\xbb\xbf" + data + b"\r\n").text
    assert "Unchanged." in check(client, json.dumps(json.loads(data), indent=2).encode()).text
    assert "Unchanged." in check(client, text=sha256(data).hexdigest().upper()).text


def make_private(entry_id):
    kept = db.session.get(RegisterEntry, entry_id)
    kept.postcode, kept.easting, kept.northing = "", None, None
    db.session.commit()


@pytest.fixture
def refuge_and_friends(browser, person, entry):
    """The answer to locking a list with the addresses of both, and the entry's id of the one that is to be hidden."""
    refuge = entry(name="Harbour Refuge", published={"postcode": "LA1 4AB"})
    friends = entry(name="Bay Friends", published={"postcode": "LA2 6AB"})
    return lock(browser, a_list(person, [refuge, friends])), refuge.id


def test_an_address_that_became_private_is_in_no_form_of_a_locked_list(client, refuge_and_friends):
    answer, refuge = refuge_and_friends
    assert all("LA1 4AB" in client.get(f"{answer.location}{end}").text for end in ("", "/list.json", "/list.csv"))
    make_private(refuge)
    page = client.get(answer.location).text
    assert "Harbour Refuge publishes no address any more." in page
    for each in (page, *(client.get(f"{answer.location}/list.{end}").text for end in ("json", "csv"))):
        assert "LA1" not in each and "LA2 6AB" in each
    sheets = load_workbook(BytesIO(client.get(f"{answer.location}/list.xlsx").data)).active.values
    paper = PdfReader(BytesIO(client.get(f"{answer.location}/list.pdf").data))
    for each in (str(list(sheets)), "".join(sheet.extract_text() for sheet in paper.pages)):
        assert "LA1" not in each and "LA2 6AB" in each


def test_a_file_without_an_address_that_became_private_is_known_and_one_with_another_address_is_not(
    client, refuge_and_friends
):
    answer, refuge = refuge_and_friends
    whole = file_of(client, answer)
    make_private(refuge)
    bare = file_of(client, answer)
    assert sha256(whole).hexdigest() in client.get(answer.location).text
    assert "<b>Unchanged.</b>" in check(client, whole).text
    assert "<b>Unchanged, but for addresses.</b>" in check(client, bare).text
    for other in (
        bare.replace(b"LA2 6AB", b"LA2 6AD"),
        whole.replace(b"LA1 4AB", b"LA1 4AD"),
        bare.replace(b"true", b"1"),
    ):
        assert "<b>Changed.</b>" in check(client, other).text and b"LA1 4AB" not in check(client, other).data
    assert "<b>Changed.</b>" in check(client, json.dumps(json.loads(bare) | {"providers": [1, None]}).encode()).text


def test_a_file_in_which_one_letter_was_changed_is_told_from_one_that_is_not_ours(browser, client, person, entry):
    data = file_of(client, lock(browser, a_list(person, [entry(name="Bay Friends")])))
    assert "<b>Changed.</b>" in check(client, data.replace(b"Bay Friends", b"Bay Friendz")).text
    assert "<b>Not known.</b>" in check(client, text="f" * 64).text
    assert "<b>Not known.</b>" in check(client, b'{"format": ').text
    assert check(client).status_code == 422
    assert "paste the fingerprint" in check(client, b"%PDF-1.7").text


def test_what_was_locked_is_there_on_paper_and_in_spreadsheets_with_its_fingerprint(browser, client, person, entry):
    answer = lock(browser, a_list(person, [entry(name="Bay Friends"), entry(name="Fell Friends")]))
    page = client.get(answer.location)
    fingerprint = re.search(r"[0-9a-f]{64}", page.text).group()
    assert client.get(f"{answer.location}/list.pdf").data.startswith(b"%PDF")
    table = client.get(f"{answer.location}/list.csv").get_data().decode("utf-8-sig")
    assert fingerprint in table and "Fell Friends" in table
    assert client.get(f"{answer.location}/list.xlsx").data.startswith(b"PK")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
