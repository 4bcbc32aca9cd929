"""What the page shows of slides and of OpenDocument files, which a browser cannot show by itself."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from app.backends.preview import MOST_COLUMNS, MOST_ROWS, preview
from app.backends.scanner import KINDS

SLIDE = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>{}</a:t></a:p><a:p><a:t>and more</a:t></a:p></p:sld>'
SHEET = (
    '<o:doc xmlns:o="o" xmlns:t="table" xmlns:x="text"><t:table>{}</t:table>'
    "<t:table><t:table-row><t:table-cell><x:p>Second</x:p></t:table-cell></t:table-row></t:table></o:doc>"
)


def _zip(**parts: str) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def _cell(words: str, times: int = 1) -> str:
    return f'<t:table-cell t:number-columns-repeated="{times}"><x:p>{words}</x:p></t:table-cell>'


def _row(*cells: str) -> str:
    return f"<t:table-row>{''.join(cells)}</t:table-row>"


def test_slides_are_shown_in_the_order_of_their_numbers():
    parts = {f"ppt/slides/slide{number}.xml": SLIDE.format(f"Words of {number}") for number in (10, 2, 1)}
    shown = preview(_zip(**parts, **{"ppt/slides/_rels/slide1.xml.rels": "<r/>"}), KINDS[".pptx"])
    assert shown.kind == "text"
    assert [line for line in shown.text.splitlines() if line.startswith("Slide")] == ["Slide 1", "Slide 2", "Slide 10"]
    assert "Words of 2\nand more" in shown.text and not shown.cut


def test_the_words_of_an_open_presentation_are_shown():
    content = '<o xmlns:x="text" xmlns:d="draw"><d:page><x:p>First</x:p></d:page><d:page><x:h>Second</x:h></d:page></o>'
    assert preview(_zip(**{"content.xml": content}), KINDS[".odp"]).text == "First\n\nSecond"


def test_the_first_sheet_of_an_open_spreadsheet_is_shown_as_a_table():
    rows = _row(_cell("Month"), _cell("Visits")) + _row(_cell("May"), _cell("41"), _cell("", 16_000))
    shown = preview(_zip(**{"content.xml": SHEET.format(rows)}), KINDS[".ods"])
    assert shown.kind == "table" and shown.rows == (("Month", "Visits"), ("May", "41"))


def test_a_sheet_that_repeats_without_end_is_cut():
    wide = preview(_zip(**{"content.xml": SHEET.format(_row(_cell("x", 99_999)))}), KINDS[".ods"])
    assert wide.rows == (("x",) * MOST_COLUMNS,)
    long = preview(_zip(**{"content.xml": SHEET.format(_row(_cell("x")) * (MOST_ROWS + 5))}), KINDS[".ods"])
    assert len(long.rows) == MOST_ROWS and long.cut


@pytest.mark.parametrize("ending", [".pptx", ".odp", ".ods"])
@pytest.mark.parametrize("content", ["<not closed", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_cannot_be_read_or_hides_something_is_not_shown(ending, content):
    part = "ppt/slides/slide1.xml" if ending == ".pptx" else "content.xml"
    assert preview(_zip(**{part: content}), KINDS[ending]).kind == "none"
