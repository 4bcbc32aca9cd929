"""Which councils lie in which region, county and integrated care board."""

from __future__ import annotations

from collections import Counter
from datetime import date

from app.backends import geography
from app.backends.geography import ICB, REGION, councils, former_areas, groups, icbs_of, regions_of


def test_every_council_lies_in_one_region_and_the_totals_are_those_of_the_nations():
    held = Counter(council.region for council in councils().values())
    assert sum(count for code, count in held.items() if code.startswith("E12")) == 296
    assert (held["W92000004"], held["S92000003"], held["N92000002"]) == (22, 32, 11)
    assert len(geography.group_names(REGION)) == 12
    assert {council.code[0] for council in councils().values() if not council.region} == {"L", "M"}  # the islands


def test_every_english_council_and_no_other_has_a_care_board_then_and_now():
    english = {code for code in councils() if code.startswith("E")}
    assert {code for code in councils() if icbs_of([code])} == english
    boards = [group for group in groups().values() if group.kind == ICB]
    assert len([board for board in boards if board.end is None]) == 36
    before = [board for board in boards if board.start is None or board.start < date(2026, 4, 1)]
    assert len(before) == 42
    for board in boards:
        assert geography.councils_of(board.code), board.name
    assert {code for board in before for code in geography.councils_of(board.code)} == english


def test_a_council_that_several_boards_share_lies_in_each_of_them():
    north_yorkshire = {groups()[code].name for code in icbs_of(["E06000065"])}
    assert north_yorkshire == {"Humber and North Yorkshire", "West Yorkshire", "Lancashire and South Cumbria"}
    assert icbs_of(["E07000121", "E08000003"]) == ("E54000048", "E54000057")


def test_a_board_that_has_ended_leads_to_those_that_took_over():
    names = {groups()[code].title for code in geography.present_groups("E54000023")}
    assert names == {"NHS Essex ICB", "NHS Norfolk and Suffolk ICB"}
    assert geography.present_groups("E54000048") == ("E54000048",)
    assert geography.present_groups("E54999999") == ()


def test_a_council_that_is_gone_counts_where_its_successor_lies():
    assert geography.present_code("E07000031") == "E06000064"  # South Lakeland
    assert regions_of(["E07000031"]) == ("E12000002",)
    assert regions_of(["E07000031", "W06000015", "nowhere"]) == ("E12000002", "W92000004")
    for former in former_areas().values():
        assert former.successor in councils()
        assert former.code not in councils()
        assert regions_of([former.code]) == regions_of([former.successor])
        assert icbs_of([former.code]) == icbs_of([former.successor])
