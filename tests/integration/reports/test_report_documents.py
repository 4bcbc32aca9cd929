"""The two documents of a report, read back with the tools that others read them with."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from app.certificates.assessment_report import report_pdf
from app.certificates.report_document import Remark, ReportDocument, column_shares
from app.certificates.report_docx import report_docx
from app.domain.report import Content, Grid, Part, Passage

GRID = Grid("What each part got", ("Part", "Result"), tuple((f"GOV.{n} Trustees lead", f"{n}%") for n in range(80)))
ARABIC = "مركز الرعاية"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherung" * 3


def document(**values: object) -> ReportDocument:
    facts = {
        "title": f"Assessment report: {ARABIC}",
        "provider": ARABIC,
        "awarding_body": "Mark Partnership",
        "framework": "Small Mark 2026",
        "colour": "#4b2142",
        "version": 2,
        "made_on": date(2026, 11, 22),
        "passages": (
            Passage(1, Part.WORDS, "In short", Content(f"They do it well.\n- {LONG}\n- two\x07")),
            Passage(4, Part.SCORES, "Results", Content(grid=GRID)),
        ),
        "check": "Version 1 went to the provider.",
        "remarks": (Remark(1, 4, "It is 12%.", ("Minutes",), "Not accepted", "It is not."),),
    }
    return ReportDocument(**{**facts, **values})


@pytest.fixture
def pdf(app):
    return lambda **values: PdfReader(BytesIO(report_pdf(document(**values), Path(app.config["FONT_DIR"]))))


def test_a_pdf_says_it_is_a_draft_on_every_page_until_it_is_signed(pdf):
    draft = pdf()
    assert len(draft.pages) > 2
    assert all("DRAFT" in page.extract_text() for page in draft.pages)
    assert all(f"Page {n} of {len(draft.pages)}" in page.extract_text() for n, page in enumerate(draft.pages, 1))
    signed = pdf(signed_by="Assessor Ash", signed_on=date(2026, 11, 30))
    words = "\n".join(page.extract_text() for page in signed.pages)
    assert "DRAFT" not in words and "Assessor Ash, lead assessor, 30 Nov 2026" in words.replace("\n", " ")


def test_a_long_table_has_its_heads_on_each_page_and_is_a_table_to_those_who_listen(pdf):
    read = pdf()
    with_rows = [page.extract_text() for page in read.pages if "Trustees lead" in page.extract_text()]
    assert len(with_rows) > 1 and all("Part\nResult" in words or "Part" in words for words in with_rows)
    root = read.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()
    roles = [each.get_object()["/S"] for each in root["/K"]]
    assert roles.count("/Table") == 1 and "/H1" in roles and "/H2" in roles
    table = next(each.get_object() for each in root["/K"] if each.get_object()["/S"] == "/Table")
    assert len(table["/K"]) == 81
    assert [cell.get_object()["/S"] for cell in table["/K"][1].get_object()["/K"]] == ["/TH", "/TD"]


def test_nothing_runs_over_the_margin_of_a_pdf(pdf):
    """A word longer than a line is parted: all of its letters are there."""
    words = "".join(page.extract_text() for page in pdf().pages).replace("\n", "")
    assert LONG in words.replace("•", "")


def test_a_word_document_has_headings_lists_and_tables_that_are_real():
    word = Document(BytesIO(report_docx(document())))
    styles = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs}
    assert styles[f"Assessment report: {ARABIC}"] == "Title"
    assert styles["In short"] == styles["Results"] == "Heading 1"
    assert styles[LONG] == styles["two"] == "List Bullet"
    assert styles["4. What each part got"] == "Caption"
    table = word.tables[0]
    assert len(table.rows) == 81 and table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    described = table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    assert described == "What each part got: 80 rows with Part, Result."
    order = [child.tag.split("}")[1] for child in table._tbl.tblPr]
    assert order.index("tblCellMar") < order.index("tblLook") < order.index("tblCaption")
    assert word.sections[0].header.paragraphs[0].text.startswith("DRAFT")


def test_a_word_document_says_what_it_is_and_in_which_language():
    file = report_docx(document(signed_by="Assessor Ash", signed_on=date(2026, 11, 30)))
    word = Document(BytesIO(file))
    about = word.core_properties
    assert (about.title, about.language, about.author) == (f"Assessment report: {ARABIC}", "en-GB", "Mark Partnership")
    styles = ZipFile(BytesIO(file)).read("word/styles.xml").decode()
    assert 'w:lang w:val="en-GB"' in styles and 'w:val="en-US"' not in styles
    assert "DRAFT" not in word.sections[0].header.paragraphs[0].text


def test_the_same_document_gives_the_same_bytes(app):
    fonts = Path(app.config["FONT_DIR"])
    assert report_docx(document()) == report_docx(document())
    assert report_pdf(document(), fonts) == report_pdf(document(), fonts)
    assert report_docx(document()) != report_docx(document(version=3))


@pytest.mark.parametrize("heads", [1, 2, 4, 6])
def test_columns_share_the_whole_room(heads):
    grid = Grid("Any", tuple("ABCDEF"[:heads]), (tuple(LONG for _ in range(heads)),))
    assert sum(column_shares(grid)) == pytest.approx(1)
