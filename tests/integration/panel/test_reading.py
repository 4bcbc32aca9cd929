"""What a panel reads and notes: the case pack in one piece, notes that only the panel sees, the chair's record."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from app.extensions import db
from app.models import Panel, PanelNote
from tests.integration.casework import SILVER, assess, call, declare, submitted_case, vote

AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}


def sitting():
    """A case whose panel has declared. Returns it with the panel's id."""
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    declare(panel_id, *case.sitters[:2])
    return case, panel_id


def test_the_pack_holds_the_whole_case_in_order_and_remembers_who_read_it(app, client_for):
    case, panel_id = sitting()
    browser = client_for(case.sitters[0])
    page = browser.get(f"/panels/{panel_id}/pack").text
    inside = [
        "The outcome is Silver",
        "A sound organisation.",
        "We do this: GOV.1.1.",
        "Seen for GOV.1.1.",
        "Seen for SAFE.1.2.",
    ]
    assert [page.index(words) for words in inside] == sorted(page.index(words) for words in inside)
    pdf = PdfReader(BytesIO(browser.get(f"/panels/{panel_id}/pack.pdf").data))
    printed = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())
    assert [words for words in inside if words not in printed] == []
    assert "not read yet" in browser.get(f"/panels/{panel_id}").text
    browser.post(f"/panels/{panel_id}/pack/read")
    assert "read on 16 Nov 2026" in browser.get(f"/panels/{panel_id}").text
    assert "not read yet" in client_for(case.sitters[1]).get(f"/panels/{panel_id}").text


def test_the_pack_is_closed_before_the_declaration_and_to_everybody_else(app, client_for):
    case, panel_id = sitting()
    for person in (case.sitters[2], case.lead, case.manager, case.assessor):
        for path in ("pack", "pack.pdf", "notes"):
            assert client_for(person).get(f"/panels/{panel_id}/{path}").status_code in (403, 404)


def test_notes_are_seen_by_the_panel_alone_and_two_windows_never_overwrite_each_other(app, client_for):
    case, panel_id = sitting()
    first, second = client_for(case.sitters[0]), client_for(case.sitters[1])
    address = f"/panels/{panel_id}/notes"
    saved = first.post(address, data={"note-text": "Ask about the fire doors.", "note-version": 0}, headers=AUTOSAVE)
    assert saved.json["version"] == 1
    assert "Ask about the fire doors." in second.get(address).text
    late = first.post(address, data={"note-text": "From another window.", "note-version": 0}, headers=AUTOSAVE)
    assert late.status_code == 409
    assert late.json["theirs"] == {"As saved": "Ask about the fire doors."}
    by_hand = first.post(address, data={"note-text": "From another window.", "note-version": 0})
    assert by_hand.status_code == 409 and "From another window." in by_hand.text
    assert db.session.query(PanelNote).one().text == "Ask about the fire doors."
    assert "fire doors" not in client_for(case.manager).get(case.url).text
    assert "fire doors" not in client_for(case.lead).get(f"/applications/{case.application_id}").text


def test_only_the_chair_writes_the_record_of_the_discussion(app, client_for):
    case, panel_id = sitting()
    address = f"/panels/{panel_id}/discussion"
    data = {"discussion-text": "The panel weighed the fire doors.", "discussion-version": 0}
    assert client_for(case.sitters[0]).post(address, data=data).status_code == 403
    assert client_for(case.sitters[1]).post(address, data=data).status_code == 302
    assert db.session.get(Panel, panel_id).discussion == "The panel weighed the fire doors."
    assert "The panel weighed the fire doors." in client_for(case.sitters[0]).get(f"/panels/{panel_id}/notes").text


def test_who_stands_aside_reads_no_note_any_more(app, client_for):
    case, panel_id = sitting()
    vote(panel_id, case.sitters[0], SILVER)
    panel = db.session.get(Panel, panel_id)
    seat = next(each for each in panel.seats if each.user_id == case.sitters[0].id)
    seat.conflicted = True
    db.session.commit()
    assert client_for(case.sitters[0]).get(f"/panels/{panel_id}/notes").status_code in (403, 404)
