"""A framework as a spreadsheet: all of it, in each language, with texts that stay texts."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from functools import partial
from html import unescape
from io import BytesIO
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook

from app.domain.applicability import asked
from app.domain.self_assessment import Claim
from app.frameworks import load, read
from app.frameworks.answer_reading import NotReadable, read_answers
from app.frameworks.answer_sheet import AnswerBook, answer_workbook
from app.frameworks.schemes import STANDARDS
from app.frameworks.xlsx import workbook
from tests.factories import SMALL_FRAMEWORK

FLAGSHIP = load(STANDARDS / "community-care-mark" / "2026.yaml")
SHA = "0123456789abcdef" * 4


def opened(framework, language="en"):
    return load_workbook(BytesIO(workbook(framework, language, SHA)))


def rows_of(sheet) -> list[dict]:
    heads = [cell.value for cell in sheet[1]]
    return [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]


def test_every_criterion_stands_in_a_row_with_all_that_is_said_of_it():
    book = opened(FLAGSHIP)
    rows = rows_of(book["Criteria"])
    assert [row["Code"] for row in rows] == [criterion.code for criterion in FLAGSHIP.criteria]
    for row, criterion in zip(rows, FLAGSHIP.criteria, strict=True):
        assert (row["Title"], row["Text"], row["Why it matters"]) == tuple(
            map(str, (criterion.title, criterion.text, criterion.why))
        )
        assert all(str(ask.title) in row["Evidence"] for ask in criterion.evidence)
        assert all(str(link) in (row["Maps to"] or "") for link in criterion.maps_to)
        assert all(str(point.anchor) in row["Points"] for point in criterion.scale.points)
    assert rows[0]["Where it stands"] == "GOV Governance and money › GOV.1 A lawful and accountable organisation"
    assert rows[0]["What it must reach"] == "2 In place or better for Bronze and above"
    assert [row["Level"] for row in rows_of(book["Levels"])] == ["Bronze", "Silver", "Gold"]
    assert any("Scores" in rule or "average" in rule for rule in (row["Rule"] for row in rows_of(book["Rules"])))


def test_heads_stay_in_sight_links_lead_somewhere_and_pages_are_set_up_to_print():
    book = opened(FLAGSHIP)
    sheet = book["Criteria"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:Q72", "$1:$1")
    assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
    learn = next(each for each in FLAGSHIP.criteria if each.learn).learn[0]
    links = {cell.value: cell.hyperlink for row in sheet.iter_rows(min_row=2) for cell in row if cell.hyperlink}
    assert links[str(learn.title)].target == learn.url
    contents = {row[0].value: row[0].hyperlink for row in book["Contents"].iter_rows() if row[0].hyperlink}
    place = contents["  GOV.2"].location
    assert sheet[place.split("!")[1]].value == "GOV.2.1"


def test_a_text_that_looks_like_a_formula_stays_a_text():
    dangerous = ["=1+1", "+44 20 7946 0000", "-1 is too low", "@SUM(A1)", "=HYPERLINK(A1)"]
    for text in dangerous:
        framework = read(SMALL_FRAMEWORK.replace("Trustees know their duties", f'"{text}"'), "small.yaml")
        cell = opened(framework)["Criteria"]["C3"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_texts_that_no_cell_can_hold_are_cut_openly_and_signs_that_break_files_are_left_out():
    framework = read(SMALL_FRAMEWORK.replace("Decisions need a record.", '"' + "long " * 8_000 + '\\a"'), "small.yaml")
    text = opened(framework)["Criteria"]["E2"].value
    assert len(text) == 32_767 and text.endswith("(cut here: a cell holds no more)")


def test_each_language_is_written_and_what_is_missing_in_it_is_said():
    source = SMALL_FRAMEWORK.replace("title: Governance", "title: {en: Governance, cy: Llywodraethu}")
    framework = read(source, "small.yaml")
    welsh, english = opened(framework, "cy"), opened(framework)
    assert "Llywodraethu" in welsh["Criteria"]["B2"].value and "Governance" in english["Criteria"]["B2"].value
    said = [cell.value for cell in welsh["Contents"]["C"] if cell.value]
    assert "not there in Welsh yet and shown in English." in said[-1]
    assert "not there" not in str([cell.value for cell in english["Contents"]["C"]])


def test_a_language_that_is_written_from_the_right_begins_at_the_right():
    framework = read(
        SMALL_FRAMEWORK.replace("title: Small Mark", "title: {en: Small Mark, ur: چھوٹا نشان}"), "small.yaml"
    )
    assert all(sheet.sheet_view.rightToLeft for sheet in opened(framework, "ur"))
    assert not any(sheet.sheet_view.rightToLeft for sheet in opened(framework))


def test_the_same_edition_always_gives_the_same_bytes(monkeypatch):
    first = workbook(FLAGSHIP, "en", SHA)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2031, 1, 2, tzinfo=tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    assert workbook(FLAGSHIP, "en", SHA) == first


SHARED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def in_two(text: str) -> tuple[str, str]:
    """A text of a sheet as two runs, cut between characters and never inside the name of one."""
    if "&e8;" in text:  # ours, not one that the writer made
        return text[:3], text[3:]
    plain = unescape(text)
    return escape(plain[:3]), escape(plain[3:])


def with_shared_texts(data: bytes, head: str = "") -> BytesIO:
    """The same workbook with its texts in one table, cut into runs, as office programs save them."""
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(match[2].replace("&amp;e8;", "&e8;") if head else match[2])
        return f'<c{match[1]} t="s"><v>{len(texts) - 1}</v></c>'

    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w") as saved:
        for name in source.namelist():
            part = source.read(name).decode()
            if name.startswith("xl/worksheets/"):
                part = re.sub(r'<c([^>]*) t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', share, part, flags=re.DOTALL)
            part = (
                part.replace(
                    "</Relationships>",
                    f'<Relationship Id="rId99" Type="{SHARED}" Target="sharedStrings.xml"/></Relationships>',
                )
                if name == "xl/_rels/workbook.xml.rels"
                else part
            )
            part = part.replace(
                "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}"/></Types>'
            )
            saved.writestr(name, part)
        runs = "".join(
            f'<si><r><t xml:space="preserve">{one}</t></r><r><t xml:space="preserve">{other}</t></r></si>'
            for one, other in map(in_two, texts)
        )
        saved.writestr("xl/sharedStrings.xml", f'<?xml version="1.0"?>{head}<sst xmlns="{MAIN}">{runs}</sst>')
    target.seek(0)
    return target


RANGED = """
  share: {range: {from: 0, to: 100, unit: "%"}, not_applicable: never}
  judged: {words: {not-met: Not met, met: Met}}
