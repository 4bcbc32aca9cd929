"""The search page of the register: its filters, its address, and what it says of what it cannot do."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.backends.postcodes import SqlitePlaces
from app.backends.postcodes_build import build
from app.backends.search_draw import Draw
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, SERVICES, titles
from app.services.register import slug_stem
from tests import factories as make
from tests.conftest import NOON


@pytest.fixture(scope="session")
def places_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    build(path, letters="LN")
    return path


@pytest.fixture(autouse=True)
def _places(app, places_file):
    app.extensions["places"] = SqlitePlaces(places_file)
    yield
    app.extensions.pop("places")


@pytest.fixture
def entry(app):
    edition = make.edition()

    def add(award=None, shown=None, **values):
        holder = make.organisation(**values)
        return make.register_entry(make.award(make.application(holder, edition), **(award or {})), **(shown or {}))

    return add


def results(page):
    """The names of a page's results, in order."""
    return [part.split("</a>")[0].split(">")[-1] for part in page.text.split("<h3><a ")[1:]]


def offer(service, taking, said_on):
    return {"service": service, "taking": taking, "said_on": said_on.isoformat()}


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/register?colour=red", "There is no filter called “colour”"),
        ("/register?servce=befriending", "Did you mean “service”?"),
        ("/register?service=befreinding", ">Befriending and companionship</a>"),
        ("/register?area=Lancaster", ">Lancaster</a>"),
        ("/register?miles=7", "It can be 5, 10, 20, 40."),
        ("/register?sort=price", "It can be relevance, distance, name, newest."),
        ("/register?page=x", "Pages count from 1"),
        ("/register?level=platinum", "We know no level “platinum”"),
        ("/register?scheme=nobody", "We know no scheme “nobody”"),
    ],
)
def test_what_is_not_known_is_refused_with_a_hint_and_never_answered_with_everything(client, entry, address, says):
    entry(name="Bay Memory Friends")
    page = client.get(address)
    assert page.status_code == 400
    assert says in page.text
    assert "Bay Memory Friends" not in page.text
    assert "Search without it" in page.text
    without = page.text.split('">Search without it')[0].split('href="')[-1]
    assert "Bay Memory Friends" in client.get(without.replace("&amp;", "&")).text


@pytest.mark.parametrize("typed", ["***", '"((', "the"])
def test_words_of_which_none_can_be_looked_for_are_said_to_be_none(client, entry, typed):
    entry(name="Bay Memory Friends")
    page = client.get("/register", query_string={"q": typed}).text
    assert "There is no word to look for in" in page and "for “" not in page
    assert "There is no word to look for in" in client.get("/register/map", query_string={"q": typed}).text


def test_a_filter_page_refuses_what_the_search_refuses_and_says_what_there_is(client, entry):
    level = entry(name="Bay Memory Friends").level
    page = client.get("/register/choices/service?level=platinum")
    assert page.status_code == 400
    assert f"We know no level “platinum”. It can be {level}." in page.text


def test_what_a_mailer_hangs_on_to_a_link_is_passed_over(client, entry):
    entry(name="Bay Memory Friends")
    assert results(client.get("/register?utm_source=letter&fbclid=x")) == ["Bay Memory Friends"]


def test_the_address_is_short_whatever_a_form_sends(client):
    sent = client.get("/register?q=&near=&miles=20&reach=either&service=befriending&level=")
    assert sent.status_code == 302
    assert sent.headers["Location"] == "/register?service=befriending"
    assert client.get(sent.headers["Location"]).status_code == 200


def test_a_council_that_was_merged_leads_to_its_successor(client, entry):
    entry(name="Lakes Friends", areas=["E06000064"], area_code="E06000064")
    page = client.get("/register?area=E07000031")
    assert results(page) == ["Lakes Friends"]
    assert "Remove: </span>Westmorland and Furness" in page.text


def test_regions_and_care_boards_follow_from_the_councils(client, entry):
    entry(name="Bay Friends")
    entry(name="Leeds Friends", areas=["E08000035"], area_code="E08000035")
    assert results(client.get("/register?region=E12000002")) == ["Bay Friends"]
    assert results(client.get("/register?icb=E54000054")) == ["Leeds Friends"]
    assert results(client.get("/register?near=North+West")) == ["Bay Friends"]
    assert results(client.get("/register?near=NHS+West+Yorkshire+ICB")) == ["Leeds Friends"]
    assert results(client.get("/register?near=Lancashire")) == ["Bay Friends"]


