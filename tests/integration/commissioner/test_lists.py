"""Shortlists on an account and of a team: kept, shared, and worked on by two at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.choosing import Verdict
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import AuditRow, MailMessage, Shortlist, ShortlistItem, Team, TeamMember
from app.services.shortlists import forget_deleted_lists
from tests import factories as make
from tests.conftest import NOON
from tests.integration.choosing import a_list


@pytest.fixture
def person(app):
    return make.user(name="Ada Commissioner")


@pytest.fixture
def browser(person, client_for):
    return client_for(person)


def item_of(kept, place=0):
    return db.session.get(Shortlist, kept.id).items[place]


def write(browser, kept, note, version=1, verdict="open"):
    item = item_of(kept)
    data = {"note": note, "verdict": verdict, "version": str(version)}
    return browser.post(f"/shortlists/{kept.id}/items/{item.id}", data=data)


def test_the_browsers_list_moves_into_the_account_with_its_notes(browser, entry):
    one, two = entry(name="Bay Friends"), entry(name="Fell Friends")
    sent = {"p": [one.slug, two.slug], "list": "new", "name": "Befriending", f"note-{two.slug}": "Ring on Monday."}
    answer = browser.post("/shortlists/add", data=sent)
    page = browser.get(answer.location).text
    assert "2 providers are on the list now" in page and "Ring on Monday." in page
    assert f'data-moved="{one.slug} {two.slug}"' in page  # what the browser then forgets


def test_notes_typed_without_script_survive_signing_in(client, browser, entry, person, client_for):
    one = entry(name="Bay Friends")
    sent = {"p": [one.slug], f"note-{one.slug}": "Asked on Friday."}
    assert client.post("/shortlist/keep", data=sent).location == f"/shortlists/add?p={one.slug}"
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{person.id}:{person.session_key}", True
    assert "Asked on Friday." in client.get(f"/shortlists/add?p={one.slug}").text


def test_who_keeps_nothing_is_asked_for_a_name_and_loses_nothing(browser, entry):
    one = entry(name="Bay Friends")
    sent = {"p": [one.slug], "list": "new", "name": " ", f"note-{one.slug}": "Ring."}
    answer = browser.post("/shortlists/add", data=sent)
    assert answer.status_code == 422
    assert "Give the list a name" in answer.text and "Ring." in answer.text


def test_who_lost_approval_since_stands_at_the_top(browser, person, entry):
    kept = a_list(person, [entry(name="Bay Friends"), entry(name="Fell Friends")])
    gone = db.session.get(Shortlist, kept.id).items[1].entry
    gone.status, gone.status_on = AwardStatus.SUSPENDED, NOON.date()
    db.session.commit()
    page = browser.get(f"/shortlists/{kept.id}").text
    assert "1 provider on this list is not approved now" in page
    assert "When it was put on the list it was: approved." in page


def test_two_who_write_at_once_never_overwrite_each_other(browser, person, entry):
    kept = a_list(person, [entry()])
    assert write(browser, kept, "First words.").status_code == 302
    answer = write(browser, kept, "Second words.")  # from a page that was made before the first was saved
    assert answer.status_code == 409
    assert "First words." in answer.text and "Second words." in answer.text
    assert item_of(kept).note == "First words."
    version = re.search(r'name="version" value="(\d+)"', answer.text).group(1)
    assert write(browser, kept, "First words. Second words.", version).status_code == 302
    assert item_of(kept).note == "First words. Second words."


def test_a_name_that_a_colleague_changed_meanwhile_is_shown_and_kept(browser, person):
    kept = a_list(person)
    for name, version, status in (("Autumn", 1, 302), ("Winter", 1, 409)):
        data = {"name": name, "purpose": "", "criteria": "", "version": str(version)}
        answer = browser.post(f"/shortlists/{kept.id}/describe", data=data)
        assert answer.status_code == status
    assert "Autumn" in answer.text and 'value="Winter"' in answer.text
    assert db.session.get(Shortlist, kept.id).name == "Autumn"


def test_a_provider_that_was_taken_off_comes_back_where_it_was_with_its_note(browser, person, entry):
    kept = a_list(person, [entry(name="A"), entry(name="B"), entry(name="C")])
    item_id = item_of(kept, 1).id
    browser.post(f"/shortlists/{kept.id}/items/{item_id}/off")
    assert "Note on B</textarea>" not in browser.get(f"/shortlists/{kept.id}").text
    browser.post(f"/shortlists/{kept.id}/items/{item_id}/back")
    page = browser.get(f"/shortlists/{kept.id}").text
    assert page.index("Note on A</textarea>") < page.index("Note on B</textarea>") < page.index("Note on C</textarea>")


def test_providers_change_places(browser, person, entry):
    kept = a_list(person, [entry(name="A"), entry(name="B")])
    browser.post(f"/shortlists/{kept.id}/items/{item_of(kept, 1).id}/up")
    assert [item.entry.name for item in db.session.get(Shortlist, kept.id).items] == ["B", "A"]


def test_a_deleted_list_comes_back_and_after_thirty_days_is_gone_with_its_notes(browser, person, entry):
    kept = a_list(person, [entry()])
    browser.post(f"/shortlists/{kept.id}/delete")
    assert "Bring back" in browser.get("/shortlists").text
    assert forget_deleted_lists(NOON + timedelta(days=29)) == 0
    browser.post(f"/shortlists/{kept.id}/restore")
    assert "Save" in browser.get(f"/shortlists/{kept.id}").text
    browser.post(f"/shortlists/{kept.id}/delete")
    assert forget_deleted_lists(NOON + timedelta(days=31)) == 1
    assert db.session.query(ShortlistItem).count() == 0


def test_a_list_is_nobody_elses(person, entry, client_for, client):
    kept = a_list(person, [entry()])
    other = client_for(make.user())
    assert other.get(f"/shortlists/{kept.id}").status_code == 404
    assert other.get(f"/shortlists/{kept.id}/list.csv").status_code == 404
    assert client.get(f"/shortlists/{kept.id}").location.startswith("/sign-in")


def link(browser, kept, **data):
    page = browser.post(f"/shortlists/{kept.id}/share", data={"words": "Board", **data}).text
    return re.search(r"/shared-lists/[\w-]+", page).group()


def test_a_link_shows_the_list_without_notes_unless_they_were_chosen(browser, client, person, entry):
    kept = a_list(person, [entry(name="Bay Friends")])
    bare, full = link(browser, kept), link(browser, kept, with_notes="y")
    shown = client.get(bare)
    assert "Bay Friends" in shown.text and "Note on" not in shown.text
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert b"Note on" not in client.get(f"{bare}/list.csv").data
    assert "Note on Bay Friends" in client.get(full).text
    assert b"Note on Bay Friends" in client.get(f"{full}/list.csv").data


def test_a_link_ends_by_hand_by_its_day_and_with_its_list(browser, client, person, entry, clock):
    kept = a_list(person, [entry()])
    tomorrow = NOON.date() + timedelta(days=1)
    dated = {"ends_on-day": str(tomorrow.day), "ends_on-month": str(tomorrow.month), "ends_on-year": str(tomorrow.year)}
    by_day, by_hand, by_list = link(browser, kept, **dated), link(browser, kept), link(browser, kept)
    shares = re.findall(rf"/shortlists/{kept.id}/shares/(\d+)/end", browser.get(f"/shortlists/{kept.id}/share").text)
    browser.post(f"/shortlists/{kept.id}/shares/{sorted(map(int, shares))[1]}/end")
    assert [client.get(each).status_code for each in (by_day, by_hand, by_list)] == [200, 404, 200]
    clock.forward(days=2)
    assert [client.get(each).status_code for each in (by_day, by_hand, by_list)] == [404, 404, 200]
    browser.post(f"/shortlists/{kept.id}/delete")
    assert client.get(by_list).status_code == 404


def test_a_member_of_the_team_does_the_same_as_who_made_the_list(browser, person, entry, client_for):
    team = make.save(Team(name="Bay team", created_at=NOON, created_by_id=person.id))
    other = make.user()
    for each in (person, other):
        make.save(TeamMember(team_id=team.id, user_id=each.id, joined_at=NOON))
    kept = a_list(person, [entry()], team_id=team.id)
    assert write(client_for(other), kept, "Seen them.", verdict="chosen").status_code == 302
    assert (item_of(kept).note, item_of(kept).verdict) == ("Seen them.", Verdict.CHOSEN)
    row = db.session.query(AuditRow).filter_by(action="shortlist.written").one()
    assert row.actor_id == other.id and "Seen them" not in str(row.detail)


def invited(browser, team_id, email):
    browser.post(f"/teams/{team_id}/invite", data={"email": email})
    mail = db.session.query(MailMessage).filter_by(recipient=email).order_by(MailMessage.id.desc()).first()
    return re.search(r"/team-invitations/[\w-]+", mail.text).group()


def test_somebody_joins_a_team_by_the_link_that_was_sent_to_them_and_by_no_other(browser, client_for):
    team = browser.post("/teams", data={"name": "Bay team"}).location
    team_id = int(team.rpartition("/")[2])
    wanted, other = make.user(), make.user()
    link = invited(browser, team_id, wanted.email)
    assert client_for(other).post(link).status_code == 403
    joined = client_for(wanted)
    assert joined.post(link).location == team
    assert "Bay team" in joined.get(team).text
    assert joined.post(link).status_code == 404, "a link is good once"


def test_a_newcomer_makes_an_account_by_joining(browser, client):
    team_id = int(browser.post("/teams", data={"name": "Bay team"}).location.rpartition("/")[2])
    link = invited(browser, team_id, "new@example.org")
    answer = client.post(link, data={"name": "Nia New", "password": "quiet-harbour-lantern"})
    assert answer.location == "/shortlists"
    assert "Bay team" in client.get("/teams").text


def test_a_cancelled_invitation_opens_nothing(browser, client):
    team_id = int(browser.post("/teams", data={"name": "Bay team"}).location.rpartition("/")[2])
    link = invited(browser, team_id, "new@example.org")
    address = re.search(rf"/teams/{team_id}/invitations/\d+/cancel", browser.get(f"/teams/{team_id}").text).group()
    browser.post(address)
    assert client.get(link).status_code in {404, 410}


def test_the_last_of_a_team_stays_while_it_has_lists(browser, person):
    team_id = int(browser.post("/teams", data={"name": "Bay team"}).location.rpartition("/")[2])
    kept = a_list(person, team_id=team_id)
    browser.post(f"/teams/{team_id}/leave")
    assert browser.get(f"/teams/{team_id}").status_code == 200
    browser.post(f"/shortlists/{kept.id}/delete")
    browser.post(f"/teams/{team_id}/leave")
    assert browser.get(f"/teams/{team_id}").status_code == 404


def test_a_long_list_takes_as_many_statements_as_a_short_one(browser, person, entry, count_statements):
    short, long = a_list(person, [entry()]), a_list(person, [entry() for _ in range(12)], name="Long")
    taken = []
    for kept in (short, short, long):  # the first reads the standards, which are kept
        with count_statements() as statements:
            browser.get(f"/shortlists/{kept.id}")
        taken.append(len(statements))
    assert taken[1] == taken[2]
