"""Files as people send them: real bytes, good and bad."""

import tracemalloc
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO
from random import Random

import pytest

from app.backends.preview import preview
from app.backends.scanner import KINDS, MEGABYTE, Refused, inspect_upload, safe_filename

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff0300000600"
    "0557bfabd40000000049454e44ae426082"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(parts, level=zipfile.ZIP_DEFLATED):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def docx(body="<w:p><w:r><w:t>Minutes of the board</w:t></w:r></w:p>", **more):
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def xlsx():
    sheet = (
        f'<worksheet xmlns="{S}"><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="C1"><v>12</v></c></row>'
        '<row><c r="A2" t="inlineStr"><is><t>Ana</t></is></c><c r="B2" t="b"><v>1</v></c></row></sheetData></worksheet>'
    )
    strings = f'<sst xmlns="{S}"><si><t>Name</t></si></sst>'
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": strings,
        }
    )


def claiming_less(data, size):
    """The archive with every note of `size` bytes replaced by one of 50,000."""
    return data.replace(size.to_bytes(4, "little"), (50_000).to_bytes(4, "little"))


def with_object_stream(inside):
    packed_objects = zlib.compress(inside)
    stream = b"5 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>stream\n" + packed_objects + b"\nendstream\nendobj\n"
    return PDF.replace(b"trailer", stream + b"trailer")


ACTION = b"<</S/JavaScript/JS(app.alert(1))>>"
BIG = 40 * MEGABYTE


