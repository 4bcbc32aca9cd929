"""What is written in our layout is read again as it was."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.frameworks import positions
from app.frameworks.problems import Problems
from app.frameworks.writing import Inline, written

ANY = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1)
AWKWARD = st.sampled_from(
    [
        "No",
        "1.10",
        "~",
        "null",
        "- a",
        "a: b",
        "a #b",
        "it's",
        '"',
        "\\",
        "{x",
        "a\nb",
        "a\n\n  b\n",
        " a",
        "=",
        "<<",
        "\u2028",
        "é",
    ]
)
TEXT = AWKWARD | ANY
TREE = st.recursive(
    TEXT,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(TEXT, inner, min_size=1, max_size=3)
        | st.dictionaries(TEXT, inner, min_size=1, max_size=3).map(Inline)
    ),
    max_leaves=12,
)


def read(source):
    problems = Problems("x")
    data = positions.load(source, problems)
    assert problems.found == []
    return data


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(TEXT, TREE, min_size=1, max_size=3))
def test_whatever_is_written_is_read_again_the_same(document):
    source = written(document)
    assert read(source) == document
    assert yaml.safe_load(source) is not None


def test_it_looks_like_a_file_that_somebody_wrote():
    document = {
        "framework": "good",
        "edition": "2026",
        "title": Inline(en="Good: a mark", cy="Da"),
        "scales": {"yes-no": {"points": {"0": "No", "1": "Yes"}}},
        "areas": [{"code": "1.10", "title": "First", "criteria": [{"code": "A", "text": "One.\n\nTwo.", "why": ""}]}],
    }
    assert written(document, {"": "Where it is from.", "scales": "Chosen here."}) == (
        "# Where it is from.\n"
        "\n"
        "framework: good\n"
        'edition: "2026"\n'
        'title: {en: "Good: a mark", cy: Da}\n'
        "\n"
        "# Chosen here.\n"
        "scales:\n"
        "  yes-no:\n"
        "    points:\n"
        '      0: "No"\n'
        '      1: "Yes"\n'
        "\n"
        "areas:\n"
        '  - code: "1.10"\n'
        "    title: First\n"
        "    criteria:\n"
        "      - code: A\n"
        "        text: |-\n"
        "          One.\n"
        "\n"
        "          Two.\n"
    )
