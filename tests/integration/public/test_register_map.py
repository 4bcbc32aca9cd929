"""The register on a map, over the real postcodes of places that begin with L."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from app.backends.postcodes import SqlitePlaces
from app.backends.postcodes_build import build
from tests import factories as make

LANCASTER = {"easting": 347700, "northing": 461800}


@pytest.fixture(scope="session")
def places_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    build(path, letters="L")
    return path


@pytest.fixture(autouse=True)
def _places(app, places_file):
    app.extensions["places"] = SqlitePlaces(places_file)
    yield
    app.extensions.pop("places")


@pytest.fixture
def entry(app):
    edition = make.edition()
    return lambda **values: make.register_entry(make.award(make.application(make.organisation(**values), edition)))


def test_those_close_together_are_one_point_that_opens_nearer(client, entry):
    for number in range(3):
        entry(name=f"Bay {number}", **LANCASTER)
    entry(name="Luton Friends", easting=509000, northing=221000, areas=["E06000032"], area_code="E06000032")
    page = client.get("/register/map").text
    assert 'aria-label="3 providers: zoom in"' in page
    assert 'aria-label="Luton Friends, Luton"' in page
    nearer = re.search(r'href="([^"]+)" aria-label="3 providers', page)[1]
    opened = client.get(nearer).text
    assert "3 of them in this part of the map" in opened
    assert "Luton Friends" not in opened
    assert "Lancaster</text>" in client.get("/register/map?at=348,462,80").text


def test_the_nearest_map_lists_who_stands_at_one_point(client, entry):
    for number in range(2):
        entry(name=f"Bay {number}", **LANCASTER)
    page = client.get("/register/map?at=348,462,12").text
    assert "2 providers close together: listed beside the map" in page
    assert "Bay 0</a>" in page
    assert "Bay 1</a>" in page


def test_who_publishes_no_address_is_a_number_in_a_council_and_never_a_point(client, entry):
    entry(name="Day Centre", **LANCASTER)
    entry(name="Harbour Refuge", easting=None, northing=None, postcode="")
    page = client.get("/register/map?at=348,462,80").text
    assert "1 provider works in" in page
    assert "without a published address" in page
    assert "Harbour Refuge" not in page
    assert page.count("<circle") == 1
    alone = client.get("/register/map?q=refuge&at=348,462,80").text
    assert alone.count("<circle") == 0
    assert "1 provider publishes no address and is not on the map." in alone


def test_the_map_opens_where_the_search_looks(client, entry):
    entry(name="Day Centre", **LANCASTER)
    assert 'viewBox="318 740 60 80"' in client.get("/register/map?near=LA1+4AB").text
    chosen = client.get("/register/map?area=E07000121").text
    assert "Day Centre" in chosen
    assert "Zoom out" in chosen


def test_the_map_and_the_list_lead_to_each_other_with_the_same_search(client, entry):
    entry(name="Day Centre", **LANCASTER)
    entry(name="Other", **LANCASTER)
    assert 'href="/register/map?service=befriending"' in client.get("/register?service=befriending").text
    assert 'href="/register?service=befriending"' in client.get("/register/map?service=befriending").text


@pytest.mark.parametrize("at", ["347,461,80", "345,620,1240", "600,200,12"])
def test_the_ground_is_a_drawing_of_its_own_without_style_or_script(client, at):
    answer = client.get(f"/register/map/ground.svg?at={at}")
    assert answer.mimetype == "image/svg+xml"
    assert answer.cache_control.max_age > 3_600
    drawing = ET.fromstring(answer.text)
    assert not [each for each in drawing.iter() if "style" in each.attrib]
    assert len(answer.data) < 200_000


@pytest.mark.parametrize(
    "address", ["/register/map?at=nowhere", "/register/map?colour=red", "/register/map?level=platinum"]
)
def test_what_is_not_known_is_refused_here_too(client, entry, address):
    entry(name="Day Centre", **LANCASTER)
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Day Centre" not in answer.text


def test_a_region_opens_as_a_part_of_the_map(client):
    sent = client.get("/register/map/region/E12000002?q=bay")
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/register/map?q=bay&at=")
    assert client.get("/register/map/region/E99").status_code == 404


def test_a_map_takes_the_same_statements_whatever_it_shows(client, entry, count_statements):
    entry(name="First", **LANCASTER)
    client.get("/register/map")
    with count_statements() as few:
        client.get("/register/map")
    for number in range(12):
        entry(name=f"Provider {number}", easting=330000 + number * 9000, northing=461800)
    client.get("/register/map")
    with count_statements() as many:
        client.get("/register/map")
    assert len(many) == len(few) <= 16


def test_the_list_beside_the_map_says_how_things_stand_and_which_of_two_awards_it_is(client, app):
    holder = make.organisation(name="Bay Friends", **LANCASTER)
    schemes = [make.scheme(title=title) for title in ("First Mark", "Second Mark")]
    for scheme in schemes:
        make.register_entry(make.award(make.application(holder, make.edition(scheme))))
    page = client.get("/register/map").text
    assert "All of them</h2>" in page
    assert [len(re.findall(rf"<span>Approved until [^<]+ · {each.title}</span>", page)) for each in schemes] == [1, 1]