facts:"""


@pytest.fixture
def answers():
    """The workbook of a framework with a scale of every kind, opened to be filled in."""
    source = SMALL_FRAMEWORK.replace("\nfacts:", RANGED, 1)
    head, _, tail = source.partition("scale: fulfilment\n            required: 2")
    framework = read(head + "scale: share" + tail, "small.yaml")
    book = AnswerBook(7, SHA, framework, "Provider", asked(framework, {}), {}, datetime(2026, 11, 16, tzinfo=UTC))
    return load_workbook(BytesIO(answer_workbook(book)))


def read_back(book):
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return {row.code: row for row in read_answers(file).file.rows}


def test_numbers_and_shares_are_read_as_people_see_them(answers):
    sheet = answers["Answers"]
    sheet["D4"], sheet["D4"].number_format = 0.45, "0%"
    sheet["D2"], sheet["D3"] = 2.0, True
    sheet["E2"], sheet["E3"] = datetime(2026, 3, 31), 12.5  # noqa: DTZ001
    rows = read_back(answers)
    assert (rows["SAFE.1.1"].answer, rows["GOV.1.1"].answer, rows["GOV.1.2"].answer) == ("45", "2", "Yes")
    assert (rows["GOV.1.1"].reason, rows["GOV.1.2"].reason) == ("31 March 2026", "12.5")


def test_a_number_of_a_range_is_asked_for_as_a_number(answers):
    rule = next(each for each in answers["Answers"].data_validations.dataValidation if "D4" in each.sqref)
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "100")


def test_errors_and_formulas_in_cells_are_named_with_their_place(answers):
    sheet = answers["Answers"]
    sheet["D2"], sheet["E2"], sheet["D3"] = "=1+1", "#REF!", "=A1"
    rows = read_back(answers)
    assert [cell for cell, _ in rows["GOV.1.1"].trouble] == ["Answers!D2", "Answers!E2"]
    assert "formula" in rows["GOV.1.2"].trouble[0][1]


def test_columns_may_stand_in_another_order_and_others_beside_them(answers):
    sheet = answers["Answers"]
    sheet.insert_cols(1)
    sheet["B1"].value, sheet["E2"].value = "Code", "1 Started"
    rows = read_back(answers)
    assert (rows["GOV.1.1"].answer, rows["GOV.1.1"].answer_cell) == ("1 Started", "Answers!E2")


def test_a_workbook_whose_texts_stand_in_one_table_is_read_as_well(answers):
    answers["Answers"]["D2"], answers["Answers"]["E2"] = "1 Started", "In two runs, with  spaces"
    file = BytesIO()
    answers.save(file)
    row = read_answers(with_shared_texts(file.getvalue())).file.rows[0]
    assert (row.code, row.answer, row.reason) == ("GOV.1.1", "1 Started", "In two runs, with  spaces")


def test_texts_that_would_grow_without_end_are_refused(answers):
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<!DOCTYPE sst [<!ENTITY e0 "{"x" * 100}">{grown}]>'
    answers["Answers"]["D2"] = "ABC&e8;"
    file = BytesIO()
    answers.save(file)
    with pytest.raises(NotReadable, match="cannot be read") as refusal:
        read_answers(with_shared_texts(file.getvalue(), head))
    assert "amplification" in str(refusal.value.__cause__)


@pytest.mark.parametrize("lost", ["Answers", "Meta"])
def test_a_workbook_without_its_own_sheets_is_refused(answers, lost):
    del answers[lost]
    with pytest.raises(NotReadable, match="not a file of answers"):
        read_back(answers)


def test_a_workbook_whose_parts_are_damaged_is_refused(answers):
    file, broken = BytesIO(), BytesIO()
    answers.save(file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            cut = name.endswith("sheet2.xml")
            target.writestr(name, source.read(name)[: 400 if cut else None])
    broken.seek(0)
    with pytest.raises(NotReadable, match="cannot be read"):
        read_answers(broken)


def test_a_text_of_the_format_itself_is_given_back_as_it_was_written():
    framework = read(SMALL_FRAMEWORK, "small.yaml")
    make = partial(AnswerBook, 7, SHA, framework, "Provider", asked(framework, {}))
    reasons = ["_x000D_ and _x005F_", "=1+1", "'quoted", "two\nlines", "  ", "\U0001f44d tŷ"]
    for reason in reasons:
        book = make({"GOV.1.1": (Claim(2, False, reason), 1)}, datetime(2026, 11, 16, tzinfo=UTC))
        file = BytesIO(answer_workbook(book))
        row = read_answers(file).file.rows[0]
        assert (row.reason.strip(), row.trouble) == (reason.strip(), ())
