"""The printed handbook as a file: what it says, in which language, and what it does with letters that it lacks."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from functools import lru_cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.certificates.handbook import HandbookFacts, handbook_pdf
from app.certificates.typesetting import Unprintable
from app.domain.framework import Node
from app.domain.wording import Text
from app.frameworks import load, read
from app.frameworks.schemes import STANDARDS
from config import ROOT
from tests.factories import SMALL_FRAMEWORK
from tests.unit.frameworks import test_constructs as constructs

FONTS = ROOT / "app" / "static" / "build" / "fonts"
SHA = "0123456789abcdef" * 4
FLAGSHIP = load(STANDARDS / "community-care-mark" / "2026.yaml")


@lru_cache(maxsize=8)
def small(title: str = "Small Mark", text: str = "New trustees are told their duties."):
    source = SMALL_FRAMEWORK.replace("title: Small Mark", f"title: {title}")
    return read(source.replace("New trustees are told their duties.", text), "small.yaml")


def reader_of(framework, language="en", **more) -> PdfReader:
    return PdfReader(BytesIO(handbook_pdf(HandbookFacts(framework, language, SHA, **more), FONTS)), strict=True)


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@lru_cache(maxsize=4)
def flagship(language: str = "en") -> tuple[PdfReader, tuple[str, ...]]:
    """The flagship's handbook and the text of each of its pages."""
    reader = reader_of(FLAGSHIP, language, awarding_body="Community Care Council")
    return reader, tuple(" ".join(page.extract_text().split()) for page in reader.pages)


def test_the_handbook_holds_every_criterion_with_all_that_is_said_of_it():
    text = " ".join(flagship()[1])
    for words in ("Community Care Council", "edition 2026", SHA, "What you are asked about your organisation"):
        assert words in text
    squeezed = text.replace(" ", "")
    for criterion in FLAGSHIP.criteria:
        said = [criterion.text, criterion.why, *(ask.title for ask in criterion.evidence)]
        said += [point.anchor for point in criterion.scale.points]
        for each in said:
            assert "".join(str(each).split()) in squeezed, (criterion.code, str(each))
    for words in (
        "Asked when “Are you registered with a charity regulator, Companies House or the Mutuals Register?” is yes.",
        "Must reach 2 In place or better for Bronze and above.",
        "When “Income in the last financial year” is below £50,000, this is enough:",
        "How the outcome is worked out",
        "No better than Bronze when any criterion is scored 0. Silver and gold need work to have begun on every criterion.",
        "An award is valid for 3 years",
        "Your notes",
    ):
        assert words in text, words


def test_the_contents_name_the_page_on_which_each_criterion_stands_and_lead_there():
    reader, pages = flagship()
    contents = " ".join(pages[1:4])
    for code in ("GOV.1.1", "SAF.1.1"):
        title = str(FLAGSHIP.criterion(code).title)
        number = int(contents.split(f"{code} {title}")[1].split()[0])
        assert f"{code} {title}" in pages[number - 1]
    links = [each.get_object() for each in reader.pages[1]["/Annots"]]
    assert len(links) > 30 and all("/Dest" in each for each in links)


def flat(outline) -> list:
    return [each for entry in outline for each in (flat(entry) if isinstance(entry, list) else [entry])]


def test_bookmarks_lead_to_every_part_and_criterion():
    reader, pages = flagship()
    found = {entry.title: reader.get_destination_page_number(entry) for entry in flat(reader.outline)}
    for criterion in FLAGSHIP.criteria:
        title = f"{criterion.code} {criterion.title}"
        assert title in pages[found[title]]


def test_the_file_says_its_title_and_language_and_embeds_all_its_typefaces():
    reader, _ = flagship("cy")
    catalog = reader.trailer["/Root"]
    assert (catalog["/Lang"], reader.metadata.title) == ("cy", "Marc Gofal Cymunedol 2026: handbook")
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] is not None
    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all("/FontFile2" in descriptor for descriptor in fonts.values())


def structure(element) -> list[tuple[str, str]]:
    found = []
    for kid in element.get("/K", []):
        kid = kid.get_object()
        if kid.get("/Type") == "/StructElem":
            found += [(kid["/S"], str(kid.get("/Lang", ""))), *structure(kid)]
    return found


