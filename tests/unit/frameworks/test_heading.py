"""What a text says of itself at its top, raising its edition without touching anything else, and the text to start with."""

from __future__ import annotations

import pytest

from app.frameworks import check_source, read
from app.frameworks.heading import Heading, heading, with_edition
from app.frameworks.schemes import STANDARDS
from app.frameworks.starter import starter

SHIPPED = sorted(
    each for each in STANDARDS.glob("*/*.yaml") if each.stem not in {"scheme", "cases"} and each.parent.name != "lists"
)


def test_a_heading_is_read_though_the_rest_is_full_of_mistakes():
    source = (
        'framework: care-mark\nedition: "2027"\ntitle: {cy: Marc Gofal, en: Care Mark}\nareas:\n  - {code: [\n\t: }'
    )
    assert heading(source) == Heading("care-mark", "2027", "Care Mark")


def test_a_heading_over_several_lines_is_read_whole_and_what_is_missing_is_empty():
    assert heading("title:\n  en: Care\n    Mark\n# note\nframework: a\n") == Heading("a", "", "Care Mark")


@pytest.mark.parametrize(
    "source", ["", "framework: [", "- a\n- b\n", "title: {", "edition: [1, 2]", "framework:", ":\n:"]
)
def test_a_text_that_is_no_framework_has_an_empty_heading(source):
    assert heading(source) == Heading()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_heading_of_a_shipped_framework_is_what_the_framework_says(path):
    source = path.read_text("utf-8")
    framework = read(source, str(path))
    assert heading(source) == Heading(framework.code, framework.edition, str(framework.title))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_raising_the_edition_changes_its_line_and_nothing_else(path):
    source = path.read_text("utf-8")
    before, after = source.splitlines(keepends=True), with_edition(source, "3000").splitlines(keepends=True)
    assert len(before) == len(after)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new for _, new in changed] == ['edition: "3000"\n']


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("edition: 2026 # the first", "edition: 3000 # the first"),
        ("edition:   '2026'", "edition:   '3000'"),
        ('edition: &name "2026"', 'edition: &name "3000"'),
        ("edition:\n  2026", "edition:\n  3000"),
        ("edition: |-\n  2026\nother: 1", 'edition: "3000"\nother: 1'),
    ],
)
def test_raising_the_edition_keeps_how_its_line_is_written(line, expected):
    top = "# Tŷ Gofal – 𝒩ote 👪\ntitle: {edition: no, cy: 'Tŷ 👪'}\n"
    assert with_edition(f"{top}{line}\n", "3000") == f"{top}{expected}\n"


def test_an_edition_within_braces_is_raised_as_well():
    assert with_edition('{framework: a, edition: "1", title: b}', "2") == '{framework: a, edition: "2", title: b}'


@pytest.mark.parametrize("source", ["", "framework: a\n", "- edition: 1\n"])
def test_a_text_without_an_edition_cannot_be_raised(source):
    with pytest.raises(ValueError, match="names no edition"):
        with_edition(source, "2")


@pytest.mark.parametrize("title", ["Care Mark", 'The "Best" Mark: 50% \\ {cy}', "Marc Gofal Tŷ # 1", "yes"])
def test_the_starter_has_no_mistakes_whatever_the_scheme_is_called(title):
    source = starter("a-scheme-with-a-code-of-more-than-forty-signs-", title, "2026")
    assert check_source(source, "starter.yaml") == []
    assert str(read(source, "starter.yaml").title) == title
