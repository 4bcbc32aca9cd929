"""The invented register of any size holds together as one that was made step by step would."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.backends.postcodes import area_names
from app.backends.postcodes_build import SCHEMA
from app.demo.register_data import make
from app.domain.certificate_number import parse
from app.domain.identifiers import parse_charity_number
from app.domain.lifecycle import CURRENT, AwardStatus
from app.extensions import db
from app.models import Award, Organisation, RegisterEntry, RegisterEvent, Scheme, ServiceOffer
from app.services.frameworks import load_standards
from tests.conftest import NOON

COUNT = 600


@pytest.fixture
def places(tmp_path):
    """Six postcodes in each council, somewhere in a grid of their own."""
    path = tmp_path / "places.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    for number, area in enumerate(area_names()):
        east, north = 100_000 + number % 20 * 25_000, 50_000 + number // 20 * 40_000
        connection.execute("INSERT INTO area VALUES (?, ?, ?)", (area, east, north))
        connection.executemany(
            "INSERT INTO postcode VALUES (?, ?, ?, ?)",
            [(f"Z{number}{unit}AA", east + unit * 900, north, area) for unit in range(1, 7)],
        )
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def register(app, places):
    load_standards(Path(app.config["STANDARDS_DIR"]), now=NOON)
    make(COUNT, 7, places, NOON)
    return db.session.scalars(select(RegisterEntry).order_by(RegisterEntry.id)).all()


def test_the_same_seed_makes_the_same_providers_and_later_ones_come_behind(register, places):
    first = [(each.name, each.description, each.postcode, each.status, each.offers) for each in register]
    before = db.session.scalar(select(func.max(RegisterEntry.revision)))
    make(COUNT, 7, places, NOON)
    again = db.session.scalars(
        select(RegisterEntry).where(RegisterEntry.revision > before).order_by(RegisterEntry.id)
    ).all()
    assert [(each.name, each.description, each.postcode, each.status, each.offers) for each in again] == first
    assert not {each.slug for each in again} & {each.slug for each in register}


def test_entries_agree_with_their_awards_and_with_the_last_word_of_the_log(register):
    events = db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id)).all()
    last = {event.entry_id: event for event in events}
    assert [event.at for event in events] == sorted(event.at for event in events)
    for entry in register:
        assert (entry.award.holder_name, entry.award.status) == (entry.name, entry.status)
        assert last[entry.id].status is entry.status
        assert parse(entry.award.number).checks
    assert len({entry.revision for entry in register}) == len(register)


def test_it_has_something_of_everything_that_the_register_tells_apart(register):
    assert {entry.status for entry in register} == set(AwardStatus) - {AwardStatus.EXPIRED, AwardStatus.VOID}
    assert len({entry.scheme_id for entry in register}) == 3
    assert {entry.level_colour for entry in register} >= {"gold", "silver", "bronze"}
    assert any(entry.status in CURRENT and entry.expires_on < NOON.date() for entry in register)
    assert any(entry.area_code not in entry.areas for entry in register)
    assert any("Gymraeg" in entry.description for entry in register)
    assert {"", "micro", "small", "medium", "large"} <= {entry.size for entry in register}
    said = [offer["said_on"] for entry in register for offer in entry.offers]
    stale = (NOON - timedelta(days=92)).date().isoformat()
    assert min(said) < stale < max(said)


def test_of_a_private_address_the_register_says_the_council_alone(register):
    hidden = [entry for entry in register if not entry.postcode]
    assert hidden
    assert all(entry.easting is None and "address" not in entry.contact and entry.area_code for entry in hidden)


def test_what_is_made_next_by_hand_gets_free_numbers(register):
    organisation = Organisation(name="After", created_at=NOON, updated_at=NOON)
    db.session.add(organisation)
    db.session.flush()
    assert organisation.id == COUNT + 1
    awards = dict(db.session.execute(select(Award.scheme_id, func.count()).group_by(Award.scheme_id)).all())
    serials = dict(db.session.execute(select(Scheme.id, Scheme.next_serial)).all())
    assert all(serials[scheme] == count + 1 for scheme, count in awards.items())
    db.session.rollback()


def test_official_numbers_and_offers_have_the_form_that_the_forms_ask_for(register):
    numbers = db.session.scalars(select(Organisation.charity_number).where(Organisation.charity_number.is_not(None)))
    assert all(parse_charity_number(number) == number for number in numbers)
    offers = db.session.scalars(select(ServiceOffer)).all()
    assert {offer.organisation_id for offer in offers} <= {entry.organisation_id for entry in register}
