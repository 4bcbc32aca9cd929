"""The market map: who counts where, what is not guessed, and what it costs."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import Organisation
from app.queries import market_kept, register_file
from app.queries.market import Asked, market_page
from app.queries.market_kept import count_if_due
from app.services.populations import Figure, load_populations, read_populations
from tests import factories as make
from tests.conftest import NOON

TODAY = date(2026, 11, 16)
LANCASTER, BLACKPOOL, NORTH_WEST = "E07000121", "E06000009", "E12000002"
OPERATOR = Actor(name="The operator")


def listed(areas=(LANCASTER,), services=("home-care",), capacity=None, said_on=TODAY, holder=None, name="", **values):
    holder = holder or make.organisation(areas=list(areas), services=list(services))
    offers = []
    if capacity is not None:
        offer = {"service": services[0], "taking": "now", "said_on": said_on.isoformat()}
        offers = [{**offer, "capacity": capacity, "free": 2, "weeks": None, "how": ""}]
    award = make.award(make.application(holder, make.edition()), **values)
    return make.register_entry(award, offers=offers, **({"name": name} if name else {}))


def page(**asked):
    return market_page(Asked(**asked), TODAY, NOON)


def test_only_approvals_of_today_count_in_every_area_they_work_in_and_once_in_what_holds_these(app):
    listed(areas=[LANCASTER, BLACKPOOL])
    listed(expires_on=TODAY)
    listed(expires_on=TODAY - timedelta(days=1))
    listed(status=AwardStatus.SUSPENDED)
    listed(services=["befriending"])
    found = page(service="home-care", place=NORTH_WEST)
    counts = {row.code: row.tally.providers for row in found.areas}
    assert (counts[LANCASTER], counts[BLACKPOOL], found.whole.providers) == (2, 1, 2)
    assert page(service="home-care").whole.providers == 2
    assert (BLACKPOOL, "Blackpool") in found.with_one and len(found.without) == found.councils - 2


def test_a_provider_that_two_schemes_approved_is_one_provider_with_the_later_end(app):
    holder = make.organisation(services=["home-care"])
    listed(holder=holder, expires_on=TODAY + timedelta(days=20))
    listed(holder=holder, expires_on=TODAY + timedelta(days=900))
    tally = page(service="home-care").whole
    assert (tally.providers, tally.ending) == (1, [0, 0, 0])


def test_places_that_went_stale_or_were_never_told_are_not_guessed(app):
    listed(capacity=30)
    listed(capacity=99, said_on=TODAY - timedelta(days=93))
    listed()
    tally = page(service="home-care").whole
    assert (tally.providers, tally.said, tally.places, tally.room) == (3, 1, 30, 1)


def test_capacity_is_held_against_the_people_of_the_group_that_was_chosen(app, client):
    listed(capacity=45)
    figures = [
        Figure(LANCASTER, "", 145_000, 2025, "Census"),
        Figure(LANCASTER, "older-people", 12_000, 2025, "Census"),
    ]
    load_populations(figures, replace=False, actor=OPERATOR, now=NOON)
    assert float(page(service="home-care", place=LANCASTER, group="older-people").per_thousand) == 3.75
    assert page(service="home-care", place=NORTH_WEST).per_thousand is None, "other councils have no figure"
    assert "145,000" in client.get(f"/market?service=home-care&place={LANCASTER}").text
    load_populations([Figure(LANCASTER, "", 200_000, 2026, "New")], replace=False, actor=OPERATOR, now=NOON)
    assert page(service="home-care", place=LANCASTER).people.count == 200_000


def test_a_change_of_the_register_is_on_the_map_at_once_and_nothing_is_counted_twice_otherwise(app, count_statements):
    first = listed()
    assert page(service="home-care").whole.providers == 1
    with count_statements() as statements:
        assert page(service="home-care").whole.providers == 1
    assert len([each for each in statements if "register_entry.services" in each]) == 0
    listed()
    assert page(service="home-care").whole.providers == 2
    assert first.revision


def test_a_drawn_market_has_the_figures_that_counting_one_provider_after_another_gives(app):
    random = Random(5)
    providers: dict[int, list] = {}
    for _ in range(60):
        known = random.choice(list(providers)) if len(providers) > 9 and random.random() < 0.4 else None
        again = db.session.get(Organisation, known) if known else None
        areas = random.sample([LANCASTER, BLACKPOOL, "W06000015"], random.randint(1, 3))
        services = random.sample(["home-care", "befriending", "lunch-club"], random.randint(1, 3))
        row = listed(
            areas,
            services,
            random.choice([None, 4, 9]),
            holder=again,
            expires_on=TODAY + timedelta(random.randint(0, 500)),
        )
        row.client_groups = random.sample(["carers", "older-people"], random.randint(0, 2))
        row.offers = providers.get(row.organisation_id, [row])[0].offers
        make.save(row)
        providers.setdefault(row.organisation_id, []).append(row)
    for group in ("", "carers"):
        for place, inside in ((LANCASTER, {LANCASTER}), (NORTH_WEST, {LANCASTER, BLACKPOOL}), ("", None)):
            expected = []
            for rows in providers.values():
                ours = [r for r in rows if (not group or group in r.client_groups) and "home-care" in r.services]
                if any(inside is None or inside & set(r.areas) for r in ours):
                    first = next(r for r in rows if not group or group in r.client_groups)
                    told = [each["capacity"] for each in first.offers if each["service"] == "home-care"]
                    expected.append((max(r.expires_on for r in ours), *told))
            tally = page(service="home-care", group=group, place=place).whole
            assert tally.providers == len(expected) > 3
            assert sorted(tally.capacities.elements()) == sorted(each[1] for each in expected if len(each) > 1)
            year = TODAY.replace(year=TODAY.year + 1)
            assert tally.ending[-1] == sum(each[0] <= year for each in expected)


@pytest.fixture
def large(app, tmp_path, monkeypatch):
    """An installation whose register is too large to be counted while somebody waits."""
    before = list(register_file._folder)
    register_file.keep_in(tmp_path)
    monkeypatch.setattr(market_kept, "LARGE", 0)
    yield
    register_file.keep_in(*before or [None])


def test_a_large_market_is_counted_beside_the_requests_and_says_when(large, client):
    listed(capacity=30)
    waiting = client.get("/market")
    assert waiting.status_code == 503 and "in a few minutes" in waiting.text and int(waiting.headers["Retry-After"])
    assert client.get("/market/services.csv").status_code == 503
    assert count_if_due(TODAY, NOON)
    tally = page(service="home-care", place=LANCASTER).whole
    assert (tally.providers, tally.places) == (1, 30)
    assert page(service="home-care", group="carers").whole.providers in {0, 1}
    assert "Counted 16 Nov 2026" in client.get("/market").text


def test_a_count_that_is_out_of_date_stands_for_an_hour_and_for_a_day_at_most(large):
    listed()
    assert count_if_due(TODAY, NOON) and not count_if_due(TODAY, NOON + timedelta(days=1))
    listed()
    assert not count_if_due(TODAY, NOON + timedelta(minutes=59))
    assert page(service="home-care").whole.providers == 1
    assert count_if_due(TODAY, NOON + timedelta(minutes=60))
    assert page(service="home-care").whole.providers == 2
    assert count_if_due(TODAY + timedelta(days=1), NOON + timedelta(minutes=61))


def test_a_file_that_is_broken_is_counted_anew(large, tmp_path):
    listed()
    assert count_if_due(TODAY, NOON)
    (file,) = tmp_path.glob("*.market")
    file.write_bytes(file.read_bytes()[:500])
    assert market_page(Asked(), TODAY, NOON) is None
    assert count_if_due(TODAY, NOON) and page(service="home-care").whole.providers == 1


def test_the_tables_can_be_taken_as_csv_with_the_same_figures(client):
    listed(capacity=30)
    listed(capacity=10, areas=[BLACKPOOL])
    address = f"/market/areas.csv?service=home-care&place={NORTH_WEST}"
    rows = {row["area"]: row for row in csv.DictReader(StringIO(client.get(address).data.decode("utf-8-sig")))}
    assert (rows[LANCASTER]["places"], rows[LANCASTER]["herfindahl_index"]) == ("30", "1.0")
    services = list(csv.DictReader(StringIO(client.get("/market/services.csv").data.decode("utf-8-sig"))))
    home_care = next(row for row in services if row["service"] == "home-care")
    assert (home_care["herfindahl_index"], home_care["largest_share_of_places"]) == ("0.625", "0.75")
    assert client.get("/market/gaps.csv").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?service=home-care", f"?place={NORTH_WEST}", f"?service=home-care&place={LANCASTER}"]
)
def test_every_state_is_a_page_also_of_an_empty_register(client, query):
    assert client.get(f"/market{query}").status_code == 200


def test_a_code_that_is_not_known_is_told_and_never_taken_for_everything(client):
    answer = client.get("/market?service=home-carr")
    assert answer.status_code == 400 and "Did you mean “home-care”?" in answer.text
    nowhere = client.get("/market/areas.csv?service=home-care&place=E54000099")
    assert nowhere.status_code == 400 and "Did you mean" not in nowhere.text
    ended = client.get("/market?place=E54000023").text
    assert "It ended, and is E54000066 and E54000068 today." in ended


def test_wrong_rows_of_population_figures_are_told_by_line_and_nothing_is_changed(app, tmp_path):
    good = 'area,group,people,year,source\nE07000121,older-people,"12,000",2025,Census\n'
    bad = "E07999999,,5,2025,x\nE06000009,martians,5,2025,x\nE06000009,,many,2025,x\nE06000009,,5,25,x\nE06000009,,5,2025,\n"
    figures, problems = read_populations(good + bad)
    assert (len(figures), figures[0].people, [problem.line for problem in problems]) == (1, 12_000, [3, 4, 5, 6, 7])
    with pytest.raises(Invalid, match="Missing: year"):
        read_populations("area,group,people,source\n")
    (tmp_path / "bad.csv").write_text(good + bad)
    (tmp_path / "good.csv").write_text(good)
    run = app.test_cli_runner()
    refused = run.invoke(args=["register", "populations", str(tmp_path / "bad.csv")])
    assert refused.exit_code == 1 and "5 rows are wrong. Nothing was changed." in refused.output
    assert page(place=LANCASTER, group="older-people").people is None
    assert "1 figures loaded" in run.invoke(args=["register", "populations", str(tmp_path / "good.csv")]).output


def test_two_schemes_that_approved_different_services_of_one_provider_both_count_its_room(app):
    holder = make.organisation(services=["home-care", "befriending"])
    listed(holder=holder, services=["home-care"], capacity=30)
    listed(holder=holder, services=["befriending"], capacity=12)
    assert (page(service="home-care").whole.places, page(service="befriending").whole.places) == (30, 12)


def test_whose_approval_ends_within_a_year_is_named_with_the_day_and_who_stays_is_not(app, client):
    soon, later = TODAY + timedelta(days=60), TODAY + timedelta(days=900)
    listed(name="Harbour Home Care", expires_on=soon)
    listed(name="Quayside Care", expires_on=later)
    both = make.organisation(services=["home-care"])
    listed(name="Two Marks", holder=both, expires_on=soon)
    listed(name="Two Marks", holder=both, expires_on=later)
    listed(name="Elsewhere", areas=["W06000015"], expires_on=soon)
    found = page(service="home-care", place=LANCASTER)
    assert [(each.name, each.last) for each in found.ending] == [("Harbour Home Care", soon)]
    assert found.whole.ending[-1] == len(found.ending) and found.whole.left == 2
    told = client.get(f"/market?service=home-care&place={LANCASTER}").text
    assert "Harbour Home Care</a>, approved until" in told and "2 providers are left" in told


def test_where_there_are_too_many_to_name_a_smaller_place_is_asked_for(app, client, monkeypatch):
    monkeypatch.setattr("app.queries.market_ending.MOST", 1)
    for _ in range(2):
        listed(expires_on=TODAY + timedelta(days=30))
    assert page(service="home-care").ending is None
    assert "Choose a smaller place" in client.get("/market?service=home-care").text


def test_a_page_without_figures_of_people_says_so_and_for_whom_there_are_some(app, client):
    listed(capacity=10)
    assert "No figures of how many people live where are loaded" in client.get("/market?service=home-care").text
    load_populations(
        [Figure(LANCASTER, "", 140_000, 2025, "Census")], replace=False, invented=False, actor=OPERATOR, now=NOON
    )
    told = client.get(f"/market?service=home-care&group=carers&place={LANCASTER}").text
    assert "It is for <a" in told and ">Everybody</a>" in told


def test_the_united_kingdom_has_no_islands_beside_it(app):
    assert page(service="home-care").councils == 361


def test_the_register_finds_for_a_council_whom_the_map_counts_there(app, client):
    """Not who merely has an office in it: the map shows the gap, and the search that it leads to has to show it too."""
    listed(name="Harbour Home Care", areas=[BLACKPOOL])
    listed(name="Quayside Care", areas=[])
    here = listed(name="Office in Lancaster", areas=[BLACKPOOL], services=["home-care"])
    for entry in (here, db.session.query(type(here)).filter_by(name="Quayside Care").one()):
        entry.area_code = LANCASTER
        make.save(entry)
    assert page(service="home-care", place=LANCASTER).whole.providers == 1
    told = client.get(f"/register?service=home-care&area={LANCASTER}").text
    assert "Quayside Care" in told and "Office in Lancaster" not in told


def test_few_places_for_many_people_are_not_read_as_none(app, client):
    listed(capacity=3)
    load_populations(
        [Figure(LANCASTER, "", 140_000, 2025, "Census")], replace=False, invented=False, actor=OPERATOR, now=NOON
    )
    told = client.get(f"/market?service=home-care&place={LANCASTER}").text
    assert told.count("under 0.1 <span") == 2  # above, and in the table
