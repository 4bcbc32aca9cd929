"""What a provider says of its capacity: saved with its day, on the register at once, never overwritten, asked again later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Right
from app.domain.errors import Invalid, NotAllowed
from app.domain.offers import Said, Taking
from app.extensions import db
from app.models import AdviserGrant, AuditRow, Notice, RegisterEntry, RegisterEvent, ServiceOffer
from app.queries.to_do.capacity import things
from app.services.offer_reminders import remind_of_capacity
from app.services.offers import Change, OffersChanged, confirm_offers, say_offers
from app.services.register import publish
from app.services.transactions import transaction
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
DAY = timedelta(days=1)
HELD = ["befriending", "lunch-club"]


@pytest.fixture
def provider(storage):
    return make.organisation(facts={"staff": 3}, services=[*HELD, "home-care"])


@pytest.fixture
def entry(provider):
    """Its entry on the register, for two of its three services."""
    award = make.award(make.application(provider, make.edition()), covers={"services": HELD})
    return make.register_entry(award, services=HELD)


@pytest.fixture
def by(lead):
    return {"actor": make.actor(lead), "now": NOON}


def _say(provider, by, service="befriending", taking=Taking.NOW, version=0, **facts):
    return say_offers(provider.id, [Change(Said(service, taking, **facts), version)], **by)


def _published(entry):
    db.session.expire_all()
    return db.session.get_one(RegisterEntry, entry.id).offers


def test_what_is_said_is_on_the_register_at_once_with_its_day_and_tells_its_history_nothing(provider, entry, by):
    before = db.session.get_one(RegisterEntry, entry.id).revision
    assert _say(provider, by, capacity=40, free=3, how="Ring us.") == 1
    (offer,) = _published(entry)
    assert offer["said_on"] == "2026-11-16" and (offer["taking"], offer["free"]) == ("now", 3)
    assert db.session.get_one(RegisterEntry, entry.id).revision > before
    assert db.session.scalars(select(RegisterEvent).where(RegisterEvent.kind == "details-changed")).all() == []
    (row,) = db.session.scalars(select(AuditRow).where(AuditRow.action == "capacity.said"))
    assert row.detail["before"] == {"befriending": {}} and row.detail["after"]["befriending"]["free"] == 3


def test_a_service_that_no_award_covers_is_kept_but_published_nowhere(provider, entry, by):
    _say(provider, by, "home-care", Taking.NOW, free=9)
    assert _published(entry) == []
    assert db.session.scalars(select(ServiceOffer.service)).all() == ["home-care"]


def test_a_service_that_leaves_the_scope_of_the_award_leaves_the_capacity_too(provider, entry, by):
    _say(provider, by, "befriending")
    _say(provider, by, "lunch-club", Taking.FULL)
    with transaction() as session:
        award = session.get_one(type(entry.award), entry.award_id)
        award.covers = {"services": ["lunch-club"]}
        publish(session, award.organisation, award, NOON, TODAY, "scope-changed", "The scope was changed.")
    assert [each["service"] for each in _published(entry)] == ["lunch-club"]


def test_two_who_write_of_one_service_never_overwrite_each_other_and_of_two_never_meet(provider, entry, by):
    _say(provider, by, "befriending", free=4)
    assert _say(provider, by, "lunch-club", Taking.FULL) == 1
    with pytest.raises(OffersChanged) as clash:
        _say(provider, by, "befriending", free=2, version=0)
    assert clash.value.services == ("befriending",)
    assert {each["service"]: each["free"] for each in _published(entry)} == {"befriending": 4, "lunch-club": None}
    assert _say(provider, by, "befriending", free=4, version=0) == 0  # the same, said twice: nothing to overwrite


def test_still_right_dates_everything_anew_unless_a_colleague_was_quicker(provider, entry, by):
    _say(provider, by, "befriending")
    _say(provider, by, "lunch-club", Taking.WAITING_LIST, weeks=6)
    later = {**by, "now": NOON + 100 * DAY}
    assert confirm_offers(provider.id, {"befriending": 1, "lunch-club": 1}, **later) == 2
    assert {each["said_on"] for each in _published(entry)} == {"2027-02-24"}
    _say(provider, later, "befriending", Taking.FULL, version=1)
    with pytest.raises(OffersChanged):
        confirm_offers(provider.id, {"befriending": 1, "lunch-club": 1}, **later)


def test_figures_that_contradict_each_other_are_refused_each_at_its_box_and_nothing_is_saved(provider, entry, by):
    wrong = [
        Change(Said("befriending", Taking.NOW, capacity=5, free=6)),
        Change(Said("lunch-club", Taking.FULL, free=1, how="x" * 501)),
        Change(Said("home-care", None, weeks=3)),
        Change(Said("advocacy", Taking.NOW)),
    ]
    with pytest.raises(Invalid) as refused:
        say_offers(provider.id, wrong, **by)
    named = {"befriending-free", "lunch-club-free", "lunch-club-how", "home-care-taking", "advocacy-taking"}
    assert set(refused.value.errors) == named
    assert db.session.scalars(select(ServiceOffer)).all() == []


def test_an_adviser_who_may_change_the_profile_says_it_too_and_another_may_not(provider, entry):
    helper, other = make.user(), make.user()
    for person, right in ((helper, Right.PROFILE), (other, Right.ANSWER)):
        rights = [Right.SEE.value, right.value]
        make.save(AdviserGrant(organisation_id=provider.id, user_id=person.id, rights=rights, granted_at=NOON))
    assert _say(provider, {"actor": make.actor(helper), "now": NOON}) == 1
    with pytest.raises(NotAllowed):
        _say(provider, {"actor": make.actor(other), "now": NOON}, "lunch-club")


def test_people_are_asked_before_it_goes_out_of_date_and_told_once_it_has(provider, entry, by):
    _say(provider, by, "befriending")
    _say(provider, by, "home-care")  # not on the register: nobody is asked
    told = [day for day in range(110) for _ in range(2) if remind_of_capacity(NOON + day * DAY)]
    assert told == [82, 93]
    first, last = db.session.scalars(select(Notice).order_by(Notice.id))
    assert first.subject == "Is what you say of your capacity still right?" and "Befriending" in first.text
    assert last.subject == "What you say of your capacity is out of date" and "counted until 16 Feb 2027" in last.text
    assert f"/organisations/{provider.id}/capacity" in last.text and "Home care" not in last.text
    confirm_offers(provider.id, {"befriending": 1}, actor=by["actor"], now=NOON + 110 * DAY)
    assert remind_of_capacity(NOON + 111 * DAY) == 0


def test_what_goes_out_of_date_is_among_the_things_to_do_in_two_statements(provider, entry, by, count_statements):
    _say(provider, by, "befriending")
    assert things([provider.id], by["actor"], TODAY + 81 * DAY) == []
    with count_statements() as statements:
        (thing,) = things([provider.id], by["actor"], TODAY + 93 * DAY)
    assert sum(each.startswith("SELECT") for each in statements) == 2
    assert thing.when == "Last said on 16 Nov 2026, out of date for 1 service"


def test_the_page_saves_what_is_new_shows_what_is_wrong_and_keeps_what_was_typed(provider, entry, by, browser):
    address = f"/organisations/{provider.id}/capacity"
    assert "Is all of it still right" not in browser.get(address).text
    wrong = browser.post(
        address, data={"befriending-taking": "now", "befriending-free": "lots", "befriending-how": "Ring."}
    )
    assert wrong.status_code == 422 and "must be a whole number" in wrong.text and ">\r\nRing." in wrong.text
    right = {"befriending-taking": "waiting-list", "befriending-weeks": "6", "befriending-capacity": "1,200"}
    assert browser.post(address, data=right).status_code == 302
    assert _published(entry)[0]["capacity"] == 1200
    assert "Is all of it still right" in browser.get(address).text
    assert browser.post(f"{address}/still-right", data={"befriending-version": "1"}).status_code == 302


def test_a_form_that_was_open_while_a_colleague_saved_shows_theirs_and_saves_at_the_second_press(
    provider, entry, by, browser
):
    address = f"/organisations/{provider.id}/capacity"
    seen = {"befriending-was": '[0, "", null, null, null, ""]'}
    _say(provider, by, "befriending", Taking.FULL, how="We begin again in May.")
    mine = {**seen, "befriending-taking": "now", "befriending-free": "2"}
    clash = browser.post(address, data=mine)
    assert clash.status_code == 409 and "We begin again in May." in clash.text and 'value="2"' in clash.text
    assert _published(entry)[0]["taking"] == "full"
    again = {**mine, "befriending-was": '[1, "full", null, null, null, "We begin again in May."]'}
    assert browser.post(address, data=again).status_code == 302
    assert _published(entry)[0]["free"] == 2
