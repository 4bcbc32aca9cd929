"""Closing an account ends what it kept and asked for, and leaves to teams and organisations what is theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.needs import NeedStatus
from app.extensions import db
from app.models import (
    AuditRow,
    MailMessage,
    MailWatch,
    Membership,
    Need,
    NeedChange,
    SavedSearch,
    Shortlist,
    ShortlistShare,
    Team,
    TeamMember,
    User,
    Watch,
    WatchFeed,
)
from app.queries.people import signed_in
from app.services.account_closing import close_account
from tests import factories as make
from tests.conftest import NOON
from tests.integration.watched import need, watched

HOW = "She rang from the number on file."


@pytest.fixture
def person(app):
    return make.user(name="Ros Calder", email="ros@example.org")


@pytest.fixture
def entry(app):
    return make.register_entry(make.award(make.application(make.organisation(), make.edition())))


def team_of(*people):
    team = make.save(Team(name="Bay team", created_at=NOON, created_by_id=people[0].id))
    for each in people:
        make.save(TeamMember(team_id=team.id, user_id=each.id, joined_at=NOON))
    return team


def shared_list(by, **owner):
    made = {"created_at": NOON, "updated_at": NOON, "created_by_id": by.id}
    shortlist = make.save(Shortlist(name="Respite", **owner, **made))
    token = f"hash-{shortlist.id}"
    share = make.save(ShortlistShare(shortlist_id=shortlist.id, token_hash=token, made_at=NOON, made_by_id=by.id))
    return shortlist.id, share.id


def close(**options):
    counts = close_account("Ros@example.org", HOW, now=NOON, **options)
    db.session.expire_all()
    return counts


def test_what_the_person_kept_ends_and_nobody_can_sign_in(person, entry):
    things = watched(entry, person)
    list_id, share_id = shared_list(person, owner_id=person.id)
    make.save(MailWatch(email=person.email, secret="hers", entry_id=entry.id, confirmed_at=NOON))
    user_id, key = person.id, person.session_key
    counts = close()
    assert {name: count for name, count in counts.items() if count} == {
        "watches": 1, "feeds": 1, "searches": 1, "links": 1, "lists": 1, "mail_watches": 1, "needs": 1,
    }  # fmt: skip
    assert signed_in(user_id, key) is None and db.session.get_one(User, user_id).closed_at == NOON
    assert db.session.get_one(Watch, things.watch_id).removed_at == NOON
    assert db.session.get_one(SavedSearch, things.search_id).removed_at == NOON
    assert db.session.get_one(WatchFeed, things.feed_id).ended_at == NOON
    assert db.session.get_one(Shortlist, list_id).deleted_at == NOON
    assert db.session.get_one(ShortlistShare, share_id).ended_at == NOON
    assert [each.email for each in db.session.scalars(select(MailWatch))] == [f"{things.secret}@example.org"]
    assert db.session.scalars(select(MailMessage.subject)).all() == ["Your account was closed"]
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "account.closed")).one()
    assert row.detail["note"] == HOW and row.detail["watches"] == 1


def test_an_open_need_is_withdrawn_with_the_reason_for_all_to_read_and_a_draft_is_gone(person, client):
    live, draft = need(person), need(person, status=NeedStatus.DRAFT, published_at=None)
    closed = need(person, status=NeedStatus.CLOSED)
    ids = live.id, draft.id, closed.id
    close()
    found = [db.session.get(Need, each) for each in ids]
    assert found[0].status is NeedStatus.WITHDRAWN and found[0].status_reason == "The account was closed."
    assert found[1] is None and found[2].status is NeedStatus.CLOSED
    assert db.session.scalars(select(NeedChange.words)).all() == ["Withdrawn. The account was closed."]
    assert "The account was closed." in client.get(f"/needs/{ids[0]}").text


def test_a_need_that_is_passed_on_stays_open_as_the_teams(person):
    colleague = make.user()
    team, own = team_of(person, colleague), need(person)
    team_id, need_id = team.id, own.id
    close(needs_to=team_id)
    found = db.session.get_one(Need, need_id)
    assert (found.owner_id, found.team_id, found.status) == (None, team_id, NeedStatus.PUBLISHED)
    assert db.session.scalars(select(TeamMember.user_id)).all() == [colleague.id]


def test_what_belongs_to_a_team_stays_while_somebody_is_left_in_it_and_ends_with_the_last(person, entry):
    shared, lone = team_of(person, make.user()), team_of(person)
    made = {"entry_id": entry.id, "hears": [], "created_at": NOON, "created_by_id": person.id}
    kept, ended = (make.save(Watch(team_id=each.id, **made)) for each in (shared, lone))
    kept_list, ended_list = (shared_list(person, team_id=each.id)[0] for each in (shared, lone))
    kept_id, ended_id = kept.id, ended.id
    with pytest.raises(Invalid, match="with somebody else"):
        close(needs_to=lone.id)
    close()
    assert db.session.get_one(Watch, kept_id).removed_at is None
    assert db.session.get_one(Watch, ended_id).removed_at == NOON
    assert db.session.get_one(Shortlist, kept_list).deleted_at is None
    assert db.session.get_one(Shortlist, ended_list).deleted_at == NOON


def test_an_account_on_which_others_depend_is_not_closed_and_says_why(person):
    trust = make.organisation(name="Fell Trust")
    lead = make.save(Membership(user_id=person.id, organisation_id=trust.id, role=Role.LEAD, created_at=NOON))
    with pytest.raises(Conflict, match="only lead of Fell Trust"):
        close()
    assert db.session.get_one(User, person.id).closed_at is None
    make.member(trust)
    lead_id = lead.id
    close()
    assert db.session.get(Membership, lead_id) is None
    officer = make.officer(make.scheme(), Role.ASSESSOR)
    with pytest.raises(Conflict, match="role in a scheme"):
        close_account(officer.email, HOW, now=NOON)
    with pytest.raises(NotFound):
        close()


def test_the_operator_closes_an_account_by_a_command_that_says_what_ended(app, person, entry):
    watched(entry, person)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["people", "close", "ros@example.org", "--how", HOW])
    assert done.exit_code == 0 and "1 watches, 1 feeds, 1 searches, 1 needs" in done.output
    again = runner.invoke(args=["people", "close", "ros@example.org", "--how", HOW])
    assert again.exit_code == 1 and "no open account" in again.output
