"""The language of a report's template, changes word by word, working days, and fingerprints."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.report import Content, Grid, Part, Passage, fingerprint, passages_data, passages_from, runs
from app.domain.report_template import NAMES, filled, read_template
from app.domain.word_changes import IN, OUT, word_changes
from app.domain.working_days import after_working_days


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("# T\n\n{provder}", 3, "Did you mean {provider}?"),
        ("# T\n\n[score by standards]", 3, "Did you mean [scores by standard]?"),
        ("# T\n\n{{ provider }}", 3, "Write a name as {provider}"),
        ("# T\n\n{% for each in standards %}", 3, "There is nothing called {% for each in standards %}."),
        ("Words first", 1, "needs a title"),
        ("# T\n\nWords\n\n# U\n\nWords", 5, "stands once, at the top"),
        ("# T\n\n## A\n\n## B\n\nWords", 3, "Nothing stands under the heading “A”."),
        ("# T\n\n### Deep\n\nWords", 3, "## and its words for a section"),
        ("# T", 1, "at least one paragraph"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(source, line, said):
    problems = read_template(source).problems
    assert [problem.line for problem in problems] == [line]
    assert said in problems[0].sentence


def test_a_template_becomes_paragraphs_with_their_headings():
    template = read_template("# Report: {provider}\r\n\r\n## One\r\nFirst line\nsecond line\n\nNext\n[ Findings ]\n")
    assert template.problems == ()
    assert [(each.heading, each.part, each.words) for each in template.paragraphs] == [
        ("One", Part.WORDS, "First line\nsecond line"),
        ("", Part.WORDS, "Next"),
        ("", Part.FINDINGS, ""),
    ]


def test_what_is_put_in_for_a_name_is_not_read_again():
    names = dict.fromkeys(NAMES, "") | {"provider": "{scheme} {{ 7 * 7 }}", "scheme": "Mark"}
    assert filled("{Provider} of {scheme}", names) == "{scheme} {{ 7 * 7 }} of Mark"


@given(some.text(), some.text())
def test_taking_out_what_came_in_gives_the_text_before_and_the_other_way_round(before, after):
    pieces = word_changes(before, after)
    assert "".join(piece.words for piece in pieces if piece.mark != IN) == before
    assert "".join(piece.words for piece in pieces if piece.mark != OUT) == after


def test_one_changed_word_is_one_change():
    pieces = word_changes("They meet ten times a year.", "They meet twelve times a year.")
    assert [(piece.mark, piece.words) for piece in pieces] == [
        ("", "They meet "),
        ("out", "ten"),
        ("in", "twelve"),
        ("", " times a year."),
    ]


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday
        (date(2026, 11, 22), 10, date(2026, 12, 4)),  # a Sunday
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_working_days_leave_weekends_out(start, days, last):
    assert after_working_days(start, days) == last


def test_a_fingerprint_tells_apart_what_says_something_else_and_nothing_else():
    grid = Grid("Scores", ("Part", "Result"), (("GOV", "75%"),))
    passages = (Passage(1, Part.WORDS, "In short", Content("Words.")), Passage(3, Part.SCORES, "", Content(grid=grid)))
    again = passages_from(passages_data(passages))
    assert again == passages and fingerprint("Report", again) == fingerprint("Report", passages)
    other = Grid("Scores", ("Part", "Result"), (("GOV", "76%"),))
    changed = (passages[0], Passage(3, Part.SCORES, "", Content(grid=other)))
    assert fingerprint("Report", changed) != fingerprint("Report", passages) != fingerprint("Other", passages)


def test_lines_with_hyphens_are_one_list():
    assert [(run.lines, run.listed) for run in runs("Words.\n\n- one\n- two\nAfter.")] == [
        (("Words.",), False),
        (("one", "two"), True),
        (("After.",), False),
    ]
