"""A pack on paper: the same facts give the same file, it can be read aloud in order, and no letter is lost unsaid."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.certificates.pack import Kind, Line, PackFacts, Section, pack_pdf, pack_text
from app.certificates.typesetting import Unprintable
from config import ROOT

FONTS = ROOT / "app" / "static" / "build" / "fonts"
SHA = "0123456789abcdef" * 4
FACTS = PackFacts(
    organisation="Bay Memory Friends",
    pack="Tender 2027",
    day="22 Nov 2026",
    sections=(
        Section("Awards", (Line("Check it", url="https://register.example.org/verify/X"),)),
        Section("Policies", (Line("Safeguarding", Kind.ITEM), Line("Our policy"), Line(f"SHA-256 {SHA}", Kind.SMALL))),
    ),
)


def test_the_same_facts_give_the_same_bytes_and_another_day_gives_others():
    assert pack_pdf(FACTS, FONTS) == pack_pdf(FACTS, FONTS)
    assert pack_pdf(FACTS, FONTS) != pack_pdf(replace(FACTS, day="23 Nov 2026"), FONTS)


def test_it_states_day_and_fingerprints_in_order_with_headings_and_links():
    reader = PdfReader(BytesIO(pack_pdf(FACTS, FONTS)), strict=True)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    said = ["Bay Memory Friends", "As it stood on 22 Nov 2026", "Awards", "Policies", "Safeguarding", SHA]
    places = [text.index(words) for words in said]
    assert places == sorted(places)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert [entry.title for entry in reader.outline] == ["Awards", "Policies"]
    links = [each.get_object()["/A"]["/URI"] for page in reader.pages for each in page.get("/Annots", [])]
    assert links == ["https://register.example.org/verify/X"]
    assert len(reader.pages) == 1


def test_a_name_that_the_typefaces_lack_is_refused_on_paper_and_whole_as_text():
    arabic = replace(FACTS, organisation="جمعية الخليج")
    with pytest.raises(Unprintable, match="letters of this pack"):
        pack_pdf(arabic, FONTS)
    text = pack_text(arabic).decode()
    assert "جمعية الخليج" in text and SHA in text and "<https://register.example.org/verify/X>" in text


def test_a_long_name_and_a_pack_of_many_pages_stay_on_the_paper():
    lines = tuple(Line(f"{number} {'w' * 300}") for number in range(60))
    long = replace(FACTS, organisation="The " + "Very " * 30 + "Long Name", sections=(Section("Others", lines),))
    reader = PdfReader(BytesIO(pack_pdf(long, FONTS)), strict=True)
    assert len(reader.pages) > 2
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "0" + "w" * 300 + "1www" in text and "59" + "w" * 300 in text


@pytest.mark.parametrize("before", range(40, 100, 3))
def test_a_date_is_never_parted_by_the_end_of_a_line(before):
    said = f"{'x ' * before}(valid until 14 Mar 2027), {'x ' * 30}"
    facts = replace(FACTS, sections=(Section("Insurances", (Line(said),)),))
    page = PdfReader(BytesIO(pack_pdf(facts, FONTS))).pages[0].extract_text()
    assert "14 Mar 2027)," in page
