"""An assessment report as a Word document: real headings, lists and tables, so that its readers can go on working with it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table

from app.certificates.report_document import Remark, ReportDocument, column_shares
from app.domain.report import Grid, Passage, runs
from app.domain.wording import counted

LANGUAGE, FACE = "en-GB", "Arial"
ROOM = Cm(16.6)
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the file bears, so that the same document gives the same bytes."""
CONTROL = {code: None for code in range(32) if chr(code) not in "\n\t"}


def report_docx(document: ReportDocument) -> bytes:
    """The report as a Word document. The same document gives the same bytes."""
    word = Document()
    _prepare(word, document)
    word.add_heading(_clean(document.title), level=0)
    word.add_paragraph(_clean(f"{document.framework}. {document.awarding_body}."))
    word.add_paragraph(f"{document.standing}.", style="Subtitle")
    for passage in document.passages:
        _passage(word, passage)
    _check(word, document)
    _signature(word, document)
    file = BytesIO()
    word.save(file)
    return _same_times(file)


def _clean(words: str) -> str:
    """Words without what XML cannot hold."""
    return words.translate(CONTROL)


def _prepare(word: Docx, document: ReportDocument) -> None:
    about = word.core_properties
    made = datetime.combine(document.signed_on or document.made_on, time(12), UTC)
    about.title, about.subject = _clean(document.title), _clean(f"{document.framework}. {document.standing}")
    about.author = about.last_modified_by = _clean(document.awarding_body)
    about.language, about.comments, about.keywords = LANGUAGE, "", "assessment report"
    about.created = about.modified = made.replace(tzinfo=None)
    about.revision, about.version = 1, str(document.version)
    _speak(word)
    _dress(word, document.colour)
    _frame(word, document)


def _speak(word: Docx) -> None:
    """Say the language in the defaults of all styles, for spelling and for those who listen."""
    defaults = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    language = OxmlElement("w:lang")
    for kind in ("w:val", "w:eastAsia"):
        language.set(qn(kind), LANGUAGE)
    language.set(qn("w:bidi"), "ar-SA")
    defaults.append(language)


def _dress(word: Docx, colour: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    shade = RGBColor.from_string(colour.lstrip("#").upper())
    word.styles["Normal"].font.size = Pt(11)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        _typeface(word, name)
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        word.styles[name].font.color.rgb = shade
    word.styles["Title"].font.size = Pt(22)


def _typeface(word: Docx, name: str) -> None:
    """A typeface that every office has, in place of the theme's, for letters of every script."""
    style = word.styles[name]
    style.font.name = FACE
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(kind), None)
    for kind in ("w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FACE)


def _frame(word: Docx, document: ReportDocument) -> None:
    """The running head, which says that a draft is one, and the foot with the page's number."""
    section = word.sections[0]
    head = section.header.paragraphs[0]
    head.text = _clean(document.standing if document.signed_on else f"DRAFT. {document.standing}")
    foot = section.footer.paragraphs[0]
    foot.text = _clean(f"{document.provider} · {document.framework} · page ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")
    for paragraph in (head, foot):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for run in paragraph.runs:
            run.font.size = Pt(9)


def _field(paragraph: Any, code: str) -> None:
    """A number that Word counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = "1"
    run.append(words)
    field.append(run)
    paragraph._p.append(field)


def _passage(word: Docx, passage: Passage) -> None:
    if passage.heading:
        word.add_heading(_clean(passage.heading), level=1)
    number = f"{passage.number}. "
    for run in runs(passage.content.text):
        if run.listed and number:
            word.add_paragraph(number.strip())
        for line in run.lines:
            words = _clean(line if run.listed else number + line)
            word.add_paragraph(words, style="List Bullet" if run.listed else None)
            number = ""
    if passage.content.grid is not None:
        _grid(word, passage.content.grid, number)


def _grid(word: Docx, grid: Grid, number: str) -> None:
    word.add_paragraph(_clean(f"{number}{grid.caption}"), style="Caption").paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(grid.heads), style="Table Grid")
    _describe(table, grid)
    for cell, words in zip(table.rows[0].cells, grid.heads, strict=True):
        cell.paragraphs[0].add_run(_clean(words)).bold = True
    for row in grid.rows:
        for column, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
            cell.paragraphs[0].add_run(_clean(words)).bold = not column
    _widths(table, column_shares(grid))
    word.add_paragraph()


def _widths(table: Table, shares: tuple[float, ...]) -> None:
    """Columns by what they say, rows that no page parts, and air within the cells."""
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(ROOM * share)
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for cell, share in zip(row.cells, shares, strict=True):
            cell.width = int(ROOM * share)
    margins = OxmlElement("w:tblCellMar")
    for side, wide in (("top", 60), ("left", 100), ("bottom", 60), ("right", 100)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(wide))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # Word reads these in a fixed order


def _describe(table: Table, grid: Grid) -> None:
    """Heads that come again on every page, rows that stay whole, and words for those who do not see the table."""
    repeats = OxmlElement("w:tblHeader")
    repeats.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeats)
    said = f"{grid.caption}: {counted(len(grid.rows), 'row')} with {', '.join(grid.heads)}."
    for name, words in (("w:tblCaption", grid.caption), ("w:tblDescription", said)):
        element = OxmlElement(name)
        element.set(qn("w:val"), _clean(words))
        table._tbl.tblPr.append(element)


def _check(word: Docx, document: ReportDocument) -> None:
    if not document.check:
        return
    word.add_heading("The provider’s check for mistakes of fact", level=1)
    word.add_paragraph(_clean(document.check))
    for remark in document.remarks:
        _remark(word, remark)


def _remark(word: Docx, remark: Remark) -> None:
    word.add_heading(remark.heading, level=2)
    _said(word, "The provider wrote:", remark.text)
    if remark.shown:
        word.add_paragraph(_clean(f"Shown by: {', '.join(remark.shown)}."))
    _said(word, f"The assessors answered: {remark.verdict}.", remark.answer)


def _said(word: Docx, who: str, text: str) -> None:
    word.add_paragraph().add_run(_clean(who)).bold = True
    for run in runs(text):
        for line in run.lines:
            word.add_paragraph(_clean(line), style="List Bullet" if run.listed else None)


def _signature(word: Docx, document: ReportDocument) -> None:
    if document.signature:
        word.add_heading("Signature", level=1)
        word.add_paragraph(_clean(document.signature))
    if document.fingerprint:
        word.add_paragraph(f"Fingerprint of the words (SHA-256): {document.fingerprint}")


def _same_times(file: BytesIO) -> bytes:
    """The same file with one time on all of its parts."""
    again = BytesIO()
    with ZipFile(file) as made, ZipFile(again, "w", ZIP_DEFLATED) as kept:
        for part in made.infolist():
            info = ZipInfo(part.filename, WRITTEN_AT)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            kept.writestr(info, made.read(part))
    return again.getvalue()