def look(data, name, **kwargs):
    return inspect_upload(BytesIO(data), name, **kwargs)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (PDF, "Minutes.PDF", "application/pdf"),
        (PNG, "poster.png", "image/png"),
        (docx(), "policy.docx", KINDS[".docx"]),
        (xlsx(), "log.xlsx", KINDS[".xlsx"]),
        ("Cafés\n".encode(), "notes.txt", "text/plain"),
        ("Cafés\n".encode("cp1252"), "survey.csv", "text/csv"),
        (packed({"mimetype": KINDS[".odt"], "content.xml": "<a/>"}), "plan.odt", KINDS[".odt"]),
    ],
)
def test_what_providers_keep_is_taken_and_measured(data, name, media_type):
    found = look(data, name)
    assert (found.media_type, found.size, found.sha256) == (media_type, len(data), sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "empty.pdf", "is empty"),
        (b"MZ\x90\x00" + b"\x00" * 100, "invoice.pdf", "not what its ending says"),
        (b"\x7fELF" + b"\x00" * 100, "policy.pdf", "not what its ending says"),
        (b"\x7fELF" + b"\x01" * 100, "notes.txt", "not what its ending says"),
        (b"MZ\x90\x01", "table.csv", "not what its ending says"),
        (PDF, "photo.png", "not what its ending says"),
        (PNG, "photo.docx", "not what its ending says"),
        (docx(), "log.xlsx", "not what its ending says"),
        (b"MZ", "setup.exe", "not a kind of file"),
        (b"<svg/>", "logo.svg", "not a kind of file"),
        (b"<html>", "page.html", "not a kind of file"),
        (docx(), "policy.docm", "not a kind of file"),
        (PDF[:-6], "cut.pdf", "cut short"),
        (PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type"), "form.pdf", "could do harm"),
        (PDF.replace(b"/Type", ACTION.replace(b"Java", b"J#61va") + b"/Type"), "escaped.pdf", "could do harm"),
        (with_object_stream(ACTION), "packed.pdf", "could do harm"),
        (PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), "locked.pdf", "locked with a password"),
        (PDF.replace(b"%%", b"/Encrypt 2 0 R" + b"x" * 9000 + b"%%"), "locked-early.pdf", "locked with a password"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old.docx", "locked with a password or in an old format"),
        (docx(**{"word/vbaProject.bin": b"macro"}), "report.docx", "holds macros"),
        (b"PK\x03\x04 broken", "broken.docx", "damaged"),
        (docx(**{"word/media/zeros": b"\x00" * (30 * MEGABYTE)}), "bomb.docx", "far more than it should"),
        (claiming_less(docx(**{"word/zeros": b"\x00" * BIG}), BIG), "lying.docx", "damaged"),
        (packed({"[Content_Types].xml": "<Types/>"}, zipfile.ZIP_BZIP2), "bzip.docx", "damaged"),
        (docx(**{f"x/{n}": "" for n in range(5_001)}), "many.docx", "far more than it should"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_could_do_harm_is_refused_with_what_to_do(data, name, why):
    with pytest.raises(Refused, match=why) as refusal:
        look(data, name)
    assert name in str(refusal.value)


def test_chance_bytes_of_a_scan_are_no_script():
    scan = Random(7).randbytes(1000) + b"/JS(" + Random(8).randbytes(1000)
    image = b"4 0 obj\n<</Subtype/Image>>stream\n" + scan + b"\nendstream\nendobj\n"
    assert look(PDF.replace(b"trailer", image + b"trailer"), "scan.pdf").media_type == "application/pdf"


def test_a_part_that_claims_to_be_small_is_not_unpacked_whole_to_be_shown():
    document = b"<d>" + b" " * BIG + b"</d>"
    data = claiming_less(packed({"word/document.xml": document}), len(document))
    tracemalloc.start()
    try:
        kind = preview(BytesIO(data), KINDS[".docx"]).kind
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kind == "none"
    assert most < 10 * MEGABYTE


def test_one_row_of_endless_cells_is_shown_as_far_as_the_table_goes():
    cells = "<c><v>1</v></c>" * 20_000
    sheet = f'<worksheet xmlns="{S}"><sheetData><row>{cells}</row></sheetData></worksheet>'
    shown = preview(BytesIO(packed({"xl/worksheets/sheet1.xml": sheet})), KINDS[".xlsx"])
    assert shown.rows == (("1",) * 30,)


def test_a_long_text_cut_inside_a_letter_still_reads_right():
    shown = preview(BytesIO(b"a" + "é".encode() * 500_000), "text/plain")
    assert shown.cut
    assert shown.text[:3] == "aéé"


def test_a_file_over_the_limit_is_refused_before_it_is_looked_into():
    with pytest.raises(Refused, match="larger than 1 MB"):
        look(PDF + b"\x00" * MEGABYTE, "scan.pdf", limit=MEGABYTE)


def test_a_name_cannot_lead_elsewhere_or_lie_about_its_ending():
    assert safe_filename("..\\..\\etc/passwd.txt") == "passwd.txt"
    assert safe_filename("in\u202evoice\x00.pdf") == "invoice.pdf"
    assert safe_filename("...") == "file"
    assert len(safe_filename("a" * 400 + ".pdf")) == 154


def test_a_word_document_is_read_as_text():
    shown = preview(
        BytesIO(docx("<w:p><w:r><w:t>One</w:t></w:r></w:p><w:p><w:r><w:t>Two</w:t></w:r></w:p>")), KINDS[".docx"]
    )
    assert (shown.kind, shown.text) == ("text", "One\nTwo")


def test_a_workbook_is_read_as_a_table_with_its_gaps():
    shown = preview(BytesIO(xlsx()), KINDS[".xlsx"])
    assert shown.rows == (("Name", "", "12"), ("Ana", "Yes"))


def test_a_table_is_cut_where_it_grows_too_long_and_says_so():
    shown = preview(BytesIO(b"a,b\n" * 600), "text/csv")
    assert len(shown.rows) == 500
    assert shown.cut


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE d [<!ENTITY a "ha">]><d>&a;</d>'
    data = packed({"[Content_Types].xml": "<Types/>", "word/document.xml": bomb})
    assert preview(BytesIO(data), KINDS[".docx"]).kind == "none"
