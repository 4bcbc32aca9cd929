"""The certificate as a file: what it says, and what names, scopes and letters of every kind do to it."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno
from pypdf import PdfReader
from pypdf.generic import ContentStream

from app.certificates import CertificateFacts, certificate_pdf
from config import ROOT

FONTS = ROOT / "app" / "static" / "build" / "fonts"
FACTS = CertificateFacts(
    awarding_body="Community Care Council",
    scheme_title="Community Care Mark",
    framework_title="Care Together",
    edition="2026",
    provider_name="Bay Memory Friends",
    scope=("Dementia support", "Befriending"),
    level_title="Gold",
    level_colour="gold",
    granted_on=date(2026, 4, 1),
    expires_on=date(2029, 3, 31),
    number="CCM-26-00042-3W",
    verify_url="https://register.example.org/verify/CCM-26-00042-3W",
    chair_name="Example Chair",
    chair_role="Chair of the panel",
)


def page_of(facts: CertificateFacts):
    reader = PdfReader(BytesIO(certificate_pdf(facts, FONTS)), strict=True)
    assert len(reader.pages) == 1
    return reader.pages[0]


def lines_of(facts: CertificateFacts) -> list[str]:
    return page_of(facts).extract_text().splitlines()


def text_of(facts: CertificateFacts) -> str:
    return " ".join(lines_of(facts))


def printed_extent(facts: CertificateFacts) -> list[tuple[str, float, float]]:
    """Each piece of text with its baseline and its size, in points from the foot."""
    pieces: list[tuple[str, float, float]] = []

    def visit(text, _matrix, place, _font, size):
        if text.strip():
            pieces.append((text.strip(), place[5], size))

    page_of(facts).extract_text(visitor_text=visit)
    return pieces


def test_the_page_states_every_fact_in_words():
    text = text_of(FACTS)
    for words in (
        "Community Care Council",
        "Bay Memory Friends",
        "Community Care Mark",
        "Level: Gold",
        "Assessed against Care Together, edition 2026.",
        "Dementia support · Befriending",
        "1 April 2026",
        "31 March 2029",
        "CCM-26-00042-3W",
        "https://register.example.org/verify/CCM-26-00042-3W",
        "Example Chair",
        "Chair of the panel",
    ):
        assert words in text
    assert "conditions" not in text
    assert "invented" not in text


def test_conditions_and_an_invented_award_are_said_on_the_page():
    text = text_of(replace(FACTS, conditional=True, invented=True))
    assert "Awarded with conditions" in text
    assert "Demonstration: invented" in text


def test_a_scheme_without_levels_prints_none():
    assert "Level" not in text_of(replace(FACTS, level_title="", level_colour="plain"))


def test_the_same_facts_give_the_same_bytes_whatever_was_printed_before():
    script = (
        "import sys; from tests.unit.certificates.test_certificate import FACTS, FONTS, certificate_pdf;"
        "sys.stdout.buffer.write(certificate_pdf(FACTS, FONTS))"
    )
    alone = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    certificate_pdf(replace(FACTS, provider_name="Cyfeillion y Tŷ", colour="#1f4b6b"), FONTS)
    assert certificate_pdf(FACTS, FONTS) == alone


def test_certificates_printed_at_the_same_time_do_not_disturb_each_other():
    many = [replace(FACTS, provider_name=f"Provider {number} of Łódź") for number in range(8)]
    one_by_one = [certificate_pdf(facts, FONTS) for facts in many]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(certificate_pdf, many, [FONTS] * len(many))) == one_by_one


def test_the_file_says_what_it_is_and_in_which_language():
    reader = PdfReader(BytesIO(certificate_pdf(FACTS, FONTS)))
    assert reader.metadata.title == "Community Care Mark: certificate CCM-26-00042-3W of Bay Memory Friends"
    assert reader.metadata.author == "Community Care Council"
    assert reader.metadata.subject == "Community Care Mark, Gold, valid until 31 March 2029"
    assert reader.root_object["/Lang"] == "en-GB"
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (842, 595)


def test_every_typeface_is_inside_the_file():
    fonts = [font.get_object() for font in page_of(FACTS)["/Resources"]["/Font"].values()]
    assert len(fonts) >= 4
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]


@pytest.mark.parametrize(
    "name",
    [
        "Cymdeithas Gofal Dŵr a Thŷ Ŵyr",
        "Zażółć gęślą jaźń",
        "Общество заботы",
        "Nguyễn’s Friends & <Carers>",
        "W\u0302yr",
    ],
)
def test_a_name_keeps_its_letters_in_bold_and_in_small_print(name: str):
    text = text_of(replace(FACTS, provider_name=name, chair_role=name))
    assert text.count(unicodedata.normalize("NFC", name)) == 2
    assert "?" not in text.replace("stand?", "")


def test_a_letter_that_no_face_has_is_printed_as_its_plain_letter_or_as_a_question_mark():
    text = text_of(replace(FACTS, provider_name="No\u2011one\u200b at 𝐇ome أ 心\n\tCare"))
    assert "No-one at Home ? ? Care" in text


def test_a_long_name_grows_smaller_then_takes_two_lines_and_is_never_cut():
    sizes = {}
    for words in (2, 3, 9, 24):
        name = " ".join(["Neighbours"] * words)
        assert name in text_of(replace(FACTS, provider_name=name))
        parts = [(y, size) for text, y, size in printed_extent(replace(FACTS, provider_name=name)) if "Neighb" in text]
        sizes[words] = (len({y for y, _ in parts}), max(size for _, size in parts))
    assert [lines for lines, _ in sizes.values()] == [1, 1, 2, 2]
    assert sizes[2][1] > sizes[3][1]
    assert sizes[9][1] > sizes[24][1]


def test_a_long_scope_says_how_much_of_it_is_on_the_register_only():
    scope = tuple(f"Service {number} for older people" for number in range(1, 41))
    text = text_of(replace(FACTS, scope=scope, conditional=True))
    shown = sum(item in text for item in scope)
    assert 3 < shown < 40
    assert f"and {40 - shown} more, listed on the register" in text


def test_the_longest_of_everything_still_stands_clear_of_the_dates():
    words = "Widdershins wholesome wellbeing " * 12
    crowded = replace(
        FACTS,
        awarding_body=words[:200],
        scheme_title=words[:200],
        framework_title=words[:200],
        provider_name=words[:50],
        level_title=words[:80],
        scope=(words * 9, "Befriending"),
        chair_name=words[:120],
        chair_role=words[:120],
        conditional=True,
        invented=True,
    )
    body = [y for text, y, _ in printed_extent(crowded) if "wholesome" in text or "register" in text]
    dates = next(y for text, y, _ in printed_extent(crowded) if "Granted on" in text)
    assert min(y for y in body if y > dates) - dates > 20
    assert max(y for _, y, _ in printed_extent(crowded)) < 595 - 40


def test_the_code_holds_the_address_to_check_the_award_at():
    """Read back from the drawing: a module is dark where a rectangle of the page covers its middle."""
    page = page_of(FACTS)
    boxes = [
        [float(number) for number in operands]
        for operands, operator in ContentStream(page.get_contents(), page.pdf).operations
        if operator == b"re"
    ]
    module = min(height for _, _, _, height in boxes)
    left, top = min(x for x, *_ in boxes), max(y + height for _, y, _, height in boxes)
    expected = [
        list(row) for row in segno.make(FACTS.verify_url, error="m", micro=False, boost_error=False, mask=3).matrix
    ]

    def dark(column: int, row: int) -> int:
        x, y = left + (column + 0.5) * module, top - (row + 0.5) * module
        return int(any(a <= x <= a + width and b <= y <= b + height for a, b, width, height in boxes))

    size = range(len(expected))
    assert [[dark(column, row) for column in size] for row in size] == expected
    assert page["/Annots"][0].get_object()["/A"]["/URI"] == FACTS.verify_url


def test_missing_typefaces_are_named_with_what_makes_them(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"SourceSerif4_600SemiBold\.ttf.*make assets"):
        certificate_pdf(FACTS, tmp_path)


def test_the_package_is_light_until_the_first_certificate():
    script = "import sys, app.certificates; sys.exit('reportlab' in sys.modules or 'segno' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0
