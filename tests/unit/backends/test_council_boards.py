"""Our table of councils and care boards beside the lookup of the Office for National Statistics, row by row."""

from __future__ import annotations

import csv
from pathlib import Path

from app.backends import geography

ROOT = Path(geography.__file__).parent

ONS_2020 = """
07: E07 37; E08 1-10
08: E06 6 7 49 50; E08 11-15
09: E07 171; E08 16-19
10: E06 21; E07 192-199
11: E06 20 51
12: E06 15; E07 32-39
13: E07 136-142
14: E06 18; E07 170 172-176
15: E06 16 17; E07 129-135
16: E08 25 27 28 30 31
17: E08 25 29
18: E07 218-222; E08 26
19: E06 19; E07 234-239
20: E07 150-156
21: E06 31; E07 8-12 99 152
22: E07 143-149 244
23: E07 71 76 200 202 203 244 245
24: E06 32 42 55 56 60
25: E07 72 73 77 95 96 98 99 102 103 240-243
26: E06 33 34; E07 66-70 74 75
27: E09 5 9 13 15 17 18 20 33
28: E09 3 7 10 14 19
29: E09 1 2 12 16 25 26 30 31
30: E09 4 6 11 22 23 28
31: E09 8 21 24 27 29 32
32: E06 35; E07 105-116
34: E06 36 39 40; E07 89 92 209 212 214 216
36: E06 52 53
37: E06 26 27; E07 40-47
38: E07 187-189 246
39: E06 23-25
40: E06 22 30 54; E07 180
41: E06 58 59
42: E06 44-46; E07 84-91 93 94
43: E07 78-83
44: E06 37 38 41 60; E07 177-181
48: E06 8 9; E07 27 29 31 117-128 163
50: E06 1-5 47 57; E07 26 28-30; E08 21-24 37
51: E06 10-14; E07 164-169
52: E07 207-217 225
53: E06 43; E07 61-65 223-229
54: E07 163; E08 32-36
"""
"""What the ONS lookup "LSOA (2011) to Clinical Commissioning Groups to STPs to Local Authority Districts (April 2020)"
holds of districts: for each health area (E540000..) its districts, as the last six digits of their codes after the kind
of council. Source: Office for National Statistics licensed under the Open Government Licence v3.0.
"""

RECODED = {
    "E54000007": "E54000057",
    "E54000009": "E54000061",
    "E54000012": "E54000058",
    "E54000014": "E54000060",
    "E54000016": "E54000062",
    "E54000017": "E54000055",
    "E54000020": "E54000059",
    "E54000021": "E54000056",
    "E54000052": "E54000063",
    "E54000053": "E54000064",
}
"""Health areas that went on as care boards under another code, in 2021, 2022 and 2023."""

MOVED = {
    ("E07000037", "E54000057"),  # Glossop in High Peak, to Derby and Derbyshire, July 2022
    ("E07000171", "E54000061"),  # Bassetlaw, to Nottingham and Nottinghamshire, July 2022
    ("E08000025", "E54000062"),  # the west of Birmingham, to Birmingham and Solihull, July 2022
    ("E07000225", "E54000063"),  # a corner of Chichester, to Sussex, April 2023
}
SLIVERS = {
    ("E06000060", "E54000024"),  # Buckinghamshire, with Bedfordshire, Luton and Milton Keynes
    ("E07000212", "E54000034"),  # Runnymede, with Frimley
    ("E07000214", "E54000063"),  # Surrey Heath, with Surrey Heartlands
}
"""Corners of a council that we leave out on purpose: to count the whole council for them would mislead."""


def _lookup():
    """(council of 2020, health area) of every row."""
    for line in ONS_2020.split("\n"):
        area, _, parts = line.partition(": ")
        for part in parts.split("; ") if parts else ():
            kind, *spans = part.split()
            for span in spans:
                first, _, last = span.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    yield f"{kind}{number:06d}", f"E540000{area}"


def test_every_council_lay_before_2026_in_the_boards_that_the_national_lookup_says():
    with (ROOT / "council_icbs.csv").open(encoding="utf-8", newline="") as file:
        ours = {(row["council"], row["icb_before"]) for row in csv.DictReader(file)}
    rows = [(council, RECODED.get(area, area)) for council, area in _lookup()]
    assert len(rows) == 329 and len({council for council, _ in rows}) == 314
    theirs = {(geography.present_code(council), area) for council, area in rows}
    assert theirs - ours == MOVED | SLIVERS
    assert ours - theirs == {("E07000171", "E54000060")}  # where Bassetlaw went


def test_boards_of_today_are_made_of_whole_boards_of_before_but_for_the_three_that_were_divided():
    """The mergers of April 2026 as announced: only Frimley, Suffolk and North East Essex, Hertfordshire and West Essex."""
    before = [each for each in geography.groups().values() if each.kind == geography.ICB and each.end]
    divided = {each.name: len(geography.present_groups(each.code)) for each in before}
    assert {name: count for name, count in divided.items() if count > 1} == {
        "Frimley": 3,
        "Suffolk and North East Essex": 2,
        "Hertfordshire and West Essex": 2,
    }
