"""A commissioner says what is needed, approved providers that fit are told once and answer, and all of it is open to see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import IllegalMove
from app.domain.lifecycle import AwardStatus
from app.domain.needs import NEED_MOVES, NeedMove, NeedStatus, after
from app.extensions import db
from app.models import Need, NeedAnswer
from app.queries.to_do import things_to_do
from app.services.need_news import close_needs, tell_providers
from tests import factories as make
from tests.atom_check import mistakes
from tests.conftest import NOON
from tests.integration.watched import need
from tests.integration.watching.conftest import acts, approve, change, team_of
from tests.told import told

SAID = {
    "title": "Befriending in Lancaster from April",
    "organisation": "Lancashire and South Cumbria ICB",
    "services": ["befriending"],
    "areas": "Lancaster",
    "people": "40",
    "per": "year",
    "words": "Visits for people who live alone.",
    "contact_name": "Commissioning team",
    "contact_email": "team@example.org",
    "whose": "me",
    **{f"answer_by-{part}": value for part, value in (("day", "10"), ("month", "12"), ("year", "2026"))},
}
ANSWER = {
    "people": "12",
    "words": "Two volunteers are ready.",
    "from_on-day": "1",
    "from_on-month": "1",
    "from_on-year": "2027",
}


def published(client) -> int:
    answer = client.post("/needs/new", data=SAID)
    assert answer.status_code == 302, answer.text
    assert client.post(f"{answer.location}/publish").status_code == 302
    return int(answer.location.rpartition("/")[2])


def test_every_pair_of_state_and_move_that_is_not_in_the_table_is_refused():
    for status in NeedStatus:
        for move in NeedMove:
            if (status, move) in NEED_MOVES:
                assert after(status, move) is NEED_MOVES[status, move]
            else:
                with pytest.raises(IllegalMove):
                    after(status, move)


def test_a_need_is_published_told_answered_and_read_by_everybody(client, client_for, commissioner):
    hope = approve("Hope Trust")
    lead = make.member(hope.award.organisation)
    need_id = published(client_for(commissioner))
    assert tell_providers(NOON) == 1
    assert "Befriending in Lancaster from April" in told(lead)[0].subject
    (todo,) = [each for each in things_to_do(acts(lead), NOON.date()) if each.path == f"/needs/{need_id}"]
    assert todo.due_on == date(2026, 12, 10)
    address = f"/needs/{need_id}/answers/{hope.award.organisation_id}"
    assert client_for(lead).post(address, data={**ANSWER, "version": "0"}).status_code == 302
    page = client.get(f"/needs/{need_id}").text
    for words in (
        "Hope Trust",
        "12 people",
        "from 1 Jan 2027",
        "Two volunteers are ready.",
        "This is not a tender.",
        "1 approved provider told",
    ):
        assert words in page
    assert "Hope Trust is interested" in told(commissioner)[0].subject
    assert [each for each in things_to_do(acts(lead), NOON.date()) if each.path == f"/needs/{need_id}"] == []
    assert "1 interested" in client.get("/needs?service=befriending&area=E07000137").text + client.get("/needs").text
    feed = client.get("/needs.atom")
    assert mistakes(feed.data) == [] and "Befriending in Lancaster from April" in feed.text


def test_only_approved_providers_that_fit_are_told_each_once_and_later_ones_when_they_come_to_fit(commissioner):
    fits = approve("Fits")
    approve("Other service", services=["advice"])
    approve("Other council", areas=["E08000003"], area_code="E08000003")
    suspended = approve("Suspended")
    change(suspended.award, AwardStatus.SUSPENDED, "suspended", "Suspended.", NOON)
    people = make.member(fits.award.organisation)
    need(commissioner)
    assert tell_providers(NOON) == 1
    assert tell_providers(NOON + timedelta(hours=1)) == 0
    assert len(told(people)) == 1
    change(suspended.award, AwardStatus.AWARDED, "reinstated", "Reinstated.", NOON)
    assert tell_providers(NOON + timedelta(hours=2)) == 1


def test_who_is_not_approved_cannot_answer_and_nobody_answers_for_another(client_for, commissioner):
    hope = approve()
    outsider, applicant = make.user(), make.member(make.organisation())
    found = need(commissioner)
    address = f"/needs/{found.id}/answers/"
    page = client_for(applicant).post(
        f"{address}{applicant.memberships[0].organisation_id}", data={**ANSWER, "version": "0"}
    )
    assert "Only providers with an award in force can answer." in page.text
    for person in (outsider, applicant):
        answer = client_for(person).post(f"{address}{hope.award.organisation_id}", data={**ANSWER, "version": "0"})
        assert answer.status_code in {403, 404}
    assert db.session.scalars(select(NeedAnswer)).all() == []


def test_an_answer_is_changed_and_taken_back_until_the_last_day_and_not_after(client, client_for, clock, commissioner):
    hope = approve("Hope Trust")
    browser = client_for(make.member(hope.award.organisation))
    found = need(commissioner, answer_by=NOON.date() + timedelta(days=3))
    address = f"/needs/{found.id}/answers/{hope.award.organisation_id}"
    wrong = browser.post(address, data={**ANSWER, "people": "many", "version": "0"})
    assert "must be a whole number" in wrong.text and "Two volunteers are ready." in wrong.text
    browser.post(address, data={**ANSWER, "version": "0"})
    stale = browser.post(address, data={**ANSWER, "people": "50", "version": "0"})
    assert "A colleague answered meanwhile." in stale.text
    browser.post(address, data={**ANSWER, "people": "20", "version": "1"})
    assert "20 people" in client.get(f"/needs/{found.id}").text
    browser.post(f"{address}/take-back")
    assert "Nobody has said yet" in client.get(f"/needs/{found.id}").text
    clock.forward(days=4)
    assert "takes no more answers" in browser.post(address, data={**ANSWER, "version": "3"}).text


def test_a_draft_is_seen_by_its_owners_alone_and_what_is_missing_is_named_when_it_is_published(
    client, client_for, commissioner
):
    colleague = make.user()
    team = team_of(commissioner, colleague)
    browser = client_for(commissioner)
    draft = browser.post("/needs/new", data={"title": "Day centre", "whose": str(team.id)}).location
    assert client.get(draft).status_code == 404 and client_for(make.user()).get(draft).status_code == 404
    assert "This is a draft." in client_for(colleague).get(draft).text
    refused = browser.post(f"{draft}/publish")
    assert refused.status_code == 422 or refused.status_code == 400
    assert "Choose at least one service." in refused.text and "Enter the last day" in refused.text
    assert "Day centre" not in client.get("/needs").text


def test_nothing_that_was_typed_is_lost_when_a_council_is_not_known(client_for, commissioner):
    page = client_for(commissioner).post("/needs/new", data={**SAID, "areas": "Lancaster\nAtlantis"})
    assert "We know no council for: Atlantis." in page.text
    assert "Visits for people who live alone." in page.text and "Lancaster\nAtlantis" in page.text


def test_what_changes_after_publishing_is_shown_with_its_day(client, client_for, commissioner):
    browser = client_for(commissioner)
    need_id = published(browser)
    later = {**SAID, "answer_by-day": "20", "words": "More than that.", "version": "2"}
    assert browser.post(f"/needs/{need_id}/edit", data=later).status_code == 302
    page = client.get(f"/needs/{need_id}").text
    assert "Changed: what is said in words; the last day to answer from 10 Dec 2026 to 20 Dec 2026." in page
    assert "Somebody of your team changed" in browser.post(f"/needs/{need_id}/edit", data=later).text


def test_a_need_closes_by_its_date_and_its_owner_gets_the_answers(client, client_for, clock, commissioner):
    hope = approve("Hope Trust")
    found = need(commissioner, answer_by=NOON.date())
    answer = {**ANSWER, "version": "0"}
    client_for(make.member(hope.award.organisation)).post(
        f"/needs/{found.id}/answers/{hope.award.organisation_id}", data=answer
    )
    assert close_needs(NOON) == 0
    assert close_needs(NOON + timedelta(days=1)) == 1
    assert close_needs(NOON + timedelta(days=1)) == 0
    message = told(commissioner)[-1]
    assert message.subject == "Closed: Befriending in Lancaster" and "Hope Trust: 12, from 1 Jan 2027" in message.text
    clock.forward(days=1)
    assert "Closed" in client.get(f"/needs/{found.id}").text
    assert "Befriending in Lancaster" in client.get("/needs?state=closed").text


def test_a_manager_hides_what_breaks_the_rules_and_the_reason_stays_visible(client, client_for, commissioner):
    found = need(commissioner, words="A secret phrase.")
    manager = make.officer(make.scheme(title="Community Care Mark"), Role.MANAGER)
    assert client_for(commissioner).post(f"/needs/{found.id}/hide", data={"reason": "x"}).status_code == 403
    browser = client_for(manager)
    assert "Say which rule it breaks." in browser.post(f"/needs/{found.id}/hide", data={"reason": ""}).text
    browser.post(f"/needs/{found.id}/hide", data={"reason": "It names a person."})
    page = client.get(f"/needs/{found.id}").text
    assert "Hidden by Community Care Mark" in page and "It names a person." in page and "A secret phrase." not in page
    assert f"/needs/{found.id}" not in client.get("/needs").text + client.get("/needs.atom").text
    assert "A secret phrase." in client_for(commissioner).get(f"/needs/{found.id}").text
    browser.post(f"/needs/{found.id}/show")
    assert db.session.get_one(Need, found.id).status is NeedStatus.CLOSED


def test_a_list_of_needs_takes_as_many_statements_for_twenty_as_for_two(client, commissioner, count_statements):
    def count() -> int:
        with count_statements() as statements:
            assert client.get("/needs").status_code == 200
        return len(statements)

    need(commissioner)
    need(commissioner)
    few = count()
    for number in range(18):
        need(commissioner, title=f"Need {number}")
    assert count() == few


@pytest.mark.parametrize("query", ["service=home-carr", "area=E07999999", "state=opened"])
def test_a_choice_that_there_is_not_is_refused_and_never_taken_for_everything(client, query):
    answer = client.get(f"/needs?{query}")
    assert answer.status_code == 400 and query.partition("=")[2] in answer.text


def test_a_care_board_or_county_stands_for_all_of_its_councils(client, client_for, commissioner):
    browser = client_for(commissioner)
    draft = browser.post("/needs/new", data={**SAID, "areas": "NHS Essex ICB\nLancaster"}).location
    page = browser.get(draft).text
    assert all(name in page for name in ("Colchester", "Thurrock", "Harlow", "Lancaster"))
    long = browser.post("/needs/new", data={**SAID, "areas": "Lancaster\n" * 201})
    assert "These are 201 lines." in long.text


def test_a_gap_of_the_market_map_begins_a_need(client_for, commissioner):
    page = client_for(commissioner).get("/needs/new?service=dementia-support&area=E54000066").text
    assert "NHS Essex ICB</textarea>" in page
    (ticked,) = [tag for tag in page.split("<input")[1:] if "checked" in tag.split(">")[0] and 'name="services"' in tag]
    assert 'value="dementia-support"' in ticked


def test_who_lost_its_award_after_answering_is_shown_so_and_can_take_the_answer_back(client, client_for, commissioner):
    hope = approve("Hope Trust")
    browser = client_for(make.member(hope.award.organisation))
    found = need(commissioner)
    address = f"/needs/{found.id}/answers/{hope.award.organisation_id}"
    browser.post(address, data={**ANSWER, "version": "0"})
    change(hope.award, AwardStatus.SUSPENDED, "suspended", "Suspended.", NOON)
    assert "Suspended since" in client.get(f"/needs/{found.id}").text
    page = browser.get(f"/needs/{found.id}").text
    assert "Your award is not in force" in page and f"{address}/take-back" in page and "Change the answer" not in page
    browser.post(f"{address}/take-back")
    assert "Nobody has said yet" in client.get(f"/needs/{found.id}").text
