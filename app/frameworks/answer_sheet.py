"""The workbook in which a provider answers offline: what is asked, a list to choose from, room for reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.answer_sheet import Base, fingerprint
from app.domain.answer_words import choices, understood, written
from app.domain.applicability import Asked
from app.domain.errors import Invalid
from app.domain.framework import Criterion, Framework
from app.domain.self_assessment import LONGEST_REASON, Claim
from app.frameworks.in_words import InWords
from app.frameworks.workbooks import FAINT, LABEL, LINE, SOFT_FILL, TITLE, as_bytes, page_set_up, put, write_table

INSTRUCTIONS, ANSWERS, LISTS, META = "Instructions", "Answers", "Lists", "Meta"
CODE, ANSWER, REASON = "Code", "Answer", "Your reason"
HEADS = (
    (CODE, 12.0),
    ("What is asked", 46.0),
    ("Guidance and what the answers mean", 60.0),
    (ANSWER, 24.0),
    (REASON, 60.0),
    ("Evidence asked for", 40.0),
    ("Part", 30.0),
)
ANSWER_COLUMN, REASON_COLUMN = 4, 5
FORMAT = "touchstone-answers-1"
OPEN = Protection(locked=False)


@dataclass(frozen=True)
class AnswerBook:
    """All that stands in the workbook of one application. `claims` maps a criterion's code to its claim and version.

    `reviews` maps the codes of answers that were carried over to why they must be looked at again.
    """

    application_id: int
    sha256: str
    framework: Framework
    organisation: str
    asked: tuple[Asked, ...]
    claims: dict[str, tuple[Claim, int]]
    made_at: datetime
    reviews: Mapping[str, str] = field(default_factory=dict)

    def claim(self, criterion: Criterion) -> tuple[Claim, int]:
        return self.claims.get(criterion.code, (Claim(), 0))


def answer_workbook(book: AnswerBook, language: str = "en") -> bytes:
    """The workbook as XLSX, its texts in `language`."""
    words = InWords(book.framework, language)
    made = Workbook()
    first = made.active
    assert isinstance(first, Worksheet)
    first.title = INSTRUCTIONS
    _answers(made.create_sheet(ANSWERS), made.create_sheet(LISTS), words, book)
    _meta(made.create_sheet(META), book, language)
    _instructions(first, words, book)
    made.active = 1
    return as_bytes(made, f"Answers: {words.say(book.framework.title)} {book.framework.edition}", language)


def _answers(sheet: Worksheet, lists: Worksheet, words: InWords, book: AnswerBook) -> None:
    rows = [_row(words, each, book) for each in book.asked]
    write_table(sheet, HEADS, rows)
    sheet.freeze_panes = sheet.cell(2, 3)
    for row in range(2, len(rows) + 2):
        for column in (ANSWER_COLUMN, REASON_COLUMN):
            cell = sheet.cell(row, column)
            cell.protection, cell.fill, cell.number_format = OPEN, SOFT_FILL, "@"
    _offer(sheet, lists, [each.criterion for each in book.asked], words.language)
    lists.sheet_state = "hidden"
    # No password: it keeps a slip of the hand from a code, and hides nothing from anybody.
    sheet.protection.enable()
    for freedom in ("autoFilter", "formatColumns", "formatRows", "formatCells"):
        setattr(sheet.protection, freedom, False)


def _row(words: InWords, asked: Asked, book: AnswerBook) -> Sequence[str]:
    criterion = asked.criterion
    claim, _ = book.claim(criterion)
    review = book.reviews.get(criterion.code, "")
    evidence = [f"• {words.evidence(ask)}" for ask in asked.evidence]
    return (
        criterion.code,
        "\n".join(part for part in (words.say(criterion.title), words.say(criterion.text)) if part),
        "\n\n".join([*([f"Look at this again: {review}"] if review else []), *_guidance(words, criterion)]),
        written(criterion, claim, words.language),
        claim.reason,
        "\n".join([*evidence, asked.lighter_because]).strip(),
        words.trail(criterion),
    )


def _guidance(words: InWords, criterion: Criterion) -> Iterator[str]:
    if criterion.why:
        yield f"Why it matters: {words.say(criterion.why)}"
    yield from words.paragraphs(criterion.guidance)
    if criterion.prompts:
        yield "\n".join(["What to look for:", *(f"• {words.say(prompt)}" for prompt in criterion.prompts)])
    anchors = [
        " ".join(part for part in (value, label) if part) + f": {anchor}"
        for value, label, anchor in words.points(criterion.scale)
        if anchor
    ]
    if anchors:
        yield "\n".join(anchors)
    counts = " ".join(words.counts(criterion))
    if counts:
        yield counts


def _offer(sheet: Worksheet, lists: Worksheet, criteria: Sequence[Criterion], language: str) -> None:
    """Give every answer a list to choose from. Each list of choices stands once, in a column of the hidden sheet."""
    places: dict[tuple[str, ...], list[str]] = {}
    for row, criterion in enumerate(criteria, 2):
        cell = f"{get_column_letter(ANSWER_COLUMN)}{row}"
        if criterion.scale.span is None:
            places.setdefault(choices(criterion, language), []).append(cell)
        else:
            _number(sheet, criterion, cell)
    for column, (offered, cells) in enumerate(places.items(), 1):
        for row, choice in enumerate(offered, 1):
            put(lists, row, column, choice)
        letter = get_column_letter(column)
        listed = DataValidation("list", formula1=f"{LISTS}!${letter}$1:${letter}${len(offered)}", allow_blank=True)
        listed.error, listed.errorTitle, listed.showErrorMessage = "Choose one of the list.", ANSWER, True
        for cell in cells:
            listed.add(cell)
        sheet.add_data_validation(listed)
    longest = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(LONGEST_REASON))
    longest.error, longest.errorTitle = f"A reason may have at most {LONGEST_REASON:,} characters.", REASON
    longest.showErrorMessage = True
    if criteria:
        letter = get_column_letter(REASON_COLUMN)
        longest.add(f"{letter}2:{letter}{len(criteria) + 1}")
        sheet.add_data_validation(longest)


def _number(sheet: Worksheet, criterion: Criterion, cell: str) -> None:
    scale = criterion.scale
    low, high = scale.said(scale.minimum), scale.said(scale.maximum)
    hint = DataValidation(promptTitle=ANSWER, prompt=f"A whole number from {low} to {high}.", showInputMessage=True)
    if not choices(criterion):
        hint.type, hint.operator, hint.showErrorMessage = "whole", "between", True
        hint.formula1, hint.formula2 = str(scale.minimum), str(scale.maximum)
        hint.error = f"Type a whole number from {low} to {high}."
        sheet[cell].number_format = "General"
        value = sheet[cell].value
        if value is not None:
            sheet[cell].value = int(value)
    hint.add(cell)
    sheet.add_data_validation(hint)


def _meta(sheet: Worksheet, book: AnswerBook, language: str) -> None:
    """What is needed to take the answers back: whose they are, and each as it was."""
    rows: list[tuple[str, str | int, str]] = [
        (FORMAT, "", ""),
        ("application", book.application_id, ""),
        ("edition", book.sha256, ""),
        ("made", book.made_at.isoformat(), ""),
        ("language", language, ""),
    ]
    for each in book.asked:
        claim, version = book.claim(each.criterion)
        base = Base(version, fingerprint(_as_it_reads(each.criterion, claim, language)))
        rows.append((f"answer {each.criterion.code}", base.version, base.fingerprint))
    for place, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            put(sheet, place, column, value)
    sheet.sheet_state = "veryHidden"


def _as_it_reads(criterion: Criterion, claim: Claim, language: str) -> Claim:
    """The claim as it will be understood where nobody touches its row, which is what a touch is told by."""
    try:
        return understood(criterion, written(criterion, claim, language), claim.reason)
    except Invalid:
        return claim


def _instructions(sheet: Worksheet, words: InWords, book: AnswerBook) -> None:
    framework = book.framework
    put(sheet, 1, 1, f"{words.say(framework.title)} {framework.edition}: your answers", font=TITLE)
    put(sheet, 2, 1, f"For {book.organisation}. Downloaded on {in_full(book.made_at)}.", font=FAINT)
    steps = (
        ("How to fill it in", ""),
        ("1", f"Go to the sheet “{ANSWERS}”. Each row is one thing that is asked."),
        ("2", f"Choose an answer from the list in the column “{ANSWER}”, and say why in the column “{REASON}”."),
        ("3", "Where the list offers “Not applicable”, you may choose it. Say why it does not apply to you."),
        ("4", "You need not finish. A row may stay empty, or have an answer without a reason for now."),
        ("5", "Save the file as an Excel workbook (.xlsx) and bring it back on the page where you downloaded it."),
        ("Good to know", ""),
        ("•", "Nothing is changed before you have seen, cell by cell, what would change, and have agreed to it."),
        ("•", "You may go on answering online. Where both changed, you choose which answer to keep."),
        ("•", "Evidence is attached online, on the page of each criterion."),
        (
            "•",
            "Type or paste plain text. Formulas are not read. You may filter the rows; leave their codes as they are.",
        ),
        ("•", "The file belongs to this application alone. It cannot be used for another one."),
    )
    for place, (mark, sentence) in enumerate(steps, 4):
        put(sheet, place, 1, mark if sentence else "")
        put(sheet, place, 2, sentence or mark, font=None if sentence else LABEL, border=None if sentence else LINE)
    if words.missing:
        put(sheet, len(steps) + 5, 2, words.missing, font=FAINT)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 5, 100
    for row in (1, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
    page_set_up(sheet, "portrait")


def in_full(moment: datetime) -> str:
    """31 March 2029."""
    return f"{moment.day} {moment:%B %Y}"
