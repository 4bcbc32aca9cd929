"""A text that cannot be read says where and why in words that need no knowledge of the parser."""

import re

import pytest

from app.frameworks.positions import load
from app.frameworks.problems import Problems

PARSERS_WORDS = re.compile(r"scalar|token|mapping|flow|block|stream|scanning|parsing|did not find|YAML|anchor|alias")


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("title: Safety: first\n", (1, 14), "a colon is not expected here"),
        ("title: Safety\n  edition: 2\n", (2, 10), "check how far the line is indented"),
        ("title: x\nsummary\nedition: 2\n", (2, 1), "a name stands here without its colon"),
        ("title: [a, b\nedition: 2\n", (2, 8), "a bracket that was opened is not closed"),
        ('title: "a\nedition: 2\nlevels: 3\n', (1, 8), "the quote that opens here is never closed"),
        ("title: 'it's good'\n", (1, 12), "put the other kind of quotes around the whole"),
        ("a:\n    b: 1\n  c: 2\n", (3, 3), "this line does not fit those above"),
        ("levels:\n  - one\n  two: 2\n", (3, 3), "begin it with a dash"),
        ("levels: - one\n", (1, 9), "put its first dash on the next line"),
        ("levels:\n\tone: 1\n", (2, 1), "a tab stands here"),
        ("title: x\n\ty\n", (2, 1), "a tab stands here"),
        ("title: @home\n", (1, 8), "put quotes around it"),
        ("title: *bold*\n", (1, 13), "put quotes around it"),
        ("title: | text\n", (1, 10), "put the text on the lines below"),
        ('title: "C:\\docs"\n', (1, 11), "inside double quotes"),
        ("a: 1\n---\nb: 1\n", (2, 1), "a file holds one framework"),
        ("a: &x 1\nb: &x 2\n", (2, 4), "name one of them anew"),
        ("é: 1\nb: x\x00\n", (2, 5), "an invisible sign stands here"),
        ("%YAML 9.1\n---\na: 1\n", (1, 1), "nothing like this is expected here"),
    ],
)
def test_a_text_that_cannot_be_read_says_where_and_why_in_plain_words(text, place, why):
    problems = Problems("draft.yaml")
    assert load(text, problems) is None
    (problem,) = problems.found
    assert (problem.line, problem.column) == place
    assert problem.message.startswith("this cannot be read: ")
    assert why in problem.message
    assert not PARSERS_WORDS.search(problem.message)