def test_near_can_mean_where_they_are_based_or_where_they_work(client, entry):
    entry(name="Based here, works there", areas=["E08000035"], area_code="E08000035")
    entry(name="Works here", easting=430000, northing=433000)
    assert set(results(client.get("/register?near=LA1+4AB"))) == {"Based here, works there", "Works here"}
    assert results(client.get("/register?near=LA1+4AB&reach=based")) == ["Based here, works there"]
    assert results(client.get("/register?near=LA1+4AB&reach=served")) == ["Works here"]


def test_room_is_that_of_the_service_asked_for_and_old_words_do_not_count(client, entry):
    today = NOON.date()
    old = today - timedelta(days=120)
    both = ["home-care", "befriending"]
    one = {"offers": [offer("home-care", "full", today), offer("befriending", "now", today)]}
    entry(name="Full at home", services=both, shown=one)
    entry(name="Room at home", services=both, shown={"offers": [offer("home-care", "now", today)]})
    entry(name="Long ago", services=both, shown={"offers": [offer("home-care", "now", old)]})
    page = client.get("/register?service=home-care&availability=now")
    assert results(page) == ["Room at home"]
    assert set(results(client.get("/register?availability=now"))) == {"Full at home", "Room at home"}
    assert "It may have changed" in client.get("/register?q=long+ago").text


@pytest.mark.parametrize(("sort", "first"), [("name", "Advice Bay"), ("newest", "Zest")])
def test_results_stand_by_name_or_by_day_of_grant(client, entry, sort, first):
    entry(name="Zest", award={"granted_on": date(2026, 11, 1)})
    entry(name="Advice Bay", award={"granted_on": date(2025, 11, 1)})
    assert results(client.get(f"/register?sort={sort}"))[0] == first


def test_where_nothing_fits_each_thing_less_says_what_it_would_give(client, entry):
    entry(name="Bay Friends", services=["befriending"], client_groups=["older-people"])
    entry(name="Bay Advice", services=["advocacy"], client_groups=["carers"])
    page = client.get("/register?q=bay&service=befriending&group=carers")
    assert page.status_code == 200
    assert "Remove the filter “Service”</a>: 1 provider" in page.text
    assert "Remove the filter “Who it is for”</a>: 1 provider" in page.text
    assert "Search without the words" not in page.text  # that gives nothing either
    assert "Look among approvals" not in page.text


def test_a_page_beyond_the_last_is_not_there_and_leads_back(client, entry):
    entry()
    page = client.get("/register?page=9&sort=name")
    assert page.status_code == 404
    assert "There is only one page of results" in page.text
    assert 'href="/register?sort=name"' in page.text


def test_ten_thousand_characters_are_cut_said_and_kept(client, entry):
    entry(name="Bay Memory Friends")
    page = client.get("/register", query_string={"q": "memory " * 1_429})
    assert page.status_code == 200
    assert "That is 10,002 characters. We searched for the first 200." in page.text
    assert 'value="memory memory' in page.text
    assert "Bay Memory Friends" in page.text
    assert client.get("/register", query_string={"q": "x" * 10_000}).status_code == 200


@pytest.mark.parametrize(
    "words", ['"', '"memory', '""', "***", "(((", "memory)*", "' OR 1=1 --", "\\", "<script>", "%", "🦆"]
)
def test_quotes_brackets_and_stars_are_words_or_nothing(client, entry, words):
    entry(name="Bay Memory Friends")
    page = client.get("/register", query_string={"q": words, "near": words})
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_a_name_of_several_places_asks_which(client, entry):
    entry(name="Bay Memory Friends")
    page = client.get("/register?near=Overton")
    assert "several places called Overton" in page.text
    assert "Did you mean" in page.text
    assert "Bay Memory Friends" in page.text


def test_a_misspelt_town_is_met_with_the_likely_one(client):
    page = client.get("/register?near=Lancster&q=bay")
    assert "We do not know the place “Lancster”" in page.text
    assert 'href="/register?q=bay&amp;near=Lancaster"' in page.text


def test_every_choice_of_a_filter_is_a_page_that_keeps_the_search(client, entry):
    for code in ("E07000121", "E07000123", "E08000035", "E08000003", "E09000007", "E06000009", "E06000008"):
        entry(areas=[code], area_code=code, services=["befriending"])
    first = client.get("/register?service=befriending").text
    assert "3 more<" in first
    address = first.split('">3 more<')[0].split('href="')[-1].replace("&amp;", "&")
    assert parse_qs(urlsplit(address).query) == {"service": ["befriending"]}
    page = client.get(address).text
    assert page.count('name="area"') == 7
    assert '<input type="hidden" name="service" value="befriending">' in page
    assert client.get("/register/choices/colour").status_code == 404