def test_the_structure_tells_headings_lists_and_languages_to_those_who_listen():
    reader, _ = flagship("cy")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a PDF boolean
    elements = structure(root["/StructTreeRoot"]["/K"][0].get_object())
    roles = [role for role, _ in elements]
    assert roles.count("/H1") == 1 and roles.count("/H4") >= 71 and {"/L", "/LI", "/TOC", "/TOCI"} <= set(roles)
    assert ("/H1", "") in elements and ("/P", "en") in elements and ("/P", "en-GB") in elements
    parents = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, page in enumerate(reader.pages):
        assert page["/StructParents"] == number
        marks = page.get_contents().get_data().count(b"/MCID")
        assert len(parents[2 * number + 1].get_object()) == marks


def test_the_same_edition_always_gives_the_same_bytes_in_another_process_too():
    facts = HandbookFacts(small(), "en", SHA)
    here = handbook_pdf(facts, FONTS)
    assert here == handbook_pdf(facts, FONTS)
    script = (
        "import sys; from tests.unit.certificates import test_handbook as t;"
        "sys.stdout.buffer.write(t.handbook_pdf(t.HandbookFacts(t.small(), 'en', t.SHA), t.FONTS))"
    )
    there = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    assert here == there


def test_a_text_that_is_missing_in_the_language_is_shown_in_another_and_counted():
    text = " ".join(flagship("cy")[1])
    assert "Marc Gofal Cymunedol" in text and "Governing document" in text
    assert "are not there in Welsh yet and shown in English." in text
    assert "are not there in" not in " ".join(flagship()[1])


@pytest.mark.parametrize(
    "words",
    [
        "Mae’r ymddiriedolwyr yn gwybod am bob dŵr, tŷ a ffôn.",
        "Zażółć gęślą jaźń w każdej świetlicy.",
        "Nájemníci žijí v příjemném domě.",
        "Οι διαχειριστές γνωρίζουν τα καθήκοντά τους.",
        "Опікуни знають свої обов’язки.",
    ],
)
def test_the_letters_of_many_languages_are_printed_as_they_are(words):
    assert words in text_of(reader_of(small(text=words)))


def test_a_language_whose_letters_the_typefaces_lack_is_refused_in_words():
    chinese = small(
        title="社区护理质量标准", text="受托人每年至少召开四次会议并保存会议记录。受托人每年至少召开四次会议。" * 8
    )
    with pytest.raises(Unprintable, match=r"typefaces lack .* letters"):
        reader_of(chinese)


def test_answers_in_words_and_numbers_of_a_range_have_their_room():
    judged = text_of(reader_of(read(constructs.source(constructs.JUDGED, "words"), "judged.yaml")))
    assert "Nearly met" in judged and "A judgement in words, which is not added up." in judged
    rules = f"of: criterion -> whole\nscore: mean\n{constructs.BANDS}"
    ranged = text_of(reader_of(read(constructs.source(rules, "percent"), "ranged.yaml")))
    assert "A whole number from 0% to 100% in steps of 5." in ranged


def test_a_few_strange_signs_are_replaced_openly_and_spoil_nothing():
    text = text_of(reader_of(small(text="Trustees ✿ know 会 their duties ﬁrst.")))
    assert "Trustees ? know ? their duties" in text


def test_texts_of_any_length_and_shape_stay_on_the_page():
    long = "word " * 3_000 + "https://example.org/" + "a" * 2_000
    reader = reader_of(small(text=long))
    right = []

    def visit(text, _matrix, place, _font, size):
        if text.strip():
            right.append((place[5], size))

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    assert min(y for y, _ in right) > 30 and max(y for y, _ in right) < 842
    assert text_of(reader).count("word") == 3_000 and text_of(reader).replace(" ", "").count("a" * 2_000) == 1


def copied(node: Node, number: int) -> Node:
    return replace(
        node,
        code=f"{node.code}.{number}",
        children=tuple(copied(child, number) for child in node.children),
        criteria=tuple(replace(each, code=f"{each.code}.{number}") for each in node.criteria),
    )


def test_a_framework_of_hundreds_of_criteria_lists_its_parts_and_is_printed_in_seconds():
    roots = tuple(copied(root, number) for number in range(5) for root in FLAGSHIP.roots)
    large = replace(FLAGSHIP, roots=roots, title=Text.plain("Large"))
    began = time.process_time()
    reader = reader_of(large)
    assert time.process_time() - began < 10  # a tenth of it on a machine that has nothing else to do
    contents = reader.pages[1].extract_text()
    assert len(large.criteria) == 355 and "GOV.1.0 A lawful" in contents and "GOV.1.1.0" not in contents
