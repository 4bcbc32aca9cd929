"""Who is near a point: circles over squares and blocks give what measuring every distance gives, in the same order."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from app.backends.search import BitmapIndex
from app.backends.search_build import Building
from app.backends.search_draw import Draw
from app.backends.searching import AREA, Document, Near, Query, Reach
from app.domain.places import miles_between

TODAY = date(2026, 11, 16)
COUNT = 3_000
LOTS = Draw.of(TODAY)


def document(random: Random, number: int) -> Document:
    """Half of them in one town, on whole hundreds of metres so that several are as near; a tenth say not where."""
    side = 4_000 if number % 2 else 300_000
    private = number % 10 == 0
    return Document(
        entry_id=number,
        texts={"name": f"Number {number}"},
        facets={AREA: ("E1",) if number % 7 == 0 else ()},
        easting=None if private else 300_000 + random.randrange(0, side, 100),
        northing=None if private else 400_000 + random.randrange(0, side, 100),
        status="awarded",
        expires_on=TODAY,
    )


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    random = Random(4)
    return [document(random, number) for number in range(1, COUNT)]


@pytest.fixture(scope="module", params=["put", "built"])
def index(request, documents) -> BitmapIndex:
    if request.param == "built":
        building = Building()
        building.add(documents)
        return BitmapIndex(sections=building.sections())
    put = BitmapIndex()
    put.put(documents)
    return put


def expected(documents, near: Near) -> list[tuple[int, float | None]]:
    found = []
    for each in documents:
        miles = None
        if each.easting is not None:
            miles = miles_between(each.easting, each.northing or 0, near.easting, near.northing)
            miles = miles if miles <= near.miles else None
        serves = near.area_code in each.facets[AREA]
        if (miles is not None and near.reach != Reach.SERVED) or (serves and near.reach != Reach.BASED):
            found.append((each.entry_id, miles))
    far = 1_000_000
    found.sort(key=lambda one: (far if one[1] is None else round(one[1] * 10), LOTS.lots(one[0])))
    return found


@pytest.mark.parametrize("reach", list(Reach))
@pytest.mark.parametrize("miles", [0.1, 1, 4.97, 25, 100, 900])
@pytest.mark.parametrize("point", [(302_000, 402_000), (300_000, 400_000), (455_050, 512_345)])
def test_the_nearest_come_first_as_if_every_distance_were_measured(index, documents, point, miles, reach):
    near = Near(*point, miles, "E1", reach)
    wanted = expected(documents, near)
    whole = index.search(Query(near=near, limit=COUNT, facets=()), TODAY)
    assert whole.total == len(wanted)
    assert [entry for entry, _ in whole.page] == [entry for entry, _ in wanted]
    assert [miles for _, miles in whole.page] == [pytest.approx(miles) for _, miles in wanted]
    for offset in (0, 40, len(wanted) - 3):
        page = index.search(Query(near=near, offset=max(offset, 0), limit=20, facets=()), TODAY).page
        assert page == whole.page[max(offset, 0) :][:20]
