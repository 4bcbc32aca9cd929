"""Filling in a profile from the Charity Commission's register: theirs beside ours, and only what is ticked."""

from __future__ import annotations

import json
import re

import pytest

from app.backends.charity_register import SqliteCharityRegister
from app.backends.charity_tables import build
from app.backends.postcodes_build import build as build_places
from app.cli.registers import group
from app.domain.access import Role
from app.extensions import db
from app.models import AuditRow, Organisation
from tests import factories as make

FACTS = """\
facts:
  income: {kind: money, title: Income in the last financial year}
  staff: {kind: count, title: How many people do you employ?}
"""
WITH_INCOME = make.SMALL_FRAMEWORK.replace(
    "facts:\n  staff: {kind: count, title: How many people do you employ?}\n", FACTS
).replace("applies: {staff: {at_least: 1}}", "applies: {any: [{staff: {at_least: 1}}, {income: {at_least: 1}}]}")
CHARITY = {
    "date_of_extract": "2026-11-01T00:00:00",
    "organisation_number": 4001,
    "registered_charity_number": 1123456,
    "linked_charity_number": 0,
    "charity_name": "FRIENDS OF THE QUAY (LANCASTER)",
    "charity_type": "Charitable company",
    "charity_registration_status": "Registered",
    "date_of_registration": "2008-05-06T00:00:00",
    "date_of_removal": None,
    "latest_acc_fin_period_end_date": "2026-03-31T00:00:00",
    "latest_income": 84500.0,
    "charity_contact_address1": "1 Quay Street",
    "charity_contact_address2": "Lancaster",
    "charity_contact_postcode": "LA1 1HT",
    "charity_contact_phone": "01524 123456",
    "charity_contact_email": "hello@quay.example.org",
    "charity_contact_web": "www.quay.example.org",
    "charity_company_registration_number": "1234567",
    "charity_insolvent": False,
    "charity_in_administration": False,
    "charity_is_cio": False,
    "charity_activities": "WE VISIT PEOPLE WHO LIVE ALONE. WE ALSO TELEPHONE THEM.",
}
REMOVED = CHARITY | {
    "organisation_number": 4002,
    "registered_charity_number": 1099999,
    "charity_name": "Gone Charity",
    "charity_registration_status": "Removed",
    "date_of_removal": "2020-02-03T00:00:00",
    "charity_company_registration_number": None,
}
LINKED = CHARITY | {
    "organisation_number": 4003,
    "linked_charity_number": 2,
    "charity_name": "The Quay Hardship Fund",
    "charity_company_registration_number": None,
}
OF_4001 = {"date_of_extract": "2026-11-01T00:00:00", "organisation_number": 4001}
CLASSES = [
    OF_4001 | {"classification_type": "Who", "classification_description": "Elderly/old People"},
    OF_4001 | {"classification_type": "How", "classification_description": "Provides Advocacy/advice/information"},
]
AREAS = [
    OF_4001 | {"geographic_area_type": "Local Authority", "geographic_area_description": "Lancaster"},
    OF_4001 | {"geographic_area_type": "Country", "geographic_area_description": "Throughout England"},
]
EMPLOYEES = [OF_4001 | {"count_employees": 4, "fin_period_end_date": "2026-03-31T00:00:00"}]


@pytest.fixture(scope="session")
def places_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    build_places(path, letters="L")
    return path


@pytest.fixture
def app(app, places_file, monkeypatch):
    """With the postcodes that begin with L."""
    from app.backends.postcodes import SqlitePlaces

    monkeypatch.setitem(app.extensions, "places", SqlitePlaces(places_file))
    return app


@pytest.fixture
def register(app, tmp_path, monkeypatch):
    """The register with three charities, loaded."""
    files = []
    for name, rows in (("charity", [CHARITY, REMOVED, LINKED]), ("class", CLASSES), ("area", AREAS), ("b", EMPLOYEES)):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(rows), "utf-8-sig")
    build(tmp_path / "charities.sqlite", files)
    found = SqliteCharityRegister(tmp_path / "charities.sqlite")
    monkeypatch.setitem(app.extensions, "charities", found)
    return found