def test_suggestions_are_of_services_providers_and_places(client, entry):
    entry(name="Harbour Trust", services=["dementia-support"])
    assert "dementia" in client.get("/register/suggest?q=dem").json[0]["words"].lower()
    assert client.get("/register/suggest?q=harb").json[0]["words"] == "Harbour Trust"
    assert client.get("/register/suggest?near=lancas").json[0]["words"].startswith("Lancas")
    assert client.get("/register/suggest").json == client.get("/register/suggest?q=***").json == []


def test_a_page_of_twenty_stays_small_where_every_filter_has_much_to_offer(client, entry):
    services, groups, languages, ways = (tuple(titles(kind)) for kind in (SERVICES, CLIENT_GROUPS, LANGUAGES, ACCESS))
    areas = ("E07000121", "E06000064", "E07000128", "E06000009", "E07000123", "E08000035", "E08000003")
    for number in range(25):
        said = {
            "offers": [offer(services[number % 5], "now", NOON.date())],
            "summary": "We visit people living with dementia and those who care for them, open to all of Lancaster.",
            "languages": list(languages[number % 6 :][:3]),
            "access": list(ways[number % 4 :][:3]),
            "level": f"level-{number % 4}",
            "level_colour": ("gold", "silver", "bronze", "plain")[number % 4],
            "size": ("micro", "small", "medium", "large")[number % 4],
        }
        entry(
            name=f"Harbour Rowan Dementia Support number {number}",
            services=list(services[number % 5 :][:6]),
            client_groups=list(groups[number % 5 :][:4]),
            areas=list(areas[number % 3 :][:5]),
            area_code=areas[number % 7],
            shown=said,
        )
    page = client.get("/register?q=dementia&sort=newest")
    assert len(results(page)) == 20 and page.text.count("<fieldset>") >= 10
    assert len(page.data) < 29_000


def test_anyone_can_draw_the_lots_again(client, entry):
    shown = [entry(name=f"Provider {number}") for number in range(8)]
    draw = Draw.of(NOON.date())
    drawn = [each.name for each in sorted(shown, key=lambda each: draw.lots(each.id))]
    assert results(client.get("/register")) == drawn
    page = client.get("/register/how-results-are-ordered").text
    assert str(draw.a) in page
    assert str(draw.lots(1)) in page


def test_a_provider_of_the_name_of_a_page_has_an_address_of_its_own(client, app):
    pages = {rule.rule.split("/")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/register/")}
    for page in pages - {"<slug>"}:
        assert client.get(f"/register/{slug_stem(page)}").status_code == 404


@pytest.mark.parametrize("path", ["/register", "/register/map", "/register/export.csv", "/register/search.atom"])
def test_an_address_is_refused_in_whole_wherever_it_is_asked_and_never_answered_in_part(client, path):
    """Of sixty councils, or an unknown filter, the first fifty or everything would be taken for the answer."""
    many = "&".join(f"area=E0700{number:04}" for number in range(60))
    answer = client.get(f"{path}?{many}")
    assert answer.status_code == 400 and "60 choices of “council area” are too many" in answer.text
    answer = client.get(f"{path}?servise=home-care")
    assert answer.status_code == 400 and "Did you mean “service”?" in answer.text
    answer = client.get(path + "?" + "&".join(f"x{number}=1" for number in range(300)))
    assert answer.status_code == 400 and answer.text.count("There is no filter called") == 10


@pytest.mark.parametrize("path", ["/market", "/market/services.csv", "/needs", "/statistics", "/statistics.csv"])
def test_a_choice_that_a_page_does_not_know_is_never_taken_for_all_there_is(client, path):
    answer = client.get(f"{path}?servise=home-care")
    assert answer.status_code == 400 and "There is no choice called “servise” here." in answer.text
    assert client.get(f"{path}?utm_source=letter").status_code == 200


def test_where_no_one_thing_less_helps_each_part_is_offered_alone(client, entry):
    entry(name="Bay Memory Friends", services=["befriending"])
    entry(name="Day Centre", services=["home-care"])
    page = client.get("/register?q=memory&near=LN1+1XX&service=home-care&size=large").text
    assert "Keep only the words</a>: 1 provider" in page
    assert "Keep only the filters" not in page
    follow = page.split('">Keep only the words')[0].split('href="')[-1].replace("&amp;", "&")
    assert follow == "/register?q=memory"
    assert results(client.get(follow)) == ["Bay Memory Friends"]
