"""Small real files of five kinds, written by hand so that the demonstration needs no office software.

The same words always give the same bytes: archives carry no clock.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from textwrap import wrap
from xml.sax.saxutils import escape

Row = Sequence[object]

LINES_A_PAGE = 50
OOXML = "http://schemas.openxmlformats.org"
RELATIONSHIPS = f"{OOXML}/officeDocument/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def text_file(title: str, paragraphs: Iterable[str]) -> bytes:
    """Plain text, wrapped at 96 characters."""
    parts = [title, "=" * len(title), *("\n".join(wrap(paragraph, 96)) for paragraph in paragraphs)]
    return ("\n\n".join(parts) + "\n").encode()


def csv_file(rows: Iterable[Row]) -> bytes:
    """Comma-separated values; the first row names the columns."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """Text pages of A4 in Helvetica, with the title in bold at the top and page numbers."""
    lines = [line for paragraph in paragraphs for line in (*wrap(paragraph, 92), "")]
    pages = [lines[start : start + LINES_A_PAGE] for start in range(0, len(lines), LINES_A_PAGE)] or [[]]
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>", b""]
    objects += [_font("Helvetica"), _font("Helvetica-Bold")]
    objects.append(b"<< /Title (%s) >>" % _pdf_text(title))
    kids = []
    for number, page in enumerate(pages, 1):
        content = _page(title if number == 1 else "", page, f"{title}, page {number} of {len(pages)}")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _assembled(objects)


def _font(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()


def _pdf_text(text: str) -> bytes:
    plain = text.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _page(title: str, lines: Sequence[str], foot: str) -> bytes:
    out = [b"BT"]
    if title:
        out.append(b"/F2 16 Tf 60 780 Td (%s) Tj 0 -30 Td" % _pdf_text(title))
    else:
        out.append(b"60 780 Td")
    out.append(b"/F1 10.5 Tf 13.5 TL")
    out += [b"(%s) Tj T*" % _pdf_text(line) for line in lines]
    out += [b"ET", b"BT /F1 8 Tf 60 40 Td (%s) Tj ET" % _pdf_text(foot)]
    return b"\n".join(out)


def _assembled(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def docx(title: str, paragraphs: Iterable[str]) -> bytes:
    """A Word document: the title in bold and the paragraphs under it."""
    bold = f'<w:p><w:r><w:rPr><w:b/><w:sz w:val="32"/></w:rPr><w:t>{escape(title)}</w:t></w:r></w:p>'
    rest = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(paragraph)}</w:t></w:r></w:p>' for paragraph in paragraphs
    )
    body = f'<w:document xmlns:w="{OOXML}/wordprocessingml/2006/main"><w:body>{bold}{rest}</w:body></w:document>'
    return _package("word/document.xml", f"{MAIN_TYPE}.wordprocessingml.document.main+xml", {"word/document.xml": body})


def xlsx(sheet: str, rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet; numbers are numbers, the rest is text."""
    data = "".join(f'<row r="{number}">{_cells(number, row)}</row>' for number, row in enumerate(rows, 1))
    main = f"{OOXML}/spreadsheetml/2006/main"
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{RELATIONSHIPS}"><sheets>'
        f'<sheet name="{escape(sheet[:31])}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>',
    }
    extra = {"/xl/worksheets/sheet1.xml": f"{MAIN_TYPE}.spreadsheetml.worksheet+xml"}
    return _package("xl/workbook.xml", f"{MAIN_TYPE}.spreadsheetml.sheet.main+xml", parts, extra)


def _cells(number: int, row: Row) -> str:
    cells = []
    for column, value in enumerate(row):
        place = f"{chr(65 + column)}{number}"
        if isinstance(value, int | float):
            cells.append(f'<c r="{place}"><v>{value}</v></c>')
        else:
            cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
    return "".join(cells)


def _relationships(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/></Relationships>'
    )


def _package(main: str, main_type: str, parts: dict[str, str], extra: dict[str, str] | None = None) -> bytes:
    kinds = {f"/{main}": main_type, **(extra or {})}
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    types = (
        f'<Types xmlns="{OOXML}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    files = {"[Content_Types].xml": types, "_rels/.rels": _relationships("officeDocument", main), **parts}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, head + text)
    return out.getvalue()
