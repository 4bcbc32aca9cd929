"""Names of places, from the real directories: postcodes that begin with L, N, P or T, and the towns among them."""

from __future__ import annotations

import sqlite3

import pytest

from app.backends.gazetteer import plain
from app.backends.postcodes import SqlitePlaces
from app.backends.postcodes_build import build, is_current
from app.domain.places import from_degrees, irish_to_british, miles_between


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    build(path, letters="LNPT")
    return SqlitePlaces(path)


def point(place):
    return place.easting, place.northing


def test_a_postcode_that_never_was_is_said_and_its_district_taken(places):
    found = places.look_up("LA1 0ZZ")
    assert found.place.label == "LA1"
    assert "There is no postcode LA1 0ZZ" in found.note and "We look around LA1." in found.note
    nearer = places.look_up("LA1 4ZX")
    assert nearer.place == places.look_up("LA1 4").place
    assert "mistyped or very new" in nearer.note


def test_a_postcode_that_was_abolished_is_found_where_it_was_and_said_to_have_ended(places):
    # Newport was NP9 until the districts of 2000 took its place.
    found = places.look_up("np9 2aa")
    assert miles_between(*point(found.place), *point(places.look_up("Newport, Wales").place)) < 5
    assert found.note == "The postcode NP9 2AA is probably no longer in use. We look around where it was."
    assert places.look_up("LA1 4AB").note == ""


def test_a_file_that_was_made_before_ended_postcodes_were_known_still_answers(places, tmp_path):
    old = tmp_path / "places.sqlite"
    old.write_bytes(places.path.read_bytes())
    with sqlite3.connect(old) as connection:
        connection.execute("DROP TABLE ended")
    assert (is_current(places.path), is_current(old), is_current(tmp_path / "none")) == (True, False, False)
    assert SqlitePlaces(old).look_up("NP9 2AA").note == ""


def test_a_postcode_without_a_point_is_not_called_unknown(places):
    rows = places._connection.execute("SELECT code FROM postcode WHERE easting IS NULL").fetchall()
    said = {places.look_up(code).problem.partition(" ")[0] for (code,) in rows[:400]}
    assert said == {"The"}
    assert places.look_up("JE2 3AB").problem.startswith(
        "JE2 3AB is in Jersey. This register covers the United Kingdom."
    )


def test_a_sector_is_smaller_than_its_district_and_not_another_district(places):
    sector, district, other = (places.look_up(text).place for text in ("LA1 4", "LA1", "LA14"))
    assert sector.label == "LA1 4"
    assert miles_between(*point(sector), *point(places.look_up("LA1 4AB").place)) < 1
    assert miles_between(*point(district), *point(other)) > 10


def test_a_town_is_found_by_its_name_with_the_council_around_it(places):
    found = places.look_up("kirkby lonsdale").place
    assert (found.label, found.area_code) == ("Kirkby Lonsdale, Westmorland and Furness", "E06000064")
    assert miles_between(*point(found), *point(places.look_up("LA6 2AA").place)) < 4


def test_a_name_of_several_towns_asks_which_and_every_answer_leads_to_one(places):
    found = places.look_up("Newport")
    assert found.place is None
    assert "several places called Newport" in found.problem
    assert {"Newport, Wales", "Newport, Isle of Wight", "Newport, Telford and Wrekin"} <= set(found.others)
    answers = [places.look_up(other).place for other in found.others]
    assert len({point(answer) for answer in answers}) == len(found.others)


def test_the_town_that_everybody_means_is_taken_and_the_others_offered(places):
    found = places.look_up("Preston")
    assert found.place.area_code == "E07000123"
    assert "Preston council area" in found.others


def test_a_name_in_welsh_means_the_same_place(places):
    assert places.look_up("Casnewydd").place == places.look_up("Newport, Wales").place
    assert places.look_up("Cymru").wide.councils == places.look_up("Wales").wide.councils
    assert places.look_up("Ynys Môn").wide.code == "W06000001"


def test_counties_regions_and_care_boards_are_wide_places(places):
    assert len(places.look_up("Norfolk").wide.councils) == 7
    assert places.look_up("north west").wide.label == "North West region"
    assert places.look_up("NHS Lancashire and South Cumbria ICB").wide.code == "E54000048"
    assert places.look_up("North West London").wide.label == "NHS North West London ICB"
    assert places.look_up("Lancaster council area").wide.councils == ("E07000121",)


def test_a_misspelt_name_is_met_with_the_likely_one(places):
    found = places.look_up("Lancster")
    assert found.problem == "We do not know the place “Lancster”."
    assert found.others[0] == "Lancaster"
    assert places.look_up("Xyzzyx").others == ()
    assert "Enter a postcode such as LA1 4AB" in places.look_up("***").problem


def test_the_beginning_of_a_name_leads_to_the_largest_first(places):
    assert places.beginning("lanc")[:3] == ("Lancashire", "NHS Lancashire and South Cumbria ICB", "Lancaster")
    assert places.beginning("...") == places.beginning("") == ()


def test_saints_and_accents_and_quotes_do_not_matter():
    assert plain("St. Albans City Council") == plain("Saint Albans") == "saint albans"
    assert plain("King’s Lynn") == plain("king's lynn")
    assert plain("London Borough of Camden") == "camden"


def test_belfast_lies_where_it_is_by_the_irish_grid_and_by_its_degrees():
    # Belfast City Hall: J 33840 74040 on the Irish Grid, 54.5966 N 5.9301 W.
    by_grid, by_degrees = irish_to_british(333_840, 374_040), from_degrees(54.5966, -5.9301)
    assert miles_between(*by_grid, *by_degrees) < 0.03
    # The castle of Edinburgh is 142.4 miles off, by great circle from 55.9486 N 3.1999 W.
    assert miles_between(*by_grid, *from_degrees(55.9486, -3.1999)) == pytest.approx(142.4, abs=0.5)


def test_the_ordnance_surveys_own_example_of_degrees_comes_out_within_five_metres():
    # Caister water tower, from the guide's annex: 52 39 28.8282 N, 1 42 57.8663 E is TG 51409 13177.
    east, north = from_degrees(52 + 39 / 60 + 28.8282 / 3600, 1 + 42 / 60 + 57.8663 / 3600)
    assert (east, north) == (pytest.approx(651_410, abs=5), pytest.approx(313_177, abs=5))
