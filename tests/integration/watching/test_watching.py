"""Who watches a provider hears of it: what they chose, when they chose it, and of a loss always at once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.backends.mail import MemoryMail
from app.backends.tokens import Tokens
from app.domain.errors import NotFound
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import MailMessage, MailWatch, ServiceOffer, Watch
from app.services import watching
from app.services.mail_sending import Post, letter_of
from app.services.register import republish_details
from app.services.transactions import transaction
from app.services.watch_capacity import tell_of_capacity
from app.services.watch_news import tell_of_expiry, tell_watchers
from app.services.watching import Wanted
from tests import factories as make
from tests.conftest import NOON
from tests.integration import watched
from tests.integration.watching.conftest import acts, approve, change, suspend, team_of
from tests.told import told

LATER = NOON + timedelta(hours=2)


def test_a_suspension_is_told_at_once_even_to_who_chose_the_days_e_mail(commissioner):
    hope = approve("Hope Trust")
    watching.watch(hope.entry.slug, Wanted(("details",), "daily"), team_id=None, actor=acts(commissioner), now=NOON)
    suspend(hope.award)
    assert tell_watchers(LATER) == 1
    (message,) = told(commissioner)
    assert not message.waits
    assert message.subject == "Hope Trust: suspension"
    assert "Suspended while a concern is looked into." in message.text
    assert f"/register/{hope.entry.slug}" in message.text and "/watching" in message.text


def test_nothing_is_told_twice_and_nothing_that_was_before(commissioner):
    hope = approve()
    suspend(hope.award, NOON - timedelta(days=1))
    watching.watch(hope.entry.slug, Wanted(), team_id=None, actor=acts(commissioner), now=NOON)
    assert tell_watchers(LATER) == 0
    suspend(hope.award)
    assert tell_watchers(LATER) == 1
    assert tell_watchers(LATER + timedelta(days=1)) == 0
    assert len(told(commissioner)) == 1


def test_what_was_not_chosen_is_not_told_and_what_was_comes_in_the_way_that_was_chosen(commissioner):
    hope = approve()
    quiet = make.user()
    watching.watch(hope.entry.slug, Wanted(("renewed",), "daily"), team_id=None, actor=acts(commissioner), now=NOON)
    watching.watch(hope.entry.slug, Wanted((), "at-once"), team_id=None, actor=acts(quiet), now=NOON)
    change(hope.award, AwardStatus.AWARDED, "confirmed", "Award confirmed.", NOON + timedelta(hours=1))
    tell_watchers(LATER)
    assert [each.waits for each in told(commissioner)] == [True]
    assert told(quiet) == []


def test_everybody_in_a_team_hears_and_a_paused_or_ended_watch_says_nothing(commissioner):
    hope, colleague, stranger = approve(), make.user(), make.user()
    team = team_of(commissioner, colleague)
    watch_id = watching.watch(hope.entry.slug, Wanted(), team_id=team.id, actor=acts(commissioner), now=NOON)
    suspend(hope.award)
    assert tell_watchers(LATER) == 2
    assert "your team Lancaster together watches" in told(colleague)[0].text
    with pytest.raises(NotFound):
        watching.pause(watch_id, True, actor=acts(stranger), now=LATER)
    watching.pause(watch_id, True, actor=acts(colleague), now=LATER)
    change(hope.award, AwardStatus.WITHDRAWN, "withdrawn", "Withdrawn.", LATER)
    assert tell_watchers(LATER) == 0
    assert len(told()) == 2


def test_the_end_of_an_award_is_told_at_each_stage_once_and_what_was_missed_only_by_the_latest(commissioner):
    hope = approve(expires_on=NOON.date() + timedelta(days=61))
    watching.watch(hope.entry.slug, Wanted(), team_id=None, actor=acts(commissioner), now=NOON)
    days = (0, 1, 2, 48, 49, 61, 62, 63, 99)  # 61, 60, 59, 13, 12, 0 and -1 days before its last day, and long after
    assert [tell_of_expiry(NOON + timedelta(days=day)) for day in days] == [0, 1, 0, 1, 0, 0, 1, 0, 0]
    assert ["runs out on 16 Jan 2027" in each.subject for each in told(commissioner)] == [True, True, False]
    assert "has run out" in told(commissioner)[-1].subject


def test_an_award_that_is_no_longer_in_force_does_not_run_out(commissioner):
    hope = approve(expires_on=NOON.date() + timedelta(days=10))
    watching.watch(hope.entry.slug, Wanted(), team_id=None, actor=acts(commissioner), now=NOON)
    change(hope.award, AwardStatus.WITHDRAWN, "withdrawn", "Withdrawn.", NOON)
    assert tell_of_expiry(LATER) == 0


def test_capacity_that_is_said_anew_is_gathered_for_the_days_e_mail(commissioner):
    hope = approve()
    watching.watch(hope.entry.slug, Wanted(("capacity",)), team_id=None, actor=acts(commissioner), now=NOON)
    assert tell_of_capacity(NOON) == 0
    with transaction() as session:
        said = {"taking": "waiting-list", "weeks": 3, "said_at": LATER, "said_by_id": commissioner.id}
        organisation = session.merge(hope.award.organisation)
        session.add(ServiceOffer(organisation_id=organisation.id, service="befriending", how="", **said))
        republish_details(session, organisation, LATER)
    assert tell_of_capacity(LATER + timedelta(hours=1)) == 1
    assert tell_of_capacity(LATER + timedelta(hours=2)) == 0
    (message,) = told(commissioner)
    assert message.waits and ": has a waiting list, about 3 weeks." in message.text


def test_a_thousand_events_elsewhere_cost_no_more_statements_than_ten(commissioner, count_statements):
    hope = approve()
    watching.watch(hope.entry.slug, Wanted(), team_id=None, actor=acts(commissioner), now=NOON)

    def statements_for(count: int) -> int:
        with transaction() as session:
            others = [approved.entry.id for approved in quiet]
            for number in range(count):
                session.add(event_of(others[number % len(others)], hope))
        with count_statements() as statements:
            tell_watchers(LATER)
        return len(statements)

    quiet = [approve(f"Quiet {number}") for number in range(3)]
    tell_watchers(LATER)
    assert statements_for(400) <= statements_for(10) + 5


def event_of(entry_id: int, like):
    from app.models import RegisterEvent

    same = {"number": like.award.number, "level_title": "Silver", "status": AwardStatus.AWARDED}
    return RegisterEvent(entry_id=entry_id, at=LATER, kind="details-changed", words="", **same)


def test_one_watches_from_the_providers_page_and_undoes_what_was_ended(client_for, commissioner):
    hope, client = approve("Hope Trust"), client_for(commissioner)
    assert f"/register/{hope.entry.slug}/watch" in client.get(f"/register/{hope.entry.slug}").text
    assert "You watch no provider." in client.get("/watching").text
    page = client.post(
        f"/register/{hope.entry.slug}/watch", data={"hears": ["expiry"], "way": "daily"}, follow_redirects=True
    )
    assert "You watch Hope Trust now." in page.text and "In the day’s e-mail." in page.text
    watch = db.session.scalars(select(Watch)).one()
    page = client.post(f"/watching/providers/{watch.id}/remove", follow_redirects=True)
    assert "You no longer watch this provider." in page.text and "You watch no provider." in page.text
    client.post(f"/watching/providers/{watch.id}/put-back")
    assert "Hope Trust" in client.get("/watching").text


def test_two_of_a_team_who_change_a_watch_at_once_do_not_overwrite_each_other(client_for, commissioner):
    hope, colleague = approve(), make.user()
    team = team_of(commissioner, colleague)
    watch_id = watching.watch(hope.entry.slug, Wanted(), team_id=team.id, actor=acts(commissioner), now=NOON)
    address = f"/watching/providers/{watch_id}"
    seen = {"version": "1", "way": "daily"}
    assert client_for(colleague).post(address, data={**seen, "hears": ["details"]}).status_code == 302
    late = client_for(commissioner).post(address, data={**seen, "hears": ["capacity"]})
    assert "Somebody of your team changed this watch meanwhile." in late.text
    assert db.session.get_one(Watch, watch_id).hears == ["suspension", "withdrawal", "details"]


def test_without_an_account_an_address_is_told_only_after_it_said_yes_and_until_it_says_no(client):
    hope = approve("Hope Trust")
    page = f"/register/{hope.entry.slug}/watch"
    assert "Enter a whole e-mail address" in client.post(page, data={"email": "nobody"}).text
    assert "Open the link that we sent" in client.post(page, data={"email": "Manager@Example.org"}).text
    link = re.search(r"%BASE%(/watch/confirm/\S+)", told()[0].text)[1]
    assert "Send me these messages" in client.get(link).text  # opening it begins nothing
    assert db.session.scalars(select(MailWatch)).all() == []
    assert "You watch Hope Trust" in client.post(link).text
    client.post(link)
    suspend(hope.award)
    assert tell_watchers(LATER) == 1
    message = told()[1]
    assert (message.recipient, message.subject) == ("manager@example.org", "Hope Trust: suspension")
    end = re.search(r"%BASE%(/watch/end/\S+)", message.text)[1]
    assert "End the messages about Hope Trust?" in client.get(end).text
    queued = db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc())).first()
    letter = letter_of(queued, Post(MemoryMail(), "https://touchstone.example", Tokens("a key for tests" * 3)), LATER)
    assert letter.turn_off == f"https://touchstone.example{end}"  # for the button of mail programs (RFC 8058)
    assert "we have forgotten your address" in client.post(end).text
    assert db.session.scalars(select(MailWatch)).all() == []
    assert client.get(end).status_code == 404


def test_a_link_to_confirm_that_is_three_days_old_begins_nothing(client, clock):
    hope = approve()
    client.post(f"/register/{hope.entry.slug}/watch", data={"email": "manager@example.org", "language": "cy"})
    assert told()[0].subject.startswith("Gwylio")
    link = re.search(r"%BASE%(/watch/confirm/\S+)", told()[0].text)[1]
    clock.forward(days=3, minutes=1)
    assert client.post(link).status_code == 404
    assert db.session.scalars(select(MailWatch)).all() == []


def test_nobody_can_have_an_address_flooded(client):
    hope = approve()
    answers = [
        client.post(f"/register/{hope.entry.slug}/watch", data={"email": "manager@example.org"}) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert len(told()) == 5


def test_a_private_feed_tells_what_is_watched_and_dies_when_it_is_ended(client, client_for, commissioner):
    hope, other = approve("Hope Trust", expires_on=date(2026, 11, 10)), approve("Other")
    for each in (hope, other):
        watching.watch(each.entry.slug, Wanted(), team_id=None, actor=acts(commissioner), now=NOON)
    page = client_for(commissioner).post("/watching/feed")
    address = re.search(r'value="http://[^/]+(/watching/feed/[^"]+\.atom)"', page.text)[1]
    feed = client.get(address)
    assert feed.mimetype == "application/atom+xml" and feed.headers["Cache-Control"].startswith("private")
    assert "Hope Trust: The award ran out on 10 Nov 2026." in feed.text and "Other: Silver awarded." in feed.text
    assert commissioner.name not in feed.text and commissioner.email not in feed.text
    client_for(commissioner).post("/watching/feed")  # a new one ends the one before
    assert client.get(address).status_code == 404


def test_who_leaves_a_team_takes_no_feed_along_and_leaves_no_need_that_nobody_keeps(client, client_for, commissioner):
    other = make.user()
    team = team_of(commissioner, other)
    address = f"/watching/feed/{watching.make_feed(team_id=team.id, actor=acts(commissioner), now=NOON)}.atom"
    assert client.get(address).status_code == 200
    client_for(commissioner).post(f"/teams/{team.id}/leave")
    assert client.get(address).status_code == 404, "its maker knows the address, and is none of the team any more"
    need = watched.need(other)
    need.owner_id, need.team_id = None, team.id
    db.session.commit()
    last = client_for(other)
    last.post(f"/teams/{team.id}/leave")
    assert "takes answers still" in last.get(f"/teams/{team.id}").text
    last.post(f"/needs/{need.id}/close")
    last.post(f"/teams/{team.id}/leave")
    assert last.get(f"/teams/{team.id}").status_code == 404


def test_a_team_that_is_no_number_is_refused_and_never_a_failure(client_for, commissioner):
    for path in ("/watching/feed", f"/register/{approve().entry.slug}/watch"):
        assert client_for(commissioner).post(path, data={"whose": "²"}).status_code < 500