@pytest.fixture
def own(app, client_for):
    """An organisation with an empty profile but for its name and kind, its lead's browser, and the page's address."""
    make.edition(source=WITH_INCOME)
    empty = {"charity_number": None, "summary": "", "postcode": "", "areas": [], "services": [], "client_groups": []}
    organisation = make.organisation(name="Quay Friends", kind="registered-charity", **empty)
    client = client_for(make.member(organisation))
    return organisation, client, f"/organisations/{organisation.id}/profile/charity-commission"


def ticked(page: str) -> set[str]:
    boxes = re.findall(r'name="take" type="checkbox" value="([^"]+)"( checked)?', page)
    return {value for value, checked in boxes if checked}


def sent(page: str, *take: str) -> dict:
    hidden = dict(re.findall(r'type="hidden" name="(number|version|extracted_on)" value="([^"]*)"', page))
    return {**hidden, "take": list(take)}


def test_theirs_stands_beside_ours_and_only_what_is_empty_is_ticked(register, own):
    _, client, address = own
    page = client.get(f"{address}?number=1123456").text
    assert "Friends of the Quay (Lancaster)" in page and "Quay Friends" in page
    assert "as extracted on 1 Nov 2026" in page
    assert ticked(page) == {
        *("charity_number", "company_number", "summary", "description", "postcode", "address", "website"),
        *("email", "phone", "areas", "fact_income", "fact_staff"),
    }
    assert "01234567" in page and "£84,500" in page and "Throughout England" in page
    assert "We visit people who live alone." in page
    assert "Older people. The register says “Elderly/old People”" in page


def test_only_what_is_ticked_is_taken_and_the_audit_row_says_from_where(register, own):
    organisation, client, address = own
    page = client.get(f"{address}?number=01234567").text
    take = ("charity_number", "postcode", "areas", "fact_income", "client_groups:older-people", "services:nonsense")
    assert client.post(address, data=sent(page, *take)).status_code == 302
    db.session.refresh(organisation)
    assert organisation.name == "Quay Friends" and organisation.website == ""
    assert organisation.charity_number == "1123456" and organisation.company_number is None
    assert organisation.postcode == "LA1 1HT" and organisation.easting and organisation.areas == ["E07000121"]
    assert organisation.facts["income"] == 84500 and "staff" not in {k for k, v in organisation.facts.items() if v}
    assert organisation.client_groups == ["older-people"] and organisation.services == []
    row = db.session.query(AuditRow).filter_by(action="organisation.edited").one()
    assert row.detail["taken"]["source"] == "Charity Commission for England and Wales"
    assert row.detail["taken"]["extracted_on"] == "2026-11-01"
    assert "services:nonsense" not in row.detail["taken"]["fields"] and "postcode" in row.detail["taken"]["fields"]


def test_a_colleague_who_saved_meanwhile_is_not_overwritten_and_the_ticks_stay(register, own):
    organisation, client, address = own
    form = sent(client.get(f"{address}?number=1123456").text, "website", "email")
    organisation.website, organisation.version = "https://ours.example.org", organisation.version + 1
    db.session.commit()
    answer = client.post(address, data=form)
    assert answer.status_code == 409 and "A colleague changed the profile meanwhile" in answer.text
    assert "https://ours.example.org" in answer.text and ticked(answer.text) == {"website", "email"}
    assert client.post(address, data=sent(answer.text, "email")).status_code == 302
    db.session.refresh(organisation)
    assert (organisation.website, organisation.email) == ("https://ours.example.org", "hello@quay.example.org")


def test_a_number_that_another_organisation_has_is_refused(register, own):
    organisation, client, address = own
    make.organisation(name="The Other Quay", charity_number="1123456")
    page = client.get(f"{address}?number=1123456").text
    assert "is here already: The Other Quay" in page and 'name="take"' not in page
    form = {"number": "1123456", "version": organisation.version, "extracted_on": "2026-11-01", "take": ["email"]}
    assert client.post(address, data=form).status_code == 409
    db.session.refresh(organisation)
    assert organisation.email == ""


