"""Keys to the open APIs: made by anyone signed in, shown once, kept as a hash, counted apart, and revoked."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.backends.limiting import Allowance, Limiter
from app.domain.api_keys import MOST_KEYS
from app.extensions import db
from app.models import ApiKey, AuditRow
from tests import factories as make
from tests.conftest import NOON


@pytest.fixture
def person(app, client_for):
    """A browser in which somebody without any role is signed in."""
    return client_for(make.user())


@pytest.fixture(autouse=True)
def limits(app):
    """What this process counts: nothing yet, and no key is known from the test before."""
    found = app.extensions["limits"]
    kept = (found.open, found.with_key, found.clock)
    found.limiter, found.known_keys = Limiter(), {}
    yield found
    found.open, found.with_key, found.clock = kept


def made(person, name: str = "Our website") -> str:
    answer = person.post("/account/keys", data={"name": name})
    assert answer.headers["Cache-Control"] == "no-store"
    return re.search(r"ts_[\w-]{32}", answer.text)[0]


def ask(client, key: str, address: str = "/api/v1/codes"):
    return client.get(address, headers={"Authorization": f"Bearer {key}"})


def test_a_key_is_shown_once_and_kept_only_as_a_hash(person):
    key = made(person)
    page = person.get("/account/keys").text
    assert "Our website" in page
    assert key[:8] in page and key not in page
    row = db.session.scalars(select(ApiKey)).one()
    assert key not in {row.key_hash, row.beginning, row.name}
    assert db.session.scalars(select(AuditRow.action)).all() == ["api-key.made"]


def test_a_key_is_taken_its_day_is_noted_once_and_a_revoked_one_is_refused(app, client, person, count_statements):
    key = made(person)
    assert ask(client, key).status_code == 200
    assert "16 Nov 2026" in person.get("/account/keys").text.split("Last used", 1)[1]
    with count_statements() as statements:
        ask(client, key)
    assert not [statement for statement in statements if "api_key" in statement]  # known for a minute
    key_id = db.session.scalars(select(ApiKey.id)).one()
    person.post(f"/account/keys/{key_id}/revoke")
    refused = ask(client, key)
    assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert "revoked on 16 Nov 2026" in person.get("/account/keys").text


def test_another_process_hears_of_a_revoked_key_within_a_minute(limits, client, person):
    key, moment = made(person), [0.0]
    limits.clock = lambda: moment[0]
    ask(client, key)
    row = db.session.scalars(select(ApiKey)).one()
    row.revoked_at = row.made_at  # by somebody else, so that this process was not told
    make.save(row)
    moment[0] = 59.0
    assert ask(client, key).status_code == 200
    moment[0] = 61.0
    assert ask(client, key).status_code == 401


def test_whoever_sends_a_key_has_an_allowance_of_their_own(limits, client, person):
    key = made(person)
    limits.open, limits.with_key, limits.clock = Allowance(1, 2), Allowance(10, 20), lambda: 0.0
    ask(client, key)  # this process reads the key: counted once by address
    assert {ask(client, key).status_code for _ in range(15)} == {200}
    assert ask(client, "ts_wrong").status_code == 401
    assert ask(client, "ts_wrong").status_code == 429  # trying keys is no way around the limit of an address


def test_there_are_so_many_keys_and_no_more(person):
    for number in range(MOST_KEYS):
        made(person, f"Program {number}")
    assert "there can be no more" in person.get("/account/keys").text
    answer = person.post("/account/keys", data={"name": "One more"})
    assert answer.status_code == 409
    assert "Revoke one" in answer.text
    assert db.session.query(ApiKey).count() == MOST_KEYS


def test_a_key_without_a_name_is_asked_for_one(person):
    answer = person.post("/account/keys", data={"name": "  "})
    assert answer.status_code == 422
    assert "Give the key a name" in answer.text
    assert db.session.query(ApiKey).count() == 0


def test_nobody_revokes_somebody_elses_key(person, client_for):
    made(person)
    key_id = db.session.scalars(select(ApiKey.id)).one()
    other = client_for(make.user())
    assert other.get(f"/account/keys/{key_id}/revoke").status_code == 404
    assert other.post(f"/account/keys/{key_id}/revoke").status_code == 404
    assert db.session.get(ApiKey, key_id).revoked_at is None


def test_the_keys_of_a_closed_account_are_refused(app, client, client_for):
    owner = make.user()
    key = made(client_for(owner))
    owner.closed_at = NOON
    db.session.commit()
    assert ask(client, key).status_code == 401


def test_who_has_a_key_is_heard_although_others_at_its_address_used_up_what_is_open_to_all(client, person, limits):
    key = made(person)
    limits.open, limits.with_key, limits.clock = Allowance(1, 3), Allowance(10, 50), lambda: 100.0
    assert [client.get("/api/v1/codes").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(client, key).status_code == 200
    assert [ask(client, key).headers["RateLimit-Policy"] for _ in range(9)][-1] == '"requests";q=50;w=5'
    assert [ask(client, "ts_wrong").status_code for _ in range(4)][-1] == 429
