"""A framework as a spreadsheet: contents, every criterion in a row, scales, levels, rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.framework import Criterion, Extent, Framework, Node
from app.frameworks.in_words import InWords, language_name
from app.frameworks.outcome_in_words import level_rules, outcome_in_words
from app.frameworks.terms_in_words import terms_in_words
from app.frameworks.workbooks import LABEL, TITLE, as_bytes, finish, link, page_set_up, put, write_table

CONTENTS, CRITERIA, SCALES, LEVELS, RULES = "Contents", "Criteria", "Scales", "Levels", "Rules"
MOST_LINKS = 5
"""Links to learn from, each in a column of its own: a cell holds one link and no more."""

Value = str | int | float
Row = Sequence[Value]
Column = tuple[str, float, Callable[[InWords, Criterion], Value]]


def _guidance(words: InWords, criterion: Criterion) -> str:
    prompts = [f"• {words.say(prompt)}" for prompt in criterion.prompts]
    looked_for = "\n".join(["What to look for:", *prompts]) if prompts else ""
    return "\n\n".join(part for part in (*words.paragraphs(criterion.guidance), looked_for) if part)


def _points(words: InWords, criterion: Criterion) -> str:
    lines = [
        " ".join(part for part in (value, label) if part) + (f": {anchor}" if anchor else "")
        for value, label, anchor in words.points(criterion.scale)
    ]
    return "\n".join([*lines, *words.scale_rules(criterion.scale)])


def _evidence(words: InWords, criterion: Criterion) -> str:
    asks = [f"• {words.evidence(ask)}" for ask in criterion.evidence]
    return "\n".join([*asks, words.lighter(criterion)]).strip()


def _maps_to(_words: InWords, criterion: Criterion) -> str:
    return "\n".join(f"{each} ({'all' if each.extent is Extent.FULL else 'part'} of it)" for each in criterion.maps_to)


COLUMNS: tuple[Column, ...] = (
    ("Code", 12, lambda _, each: each.code),
    ("Where it stands", 26, lambda words, each: words.trail(each)),
    ("Title", 24, lambda words, each: words.say(each.title)),
    ("Text", 46, lambda words, each: words.say(each.text)),
    ("Why it matters", 38, lambda words, each: words.say(each.why)),
    ("Guidance", 60, _guidance),
    ("Scale", 20, lambda words, each: words.scale_title(each.scale)),
    ("Points", 50, _points),
    ("Counts from", 13, lambda words, each: words.level(each.level) if words.framework.levels else ""),
    ("What it must reach", 26, lambda words, each: words.required(each)),
    ("Weight", 9, lambda _, each: int(each.weight) if each.weight.denominator == 1 else float(each.weight)),
    ("Who is asked", 34, lambda words, each: words.asked(each)),
    ("Evidence", 44, _evidence),
    ("Maps to", 24, _maps_to),
    ("Was", 12, lambda _, each: ", ".join(each.was)),
)


def workbook(framework: Framework, language: str = "en", sha256: str = "") -> bytes:
    """The framework as XLSX in one language. `sha256` is that of the edition's source. The same edition, the same bytes."""
    book, words = Workbook(), InWords(framework, language)
    contents = book.active
    assert isinstance(contents, Worksheet)
    contents.title = CONTENTS
    rows = _criteria(book.create_sheet(CRITERIA), words)
    _scales(book.create_sheet(SCALES), words)
    _levels(book.create_sheet(LEVELS), words)
    _rules(book.create_sheet(RULES), words)
    _contents(contents, words, rows, sha256)
    return as_bytes(book, f"{words.say(framework.title)} {framework.edition}", language)


