"""A scheme's own list becomes awards on the register, row by row, and is taken back where it was a mistake."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from app.domain.access import Role
from app.domain.errors import Conflict, NotAllowed
from app.domain.lifecycle import AwardStatus
from app.domain.lifecycle.list_import import ImportState
from app.domain.list_import import Outcome
from app.extensions import db
from app.models import Award, Membership, Organisation, RegisterEntry, RegisterEvent
from app.queries.audit_chain import verify
from app.services import register_imports
from tests import factories as make
from tests.conftest import NOON
from tests.integration.lists import HEADER, Bringing, bringing

TODAY = NOON.date()
BAY = "Bay Care,1123456,LA1 4AB,Silver,1/6/2025,31/5/2028,Home care,Lancaster\n"
HILL = "Hill Friends,,CF10 1EP,Bronze,1/6/2025,,Advocacy,\n"


@pytest.fixture
def office(app) -> Bringing:
    return bringing()


def outcomes(office: Bringing, import_id: int) -> list[Outcome]:
    return [row.outcome for row in office.rows(import_id)]


def test_each_row_becomes_a_provider_with_an_award_an_entry_an_event_and_an_audit_row(office):
    import_id = office.begin(HEADER + BAY + HILL)
    assert office.listed(import_id).state is ImportState.READY
    assert outcomes(office, import_id) == [Outcome.NEW, Outcome.NEW]
    assert db.session.query(Award).count() == 0
    office.confirm(import_id)
    assert office.listed(import_id).state is ImportState.DONE
    entry = db.session.query(RegisterEntry).filter_by(name="Bay Care").one()
    assert (entry.slug, entry.services, entry.areas) == ("bay-care", ["home-care"], ["E07000121"])
    assert (entry.easting, entry.area_code, entry.level) == (347_700, "E07000121", "silver")
    assert entry.award.expires_on.isoformat() == "2028-05-31" and entry.award.number.startswith("S-26-")
    event = db.session.query(RegisterEvent).filter_by(entry_id=entry.id).one()
    assert event.kind == "brought-in" and "What it rests on: Decided by the board" in event.words
    hill = db.session.query(RegisterEntry).filter_by(name="Hill Friends").one()
    assert hill.award.expires_on.isoformat() == "2028-05-31"  # counted from the day of the award
    assert hill.revision != entry.revision


def test_the_public_finds_it_at_once_and_reads_that_it_was_brought_in(office, client):
    office.confirm(office.begin(HEADER + BAY))
    assert "Bay Care" in client.get("/register?q=bay").text
    page = client.get("/register/bay-care").text
    assert "brought in from the scheme’s own list" in page


def test_whoever_prepared_a_list_does_not_confirm_it_where_there_is_another_manager(office):
    import_id = office.begin(HEADER + BAY)
    with pytest.raises(NotAllowed, match="another manager"):
        register_imports.confirm_import(
            import_id, office.listed(import_id).version, actor=make.actor(office.first), now=NOON
        )


def test_a_row_is_told_by_number_else_by_name_and_postcode_else_left_to_a_person(office):
    known = make.organisation(name="Bay Care Trust", charity_number="1123456", postcode="")
    same = make.organisation(name="hill friends", charity_number=None, postcode="CF10 1EP")
    like = make.organisation(name="The Vale Support Group", charity_number="1999999", postcode="LA1 4AB")
    vale = "Vale Support Group,,LA1 4AB,Silver,1/6/2025,,,\n"
    import_id = office.begin(HEADER + BAY + HILL + vale)
    rows = office.rows(import_id)
    assert [(row.outcome, row.organisation_id) for row in rows] == [
        (Outcome.KNOWN, known.id),
        (Outcome.KNOWN, same.id),
        (Outcome.PERHAPS, None),
    ]
    assert rows[2].candidates == [{"id": like.id, "name": "The Vale Support Group"}]
    register_imports.decide_row(import_id, rows[2].id, str(like.id), actor=make.actor(office.first), now=NOON)
    office.confirm(import_id)
    holders = {award.organisation_id for award in db.session.query(Award)}
    assert holders == {known.id, same.id, like.id}
    assert db.session.get_one(Organisation, known.id).name == "Bay Care Trust"


def test_what_a_person_has_not_decided_is_left_out(office):
    make.organisation(name="Bay Care", charity_number="1999999", postcode="LA1 4AB")
    import_id = office.begin(HEADER + "Bay Care,,,Silver,1/6/2025,,,\n" + HILL)
    assert outcomes(office, import_id) == [Outcome.PERHAPS, Outcome.NEW]
    office.confirm(import_id)
    assert [row.award_id is not None for row in office.rows(import_id)] == [False, True]


def test_the_same_provider_twice_and_one_that_stands_already_are_left_out(office):
    office.confirm(office.begin(HEADER + BAY))
    import_id = office.begin(HEADER + BAY + HILL + HILL)
    assert outcomes(office, import_id) == [Outcome.STANDING, Outcome.NEW, Outcome.TWICE]
    office.confirm(import_id)
    assert db.session.query(Award).count() == 2


def test_a_wrong_row_keeps_nobody_else_back_and_can_be_taken_away_to_be_mended(office, client_for):
    import_id = office.begin(HEADER + "Bay,12,LA1,Lead,,,,\n" + HILL)
    assert outcomes(office, import_id) == [Outcome.WRONG, Outcome.NEW]
    text = client_for(office.first).get(f"/brought-in/{import_id}/left-out.csv").get_data(as_text=True)
    assert text.splitlines()[1].startswith("2,Cannot be brought in. “12” is no charity number.")
    assert "There is no level “Lead” in this framework." in text and "Bay,12,LA1,Lead" in text


def test_another_list_brought_in_meanwhile_makes_no_award_twice(office):
    first, second = office.begin(HEADER + BAY), office.begin(HEADER + BAY + HILL)
    office.confirm(first)
    office.confirm(second)
    assert outcomes(office, second) == [Outcome.STANDING, Outcome.NEW]
    assert db.session.query(Award).count() == 2


def test_nobody_brings_an_award_in_for_an_organisation_of_their_own(office):
    own = make.organisation(name="Bay Care", charity_number="1123456")
    lead = Membership(user_id=office.second.id, organisation_id=own.id, role=Role.LEAD, created_at=NOON)
    make.save(lead)
    import_id = office.begin(HEADER + BAY + HILL)
    office.confirm(import_id)
    row = office.rows(import_id)[0]
    assert row.award_id is None and "Have another manager bring it in" in row.problems["row"]


def test_an_undone_list_leaves_entries_that_say_so_and_nothing_in_the_search(office, client):
    import_id = office.begin(HEADER + BAY + HILL)
    office.confirm(import_id)
    suspended = db.session.query(Award).filter_by(holder_name="Hill Friends").one()
    suspended.status, suspended.status_on = AwardStatus.SUSPENDED, TODAY
    db.session.commit()
    register_imports.undo_import(import_id, "It was last year’s list.", actor=make.actor(office.first), now=NOON)
    office.work()
    assert office.listed(import_id).state is ImportState.UNDONE
    bay = db.session.query(RegisterEntry).filter_by(name="Bay Care").one()
    assert (bay.status, bay.award.status) == (AwardStatus.VOID, AwardStatus.VOID)
    assert db.session.query(Award).filter_by(holder_name="Hill Friends").one().status is AwardStatus.SUSPENDED
    assert "Bay Care" not in client.get("/register?q=bay&ended=yes").text
    page = client.get("/register/bay-care").text
    assert "Entered by mistake" in page and "It was last year’s list." in page


def test_an_undone_list_gives_back_what_was_held_before(office):
    office.confirm(office.begin(HEADER + BAY.replace("31/5/2028", "1/6/2026")))
    earlier = db.session.query(Award).one()
    import_id = office.begin(HEADER + BAY)
    office.confirm(import_id)
    entry = db.session.query(RegisterEntry).one()
    assert entry.award_id != earlier.id
    register_imports.undo_import(import_id, "A mistake.", actor=make.actor(office.first), now=NOON)
    office.work()
    db.session.expire_all()
    assert (entry.award_id, entry.status, entry.expires_on) == (earlier.id, AwardStatus.AWARDED, earlier.expires_on)


def test_after_thirty_days_a_list_stands(office):
    import_id = office.begin(HEADER + BAY)
    office.confirm(import_id)
    late = NOON + timedelta(days=31)
    with pytest.raises(Conflict, match="within 30 days"):
        register_imports.undo_import(import_id, "Too late.", actor=make.actor(office.first), now=late)


def test_the_columns_can_be_named_by_hand_and_the_file_is_read_again(office, client_for):
    import_id = office.begin("Provider,Band,Since\nBay,Silver,1/6/2025\n")
    assert outcomes(office, import_id) == [Outcome.WRONG]
    client = client_for(office.first)
    page = client.get(f"/brought-in/{import_id}/columns")
    assert page.text.count(">Band</option>") == 18
    form = {
        "version": office.listed(import_id).version,
        "edition": office.edition.id,
        "basis": "The board, 2025.",
        "column_name": "Provider",
        "column_level": "Band",
        "column_granted_on": "Since",
    }
    assert client.post(f"/brought-in/{import_id}/columns", data={**form, "version": 99}).status_code == 422
    assert client.post(f"/brought-in/{import_id}/columns", data={**form, "column_name": ""}).status_code == 422
    assert client.post(f"/brought-in/{import_id}/columns", data=form).status_code == 302
    office.work()
    assert outcomes(office, import_id) == [Outcome.NEW]
    assert "The board, 2025." in client.get(f"/brought-in/{import_id}").text


def test_a_look_at_a_row_shows_in_words_what_would_be_published(office, app, client_for):
    """A word that was taken for another one, such as gardening for help in the home, is seen before it is public."""
    import_id = office.begin(HEADER + BAY.replace("Home care", "Home care; Gardening"))
    page = client_for(office.second).get(f"/brought-in/{import_id}").text
    for words in (
        "Silver from 1 Jun 2025 until 31 May 2028",
        "Services: Home care, Handyperson",
        "Works in: Lancaster",
    ):
        assert words in page


def test_a_file_that_is_no_list_says_why_and_can_be_discarded(office, client_for):
    import_id = office.begin(b"%PDF-1.7", "list.pdf")
    client = client_for(office.first)
    assert "Save it as .xlsx or .csv" in client.get(f"/brought-in/{import_id}").text
    client.post(f"/brought-in/{import_id}/discard")
    assert office.listed(import_id).state is ImportState.DISCARDED


def test_a_manager_goes_the_whole_way_by_the_pages(office, app, client_for):
    app.extensions["storage"] = office.tools.storage
    first, second = client_for(office.first), client_for(office.second)
    code = office.edition.scheme.code
    form = {"edition": office.edition.id, "basis": "", "level": ""}
    file = (BytesIO((HEADER + BAY + HILL).encode()), "ours.csv")
    refused = first.post(f"/schemes/{code}/brought-in/new", data={**form, "file": file})
    assert refused.status_code == 422 and "Say who decided on these awards" in refused.text
    file = (BytesIO((HEADER + BAY + HILL).encode()), "ours.csv")
    sent = first.post(f"/schemes/{code}/brought-in/new", data={**form, "basis": "The board, 2025.", "file": file})
    del app.extensions["storage"]
    where = sent.headers["Location"]
    assert "The list waits to be read." in first.get(where).text
    office.work()
    assert "another manager of the scheme looks at it" in first.get(where).text
    page = second.get(where)
    assert "Bring in 2 awards" in page.text
    import_id = int(where.rpartition("/")[2])
    second.post(f"{where}/confirm", data={"version": office.listed(import_id).version})
    assert second.get(f"{where}/progress.json").json == {"state": "applying", "done": 0, "total": 2}
    office.work()
    done = second.get(where).text
    assert "2 awards were brought in." in done and "Undo this list" in done
    assert "ours.csv" in first.get(f"/schemes/{code}/brought-in").text


def test_the_trail_holds_after_a_list_was_brought_in_and_taken_back(office):
    import_id = office.begin(HEADER + BAY + HILL)
    office.confirm(import_id)
    register_imports.undo_import(import_id, "A mistake.", actor=make.actor(office.first), now=NOON)
    office.work()
    found = verify(db.session())
    assert found.breaks == () and found.rows > 6
