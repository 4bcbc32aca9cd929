"""The pages on which a scheme's office drafts, publishes and retires editions."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import FrameworkDraft, FrameworkEdition, SchemePost
from app.services import drafts
from app.web.scheme import framework_forms
from tests import factories as make
from tests.conftest import NOON

TEXT = make.SMALL_FRAMEWORK


@pytest.fixture
def scheme(app):
    return make.scheme(title="Care Mark")


@pytest.fixture
def ruth(scheme):
    return make.officer(scheme, Role.MANAGER, name="Ruth Manager")


@pytest.fixture
def office(ruth, client_for):
    return client_for(ruth)


@pytest.fixture
def draft_id(scheme, ruth):
    return drafts.start_draft(scheme.id, TEXT, name="mark.yaml", actor=make.actor(ruth), now=NOON)


def only(kind):
    db.session.rollback()
    return db.session.scalars(select(kind)).one()


def upload(office, scheme, data: bytes, name: str = "mark.yaml"):
    form = {"file": (BytesIO(data), name)}
    return office.post(f"/schemes/{scheme.code}/frameworks/new", data=form, content_type="multipart/form-data")


def test_a_manager_uploads_a_framework_corrects_it_and_publishes_it(scheme, office, client):
    answer = upload(office, scheme, TEXT.replace("scale: fulfilment", "scale: fulfilmnet", 1).encode())
    page = office.get(answer.location).text
    assert "1 mistake in the text" in page
    assert "did you mean" in page
    saved = office.post(answer.location, data={"source": TEXT.replace("\n", "\r\n"), "version": "1"})
    assert "The text has no mistakes." in office.get(saved.location).text
    publish = f"{answer.location}/publish"
    assert "Everybody can read edition 2026 at once" in office.get(publish).text
    done = office.post(publish, data={"version": "2"})
    assert "Small Mark 2026 is published." in office.get(done.location).text
    assert "Small Mark" in client.get("/standards/small-mark/2026").text
    assert only(FrameworkEdition).source == TEXT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        ("title: Café\n".encode("utf-16"), "This file is not UTF-8 text."),
        (b"a: \0", "This is not a text."),
        (b"PK\x03\x04", "This is a spreadsheet, a Word document or a zip file. Choose the framework’s text file"),
        (b"# padding\n" * 101, "This file is over 0.001 MB"),
    ],
    ids=["empty", "utf-16", "zero byte", "document", "too large"],
)
def test_a_file_that_cannot_be_a_framework_is_refused_in_words(scheme, office, data, words, monkeypatch):
    monkeypatch.setattr(framework_forms, "MOST_BYTES", 1000)
    answer = upload(office, scheme, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(FrameworkDraft)).all() == []


def test_a_form_without_a_file_asks_for_one(scheme, office):
    assert "Choose the framework&#39;s file." in office.post(f"/schemes/{scheme.code}/frameworks/new").text


def test_somebody_with_nothing_begins_with_a_text_that_has_no_mistakes(scheme, office):
    answer = office.post(f"/schemes/{scheme.code}/frameworks/starter")
    page = office.get(answer.location).text
    assert "Care Mark 2026" in page
    assert 'id="problems"' not in page
    assert only(FrameworkDraft).code == scheme.code


def test_the_starter_is_named_after_the_editions_that_are_published_already(scheme, office, ruth):
    text = TEXT.replace("framework: small-mark", f"framework: {scheme.code}")
    drafts.publish_draft(
        drafts.start_draft(scheme.id, text, name="", actor=make.actor(ruth), now=NOON),
        1,
        actor=make.actor(ruth),
        now=NOON,
    )
    page = office.get(office.post(f"/schemes/{scheme.code}/frameworks/starter").location).text
    assert "Care Mark 2027" in page
    assert "is published already" not in page


def test_whoever_saves_second_sees_both_texts_and_saves_again_knowingly(office, scheme, draft_id, client_for):
    colleague = client_for(make.officer(scheme, Role.MANAGER, name="Tom Manager"))
    address = f"/frameworks/drafts/{draft_id}"
    colleague.post(address, data={"source": "# from Tom\n", "version": "1"})
    refused = office.post(address, data={"source": "# from Ruth\n", "version": "1"})
    assert refused.status_code == 409
    assert "Tom Manager saved this draft after you opened it." in refused.text
    assert "# from Ruth" in refused.text
    assert "# from Tom" in refused.text
    assert "Where the texts differ" in refused.text
    assert only(FrameworkDraft).source == "# from Tom\n"
    assert re.search(r'name="version"[^>]* value="2"', refused.text), "saving once more is meant to replace Tom's text"
    assert office.post(address, data={"source": "# from both\n", "version": "2"}).status_code == 302
    assert only(FrameworkDraft).source == "# from both\n"


def test_what_was_typed_can_be_kept_where_the_draft_was_discarded_meanwhile(office, draft_id, ruth):
    drafts.discard_draft(draft_id, actor=make.actor(ruth), now=NOON)
    typed = {"source": "# my hour of work\n", "version": "1"}
    refused = office.post(f"/frameworks/drafts/{draft_id}", data=typed)
    assert (refused.status_code, "# my hour of work" in refused.text) == (409, True)
    assert "Bring the draft back and save my text" in refused.text
    assert office.post(f"/frameworks/drafts/{draft_id}", data={**typed, "instead": "back"}).status_code == 302
    draft = only(FrameworkDraft)
    assert (draft.source, draft.discarded_at) == (typed["source"], None)


@pytest.mark.parametrize("published", [True, False])
def test_what_was_typed_can_be_kept_as_a_draft_of_its_own(office, draft_id, ruth, published):
    actor, typed = make.actor(ruth), {"source": "# my hour of work\n", "version": "1"}
    if published:
        drafts.publish_draft(draft_id, 1, actor=actor, now=NOON)
    else:
        drafts.save_draft(draft_id, "# from Tom\n", 1, actor=actor, now=NOON)
    refused = office.post(f"/frameworks/drafts/{draft_id}", data=typed)
    words = "Begin a new draft with my text" if published else "Keep mine as a draft of its own"
    assert (refused.status_code, words in refused.text) == (409, True)
    kept = office.post(f"/frameworks/drafts/{draft_id}", data={**typed, "instead": "beside"})
    assert "# my hour of work" in office.get(kept.location).text
    assert kept.location != f"/frameworks/drafts/{draft_id}"


def test_a_text_of_the_largest_size_is_saved_and_one_sign_more_is_given_back(office, draft_id, monkeypatch):
    """A form of this size is more than the framework below us reads unless it is told to."""
    most = 600_000
    monkeypatch.setattr(drafts, "MOST_BYTES", most)
    largest = "# " + "é" * ((most - 4) // 2) + "##"
    assert len(largest.encode()) == most
    address = f"/frameworks/drafts/{draft_id}"
    refused = office.post(address, data={"source": largest + "#", "version": "1"})
    assert (refused.status_code, largest in refused.text) == (422, True)
    assert "This is over 0.6 MB" in refused.text
    assert office.post(address, data={"source": largest, "version": "1"}).status_code == 302
    assert only(FrameworkDraft).source == largest


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_version_that_is_none_is_refused_and_nothing_is_lost(office, draft_id, version):
    answer = office.post(f"/frameworks/drafts/{draft_id}", data={"source": "# mine\n", "version": version})
    assert (answer.status_code, "# mine" in answer.text) == (409, True)


def test_a_text_is_shown_letter_for_letter_whatever_it_holds(office, scheme, ruth):
    source = "\n\n  </textarea><script>alert(1)</script>\n# Tŷ & <b>\n"
    draft_id = drafts.start_draft(scheme.id, source, name="<i>x</i>.yaml", actor=make.actor(ruth), now=NOON)
    page = office.get(f"/frameworks/drafts/{draft_id}").text
    assert "<script>alert" not in page
    assert "<i>x" not in page
    file = office.get(f"/frameworks/drafts/{draft_id}/file")
    assert file.get_data(as_text=True) == source
    assert "attachment" in file.headers["Content-Disposition"]


def test_the_page_before_publishing_names_what_is_in_the_way(office, scheme, draft_id, ruth):
    publish = f"/frameworks/drafts/{draft_id}/publish"
    wrong = drafts.start_draft(scheme.id, "framework: [", name="", actor=make.actor(ruth), now=NOON)
    assert "the text has 1 mistake" in office.get(f"/frameworks/drafts/{wrong}/publish").text
    low = drafts.start_draft(scheme.id, TEXT + "# late\n", name="", actor=make.actor(ruth), now=NOON)
    assert office.post(publish, data={"version": "1"}).status_code == 302
    assert "Call this one 2027." in office.get(f"/frameworks/drafts/{low}/publish").text
    assert "Call this one 2027." in office.get(f"/frameworks/drafts/{low}").text
    refused = office.post(f"/frameworks/drafts/{low}/publish", data={"version": "1"})
    assert (refused.status_code, "Call this one 2027." in refused.text) == (422, True)
    assert "This draft is published already" in office.get(publish).text


def test_publishing_a_draft_that_changed_meanwhile_shows_the_page_again(office, draft_id, ruth):
    drafts.save_draft(draft_id, TEXT.replace("2026", "2031"), 1, actor=make.actor(ruth), now=NOON)
    refused = office.post(f"/frameworks/drafts/{draft_id}/publish", data={"version": "1"})
    assert refused.status_code == 422
    assert "Ruth Manager saved this draft after you opened it." in refused.text
    assert "Publish edition 2031" in refused.text
    assert db.session.scalars(select(FrameworkEdition)).all() == []


def test_an_edition_is_retired_and_opened_again_and_the_list_says_so(office, scheme, draft_id, ruth):
    edition_id = drafts.publish_draft(draft_id, 1, actor=make.actor(ruth), now=NOON)
    retire = f"/frameworks/editions/{edition_id}/retire"
    assert "so nobody could apply" in office.get(retire).text
    listed = office.get(office.post(retire).location).text
    assert "Retired" in listed
    assert "since 16 Nov 2026" in listed
    assert "It was retired on 16 Nov 2026." in office.get(retire).text
    reopened = office.post(f"/frameworks/editions/{edition_id}/reopen")
    assert "takes applications again" in office.get(reopened.location).text
    assert only(FrameworkEdition).open


def test_a_discarded_draft_is_brought_back_from_the_list(office, scheme, draft_id):
    listed = office.get(office.post(f"/frameworks/drafts/{draft_id}/discard").location).text
    assert "1 discarded draft" in listed
    assert "Nobody is writing an edition now." in listed
    back = office.post(f"/frameworks/drafts/{draft_id}/restore")
    assert "The draft is back as it was." in office.get(back.location).text


def test_an_auditor_reads_drafts_and_changes_nothing(scheme, draft_id, client_for):
    auditor = client_for(make.officer(scheme, Role.AUDITOR))
    page = auditor.get(f"/frameworks/drafts/{draft_id}").text
    assert "Trustees meet at least four times a year" in page
    assert "It cannot be changed here." in page
    assert ">Save<" not in page
    listed = auditor.get(f"/schemes/{scheme.code}/frameworks").text
    assert "Discard" not in listed
    assert auditor.post(f"/frameworks/drafts/{draft_id}", data={"source": "#", "version": "1"}).status_code == 403


def test_the_list_asks_the_database_as_often_for_many_editions_as_for_one(scheme, office, count_statements):
    def seen() -> int:
        with count_statements() as statements:
            assert office.get(f"/schemes/{scheme.code}/frameworks").status_code == 200
        return len(statements)

    edition = make.edition(scheme)
    make.framework_draft(scheme)
    before = seen()
    for number in range(12):
        make.framework_draft(scheme)
        make.application(
            make.organisation(), make.edition(scheme, edition=str(number)), status=ApplicationStatus.SUBMITTED
        )
    make.award(make.application(make.organisation(), edition))
    assert seen() == before


def test_the_way_to_the_frameworks_leads_to_the_one_scheme_of_ones_office(office, scheme):
    assert office.get("/frameworks").location == f"/schemes/{scheme.code}/frameworks"
    assert 'href="/frameworks" aria-current="true"' in office.get(f"/schemes/{scheme.code}/frameworks").text
    assert 'href="/schemes" aria-current="true"' in office.get(f"/schemes/{scheme.code}/pipeline").text


def test_who_works_for_two_schemes_chooses_one(scheme, ruth, client_for):
    other = make.scheme(title="Other Mark")
    make.save(SchemePost(user_id=ruth.id, scheme_id=other.id, role=Role.AUDITOR, lay=False, created_at=NOON))
    page = client_for(ruth).get("/frameworks").text
    assert f"/schemes/{scheme.code}/frameworks" in page
    assert f"/schemes/{other.code}/frameworks" in page
