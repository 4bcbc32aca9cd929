"""Pre-qualification packs: made from the library, shared by a code, opened, logged, ended."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from datetime import date, timedelta
from hashlib import sha256

import pytest

from app.domain.access import Role
from app.domain.certificates_held import CheckState
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.edge.backends import storage
from app.extensions import db
from app.models import (
    Assessment,
    EvidenceItem,
    EvidenceVersion,
    MailMessage,
    Notice,
    Pack,
    PackOpening,
    PackShare,
    Passport,
    PassportCheck,
    Score,
)
from app.queries.to_do.packs import things
from app.services import pack_shares
from app.services.pack_forgetting import forget_readers
from app.services.telling import people_of
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
HOME = "CHARITY OF THE BAY"


@pytest.fixture
def charity(app):
    """A charity with a lead, and its address."""
    organisation = make.organisation(
        name=HOME, charity_number="1123456", phone="01524 123456", address="1 Quay Street", facts={}
    )
    return organisation, make.member(organisation), f"/organisations/{organisation.id}/packs"


def document(of, by, title, filename="policy.pdf", data=b"%PDF-1.7 policy", **values):
    item = make.save(
        EvidenceItem(organisation_id=of.id, title=title, kind="document", created_at=NOON, created_by_id=by.id)
    )
    version(item, by, 1, filename, data, **values)
    return item


def version(item, by, number, filename="policy.pdf", data=b"%PDF-1.7 policy", **values):
    file = storage().put(io.BytesIO(data))
    kept = {"size": file.size, "sha256": file.sha256, "storage_key": file.key, "media_type": "application/pdf"}
    return make.save(
        EvidenceVersion(
            item_id=item.id, number=number, filename=filename, added_at=NOON, added_by_id=by.id, **kept, **values
        )
    )


def made(client, charity, name="Tender 2027"):
    _, _, address = charity
    answer = client.post(address, data={"name": name})
    assert answer.status_code == 302, answer.text
    assert client.get(answer.location).status_code == 200
    return answer.location.removesuffix("/from-library")


def put_in(client, pack, slot, item):
    answer = client.post(f"{pack}/slots/{slot}/add", data={"item": item.id})
    assert answer.status_code == 302


def shared(client, pack, opens="files", days=20, **values):
    """Make a code; returns the path that it opens."""
    last = TODAY + timedelta(days=days)
    parts = {"ends_on-day": last.day, "ends_on-month": last.month, "ends_on-year": last.year}
    answer = client.post(f"{pack}/share", data={"recipient": "City Council", "opens": opens, **parts, **values})
    assert answer.status_code == 302, answer.text
    page = client.get(answer.location).text
    return "/packs/" + re.search(r'id="code">([A-Z0-9-]+)<', page)[1]


WHO = {"name": "Ama Reader", "organisation": "City Council"}


def test_a_pack_says_what_is_missing_and_what_has_run_out_before_it_is_shared(charity, client_for):
    organisation, lead, _ = charity
    client = client_for(lead)
    pack = made(client, charity)
    put_in(client, pack, "public-liability", document(organisation, lead, "Schedule", expires_on=date(2026, 11, 15)))
    put_in(client, pack, "complaints", document(organisation, lead, "Complaints policy", expires_on=TODAY))
    client.post(f"{pack}/slots/employers-liability", data={"note": "We employ nobody."})
    for page in (client.get(pack).text, client.get(f"{pack}/share").text):
        assert "Safeguarding: nothing is here." in page
        assert "Public liability: something here has run out." in page
        assert "Complaints: " not in page.split("What it says")[0]
        assert "Employer’s liability: nothing" not in page
    assert "We employ nobody." in client.get(f"{pack}/preview").text


def test_whoever_has_the_code_opens_the_pack_without_an_account_and_is_in_the_log(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    item = document(organisation, lead, "Complaints policy")
    put_in(own, pack, "complaints", item)
    address = shared(own, pack)

    gate = client.get(address)
    assert HOME in gate.text and "Complaints policy" not in gate.text
    assert client.get(f"{address}/files/{item.versions[0].id}").status_code == 302, "first one says who one is"
    assert client.post(address, data={"name": " ", "organisation": ""}).status_code == 422
    assert client.post(address, data=WHO).status_code == 302
    page = client.get(address)
    assert "Complaints policy" in page.text and "1123456" in page.text and "GB-CHC-1123456" in page.text
    assert page.headers["Cache-Control"] == "no-store" and "noindex" in page.headers["X-Robots-Tag"]
    file = client.get(f"{address}/files/{item.versions[0].id}")
    assert file.data == b"%PDF-1.7 policy" and file.headers["Cache-Control"] == "no-store"

    log = own.get(f"{pack}/log").text
    assert "Ama Reader, City Council" in log
    assert "Took a file: Complaints policy, version 1" in log
    assert db.session.query(PackOpening).count() == 2


def test_leads_are_told_the_first_time_that_a_code_is_used_and_not_again(charity, app, client_for):
    organisation, lead, _ = charity
    make.member(organisation, Role.CONTRIBUTOR)
    own = client_for(lead)
    address = shared(own, made(own, charity))
    for _ in range(2):
        app.test_client().post(address, data=WHO)
    told = db.session.query(Notice).all()
    mails = [mail for mail in db.session.query(MailMessage).all() if "Tender 2027" in mail.subject]
    assert len(told) + len(mails) == 1
    assert "Ama Reader" in (told[0].text if told else mails[0].text)
    assert [person.id for person in people_of(db.session, organisation.id, Role.LEAD)] == [lead.id]


def test_an_ended_code_opens_nothing_at_once_and_names_nobody(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    item = document(organisation, lead, "Complaints policy")
    put_in(own, pack, "complaints", item)
    address = shared(own, pack)
    client.post(address, data=WHO)
    assert client.get(address).status_code == 200

    share = db.session.query(PackShare).one()
    assert own.post(f"{pack}/shares/{share.id}/end").status_code == 302
    parts = ("", f"/files/{item.versions[0].id}", "/pack.zip", "/pack.pdf")
    answers = [client.get(address + part) for part in parts]
    answers.append(client.post("/packs", data={"code": address.removeprefix("/packs/")}))
    assert {answer.status_code for answer in answers} == {410}
    assert not any(HOME in answer.text or "Tender" in answer.text for answer in answers)
    assert db.session.query(PackOpening).count() == 1


def test_a_code_opens_on_its_last_day_and_not_after_it(charity, client, client_for, clock):
    own = client_for(charity[1])
    address = shared(own, made(own, charity), days=1)
    clock.forward(days=1)
    assert client.get(address).status_code == 200
    clock.forward(hours=12)
    expired = client.get(address)
    assert expired.status_code == 410 and HOME not in expired.text


def test_deleting_a_pack_ends_its_codes(charity, client, client_for):
    own = client_for(charity[1])
    pack = made(own, charity)
    address = shared(own, pack)
    assert own.post(f"{pack}/delete").status_code == 302
    assert client.get(address).status_code == 410
    assert own.get(pack).status_code == 404
    assert made(own, charity) != pack, "its name is free again"


def test_guessing_is_slowed_down_and_a_mistyped_code_keeps_what_was_typed(charity, client, client_for):
    own = client_for(charity[1])
    address = shared(own, made(own, charity))
    wrong = "KKKK-KKKK-KKKK-KKKK-KKKK"
    first = client.post("/packs", data={"code": wrong})
    assert first.status_code == 422 and f'value="{wrong}"' in first.text
    for _ in range(19):
        assert client.get(f"/packs/{wrong}").status_code == 404
    assert client.get(f"/packs/{wrong}").status_code == 429
    assert client.get(address).status_code == 429, "else a guesser would only listen for the one that opens"


def test_a_code_is_shown_once_kept_only_as_a_fingerprint_and_read_however_it_is_typed(charity, client, client_for):
    own = client_for(charity[1])
    pack = made(own, charity)
    address = shared(own, pack)
    code = address.removeprefix("/packs/")
    assert own.get(f"{pack}/shared").status_code == 302
    assert code not in own.get(pack).text
    share = db.session.query(PackShare).one()
    assert code.replace("-", "") not in share.code_hash.upper()
    typed = client.post("/packs", data={"code": f"  {code.lower().replace('-', ' ')} "})
    assert typed.location == address


def test_a_code_for_the_page_only_gives_no_files(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    item = document(organisation, lead, "Complaints policy")
    put_in(own, pack, "complaints", item)
    address = shared(own, pack, opens="page")
    client.post(address, data=WHO)
    page = client.get(address).text
    assert "Complaints policy" in page and "/files/" not in page and "pack.zip" not in page
    assert client.get(f"{address}/files/{item.versions[0].id}").status_code == 404
    assert client.get(f"{address}/pack.zip").status_code == 404
    assert client.get(f"{address}/pack.pdf").status_code == 200


def test_the_archive_holds_every_file_once_with_its_fingerprint_whatever_it_is_called(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    arabic = document(organisation, lead, "سياسة الحماية", "سياسة الحماية.pdf", b"%PDF-1.7 one")
    nasty = document(organisation, lead, "=cmd|' /C calc'!A0", "../../etc/passwd.pdf", b"%PDF-1.7 two")
    twin = document(organisation, lead, "Twin", "policy.pdf", b"%PDF-1.7 three")
    other = document(organisation, lead, "Other", "POLICY.pdf", b"%PDF-1.7 four")
    for item in (arabic, nasty, twin, other):
        put_in(own, pack, "safeguarding", item)
    put_in(own, pack, "complaints", twin)
    address = shared(own, pack)
    client.post(address, data=WHO)

    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/pack.zip").data))
    assert archive.testzip() is None
    names = archive.namelist()
    files = [name for name in names if "/" in name]
    assert len(files) == 4 and len({name.casefold() for name in names}) == len(names)
    assert "1 Policies/Safeguarding - سياسة الحماية.pdf" in files
    assert not any(".." in name or name.startswith("/") for name in names)
    listed = json.loads(archive.read("index.json"))["documents"]
    assert {each["file"]: each["sha256"] for each in listed} == {
        name: sha256(archive.read(name)).hexdigest() for name in files
    }
    rows = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
    assert len(rows) == 5 and rows[1]["document"].startswith("'=")
    assert "pack.txt" in names, "no typeface of the PDF has these letters"
    assert "سياسة الحماية" in archive.read("pack.txt").decode()


def test_a_new_version_takes_the_place_of_the_old_one_and_the_old_address_says_so(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    item = document(organisation, lead, "Complaints policy")
    old = item.versions[0].id
    put_in(own, pack, "complaints", item)
    address = shared(own, pack)
    client.post(address, data=WHO)
    new = version(item, lead, 2, data=b"%PDF-1.7 newer").id
    assert client.get(f"{address}/files/{new}").data == b"%PDF-1.7 newer"
    assert client.get(f"{address}/files/{old}").status_code == 404
    assert db.session.get(EvidenceVersion, old).handed_in, "what outsiders saw is not corrected in place"


def test_a_private_address_is_in_no_pack(charity, client, client_for):
    organisation, lead, _ = charity
    organisation.address_private = True
    db.session.commit()
    own = client_for(lead)
    address = shared(own, made(own, charity))
    client.post(address, data=WHO)
    page = client.get(address).text
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/pack.zip").data))
    everything = page + archive.read("index.json").decode()
    assert "Quay Street" not in everything and "LA1 1HT" not in everything
    assert "kept private" in page


def test_results_go_only_as_far_as_the_provider_chose_and_the_scheme_lets_it(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    application = awarded(organisation, lead)
    pack = made(own, charity)
    address = shared(own, pack)
    client.post(address, data=WHO)
    page = client.get(address).text
    assert "Silver, Small Mark" in page and "Approved until 31 Mar 2029" in page and "/verify/TST-26" in page
    assert "Result by standard" not in page and "The minutes show it" not in page

    number = application.id
    own.post(f"{pack}/results", data={f"show-{number}": "y", f"standards-{number}": "y", f"scores-{number}": "y"})
    page = client.get(address).text
    assert "Result by standard" in page and "Governance" in page
    assert "2 In place" in page and "The minutes show it" not in page
    own.post(f"{pack}/results", data={f"show-{number}": "y", f"scores-{number}": "y", f"reasons-{number}": "y"})
    assert "The minutes show it" in client.get(address).text
    own.post(f"{pack}/results", data={})
    assert "Small Mark" not in client.get(address).text


def awarded(organisation, lead):
    application = make.application(
        organisation,
        make.edition(),
        status=ApplicationStatus.AWARDED,
        started_by=lead,
        submitted_at=NOON,
        facts={"staff": 2},
    )
    assessor = make.user()
    assessment = make.save(
        Assessment(
            application_id=application.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.HANDED_IN,
            assigned_at=NOON,
            assigned_by_id=assessor.id,
            declared_at=NOON,
            handed_in_at=NOON,
        )
    )
    for code in ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"):
        words = {"reason": "The minutes show it.", "updated_at": NOON}
        make.save(Score(assessment_id=assessment.id, criterion_code=code, point=2, **words))
    make.award(application)
    return application


def test_a_contributor_makes_a_pack_and_only_a_lead_shares_it(charity, client_for):
    organisation, lead, _ = charity
    contributor = client_for(make.member(organisation, Role.CONTRIBUTOR))
    pack = made(contributor, charity)
    assert contributor.get(f"{pack}/share").status_code == 403
    share = shared(client_for(lead), pack)
    assert share and contributor.post(f"{pack}/delete").status_code == 403
    assert db.session.query(Pack).one().deleted_at is None


def test_a_copy_has_the_same_in_it_and_no_codes(charity, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    put_in(own, pack, "complaints", document(organisation, lead, "Complaints policy"))
    shared(own, pack)
    copy = own.post(f"{pack}/copy", data={"name": "Tender 2028"}).location
    page = own.get(copy).text
    assert "Complaints policy" in page and "Nobody can open this pack now." in page
    assert own.post(f"{pack}/copy", data={"name": "tender 2028"}).status_code == 422


def test_two_colleagues_who_describe_a_pack_do_not_overwrite_each_other(charity, client_for):
    own = client_for(charity[1])
    pack = made(own, charity)
    version_of = re.search(r'name="version"[^>]*value="(\d+)"', own.get(f"{pack}/description").text)[1]
    said = {"name": "Tender 2027", "parts": ["contact"], "asks_name": "y", "version": version_of}
    assert own.post(f"{pack}/description", data={**said, "words": "From one"}).status_code == 302
    second = own.post(f"{pack}/description", data={**said, "words": "From two"})
    assert second.status_code == 409 and "From one" in second.text and "From two" in second.text


def test_cover_and_year_are_said_beside_a_document_and_bad_ones_refused(charity, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    put_in(own, pack, "public-liability", document(organisation, lead, "Schedule", expires_on=date(2027, 6, 30)))
    piece = db.session.query(Pack).one().pieces[0].id
    field = f"piece{piece}-"
    bad = own.post(f"{pack}/pieces/{piece}", data={f"{field}cover": "five", f"{field}label": "P-12"})
    assert bad.status_code == 422 and 'value="P-12"' in bad.text
    own.post(f"{pack}/pieces/{piece}", data={f"{field}cover": "£5,000,000", f"{field}label": "P-12"})
    preview = own.get(f"{pack}/preview").text
    assert "P-12." in preview and "Cover £5,000,000." in preview and "Valid until 30 Jun 2027." in preview


def test_what_to_do_names_codes_that_end_soon_and_packs_in_use_with_something_run_out(charity, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    put_in(own, pack, "public-liability", document(organisation, lead, "Schedule", expires_on=date(2026, 11, 1)))
    assert things([organisation.id], make.actor(lead), TODAY) == [], "nobody has a code for it"
    shared(own, pack, days=15)
    assert [thing.due_on for thing in things([organisation.id], make.actor(lead), TODAY)] == [date(2026, 11, 1)]
    tomorrow = things([organisation.id], make.actor(lead), TODAY + timedelta(days=1))
    assert [thing.what for thing in tomorrow] == [
        "Make a new code for the pack “Tender 2027” if City Council still needs it",
        "Replace what has run out in the pack “Tender 2027”",
    ]
    contributor = make.actor(make.member(organisation, Role.CONTRIBUTOR))
    assert len(things([organisation.id], contributor, TODAY + timedelta(days=1))) == 1, "only leads make codes"
    stranger = make.actor(make.member(make.organisation()))
    assert things([organisation.id], stranger, TODAY) == []


def test_a_page_takes_as_many_statements_for_many_documents_codes_and_openings_as_for_few(
    charity, client, client_for, count_statements
):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    address = shared(own, pack)
    client.post(address, data=WHO)

    def counted():
        with count_statements() as statements:
            assert own.get(pack).status_code == client.get(address).status_code == 200
        return len(statements)

    put_in(own, pack, "others", document(organisation, lead, "One", "one.pdf"))
    few = counted()
    for number in range(20):
        put_in(own, pack, "others", document(organisation, lead, f"More {number}", f"{number}.pdf"))
        shared(own, pack)
        client.post(address, data=WHO)
    assert counted() == few


def test_names_of_readers_are_forgotten_two_years_after_a_code_ended(charity, client, client_for, clock):
    own = client_for(charity[1])
    pack = made(own, charity)
    client.post(shared(own, pack, days=20), data=WHO)
    assert forget_readers(NOON + timedelta(days=20 + 2 * 365)) == 0
    assert forget_readers(NOON + timedelta(days=21 + 2 * 365)) == 1
    assert forget_readers(NOON + timedelta(days=22 + 2 * 365)) == 0
    log = own.get(f"{pack}/log").text
    assert "Ama Reader" not in log and "Somebody" in log and "Opened the page" in log


def test_a_signed_in_reader_is_noted_by_their_own_name_and_a_pack_can_do_without_names(charity, client, client_for):
    own = client_for(charity[1])
    pack = made(own, charity)
    address = shared(own, pack)
    reader = client_for(make.user(name="Bo Commissioner"))
    assert "You open it as <b>Bo Commissioner</b>" in reader.get(address).text
    reader.post(address, data={"name": "Somebody Else", "organisation": "City Council"})
    assert "Bo Commissioner, City Council" in own.get(f"{pack}/log").text
    said = {"name": "Tender 2027", "parts": ["contact"], "version": "1"}
    assert own.post(f"{pack}/description", data=said).status_code == 302
    assert 'name="organisation"' not in client.get(address).text
    assert client.post(address, data={}).status_code == 302 and client.get(address).status_code == 200


def test_a_pack_that_stays_open_over_days_is_noted_each_day(charity, client, client_for, clock):
    own = client_for(charity[1])
    address = shared(own, made(own, charity))
    client.post(address, data=WHO)
    for _ in range(2):
        client.get(address)
    clock.forward(days=1)
    for _ in range(2):
        client.get(address)
    assert [row.did.value for row in db.session.query(PackOpening).all()] == ["opened", "opened"]


def test_one_code_cannot_fill_the_log(charity, client, client_for, monkeypatch):
    monkeypatch.setattr(pack_shares, "MOST_AN_HOUR", 3)
    own = client_for(charity[1])
    address = shared(own, made(own, charity))
    client.post(address, data=WHO)
    answers = [client.get(f"{address}/pack.pdf").status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    assert db.session.query(PackOpening).count() == 3


def test_a_file_that_the_store_has_lost_is_named_and_the_rest_is_still_there(charity, client, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    pack = made(own, charity)
    lost = document(organisation, lead, "Lost", "lost.pdf", b"%PDF-1.7 lost")
    put_in(own, pack, "complaints", lost)
    put_in(own, pack, "safeguarding", document(organisation, lead, "There", "there.pdf", b"%PDF-1.7 there"))
    address = shared(own, pack)
    client.post(address, data=WHO)
    storage().delete(lost.versions[0].storage_key)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/pack.zip").data))
    listed = {each["document"]: each["file"] for each in json.loads(archive.read("index.json"))["documents"]}
    assert listed["There"] in archive.namelist() and "could not be read" in listed["Lost"]
    assert client.get(f"{address}/files/{lost.versions[0].id}").status_code == 404


def test_without_room_for_the_archive_the_reader_is_told_what_to_do(charity, client, client_for, monkeypatch):
    own = client_for(charity[1])
    pack = made(own, charity)
    address = shared(own, pack)
    client.post(address, data=WHO)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    answer = client.get(f"{address}/pack.zip")
    assert answer.status_code == 422 and "Fetch the files one by one" in answer.text
    assert own.get(f"{pack}/pack.zip").location.endswith(pack), "its own people are told on their page"


def test_a_reader_of_many_packs_with_a_long_name_in_another_script_keeps_a_small_cookie(charity, client, client_for):
    own = client_for(charity[1])
    pack = made(own, charity)
    who = {"name": "سياسة الحماية " * 8, "organisation": "مجلس المدينة " * 8}
    addresses = [shared(own, pack) for _ in range(10)]
    for address in addresses:
        answer = client.post(address, data=who)
        assert answer.status_code == 302 and len(answer.headers["Set-Cookie"]) < 1_000
    assert client.get(f"{addresses[-1]}/pack.pdf").status_code == 200
    assert "سياسة الحماية" in own.get(f"{pack}/log").text


def test_what_the_library_holds_for_the_empty_places_is_offered_and_what_is_sure_is_ticked(charity, client_for):
    organisation, lead, _ = charity
    own = client_for(lead)
    old = document(organisation, lead, "Old safeguarding policy", expires_on=TODAY)
    document(organisation, lead, "Safeguarding policy that ran out", expires_on=TODAY - timedelta(days=1))
    document(organisation, lead, "Schedule of insurance")
    liability = document(organisation, lead, "Insurance: public liability")
    document(organisation, lead, "Minutes")
    theirs = document(make.organisation(), lead, "Complaints policy")
    pack = made(own, charity)
    page = own.get(f"{pack}/from-library").text
    offered = re.findall(r'name="put" type="checkbox" value="([^"]+)"( checked)?', page)
    assert {value for value, ticked in offered if ticked} == {
        f"safeguarding:{old.id}",
        f"public-liability:{liability.id}",
    }
    assert f"employers-liability:{liability.id}" in dict(offered)
    sent = [f"safeguarding:{old.id}", f"complaints:{theirs.id}", "nonsense"]
    assert own.post(f"{pack}/from-library", data={"put": sent}).status_code == 302
    page = own.get(pack).text
    assert "Old safeguarding policy" in page and "Complaints policy" not in page
    assert "safeguarding:" not in own.get(f"{pack}/from-library").text


def test_a_piece_of_the_library_says_in_which_packs_certificates_and_actions_it_stands(charity, client_for):
    organisation, lead, _ = charity
    client = client_for(lead)
    item = document(organisation, lead, "Certificate of quality")
    page = f"/organisations/{organisation.id}/evidence/{item.id}"
    assert "Nowhere yet." in client.get(page).text
    pack = made(client, charity, "For the council")
    put_in(client, pack, "others", item)
    held = make.save(
        Passport(
            organisation_id=organisation.id,
            title="Quality Mark of Elsewhere",
            number="Q1",
            holder=organisation.name,
            issued_on=TODAY,
            proof_id=item.versions[0].id,
            created_at=NOON,
            created_by_id=lead.id,
        )
    )
    uses = client.get(page).text.split('id="uses"')[1]
    assert f'href="{pack}">For the council' in uses
    assert f'/{held.id}">Quality Mark of Elsewhere' in uses and "Version 1" in uses
    assert "Nowhere yet." not in uses
    client.post(f"{pack}/delete")
    assert "For the council" not in client.get(page).text


def test_a_pack_shows_the_certificates_of_other_bodies_that_stand_and_says_who_checked_them(charity, client_for):
    organisation, lead, _ = charity
    scheme = make.scheme(title="City Quality Office")
    stands, _, refused, _ = (
        make.save(
            Passport(
                organisation_id=organisation.id,
                title=f"{title} standard",
                number=f"N-{title}",
                holder=organisation.name,
                issued_on=TODAY,
                ends_on=ends,
                created_at=NOON,
                created_by_id=lead.id,
            )
        )
        for title, ends in (
            ("Accepted", date(2029, 3, 31)),
            ("Unseen", None),
            ("Refused", None),
            ("Past", TODAY - timedelta(days=1)),
        )
    )
    for held, state in ((stands, CheckState.ACCEPTED), (refused, CheckState.REFUSED)):
        make.save(PassportCheck(passport_id=held.id, scheme_id=scheme.id, state=state, asked_at=NOON, checked_at=NOON))
    client = client_for(lead)
    pack = made(client, charity)
    page = client.get(f"{pack}/preview").text
    held = page.split("Certificates of other bodies")[1].split("</dl>")[0]
    assert "Accepted standard" in held and "valid until 31 Mar 2029" in held
    assert "Checked by City Quality Office on" in held
    assert "Unseen standard" in held and "Not checked by a scheme here." in held
    assert "Refused standard" not in page and "Past standard" not in page
    index = json.loads(zipfile.ZipFile(io.BytesIO(client.get(f"{pack}/pack.zip").data)).read("index.json"))
    assert [row["number"] for row in index["certificates_of_others"]] == ["N-Unseen", "N-Accepted"]
    client.post(f"{pack}/description", data={"name": "Tender 2027", "parts": ["contact"], "version": "1"})
    page = client.get(f"{pack}/preview").text
    assert "Accepted standard" not in page and "certificates of other bodies that it holds" in page