def test_a_removed_charity_is_said_to_be_and_linked_ones_are_offered(register, own):
    _, client, address = own
    assert "removed from the register on 3 Feb 2020" in client.get(f"{address}?number=1099999").text
    main = client.get(f"{address}?number=1123456").text
    assert "The Quay Hardship Fund, 1123456-2" in main
    assert "The Quay Hardship Fund" in client.get(f"{address}?number=1123456-2").text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("SC012345", "is on another register"),
        ("elephant", "Enter a charity number"),
        ("1000001", "has no charity with the number 1000001"),
    ],
)
def test_a_number_that_leads_nowhere_is_explained_and_kept(register, own, number, words):
    page = own[1].get(f"{own[2]}?number={number}").text
    assert words in page and f'value="{number}"' in page


def test_without_a_loaded_register_the_page_says_so_and_stays_usable(own, app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.extensions, "charities", SqliteCharityRegister(tmp_path / "none.sqlite"))
    page = own[1].get(f"{own[2]}?number=1123456")
    assert page.status_code == 200 and "has not been loaded into this service" in page.text
    assert own[1].get("/organisations/new?charity=1123456&take=name").status_code == 200


def test_a_private_address_is_never_ticked_by_itself(register, own):
    organisation, client, address = own
    organisation.address_private = True
    db.session.commit()
    page = client.get(f"{address}?number=1123456").text
    assert not {"postcode", "address"} & ticked(page) and "You keep your address private here" in page


def test_a_new_organisation_begins_with_what_was_ticked(register, app, client_for):
    make.edition(source=WITH_INCOME)
    client = client_for(make.user())
    preview = client.get("/organisations/new/charity-commission?number=1123456").text
    assert {"name", "kind", "fact_income"} <= ticked(preview)
    address = "/organisations/new?charity=1123456&take=name&take=kind&take=charity_number&take=fact_income"
    form = client.get(address).text
    assert 'value="Friends of the Quay (Lancaster)"' in form and 'value="84,500"' in form
    assert "hello@quay.example.org" not in form
    fields = {"name": "Friends of the Quay", "kind": "charitable-company", "charity_number": "1123456"}
    answer = client.post(address, data={**fields, "fact_income": "84,500", "version": ""})
    assert answer.status_code == 302, answer.text
    made = db.session.query(Organisation).filter_by(charity_number="1123456").one()
    assert made.facts["income"] == 84500
    row = db.session.query(AuditRow).filter_by(action="organisation.started").one()
    assert row.detail["taken"]["number"] == "1123456"
    assert (
        "is here already: Friends of the Quay"
        in client.get("/organisations/new/charity-commission?number=1123456").text
    )


def test_a_value_that_cannot_be_kept_is_refused_and_nothing_is_saved(register, own):
    organisation, client, address = own
    other = make.organisation(name="Same company", company_number="01234567")
    page = client.get(f"{address}?number=1123456")
    assert "is here already: Same company" in page.text
    db.session.delete(other)
    db.session.commit()
    form = sent(client.get(f"{address}?number=1123456").text)
    nothing = client.post(address, data=form)
    assert nothing.status_code == 422 and "Tick at least one thing" in nothing.text
    stale = client.post(address, data={**form, "extracted_on": "2026-10-01", "take": ["email"]})
    assert stale.status_code == 409 and "A newer extract" in stale.text
    db.session.refresh(organisation)
    assert organisation.version == 1


def test_contributors_may_fill_in_and_strangers_may_not(register, own, client_for):
    organisation, _, address = own
    assert client_for(make.member(organisation, Role.CONTRIBUTOR)).get(address).status_code == 200
    assert client_for(make.member(make.organisation())).get(address).status_code == 404


def test_the_commands_load_tell_and_refuse_without_harm(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "CHARITIES_FILE", str(tmp_path / "charities.sqlite"))
    runner = app.test_cli_runner()
    assert runner.invoke(group, ["status"]).exit_code == 1
    whole, broken = tmp_path / "whole.json", tmp_path / "broken.json"
    whole.write_text(json.dumps([CHARITY]), "utf-8-sig")
    broken.write_text(json.dumps([REMOVED])[:-20], "utf-8-sig")
    loaded = runner.invoke(group, ["load", str(whole)])
    assert loaded.exit_code == 0 and "as extracted on 2026-11-01" in loaded.output and "1 charities" in loaded.output
    refused = runner.invoke(group, ["load", str(broken)])
    assert refused.exit_code == 1 and "Nothing was changed" in refused.output
    assert "1 charities" in runner.invoke(group, ["status"]).output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["broken.json", "charities.sqlite", "whole.json"]
