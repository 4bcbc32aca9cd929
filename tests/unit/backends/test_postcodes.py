"""Places from the real postcode directory: those that begin with L and U, and Belfast among those with B."""

import csv
import math
from pathlib import Path

import pytest

from app.backends import postcodes, postcodes_build
from app.domain.errors import Invalid
from app.domain.identifiers import is_area_code
from app.domain.places import BRITISH, irish_to_british, miles_between


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    assert postcodes_build.build(path, letters="LU") > 100_000
    return postcodes.SqlitePlaces(path)


def test_a_postcode_is_found_however_it_is_typed(places):
    found = places.find("la14ab")
    assert (found.label, found.area_code) == ("LA1 4AB", "E07000121")
    assert places.find(" LA1  4ab ") == found
    assert places.find("LA1 0ZZ") is None
    assert places.find("nonsense") is None


def test_a_district_and_a_council_are_places_too(places):
    assert miles_between(*_point(places.locate("LA1")), *_point(places.locate("LA1 4AB"))) < 2
    assert places.locate("lancaster").area_code == "E07000121"
    assert places.locate("City of Westmorland & Furness council").label == "Westmorland and Furness"


def test_a_district_lies_in_the_council_that_holds_most_of_its_postcodes(places):
    # A few of LE10 are in Rugby, whose code is the highest of the three councils there.
    assert places.area_name(places.locate("LE10").area_code) == "Hinckley and Bosworth"


def _point(place):
    return place.easting, place.northing


def test_an_unknown_place_is_refused_with_what_to_type_instead(places):
    with pytest.raises(Invalid, match="such as LA1 4AB") as refusal:
        places.locate("Atlantis")
    assert "near" in refusal.value.errors


def test_every_council_of_the_directory_has_a_name():
    with Path(postcodes.__file__).with_name("areas.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(is_area_code(row["code"]) and row["name"].strip() for row in rows)
    used = {row[3] for rows in postcodes_build._rows_by_letter("LUSBTED") for row in rows if row[3]}
    assert used <= {row["code"] for row in rows}


def test_a_grid_point_goes_to_angles_and_back():
    # The worked example of the Ordnance Survey's guide, annex C.
    latitude, longitude = BRITISH.to_angles(651409.903, 313177.270)
    assert math.degrees(latitude) == pytest.approx(52.657570, abs=1e-6)
    assert math.degrees(longitude) == pytest.approx(1.717922, abs=1e-6)
    assert BRITISH.from_angles(latitude, longitude) == pytest.approx((651409.903, 313177.270), abs=0.01)


def test_belfast_is_as_far_from_stranraer_on_the_british_grid_as_on_the_ground():
    belfast = irish_to_british(333_800, 374_000)
    assert miles_between(*belfast, 206_000, 560_700) == pytest.approx(42, abs=3)
