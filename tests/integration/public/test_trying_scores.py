"""Trying scores on a published edition: what they give, why, and an address that shows the same again."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.html_audit import Page, words

BEST = "GOV.1.1:3,GOV.1.2:3,SAFE.1.1:3,SAFE.1.2:3"


@pytest.fixture
def edition(app):
    return make.edition()


@pytest.fixture
def address(edition):
    return f"/standards/{edition.code}/{edition.edition}/try"


def outcome(html: str) -> str:
    return words(Page(html).classed("ts-trial__outcome")[0])


def options(html: str, code: str) -> list[str]:
    page = Page(html)
    select = next(each for each in page.all("select") if each.get("name") == f"score.{code}")
    return [each.get("value", "") for each in select if each.get("selected") is not None]


def test_scores_in_an_address_give_their_outcome_with_its_explanation(client, address):
    page = client.get(address, query_string={"scores": "GOV.1.1:0,GOV.1.2:3,SAFE.1.1:3,SAFE.1.2:3"}).text
    assert "Bronze needs 1 in GOV.1.1, which has 0." in outcome(page)
    assert "What would lift it" in outcome(page)
    assert options(page, "GOV.1.1") == ["0"]


def test_a_sent_form_leads_to_an_address_that_can_be_kept(client, address):
    sent = {"scores": "SAFE.1.1:3,SAFE.1.2:3", "score.GOV.1.1": "3", "score.GOV.1.2": "na", "fact.staff": "2"}
    answer = client.get(address, query_string=sent)
    assert answer.status_code == 302
    again = client.get(answer.location).text
    assert options(again, "GOV.1.1") == ["3"]
    assert options(again, "GOV.1.2") == ["na"]
    assert 'name="fact.staff" type="text" inputmode="numeric" value="2"' in again
    assert "The outcome is Silver" in outcome(again)


def test_all_at_the_best_and_all_at_the_worst_set_every_criterion(client, address):
    best = client.get(address, query_string={"every": "best", "score.GOV.1.1": "0"}, follow_redirects=True)
    worst = client.get(address, query_string={"every": "worst", "score.GOV.1.1": "3"}, follow_redirects=True)
    none = client.get(address, query_string={"every": "none", "scores": BEST}, follow_redirects=True)
    assert best.request.args["scores"] == BEST
    assert "The outcome is Silver, with 100% in all." in outcome(best.text)
    assert "No level is reached" in outcome(worst.text)
    assert "Nothing is scored yet." in outcome(none.text)


def test_what_is_not_asked_of_such_an_organisation_says_why(client, address):
    page = client.get(address, query_string={"fact.staff": "0", "scores": BEST}).text
    assert "is asked 3 of 4 criteria" in words(Page(page).root)
    assert "Not asked because how many people do you employ? is 0" in page


def test_a_fact_that_makes_no_sense_is_told_and_kept(client, address):
    answer = client.get(address, query_string={"fact.staff": "some", "scores": BEST})
    assert answer.status_code == 422
    assert "cannot be “some”. Enter a whole number, such as 3." in answer.text
    assert 'value="some"' in answer.text


def test_a_score_that_does_not_fit_its_scale_is_told_and_not_counted(client, address):
    answer = client.get(address, query_string={"scores": "GOV.1.1:9,GONE.1:2,GOV.1.2:3"})
    assert answer.status_code == 422
    assert "GOV.1.1 cannot be “9”, so it has no score here." in answer.text
    assert "with 1 of 4 criteria scored" in outcome(answer.text)


def test_a_script_is_told_what_changes(client, address):
    news = client.get(address, query_string={"live": "1", "score.GOV.1.1": "0", "fact.staff": "0"}).json
    assert "GOV.1.1" in news["html"]
    assert news["not_asked"]["GOV.1.1"] == ""
    assert news["not_asked"]["SAFE.1.2"].startswith("Not asked because")
    assert client.get(news["address"]).status_code == 200
    assert "live" not in news["address"]


RANGED = (
    make.SMALL_FRAMEWORK.replace(
        "facts:\n",
        "  cover: {range: {from: 0, to: 100, unit: '%'}, not_rated: with-reason, better: lower}\nfacts:\n",
        1,
    )
    .replace("scale: fulfilment\n            required: 2", "scale: cover", 1)
    .replace(
        "scale: fulfilment\n            applies",
        "scale: fulfilment\n            passports: [{scheme: other}]\n            applies",
    )
)


def test_a_number_of_a_range_is_typed_and_states_are_chosen_beside_it(app, client):
    edition = make.edition(source=RANGED)
    address = f"/standards/{edition.code}/{edition.edition}/try"
    best = client.get(address, query_string={"every": "best"}).location
    assert "SAFE.1.1:0" in best, "where lower is better the best is the lowest"
    page = client.get(address, query_string={"score.SAFE.1.1": "35", "state.SAFE.1.1": ""}, follow_redirects=True)
    assert page.request.args["scores"] == "SAFE.1.1:35"
    assert 'name="score.SAFE.1.1" type="text" inputmode="numeric" value="35"' in page.text
    sent = {"score.SAFE.1.1": "35", "state.SAFE.1.1": "nr", "score.SAFE.1.2": "pp"}
    states = client.get(address, query_string=sent, follow_redirects=True)
    assert "SAFE.1.1 could not be rated and does not count." in outcome(states.text)
    assert "SAFE.1.2 is answered by other." in outcome(states.text)
    assert client.get(address, query_string={"score.SAFE.1.1": "101"}).status_code == 422


def many_criteria(count: int) -> str:
    criteria = "".join(
        f"          - {{code: GOV.1.{n}, text: Point {n}., scale: fulfilment}}\n" for n in range(3, count + 3)
    )
    return make.SMALL_FRAMEWORK.replace("  - code: SAFE\n", criteria + "  - code: SAFE\n", 1)


def test_a_large_framework_is_scored_part_by_part_and_keeps_what_is_out_of_sight(app, client):
    edition = make.edition(source=many_criteria(160))
    address = f"/standards/{edition.code}/{edition.edition}/try"
    first = client.post(address, data={"every": "best"}).text
    assert first.count("data-trial-row") == 80
    page = Page(first)
    hidden = next(each for each in page.all("input") if each.get("name") == "scores").get("value", "")
    later = client.post(address, data={"scores": hidden, "part": ["GOV-1", "GOV-3"], "score.GOV.1.1": "0"}).text
    assert "GOV.1.162" in later
    assert "Bronze needs 1 in GOV.1.1, which has 0." in outcome(later)


def test_trying_costs_a_fixed_number_of_statements(client, address, count_statements):
    with count_statements() as statements:
        client.get(address, query_string={"scores": BEST})
    assert len(statements) <= 3


def test_there_is_nothing_to_try_on_an_unknown_edition(client, edition):
    assert client.get(f"/standards/{edition.code}/1999/try").status_code == 404