def _criteria(sheet: Worksheet, words: InWords) -> dict[str, int]:
    """Write every criterion in its row. Returns the row of each by its code."""
    criteria = words.framework.criteria
    most = min(MOST_LINKS, max((len(each.learn) for each in criteria), default=0))
    heads = [(title, width) for title, width, _ in COLUMNS]
    heads += [(f"Learn more {place}" if most > 1 else "Learn more", 30.0) for place in range(1, most + 1)]
    write_table(sheet, heads, [[make(words, each) for *_, make in COLUMNS] for each in criteria])
    for row, criterion in enumerate(criteria, 2):
        for column, each in enumerate(criterion.learn[:most], len(COLUMNS) + 1):
            link(put(sheet, row, column, words.say(each.title)), each.url)
    finish(sheet, len(heads), len(criteria) + 1)
    return {criterion.code: row for row, criterion in enumerate(criteria, 2)}


def _scales(sheet: Worksheet, words: InWords) -> None:
    rows: list[Row] = []
    for scale in words.framework.scales.values():
        title, rules = words.scale_title(scale), " ".join(words.scale_rules(scale))
        points = words.points(scale) or (("", "", ""),)
        rows += [(title, value and int(value), label, anchor, rules) for value, label, anchor in points]
    heads = [("Scale", 26.0), ("Point", 8.0), ("Name", 28.0), ("What it means", 70.0), ("Rules of the scale", 44.0)]
    write_table(sheet, heads, rows)


def _levels(sheet: Worksheet, words: InWords) -> None:
    rows = [
        (level.rank + 1, words.say(level.title), level_rules(words, level), words.say(level.summary))
        for level in words.framework.levels
    ]
    write_table(sheet, [("Rank", 8.0), ("Level", 24.0), ("What it needs", 34.0), ("What it stands for", 80.0)], rows)


def _rules(sheet: Worksheet, words: InWords) -> None:
    rows = [(place, "How the outcome is worked out", each) for place, each in enumerate(outcome_in_words(words), 1)]
    rows += [(len(rows) + place, "Award and assessment", each) for place, each in enumerate(terms_in_words(words), 1)]
    write_table(sheet, [("No.", 8.0), ("About", 30.0), ("Rule", 110.0)], rows)


def _contents(sheet: Worksheet, words: InWords, rows: dict[str, int], sha256: str) -> None:
    framework = words.framework
    put(sheet, 1, 1, words.say(framework.title), font=TITLE)
    about = [
        ("Edition", framework.edition),
        ("Language", language_name(words.language)),
        ("Fingerprint (SHA-256)", sha256),
        ("About", "\n\n".join(words.paragraphs(framework.summary))),
    ]
    place = 2
    for label, value in about:
        if value:
            put(sheet, place, 1, label, font=LABEL)
            put(sheet, place, 3, value)
            place += 1
    place = _sheets(sheet, place + 1)
    for node, depth in _nodes(framework.roots, 0):
        if node.all_criteria:
            first = rows[node.all_criteria[0].code]
            link(put(sheet, place, 1, "  " * depth + node.code), f"#'{CRITERIA}'!A{first}")
            put(sheet, place, 2, len(node.all_criteria))
            put(sheet, place, 3, words.say(node.title), font=LABEL if depth == 0 else None)
            place += 1
    if words.missing:  # asked last, when all has been said
        put(sheet, place + 1, 3, words.missing)
    for column, width in zip("ABC", (26, 12, 100), strict=True):
        sheet.column_dimensions[column].width = width
    page_set_up(sheet, "portrait")


def _sheets(sheet: Worksheet, place: int) -> int:
    about = {
        CRITERIA: "Everything that is asked, one criterion in a row",
        SCALES: "What can be answered and scored",
        LEVELS: "What can be awarded",
        RULES: "How the outcome is worked out, and the terms of the award",
    }
    for name, words in about.items():
        link(put(sheet, place, 1, name), f"#'{name}'!A1")
        put(sheet, place, 3, words)
        place += 1
    for column, words in enumerate(("Part", "Criteria", "Title"), 1):
        put(sheet, place + 1, column, words, font=LABEL)
    return place + 2


def _nodes(nodes: Sequence[Node], depth: int) -> list[tuple[Node, int]]:
    found: list[tuple[Node, int]] = []
    for node in nodes:
        found += [(node, depth), *_nodes(node.children, depth + 1)]
    return found
