"""Answers from a spreadsheet: how a cell is understood, and what three states of an answer come to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer_sheet import AnswerFile, Base, Keep, Kind, SheetRow, Standing, fingerprint, plan, settled
from app.domain.answer_words import choices, understood, written
from app.domain.errors import Invalid
from app.domain.framework import NotApplicableRule, Point, Scale, ScaleKind, Span
from app.domain.self_assessment import NO_CLAIM, Claim
from app.domain.wording import Text
from tests.unit.domain.frameworks import STEPS, criterion

PERCENT = Scale("percent", (), kind=ScaleKind.RANGE, span=Span(0, 100, 5, "%"))
WORDS = Scale(
    "words",
    (Point(0, Text((("en", "Not met"), ("cy", "Heb ei fodloni"))), code="no"), Point(1, Text.plain("Met"), code="yes")),
    kind=ScaleKind.WORDS,
)
TWINS = Scale("twins", tuple(Point(value, Text.plain("Partly" if value else "No")) for value in range(3)))
PERCENT_OR_NOT = replace(PERCENT, not_applicable=NotApplicableRule.WITH_REASON)
SCALES = (STEPS, PERCENT, WORDS, TWINS, PERCENT_OR_NOT)


@pytest.mark.parametrize(
    ("scale", "words", "point"),
    [
        (STEPS, "2 Step 2", 2),
        (STEPS, " step   2 ", 2),
        (STEPS, "2", 2),
        (STEPS, "", None),
        (PERCENT, "45", 45),
        (PERCENT, "45 %", 45),
        (WORDS, "met", 1),
        (WORDS, "heb ei fodloni", 0),
        (TWINS, "1 Partly", 1),
    ],
)
def test_an_answer_is_understood_however_people_type_it(scale, words, point):
    assert understood(criterion("A", scale=scale), words, " Why. ") == Claim(point, False, "Why.")


@pytest.mark.parametrize(
    ("scale", "words", "sentence"),
    [
        (STEPS, "Fully", "“Fully” is not one of 0 Step 0, 1 Step 1, 2 Step 2, 3 Step 3 or Not applicable."),
        (STEPS, "4", "“4” is not one of"),
        (PERCENT, "43", "“43” is not a whole number from 0 to 100, in steps of 5."),
        (PERCENT_OR_NOT, "lots", "“lots” is not a whole number from 0 to 100, in steps of 5, or Not applicable."),
        (WORDS, "1", "“1” is not one of Not met or Met."),
        (TWINS, "Partly", "“Partly” is not one of 0 No, 1 Partly or 2 Partly."),
        (WORDS, "n/a", "A cannot be marked as not applicable."),
        (STEPS, "x" * 5_000, f"“{'x' * 60}…” is not"),
    ],
)
def test_an_answer_that_is_not_on_the_scale_is_refused_with_what_is(scale, words, sentence):
    with pytest.raises(Invalid) as refusal:
        understood(criterion("A", scale=scale), words, "")
    assert refusal.value.errors["answer"].startswith(sentence)


@given(st.sampled_from(SCALES), st.data(), st.sampled_from(["en", "cy"]))
def test_every_answer_that_is_written_or_offered_is_understood_again(scale, data, language):
    asked = criterion("A", scale=scale)
    claim = Claim(data.draw(st.sampled_from(list(scale.values))), False, "Why.")
    assert understood(asked, written(asked, claim, language), claim.reason) == claim
    for offered in choices(asked, language):
        found = understood(asked, offered, "Why.")
        assert written(asked, found, language) == offered


MINE, THEIRS, BEFORE = Claim(3, False, "Mine"), Claim(1, False, "Theirs"), Claim(2, False, "Before")


def row(claim: Claim, code: str = "A", trouble=()) -> SheetRow:
    answer = "Not applicable" if claim.not_applicable else "" if claim.point is None else str(claim.point)
    return SheetRow(code, answer, claim.reason, "Answers!A2", "Answers!D2", "Answers!E2", trouble)


def found(mine: Claim, base: Base | None, online: Standing):
    asked = (criterion("A"),)
    return plan(AnswerFile((row(mine),), {"A": base} if base else {}), asked, asked, {"A": online})


BASE = Base(4, fingerprint(BEFORE))


@pytest.mark.parametrize(
    ("mine", "base", "online", "kind"),
    [
        (BEFORE, BASE, Standing(BEFORE, 4), Kind.SAME),
        (MINE, BASE, Standing(BEFORE, 4), Kind.CHANGE),
        (BEFORE, BASE, Standing(THEIRS, 5), Kind.CHANGED_ONLINE),
        (MINE, BASE, Standing(THEIRS, 5), Kind.CONFLICT),
        (THEIRS, BASE, Standing(THEIRS, 5), Kind.SAME),
        (NO_CLAIM, BASE, Standing(BEFORE, 4), Kind.CHANGE),
        (NO_CLAIM, BASE, Standing(THEIRS, 5), Kind.CONFLICT),
        (MINE, Base(0, fingerprint(NO_CLAIM)), Standing(), Kind.CHANGE),
        (MINE, None, Standing(), Kind.CHANGE),
        (MINE, None, Standing(THEIRS, 1), Kind.CONFLICT),
    ],
)
def test_what_the_file_changed_meets_what_was_changed_online(mine, base, online, kind):
    (line,) = found(mine, base, online).lines
    assert line.kind is kind
    assert line.empties == (kind in {Kind.CHANGE, Kind.CONFLICT} and mine == NO_CLAIM)


def test_a_conflict_is_settled_by_a_person_and_by_nothing_else():
    both = found(MINE, BASE, Standing(THEIRS, 5))
    for kept in ({}, {"A": ""}, {"A": "both"}):
        with pytest.raises(Invalid, match="Choose which answer to A to keep"):
            settled(both, kept)
    assert [line.mine for line in settled(both, {"A": Keep.MINE.value})] == [MINE]
    assert settled(both, {"A": Keep.THEIRS.value}) == ()


def test_agreeing_to_one_plan_is_agreeing_to_no_other():
    agreed = found(MINE, BASE, Standing(BEFORE, 4)).token
    assert agreed == found(MINE, BASE, Standing(BEFORE, 4)).token
    others = [(MINE, Standing(THEIRS, 5)), (Claim(3, False, "Mine!"), Standing(BEFORE, 4)), (MINE, Standing(THEIRS, 6))]
    assert len({agreed, *(found(mine, BASE, online).token for mine, online in others)}) == 4


def test_a_cell_that_could_not_be_read_is_a_problem_and_changes_nothing():
    trouble = (("Answers!D2", "This cell holds a formula."),)
    asked = (criterion("A"),)
    (line,) = plan(AnswerFile((row(MINE, trouble=trouble),), {"A": BASE}), asked, asked, {}).lines
    assert (line.kind, line.problems) == (Kind.PROBLEM, trouble)


def test_rows_that_answer_nothing_are_told_apart():
    every, asked = (criterion("A"), criterion("B")), (criterion("A"),)
    file = AnswerFile((row(MINE), row(THEIRS), row(MINE, "B"), row(MINE, "C")), {"A": BASE})
    result = plan(file, every, asked, {"A": Standing(BEFORE, 4)})
    assert [line.mine for line in result.lines] == [MINE]
    assert [sentence.split(".")[0] for _, sentence in result.strays] == [
        "A stands twice in the file",
        "B is not asked of your organisation, so there is nothing to answer",
        "“C” is not a criterion of this edition",
    ]


def test_a_file_can_be_kept_and_read_again():
    file = AnswerFile((row(MINE), row(THEIRS, "B", (("Answers!D3", "No."),))), {"A": BASE}, (("Answers!A9", "Stray."),))
    assert AnswerFile.from_data(json.loads(json.dumps(file.as_data()))) == file
