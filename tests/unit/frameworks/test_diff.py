"""What changes between two editions: told in a manager's words, and nothing left untold."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import Any

import pytest

from app.domain.framework import Framework
from app.domain.wording import Text
from app.frameworks import load, read
from app.frameworks.diff import Kind, changes
from app.frameworks.schemes import STANDARDS
from tests.unit.frameworks.editions import edition
from tests.unit.frameworks.test_constructs import BANDS, COUNTED, JOINT, JUDGED, MODIFIED, RATED, source

OLD = edition()
Path = tuple[Any, ...]


def told(*edits: tuple[str, str]) -> dict[str, Kind]:
    return {change.sentence: change.kind for change in changes(OLD, edition(*edits))}


def mutants(value: Any) -> Iterator[tuple[Path, Any]]:
    """(where, the whole with that one place changed), for every field of everything below `value`."""
    if isinstance(value, Text):
        yield ("text",), Text((*value.by_language[:-1], ("en", f"{value} indeed")))
        yield ("language",), Text((*value.by_language, ("fr", "Autrement")))
    elif is_dataclass(value):
        for field in fields(value):
            for path, changed in mutants(getattr(value, field.name)):
                yield (f"{type(value).__name__}.{field.name}", *path), replace(value, **{field.name: changed})
    elif isinstance(value, Mapping):
        for key in value:
            yield (key, "dropped"), {code: each for code, each in value.items() if code != key}
            for path, changed in mutants(value[key]):
                yield (key, *path), {**value, key: changed}
    elif isinstance(value, tuple):
        yield from _rows(value)
    else:
        yield from _leaves(value)


def _rows(value: tuple[Any, ...]) -> Iterator[tuple[Path, Any]]:
    for place, each in enumerate(value):
        yield (place, "dropped"), value[:place] + value[place + 1 :]
        for path, changed in mutants(each):
            yield (place, *path), (*value[:place], changed, *value[place + 1 :])
    if len(value) > 1:
        yield ("reversed",), value[::-1]
    if not value:
        yield ("filled",), ("something",)


def _leaves(value: Any) -> Iterator[tuple[Path, Any]]:
    match value:
        case Enum():
            yield from (((other.value,), other) for other in type(value) if other is not value)
        case bool():
            yield (not value,), not value
        case int() | Fraction():
            yield ("raised",), value + 1
        case str():
            yield ("longer",), f"{value}x"


def _invalid(path: Path) -> bool:
    """Places where the changed value is of a kind that no file can bring about."""
    return "filled" in path and not path[-2].endswith((".was", ".languages"))


MUTANTS = {" ".join(map(str, path)): mutant for path, mutant in mutants(OLD) if not _invalid(path)}


def test_the_mutants_reach_every_part_of_a_framework():
    reached = " ".join(MUTANTS)
    for field in fields(Framework):
        assert f"Framework.{field.name}" in reached or not getattr(OLD, field.name), field.name
    assert len(MUTANTS) > 500


CONSTRUCTS = {
    "judged": source(JUDGED, "words"),
    "rated": source(f"{RATED}by: lowest"),
    "counted": source(COUNTED),
    "modified": source(MODIFIED + BANDS),
    "joint": source(JOINT),
}
PUBLISHED = {
    f"{path.parent.name}-{path.stem}": load(path)
    for path in sorted(STANDARDS.glob("*/*.yaml"))
    if path.parent.name != "lists" and path.stem not in {"scheme", "cases"}
}
OTHERS = {**{name: read(text, name) for name, text in CONSTRUCTS.items()}, **PUBLISHED}


@pytest.mark.parametrize("name", OTHERS)
def test_a_change_of_any_field_of_another_framework_is_told(name):
    """A handful of all the places, spread over the whole of it: the largest have tens of thousands."""
    whole = [(path, mutant) for path, mutant in mutants(OTHERS[name]) if not _invalid(path)]
    for path, mutant in whole[:: max(1, len(whole) // 150)]:
        assert changes(OTHERS[name], mutant), path
        assert changes(mutant, OTHERS[name]), path


@pytest.mark.parametrize("name", OTHERS)
def test_the_whole_of_one_framework_is_told_apart_from_the_whole_of_another(name):
    assert changes(OLD, OTHERS[name]) and changes(OTHERS[name], OLD)


@pytest.mark.parametrize("where", MUTANTS)
def test_a_change_of_any_field_is_told(where):
    found = changes(OLD, MUTANTS[where])
    assert found
    assert all(change.sentence.endswith((".", "?")) or change.kind in {Kind.ADDED, Kind.REMOVED} for change in found)
    assert changes(MUTANTS[where], OLD)


def test_the_same_words_in_another_file_are_no_change():
    assert changes(OLD, edition(("For small groups", "For small  groups"))) != ()
    assert (
        changes(
            OLD,
            edition(
                (
                    "summary: For small groups that help people at home.",
                    "summary: >-\n  For small groups that help\n  people at home.",
                )
            ),
        )
        == ()
    )


@pytest.mark.parametrize(
    ("edits", "sentence", "kind"),
    [
        ([("            weight: 2\n", "            weight: 3\n")], "GOV.1.1 weighs 3 instead of 2.", Kind.WEIGHT),
        ([("\n    weight: 2\n", "\n    weight: 3\n")], "GOV weighs 3 instead of 2.", Kind.WEIGHT),
        (
            [("required: 2\n", "required: 3\n")],
            "Bronze, Silver and Gold need at least 3 (“Embedded”) in GOV.1.1; before, at least 2 (“In place”).",
            Kind.REQUIRED,
        ),
        (
            [("required: {silver: 1, gold: 2}", "required: {silver: 1, gold: 3}")],
            "Gold needs at least 3 (“Embedded”) in GOV.1.2; before, at least 2 (“In place”).",
            Kind.REQUIRED,
        ),
        ([("level: gold\n", "level: silver\n")], "CARE.1.2 counts from Silver instead of Gold.", Kind.LEVEL),
        (
            [("applies: {staff: {at_least: 1}}", "applies: {staff: {at_least: 5}}")],
            "GOV.2.1 is asked when “Paid staff” is at least 5; before, when “Paid staff” is at least 1.",
            Kind.APPLIES,
        ),
        ([("from: 75%", "from: 70%")], "Silver starts at 70% instead of 75%.", Kind.CUT_OFF),
        (
            [("rounding: {mode: half-up, to: 1%}", "rounding: none")],
            "The result is not rounded; before, it was rounded half-up to 1%.",
            Kind.ROUNDING,
        ),
        ([("valid: 3 years", "valid: 2 years")], "An award is valid for 2 years instead of 3 years.", Kind.AWARD),
        ([("surveillance: 12", "surveillance: 6")], "An award: surveillance is due every 6 months instead of every 12 months.", Kind.AWARD),
        ([("quorum: 3", "quorum: 5")], "A panel needs 5 members instead of 3.", Kind.PANEL),
        (
            [("1: Started", "1: Begun")],
            "The scale “How far it is in place”, point 1: the label has new wording.",
            Kind.SCALE,
        ),
        (
            [("newest_within: 12 months", "newest_within: 6 months")],
            "GOV.1.1, evidence “Minutes of the last four meetings”: how old the newest may be is 6 months instead of "
            "12 months.",
            Kind.EVIDENCE,
        ),
    ],
)  # fmt: skip
def test_one_change_is_told_once_in_a_managers_words(edits, sentence, kind):
    assert told(*edits) == {sentence: kind}


def test_new_words_are_told_with_both_texts():
    (change,) = changes(OLD, edition(("at least four times", "at least six times")))
    assert (change.kind, change.code, change.where) == (Kind.WORDING, "GOV.1.1", "GOV Governance")
    assert change.before == "Trustees meet at least four times a year and keep minutes."
    assert change.after == "Trustees meet at least six times a year and keep minutes."


def test_criteria_that_are_renamed_split_merged_moved_added_and_gone_are_told_as_such():
    assert told(("- code: CARE.1.1", "- code: CARE.1.9\n            was: CARE.1.1")) == {
        "CARE.1.1 has a new code: CARE.1.9.": Kind.RENAMED
    }
    split = told(
        (
            "- code: CARE.1.2",
            "- {code: CARE.1.3, was: CARE.1.1, text: Also., scale: yes-no}\n          - code: CARE.1.2",
        )
    )
    assert split["CARE.1.1 is split into CARE.1.1 and CARE.1.3."] is Kind.SPLIT
    assert split["CARE.1.3 is a part of what was CARE.1.1."] is Kind.SPLIT
    merged = told(("text: Trustees review", "was: [GOV.1.1, GOV.1.2]\n            text: Trustees review"))
    assert merged["GOV.1.2 brings together GOV.1.1 and GOV.1.2."] is Kind.MERGED
    added = told(
        (
            "          - code: CARE.1.2\n",
            "          - {code: CARE.1.3, text: Complaints are welcome., scale: yes-no}\n          - code: CARE.1.2\n",
        )
    )
    assert added == {"CARE.1.3 is new: Complaints are welcome.": Kind.ADDED}
    assert told((f"          - code: CARE.1.2\n{CARE_1_2}", "")) == {
        "CARE.1.2 is no longer asked: The service acts on what it learns.": Kind.REMOVED
    }
    moved = told(
        (f"          - code: CARE.1.2\n{CARE_1_2}", ""),
        ("  - code: CARE\n", f"          - code: CARE.1.2\n{CARE_1_2}  - code: CARE\n"),
    )
    assert moved == {"CARE.1.2 moved to GOV.2 “People” from CARE.1 “People who use the service”.": Kind.MOVED}


CARE_1_2 = """\
            text: The service acts on what it learns.
            scale: fulfilment
            level: gold
"""


def test_a_criterion_that_took_a_new_code_twice_is_found_through_the_edition_between():
    between = edition(("- code: CARE.1.1", "- code: CARE.1.7\n            was: CARE.1.1"))
    last = edition(("- code: CARE.1.1", "- code: CARE.1.9\n            was: CARE.1.7"))
    assert {change.kind for change in changes(OLD, last)} == {Kind.ADDED, Kind.REMOVED}
    assert [change.sentence for change in changes(OLD, last, [between])] == ["CARE.1.1 has a new code: CARE.1.9."]
